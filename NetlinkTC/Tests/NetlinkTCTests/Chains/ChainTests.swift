// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import Testing

@testable import NetlinkTC

/// Chains against the bytes that iproute2 sends and is answered with.
@Suite struct ChainTests {
    private let place = FilterPlace.egress(of: 19)

    private func chain(_ bytes: [UInt8]) throws -> Chain {
        try CapturedBytes.reading(bytes) { (message: borrowing Message) throws(DecodeError) in
            try Chain(decoding: message)
        }
    }

    @Test func requestsAreSentAsIproute2Does() throws {
        func check(_ bytes: [UInt8], _ captured: [UInt8], line: Int = #line) {
            #expect(CapturedBytes.comparable(bytes) == CapturedBytes.comparable(captured), "line \(line)")
        }
        check(try AddChain(Chain(at: place, index: 7)).messageBytes(), ChainFixtures.chain)
        check(try ChainQuery(at: place, index: 7).messageBytes(), ChainFixtures.chainGet)
        check(try ChainDump(at: place).messageBytes(), ChainFixtures.chainList)
        check(try RemoveChain(Chain(at: place, index: 7)).messageBytes(), ChainFixtures.chainDelete)
    }

    @Test func chainsAndTemplatesAreRead() throws {
        let chains = try ChainFixtures.chainListReplies.map(chain)
        #expect(chains.map(\.index) == [3, 7, 8])
        #expect(chains.map { $0.template?.name } == [nil, nil, "flower"])
        #expect(chains.last?.template?.data?.isEmpty == false)
        #expect(try chain(try #require(ChainFixtures.chainGetReplies.first)).index == 7)
    }

    @Test func aTemplateGoesBackAsItCame() throws {
        let sent = try chain(ChainFixtures.chainTemplate)
        #expect(sent.template?.name == "flower")
        let bytes = try AddChain(sent).messageBytes()
        #expect(CapturedBytes.comparable(bytes) == CapturedBytes.comparable(ChainFixtures.chainTemplate))
    }

    @Test func oneChainOfAPlaceMayBeAskedFor() throws {
        let dump = ChainDump(at: place, index: 7)
        let kept = try ChainFixtures.chainListReplies.compactMap { bytes in
            try CapturedBytes.reading(bytes) { (message: borrowing Message) throws(DecodeError) in
                try dump.decode(message)
            }
        }
        #expect(kept.map(\.index) == [7])
        #expect(try dump.messageBytes() != ChainDump(at: place).messageBytes())
    }

    @Test func everyTruncationIsAnErrorOrLess() throws {
        for message in ChainFixtures.chainListReplies {
            let whole = try chain(message)
            for cut in CapturedBytes.truncations(of: message) {
                if let part = try? chain(cut) { #expect(part != whole || cut.count + 4 > message.count) }
            }
        }
    }
}
