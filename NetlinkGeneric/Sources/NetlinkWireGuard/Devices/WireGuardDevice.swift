// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
public import NetlinkGeneric

/// A device with its peers, as the kernel reports it.
///
/// Kernel: the attributes `WGDEVICE_A_*`. A device whose peers do not fit into one message comes in several.
public struct WireGuardDevice: Hashable, Sendable {
    /// The link's number.
    ///
    /// Kernel: `WGDEVICE_A_IFINDEX`, `u32`.
    public var index: InterfaceIndex?
    /// The link's name.
    ///
    /// Kernel: `WGDEVICE_A_IFNAME`.
    public var name: InterfaceName?
    /// The private key; nil for none.
    ///
    /// Kernel: `WGDEVICE_A_PRIVATE_KEY`, 32 bytes.
    public var privateKey: WireGuardKey?
    /// The public key that follows from the private one; only reported.
    ///
    /// Kernel: `WGDEVICE_A_PUBLIC_KEY`, 32 bytes.
    public var publicKey: WireGuardPublicKey?
    /// The UDP port that it listens on; zero for one that the kernel chooses when the link goes up.
    ///
    /// Kernel: `WGDEVICE_A_LISTEN_PORT`, `u16`, host byte order.
    public var listenPort: UInt16?
    /// The mark of the packets that it sends; zero for none.
    ///
    /// Kernel: `WGDEVICE_A_FWMARK`, `u32`.
    public var mark: UInt32?
    /// The peers.
    public var peers: [WireGuardPeer] = []
    /// What this type does not model.
    public var unknown = UnknownAttributes()

    /// A device of which nothing is known.
    public init() {}

    /// A peer by its key.
    public subscript(peer: WireGuardPublicKey) -> WireGuardPeer? { peers.first { $0.publicKey == peer } }

    /// The device without what is only reported.
    public var settings: WireGuardDevice {
        var copy = self
        copy.index = nil
        copy.name = nil
        copy.publicKey = nil
        for position in copy.peers.indices { copy.peers[position].state = nil }
        return copy
    }

    /// Reads one message.
    ///
    /// - Throws: `DecodeError` when it is malformed.
    public init(decoding message: borrowing Message) throws(DecodeError) { try merge(message) }

    /// Takes in a further message about the same device: more peers, or more addresses of the last one.
    public mutating func merge(_ message: borrowing Message) throws(DecodeError) {
        var reader = try message.attributes(in: WireGuard.self, of: DeviceAttribute.self)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .index: index = InterfaceIndex(rawValue: try attribute.integer())
            case .name: name = InterfaceName(kernelBytes: attribute.payload)
            case .privateKey:
                guard let key = WireGuardKey(bytes: attribute.payload) else {
                    throw DecodeError(
                        .unexpectedLength, attribute: attribute.id.rawValue, expected: KeyText.keyByteCount,
                        actual: attribute.payload.byteCount)
                }
                privateKey = key.isZero ? nil : key
            case .publicKey:
                guard let key = WireGuardPublicKey(bytes: attribute.payload) else {
                    throw DecodeError(
                        .unexpectedLength, attribute: attribute.id.rawValue, expected: KeyText.keyByteCount,
                        actual: attribute.payload.byteCount)
                }
                publicKey = key
            case .listenPort: listenPort = try attribute.integer()
            case .mark: mark = try attribute.integer()
            case .peers:
                var list = attribute.nested(RawAttributeID.self)
                while let element = try list.next() { try WireGuardPeer.read(element.nested(), into: &peers) }
            default: unknown.keep(attribute)
            }
        }
    }
}

/// Reads a device with its peers.
///
/// The kernel answers in pieces, of which `dump` makes one element; a stream gives the pieces as devices, which
/// ``WireGuardDevice/merge(_:)`` would have joined.
///
/// Kernel: `WG_CMD_GET_DEVICE` with `NLM_F_DUMP`; `ENODEV` when there is no such link, `EOPNOTSUPP` when it is none of
/// WireGuard's. Keys take the capability `CAP_NET_ADMIN`, as all of it does.
public struct WireGuardDeviceDump: PiecewiseDump, GenericRequest {
    /// WireGuard.
    public typealias Family = WireGuard
    /// The device.
    public typealias Element = WireGuardDevice

    /// The device.
    public var device: LinkReference

    /// Reads a device; a name of more than 15 bytes is not found.
    public init(_ device: LinkReference) { self.device = device }

    /// The command's number.
    public var command: UInt8 { WireGuardCommand.getDevice.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "read WireGuard device" }
    /// What it is done to, for errors.
    public var object: String? { device.description }

    /// Writes what follows the generic header.
    public func encodeAttributes(into writer: inout MessageWriter) { device.encode(into: &writer) }

    /// Adds a piece to the one element.
    public func merge(_ message: borrowing Message, into elements: inout [WireGuardDevice]) throws(DecodeError) {
        if elements.isEmpty { elements.append(WireGuardDevice()) }
        try elements[0].merge(message)
    }
}

extension LinkReference {
    func encode(into writer: inout MessageWriter) {
        switch self {
        case .index(let index): writer.put(DeviceAttribute.index, UInt32(bitPattern: index.rawValue))
        case .name(let name): writer.put(DeviceAttribute.name, name)
        }
    }
}

extension Dump where Self == WireGuardDeviceDump {
    /// A device of WireGuard with its peers.
    public static func device(_ device: LinkReference) -> WireGuardDeviceDump { WireGuardDeviceDump(device) }
}
