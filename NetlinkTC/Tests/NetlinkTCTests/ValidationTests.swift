// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkTC
import Testing

@Suite("What is wrong with a value is told whole, field by field") struct ValidationTests {
    private func fields(_ body: () throws(NetlinkError) -> Void) -> [String] {
        do throws(NetlinkError) { try body() } catch {
            #expect(error.code == .invalidArgument)
            return error.problems.map(\.field)
        }
        return []
    }

    @Test func queueingDisciplines() {
        var bucket = TBFQdisc(rate: .bits(0), burst: 0, limit: 1000)
        bucket.peakRate = RateSpecification(.bits(0))
        var qdisc = Qdisc(bucket, on: 1, handle: TCHandle(1, 2))
        #expect(
            fields { () throws(NetlinkError) in try qdisc.validate() } == [
                "kind.rate", "kind.burst", "kind.peakRate", "kind.peakBurst", "handle",
            ])
        var netem = NetemQdisc()
        netem.delay = .seconds(-1)
        netem.jitter = .seconds(-1)
        netem.marksECN = true
        #expect(fields { () throws(NetlinkError) in try netem.validate() } == ["delay", "jitter", "marksECN"])
        var bands = PrioQdisc()
        bands.bands = PriorityBands(count: 17, map: [20])
        #expect(
            fields { () throws(NetlinkError) in try bands.validate() } == ["bands.count", "bands.map", "bands.map"])
        qdisc = Qdisc(NetemQdisc(), on: 1, handle: TCHandle(1))
        #expect(fields { () throws(NetlinkError) in try qdisc.validate() }.isEmpty)
    }

    @Test func filtersAndTheirActions() {
        var filter = U32Filter([U32Key(1, mask: 1, at: 2), U32Key(1, mask: 1, at: 4), U32Key(1, mask: 1, at: 5)])
        filter.divisor = 3
        var second = Action(MirredAction(.egressRedirect, toBlock: 0))
        second.cookie = [UInt8](repeating: 1, count: 17)
        filter.actions = [Action(GenericAction(), control: .pass), second]
        #expect(
            fields { () throws(NetlinkError) in
                try Filter(at: .block(5), chain: 0x1000_0000, kind: filter).validate()
            } == [
                "chain", "kind.divisor", "kind.selector.keys[0]", "kind.selector.keys[2]", "kind.actions[1].cookie",
                "kind.actions[1].kind.target",
            ])
        #expect(
            fields { () throws(NetlinkError) in
                try Filter(at: .block(5), chain: 0x1000_0000, kind: nil).validate()
            } == ["chain", "kind"])
    }
}
