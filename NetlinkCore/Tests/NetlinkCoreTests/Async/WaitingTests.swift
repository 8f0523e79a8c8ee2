// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@_spi(System) @testable import NetlinkCore

@Suite("Connection, deadlines", .timeLimit(.minutes(2))) struct ConnectionDeadlineTests {
    @Test("the deadline ends every wait, and no sooner", arguments: AsyncOperation.all)
    func deadline(operation: AsyncOperation) async throws {
        let kernel = FakeKernel { _ in .silence }
        let connection = try ItemConnection(opening: kernel.source, timeout: .milliseconds(30))
        let start = Instant.now
        let error = await operation.run(connection).error
        let time = Instant.now.since(start)
        #expect(error?.code == .timedOut)
        #expect(error?.operation == operation.operation)
        #expect(time >= .milliseconds(30))
        #expect(time < .seconds(8))
    }

    @Test("a foreign stream without end does not outlast the deadline", arguments: AsyncOperation.all)
    func endlessForeign(operation: AsyncOperation) async throws {
        let kernel = FakeKernel { .endless(Item(1).message.bytes(sequence: $0.sequence &+ 1000, port: $0.port)) }
        let connection = try ItemConnection(opening: kernel.source, timeout: .milliseconds(30))
        let start = Instant.now
        #expect(await operation.run(connection).error?.code == .timedOut)
        #expect(Instant.now.since(start) < .seconds(8))
    }

    @Test("readiness without data is waited out", arguments: AsyncOperation.all)
    func spuriousReadiness(operation: AsyncOperation) async throws {
        let kernel = FakeKernel { request in
            .nothing(times: 5)
                + (request.isDump ? request.dump(items(3).map(\.message)) : request.object(Item(1).message))
                .interspersed(with: .nothing(times: 2))
        }
        let connection = try ItemConnection(opening: kernel.source)
        #expect(await operation.run(connection).error == nil)
    }

    @Test("answers that come later wake the task", arguments: AsyncOperation.all)
    func laterAnswers(operation: AsyncOperation) async throws {
        let kernel = FakeKernel { request in
            (request.isDump ? request.dump(items(3).map(\.message)) : request.object(Item(1).message))
                .interspersed(with: .held)
        }
        let connection = try ItemConnection(opening: kernel.source)
        let releaser = try Releaser(kernel, every: .milliseconds(2))
        defer { releaser.stop() }
        let (error, indexes) = await operation.run(connection)
        #expect(error == nil)
        if operation.isDump { #expect(indexes == [1, 2, 3]) }
    }

    @Test("a late reply is discarded by the next request") func lateReply() async throws {
        let kernel = FakeKernel { request in
            let answer = request.object(Item(UInt32(request.payload[0])).message)
            return request.payload[0] == 1 ? .held + answer : answer
        }
        let connection = try ItemConnection(opening: kernel.source, timeout: .milliseconds(50))
        #expect(
            await asyncError { () async throws(NetlinkError) in try await connection.query(GetItem(index: 1)) }?.code
                == .timedOut)
        kernel.release()
        #expect(try await connection.query(GetItem(index: 2)) == Item(2))
        #expect(kernel.openedCount == 1)
    }

    @Test("a dump that was given up costs its socket; refused and whole ones do not") func abandonedDump() async throws
    {
        let mode = Shared(0)
        let kernel = FakeKernel { request in
            guard request.isDump else { return request.acknowledge() }
            return switch mode.value {
            case 0: request.message(Item(1).message)
            case 1: request.error(.notPermitted)
            default: request.dump([])
            }
        }
        let connection = try ItemConnection(opening: kernel.source, timeout: .milliseconds(20))
        #expect(
            await asyncError { () async throws(NetlinkError) in try await connection.dump(ListItems()) }?.code
                == .timedOut)
        try await connection.perform(AddItem(Item(1)))
        #expect(kernel.openedCount == 2)
        mode.change { $0 = 1 }
        #expect(
            await asyncError { () async throws(NetlinkError) in try await connection.dump(ListItems()) }?.code
                == .notPermitted)
        mode.change { $0 = 2 }
        _ = try await connection.dump(ListItems())
        try await connection.perform(AddItem(Item(1)))
        #expect(kernel.openedCount == 2)
        #expect(kernel.openCount == 1)
    }

    @Test("when no other socket can be opened, that is the error, and the next call tries again") func reopening()
        async throws
    {
        let kernel = FakeKernel { $0.isDump ? .silence : $0.acknowledge() }
        let connection = try ItemConnection(opening: kernel.source, timeout: .milliseconds(10))
        _ = await asyncError { () async throws(NetlinkError) in try await connection.dump(ListItems()) }
        kernel.failOpening(.tooManyOpenFiles)
        let error = await asyncError { () async throws(NetlinkError) in try await connection.perform(AddItem(Item(1))) }
        #expect(error?.code == .tooManyOpenFiles)
        try await connection.perform(AddItem(Item(1)))
    }
}

@Suite("Connection, cancellation", .timeLimit(.minutes(2))) struct ConnectionCancellationTests {
    @Test("a task that is cancelled already sends nothing", arguments: AsyncOperation.all)
    func before(operation: AsyncOperation) async throws {
        let kernel = FakeKernel.withItems()
        let connection = try ItemConnection(opening: kernel.source)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return await operation.run(connection).error
        }
        task.cancel()
        #expect(await task.value?.code == .cancelled)
        #expect(kernel.requests.isEmpty)
        #expect(kernel.openCount == 1)
    }

    /// Each operation, held before each of the datagrams of its answer.
    static let points = AsyncOperation.all.flatMap { operation in
        (0..<4).map { Point(operation: operation, number: $0) }
    }
    struct Point: Sendable, CustomTestStringConvertible {
        var operation: AsyncOperation
        var number: Int
        var testDescription: String { "\(operation.name) before datagram \(number)" }
    }

    @Test("cancellation ends every wait at once, and the connection goes on", arguments: points)
    func waiting(point: Point) async throws {
        let isHonest = Shared(false)
        let kernel = FakeKernel { request in
            if isHonest.value { return request.isDump ? request.dump([]) : request.object(Item(1).message) }
            let noise = (0..<point.number).reduce(FakeAnswer.silence) { noise, _ in
                noise + request.message(Item(9).message)
            }
            return noise + .held + (request.isDump ? request.dump([]) : request.acknowledge())
        }
        for delay in [0, 50, 500, 3000] {
            isHonest.change { $0 = false }
            let connection = try ItemConnection(opening: kernel.source)
            let task = Task { await point.operation.run(connection).error }
            let requestCount = kernel.requests.count
            if delay > 50 { try await waitUntil { kernel.requests.count > requestCount } }
            try await Task.sleep(for: .microseconds(delay))
            let start = Instant.now
            task.cancel()
            let error = await task.value
            #expect(error?.code == .cancelled)
            #expect(Instant.now.since(start) < .seconds(8))
            if delay > 50 { #expect(error?.operation == point.operation.operation) }
            isHonest.change { $0 = true }
            kernel.release()
            #expect(await point.operation.run(connection).error == nil)
            #expect(try await connection.dump(ListItems()).isEmpty)
            #expect(kernel.openCount == 1)
        }
    }

    @Test("a dump that never waits is cancelled between datagrams", arguments: AsyncOperation.all.filter(\.isDump))
    func endlessDump(operation: AsyncOperation) async throws {
        let kernel = FakeKernel { request in
            .endless(Item(1).message.bytes(sequence: request.sequence, port: request.port, adding: .multipart))
        }
        let connection = try ItemConnection(opening: kernel.source)
        let task = Task { await operation.run(connection).error }
        try await waitUntil { kernel.requests.count == 1 }
        task.cancel()
        #expect(await task.value?.code == .cancelled)
    }

    @Test("a task that waits for its turn leaves when cancelled, and the others go on") func queued() async throws {
        let kernel = FakeKernel { request in
            request.payload[0] == 1 ? .held + request.acknowledge() : request.acknowledge()
        }
        let connection = try ItemConnection(opening: kernel.source)
        let first = Task { try await connection.perform(AddItem(Item(1))) }
        try await waitUntil { kernel.requests.count == 1 }
        let second = Task {
            await asyncError { () async throws(NetlinkError) in try await connection.perform(AddItem(Item(2))) }
        }
        let third = Task { try await connection.perform(AddItem(Item(3))) }
        try await Task.sleep(for: .milliseconds(5))
        second.cancel()
        #expect(await second.value?.code == .cancelled)
        kernel.release()
        _ = try await first.value
        _ = try await third.value
        #expect(kernel.requests.map { $0.payload[0] } == [1, 3])
    }

    @Test(
        "only others' datagrams, without end, do not keep a task from being cancelled or closed",
        arguments: AsyncOperation.all, [true, false])
    func endlessForeign(operation: AsyncOperation, closes: Bool) async throws {
        let kernel = FakeKernel { .endless(Item(1).message.bytes(sequence: $0.sequence &+ 1000, port: $0.port)) }
        let connection = try ItemConnection(opening: kernel.source)
        let task = Task { await operation.run(connection).error }
        try await waitUntil { kernel.requests.count == 1 }
        // A stream has a socket of its own, which the connection's closing leaves.
        let isClosing = closes && !operation.name.hasPrefix("stream")
        if isClosing { connection.close() } else { task.cancel() }
        #expect(await task.value?.code == (isClosing ? .closed : .cancelled))
    }

    @Test("a batch stops between its windows when cancelled, and keeps the results it has") func betweenWindows()
        async throws
    {
        let running = Shared<Task<[Result<Void, NetlinkError>], any Error>?>(nil)
        let kernel = FakeKernel { request in
            if request.payload[0] == 100 { running.value?.cancel() }
            return request.acknowledge()
        }
        let connection = try ItemConnection(opening: kernel.source)
        let isReady = Shared(false)
        let task = Task {
            var batch = Batch<ItemFamily>()
            for index in 0..<250 { try batch.append(RemoveItem(index: UInt32(index))) }
            while !isReady.value { await Task.yield() }
            return try await connection.perform(batch)
        }
        running.change { $0 = task }
        isReady.change { $0 = true }
        let results = try await task.value
        let failed = results.indices.filter { index in
            if case .failure(let error) = results[index] { error.code == .cancelled } else { false }
        }
        #expect(failed == Array(128..<250))
        #expect(kernel.requests.count == 128)
    }

    @Test("a batch whose answer is awaited ends when cancelled") func batch() async throws {
        let kernel = FakeKernel { request in
            request.payload[0] == 127 ? .held + request.acknowledge() : request.acknowledge()
        }
        let connection = try ItemConnection(opening: kernel.source)
        let task = Task {
            var batch = Batch<ItemFamily>()
            for index in 0..<250 { try batch.append(RemoveItem(index: UInt32(index))) }
            return try await connection.perform(batch)
        }
        try await waitUntil { kernel.requests.count == 128 }
        task.cancel()
        let results = try await task.value
        #expect(results.count == 250)
        let codes = results.map { result in
            if case .failure(let error) = result { error.code } else { nil as NetlinkError.Code? }
        }
        #expect(codes.allSatisfy { $0 == .cancelled })
        #expect(kernel.requests.count == 128)
    }
}

@Suite("Connection, closing", .timeLimit(.minutes(2))) struct ConnectionClosingTests {
    @Test(
        "a closed connection refuses, however often it was closed, and its socket is gone",
        arguments: AsyncOperation.all)
    func closed(operation: AsyncOperation) async throws {
        let kernel = FakeKernel.withItems()
        let connection = try ItemConnection(opening: kernel.source)
        connection.close()
        connection.close()
        #expect(await operation.run(connection).error?.code == .closed)
        #expect(kernel.openCount == 0)
        #expect(kernel.requests.isEmpty)
    }

    @Test("closing ends whoever waits, at any moment", arguments: AsyncOperation.own)
    func waiting(operation: AsyncOperation) async throws {
        for round in 0..<60 {
            let kernel = FakeKernel { _ in .held }
            let connection = try ItemConnection(opening: kernel.source, sending: round % 2 == 0 ? .inline : .ownThread)
            let tasks = (0..<3).map { _ in Task { await operation.run(connection).error } }
            if round % 3 == 0 { try await waitUntil { kernel.requests.count == 1 } }
            for _ in 0..<(round % 7) { await Task.yield() }
            let start = Instant.now
            connection.close()
            for task in tasks { #expect(await task.value?.code == .closed) }
            #expect(Instant.now.since(start) < .seconds(8))
            // The sending thread lets go of the socket after the task has its answer.
            try await waitUntil { kernel.openCount == 0 }
        }
    }

    @Test("a connection that nobody holds closes its socket") func deinitialised() async throws {
        let kernel = FakeKernel.withItems()
        do {
            let connection = try ItemConnection(opening: kernel.source)
            _ = try await connection.dump(ListItems())
            try await connection.perform(AddItem(Item(9)))
        }
        try await waitUntil { kernel.openCount == 0 }
    }

    @Test("after a fork the child is refused, and the parent goes on") func fork() async {
        await #expect(processExitsWith: .success) {
            let kernel = FakeKernel.withItems()
            let connection = try ItemConnection(opening: kernel.source)
            _ = try await connection.query(GetItem(index: 1))
            let status = inForkedChild {
                let codes = Shared<[NetlinkError.Code?]>([])
                let executor = InlineExecutor()
                for operation in AsyncOperation.all {
                    Task(executorPreference: executor) {
                        let error = await operation.run(connection).error
                        codes.change { $0.append(error?.code) }
                    }
                }
                return codes.value.count == AsyncOperation.all.count && codes.value.allSatisfy { $0 == .forked }
            }
            #expect(status == 0)
            _ = try await connection.query(GetItem(index: 1))
        }
    }

    @Test("a connection that cannot be opened throws") func opening() {
        let kernel = FakeKernel.withItems()
        kernel.failOpening(.protocolNotSupported)
        #expect(
            netlinkError { () throws(NetlinkError) in try ItemConnection(opening: kernel.source) }?.code
                == .protocolNotSupported)
    }
}

@Suite("Connection, many tasks", .timeLimit(.minutes(2))) struct ConnectionSharingTests {
    @Test("requests of many tasks go in the order in which they came") func order() async throws {
        let kernel = FakeKernel { request in
            request.payload[0] == 0 ? .held + request.acknowledge() : request.acknowledge()
        }
        let connection = try ItemConnection(opening: kernel.source)
        var tasks: [Task<ExtendedAcknowledgement?, any Error>] = []
        for index in 0..<50 as Range<UInt32> {
            tasks.append(Task { try await connection.perform(AddItem(Item(index))) })
            if index == 0 { try await waitUntil { kernel.requests.count == 1 } }
            // One after the other into the queue.
            try await waitUntil { connection.waitingCount == Int(index) }
        }
        kernel.release()
        for task in tasks { _ = try await task.value }
        #expect(kernel.requests.map { $0.payload[0] } == (0..<50).map { UInt8($0) })
    }

    @Test("when too many wait, the next is told that the connection is busy", arguments: [0, 1, 5])
    func busy(limit: Int) async throws {
        let kernel = FakeKernel { request in
            request.payload[0] == 0 ? .held + request.acknowledge() : request.acknowledge()
        }
        let connection = try ItemConnection(opening: kernel.source, limits: ConnectionLimits(waitingRequests: limit))
        let first = Task { try await connection.perform(AddItem(Item(0))) }
        try await waitUntil { kernel.requests.count == 1 }
        let waiting = (0..<limit).map { _ in Task { try await connection.perform(AddItem(Item(1))) } }
        try await waitUntil { connection.waitingCount == limit }
        let error = await asyncError { () async throws(NetlinkError) in try await connection.perform(AddItem(Item(2))) }
        #expect(error?.code == .busy)
        #expect(error?.isBusy == true)
        #expect(error?.operation == "add item")
        kernel.release()
        _ = try await first.value
        for task in waiting { _ = try await task.value }
        try await connection.perform(AddItem(Item(3)))
        #expect(kernel.requests.map { $0.payload[0] } == [0] + Array(repeating: 1, count: limit) + [3])
    }

    @Test("every task gets its own answer or a typed error, whoever is cancelled") func stress() async throws {
        let kernel = FakeKernel { request in
            if request.isDump { return request.dump([Item(7).message, Item(8).message]) }
            let index = (try? request.payload.rawSpan.load(at: 0, as: UInt32.self)) ?? 0
            let object = Item(index, value: index ^ 0x5555).message
            // Every third answer is waited for.
            return index % 3 == 0 ? .nothing(times: 1) + request.object(object) : request.object(object)
        }
        let connection = try ItemConnection(opening: kernel.source)
        let wrong = Shared<[String]>([])
        let counts = Shared<[String: Int]>([:])
        await withTaskGroup { group in
            for number in 0..<64 as Range<UInt32> {
                group.addTask {
                    var generator = SplitMix(seed: UInt64(number))
                    for turn in 0..<200 as Range<UInt32> {
                        let index = number * 1000 + turn
                        let isDump = turn % 25 == 24
                        let isCommand = turn % 10 == 9
                        let task = Task { () async throws(NetlinkError) -> String in
                            if isDump { return "\(try await connection.dump(ListItems()).map(\.index))" }
                            if isCommand {
                                try await connection.perform(SetItem(Item(index)))
                                return "done"
                            }
                            let item = try await connection.query(GetItem(index: index))
                            return item == Item(index, value: index ^ 0x5555) ? "own" : "\(item)"
                        }
                        if Int.random(in: 0..<4, using: &generator) == 0 {
                            for _ in 0..<Int.random(in: 0..<4, using: &generator) { await Task.yield() }
                            task.cancel()
                        }
                        let outcome: String
                        do { outcome = try await task.value } catch {
                            outcome = (error as? NetlinkError)?.code == .cancelled ? "cancelled" : "\(error)"
                        }
                        let expected = isDump ? "[7, 8]" : isCommand ? "done" : "own"
                        if outcome != expected, outcome != "cancelled" {
                            wrong.change { $0.append("\(index): \(outcome)") }
                        }
                        counts.change { $0[outcome, default: 0] += 1 }
                    }
                }
            }
        }
        #expect(wrong.value.isEmpty)
        #expect(counts.value.values.reduce(0, +) == 64 * 200)
        #expect(counts.value["own", default: 0] > 5000)
        #expect(counts.value["cancelled", default: 0] > 100)
        #expect(kernel.openCount == 1)
        #expect(try await connection.query(GetItem(index: 3)) == Item(3, value: 3 ^ 0x5555))
    }
}
