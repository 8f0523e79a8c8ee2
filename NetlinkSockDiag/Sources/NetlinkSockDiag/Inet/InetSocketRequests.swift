// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Lists the sockets of an internet protocol and family, or of both families.
///
/// Both are told in one walk through the kernel's table of TCP or DCCP sockets, in its order; it has no request for both
/// of other protocols.
///
/// Kernel: `SOCK_DIAG_BY_FAMILY` with `NLM_F_DUMP`, `struct inet_diag_req_v2`, for both families `TCPDIAG_GETSOCK` or
/// `DCCPDIAG_GETSOCK`, `struct inet_diag_req`; the filter goes as `INET_DIAG_REQ_BYTECODE`.
public struct InetSocketDump: Dump {
    /// The protocol that it belongs to.
    public typealias Family = SockDiagProtocol

    /// Which protocol's sockets.
    public let ipProtocol: InetProtocol
    /// IPv4 or IPv6; unspecified for both.
    public let family: AddressFamily
    /// Only sockets in these states.
    public let states: SocketStates
    /// What to tell beyond what comes unasked.
    public let parts: InetSocketParts
    /// Only these sockets; nil for all.
    public let filter: SocketExpression?
    private let compiled: SocketExpressionProgram.Compilation

    /// The sockets of a protocol and family, or of both families of TCP or DCCP.
    public init(
        _ ipProtocol: InetProtocol, family: AddressFamily, states: SocketStates = .all, parts: InetSocketParts = [],
        filter: SocketExpression? = nil
    ) {
        self.ipProtocol = ipProtocol
        self.family = family
        self.states = states
        self.parts = parts
        let filter = filter == .all([]) ? nil : filter
        self.filter = filter
        compiled = SocketExpressionProgram.compile(filter ?? .all([]))
    }

    /// The message's type.
    public var messageType: UInt16 { (bothFamilies ?? .byFamily).rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "list sockets" }
    /// What it is done to, for errors.
    public var object: String? { "\(ipProtocol) sockets" }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        var request = InetSocketRequest()
        request.family = family
        request.ipProtocol = ipProtocol
        request.parts = parts
        // No socket is in no state.
        request.states = compiled.code == .never ? [] : states
        if ipProtocol == .tcp || ipProtocol == .dccp {
            request.localPort = filter?.localPort ?? 0
            request.remotePort = filter?.remotePort ?? 0
        }
        if bothFamilies == nil {
            request.encode(into: &writer)
        } else {
            request.encodeForBothFamilies(into: &writer)
        }
        guard compiled.isDecidable else {
            let explanation =
                "only the kernel knows which sockets are bound by themselves, and it cannot judge this filter"
            return writer.fail(NetlinkError(.invalidArgument, explanation: explanation))
        }
        if case .program(let program) = compiled.code { writer.put(InetRequestAttribute.bytecode, program.bytes) }
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> InetSocket? {
        guard message.header.type == messageType else { return nil }
        let socket = try InetSocket(decoding: message, ipProtocol)
        // The kernel lists raw sockets whatever states are asked for.
        if ipProtocol == .raw, !states.contains(socket.state) { return nil }
        guard let filter else { return socket }
        return filter.matches(socket) == false ? nil : socket
    }
}

extension InetSocketDump {
    /// The request for both families at once, where both are asked for and there is one.
    private var bothFamilies: SockDiagMessageType? {
        guard family == .unspecified else { return nil }
        switch ipProtocol {
        case .tcp: return .tcpOnly
        case .dccp: return .dccpOnly
        default: return nil
        }
    }
}

extension SocketExpression {
    /// The only port that the socket's own can be, where that is said outright.
    var localPort: UInt16? {
        switch self {
        case .localPort(.equal, let port), .local(.internet(_, port: let port?)): port
        case .all(let filters): filters.lazy.compactMap(\.localPort).first
        default: nil
        }
    }

    /// The only port that the other side's can be, where that is said outright.
    var remotePort: UInt16? {
        switch self {
        case .remotePort(.equal, let port), .remote(.internet(_, port: let port?)): port
        case .all(let filters): filters.lazy.compactMap(\.remotePort).first
        default: nil
        }
    }
}

extension Dump where Self == InetSocketDump {
    /// The sockets of an internet protocol and family.
    public static func sockets(
        _ ipProtocol: InetProtocol, family: AddressFamily, states: SocketStates = .all, parts: InetSocketParts = [],
        filter: SocketExpression? = nil
    ) -> InetSocketDump {
        InetSocketDump(ipProtocol, family: family, states: states, parts: parts, filter: filter)
    }
}

/// Looks up one internet socket.
///
/// Without a remote end that is connected the kernel finds who listens, as a packet would; one that is not there is
/// `NetlinkError.Code.notFound`, one whose cookie is another `NetlinkError.Code.stale`.
///
/// Kernel: `SOCK_DIAG_BY_FAMILY`, `struct inet_diag_req_v2`.
public struct InetSocketQuery: Query {
    /// The protocol that it belongs to.
    public typealias Family = SockDiagProtocol

    /// Which socket.
    public var id: InetSocketID
    /// What to tell beyond what comes unasked.
    public var parts: InetSocketParts

    /// Looks up a socket.
    public init(_ id: InetSocketID, parts: InetSocketParts = []) {
        self.id = id
        self.parts = parts
    }

    /// The message's type.
    public var messageType: UInt16 { SockDiagMessageType.byFamily.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "look up socket" }
    /// What it is done to, for errors.
    public var object: String? { id.description }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        var request = InetSocketRequest(id)
        request.parts = parts
        request.encode(into: &writer)
    }

    /// Reads the reply.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> InetSocket {
        try InetSocket(decoding: message, id.ipProtocol)
    }
}

/// Closes an internet socket of whichever process; what the process does with it next fails with ECONNABORTED.
///
/// Takes CAP_NET_ADMIN. The kernel closes TCP and MPTCP connections and listeners, UDP and raw sockets; what it does not close is
/// `NetlinkError.Code.notSupported`.
///
/// Kernel: `SOCK_DESTROY`, `struct inet_diag_req_v2`; since Linux 4.5.
public struct DestroyInetSocket: Command {
    /// The protocol that it belongs to.
    public typealias Family = SockDiagProtocol

    /// Which socket; with its cookie no other one can be hit.
    public var id: InetSocketID

    /// Closes a socket.
    public init(_ id: InetSocketID) { self.id = id }

    /// The message's type.
    public var messageType: UInt16 { SockDiagMessageType.destroy.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "close socket" }
    /// What it is done to, for errors.
    public var object: String? { id.description }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) { InetSocketRequest(id).encode(into: &writer) }
}
