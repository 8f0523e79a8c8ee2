// SPDX-License-Identifier: Apache-2.0

/// A netlink connection for tasks: share it freely, requests queue in order.
///
/// The kernel answers nearly every request at once, so most calls never suspend. Each call ends at the latest when its
/// deadline passes or its task is cancelled, and leaves the connection usable: late replies are discarded.
///
/// Cancellation and deadlines end the waiting, not what the kernel is already executing: a command whose task was cancelled
/// may have taken effect.
public final class Connection<Family: NetlinkProtocol>: Sendable {
    /// How long a call waits for the kernel, anew for each datagram of a dump; nil waits for ever.
    public let timeout: Duration?
    /// How often an interrupted dump is begun anew before ``NetlinkError/Code/interrupted`` is thrown.
    public let dumpRetries: Int
    /// What it sets aside and takes on at most.
    public let limits: ConnectionLimits

    let source: TransportSource
    let observer: (any ConnectionObserver)?
    let sending: CommandSending
    private let process = currentProcess()
    let queue: TaskQueue
    private let pauses = TaskQueue.forPauses()
    private let thread = SendingThread()
    private let state: Lock<State>
    // The number that the kernel assigned to the protocol's messages, where it assigns one.
    private let assigned = Lock<UInt16?>(nil)

    private enum State: Sendable {
        case open(Channel)
        /// The socket was given up with a dump running on it.
        case reopen
        case closed
    }

    /// Opens a connection in a network namespace.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/notFound`` when the namespace does not exist.
    public convenience init(
        in namespace: Namespace = .current, timeout: Duration? = .seconds(30), sending: CommandSending = .automatic,
        limits: ConnectionLimits = ConnectionLimits(), dumpRetries: Int = 8,
        observer: (any ConnectionObserver)? = nil
    ) throws(NetlinkError) {
        try self.init(
            opening: TransportSource(protocol: Family.number, in: namespace), timeout: timeout, sending: sending,
            limits: limits, dumpRetries: dumpRetries, observer: observer)
    }

    /// Opens a connection over transports of the caller's own.
    public init(
        opening source: TransportSource, timeout: Duration? = .seconds(30), sending: CommandSending = .automatic,
        limits: ConnectionLimits = ConnectionLimits(), dumpRetries: Int = 8,
        observer: (any ConnectionObserver)? = nil
    ) throws(NetlinkError) {
        self.source = source
        self.timeout = timeout
        self.sending = sending
        self.dumpRetries = Swift.max(0, dumpRetries)
        self.observer = observer
        self.limits = limits
        queue = TaskQueue(limit: limits.waitingRequests)
        state = Lock(.open(Channel(try source.open(), of: Family.self, limits: limits, observer: observer)))
    }

    /// Closes the connection: waiting calls end, and later ones throw ``NetlinkError/Code/closed``.
    ///
    /// A call that the kernel is executing ends when the kernel has answered or its deadline passes.
    public func close() {
        let open: Channel? = state.withLock { state in
            defer { state = .closed }
            if case .open(let channel) = state { return channel }
            return nil
        }
        queue.close()
        pauses.close()
        if let open { Poller.shared.cancelWaits(on: open.transport.descriptor) }
    }

    deinit { close() }

    /// Forgets the number that the kernel assigned to the protocol's messages, where it assigns one: the next request asks for
    /// it anew.
    ///
    /// There is no need to: a number that the kernel no longer knows is asked for again.
    public func forgetMessageType() { assigned.withLock { $0 = nil } }

    /// How many datagrams that did not come from the kernel the connection's socket has dropped.
    public var foreignDatagramCount: Int {
        state.withLock { state in
            if case .open(let channel) = state { channel.transport.foreignDatagramCount } else { 0 }
        }
    }

    /// How many tasks wait for their turn.
    var waitingCount: Int { queue.waitingCount }

    /// Opens another channel in the same namespace, for a stream.
    func openChannel() throws(NetlinkError) -> Channel {
        guard process == currentProcess() else { throw NetlinkError(.forked) }
        if queue.isClosed { throw NetlinkError(.closed) }
        return Channel(try source.open(), of: Family.self, limits: limits, observer: observer)
    }

    private func channel() throws(NetlinkError) -> Channel {
        guard process == currentProcess() else { throw NetlinkError(.forked) }
        let channel: Channel
        switch state.withLock({ $0 }) {
        case .open(let open) where !open.isOverrun: channel = open
        case .closed: throw NetlinkError(.closed)
        case .open, .reopen:
            channel = Channel(try source.open(), of: Family.self, limits: limits, observer: observer)
            let isClosed: Bool = state.withLock { state in
                if case .closed = state { return true }
                state = .open(channel)
                return false
            }
            if isClosed { throw NetlinkError(.closed) }
        }
        if Family.messageTypeQuery != nil { channel.assignedType = assigned.withLock { $0 } }
        return channel
    }

    /// Runs the body when the kernel's number for the protocol is known, and again when the kernel has changed it since.
    private func addressed<T>(
        asking: Bool, _ body: (Channel) async throws(NetlinkError) -> T
    ) async throws(NetlinkError) -> T {
        guard let query = Family.messageTypeQuery else { return try await body(try channel()) }
        var used = asking ? nil : assigned.withLock { $0 }
        guard used == nil else {
            do throws(NetlinkError) { return try await body(try channel()) } catch {
                // What the kernel says in words is not about a family that is gone.
                guard error.code == .notFound, error.message == nil else { throw error }
                let before = used
                used = try await assign(query)
                guard used != before else { throw error }
            }
            return try await body(try channel())
        }
        _ = try await assign(query)
        return try await body(try channel())
    }

    private func assign(_ query: some MessageTypeQuery) async throws(NetlinkError) -> UInt16 {
        let channel = try channel()
        let number = try await ask(query, channel) { (channel: Channel) async throws(NetlinkError) in
            // The kernel may load a module first.
            try await self.send(channel)
        }
        assigned.withLock { $0 = number }
        return number
    }

    private func ask<Q: Query>(
        _ query: Q, _ channel: Channel, _ send: (Channel) async throws(NetlinkError) -> Void
    ) async throws(NetlinkError) -> Q.Reply {
        try await channel.ask(query, timeout: timeout, isClosed: { self.queue.isClosed }, sending: send)
    }

    /// Runs the body when it is this task's turn.
    private func exclusively<T>(
        _ operation: StaticString, _ object: String?, asking: Bool = false,
        _ body: (Channel) async throws(NetlinkError) -> T
    ) async throws(NetlinkError) -> T {
        // Most requests find nobody before them and need not suspend here.
        var turn = queue.tryEnter()
        if turn == nil { turn = await queue.enter() }
        switch turn {
        case .granted: break
        case .busy:
            throw NetlinkError(.busy, operation: "\(operation)", object: object, explanation: "too many requests wait")
        case .cancelled: throw NetlinkError(.cancelled, operation: "\(operation)", object: object)
        default: throw NetlinkError(.closed, operation: "\(operation)", object: object)
        }
        defer { queue.leave() }
        if Task.isCancelled { throw NetlinkError(.cancelled, operation: "\(operation)", object: object) }
        return try await addressed(asking: asking, body)
    }

    /// Sends what was prepared, from where commands are sent.
    private func send(_ channel: Channel) async throws(NetlinkError) {
        switch sending {
        case .inline: return try channel.send()
        case .automatic where InlineSends.enter():
            defer { InlineSends.leave() }
            return try channel.send()
        case .automatic, .ownThread: break
        }
        let result: Result<Void, NetlinkError>
        do throws(SystemError) {
            result = try await thread.run {
                do throws(NetlinkError) { return .success(try channel.send()) } catch { return .failure(error) }
            }
        } catch {
            throw channel.abandoned(.init(rawValue: error.number))
        }
        try result.get()
    }

    private func wait(_ channel: Channel, _ deadline: Instant?) async throws(NetlinkError) {
        try await channel.waitReadable(until: deadline) { self.queue.isClosed }
    }

    private func passOver(_ channel: Channel, _ deadline: inout Instant?) async throws(NetlinkError) {
        try await channel.passOver(&deadline, timeout) { self.queue.isClosed }
    }

    private var deadline: Instant? { timeout.map { Instant.now + $0 } }

    /// Runs a command and waits for its acknowledgement.
    ///
    /// - Returns: what the kernel said with success, such as a warning.
    @discardableResult
    public func perform(
        _ command: some Command<Family>
    ) async throws(NetlinkError) -> ExtendedAcknowledgement? {
        try await exclusively(command.operation, command.object) {
            (channel: Channel) async throws(NetlinkError) -> ExtendedAcknowledgement? in
            try channel.prepare(command, .command)
            try await self.send(channel)
            var limit: Instant?
            while true {
                switch try channel.step(reply: { (_: borrowing Message) throws(DecodeError) in }) {
                case .more: continue
                case .finished: return channel.exchange.acknowledgement
                case .others: try await self.passOver(channel, &limit)
                case .wait:
                    if limit == nil { limit = self.deadline }
                    try await self.wait(channel, limit)
                }
            }
        }
    }

    /// Runs a query and returns its reply.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/noReply`` when the kernel acknowledges without answering.
    public func query<Q: Query<Family>>(_ query: Q) async throws(NetlinkError) -> Q.Reply {
        try await exclusively(query.operation, query.object) {
            (channel: Channel) async throws(NetlinkError) -> Q.Reply in
            try await self.ask(query, channel) { (channel: Channel) throws(NetlinkError) in try channel.send() }
        }
    }

    /// Runs a dump and returns its elements; when the objects changed meanwhile, it is run again after a short pause, which
    /// grows from a millisecond to 64 and in which other tasks have their turn.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/interrupted`` when they changed every time or no time is
    ///   left for another pause; its ``NetlinkError/partial`` holds the elements of the last try.
    public func dump<D: Dump<Family>>(_ dump: D) async throws(NetlinkError) -> [D.Element] {
        var elements: [D.Element] = []
        var retries = DumpRetries(limit: dumpRetries, timeout: timeout, clock: source.retryClock)
        while true {
            let isInterrupted = try await exclusively(dump.operation, dump.object) {
                (channel: Channel) async throws(NetlinkError) -> Bool in
                elements.removeAll(keepingCapacity: true)
                try await self.collect(dump, channel, &elements)
                return channel.exchange.isInterrupted
            }
            if !isInterrupted { return elements }
            guard let moment = retries.next() else {
                throw NetlinkError(.interrupted).naming(operation: "\(dump.operation)", object: dump.object)
                    .carrying(elements)
            }
            do throws(NetlinkError) { try await source.retryClock.pause(until: moment, in: pauses) } catch {
                throw error.naming(operation: "\(dump.operation)", object: dump.object)
            }
        }
    }

    private func collect<D: Dump<Family>>(
        _ dump: D, _ channel: Channel, _ elements: inout [D.Element]
    ) async throws(NetlinkError) {
        try channel.prepare(dump, .dump)
        do throws(NetlinkError) {
            try channel.send()
            var limit: Instant?
            var datagrams = 0
            while true {
                switch try channel.step(dump, into: &elements) {
                case .finished: return try channel.checkLimit(dump.byteLimit)
                case .more:
                    limit = nil
                    datagrams += 1
                    try channel.checkLimit(dump.byteLimit)
                    // The kernel answers each receive at once: without this a long dump would hold its pool thread.
                    if Task.isCancelled { throw channel.abandoned(.cancelled) }
                    if datagrams % 64 == 0 { await Task.yield() }
                case .others: try await self.passOver(channel, &limit)
                case .wait:
                    if limit == nil { limit = self.deadline }
                    try await self.wait(channel, limit)
                }
            }
        } catch {
            // The kernel refuses a second dump while one runs, and reading the rest may take long.
            if !channel.sawEnd { state.withLock { if case .open = $0 { $0 = .reopen } } }
            throw error
        }
    }

    /// Runs the commands of a batch and returns a result for each.
    ///
    /// The deadline counts anew for each window of about a hundred commands.
    public func perform(_ batch: consuming Batch<Family>) async throws(NetlinkError) -> [Result<Void, NetlinkError>] {
        let run = BatchRun(batch)
        // Commands of a batch are not run twice, so the number is asked for anew.
        return try await exclusively("batch", nil, asking: true) {
            (channel: Channel) async throws(NetlinkError) -> [Result<Void, NetlinkError>] in
            do throws(NetlinkError) {
                while try await self.sendWindow(run, channel) {
                    var limit: Instant?
                    answers: while true {
                        switch try run.step(channel) {
                        case .more: continue
                        case .finished: break answers
                        case .others: try await self.passOver(channel, &limit)
                        case .wait:
                            if limit == nil { limit = self.deadline }
                            try await self.wait(channel, limit)
                        }
                    }
                    if Task.isCancelled { throw NetlinkError(.cancelled, operation: "batch") }
                }
            } catch {
                run.fail(error)
            }
            return run.results
        }
    }

    private func sendWindow(_ run: BatchRun<Family>, _ channel: Channel) async throws(NetlinkError) -> Bool {
        if sending == .inline { return try run.sendWindow(channel) }
        let result: Result<Bool, NetlinkError>
        do throws(SystemError) {
            result = try await thread.run {
                do throws(NetlinkError) { return .success(try run.sendWindow(channel)) } catch {
                    return .failure(error)
                }
            }
        } catch {
            throw NetlinkError(error, operation: "batch")
        }
        return try result.get()
    }

    /// The elements of a dump as they come, in constant memory, over a socket of their own.
    ///
    /// When the objects changed meanwhile, it throws ``NetlinkError/Code/interrupted`` at its end.
    public func stream<D: Dump<Family>>(_ dump: D) -> DumpStream<D> {
        DumpStream(dump, timeout: timeout, retries: dumpRetries, clock: source.retryClock) {
            () throws(NetlinkError) in try self.openChannel()
        }
    }
}

/// A batch on its way, shared by the task and the sending thread, one of which uses it at a time.
private final class BatchRun<Family: NetlinkProtocol>: @unchecked Sendable {
    private var batch: Batch<Family>
    private var progress = BatchProgress()

    init(_ batch: consuming Batch<Family>) { self.batch = batch }

    var results: [Result<Void, NetlinkError>] { progress.results }
    func sendWindow(_ channel: Channel) throws(NetlinkError) -> Bool {
        try channel.sendWindow(of: &batch, &progress)
    }
    func step(_ channel: Channel) throws(NetlinkError) -> Channel.Step { try channel.step(batch, &progress) }
    func fail(_ error: NetlinkError) { progress.fail(error, of: batch) }
}
