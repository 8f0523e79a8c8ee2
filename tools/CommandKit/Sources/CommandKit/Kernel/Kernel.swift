// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// The kernel as a command talks to it: connections that are opened when first wanted, requests whose errors are worded
/// already, and what waits to be sent together in a batch.
public final class Kernel<Family: NetlinkProtocol> {
    /// Whether the notification that a change causes is asked for (`-echo`); then nothing waits.
    public var isEchoing = false
    /// The exit status of what the kernel refuses.
    public var refusalStatus: Int32 = 2
    /// The size that receive buffers are asked for (`-rc`).
    public var receiveBuffer: UInt32?

    private let source: TransportSource?
    private let timeout: Duration?
    private var opened: BlockingConnection<Family>?
    private var openedSecond: BlockingConnection<Family>?
    private var pipeline: Pipeline<Family>?
    private var failedLater = false
    @usableFromInline var streamCount = 0

    /// Talks to the kernel of this process's namespace, or over transports of the caller's own.
    public init(opening source: TransportSource? = nil, timeout: Duration? = .seconds(30)) {
        self.source = source
        self.timeout = timeout
    }

    // MARK: Connections

    /// The connection; what waits is sent first.
    ///
    /// - Throws: ``CommandError`` when it cannot be opened, and when what had waited failed and the batch is to end there.
    public var connection: BlockingConnection<Family> {
        get throws(CommandError) {
            // Whatever wants the connection must find what waits executed.
            if pipeline != nil, !drain(), pipeline?.isForced != true { throw CommandError("", status: 1) }
            return try first
        }
    }

    /// A connection on which no dump runs, for questions in the middle of one; what waits is not sent first.
    public var idle: BlockingConnection<Family> {
        get throws(CommandError) {
            guard streamCount > 0 else { return try first }
            if let openedSecond { return openedSecond }
            let connection = try open()
            openedSecond = connection
            return connection
        }
    }

    private var first: BlockingConnection<Family> {
        get throws(CommandError) {
            if let opened { return opened }
            let connection = try open()
            opened = connection
            return connection
        }
    }

    private func open() throws(CommandError) -> BlockingConnection<Family> {
        do throws(NetlinkError) {
            let observer = try TraceObserver.fromEnvironment()
            if let source { return try BlockingConnection(opening: source, timeout: timeout, observer: observer) }
            guard let receiveBuffer else { return try BlockingConnection(timeout: timeout, observer: observer) }
            // A reply and its acknowledgement have to fit.
            let byteCount = max(Int(receiveBuffer), 8192)
            let sized = TransportSource { () throws(NetlinkError) in
                let socket = try NetlinkSocket.open(protocol: Family.number, in: .current)
                do throws(SystemError) { try socket.setReceiveBuffer(byteCount) } catch {
                    throw NetlinkError(error, operation: "set receive buffer")
                }
                return socket
            }
            return try BlockingConnection(opening: sized, timeout: timeout, observer: observer)
        } catch {
            throw CommandError("Cannot open netlink socket: \(error.code)", status: 255, endsBatch: true)
        }
    }

    // MARK: Requests

    /// Runs a command that the kernel acknowledges; a warning is printed.
    ///
    /// - Returns: with ``isEchoing``, the notification that the command caused, where it caused one.
    @discardableResult
    public func perform(_ command: some Command<Family>) throws(CommandError) -> RawMessage? {
        let connection = try connection
        do throws(NetlinkError) {
            if isEchoing { return try connection.query(EchoedCommand(command)) }
            KernelAnswer.warn(try connection.perform(command))
        } catch {
            // Not every change has a notification.
            guard isEchoing, error.code == .noReply else { throw KernelAnswer.refusal(error, status: refusalStatus) }
        }
        return nil
    }

    /// Runs a command on which nothing else in its line depends: in a batch it may wait and be sent with others.
    ///
    /// Where it is refused, `note` is a further line of the error, such as some commands of iproute2 have.
    @discardableResult
    public func performSoon(
        _ command: some Command<Family>, note: StaticString = ""
    ) throws(CommandError) -> RawMessage? {
        do throws(CommandError) { return try performSoonUnnoted(command, note) } catch {
            // What had failed before it was reported with its own line.
            throw error.message.isEmpty ? error : error.noting(note)
        }
    }

    private func performSoonUnnoted(
        _ command: some Command<Family>, _ note: StaticString
    ) throws(CommandError) -> RawMessage? {
        guard var waiting = pipeline.take() else { return try perform(command) }
        guard waiting.isOpen, !isEchoing else {
            waiting.noteExecuted()
            pipeline = consume waiting
            return try perform(command)
        }
        var refusal: CommandError?
        do throws(NetlinkError) { try waiting.append(command, note: note) } catch {
            refusal = KernelAnswer.refusal(error, status: refusalStatus)
        }
        let isFull = waiting.isFull
        pipeline = consume waiting
        if let refusal { throw refusal }
        if isFull { _ = drain() }
        return nil
    }

    /// Runs a query.
    public func query<Q: Query<Family>>(_ query: Q) throws(CommandError) -> Q.Reply {
        let connection = try connection
        do throws(NetlinkError) { return try connection.query(query) } catch {
            throw KernelAnswer.refusal(error, status: refusalStatus)
        }
    }

    /// Runs a dump whole.
    public func list<D: Dump<Family>>(_ dump: D) throws(CommandError) -> [D.Element] {
        let connection = try connection
        do throws(NetlinkError) { return try connection.dump(dump) } catch {
            throw KernelAnswer.refusedDump(error, status: refusalStatus)
        }
    }

    /// Runs a dump and gives each element to the closure as it comes, in constant memory; meanwhile ``idle`` is another
    /// connection.
    @inlinable
    public func stream<D: Dump<Family>>(
        _ dump: D, over connection: BlockingConnection<Family>, _ body: (D.Element) throws(NetlinkError) -> Void
    ) throws(NetlinkError) {
        streamCount += 1
        defer { streamCount -= 1 }
        try connection.dump(dump, forEach: body)
    }

    // MARK: Batches

    /// Lets commands wait from now on; `place` is what names the file in error lines.
    func beginBatch(_ file: Word, isForced: Bool) {
        pipeline = Pipeline(file: file, isForced: isForced, status: refusalStatus)
    }

    /// Tells which line of the batch comes next.
    func beginLine(_ line: Int) { pipeline?.line = line }

    /// Sends what waits; false when any of it failed, which was reported.
    public func drain() -> Bool {
        guard var waiting = pipeline.take() else { return true }
        var isGood = true
        if !waiting.isEmpty {
            do throws(CommandError) { isGood = waiting.send(over: try first) } catch {
                error.report()
                waiting.removeAll()
                isGood = false
            }
        }
        pipeline = consume waiting
        if !isGood { failedLater = true }
        return isGood
    }

    /// Whether a command that had waited has failed since this was last asked.
    func takeFailure() -> Bool {
        defer { failedLater = false }
        return failedLater
    }
}
