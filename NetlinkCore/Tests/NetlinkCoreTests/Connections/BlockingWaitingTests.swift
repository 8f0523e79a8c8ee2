// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkTestSupport
import Testing

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
            try connection.dump(
                ListItems(), forEachChunk: { (_: [Item]) throws(NetlinkError) in throw NetlinkError(.noSpace) })
        }
        #expect(chunkError?.code == .noSpace)
        #expect(try connection.dump(ListItems()) == items(9))
        #expect(kernel.openedCount == 3)
    }

    @Test("when no other socket can be opened, that is the error, and the next call tries again") func reopening()
        throws
    {
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
            return isMessage
                ? .datagram([1, 2, 3]) : request.message(FakeMessage(type: 16, flags: .multipart, payload: [1]))
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

    @Test(
        "a closed connection refuses, however often it was closed, and its socket is gone",
        arguments: WaitingOperation.all)
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

    @Test("a connection that its dump's consumer closes stays closed when the dump is given up") func closedAndThrown()
        throws
    {
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
