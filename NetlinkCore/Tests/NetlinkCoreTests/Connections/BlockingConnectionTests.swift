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

    @Test("one's own notification before the acknowledgement does not disturb a command") func ownNotification() throws {
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
                == "add item item 3: \(NetlinkError.Code.outOfRange): integer out of range (attribute ITEM_VALUE) (allowed ...9)")
    }

    @Test("a refused query and dump leave the connection usable, on the same socket") func refused() throws {
        let refuses = Shared(true)
        let kernel = FakeKernel { request in
            refuses.value ? request.error(.notPermitted) : request.isDump ? request.dump([]) : request.acknowledge()
        }
        let connection = try Connection(opening: kernel.source)
        #expect(netlinkError { () throws(NetlinkError) in try connection.query(GetItem(index: 1)) }?.code == .notPermitted)
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

@Suite("Blocking connection, waiting") struct BlockingWaitingTests {
    typealias Connection = BlockingConnection<ItemFamily>

    @Test("readiness without data is waited out") func spuriousReadiness() throws {
        let kernel = FakeKernel { .nothing(times: 5) + $0.acknowledge() }
        let connection = try Connection(opening: kernel.source)
        try connection.perform(AddItem(Item(1)))
    }

    @Test("the deadline ends every wait, and no sooner", arguments: WaitingOperation.all)
    func deadline(operation: WaitingOperation) throws {
        let kernel = FakeKernel { _ in .silence }
        let connection = try Connection(opening: kernel.source, timeout: .milliseconds(30))
        var error: NetlinkError?
        let time = measured { error = operation.run(connection) }
        #expect(error?.code == .timedOut)
        #expect(error?.operation == operation.operation)
        #expect(time >= .milliseconds(30))
        #expect(time < .seconds(5))
    }

    @Test("a dump's deadline counts anew for each datagram") func dumpDeadline() throws {
        let kernel = FakeKernel { request in
            request.dump(items(4).map(\.message), perDatagram: 1).interspersed(with: .held)
        }
        let connection = try Connection(opening: kernel.source, timeout: .milliseconds(400))
        let releaser = try Releaser(kernel, every: .milliseconds(100))
        #expect(try connection.dump(ListItems()).count == 4)
        releaser.stop()
    }

    @Test("a foreign stream without end does not outlast the deadline", arguments: WaitingOperation.all)
    func endlessForeign(operation: WaitingOperation) throws {
        let kernel = FakeKernel { .endless(Item(1).message.bytes(sequence: $0.sequence &+ 1000, port: $0.port)) }
        let connection = try Connection(opening: kernel.source, timeout: .milliseconds(30))
        var error: NetlinkError?
        let time = measured { error = operation.run(connection) }
        #expect(error?.code == .timedOut)
        #expect(time >= .milliseconds(30))
        #expect(time < .seconds(5))
    }

    @Test("a late reply is discarded by the next request") func lateReply() throws {
        let kernel = FakeKernel { request in
            let answer = request.object(Item(request.payload[0] == 1 ? 1 : 2).message)
            return request.payload[0] == 1 ? .held + answer : answer
        }
        let connection = try Connection(opening: kernel.source, timeout: .milliseconds(20))
        #expect(netlinkError { () throws(NetlinkError) in try connection.query(GetItem(index: 1)) }?.code == .timedOut)
        kernel.release()
        #expect(try connection.query(GetItem(index: 2)) == Item(2))
        #expect(kernel.openedCount == 1)
    }

    @Test("a dump given up at its deadline costs the socket; the next request opens another")
    func abandonedDump() throws {
        let kernel = FakeKernel { request in
            request.isDump ? request.message(Item(1).message) : request.acknowledge()
        }
        let connection = try Connection(opening: kernel.source, timeout: .milliseconds(20))
        #expect(netlinkError { () throws(NetlinkError) in try connection.dump(ListItems()) }?.code == .timedOut)
        try connection.perform(AddItem(Item(1)))
        #expect(kernel.openedCount == 2)
        #expect(kernel.openCount == 1)
        #expect(kernel.requests.map(\.socket) == [0, 1])
    }

    @Test("a consumer that throws ends the dump with its error, and the socket goes") func throwingConsumer() throws {
        let kernel = FakeKernel.withItems(9)
        let connection = try Connection(opening: kernel.source)
        var seen = 0
        let error = netlinkError { () throws(NetlinkError) in
            try connection.dump(ListItems()) { (item: Item) throws(NetlinkError) in
                seen += 1
                if item.index == 3 { throw NetlinkError(.notFound) }
            }
        }
        #expect(error?.code == .notFound)
        #expect(seen == 3)
        let chunkError = netlinkError { () throws(NetlinkError) in
            try connection.dump(ListItems(), forEachChunk: { (_: [Item]) throws(NetlinkError) in throw NetlinkError(.noSpace) })
        }
        #expect(chunkError?.code == .noSpace)
        #expect(try connection.dump(ListItems()) == items(9))
        #expect(kernel.openedCount == 3)
    }

    @Test("when no other socket can be opened, that is the error, and the next call tries again") func reopening() throws {
        let kernel = FakeKernel { $0.isDump ? .silence : $0.acknowledge() }
        let connection = try Connection(opening: kernel.source, timeout: .milliseconds(10))
        _ = netlinkError { () throws(NetlinkError) in try connection.dump(ListItems()) }
        kernel.failOpening(.tooManyOpenFiles)
        let error = netlinkError { () throws(NetlinkError) in try connection.perform(AddItem(Item(1))) }
        #expect(error?.code == .tooManyOpenFiles)
        try connection.perform(AddItem(Item(1)))
    }

    @Test("a dump that is malformed costs the socket too: its rest may be running", arguments: [true, false])
    func malformedDump(isMessage: Bool) throws {
        let kernel = FakeKernel { request in
            guard request.isDump else { return request.acknowledge() }
            return isMessage ? .datagram([1, 2, 3]) : request.message(FakeMessage(type: 16, flags: .multipart, payload: [1]))
        }
        let connection = try Connection(opening: kernel.source)
        #expect(netlinkError { () throws(NetlinkError) in try connection.dump(ListItems()) }?.code == .malformedReply)
        try connection.perform(AddItem(Item(1)))
        #expect(kernel.openedCount == 2)
    }

    @Test("a dump over its limit ends, and costs the socket unless it was over", arguments: [1, 100])
    func limited(perDatagram: Int) throws {
        let kernel = FakeKernel { $0.dump(items(50).map(\.message), perDatagram: perDatagram, isDoneApart: false) }
        let connection = try Connection(opening: kernel.source)
        let error = netlinkError { () throws(NetlinkError) in try connection.dump(ListItems().limited(bytes: 300)) }
        #expect(error?.code == .limitExceeded)
        #expect(error?.operation == "list items")
        #expect(try connection.dump(ListItems().limited(bytes: 1 << 20)).count == 50)
        #expect(kernel.openedCount == (perDatagram == 1 ? 2 : 1))
    }

    @Test("a dump that could not be sent runs nowhere, and keeps the socket") func unsentDump() throws {
        let kernel = FakeKernel { $0.isDump ? .sendFailure(.noBufferSpace) : $0.acknowledge() }
        let connection = try Connection(opening: kernel.source)
        #expect(netlinkError { () throws(NetlinkError) in try connection.dump(ListItems()) }?.code == .noBufferSpace)
        try connection.perform(AddItem(Item(1)))
        #expect(kernel.openedCount == 1)
    }

    @Test("each dump has its limit to itself") func limitedAgain() throws {
        let connection = try Connection(opening: FakeKernel.withItems(5).source)
        for _ in 0..<9 { #expect(try connection.dump(ListItems().limited(bytes: 300)).count == 5) }
    }

    @Test("exactly the limit is allowed") func exactLimit() throws {
        let kernel = FakeKernel { $0.dump(items(2).map(\.message)) }
        let connection = try Connection(opening: kernel.source)
        let byteCount = items(2).reduce(20) { $0 + $1.message.bytes(sequence: 0, port: 0).count }
        #expect(try connection.dump(ListItems().limited(bytes: byteCount)).count == 2)
        let error = netlinkError { () throws(NetlinkError) in
            try connection.dump(ListItems().limited(bytes: byteCount - 1))
        }
        #expect(error?.code == .limitExceeded)
    }

    @Test("a limited dump is the same request") func limitedRequest() throws {
        let limited = ListItems(leavesOutOdd: true).limited(bytes: 10)
        #expect(try limited.messageBytes() == ListItems().messageBytes())
        #expect(limited.byteLimit == 10)
        #expect("\(limited.operation)" == "list items")
        let connection = try Connection(opening: FakeKernel.withItems(5).source)
        #expect(try connection.dump(ListItems(leavesOutOdd: true).limited(bytes: 10_000)).count == 2)
    }
}

@Suite("Blocking connection, ends") struct BlockingEndTests {
    typealias Connection = BlockingConnection<ItemFamily>

    @Test("a closed connection refuses, however often it was closed, and its socket is gone", arguments: WaitingOperation.all)
    func closed(operation: WaitingOperation) throws {
        let kernel = FakeKernel.withItems()
        let connection = try Connection(opening: kernel.source)
        connection.close()
        connection.close()
        #expect(operation.run(connection)?.code == .closed)
        #expect(kernel.openCount == 0)
        #expect(kernel.requests.isEmpty)
    }

    @Test("closing stays closed after a dump was given up") func closedAfterAbandonedDump() throws {
        let kernel = FakeKernel { _ in .silence }
        let connection = try Connection(opening: kernel.source, timeout: .milliseconds(10))
        _ = netlinkError { () throws(NetlinkError) in try connection.dump(ListItems()) }
        connection.close()
        #expect(netlinkError { () throws(NetlinkError) in try connection.perform(AddItem(Item(1))) }?.code == .closed)
        #expect(kernel.openCount == 0)
    }

    @Test("a connection that its dump's consumer closes stays closed when the dump is given up") func closedAndThrown() throws {
        let kernel = FakeKernel.withItems(9)
        let connection = try Connection(opening: kernel.source)
        let error = netlinkError { () throws(NetlinkError) in
            try connection.dump(ListItems()) { (_: Item) throws(NetlinkError) in
                connection.close()
                throw NetlinkError(.noSpace)
            }
        }
        #expect(error?.code == .noSpace)
        #expect(netlinkError { () throws(NetlinkError) in try connection.perform(AddItem(Item(1))) }?.code == .closed)
        #expect(kernel.openedCount == 1)
    }

    @Test("a consumer may close the connection in the midst of its dump") func closedInside() throws {
        let kernel = FakeKernel.withItems(9)
        let connection = try Connection(opening: kernel.source)
        var count = 0
        try connection.dump(ListItems()) { (_: Item) in
            count += 1
            connection.close()
        }
        #expect(count == 9)
        #expect(netlinkError { () throws(NetlinkError) in try connection.dump(ListItems()) }?.code == .closed)
    }

    @Test("a connection that is gone has closed its socket") func deinitialised() throws {
        let kernel = FakeKernel.withItems()
        do {
            let connection = try Connection(opening: kernel.source)
            _ = try connection.dump(ListItems())
            #expect(kernel.openCount == 1)
        }
        #expect(kernel.openCount == 0)
    }

    @Test("a connection that cannot be opened throws") func opening() {
        let kernel = FakeKernel.withItems()
        kernel.failOpening(.protocolNotSupported)
        let error = netlinkError { () throws(NetlinkError) in try Connection(opening: kernel.source) }
        #expect(error?.code == .protocolNotSupported)
        #expect(kernel.openCount == 0)
    }

    @Test("after a fork the child is refused, and the parent goes on") func fork() async {
        await #expect(processExitsWith: .success) {
            let kernel = FakeKernel.withItems()
            let connection = try Connection(opening: kernel.source)
            _ = try connection.query(GetItem(index: 1))
            let status = inForkedChild {
                let errors = WaitingOperation.all.map { $0.run(connection)?.code }
                return errors.allSatisfy { $0 == .forked } && kernel.requests.count == 1
            }
            #expect(status == 0)
            _ = try connection.query(GetItem(index: 1))
        }
    }
}

/// Each way in which a connection waits for the kernel.
struct WaitingOperation: Sendable, CustomTestStringConvertible {
    let name: String
    let operation: String?
    let run: @Sendable (BlockingConnection<ItemFamily>) -> NetlinkError?
    var testDescription: String { name }

    private init(
        _ name: String, _ operation: String?,
        _ body: @escaping @Sendable (BlockingConnection<ItemFamily>) throws(NetlinkError) -> Void
    ) {
        self.name = name
        self.operation = operation
        run = { connection in
            do throws(NetlinkError) {
                try body(connection)
                return nil
            } catch {
                return error
            }
        }
    }

    static let all: [WaitingOperation] = [
        WaitingOperation("command", "add item") { (connection) throws(NetlinkError) in
            try connection.perform(AddItem(Item(1)))
        },
        WaitingOperation("query", "get item") { (connection) throws(NetlinkError) in
            _ = try connection.query(GetItem(index: 1))
        },
        WaitingOperation("dump into an array", "list items") { (connection) throws(NetlinkError) in
            _ = try connection.dump(ListItems())
        },
        WaitingOperation("dump by element", "list items") { (connection) throws(NetlinkError) in
            try connection.dump(ListItems()) { (_: Item) in }
        },
        WaitingOperation("dump by chunk", "list items") { (connection) throws(NetlinkError) in
            try connection.dump(ListItems(), forEachChunk: { (_: [Item]) in })
        },
        WaitingOperation("batch", "batch") { (connection) throws(NetlinkError) in
            var batch = Batch<ItemFamily>()
            try batch.append(AddItem(Item(1)))
            let results = try connection.perform(&batch)
            guard results.count == 1 else { throw NetlinkError(.invalidArgument, explanation: "\(results.count) results") }
            try results[0].get()
        },
    ]
}
