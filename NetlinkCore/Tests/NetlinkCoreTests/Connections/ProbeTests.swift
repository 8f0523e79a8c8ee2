// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@testable import NetlinkCore

/// Each kind of request that can be asked about, on both connections.
struct ProbeOperation: Sendable, CustomTestStringConvertible {
    var name: String
    var isDump = false
    var run: @Sendable (TransportSource, Bool) async throws -> KernelSupport
    var testDescription: String { name }

    typealias Blocking = BlockingConnection<ItemFamily>
    typealias Tasks = Connection<ItemFamily>

    static let all = [
        ProbeOperation(name: "command") { try Blocking(opening: $0).probe(AddItem(Item(1)), again: $1) },
        ProbeOperation(name: "query") { try Blocking(opening: $0).probe(GetItem(index: 1), again: $1) },
        ProbeOperation(name: "dump", isDump: true) { try Blocking(opening: $0).probe(ListItems(), again: $1) },
        ProbeOperation(name: "task's command") {
            try await Tasks(opening: $0).probe(AddItem(Item(1)), again: $1)
        },
        ProbeOperation(name: "task's query") { try await Tasks(opening: $0).probe(GetItem(index: 1), again: $1) },
        ProbeOperation(name: "task's dump", isDump: true) {
            try await Tasks(opening: $0).probe(ListItems(), again: $1)
        },
    ]
}

@Suite("Probes", .timeLimit(.minutes(2))) struct ProbeTests {
    @Test("an answer is support", arguments: ProbeOperation.all) func supported(operation: ProbeOperation) async throws
    {
        let kernel = FakeKernel { $0.isDump ? $0.dump(items(9).map(\.message)) : $0.object(Item(1).message) }
        let support = try await operation.run(kernel.source, false)
        #expect(support.isSupported)
        #expect(support.refusal == nil)
        #expect(kernel.openCount == 0)
    }

    @Test("an answer that cannot be read is support too", arguments: ProbeOperation.all)
    func unread(operation: ProbeOperation) async throws {
        let kernel = FakeKernel { request in
            let odd = FakeMessage(type: ItemFamily.newItem, payload: [1])
            return request.isDump ? request.dump([odd]) : request.object(odd)
        }
        #expect(try await operation.run(kernel.source, false).isSupported)
    }

    @Test(
        "an acknowledgement without an object, an empty and an interrupted dump are support",
        arguments: ProbeOperation.all)
    func empty(operation: ProbeOperation) async throws {
        let quiet = FakeKernel { $0.isDump ? $0.dump([]) : $0.acknowledge() }
        #expect(try await operation.run(quiet.source, false).isSupported)
        let restless = FakeKernel { $0.isDump ? $0.dump([], interruptedAt: 0) : $0.acknowledge() }
        #expect(try await operation.run(restless.source, false).isSupported)
    }

    static let refusals: [NetlinkError.Code] = [
        .notSupported, .protocolNotSupported, .familyNotSupported, .invalidArgument, .outOfRange,
    ]
    @Test("what the kernel does not know or take is said, with the attribute", arguments: ProbeOperation.all, refusals)
    func refused(operation: ProbeOperation, code: NetlinkError.Code) async throws {
        let kernel = FakeKernel { $0.error(code, message: "Unknown attribute type", offset: 24) }
        let support = try await operation.run(kernel.source, false)
        #expect(!support.isSupported)
        #expect(support.refusal?.code == code)
        #expect(support.refusal?.message == "Unknown attribute type")
        if operation.name.hasSuffix("command") { #expect(support.refusal?.path == nil) }
    }

    @Test("a refusal for what the request names is support", arguments: ProbeOperation.all)
    func understood(operation: ProbeOperation) async throws {
        for code in [.notFound, .exists, .noDevice, .noSuchEntry, .networkUnreachable] as [NetlinkError.Code] {
            let kernel = FakeKernel { $0.error(code) }
            #expect(try await operation.run(kernel.source, false).isSupported, "\(code)")
        }
    }

    @Test("what says nothing of the request is thrown, and not remembered", arguments: ProbeOperation.all)
    func undecided(operation: ProbeOperation) async throws {
        for code in [.notPermitted, .accessDenied, .outOfMemory, .noBufferSpace, .busy] as [NetlinkError.Code] {
            let isHonest = Shared(false)
            let kernel = FakeKernel { request in
                if !isHonest.value { return request.error(code) }
                return request.isDump ? request.dump([]) : request.acknowledge()
            }
            let error = await #expect(throws: NetlinkError.self) { try await operation.run(kernel.source, false) }
            #expect(error?.code == code)
            isHonest.change { $0 = true }
            #expect(try await operation.run(kernel.source, false).isSupported)
        }
    }

    @Test(
        "the answer is remembered for all connections to the kernel, and asked for again when told to",
        arguments: ProbeOperation.all)
    func remembered(operation: ProbeOperation) async throws {
        let isNew = Shared(false)
        let kernel = FakeKernel { request in
            if !isNew.value { return request.error(.notSupported) }
            return request.isDump ? request.dump([]) : request.acknowledge()
        }
        let source = kernel.source
        for _ in 0..<3 { #expect(try await !operation.run(source, false).isSupported) }
        #expect(kernel.requests.count == 1)
        isNew.change { $0 = true }
        #expect(try await !operation.run(source, false).isSupported)
        #expect(try await operation.run(source, true).isSupported)
        #expect(try await operation.run(source, false).isSupported)
        #expect(kernel.requests.count == 2)
        // Another kernel, as another namespace, is asked for itself.
        let other = FakeKernel { $0.error(.notSupported) }
        #expect(try await !operation.run(other.source, false).isSupported)
    }

    @Test("requests that differ in a byte are asked about apart") func apart() async throws {
        let kernel = FakeKernel { $0.payload[0] == 2 ? $0.error(.notSupported) : $0.acknowledge() }
        let connection = try BlockingConnection<ItemFamily>(opening: kernel.source)
        #expect(try connection.probe(AddItem(Item(1))).isSupported)
        #expect(try !connection.probe(AddItem(Item(2))).isSupported)
        #expect(try connection.probe(RemoveItem(index: 1)).isSupported)
        #expect(kernel.requests.count == 3)
    }

    @Test("a dump that is asked about runs on a socket of its own, and not to its end") func ownSocket() async throws {
        let kernel = FakeKernel { $0.isDump ? $0.dump(items(500).map(\.message), perDatagram: 1) : $0.acknowledge() }
        let blocking = try BlockingConnection<ItemFamily>(opening: kernel.source)
        #expect(try blocking.probe(ListItems()).isSupported)
        let connection = try Connection<ItemFamily>(opening: kernel.source)
        #expect(try await connection.probe(ListItems(), again: true).isSupported)
        try blocking.perform(AddItem(Item(1)))
        try await connection.perform(AddItem(Item(1)))
        #expect(kernel.requests.map(\.socket) == [1, 3, 0, 2])
        #expect(kernel.openCount == 2)
    }

    @Test("a request that cannot be encoded is not asked about") func unencodable() throws {
        let kernel = FakeKernel { $0.acknowledge() }
        let connection = try BlockingConnection<ItemFamily>(opening: kernel.source)
        var command = AddItem(Item(1))
        command.isRefusing = true
        let error = netlinkError { () throws(NetlinkError) in try connection.probe(command) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.operation == "add item")
        #expect(kernel.requests.isEmpty)
    }

    @Test("no more than a number of answers is remembered") func bounded() throws {
        let cache = ProbeCache()
        for index in 0..<UInt32(ProbeCache.countLimit + 1) {
            cache[try ProbeCache.Key(GetItem(index: index), .query)] = KernelSupport(refusal: nil)
        }
        #expect(cache[try ProbeCache.Key(GetItem(index: 0), .query)] == nil)
        #expect(cache[try ProbeCache.Key(GetItem(index: UInt32(ProbeCache.countLimit)), .query)] != nil)
    }
}
