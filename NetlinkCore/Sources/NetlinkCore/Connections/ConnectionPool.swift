// SPDX-License-Identifier: Apache-2.0

/// A bounded number of connections to one namespace, for requests that are to run side by side.
///
/// The kernel runs one dump at a time on a socket and tasks on one ``Connection`` wait for each other; over a pool as many
/// dumps run in parallel as it has connections. Each is opened when it is first needed and kept. A task that finds all of
/// them lent waits its turn, in the order in which tasks came, until the pool's deadline passes, the task is cancelled or
/// the pool is closed.
///
/// ```swift
/// let pool = try ConnectionPool<RouteProtocol>(size: 2)
/// async let links = pool.dump(.links)
/// async let routes = pool.dump(.routes)
/// ```
///
/// A program whose tasks send single requests needs no pool: the kernel answers those at once.
public final class ConnectionPool<Family: NetlinkProtocol>: Sendable {
    /// How many connections there are at most, at least 1.
    public let size: Int
    /// How long a task waits for a connection, and each call on one for the kernel; nil waits for ever.
    public let timeout: Duration?

    private let open: @Sendable () throws(NetlinkError) -> Connection<Family>
    private let process = currentProcess()
    private let queue: TaskQueue
    private let state = Lock(State())

    private struct State: Sendable {
        var idle: [Connection<Family>] = []
        var lent: [ObjectIdentifier: Connection<Family>] = [:]
        var isClosed = false
    }

    /// Makes a pool of connections in a network namespace, the same one whatever becomes of its name.
    ///
    /// - Parameters:
    ///   - namespace: Where the connections are opened.
    ///   - size: How many there are at most; less than 1 counts as 1.
    ///   - timeout: How long a task waits for a connection, and then a call for the kernel; nil waits for ever.
    ///   - sending: Where commands are sent from.
    ///   - limits: What each connection sets aside at most; ``ConnectionLimits/waitingRequests`` bounds how many tasks wait
    ///     for a connection.
    ///   - dumpRetries: How often an interrupted dump is begun anew.
    ///   - observer: What is told of everything on all connections.
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/notFound`` when the namespace does not exist.
    public convenience init(
        in namespace: Namespace = .current, size: Int = 4, timeout: Duration? = .seconds(30),
        sending: CommandSending = .automatic, limits: ConnectionLimits = ConnectionLimits(),
        dumpRetries: Int = 8, observer: (any ConnectionObserver)? = nil
    ) throws(NetlinkError) {
        self.init(
            opening: try TransportSource(protocol: Family.number, in: namespace), size: size, timeout: timeout,
            sending: sending, limits: limits, dumpRetries: dumpRetries, observer: observer)
    }

    /// Makes a pool of connections over transports of the caller's own.
    public init(
        opening source: TransportSource, size: Int = 4, timeout: Duration? = .seconds(30),
        sending: CommandSending = .automatic, limits: ConnectionLimits = ConnectionLimits(),
        dumpRetries: Int = 8, observer: (any ConnectionObserver)? = nil
    ) {
        self.size = Swift.max(1, size)
        self.timeout = timeout
        queue = TaskQueue(limit: limits.waitingRequests, places: self.size)
        open = { () throws(NetlinkError) in
            try Connection(
                opening: source, timeout: timeout, sending: sending, limits: limits, dumpRetries: dumpRetries,
                observer: observer)
        }
    }

    /// Closes all connections, lent ones too: waiting calls end, and later ones throw ``NetlinkError/Code/closed``.
    public func close() {
        let connections: [Connection<Family>] = state.withLock { state in
            defer { state = State(isClosed: true) }
            return state.idle + state.lent.values
        }
        queue.close()
        for connection in connections { connection.close() }
    }

    deinit { close() }

    /// How many tasks wait for a connection.
    var waitingCount: Int { queue.waitingCount }
    /// How many connections are open.
    var openCount: Int { state.withLock { $0.idle.count + $0.lent.count } }

    /// Runs the closure with a connection that nobody else uses meanwhile.
    ///
    /// Do not keep the connection: afterwards it is another task's.
    ///
    /// - Throws: what the closure throws; ``NetlinkError`` with ``NetlinkError/Code/timedOut`` when no connection became
    ///   free in time, with ``NetlinkError/Code/busy`` when too many tasks wait for one already.
    public func withConnection<T>(
        _ body: (Connection<Family>) async throws(NetlinkError) -> T
    ) async throws(NetlinkError) -> T {
        let connection = try await borrow()
        defer { giveBack(connection) }
        return try await body(connection)
    }

    /// Runs a command on a connection that is free, as one of ``Connection`` does.
    @discardableResult
    public func perform(_ command: some Command<Family>) async throws(NetlinkError) -> ExtendedAcknowledgement? {
        let connection = try await borrow()
        defer { giveBack(connection) }
        return try await connection.perform(command)
    }

    /// Runs the commands of a batch on a connection that is free, and returns a result for each.
    public func perform(_ batch: consuming Batch<Family>) async throws(NetlinkError) -> [Result<Void, NetlinkError>] {
        let connection = try await borrow()
        defer { giveBack(connection) }
        return try await connection.perform(batch)
    }

    /// Runs a query on a connection that is free, as ``Connection/query(_:)`` does.
    public func query<Q: Query<Family>>(_ query: Q) async throws(NetlinkError) -> Q.Reply {
        let connection = try await borrow()
        defer { giveBack(connection) }
        return try await connection.query(query)
    }

    /// Runs a dump on a connection that is free, as ``Connection/dump(_:)`` does.
    public func dump<D: Dump<Family>>(_ dump: D) async throws(NetlinkError) -> [D.Element] {
        let connection = try await borrow()
        defer { giveBack(connection) }
        return try await connection.dump(dump)
    }

    private func borrow() async throws(NetlinkError) -> Connection<Family> {
        guard process == currentProcess() else { throw NetlinkError(.forked) }
        switch await queue.enter(until: timeout.map { Instant.now + $0 }) {
        case .granted: break
        case .busy: throw Self.refusal(.busy, "too many tasks wait")
        case .timedOut: throw Self.refusal(.timedOut, "all \(size) are in use")
        case .cancelled: throw Self.refusal(.cancelled)
        case .closed: throw Self.refusal(.closed)
        case .failed(let number): throw Self.refusal(.init(rawValue: number))
        }
        do throws(NetlinkError) {
            if Task.isCancelled { throw Self.refusal(.cancelled) }
            let known = state.withLock { $0.idle.popLast() }
            let connection: Connection<Family>
            if let known { connection = known } else { connection = try open() }
            let isClosed: Bool = state.withLock { state in
                if !state.isClosed { state.lent[ObjectIdentifier(connection)] = connection }
                return state.isClosed
            }
            if isClosed { throw Self.refusal(.closed) }
            return connection
        } catch {
            // Else the pool would have a place less for good.
            queue.leave()
            throw error
        }
    }

    private func giveBack(_ connection: Connection<Family>) {
        state.withLock { state in
            state.lent[ObjectIdentifier(connection)] = nil
            // One that its user closed is replaced when one is needed.
            if !state.isClosed, !connection.queue.isClosed { state.idle.append(connection) }
        }
        queue.leave()
    }

    private static func refusal(_ code: NetlinkError.Code, _ explanation: String? = nil) -> NetlinkError {
        NetlinkError(code, operation: "wait for a connection", explanation: explanation)
    }
}
