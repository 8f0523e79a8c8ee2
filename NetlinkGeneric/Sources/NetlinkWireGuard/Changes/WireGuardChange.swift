// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
public import NetlinkGeneric

/// What is to become of a device and its peers: what is nil stays as it is.
///
/// It may be larger than a message: ``commands(for:byteLimit:)`` gives the messages, and a connection's `update` sends
/// them one after the other, to the first that fails.
public struct WireGuardChange: Hashable, Sendable {
    /// The private key; ``WireGuardKey/zero`` removes it.
    ///
    /// A peer with the public key that follows from it is removed.
    public var privateKey: WireGuardKey?
    /// The UDP port; zero lets the kernel choose when the link goes up.
    public var listenPort: UInt16?
    /// The mark of the packets that it sends; zero for none.
    public var mark: UInt32?
    /// Whether the peers that it has are removed first.
    ///
    /// Kernel: `WGDEVICE_F_REPLACE_PEERS`.
    public var replacesPeers = false
    /// What is to become of peers, in this order.
    public var peers: [WireGuardPeerChange] = []
    /// Attributes that are sent as they are.
    public var unknown = UnknownAttributes()

    /// Changes nothing.
    public init() {}

    /// Changes some peers.
    public init(peers: [WireGuardPeerChange]) { self.peers = peers }

    /// All settings of a device: afterwards it has these and no others.
    public init(replacingWith device: WireGuardDevice) {
        privateKey = device.privateKey ?? .zero
        listenPort = device.listenPort ?? 0
        mark = device.mark ?? 0
        replacesPeers = true
        peers = device.peers.map { WireGuardPeerChange($0) }
        unknown = device.unknown
    }

    /// What makes a device that is `old` become `new`, without disturbing the sessions of peers that stay.
    ///
    /// Peers that `new` does not have are removed. What is nil in `new`, but for peers' settings, stays as it is.
    public init(from old: WireGuardDevice, to new: WireGuardDevice) {
        if let key = new.privateKey, key != old.privateKey { privateKey = key }
        if let port = new.listenPort, port != old.listenPort { listenPort = port }
        if let mark = new.mark, mark != old.mark { self.mark = mark }
        var before: [WireGuardPublicKey: WireGuardPeer] = [:]
        for peer in old.peers { before[peer.publicKey] = peer }
        let staying = Set(new.peers.map(\.publicKey))
        peers = old.peers.filter { !staying.contains($0.publicKey) }.map { .removing($0.publicKey) }
        // An address that moves from one peer to another would be lost when the one that had it came last.
        var changes: [WireGuardPeerChange] = []
        for peer in new.peers {
            if let known = before[peer.publicKey] {
                if let change = WireGuardPeerChange(from: known, to: peer) { changes.append(change) }
            } else {
                changes.append(WireGuardPeerChange(peer))
            }
        }
        peers += changes
    }

    /// Whether it changes nothing.
    public var isEmpty: Bool {
        privateKey == nil && listenPort == nil && mark == nil && !replacesPeers && peers.isEmpty && unknown.isEmpty
    }

    /// Says what is wrong, before anything is sent.
    public func validate() throws(NetlinkError) { for peer in peers { try peer.validate() } }

    /// The messages that make the change, in order, each of at most so many bytes where a single address allows it.
    ///
    /// What is true of the whole (peers are replaced, a peer's addresses are replaced) stands in the first message that it
    /// concerns, and there only.
    public func commands(for device: LinkReference, byteLimit: Int = 32 * 1024) -> [SetWireGuardDevice] {
        // A list of peers is an attribute, whose length has sixteen bits.
        let limit = Swift.min(Swift.max(1024, byteLimit), 60 * 1024)
        var commands: [SetWireGuardDevice] = []
        var current = self
        current.peers = []
        // The headers, the name, the settings.
        var taken = 256 + unknown.elements.reduce(0) { $0 + $1.payload.count + 8 }
        func finish() {
            commands.append(SetWireGuardDevice(device, current))
            current = WireGuardChange()
            taken = 256
        }
        for peer in peers {
            var rest = peer
            while taken + rest.headByteCount + rest.addressByteCount > limit {
                // A part is worth its head only where some addresses fit too.
                if !current.peers.isEmpty, taken + rest.headByteCount + 256 > limit {
                    finish()
                    continue
                }
                let before = rest.allowedAddresses.count + rest.removedAllowedAddresses.count
                guard before > 1 else { break }
                let part = rest.splitOff(byteCount: limit - taken)
                current.peers.append(part)
                finish()
            }
            current.peers.append(rest)
            taken += rest.headByteCount + rest.addressByteCount
        }
        finish()
        return commands
    }
}

/// Sets some settings of a device and its peers: one message.
///
/// Kernel: `WG_CMD_SET_DEVICE`; takes the capability `CAP_NET_ADMIN`. `ENODEV` when there is no such link, `EOPNOTSUPP`
/// when it is none of WireGuard's, `EADDRINUSE` when the port is taken.
public struct SetWireGuardDevice: Command, GenericRequest {
    /// WireGuard.
    public typealias Family = WireGuard

    /// The device.
    public var device: LinkReference
    /// What is to become of it.
    public var change: WireGuardChange

    /// Sets settings; a change that is larger than a message is ``WireGuardChange/commands(for:byteLimit:)``.
    public init(_ device: LinkReference, _ change: WireGuardChange) {
        self.device = device
        self.change = change
    }

    /// The command's number.
    public var command: UInt8 { WireGuardCommand.setDevice.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "set WireGuard device" }
    /// What it is done to, for errors.
    public var object: String? { device.description }

    /// Writes what follows the generic header.
    public func encodeAttributes(into writer: inout MessageWriter) {
        device.encode(into: &writer)
        writer.put(DeviceAttribute.privateKey, change.privateKey)
        writer.put(DeviceAttribute.listenPort, change.listenPort)
        writer.put(DeviceAttribute.mark, change.mark)
        if change.replacesPeers { writer.put(DeviceAttribute.flags, DeviceFlag.replacePeers) }
        writer.put(change.unknown)
        writer.nestUnlessEmpty(DeviceAttribute.peers) { writer in
            for peer in change.peers {
                // The kernel does not look at the elements' numbers.
                writer.nest(RawAttributeID(rawValue: 0)) { peer.encode(into: &$0) }
            }
        }
    }
}
