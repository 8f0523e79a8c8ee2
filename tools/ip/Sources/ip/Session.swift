// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// What a run of the command carries from one command line to the next: options, output, connection, names.
struct Session: ~Copyable {
    var options: GlobalOptions
    var output: Output
    var names: Names
    let links: LinkNames
    /// What waits to be sent, in a batch.
    var pipeline: Pipeline?
    /// What names the present line of a batch when it fails.
    var place: CommandError?
    /// Whether a command that had waited failed since this was last looked at.
    private var failedLater = false
    private var opened: BlockingRouteConnection?
    private var openedSecond: BlockingRouteConnection?

    init(_ options: GlobalOptions) throws(CommandError) {
        self.options = options
        output = options.makeOutput()
        names = Names(isNumeric: options.numeric)
        links = LinkNames()
    }

    /// The connection, opened when first wanted.
    var connection: BlockingRouteConnection {
        mutating get throws(CommandError) {
            // Whatever wants the connection must find what waits executed.
            if pipeline != nil, !drain(), !options.force { throw CommandError("", status: 1) }
            return try openedConnection
        }
    }

    private var openedConnection: BlockingRouteConnection {
        mutating get throws(CommandError) {
            if let opened { return opened }
            do throws(NetlinkError) {
                let connection = try BlockingRouteConnection(
                    timeout: .seconds(30), observer: TraceObserver.fromEnvironment())
                opened = connection
                links.connection = connection
                return connection
            } catch {
                throw CommandError("Cannot open netlink socket: \(error.code)", status: 255)
            }
        }
    }

    /// Another connection, for questions while the first one is busy with a dump.
    var second: BlockingRouteConnection {
        mutating get throws(CommandError) {
            if let openedSecond { return openedSecond }
            do throws(NetlinkError) {
                let connection = try BlockingRouteConnection(observer: TraceObserver.fromEnvironment())
                openedSecond = connection
                return connection
            } catch {
                throw CommandError("Cannot open netlink socket: \(error.code)", status: 255)
            }
        }
    }

    /// Runs one command line and returns its exit status; what went wrong was reported.
    mutating func run(_ words: inout Words) -> Int32 {
        do throws(CommandError) {
            try IPObject.run(&words, &self)
            return 0
        } catch {
            error.report()
            return error.status
        }
    }

    /// Writes what is left, and turns a failed write into a failed command.
    consuming func finish(_ status: Int32) -> Int32 {
        let failed = output.finish()
        return status == 0 && failed != 0 ? 1 : status
    }

    /// Writes what is left so far, in a batch.
    mutating func flush(_ status: Int32) -> Int32 {
        output.flush()
        let failed = output.finish()
        return status == 0 && failed != 0 ? 1 : status
    }

    /// Sends what waits; false when any of it failed.
    mutating func drain() -> Bool {
        guard var waiting = pipeline.take() else { return true }
        var isGood = true
        if !waiting.isEmpty, let opened { isGood = waiting.send(over: opened) }
        if !isGood { failedLater = true }
        pipeline = consume waiting
        return isGood
    }

    /// Whether a command that had waited has failed, asked once.
    var hasFailed: Bool {
        mutating get {
            defer { failedLater = false }
            return failedLater
        }
    }

    /// Runs a command that nothing in the line depends on: in a batch it may wait and be sent with others.
    mutating func performSoon(_ command: some Command<RouteProtocol>) throws(CommandError) {
        guard let place, var waiting = pipeline.take() else { return try perform(command) }
        guard waiting.isOpen, !options.echo else {
            waiting.noteExecuted()
            pipeline = consume waiting
            return try perform(command)
        }
        _ = try openedConnection
        var refusal: CommandError?
        do throws(NetlinkError) {
            try waiting.append(command, at: place)
        } catch {
            refusal = KernelAnswer.refusal(error)
        }
        let isFull = waiting.isFull
        pipeline = consume waiting
        if let refusal { throw refusal }
        if isFull { _ = drain() }
    }

    /// Runs a command that the kernel acknowledges.
    mutating func perform(_ command: some Command<RouteProtocol>) throws(CommandError) {
        if options.echo { return try performEchoed(command) }
        let connection = try connection
        do throws(NetlinkError) {
            let said = try connection.perform(command)
            KernelAnswer.warn(said)
        } catch {
            throw KernelAnswer.refusal(error)
        }
    }

    private mutating func performEchoed(_ command: some Command<RouteProtocol>) throws(CommandError) {
        let connection = try connection
        let answer: RawMessage?
        do throws(NetlinkError) {
            answer = try connection.query(EchoedCommand(base: command))
        } catch {
            // Not every change has a notification.
            guard error.code == .noReply else { throw KernelAnswer.refusal(error) }
            answer = nil
        }
        if let answer { Echo.print(answer, &self) }
    }

    /// Runs a query.
    mutating func query<Q: Query<RouteProtocol>>(_ query: Q) throws(CommandError) -> Q.Reply {
        let connection = try connection
        do throws(NetlinkError) { return try connection.query(query) } catch { throw KernelAnswer.refusal(error) }
    }

    /// Runs a dump whole.
    mutating func list<D: Dump<RouteProtocol>>(_ dump: D) throws(CommandError) -> [D.Element] {
        let connection = try connection
        do throws(NetlinkError) {
            return try connection.dump(dump)
        } catch {
            throw KernelAnswer.refusedDump(error)
        }
    }

    /// The number of an interface that a command changes.
    mutating func index(of device: Word) throws(CommandError) -> InterfaceIndex {
        guard let index = try lookUp(device) else { throw .noDevice(device) }
        return index
    }

    /// The number of an interface, or nil when there is none of the name.
    ///
    /// Like iproute2 a name `if7` that no interface has stands for number 7.
    mutating func lookUp(_ device: Word) throws(CommandError) -> InterfaceIndex? {
        // Links are never changed by what waits, so that it need not be sent first.
        _ = try openedConnection
        return links.index(of: device.string)
    }
}
