// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@_spi(System) @testable import NetlinkCore

@Suite("Connection pool", .timeLimit(.minutes(2))) struct ConnectionPoolTests {
    typealias Pool = ConnectionPool<ItemFamily>

    /// A kernel that holds every answer back until it is released.
    private func holding() -> FakeKernel {
        FakeKernel { .held + ($0.isDump ? $0.dump(items(3).map(\.message)) : $0.object(Item(1).message)) }
    }

    @Test("runs everything that a connection runs, and opens no more than it needs") func requests() async throws {
        let kernel = FakeKernel.withItems()
        let pool = Pool(opening: kernel.source)
        #expect(kernel.openedCount == 0)
        #expect(try await pool.dump(ListItems()) == items(5))
        #expect(try await pool.query(GetItem(index: 2)).index == 2)
        try await pool.perform(AddItem(Item(9)))
        var batch = Batch<ItemFamily>()
        for index in 10..<13 as Range<UInt32> { try batch.append(AddItem(Item(index))) }
        #expect(try await pool.perform(batch).count == 3)
        #expect(
            try await pool.withConnection { (connection) async throws(NetlinkError) in
                try await connection.dump(ListItems()).count
            } == 9)
        #expect(kernel.openedCount == 1)
        #expect(pool.openCount == 1)
        #expect(pool.size == 4)
    }

    @Test("runs as many dumps side by side as it has connections", arguments: [-3, 1, 2, 5]) func parallel(size: Int)
        async throws
    {
        let kernel = holding()
        let pool = Pool(opening: kernel.source, size: size)
        let places = Swift.max(1, size)
        #expect(pool.size == places)
        let tasks = (0..<12).map { _ in Task { try await pool.dump(ListItems()).count } }
        try await waitUntil { kernel.requests.count == places && pool.waitingCount == 12 - places }
        #expect(Set(kernel.requests.map(\.socket)).count == places)
        let releaser = try Releaser(kernel, every: .milliseconds(2))
        for task in tasks { #expect(try await task.value == 3) }
        releaser.stop()
        #expect(kernel.openedCount == places)
    }

    @Test("tasks are served in the order in which they came") func fair() async throws {
        let kernel = FakeKernel.withItems()
        let pool = Pool(opening: kernel.source, size: 1)
        let order = Shared<[Int]>([])
        let gate = Shared(false)
        let first = Task {
            try await pool.withConnection { (_) async throws(NetlinkError) in
                while !gate.value { await Task.yield() }
            }
        }
        try await waitUntil { pool.openCount == 1 }
        let tasks = try await Array(0..<20).asyncMap { index in
            let task = Task {
                try await pool.withConnection { (_) async throws(NetlinkError) in order.change { $0.append(index) } }
            }
            try await waitUntil { pool.waitingCount == index + 1 }
            return task
        }
        gate.change { $0 = true }
        try await first.value
        for task in tasks { try await task.value }
        #expect(order.value == Array(0..<20))
    }

    @Test("who waits too long is told, and takes nobody's place") func deadline() async throws {
        let kernel = holding()
        let pool = Pool(opening: kernel.source, size: 1, timeout: .milliseconds(40))
        let lent = Shared(false)
        let holder = Task {
            try await pool.withConnection { (_) async throws(NetlinkError) in
                lent.change { $0 = true }
                while lent.value { try? await Task.sleep(for: .milliseconds(1)) }
            }
        }
        try await waitUntil { lent.value }
        let start = Instant.now
        let error = await asyncError { () async throws(NetlinkError) in try await pool.dump(ListItems()) }
        #expect(error?.code == .timedOut)
        #expect(error?.operation == "wait for a connection")
        #expect(Instant.now.since(start) >= .milliseconds(40))
        #expect(kernel.requests.isEmpty)
        lent.change { $0 = false }
        try await holder.value
        // Now the kernel is what keeps it waiting, on the connection that is free again.
        let late = await asyncError { () async throws(NetlinkError) in try await pool.dump(ListItems()) }
        #expect(late?.code == .timedOut)
        #expect(late?.operation == "list items")
    }

    @Test("a task that is cancelled while it waits leaves, and its place is the next one's") func cancelled()
        async throws
    {
        let kernel = holding()
        let pool = Pool(opening: kernel.source, size: 1)
        let first = Task { try await pool.query(GetItem(index: 1)) }
        try await waitUntil { kernel.requests.count == 1 }
        let second = Task { try await pool.query(GetItem(index: 2)) }
        try await waitUntil { pool.waitingCount == 1 }
        let third = Task { try await pool.query(GetItem(index: 3)) }
        try await waitUntil { pool.waitingCount == 2 }
        second.cancel()
        let error = await #expect(throws: NetlinkError.self) { try await second.value }
        #expect(error?.isCancelled == true)
        let releaser = try Releaser(kernel, every: .milliseconds(2))
        defer { releaser.stop() }
        _ = try await first.value
        _ = try await third.value
        #expect(kernel.requests.map { $0.payload[0] } == [1, 3])
    }

    @Test("when too many wait, the next is told that the pool is busy", arguments: [0, 2]) func busy(limit: Int)
        async throws
    {
        let kernel = holding()
        let pool = Pool(opening: kernel.source, size: 2, limits: ConnectionLimits(waitingRequests: limit))
        let tasks = (0..<(2 + limit)).map { _ in Task { try await pool.query(GetItem(index: 1)) } }
        try await waitUntil { pool.waitingCount == limit && kernel.requests.count == 2 }
        let error = await asyncError { () async throws(NetlinkError) in try await pool.query(GetItem(index: 1)) }
        #expect(error?.isBusy == true)
        let releaser = try Releaser(kernel, every: .milliseconds(2))
        defer { releaser.stop() }
        for task in tasks { _ = try await task.value }
    }

    @Test("closing ends what waits for a connection and what waits for the kernel") func close() async throws {
        let kernel = holding()
        let pool = Pool(opening: kernel.source, size: 2)
        let tasks = (0..<6).map { _ in Task { try await pool.dump(ListItems()) } }
        try await waitUntil { pool.waitingCount == 4 && kernel.requests.count == 2 }
        pool.close()
        for task in tasks {
            let error = await #expect(throws: NetlinkError.self) { try await task.value }
            #expect(error?.isClosed == true)
        }
        let error = await asyncError { () async throws(NetlinkError) in try await pool.dump(ListItems()) }
        #expect(error?.isClosed == true)
        pool.close()
        try await waitUntil { kernel.openCount == 0 }
    }

    @Test("a pool that is gone has closed its sockets") func deinitialised() async throws {
        let kernel = FakeKernel.withItems()
        do {
            let pool = Pool(opening: kernel.source)
            _ = try await pool.dump(ListItems())
            #expect(kernel.openCount == 1)
        }
        try await waitUntil { kernel.openCount == 0 }
    }

    @Test("a connection that cannot be opened costs no place") func openFailure() async throws {
        let kernel = FakeKernel.withItems()
        let pool = Pool(opening: kernel.source, size: 1)
        for _ in 0..<3 {
            kernel.failOpening(.tooManyOpenFiles)
            let error = await asyncError { () async throws(NetlinkError) in try await pool.dump(ListItems()) }
            #expect(error?.code == .tooManyOpenFiles)
        }
        #expect(try await pool.dump(ListItems()).count == 5)
    }

    @Test("a connection that its user closed is replaced") func closedByUser() async throws {
        let kernel = FakeKernel.withItems()
        let pool = Pool(opening: kernel.source, size: 1)
        try await pool.withConnection { (connection) async throws(NetlinkError) in connection.close() }
        #expect(try await pool.dump(ListItems()).count == 5)
        #expect(kernel.openedCount == 2)
    }

    @Test("what the closure throws is thrown, and the connection goes back") func throwing() async throws {
        let pool = Pool(opening: FakeKernel.withItems().source, size: 1)
        let error = await asyncError { () async throws(NetlinkError) in
            try await pool.withConnection { (_) async throws(NetlinkError) in throw NetlinkError(.noSpace) }
        }
        #expect(error?.code == .noSpace)
        #expect(try await pool.dump(ListItems()).count == 5)
    }

    @Test("connections are lent to one task at a time, whoever is cancelled") func stress() async throws {
        let kernel = FakeKernel { request in
            let answer = request.isDump ? request.dump(items(4).map(\.message)) : request.object(Item(1).message)
            return request.payload[0] % 3 == 0 ? .nothing(times: 1) + answer : answer
        }
        let pool = Pool(opening: kernel.source, size: 3)
        let lent = Shared<[ObjectIdentifier: Int]>([:])
        let wrong = Shared<[String]>([])
        await withTaskGroup { group in
            for number in 0..<32 as Range<UInt32> {
                group.addTask {
                    var generator = SplitMix(seed: UInt64(number))
                    for turn in 0..<60 {
                        let task = Task {
                            try await pool.withConnection { (connection) async throws(NetlinkError) in
                                let id = ObjectIdentifier(connection)
                                lent.change { $0[id, default: 0] += 1 }
                                if lent.value[id] != 1 { wrong.change { $0.append("lent twice") } }
                                defer { lent.change { $0[id, default: 0] -= 1 } }
                                if turn % 5 == 0 { return try await connection.dump(ListItems()).count == 4 }
                                return try await connection.query(GetItem(index: number)).index == 1
                            }
                        }
                        if Bool.random(using: &generator) {
                            for _ in 0..<Int.random(in: 0..<4, using: &generator) { await Task.yield() }
                            task.cancel()
                        }
                        do {
                            if try await !task.value { wrong.change { $0.append("another answer") } }
                        } catch {
                            if (error as? NetlinkError)?.isCancelled != true { wrong.change { $0.append("\(error)") } }
                        }
                    }
                }
            }
        }
        #expect(wrong.value.isEmpty)
        #expect(lent.value.values.allSatisfy { $0 == 0 })
        #expect(pool.openCount <= 3)
        #expect(try await pool.dump(ListItems()).count == 4)
    }

    @Test("after a fork the child is refused") func fork() async {
        await #expect(processExitsWith: .success) {
            let pool = Pool(opening: FakeKernel.withItems().source)
            _ = try await pool.dump(ListItems())
            let status = inForkedChild {
                let code = Shared<NetlinkError.Code?>(nil)
                Task(executorPreference: InlineExecutor()) {
                    do throws(NetlinkError) { _ = try await pool.dump(ListItems()) } catch {
                        code.change { $0 = error.code }
                    }
                }
                return code.value == .forked
            }
            #expect(status == 0)
        }
    }
}
