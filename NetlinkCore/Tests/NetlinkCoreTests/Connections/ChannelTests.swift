// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@_spi(System) @testable import NetlinkCore

@Suite("Channel") struct ChannelTests {
    @Test("sequence numbers skip 0, which notifications carry, when they wrap") func wrap() throws {
        let kernel = FakeKernel { $0.acknowledge() }
        let channel = Channel(try kernel.source.open(), of: ItemFamily.self, observer: nil, firstSequence: .max - 1)
        #expect((0..<4).map { _ in channel.nextSequence() } == [.max - 1, .max, 1, 2])
    }

    @Test("a step says whether there was a datagram, and whose") func steps() throws {
        let kernel = FakeKernel { request in
            request.noise(Item(9).message) + request.message(Item(1).message) + .nothing(times: 1)
                + request.acknowledge()
        }
        let channel = Channel(try kernel.source.open(), of: ItemFamily.self, observer: nil)
        try channel.prepare(GetItem(index: 1), .query)
        try channel.send()
        var steps: [Channel.Step] = []
        var indexes: [UInt32] = []
        repeat {
            steps.append(
                try channel.step { (message: borrowing Message) throws(DecodeError) in
                    indexes.append(try message.field(0))
                })
        } while steps.last != .finished
        #expect(steps == Array(repeating: .others, count: 8) + [.more, .wait, .finished])
        #expect(indexes == [1])
        #expect(try channel.step { (_: borrowing Message) throws(DecodeError) in } == .finished)
    }
}
