// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// How the sockets of both families are asked for: at once, or one family after the other.
private func families(of ipProtocol: InetProtocol) -> [AddressFamily] {
    ipProtocol == .tcp || ipProtocol == .dccp ? [.unspecified] : [.ipv4, .ipv6]
}

extension Connection where Family == SockDiagProtocol {
    /// The sockets of an internet protocol, of both families or one.
    ///
    /// For very many use `stream(_:)` with ``InetSocketDump``, which needs constant memory.
    public func sockets(
        _ ipProtocol: InetProtocol, family: AddressFamily? = nil, in states: SocketStates = .all,
        parts: InetSocketParts = [], filter: SocketExpression? = nil
    ) async throws(NetlinkError) -> [InetSocket] {
        var sockets: [InetSocket] = []
        for one in family.map({ [$0] }) ?? families(of: ipProtocol) {
            sockets += try await dump(
                .sockets(ipProtocol, family: one, states: states, parts: parts, filter: filter))
        }
        return sockets
    }

    /// One internet socket.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notFound` when it is not there.
    public func socket(_ id: InetSocketID, parts: InetSocketParts = []) async throws(NetlinkError) -> InetSocket {
        try await query(InetSocketQuery(id, parts: parts))
    }

    /// The sockets of the local machine.
    public func unixSockets(
        in states: SocketStates = .all, parts: UnixSocketParts = [.name, .peer, .queues],
        filter: SocketExpression? = nil
    ) async throws(NetlinkError) -> [UnixSocket] {
        try await dump(.unixSockets(states: states, parts: parts, filter: filter))
    }

    /// Netlink sockets.
    public func netlinkSockets(filter: SocketExpression? = nil) async throws(NetlinkError) -> [NetlinkProtocolSocket] {
        try await dump(.netlinkSockets(filter: filter))
    }

    /// Packet sockets.
    public func packetSockets(
        parts: PacketSocketParts = [.information, .memory], filter: SocketExpression? = nil
    ) async throws(NetlinkError) -> [PacketSocket] {
        try await dump(.packetSockets(parts: parts, filter: filter))
    }

    /// Closes an internet socket of whichever process.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notFound` when it is gone already.
    public func destroy(_ socket: InetSocket) async throws(NetlinkError) {
        try await perform(DestroyInetSocket(socket.id))
    }

    /// Closes the internet sockets that a filter means.
    ///
    /// One that closes by itself meanwhile, or that the kernel does not close, is left out.
    ///
    /// - Returns: those that were closed.
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notPermitted` without CAP_NET_ADMIN.
    @discardableResult
    public func destroySockets(
        _ ipProtocol: InetProtocol, family: AddressFamily? = nil, in states: SocketStates = .all,
        filter: SocketExpression
    ) async throws(NetlinkError) -> [InetSocket] {
        var destroyed: [InetSocket] = []
        for socket in try await sockets(ipProtocol, family: family, in: states, filter: filter) {
            do throws(NetlinkError) { try await destroy(socket) } catch {
                guard error.leavesSocket else { throw error }
                continue
            }
            destroyed.append(socket)
        }
        return destroyed
    }
}

extension BlockingConnection where Family == SockDiagProtocol {
    /// The sockets of an internet protocol, of both families or one.
    ///
    /// For very many use `dump(_:forEachChunk:)` with ``InetSocketDump``, which needs constant memory.
    public func sockets(
        _ ipProtocol: InetProtocol, family: AddressFamily? = nil, in states: SocketStates = .all,
        parts: InetSocketParts = [], filter: SocketExpression? = nil
    ) throws(NetlinkError) -> [InetSocket] {
        var sockets: [InetSocket] = []
        for one in family.map({ [$0] }) ?? families(of: ipProtocol) {
            sockets += try dump(.sockets(ipProtocol, family: one, states: states, parts: parts, filter: filter))
        }
        return sockets
    }

    /// One internet socket.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notFound` when it is not there.
    public func socket(_ id: InetSocketID, parts: InetSocketParts = []) throws(NetlinkError) -> InetSocket {
        try query(InetSocketQuery(id, parts: parts))
    }

    /// The sockets of the local machine.
    public func unixSockets(
        in states: SocketStates = .all, parts: UnixSocketParts = [.name, .peer, .queues],
        filter: SocketExpression? = nil
    ) throws(NetlinkError) -> [UnixSocket] {
        try dump(.unixSockets(states: states, parts: parts, filter: filter))
    }

    /// Netlink sockets.
    public func netlinkSockets(filter: SocketExpression? = nil) throws(NetlinkError) -> [NetlinkProtocolSocket] {
        try dump(.netlinkSockets(filter: filter))
    }

    /// Packet sockets.
    public func packetSockets(
        parts: PacketSocketParts = [.information, .memory], filter: SocketExpression? = nil
    ) throws(NetlinkError) -> [PacketSocket] {
        try dump(.packetSockets(parts: parts, filter: filter))
    }

    /// Closes an internet socket of whichever process.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notFound` when it is gone already.
    public func destroy(_ socket: InetSocket) throws(NetlinkError) { try perform(DestroyInetSocket(socket.id)) }

    /// Closes the internet sockets that a filter means.
    ///
    /// One that closes by itself meanwhile, or that the kernel does not close, is left out.
    ///
    /// - Returns: those that were closed.
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notPermitted` without CAP_NET_ADMIN.
    @discardableResult
    public func destroySockets(
        _ ipProtocol: InetProtocol, family: AddressFamily? = nil, in states: SocketStates = .all,
        filter: SocketExpression
    ) throws(NetlinkError) -> [InetSocket] {
        var destroyed: [InetSocket] = []
        for socket in try sockets(ipProtocol, family: family, in: states, filter: filter) {
            do throws(NetlinkError) { try destroy(socket) } catch {
                guard error.leavesSocket else { throw error }
                continue
            }
            destroyed.append(socket)
        }
        return destroyed
    }
}

extension NetlinkError {
    /// Whether a socket that was to be closed is gone or cannot be, and others may.
    var leavesSocket: Bool { isNotFound || isNotSupported || code == .stale }
}
