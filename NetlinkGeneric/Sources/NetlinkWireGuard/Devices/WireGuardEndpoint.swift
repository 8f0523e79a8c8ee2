// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Where a peer is reached: an address and a UDP port.
///
/// Kernel: `struct sockaddr_in` or `struct sockaddr_in6`, port and address in network byte order.
public struct WireGuardEndpoint: Hashable, Sendable {
    /// The address.
    public var address: IPAddress
    /// The port.
    public var port: UInt16
    /// The link that a link-local IPv6 address belongs to.
    public var scope: InterfaceIndex
    /// The flow label and traffic class of IPv6 packets, as they stand in the packet.
    public var flowInformation: UInt32

    /// An address and a port, with a link for link-local IPv6 addresses.
    public init(_ address: IPAddress, port: UInt16, scope: InterfaceIndex = .none, flowInformation: UInt32 = 0) {
        self.address = address
        self.port = port
        self.scope = scope
        self.flowInformation = flowInformation
    }

    private static let ipv4ByteCount = 16  // sizeof(struct sockaddr_in)
    private static let ipv6ByteCount = 28  // sizeof(struct sockaddr_in6)

    /// Reads a socket address; nil where it is of a family that is not known here.
    ///
    /// - Throws: `DecodeError` when it is shorter than its family's form.
    public init?(decoding bytes: RawSpan) throws(DecodeError) {
        switch AddressFamily(rawValue: UInt8(truncatingIfNeeded: try bytes.load(at: 0, as: UInt16.self))) {
        case .ipv4:
            let raw = try bytes.load(at: 4, as: UInt32.self)  // struct sockaddr_in.sin_addr
            self.init(
                .v4(IPv4Address(networkOrder: raw)),
                port: UInt16(bigEndian: try bytes.load(at: 2)))  // struct sockaddr_in.sin_port
        case .ipv6:
            let high: UInt64 = try bytes.load(at: 8)  // struct sockaddr_in6.sin6_addr
            let low: UInt64 = try bytes.load(at: 16)
            self.init(
                .v6(IPv6Address(networkOrder: high, low)),
                port: UInt16(bigEndian: try bytes.load(at: 2)),  // struct sockaddr_in6.sin6_port
                scope: InterfaceIndex(rawValue: try bytes.load(at: 24)),  // struct sockaddr_in6.sin6_scope_id
                flowInformation: UInt32(bigEndian: try bytes.load(at: 4)))  // struct sockaddr_in6.sin6_flowinfo
        default: return nil
        }
    }

    func encode(_ id: some AttributeID, into writer: inout MessageWriter) {
        switch address {
        case .v4(let address):
            writer.put(id, structure: Self.ipv4ByteCount) { s in
                s.store(UInt16(AddressFamily.ipv4.rawValue), at: 0)  // struct sockaddr_in.sin_family
                s.store(port.bigEndian, at: 2)  // struct sockaddr_in.sin_port
                s.store(address.networkOrder, at: 4)  // struct sockaddr_in.sin_addr
            }
        case .v6(let address):
            writer.put(id, structure: Self.ipv6ByteCount) { s in
                s.store(UInt16(AddressFamily.ipv6.rawValue), at: 0)  // struct sockaddr_in6.sin6_family
                s.store(port.bigEndian, at: 2)  // struct sockaddr_in6.sin6_port
                s.store(flowInformation.bigEndian, at: 4)  // struct sockaddr_in6.sin6_flowinfo
                s.store(address.networkOrder.high, at: 8)  // struct sockaddr_in6.sin6_addr
                s.store(address.networkOrder.low, at: 16)
                s.store(scope.rawValue, at: 24)  // struct sockaddr_in6.sin6_scope_id
            }
        }
    }
}

extension WireGuardEndpoint: CustomStringConvertible {
    /// `192.0.2.1:51820` or `[fe80::1%7]:51820`, with the number of a scope.
    public var description: String {
        switch address {
        case .v4(let address): "\(address):\(port)"
        case .v6(let address): "[\(address)\(scope.isValid ? "%\(scope)" : "")]:\(port)"
        }
    }
}
