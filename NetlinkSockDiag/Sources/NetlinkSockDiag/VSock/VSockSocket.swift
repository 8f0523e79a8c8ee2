// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A socket between a virtual machine and its host, as the kernel reports it.
///
/// Kernel: `SOCK_DIAG_BY_FAMILY`, `struct vsock_diag_msg`.
public struct VSockSocket: Hashable, Sendable {
    /// Names the socket among all.
    ///
    /// Kernel: `vdiag_cookie`.
    public var cookie: UInt64
    /// How it hands on data.
    ///
    /// Kernel: `vdiag_type`.
    public var type: SocketType
    /// What it is doing.
    ///
    /// Kernel: `vdiag_state`.
    public var state: SocketState
    /// Which directions were shut down.
    ///
    /// Kernel: `vdiag_shutdown`.
    public var shutdown: SocketShutdown
    /// The machine that it is bound to; all bits set for any.
    ///
    /// Kernel: `vdiag_src_cid`.
    public var localContext: UInt32
    /// Its port; all bits set for any.
    ///
    /// Kernel: `vdiag_src_port`.
    public var localPort: UInt32
    /// The machine that it is connected to.
    ///
    /// Kernel: `vdiag_dst_cid`.
    public var remoteContext: UInt32
    /// The port that it is connected to.
    ///
    /// Kernel: `vdiag_dst_port`.
    public var remotePort: UInt32
    /// The number of its file.
    ///
    /// Kernel: `vdiag_ino`.
    public var inode: UInt32

    /// Reads a message about a socket.
    public init(decoding message: borrowing Message) throws(DecodeError) {
        type = SocketType(rawValue: try message.field(1, UInt8.self))  // struct vsock_diag_msg.vdiag_type
        state = SocketState(rawValue: try message.field(2, UInt8.self))  // struct vsock_diag_msg.vdiag_state
        shutdown = SocketShutdown(rawValue: try message.field(3, UInt8.self))  // struct vsock_diag_msg.vdiag_shutdown
        localContext = try message.field(4, UInt32.self)  // struct vsock_diag_msg.vdiag_src_cid
        localPort = try message.field(8, UInt32.self)  // struct vsock_diag_msg.vdiag_src_port
        remoteContext = try message.field(12, UInt32.self)  // struct vsock_diag_msg.vdiag_dst_cid
        remotePort = try message.field(16, UInt32.self)  // struct vsock_diag_msg.vdiag_dst_port
        inode = try message.field(20, UInt32.self)  // struct vsock_diag_msg.vdiag_ino
        let low = try message.field(24, UInt32.self)  // struct vsock_diag_msg.vdiag_cookie[0]
        let high = try message.field(28, UInt32.self)  // struct vsock_diag_msg.vdiag_cookie[1]
        cookie = UInt64(high) << 32 | UInt64(low)
    }
}

/// Lists sockets between virtual machines and their host.
///
/// Kernel: `SOCK_DIAG_BY_FAMILY` with `NLM_F_DUMP`, `struct vsock_diag_req`; since Linux 4.15.
public struct VSockSocketDump: Dump {
    /// The protocol that it belongs to.
    public typealias Family = SockDiagProtocol

    /// Only sockets in these states.
    public var states: SocketStates
    /// Only these sockets, sorted out here: the kernel has no filter for them.
    public var filter: SocketExpression?

    /// Sockets between virtual machines and their host.
    public init(states: SocketStates = .all, filter: SocketExpression? = nil) {
        self.states = states
        self.filter = filter
    }

    /// The message's type.
    public var messageType: UInt16 { SockDiagMessageType.byFamily.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "list sockets" }
    /// What it is done to, for errors.
    public var object: String? { "vsock sockets" }

    private static let byteCount = 24  // sizeof(struct vsock_diag_req)

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        writer.structure(Self.byteCount) { structure in
            structure.store(AddressFamily.vsock.rawValue, at: 0)  // struct vsock_diag_req.sdiag_family
            structure.store(states.rawValue, at: 4)  // struct vsock_diag_req.vdiag_states
        }
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> VSockSocket? {
        guard message.header.type == SockDiagMessageType.byFamily.rawValue else { return nil }
        let socket = try VSockSocket(decoding: message)
        return filter.map { $0.matches(socket) == true } == false ? nil : socket
    }
}

extension Dump where Self == VSockSocketDump {
    /// Sockets between virtual machines and their host.
    public static func vsockSockets(states: SocketStates = .all, filter: SocketExpression? = nil) -> VSockSocketDump {
        VSockSocketDump(states: states, filter: filter)
    }
}

extension VSockSocket: FilterableSocket {
    /// Whether the local address is like a pattern.
    public func isLocalAddress(like pattern: SocketAddressPattern) -> Bool {
        guard case .vsock(let context, let port) = pattern else { return pattern.isAny }
        return (context == nil || context == localContext) && (port == nil || port == localPort)
    }
    /// Whether the remote address is like a pattern.
    public func isRemoteAddress(like pattern: SocketAddressPattern) -> Bool {
        guard case .vsock(let context, let port) = pattern else { return pattern.isAny }
        return (context == nil || context == remoteContext) && (port == nil || port == remotePort)
    }
    /// The local port that expressions compare.
    public var comparedLocalPort: Int64 { Int64(Int32(bitPattern: localPort)) }
    /// The remote port that expressions compare.
    public var comparedRemotePort: Int64 { Int64(Int32(bitPattern: remotePort)) }
    /// The link to which it is bound.
    public var boundInterface: InterfaceIndex? { nil }
    /// Whether its port is none of those that take a privilege, as chosen ones are.
    public var isAutobound: Bool? { Int32(bitPattern: localPort) > 1023 }
}
