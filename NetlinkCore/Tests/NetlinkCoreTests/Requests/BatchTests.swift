// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@testable import NetlinkCore

@Suite("Batches") struct BatchTests {
    typealias Connection = BlockingConnection<ItemFamily>

    private func batch(_ count: Int, blob: Int = 0) throws -> Batch<ItemFamily> {
        var batch = Batch<ItemFamily>()
        for index in 0..<count {
            var command = AddItem(Item(UInt32(index), value: 1))
            command.blobByteCount = blob
            try batch.append(command)
        }
        return batch
    }

    private func codes(_ results: [Result<Void, NetlinkError>]) -> [NetlinkError.Code?] {
        results.map { result in
            switch result {
            case .success: nil
            case .failure(let error): error.code
            }
        }
    }

    private func index(_ request: FakeRequest) -> Int {
        Int((try? request.payload.rawSpan.load(at: 0, as: UInt32.self)) ?? .max)
    }

    private func isEmpty(_ batch: borrowing Batch<ItemFamily>) -> Bool { batch.isEmpty }
    private func bytes(_ batch: borrowing Batch<ItemFamily>) -> [UInt8] { batch.writer.bytes.array }

    // The macro cannot hold what cannot be copied.
    private func expect(_ holds: Bool, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(holds, sourceLocation: sourceLocation)
    }

    @Test("an empty batch sends nothing") func empty() throws {
        let kernel = FakeKernel.withItems()
        let connection = try Connection(opening: kernel.source)
        var batch = Batch<ItemFamily>()
        expect(isEmpty(batch))
        #expect(try connection.perform(&batch).isEmpty)
        #expect(kernel.datagramCount == 0)
    }

    @Test("each command has its own result, in order", arguments: [1, 2, 127, 128, 129, 256, 1000])
    func results(count: Int) throws {
        let kernel = FakeKernel { request in
            let index = index(request)
            return index % 7 == 3 ? request.error(index % 2 == 0 ? .exists : .notFound) : request.acknowledge()
        }
        let connection = try Connection(opening: kernel.source)
        var batch = try batch(count)
        let held = batch.count
        #expect(held == count)
        let results = try connection.perform(&batch)
        #expect(codes(results) == (0..<count).map { $0 % 7 != 3 ? nil : $0 % 2 == 0 ? .exists : .notFound })
        #expect(kernel.requests.map { index($0) } == Array(0..<count))
        #expect(kernel.datagramCount == (count + 127) / 128)
    }

    @Test("the last command's failure is its own too") func lastFails() throws {
        let kernel = FakeKernel { request in index(request) == 4 ? request.error(.exists) : request.acknowledge() }
        let connection = try Connection(opening: kernel.source)
        var batch = try batch(5)
        #expect(codes(try connection.perform(&batch)) == [nil, nil, nil, nil, .exists])
    }

    @Test("only the last command of a window asks for an acknowledgement") func acknowledgements() throws {
        let kernel = FakeKernel { $0.acknowledge() }
        let connection = try Connection(opening: kernel.source)
        var batch = try batch(130)
        _ = try connection.perform(&batch)
        let asking = kernel.requests.indices.filter { kernel.requests[$0].flags.contains(.acknowledge) }
        #expect(asking == [127, 129])
        for request in kernel.requests {
            #expect(request.flags.isSuperset(of: [.request, .create, .exclusive]))
        }
        #expect(Set(kernel.requests.map(\.sequence)).count == 130)
    }

    @Test("a window is bounded in bytes; a command larger than that goes alone") func windowBytes() throws {
        let kernel = FakeKernel { $0.acknowledge() }
        let connection = try Connection(opening: kernel.source)
        var large = try batch(10, blob: 10_000)
        #expect(codes(try connection.perform(&large)).allSatisfy { $0 == nil })
        #expect(kernel.datagramCount == 4)
        var huge = try batch(3, blob: 50_000)
        #expect(codes(try connection.perform(&huge)).allSatisfy { $0 == nil })
        #expect(kernel.datagramCount == 7)
    }

    @Test("a kernel that acknowledges every command, even twice, disturbs nothing") func superfluous() throws {
        let kernel = FakeKernel { request in
            let acknowledgement = request.report(FaultReport(.init(rawValue: 0)))
            return index(request) == 1 ? request.error(.exists) : acknowledgement + acknowledgement
        }
        let connection = try Connection(opening: kernel.source)
        var batch = try batch(4)
        #expect(codes(try connection.perform(&batch)) == [nil, .exists, nil, nil])
        try connection.perform(RemoveItem(index: 2))
    }

    @Test("stale, foreign and idle messages between the answers are swallowed") func noise() throws {
        let kernel = FakeKernel { request in
            let answer = index(request) == 1 ? request.error(.exists) : request.acknowledge()
            return answer.interspersed(
                with: request.notification(Item(1).message) + request.notification(Item(1).message, own: true)
                    + .datagram(FaultReport(.busy).message(about: request).bytes(sequence: request.sequence, port: 1))
                    + .datagram(
                        FaultReport(.busy).message(about: request).bytes(
                            sequence: request.sequence &- 5000, port: request.port)))
        }
        let connection = try Connection(opening: kernel.source)
        var batch = try batch(4)
        #expect(codes(try connection.perform(&batch)) == [nil, .exists, nil, nil])
    }

    @Test("errors have the operation, what the kernel said, and the path in their own command") func errors() throws {
        let kernel = FakeKernel { request in
            index(request) == 2 ? request.error(.outOfRange, message: "too much", offset: 24) : request.acknowledge()
        }
        let connection = try Connection(opening: kernel.source)
        var batch = try batch(4)
        let error = netlinkError { () throws(NetlinkError) in try connection.perform(&batch)[2].get() }
        #expect(error?.message == "too much")
        #expect(error?.path?.description == "ITEM_VALUE")
        #expect(error?.operation == "add item")
        #expect(error?.object == "item 2")
    }

    @Test("malformed datagrams of others between the answers are passed over") func malformedForeign() throws {
        let kernel = FakeKernel { request in
            let noise = FakeAnswer.datagram(Array(repeating: 0, count: 32))
            return noise + (index(request) == 1 ? request.error(.exists) : request.acknowledge()) + noise
        }
        let connection = try Connection(opening: kernel.source)
        var batch = try batch(4)
        #expect(codes(try connection.perform(&batch)) == [nil, .exists, nil, nil])
    }

    @Test("numbers of a window follow each other where the counter wraps", arguments: [1, 64, 127, 128, 129])
    func wrap(before: UInt32) throws {
        let kernel = FakeKernel { index($0) % 5 == 3 ? $0.error(.exists) : $0.acknowledge() }
        let channel = Channel(
            try kernel.source.open(), of: ItemFamily.self, observer: nil, firstSequence: .max - before + 1)
        var batch = try batch(300)
        var progress = BatchProgress()
        while try channel.sendWindow(of: &batch, &progress) {
            while try channel.step(batch, &progress) != .finished {}
        }
        #expect(codes(progress.results) == (0..<300).map { $0 % 5 == 3 ? .exists : nil })
        let numbers = kernel.requests.map(\.sequence)
        #expect(!numbers.contains(0))
        #expect(Set(numbers).count == 300)
    }

    @Test("a lost acknowledgement fails its window and what was not sent, not what came before")
    func lostAcknowledgement() throws {
        let kernel = FakeKernel { request in
            let index = index(request)
            return index == 130 ? request.error(.exists) : index >= 128 ? .silence : request.acknowledge()
        }
        let connection = try Connection(opening: kernel.source, timeout: .milliseconds(20))
        var batch = try batch(300)
        let codes = codes(try connection.perform(&batch))
        #expect(codes.count == 300)
        #expect(codes[..<128].allSatisfy { $0 == nil })
        #expect(codes[128..<256].indices.allSatisfy { codes[$0] == ($0 == 130 ? .exists : .timedOut) })
        #expect(codes[256...].allSatisfy { $0 == .timedOut })
        #expect(kernel.requests.count == 256, "nothing is sent after a lost answer")
    }

    @Test("an overrun fails its window: its answers cannot be known") func overrun() throws {
        let kernel = FakeKernel { request in
            let index = index(request)
            return index == 140 ? .receiveFailure(.noBufferSpace) : request.acknowledge()
        }
        let connection = try Connection(opening: kernel.source)
        var batch = try batch(200)
        let codes = codes(try connection.perform(&batch))
        #expect(codes[..<128].allSatisfy { $0 == nil })
        #expect(codes[128...].allSatisfy { $0 == .overrun })
        try connection.perform(RemoveItem(index: 1))
    }

    @Test("a window that cannot be sent fails") func sendFailure() throws {
        let kernel = FakeKernel { request in
            index(request) >= 128 ? .sendFailure(.noBufferSpace) : request.acknowledge()
        }
        let connection = try Connection(opening: kernel.source)
        var batch = try batch(200)
        let codes = codes(try connection.perform(&batch))
        #expect(codes[..<128].allSatisfy { $0 == nil })
        #expect(codes[128...].allSatisfy { $0 == .noBufferSpace })
    }

    @Test("malformed answers fail the window") func malformed() throws {
        let kernel = FakeKernel { request in
            index(request) == 1 ? .datagram([1, 2, 3]) : request.acknowledge()
        }
        let connection = try Connection(opening: kernel.source)
        var batch = try batch(3)
        #expect(codes(try connection.perform(&batch)) == [.malformedReply, .malformedReply, .malformedReply])
    }

    @Test("a command that cannot be encoded leaves the batch as it was") func encodingFailure() throws {
        var batch = try batch(2)
        let before = batch.writer.bytes.array
        var refusing = AddItem(Item(9))
        refusing.isRefusing = true
        let error = netlinkError { () throws(NetlinkError) in try batch.append(refusing) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.operation == "add item")
        #expect(error?.object == "item 9")
        let held = batch.count
        #expect(held == 2)
        expect(bytes(batch) == before)
        var long = AddItem(Item(9))
        long.blobByteCount = 70_000
        #expect(netlinkError { () throws(NetlinkError) in try batch.append(long) }?.code == .messageTooLong)
        expect(bytes(batch) == before)
        try batch.append(AddItem(Item(2, value: 1)))
        let kernel = FakeKernel { $0.acknowledge() }
        #expect(try Connection(opening: kernel.source).perform(&batch).count == 3)
        #expect(kernel.requests.map { index($0) } == [0, 1, 2])
    }

    @Test("a batch can be performed again, and emptied") func again() throws {
        let kernel = FakeKernel { $0.acknowledge() }
        let connection = try Connection(opening: kernel.source)
        var batch = try batch(3)
        _ = try connection.perform(&batch)
        try batch.append(AddItem(Item(3, value: 1)))
        #expect(codes(try connection.perform(&batch)) == [nil, nil, nil, nil])
        #expect(kernel.requests.map { index($0) } == [0, 1, 2, 0, 1, 2, 3])
        #expect(Set(kernel.requests.map(\.sequence)).count == 7)
        batch.removeAll()
        expect(isEmpty(batch))
        #expect(try connection.perform(&batch).isEmpty)
    }

    @Test("the connection goes on after a batch") func connectionGoesOn() throws {
        let kernel = FakeKernel.withItems()
        let connection = try Connection(opening: kernel.source)
        var batch = try batch(300)
        let codes = codes(try connection.perform(&batch))
        #expect((0..<300).allSatisfy { codes[$0] == ((1...5).contains($0) ? .exists : nil) })
        #expect(try connection.dump(ListItems()).count == 300)
        #expect(kernel.openedCount == 1)
    }
}
