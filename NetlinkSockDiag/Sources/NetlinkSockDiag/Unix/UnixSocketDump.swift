// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What to tell of Unix sockets.
///
/// Kernel: `udiag_show`, `UDIAG_SHOW_*`.
public struct UnixSocketParts: OptionSet, Hashable, Sendable {
    /// The kernel's bits.
    public let rawValue: UInt32
    /// Takes any bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// ``UnixSocket/name``.
    public static var name: Self { Self(rawValue: 1) }  // UDIAG_SHOW_NAME
    /// ``UnixSocket/file``.
    public static var file: Self { Self(rawValue: 2) }  // UDIAG_SHOW_VFS
    /// ``UnixSocket/peer``.
    public static var peer: Self { Self(rawValue: 4) }  // UDIAG_SHOW_PEER
    /// ``UnixSocket/pendingConnections``.
    public static var pendingConnections: Self { Self(rawValue: 8) }  // UDIAG_SHOW_ICONS
    /// ``UnixSocket/queues``.
    public static var queues: Self { Self(rawValue: 16) }  // UDIAG_SHOW_RQLEN
    /// ``UnixSocket/memory``.
    public static var memory: Self { Self(rawValue: 32) }  // UDIAG_SHOW_MEMINFO
    /// ``UnixSocket/user``; since Linux 5.3.
    public static var user: Self { Self(rawValue: 64) }  // UDIAG_SHOW_UID
}

/// Lists the sockets of the local machine.
///
/// Kernel: `SOCK_DIAG_BY_FAMILY` with `NLM_F_DUMP`, `struct unix_diag_req`.
public struct UnixSocketDump: Dump {
    /// The protocol that it belongs to.
    public typealias Family = SockDiagProtocol

    /// Only sockets in these states.
    public var states: SocketStates
    /// What to tell; what the filter looks at is asked for in any case.
    public var parts: UnixSocketParts
    /// Only these sockets, sorted out here: the kernel has no filter for them.
    public var filter: SocketExpression?

    /// Unix sockets.
    public init(
        states: SocketStates = .all, parts: UnixSocketParts = [.name, .peer, .queues], filter: SocketExpression? = nil
    ) {
        self.states = states
        self.parts = parts
        self.filter = filter
    }

    /// The message's type.
    public var messageType: UInt16 { SockDiagMessageType.byFamily.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "list sockets" }
    /// What it is done to, for errors.
    public var object: String? { "Unix sockets" }

    private static let byteCount = 24  // sizeof(struct unix_diag_req)

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        writer.structure(Self.byteCount) { structure in
            structure.store(AddressFamily.unix.rawValue, at: 0)  // struct unix_diag_req.sdiag_family
            structure.store(states.rawValue, at: 4)  // struct unix_diag_req.udiag_states
            let asked = parts.union(filter?.unixParts ?? [])
            structure.store(asked.rawValue, at: 12)  // struct unix_diag_req.udiag_show
        }
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> UnixSocket? {
        guard message.header.type == SockDiagMessageType.byFamily.rawValue else { return nil }
        let socket = try UnixSocket(decoding: message)
        return filter.map { $0.matches(socket) == true } == false ? nil : socket
    }
}

extension SocketExpression {
    /// What has to be told of a Unix socket to judge it.
    fileprivate var unixParts: UnixSocketParts {
        switch self {
        case .all(let filters), .any(let filters): filters.reduce([]) { $0.union($1.unixParts) }
        case .not(let filter): filter.unixParts
        case .local(.unix), .isAutobound: .name
        case .remotePort: .peer
        case .user: .user
        default: []
        }
    }
}

extension Dump where Self == UnixSocketDump {
    /// The sockets of the local machine.
    public static func unixSockets(
        states: SocketStates = .all, parts: UnixSocketParts = [.name, .peer, .queues], filter: SocketExpression? = nil
    ) -> UnixSocketDump {
        UnixSocketDump(states: states, parts: parts, filter: filter)
    }
}

extension UnixSocket: FilterableSocket {
    /// Whether the local address is like a pattern.
    public func isLocalAddress(like pattern: SocketAddressPattern) -> Bool {
        guard case .unix(let glob) = pattern else { return pattern.isAny }
        return glob.matches(name?.description ?? "")
    }
    // The message names the peer by its file only.
    /// Whether the remote address is like a pattern.
    public func isRemoteAddress(like pattern: SocketAddressPattern) -> Bool {
        guard case .unix(let glob) = pattern else { return pattern.isAny }
        return glob.matches("")
    }
    /// The local port that expressions compare.
    public var comparedLocalPort: Int64 { Int64(inode) }
    /// The remote port that expressions compare.
    public var comparedRemotePort: Int64 { Int64(peer ?? 0) }
    /// The link to which it is bound.
    public var boundInterface: InterfaceIndex? { nil }
    /// The user that expressions compare.
    public var comparedUser: UInt32? { user }
    /// Whether it has no name, or one such as the kernel makes: five hexadecimal digits.
    public var isAutobound: Bool? {
        guard let name else { return true }
        let digits = name.bytes.dropFirst()
        return name.isAbstract && digits.count == 5
            && digits.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
