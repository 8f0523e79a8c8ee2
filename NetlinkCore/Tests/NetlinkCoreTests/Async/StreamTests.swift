// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@_spi(System) @testable import NetlinkCore

@Suite("Streams", .timeLimit(.minutes(2))) struct StreamTests {
    /// What a stream of chunks gave, in words.
    private func chunks(_ stream: DumpStream<ListItems>, restarting: Bool = false) async -> [String] {
        var seen: [String] = []
        do throws(NetlinkError) {
            for try await chunk in stream.chunks(restarting: restarting) {
                switch chunk {
                case .elements(let items): seen.append("\(items.map(\.index))")
                case .restarted: seen.append("restarted")
                }
            }
        } catch {
            seen.append("\(error.code)")
        }
        return seen
    }

    @Test("chunks are the datagrams, elements come in order", arguments: [true, false])
    func forms(isDoneApart: Bool) async throws {
        let kernel = FakeKernel { $0.dump(items(5).map(\.message), isDoneApart: isDoneApart) }
        let connection = try ItemConnection(opening: kernel.source)
        let stream = connection.stream(ListItems())
        #expect(await chunks(stream) == ["[1, 2]", "[3, 4]", "[5]"])
        var elements: [Item] = []
        for try await item in stream { elements.append(item) }
        #expect(elements == items(5))
        #expect(kernel.requests.map(\.socket) == [1, 2], "each on a socket of its own")
        #expect(kernel.openCount == 1)
    }

    @Test("datagrams of which nothing is left are passed over") func filtered() async throws {
        let kernel = FakeKernel { $0.dump(items(5).map(\.message), perDatagram: 1) }
        let connection = try ItemConnection(opening: kernel.source)
        #expect(await chunks(connection.stream(ListItems(leavesOutOdd: true))) == ["[2]", "[4]"])
        var indexes: [UInt32] = []
        for try await item in connection.stream(ListItems(leavesOutOdd: true)) { indexes.append(item.index) }
        #expect(indexes == [2, 4])
    }

    @Test("nothing is opened or sent before the first element is asked for") func lazy() async throws {
        let kernel = FakeKernel.withItems()
        let connection = try ItemConnection(opening: kernel.source)
        let stream = connection.stream(ListItems())
        var iterator = stream.makeAsyncIterator()
        #expect(kernel.openedCount == 1)
        #expect(kernel.requests.isEmpty)
        #expect(try await iterator.next()?.index == 1)
        #expect(kernel.openedCount == 2)
    }

    @Test("an interrupted stream gives what it has and throws at its end", arguments: 0...3)
    func interrupted(at frame: Int) async throws {
        let kernel = FakeKernel { $0.dump(items(3).map(\.message), interruptedAt: frame) }
        let connection = try ItemConnection(opening: kernel.source)
        #expect(await chunks(connection.stream(ListItems())) == ["[1, 2]", "[3]", "\(NetlinkError.Code.interrupted)"])
        var seen = 0
        let error = await asyncError { () async throws(NetlinkError) in
            for try await _ in connection.stream(ListItems()) { seen += 1 }
        }
        #expect(seen == 3)
        #expect(error?.code == .interrupted)
        #expect(error?.operation == "list items")
        #expect(kernel.openCount == 1)
    }

    @Test("a restarting stream says so and begins again") func restarting() async throws {
        let tries = Shared(0)
        let kernel = FakeKernel { request in
            tries.change { $0 += 1 }
            return request.dump(
                items(tries.value).map(\.message), interruptedAt: tries.value < 3 ? 0 : nil, isDoneApart: false)
        }
        let connection = try ItemConnection(opening: kernel.source)
        #expect(
            await chunks(connection.stream(ListItems()), restarting: true)
                == ["[1]", "restarted", "[1, 2]", "restarted", "[1, 2]", "[3]"])
        #expect(kernel.openedCount == 2, "restarts need no socket of their own")
    }

    @Test("a stream restarts a bounded number of times") func restartingBound() async throws {
        let kernel = FakeKernel { $0.dump(items(1).map(\.message), interruptedAt: 0) }
        let connection = try ItemConnection(opening: kernel.source, dumpRetries: 2)
        #expect(
            await chunks(connection.stream(ListItems()), restarting: true)
                == ["[1]", "restarted", "[1]", "restarted", "[1]", "\(NetlinkError.Code.interrupted)"])
    }

    @Test("after its end or an error a stream has ended") func ended() async throws {
        let kernel = FakeKernel.withItems(1)
        let connection = try ItemConnection(opening: kernel.source)
        var iterator = connection.stream(ListItems()).makeAsyncIterator()
        #expect(try await iterator.next() == Item(1, value: 100))
        for _ in 0..<3 { #expect(try await iterator.next() == nil) }
        #expect(kernel.openCount == 1)

        let refusal = FakeKernel { $0.error(.notPermitted) }
        let refusing = try ItemConnection(opening: refusal.source)
        var chunks = refusing.stream(ListItems()).chunks().makeAsyncIterator()
        do throws(NetlinkError) {
            _ = try await chunks.next()
            Issue.record("no error")
        } catch {
            #expect(error.code == .notPermitted)
            #expect(error.operation == "list items")
        }
        #expect(try await chunks.next() == nil)
        #expect(refusal.openedCount == 2, "nothing was tried again")
        #expect(refusal.openCount == 1)
    }

    @Test("a stream left early closes its socket, two hundred times") func leftEarly() async throws {
        let kernel = FakeKernel.withItems(9)
        let connection = try ItemConnection(opening: kernel.source)
        for round in 0..<200 {
            if round % 2 == 0 {
                for try await item in connection.stream(ListItems()) where item.index == 2 { break }
            } else {
                for try await _ in connection.stream(ListItems()).chunks() { break }
            }
            #expect(kernel.openCount == 1)
        }
        #expect(try await connection.query(GetItem(index: 1)).index == 1)
        #expect(kernel.openedCount == 201)
    }

    @Test("streams and requests of one connection do not disturb each other") func besides() async throws {
        let kernel = FakeKernel.withItems(5)
        let connection = try ItemConnection(opening: kernel.source)
        var seen: [UInt32] = []
        for try await item in connection.stream(ListItems()) {
            seen.append(item.index)
            #expect(try await connection.query(GetItem(index: item.index)).index == item.index)
            #expect(try await connection.dump(ListItems()).count == 5)
            for try await inner in connection.stream(ListItems()) where inner.index == 3 { break }
        }
        #expect(seen == [1, 2, 3, 4, 5])
        #expect(kernel.openCount == 1)
    }

    @Test("when no socket can be opened, that is the stream's error") func opening() async throws {
        let kernel = FakeKernel.withItems()
        let connection = try ItemConnection(opening: kernel.source)
        kernel.failOpening(.tooManyOpenFiles)
        #expect(await chunks(connection.stream(ListItems())) == ["\(NetlinkError.Code.tooManyOpenFiles)"])
        #expect(await chunks(connection.stream(ListItems())).count == 3)
    }

    @Test("a stream's deadline counts anew for each datagram") func deadline() async throws {
        let kernel = FakeKernel { $0.dump(items(4).map(\.message), perDatagram: 1).interspersed(with: .held) }
        let connection = try ItemConnection(opening: kernel.source, timeout: .milliseconds(400))
        let releaser = try Releaser(kernel, every: .milliseconds(100))
        defer { releaser.stop() }
        #expect(await chunks(connection.stream(ListItems())) == ["[1]", "[2]", "[3]", "[4]"])
    }

    @Test("datagrams that are passed over renew the deadline too") func deadlineFiltered() async throws {
        let odd = (0..<7).map { Item(UInt32($0 * 2 + 1)).message } + [Item(2).message]
        let kernel = FakeKernel { $0.dump(odd, perDatagram: 1).interspersed(with: .held) }
        let connection = try ItemConnection(opening: kernel.source, timeout: .milliseconds(400))
        let releaser = try Releaser(kernel, every: .milliseconds(100))
        defer { releaser.stop() }
        #expect(await chunks(connection.stream(ListItems(leavesOutOdd: true))) == ["[2]"])
    }
}
