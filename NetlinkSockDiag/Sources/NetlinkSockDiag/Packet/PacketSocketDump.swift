// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What to tell of packet sockets.
///
/// Kernel: `pdiag_show`, `PACKET_SHOW_*`.
public struct PacketSocketParts: OptionSet, Hashable, Sendable {
    /// The kernel's bits.
    public let rawValue: UInt32
    /// Takes any bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// ``PacketSocket/information`` and ``PacketSocket/user``.
    public static var information: Self { Self(rawValue: 1) }  // PACKET_SHOW_INFO
    /// ``PacketSocket/memberships``.
    public static var memberships: Self { Self(rawValue: 2) }  // PACKET_SHOW_MCLIST
    /// ``PacketSocket/receiveRing`` and ``PacketSocket/sendRing``.
    public static var rings: Self { Self(rawValue: 4) }  // PACKET_SHOW_RING_CFG
    /// ``PacketSocket/fanout``.
    public static var fanout: Self { Self(rawValue: 8) }  // PACKET_SHOW_FANOUT
    /// ``PacketSocket/memory``.
    public static var memory: Self { Self(rawValue: 16) }  // PACKET_SHOW_MEMINFO
    /// ``PacketSocket/program``.
    public static var program: Self { Self(rawValue: 32) }  // PACKET_SHOW_FILTER
}

/// Lists packet sockets.
///
/// Kernel: `SOCK_DIAG_BY_FAMILY` with `NLM_F_DUMP`, `struct packet_diag_req`.
public struct PacketSocketDump: Dump {
    /// The protocol that it belongs to.
    public typealias Family = SockDiagProtocol

    /// What to tell; what the filter looks at is asked for in any case.
    public var parts: PacketSocketParts
    /// Only these sockets, sorted out here: the kernel has no filter for them.
    public var filter: SocketExpression?

    /// Packet sockets.
    public init(parts: PacketSocketParts = [.information, .memory], filter: SocketExpression? = nil) {
        self.parts = parts
        self.filter = filter
    }

    /// The message's type.
    public var messageType: UInt16 { SockDiagMessageType.byFamily.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "list sockets" }
    /// What it is done to, for errors.
    public var object: String? { "packet sockets" }

    private static let byteCount = 20  // sizeof(struct packet_diag_req)

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        writer.structure(Self.byteCount) { structure in
            structure.store(AddressFamily.packet.rawValue, at: 0)  // struct packet_diag_req.sdiag_family
            // The link and the user, at which every filter that a packet socket can pass looks.
            let asked = filter == nil ? parts : parts.union(.information)
            structure.store(asked.rawValue, at: 8)  // struct packet_diag_req.pdiag_show
        }
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> PacketSocket? {
        guard message.header.type == SockDiagMessageType.byFamily.rawValue else { return nil }
        let socket = try PacketSocket(decoding: message)
        return filter.map { $0.matches(socket) == true } == false ? nil : socket
    }
}

extension Dump where Self == PacketSocketDump {
    /// Packet sockets.
    public static func packetSockets(
        parts: PacketSocketParts = [.information, .memory], filter: SocketExpression? = nil
    ) -> PacketSocketDump {
        PacketSocketDump(parts: parts, filter: filter)
    }
}

extension PacketSocket: FilterableSocket {
    /// Whether the local address is like a pattern.
    public func isLocalAddress(like pattern: SocketAddressPattern) -> Bool {
        guard case .packet(let type, let interface) = pattern else { return pattern.isAny }
        return (type == nil || type == ethernetType) && (interface == nil || interface == boundInterface)
    }
    /// Whether the remote address is like a pattern.
    public func isRemoteAddress(like pattern: SocketAddressPattern) -> Bool {
        guard case .packet(let type, let interface) = pattern else { return pattern.isAny }
        return type == nil && interface == nil
    }
    /// The local port that expressions compare.
    public var comparedLocalPort: Int64 { Int64(boundInterface?.rawValue ?? 0) }
    /// The remote port that expressions compare.
    public var comparedRemotePort: Int64 { 0 }
    /// The link to which it is bound.
    public var boundInterface: InterfaceIndex? { information?.interface }
    /// The user that expressions compare.
    public var comparedUser: UInt32? { user }
    /// Whether it is bound to no link and takes no packets.
    public var isAutobound: Bool? { boundInterface == nil && ethernetType == 0 }
}
