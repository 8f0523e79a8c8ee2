// SPDX-License-Identifier: Apache-2.0

/// A netlink connection whose calls return when the kernel has answered.
///
/// For command-line tools and threads of your own; tasks use ``Connection``. One thread at a time uses it. Every call ends
/// at the latest when its deadline passes, and leaves the connection usable.
public final class BlockingConnection<Family: NetlinkProtocol> {
    /// How long a call waits for the kernel; nil waits for ever.
    public var timeout: Duration?
    /// How often an interrupted dump is begun anew before ``NetlinkError/Code/interrupted`` is thrown.
    public var dumpRetries = 8
    /// What it sets aside at most.
    public let limits: ConnectionLimits

    let source: TransportSource
    let observer: (any ConnectionObserver)?
    private let process = currentProcess()
    private var state: State
    // The number that the kernel assigned to the protocol's messages, where it assigns one.
    private var assignedType: UInt16?
    private enum State {
        case open(Channel)
        /// The socket was given up with a dump running on it.
        case reopen
        case closed
    }

    /// Opens a connection in a network namespace.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/notFound`` when the namespace does not exist.
    public convenience init(
        in namespace: Namespace = .current, timeout: Duration? = .seconds(30),
        limits: ConnectionLimits = ConnectionLimits(), observer: (any ConnectionObserver)? = nil
    ) throws(NetlinkError) {
        try self.init(
            opening: TransportSource(protocol: Family.number, in: namespace), timeout: timeout, limits: limits,
            observer: observer)
    }

    /// Opens a connection over transports of the caller's own.
    public init(
        opening source: TransportSource, timeout: Duration? = .seconds(30),
        limits: ConnectionLimits = ConnectionLimits(), observer: (any ConnectionObserver)? = nil
    ) throws(NetlinkError) {
        self.source = source
        self.timeout = timeout
        self.limits = limits
        self.observer = observer
        state = .open(Channel(try source.open(), of: Family.self, limits: limits, observer: observer))
    }

    /// Closes the connection; later calls throw ``NetlinkError/Code/closed``.
    public func close() { state = .closed }

    /// How many datagrams that did not come from the kernel the connection's socket has dropped.
    public var foreignDatagramCount: Int {
        if case .open(let channel) = state { channel.transport.foreignDatagramCount } else { 0 }
    }

    /// Forgets the number that the kernel assigned to the protocol's messages, where it assigns one: the next request asks for
    /// it anew.
    ///
    /// There is no need to: a number that the kernel no longer knows is asked for again.
    public func forgetMessageType() { assignedType = nil }

    @usableFromInline func channel() throws(NetlinkError) -> Channel {
        guard process == currentProcess() else { throw NetlinkError(.forked) }
        let channel: Channel
        switch state {
        case .open(let open) where !open.isOverrun: channel = open
        case .closed: throw NetlinkError(.closed)
        case .open, .reopen:
            channel = Channel(try source.open(), of: Family.self, limits: limits, observer: observer)
            state = .open(channel)
        }
        channel.assignedType = assignedType
        return channel
    }

    /// Runs the body when the kernel's number for the protocol is known, and again when the kernel has changed it since.
    @usableFromInline func addressed<T>(
        asking: Bool = false, _ body: (Channel) throws(NetlinkError) -> T
    ) throws(NetlinkError) -> T {
        guard let query = Family.messageTypeQuery else { return try body(try channel()) }
        guard let used = asking ? nil : assignedType else {
            assignedType = try number(query)
            return try body(try channel())
        }
        do throws(NetlinkError) { return try body(try channel()) } catch {
            // What the kernel says in words is not about a family that is gone.
            guard error.code == .notFound, error.message == nil else { throw error }
            assignedType = try number(query)
            guard assignedType != used else { throw error }
        }
        return try body(try channel())
    }

    private func number(_ query: some MessageTypeQuery) throws(NetlinkError) -> UInt16 { try ask(query, try channel()) }

    private var deadline: Instant? { timeout.map { Instant.now + $0 } }

    private func wait(_ channel: Channel, _ deadline: Instant?) throws(NetlinkError) {
        do throws(SystemError) {
            if try waitReadable(channel.transport.descriptor, until: deadline) { return }
        } catch {
            throw NetlinkError(error)
        }
        throw channel.abandoned(.timedOut)
    }

    /// The kernel refuses a second dump while one runs, and reading the rest may take long: open another socket.
    private func giveUpDump(_ channel: Channel) {
        if case .open = state { state = .reopen }
    }

    /// Runs a command and waits for its acknowledgement.
    ///
    /// - Returns: what the kernel said with success, such as a warning.
    @discardableResult
    public func perform(_ command: some Command<Family>) throws(NetlinkError) -> ExtendedAcknowledgement? {
        try addressed { (channel: Channel) throws(NetlinkError) -> ExtendedAcknowledgement? in
            try channel.prepare(command, .command)
            try channel.send()
            var limit: Instant?
            while true {
                switch try channel.step(reply: { (_: borrowing Message) throws(DecodeError) in }) {
                case .more: continue
                case .finished: return channel.exchange.acknowledgement
                case .others: try channel.checkDeadline(&limit, timeout)
                case .wait:
                    if limit == nil { limit = deadline }
                    try wait(channel, limit)
                }
            }
        }
    }

    /// Runs a query and returns its reply.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/noReply`` when the kernel acknowledges without answering.
    public func query<Q: Query<Family>>(_ query: Q) throws(NetlinkError) -> Q.Reply {
        try addressed { (channel: Channel) throws(NetlinkError) -> Q.Reply in try ask(query, channel) }
    }

    private func ask<Q: Query>(_ query: Q, _ channel: Channel) throws(NetlinkError) -> Q.Reply {
        try channel.prepare(query, .query)
        try channel.send()
        var limit: Instant?
        var reply: Q.Reply?
        while true {
            switch try channel.step(query, into: &reply) {
            case .more: continue
            case .finished: return try query.answered(by: reply)
            case .others: try channel.checkDeadline(&limit, timeout)
            case .wait:
                if limit == nil { limit = deadline }
                try wait(channel, limit)
            }
        }
    }

    /// Runs a dump and returns its elements; when the objects changed meanwhile, it is run again after a short pause, which
    /// grows from a millisecond to 64.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/interrupted`` when they changed every time or no time is
    ///   left for another pause; its ``NetlinkError/partial`` holds the elements of the last try.
    public func dump<D: Dump<Family>>(_ dump: D) throws(NetlinkError) -> [D.Element] {
        var elements: [D.Element] = []
        var retries = DumpRetries(limit: dumpRetries, timeout: timeout, clock: source.retryClock)
        while true {
            let isInterrupted = try addressed { (channel: Channel) throws(NetlinkError) -> Bool in
                elements.removeAll(keepingCapacity: true)
                try run(dump, on: channel) { () throws(NetlinkError) in try channel.step(dump, into: &elements) }
                return channel.exchange.isInterrupted
            }
            if !isInterrupted { return elements }
            guard let moment = retries.next() else {
                throw NetlinkError(.interrupted).naming(operation: "\(dump.operation)", object: dump.object)
                    .carrying(elements)
            }
            source.retryClock.sleep(moment)
        }
    }

    /// Runs a dump and gives each element to the closure as it comes, in constant memory.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/interrupted`` at the end when the objects changed meanwhile; what
    ///   the closure throws ends the dump.
    @inlinable
    public func dump<D: Dump<Family>>(
        _ dump: D, forEach body: (D.Element) throws(NetlinkError) -> Void
    ) throws(NetlinkError) {
        try addressed { (channel: Channel) throws(NetlinkError) in
            try run(dump, on: channel) { () throws(NetlinkError) in
                try channel.stepThrough { (datagram: RawSpan, exchange: inout Exchange) throws(NetlinkError) in
                    var reader = MessageReader(datagram)
                    while let message = try exchange.next(in: &reader) {
                        let element: D.Element?
                        do throws(DecodeError) { element = try dump.decode(message) } catch {
                            throw NetlinkError(error)
                        }
                        if let element { try body(element) }
                    }
                }
            }
            try finishInterrupted(dump, channel)
        }
    }

    /// Runs a dump and gives the elements of each datagram to the closure, in constant memory.
    public func dump<D: Dump<Family>>(
        _ dump: D, forEachChunk body: ([D.Element]) throws(NetlinkError) -> Void
    ) throws(NetlinkError) {
        try addressed { (channel: Channel) throws(NetlinkError) in
            var elements: [D.Element] = []
            try run(dump, on: channel) { () throws(NetlinkError) in
                elements.removeAll(keepingCapacity: true)
                let step = try channel.step(dump, into: &elements)
                if !elements.isEmpty { try body(elements) }
                return step
            }
            try finishInterrupted(dump, channel)
        }
    }

    @usableFromInline func finishInterrupted(_ dump: some Dump, _ channel: Channel) throws(NetlinkError) {
        if channel.exchange.isInterrupted {
            throw NetlinkError(.interrupted).naming(operation: "\(dump.operation)", object: dump.object)
        }
    }

    @usableFromInline func run(
        _ dump: some Dump<Family>, on channel: Channel, _ step: () throws(NetlinkError) -> Channel.Step
    ) throws(NetlinkError) {
        try channel.prepare(dump, .dump)
        do throws(NetlinkError) {
            try channel.send()
            var limit: Instant?
            while true {
                switch try step() {
                case .more:
                    limit = nil
                    try channel.checkLimit(dump.byteLimit)
                case .finished:
                    return try channel.checkLimit(dump.byteLimit)
                case .others: try channel.checkDeadline(&limit, timeout)
                case .wait:
                    if limit == nil { limit = deadline }
                    try wait(channel, limit)
                }
            }
        } catch {
            if !channel.sawEnd { giveUpDump(channel) }
            throw error
        }
    }

    /// Runs the commands of a batch and returns a result for each.
    ///
    /// The deadline counts anew for each window of about a hundred commands.
    public func perform(_ batch: inout Batch<Family>) throws(NetlinkError) -> [Result<Void, NetlinkError>] {
        // Commands of a batch are not run twice, so the number is asked for anew.
        let channel = try addressed(asking: true) { (channel: Channel) throws(NetlinkError) in channel }
        var progress = BatchProgress()
        progress.results.reserveCapacity(batch.count)
        do throws(NetlinkError) {
            while try channel.sendWindow(of: &batch, &progress) {
                var limit: Instant?
                answers: while true {
                    switch try channel.step(batch, &progress) {
                    case .more: continue
                    case .finished: break answers
                    case .others: try channel.checkDeadline(&limit, timeout)
                    case .wait:
                        if limit == nil { limit = deadline }
                        try wait(channel, limit)
                    }
                }
            }
        } catch {
            progress.fail(error, of: batch)
        }
        return progress.results
    }
}
