// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What is to become of one peer: what is nil or empty stays as it is.
///
/// A peer that does not exist is added, unless ``updatesOnly`` or ``isRemoved`` is set.
public struct WireGuardPeerChange: Hashable, Sendable {
    /// Which peer.
    public var publicKey: WireGuardPublicKey
    /// Whether the peer is to be gone; one that does not exist is no error.
    ///
    /// Kernel: `WGPEER_F_REMOVE_ME`.
    public var isRemoved = false
    /// Whether a peer that does not exist stays so.
    ///
    /// Kernel: `WGPEER_F_UPDATE_ONLY`.
    public var updatesOnly = false
    /// Whether the allowed addresses that it has are removed first.
    ///
    /// Kernel: `WGPEER_F_REPLACE_ALLOWEDIPS`.
    public var replacesAllowedAddresses = false
    /// The preshared key; ``WireGuardKey/zero`` removes it.
    public var presharedKey: WireGuardKey?
    /// Where it is reached.
    public var endpoint: WireGuardEndpoint?
    /// How often an empty packet is sent, in whole seconds up to 65,535; zero for never.
    public var keepalive: Duration?
    /// Addresses to allow; another peer that has one loses it.
    public var allowedAddresses: [IPPrefix] = []
    /// Addresses to allow no longer.
    ///
    /// Kernel: `WGALLOWEDIP_F_REMOVE_ME`, since Linux 6.16.
    public var removedAllowedAddresses: [IPPrefix] = []
    /// Elements of the list of allowed addresses that are sent as they are.
    public var otherAllowedAddresses = UnknownAttributes()
    /// The version of the protocol, which the kernel chooses best itself.
    public var protocolVersion: UInt32?
    /// Attributes that are sent as they are.
    public var unknown = UnknownAttributes()

    /// Nothing but the peer: it is added where it does not exist.
    public init(_ publicKey: WireGuardPublicKey) { self.publicKey = publicKey }

    /// The peer's removal.
    public static func removing(_ publicKey: WireGuardPublicKey) -> WireGuardPeerChange {
        var change = WireGuardPeerChange(publicKey)
        change.isRemoved = true
        return change
    }

    /// All settings of a peer: afterwards it has its allowed addresses and no others.
    ///
    /// What is nil in the peer stays as it is.
    public init(_ peer: WireGuardPeer) {
        publicKey = peer.publicKey
        presharedKey = peer.presharedKey
        endpoint = peer.endpoint
        keepalive = peer.keepalive
        allowedAddresses = peer.allowedAddresses
        otherAllowedAddresses = peer.otherAllowedAddresses
        replacesAllowedAddresses = true
        unknown = peer.unknown
    }

    /// What makes a peer that is `old` become `new`; nil where nothing differs.
    ///
    /// Absent settings are taken for the kernel's: no preshared key, no keepalive. An endpoint cannot be taken away.
    public init?(from old: WireGuardPeer, to new: WireGuardPeer) {
        publicKey = new.publicKey
        updatesOnly = true
        if old.presharedKey != new.presharedKey { presharedKey = new.presharedKey ?? .zero }
        if let endpoint = new.endpoint, endpoint != old.endpoint { self.endpoint = endpoint }
        if (old.keepalive ?? .zero) != (new.keepalive ?? .zero) { keepalive = new.keepalive ?? .zero }
        let (before, after) = (Set(old.allowedAddresses.map(\.network)), Set(new.allowedAddresses.map(\.network)))
        if before != after {
            // Only what is new, where that is all: packets of the others need not stop meanwhile.
            replacesAllowedAddresses = !before.isSubset(of: after)
            allowedAddresses = new.allowedAddresses.filter {
                replacesAllowedAddresses || !before.contains($0.network)
            }
        }
        let isSame =
            presharedKey == nil && endpoint == nil && keepalive == nil && allowedAddresses.isEmpty
            && !replacesAllowedAddresses
        if isSame { return nil }
    }

    /// Says what is wrong, before anything is sent.
    ///
    /// - Throws: `NetlinkError` with code `NetlinkError.Code.invalidArgument`.
    public func validate() throws(NetlinkError) {
        guard let keepalive, Self.seconds(keepalive) == nil else { return }
        throw NetlinkError(
            .invalidArgument, object: "peer \(publicKey)",
            explanation: "a keepalive of \(keepalive) is not a whole number of seconds from 0 to 65535")
    }

    private static func seconds(_ time: Duration) -> UInt16? {
        let (seconds, rest) = time.components
        return rest == 0 ? UInt16(exactly: seconds) : nil
    }

    private var flags: UInt32 {
        (isRemoved ? PeerFlag.remove : 0) | (replacesAllowedAddresses ? PeerFlag.replaceAllowedAddresses : 0)
            | (updatesOnly ? PeerFlag.updateOnly : 0)
    }

    func encode(into writer: inout MessageWriter) {
        writer.put(PeerAttribute.publicKey, publicKey)
        writer.put(PeerAttribute.presharedKey, presharedKey)
        endpoint?.encode(PeerAttribute.endpoint, into: &writer)
        if let keepalive {
            if let seconds = Self.seconds(keepalive) {
                writer.put(PeerAttribute.keepalive, seconds)
            } else {
                do throws(NetlinkError) { try validate() } catch { writer.fail(error) }
            }
        }
        if flags != 0 { writer.put(PeerAttribute.flags, flags) }
        writer.put(PeerAttribute.protocolVersion, protocolVersion)
        writer.put(unknown)
        writer.nestUnlessEmpty(PeerAttribute.allowedAddresses) { writer in
            for prefix in removedAllowedAddresses { prefix.encode(removing: true, into: &writer) }
            for prefix in allowedAddresses { prefix.encode(removing: false, into: &writer) }
            writer.put(otherAllowedAddresses)
        }
    }

    // MARK: Splitting

    /// How many bytes the peer takes at most, without its allowed addresses.
    var headByteCount: Int {
        // Its nest and the list's, the keys, endpoint, keepalive, flags, version.
        let unknownByteCount = unknown.elements.reduce(0) { $0 + $1.payload.count + 8 }
        return 4 + 4 + 36 + 36 + 32 + 8 + 8 + 8 + unknownByteCount
    }

    /// How many bytes the allowed addresses take at most.
    var addressByteCount: Int {
        allowedAddresses.reduce(0) { $0 + $1.elementByteCount }
            + removedAllowedAddresses.reduce(0) { $0 + $1.elementByteCount + 8 }
            + otherAllowedAddresses.elements.reduce(0) { $0 + $1.payload.count + 8 }
    }

    /// Takes off as many addresses as fit: the first part of the peer, after which it holds the rest.
    mutating func splitOff(byteCount: Int) -> WireGuardPeerChange {
        var part = self
        part.allowedAddresses = []
        part.removedAllowedAddresses = []
        part.otherAllowedAddresses = UnknownAttributes()
        var left = byteCount - headByteCount
        func fitting(_ prefixes: [IPPrefix], _ extra: Int) -> Int {
            var count = 0
            for prefix in prefixes {
                left -= prefix.elementByteCount + extra
                if left < 0 { break }
                count += 1
            }
            return count
        }
        // At least one, so that every part brings the whole on.
        let removed = fitting(removedAllowedAddresses, 8)
        part.removedAllowedAddresses = Array(removedAllowedAddresses.prefix(removed))
        removedAllowedAddresses.removeFirst(removed)
        if removedAllowedAddresses.isEmpty {
            let added = Swift.max(fitting(allowedAddresses, 0), removed == 0 && !allowedAddresses.isEmpty ? 1 : 0)
            part.allowedAddresses = Array(allowedAddresses.prefix(added))
            allowedAddresses.removeFirst(added)
        } else if removed == 0 {
            part.removedAllowedAddresses = [removedAllowedAddresses.removeFirst()]
        }
        // What was said of the peer is not said again; that it is not to be made is, or the rest would make it.
        presharedKey = nil
        endpoint = nil
        keepalive = nil
        protocolVersion = nil
        unknown = UnknownAttributes()
        replacesAllowedAddresses = false
        return part
    }
}

extension IPPrefix {
    /// How many bytes an element of the list of allowed addresses takes.
    var elementByteCount: Int { 4 + 8 + 4 + address.byteCount + 8 }

    func encode(removing: Bool, into writer: inout MessageWriter) {
        // The kernel does not look at the elements' numbers.
        writer.nest(RawAttributeID(rawValue: 0)) { writer in
            writer.put(AllowedAddressAttribute.family, UInt16(family.rawValue))
            switch address {
            case .v4(let address): writer.put(AllowedAddressAttribute.address, address.networkOrder)
            case .v6(let address):
                writer.put(AllowedAddressAttribute.address, structure: IPv6Address.byteCount) { s in
                    s.store(address.networkOrder.high, at: 0)
                    s.store(address.networkOrder.low, at: 8)
                }
            }
            writer.put(AllowedAddressAttribute.length, length)
            if removing { writer.put(AllowedAddressAttribute.flags, AllowedAddressFlag.remove) }
        }
    }
}
