// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import Testing

@testable import NetlinkTC

/// Requests about filters against the bytes that iproute2 sends.
@Suite struct FilterEncodingTests {
    private let parent = FilterPlace.link(20, parent: TCHandle(1))

    private func sent(_ filter: Filter, replaces: Bool = false) throws -> [UInt8] {
        CapturedBytes.comparable(try AddFilter(filter, replaces: replaces).messageBytes())
    }

    private func drop(_ control: ActionControl = .drop) -> [Action] { [Action(GenericAction(), control: control)] }

    @Test func matchAllIsSentAsIproute2Does() throws {
        var kind = MatchAllFilter(actions: drop(), classID: TCHandle(1, 1))
        kind.flags = .skipHardware
        let filter = Filter(
            at: .egress(of: 19), priority: 5, protocolType: .ipv4, handle: 1, chain: 3, kind: kind)
        #expect(try sent(filter) == CapturedBytes.comparable(FilterFixtures.matchall))
    }

    @Test func marksAreSentAsIproute2Does() throws {
        var kind = FirewallMarkFilter(classID: TCHandle(1, 1), mask: 0xff, actions: drop(.pass))
        kind.inputName = InterfaceName("d0")
        let filter = Filter(at: parent, priority: 5, protocolType: .ipv4, handle: 7, kind: kind)
        #expect(try sent(filter) == CapturedBytes.comparable(FilterFixtures.fw))
    }

    @Test func aPolicerInItsOldPlaceIsSent() throws {
        var kind = FirewallMarkFilter()
        kind.police = Action(PoliceAction(rate: .megabits(1), burst: 10_240), control: .drop)
        let filter = Filter(at: parent, priority: 6, protocolType: .ipv4, handle: 7, kind: kind)
        #expect(try sent(filter) == CapturedBytes.comparable(FilterFixtures.fwPolice))
    }

    @Test func aHashTableIsSent() throws {
        let filter = Filter(
            at: parent, priority: 8, protocolType: .ipv4, handle: U32Handle(table: 7).rawValue,
            kind: U32Filter(divisor: 16))
        #expect(try sent(filter) == CapturedBytes.comparable(FilterFixtures.u32Table))
    }

    @Test func everyOptionOfU32IsSent() throws {
        let source: IPPrefix = "10.0.0.0/8"
        var kind = U32Filter(U32Key.source(source) + [U32Key.destinationPort(80)])
        kind.mark = U32Filter.Mark(5, mask: 0xf)
        kind.link = U32Handle(table: 7)
        kind.hashTable = U32Handle(table: 0x800)
        kind.inputName = InterfaceName("d0")
        kind.flags = .skipHardware
        kind.selector?.flags = [.offset, .variableOffset, .eat]
        kind.selector?.offsetMask = 0xf0
        kind.selector?.offsetShift = 2
        kind.selector?.fixedOffset = 4
        kind.selector?.variableOffset = 4
        kind.selector?.hashMask = 0xff
        kind.selector?.hashOffset = 12
        let filter = Filter(at: parent, priority: 8, protocolType: .ipv4, handle: 9, kind: kind)
        #expect(try sent(filter) == CapturedBytes.comparable(FilterFixtures.u32))
    }

    @Test func anIPv6PrefixTakesSeveralWords() throws {
        let destination: IPPrefix = "2001:db8::/40"
        var kind = U32Filter(U32Key.destination(destination), classID: TCHandle(1, 2), actions: drop())
        kind.hashTable = U32Handle(table: 7, bucket: 3)
        let filter = Filter(at: parent, priority: 8, protocolType: .ipv4, kind: kind)
        #expect(try sent(filter) == CapturedBytes.comparable(FilterFixtures.u32Class))
    }

    @Test func aChangeSendsOnlyWhatDiffers() throws {
        var filter = Filter(
            at: parent, priority: 5, protocolType: .ipv4, handle: 7,
            kind: FirewallMarkFilter(classID: TCHandle(1, 1), mask: 0xff))
        let base = filter
        filter.kind = AnyFilterKind(FirewallMarkFilter(classID: TCHandle(1, 2), mask: 0xff))
        let bytes = try UpdateFilter(filter, from: base).messageBytes()
        // iproute2's `filter change` names no protocol; ours names that of the filter.
        var expected = CapturedBytes.comparable(FilterFixtures.change)
        expected.replaceSubrange(32..<36, with: CapturedBytes.comparable(bytes)[32..<36])
        #expect(CapturedBytes.comparable(bytes) == expected)
        let nothing = try UpdateFilter(base, from: base).messageBytes()
        #expect(nothing.count < bytes.count)
    }

    @Test func aReplacementSaysSo() throws {
        let filter = Filter(
            at: parent, priority: 5, protocolType: .ipv4, handle: 9,
            kind: FirewallMarkFilter(classID: TCHandle(1, 2), mask: 0xff))
        #expect(try sent(filter, replaces: true) == CapturedBytes.comparable(FilterFixtures.replace))
    }

    @Test func blocksAreNamedInsteadOfLinks() throws {
        let filter = Filter(at: .block(5), kind: MatchAllFilter(actions: drop()))
        #expect(try sent(filter) == CapturedBytes.comparable(FilterFixtures.block))
    }

    @Test func filtersAreAskedForAsIproute2Does() throws {
        let get = FilterQuery(
            FilterSelection(
                at: parent, priority: 8, protocolType: .ipv4, handle: U32Handle(table: 7).rawValue, kind: "u32"))
        #expect(
            CapturedBytes.comparable(try get.messageBytes()) == CapturedBytes.comparable(FilterFixtures.filterGet))
        let list = FilterDump(FilterSelection(at: parent))
        #expect(
            CapturedBytes.comparable(try list.messageBytes()) == CapturedBytes.comparable(FilterFixtures.filterList))
        var terse = FilterDump(FilterSelection(at: .egress(of: 19)))
        terse.isTerse = true
        #expect(
            CapturedBytes.comparable(try terse.messageBytes())
                == CapturedBytes.comparable(FilterFixtures.filterTerse))
        let remove = RemoveFilters(
            FilterSelection(at: parent, priority: 5, protocolType: .ipv4, handle: 9, kind: "fw"))
        #expect(
            CapturedBytes.comparable(try remove.messageBytes())
                == CapturedBytes.comparable(FilterFixtures.filterDelete))
        let flush = RemoveFilters(FilterSelection(at: parent))
        #expect(
            CapturedBytes.comparable(try flush.messageBytes())
                == CapturedBytes.comparable(FilterFixtures.filterFlush))
    }

    @Test func anEstimatorIsSent() throws {
        var filter = Filter(at: parent, kind: MatchAllFilter(actions: drop()))
        let without = try sent(filter)
        filter.estimator = RateEstimator(interval: .seconds(1), timeConstant: .seconds(8))
        let with = try sent(filter)
        // As `estimator 1s 8s` of iproute2 6.15.
        #expect(with.suffix(8) == [6, 0, 5, 0, 0, 3, 0, 0])
        #expect(with.count == without.count + 8)
    }

    @Test func whatTheKernelWouldRefuseIsSaid() {
        #expect(throws: NetlinkError.self) { try Filter(at: .block(5), kind: nil).validate() }
        #expect(throws: NetlinkError.self) {
            try Filter(at: .block(5), chain: 0x1000_0000, kind: MatchAllFilter()).validate()
        }
        #expect(throws: NetlinkError.self) { try U32Filter(divisor: 3).validate() }
        #expect(throws: NetlinkError.self) { try U32Filter(divisor: 512).validate() }
        #expect(throws: NetlinkError.self) { try U32Filter([U32Key(1, mask: 1, at: 2)]).validate() }
        #expect(throws: Never.self) { try U32Filter(divisor: 256).validate() }
        let many = (0..<129).map { U32Key(1, mask: 1, at: Int32($0 * 4)) }
        #expect(throws: NetlinkError.self) {
            try AddFilter(Filter(at: .block(5), kind: U32Filter(many))).messageBytes()
        }
    }
}
