// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
public import NetlinkRoute

/// A kind of link that NetlinkRoute does not know, with the options of the kernel's `bareudp`.
///
/// It has a name of its own, so that it stays unknown when that kind comes.
public struct OwnTunnel: LinkKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "bareown" }
    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(OwnTunnelAttribute.self) }

    /// The destination port; big-endian on the wire.
    public var port: UInt16?
    /// The protocol that is carried; big-endian on the wire.
    public var etherType: UInt16?
    /// The least source port; in host order on the wire.
    public var leastSourcePort: UInt16?
    /// Whether more than the one protocol is carried; an attribute without a value.
    public var isMultiprotocol = false
    /// What this kind does not model.
    public var unknown = UnknownAttributes()

    /// A tunnel to a port.
    public init(port: UInt16, etherType: UInt16) {
        self.port = port
        self.etherType = etherType
    }

    /// Reads the options.
    public init(decoding data: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<OwnTunnelAttribute>(data)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .port: port = try attribute.bigEndian()
            case .etherType: etherType = try attribute.bigEndian()
            case .leastSourcePort: leastSourcePort = try attribute.integer()
            case .isMultiprotocol: isMultiprotocol = true
            default: unknown.keep(attribute)
            }
        }
    }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: OwnTunnel?) {
        writer.put(OwnTunnelAttribute.port, bigEndian: port, changing: base?.port)
        writer.put(OwnTunnelAttribute.etherType, bigEndian: etherType, changing: base?.etherType)
        writer.put(OwnTunnelAttribute.leastSourcePort, leastSourcePort, changing: base?.leastSourcePort)
        writer.put(flag: OwnTunnelAttribute.isMultiprotocol, isMultiprotocol && base?.isMultiprotocol != true)
        if base == nil { writer.put(unknown) }
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        if port == 0 {
            throw NetlinkError(.invalidArgument, operation: "own tunnel", explanation: "port 0 is no port")
        }
    }
}

struct OwnTunnelAttribute: AttributeID {
    let rawValue: UInt16
    static var port: Self { Self(rawValue: 1) }  // IFLA_BAREUDP_PORT
    static var etherType: Self { Self(rawValue: 2) }  // IFLA_BAREUDP_ETHERTYPE
    static var leastSourcePort: Self { Self(rawValue: 3) }  // IFLA_BAREUDP_SRCPORT_MIN
    static var isMultiprotocol: Self { Self(rawValue: 4) }  // IFLA_BAREUDP_MULTIPROTO_MODE

    var kernelName: String? {
        [
            1: "IFLA_BAREUDP_PORT", 2: "IFLA_BAREUDP_ETHERTYPE", 3: "IFLA_BAREUDP_SRCPORT_MIN",
            4: "IFLA_BAREUDP_MULTIPROTO_MODE",
        ][rawValue]
    }
}
