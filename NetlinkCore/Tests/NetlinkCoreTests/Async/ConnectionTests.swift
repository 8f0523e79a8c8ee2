// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@_spi(System) @testable import NetlinkCore

typealias ItemConnection = Connection<ItemFamily>

@Suite("Connection", .timeLimit(.minutes(2))) struct ConnectionTests {
    @Test("requests are sent and answered as on a blocking connection", arguments: AsyncOperation.all, [true, false])
    func operations(operation: AsyncOperation, noisy: Bool) async throws {
        let kernel = FakeKernel.withItems(5, noisy: noisy)
        let connection = try ItemConnection(opening: kernel.source)
        if !operation.isDump { try await connection.perform(RemoveItem(index: 1)) }
        let (error, indexes) = await operation.run(connection)
        if operation.name == "query" {
            #expect(error?.code == .notFound)
        } else {
            #expect(error == nil)
            #expect(indexes == (operation.isDump ? [1, 2, 3, 4, 5] : []))
        }
        #expect(kernel.malformedRequestCount == 0)
    }

    @Test(
        "commands may be sent from the task", arguments: [CommandSending.inline, .ownThread, .automatic])
    func sending(sending: CommandSending) async throws {
        let kernel = FakeKernel.withItems(2)
        let connection = try ItemConnection(opening: kernel.source, sending: sending)
        try await connection.perform(AddItem(Item(7, value: 1)))
        #expect(try await connection.query(GetItem(index: 7)) == Item(7, value: 1))
        #expect(
            await asyncError { () async throws(NetlinkError) in try await connection.perform(AddItem(Item(7))) }?.code
                == .exists)
        var batch = Batch<ItemFamily>()
        for index in 0..<300 { try batch.append(AddItem(Item(UInt32(index)))) }
        let results = try await connection.perform(batch)
        let failed = results.indices.filter { if case .failure = results[$0] { true } else { false } }
        #expect(failed == [1, 2, 7])
        #expect(kernel.requests.count == 303)
    }

    @Test(
        "commands that sleep in the kernel hold up no other task",
        arguments: [CommandSending.automatic, .ownThread])
    func slowCommands(sending: CommandSending) async throws {
        let gate = Shared(false)
        let isLate = Shared(false)
        let kernel = FakeKernel { request in
            let limit = Instant.now + .seconds(60)
            while request.type == ItemFamily.deleteItem, !gate.value, !isLate.value {
                sleepBriefly()
                if Instant.now > limit { isLate.change { $0 = true } }
            }
            return request.acknowledge()
        }
        // More than the pool has threads.
        let slow = try (0..<16).map { _ in try ItemConnection(opening: kernel.source, sending: sending) }
        let other = try ItemConnection(opening: kernel.source, sending: sending)
        let removing = slow.map { connection in Task { try await connection.perform(RemoveItem(index: 1)) } }
        try await waitUntil { kernel.requests.count == 16 }
        try await other.perform(AddItem(Item(2)))
        #expect(!isLate.value, "nobody waited for the slow ones")
        gate.change { $0 = true }
        for task in removing { _ = try await task.value }
    }

    @Test("warnings, errors and missing answers are those of a blocking connection") func outcomes() async throws {
        let kernel = FakeKernel { request in
            switch request.payload[0] {
            case 1: request.acknowledge(warning: "careful")
            case 2: request.error(.outOfRange, message: "too much", offset: 24)
            default: request.acknowledge()
            }
        }
        let connection = try ItemConnection(opening: kernel.source)
        #expect(try await connection.perform(AddItem(Item(1)))?.message == "careful")
        let error = await asyncError { () async throws(NetlinkError) in
            try await connection.perform(AddItem(Item(2, value: 9)))
        }
        #expect(error?.description.contains("add item item 2: ") == true)
        #expect(error?.path?.description == "ITEM_VALUE")
        let missing = await asyncError { () async throws(NetlinkError) in try await connection.query(GetItem(index: 3))
        }
        #expect(missing?.code == .noReply)
        #expect(missing?.object == "item 3")
    }

    @Test("an encoding failure sends nothing, and the connection goes on") func encodingFailure() async throws {
        let kernel = FakeKernel.withItems()
        let connection = try ItemConnection(opening: kernel.source)
        var refusing = AddItem(Item(9))
        refusing.isRefusing = true
        let error = await asyncError { [refusing] () async throws(NetlinkError) in
            try await connection.perform(refusing)
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.object == "item 9")
        #expect(kernel.requests.isEmpty)
        try await connection.perform(AddItem(Item(9)))
    }

    @Test("an interrupted dump is run again, a bounded number of times") func interrupted() async throws {
        let tries = Shared(0)
        let kernel = FakeKernel { request in
            tries.change { $0 += 1 }
            return request.dump(items(tries.value).map(\.message), interruptedAt: tries.value < 3 ? 0 : nil)
        }
        #expect(try await ItemConnection(opening: kernel.source).dump(ListItems()) == items(3))
        tries.change { $0 = 0 }
        let impatient = try ItemConnection(opening: kernel.source, dumpRetries: 1)
        let error = await asyncError { () async throws(NetlinkError) in try await impatient.dump(ListItems()) }
        #expect(error?.code == .interrupted)
        #expect(error?.operation == "list items")
        #expect(error?.partial as? [Item] == items(2))
        #expect(tries.value == 2)
    }

    @Test("a dump over its limit ends", arguments: [1, 100]) func limited(perDatagram: Int) async throws {
        let kernel = FakeKernel { $0.dump(items(50).map(\.message), perDatagram: perDatagram, isDoneApart: false) }
        let connection = try ItemConnection(opening: kernel.source)
        let error = await asyncError { () async throws(NetlinkError) in
            try await connection.dump(ListItems().limited(bytes: 300))
        }
        #expect(error?.code == .limitExceeded)
        #expect(try await connection.dump(ListItems().limited(bytes: 1 << 20)).count == 50)
    }

    @Test("observers see each operation once") func observed() async throws {
        let log = EventLog()
        let kernel = FakeKernel.withItems(1)
        let connection = try ItemConnection(opening: kernel.source, timeout: .milliseconds(20), observer: log)
        for operation in AsyncOperation.all { _ = await operation.run(connection) }
        let ends = log.events.value.filter { $0.hasPrefix("finished") }
        #expect(ends.count == 6)
        #expect(ends[0] == "finished add item in time add item item 1: File exists")
        #expect(ends[1] == "finished get item in time well")
        #expect(log.events.value.count { $0.hasPrefix("sent") } == 6)
    }

    @Test("the batch's answers that are lost fail its window and what follows") func lostAnswers() async throws {
        let kernel = FakeKernel { $0.payload[0] < 128 ? $0.acknowledge() : .silence }
        let connection = try ItemConnection(opening: kernel.source, timeout: .milliseconds(20))
        var batch = Batch<ItemFamily>()
        for index in 0..<200 { try batch.append(RemoveItem(index: UInt32(index))) }
        let results = try await connection.perform(batch)
        let failed = results.indices.filter { index in
            if case .failure(let error) = results[index] { error.code == .timedOut } else { false }
        }
        #expect(failed == Array(128..<200))
    }
}

@Suite("Connection, hostile kernels", .timeLimit(.minutes(2))) struct ConnectionHostileTests {
    @Test("ends as it must, and goes on", arguments: HostileScript.forItems)
    func hostile(script: HostileScript) async throws {
        let ending = try #require(HostileScript.endings[script.name])
        for operation in AsyncOperation.all {
            let kernel = script.kernel(count: 1) { request in
                request.isDump ? request.dump(items(2).map(\.message)) : request.object(Item(1).message)
            }
            let connection = try ItemConnection(
                opening: kernel.source, timeout: .milliseconds(200), sending: .inline, dumpRetries: 0)
            let found = Ending(await operation.run(connection).error)
            switch operation.name {
            case "command": #expect(found == ending.command)
            case "batch": #expect(found == script.batchEnding)
            case "query": #expect(found != .success || ending.command == .success)
            default: #expect(found == ending.dump, "\(operation.name)")
            }
            if script.name.hasSuffix("without end") { continue }
            #expect(await operation.run(connection).error == nil, "\(operation.name) again")
            #expect(try await connection.dump(ListItems()) == items(2))
            #expect(kernel.openCount == 1)
        }
    }
}
