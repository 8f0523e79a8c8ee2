// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkTestSupport
import Testing

@Suite("Blocking connection") struct BlockingConnectionTests {
    typealias Connection = BlockingConnection<ItemFamily>

    @Test("a command is sent as the kernel expects it, and acknowledged") func command() throws {
        let kernel = FakeKernel { $0.acknowledge() }
        let connection = try Connection(opening: kernel.source)
        let said = try connection.perform(AddItem(Item(3, value: 5)))
        #expect(said == nil)
        #expect(kernel.requests.count == 1)
        #expect(kernel.requests[0].type == ItemFamily.newItem)
        #expect(kernel.requests[0].flags == [.request, .acknowledge, .create, .exclusive])
        #expect(kernel.requests[0].payload == Item(3, value: 5).message.payload)
        #expect(kernel.requests[0].header.port == 0)
        #expect(kernel.malformedRequestCount == 0)
    }

    @Test("a warning comes back from a command that succeeded") func warning() throws {
        let kernel = FakeKernel { $0.acknowledge(warning: "deprecated") }
        let connection = try Connection(opening: kernel.source)
        #expect(try connection.perform(RemoveItem(index: 1))?.message == "deprecated")
        #expect(connection.timeout == .seconds(30))
    }

    @Test("each request has a sequence number of its own, never 0") func sequenceNumbers() throws {
        let kernel = FakeKernel.withItems()
        let connection = try Connection(opening: kernel.source)
        for _ in 0..<3 { _ = try connection.query(GetItem(index: 1)) }
        _ = try connection.dump(ListItems())
        let sequences = kernel.requests.map(\.sequence)
        #expect(Set(sequences).count == 4)
        #expect(!sequences.contains(0))
    }

    @Test("a query asks for an acknowledgement and returns the object") func query() throws {
        let kernel = FakeKernel.withItems()
        let connection = try Connection(opening: kernel.source)
        #expect(try connection.query(GetItem(index: 2)) == Item(2, value: 200))
        #expect(kernel.requests[0].flags == [.request, .acknowledge])
    }

    @Test("a query that is acknowledged without an answer says so") func queryWithoutAnswer() throws {
        let connection = try Connection(opening: FakeKernel { $0.acknowledge() }.source)
        let error = netlinkError { () throws(NetlinkError) in try connection.query(GetItem(index: 2)) }
        #expect(error?.code == .noReply)
        #expect(error?.operation == "get item")
        #expect(error?.object == "item 2")
    }

    @Test("the first of several objects answers a query") func severalObjects() throws {
        let kernel = FakeKernel { $0.objects([Item(1).message, Item(2).message]) }
        let connection = try Connection(opening: kernel.source)
        #expect(try connection.query(GetItem(index: 1)) == Item(1))
    }

    @Test("a dump comes whole, however it is split", arguments: [1, 2, 3, 100], [true, false])
    func dump(perDatagram: Int, isDoneApart: Bool) throws {
        let kernel = FakeKernel {
            $0.dump(items(7).map(\.message), perDatagram: perDatagram, isDoneApart: isDoneApart)
        }
        let connection = try Connection(opening: kernel.source)
        #expect(try connection.dump(ListItems()) == items(7))
        #expect(kernel.requests[0].flags == [.request, .dump])
        var each: [Item] = []
        try connection.dump(ListItems()) { (item: Item) in each.append(item) }
        #expect(each == items(7))
        var chunks: [[Item]] = []
        try connection.dump(ListItems(), forEachChunk: { chunks.append($0) })
        #expect(chunks.flatMap { $0 } == items(7))
        #expect(chunks.count == (7 + perDatagram - 1) / perDatagram)
    }

    @Test("an empty dump is an empty array") func emptyDump() throws {
        let connection = try Connection(opening: FakeKernel { $0.dump([]) }.source)
        #expect(try connection.dump(ListItems()).isEmpty)
    }

    @Test("elements that a filter leaves out do not come") func filtered() throws {
        let connection = try Connection(opening: FakeKernel.withItems(5).source)
        #expect(try connection.dump(ListItems(leavesOutOdd: true)).map(\.index) == [2, 4])
    }

    @Test("stale, foreign and idle messages between the answers are swallowed") func noise() throws {
        let kernel = FakeKernel.withItems(5, noisy: true)
        let connection = try Connection(opening: kernel.source)
        #expect(try connection.dump(ListItems()) == items(5))
        #expect(try connection.query(GetItem(index: 3)) == Item(3, value: 300))
        try connection.perform(AddItem(Item(9)))
        #expect(netlinkError { () throws(NetlinkError) in try connection.perform(AddItem(Item(9))) }?.code == .exists)
    }

    @Test("one's own notification before the acknowledgement does not disturb a command") func ownNotification() throws
    {
        let kernel = FakeKernel { $0.notification(Item(1).message, own: true) + $0.acknowledge() }
        let connection = try Connection(opening: kernel.source)
        try connection.perform(AddItem(Item(1)))
    }

    @Test("an error has the operation, the object and what the kernel said, with the path in the request")
    func error() throws {
        var policy = AttributePolicy()
        policy.type = .u32
        policy.maximum = 9
        let kernel = FakeKernel { [policy] in
            $0.error(.outOfRange, message: "integer out of range", offset: 24, policy: policy)
        }
        let connection = try Connection(opening: kernel.source)
        let error = netlinkError { () throws(NetlinkError) in try connection.perform(AddItem(Item(3, value: 50))) }
        #expect(error?.code == .outOfRange)
        #expect(error?.operation == "add item")
        #expect(error?.object == "item 3")
        #expect(error?.path?.description == "ITEM_VALUE")
        #expect(
            error?.description
                == "add item item 3: \(NetlinkError.Code.outOfRange): integer out of range (attribute ITEM_VALUE) (allowed ...9)"
        )
    }

    @Test("a refused query and dump leave the connection usable, on the same socket") func refused() throws {
        let refuses = Shared(true)
        let kernel = FakeKernel { request in
            refuses.value ? request.error(.notPermitted) : request.isDump ? request.dump([]) : request.acknowledge()
        }
        let connection = try Connection(opening: kernel.source)
        #expect(
            netlinkError { () throws(NetlinkError) in try connection.query(GetItem(index: 1)) }?.code == .notPermitted)
        let error = netlinkError { () throws(NetlinkError) in try connection.dump(ListItems()) }
        #expect(error?.code == .notPermitted)
        #expect(error?.operation == "list items")
        refuses.change { $0 = false }
        try connection.perform(AddItem(Item(1)))
        #expect(try connection.dump(ListItems()).isEmpty)
        #expect(kernel.openedCount == 1)
    }

    @Test("a dump that fails at its end throws that error, and needs no new socket") func doneError() throws {
        let fails = Shared(true)
        let kernel = FakeKernel { request in
            request.dump(items(2).map(\.message), code: fails.value ? .outOfMemory : nil, message: "no room")
        }
        let connection = try Connection(opening: kernel.source)
        let error = netlinkError { () throws(NetlinkError) in try connection.dump(ListItems()) }
        #expect(error?.code == .outOfMemory)
        #expect(error?.message == "no room")
        fails.change { $0 = false }
        #expect(try connection.dump(ListItems()).count == 2)
        #expect(kernel.openedCount == 1)
    }

    @Test("an encoding failure sends nothing") func encodingFailure() throws {
        let kernel = FakeKernel.withItems()
        let connection = try Connection(opening: kernel.source)
        var refusing = AddItem(Item(9))
        refusing.isRefusing = true
        let error = netlinkError { () throws(NetlinkError) in try connection.perform(refusing) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.operation == "add item")
        #expect(kernel.requests.isEmpty)
        try connection.perform(AddItem(Item(9)))
    }

    @Test("a failure to send is an error, and the connection goes on") func sendFailure() throws {
        let fails = Shared(true)
        let kernel = FakeKernel { fails.value ? .sendFailure(.connectionRefused) : $0.acknowledge() }
        let connection = try Connection(opening: kernel.source)
        let error = netlinkError { () throws(NetlinkError) in try connection.perform(AddItem(Item(1))) }
        #expect(error?.code == .connectionRefused)
        #expect(error?.explanation == "sendmsg failed")
        fails.change { $0 = false }
        try connection.perform(AddItem(Item(1)))
    }

    @Test("an overrun ends the request, and the connection goes on") func overrun() throws {
        let fails = Shared(true)
        let kernel = FakeKernel { fails.value ? .receiveFailure(.noBufferSpace) : $0.acknowledge() }
        let connection = try Connection(opening: kernel.source)
        let error = netlinkError { () throws(NetlinkError) in try connection.perform(AddItem(Item(1))) }
        #expect(error?.code == .overrun)
        #expect(error?.operation == "add item")
        fails.change { $0 = false }
        try connection.perform(AddItem(Item(1)))
    }

    @Test("after an overrun another socket is used, for the kernel goes on dropping replies on the old one")
    func overrunSocket() async throws {
        let ports = Shared<[UInt32]>([])
        let kernel = FakeKernel { request in
            ports.change { $0.append(request.port) }
            return ports.value.count % 2 == 1 ? .receiveFailure(.noBufferSpace) : request.acknowledge()
        }
        let blocking = try Connection(opening: kernel.source)
        #expect(netlinkError { () throws(NetlinkError) in try blocking.perform(AddItem(Item(1))) }?.code == .overrun)
        try blocking.perform(AddItem(Item(1)))
        let tasks = try NetlinkCore.Connection<ItemFamily>(opening: kernel.source)
        await #expect(throws: NetlinkError.self) { try await tasks.perform(AddItem(Item(1))) }
        try await tasks.perform(AddItem(Item(1)))
        #expect(Set(ports.value).count == 4)
    }

    @Test("a cut datagram is data lost, never read") func truncated() throws {
        let kernel = FakeKernel { request in
            .truncated(request.done().bytes(sequence: request.sequence, port: request.port), length: 1 << 24)
        }
        let connection = try Connection(opening: kernel.source)
        let error = netlinkError { () throws(NetlinkError) in try connection.dump(ListItems()) }
        #expect(error?.code == .messageTooLong)
    }

    @Test("a malformed object is an error of the reply") func malformedObject() throws {
        let kernel = FakeKernel { $0.message(FakeMessage(type: 16, payload: [1, 2])) + $0.acknowledge() }
        let connection = try Connection(opening: kernel.source)
        let error = netlinkError { () throws(NetlinkError) in try connection.query(GetItem(index: 1)) }
        #expect(error?.code == .malformedReply)
        #expect(error?.decodeError?.reason == .truncated)
        #expect(error?.operation == "get item")
    }
}

@Suite("Blocking connection, interrupted dumps") struct BlockingInterruptionTests {
    typealias Connection = BlockingConnection<ItemFamily>

    @Test("an interrupted dump is run again", arguments: [0, 1, 3])
    func retried(at frame: Int) throws {
        let tries = Shared(0)
        let kernel = FakeKernel { request in
            tries.change { $0 += 1 }
            return request.dump(items(3).map(\.message), interruptedAt: tries.value < 3 ? frame : nil)
        }
        let connection = try Connection(opening: kernel.source)
        #expect(try connection.dump(ListItems()) == items(3))
        #expect(tries.value == 3)
        #expect(kernel.openedCount == 1)
    }

    @Test("an array that is interrupted every time is thrown with what came last", arguments: [0, 2])
    func givenUp(retries: Int) throws {
        let tries = Shared(0)
        let kernel = FakeKernel { request in
            tries.change { $0 += 1 }
            return request.dump(items(tries.value).map(\.message), interruptedAt: 0)
        }
        let connection = try Connection(opening: kernel.source)
        connection.dumpRetries = retries
        let error = netlinkError { () throws(NetlinkError) in try connection.dump(ListItems()) }
        #expect(error?.code == .interrupted)
        #expect(error?.isInterrupted == true)
        #expect(error?.operation == "list items")
        #expect(error?.partial as? [Item] == items(retries + 1))
        #expect(tries.value == retries + 1)
    }

    @Test("elements that were given cannot be taken back: the forms in constant memory throw at their end")
    func constantMemory() throws {
        let kernel = FakeKernel { $0.dump(items(3).map(\.message), interruptedAt: 1) }
        let connection = try Connection(opening: kernel.source)
        var count = 0
        let each = netlinkError { () throws(NetlinkError) in
            try connection.dump(ListItems()) { (_: Item) in count += 1 }
        }
        #expect(each?.code == .interrupted)
        #expect(count == 3)
        let chunks = netlinkError { () throws(NetlinkError) in
            try connection.dump(ListItems(), forEachChunk: { count += $0.count })
        }
        #expect(chunks?.code == .interrupted)
        #expect(count == 6)
        #expect(kernel.requests.count == 2)
    }
}
