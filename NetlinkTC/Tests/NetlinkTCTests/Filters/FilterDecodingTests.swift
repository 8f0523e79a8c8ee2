// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import Testing

@testable import NetlinkTC

/// What the kernel says of filters.
@Suite struct FilterDecodingTests {
    private func filter(_ bytes: [UInt8]) throws -> Filter {
        try CapturedBytes.reading(bytes) { (message: borrowing Message) throws(DecodeError) in
            try Filter(decoding: message)
        }
    }

    private func listed() throws -> [Filter] { try FilterFixtures.filterListReplies.map(filter) }

    @Test func matchAllIsReadWithItsActions() throws {
        let filters = try FilterFixtures.matchallListReplies.map(filter)
        #expect(filters.count == 2)
        #expect(filters.first?.hasOptions == false)
        let found = try #require(filters.last)
        #expect(found.hasOptions)
        #expect(found.place == .egress(of: 19))
        #expect(found.priority == 5)
        #expect(found.protocolType == .ipv4)
        #expect(found.handle == 1)
        #expect(found.chain == 3)
        let kind = try #require(found.kind?.as(MatchAllFilter.self))
        #expect(kind.classID == TCHandle(1, 1))
        #expect(kind.flags == [.skipHardware, .notInHardware])
        #expect(kind.hitCount == 0)
        #expect(kind.actions.map(\.control) == [.drop])
        #expect(kind.actions.first?.state.bindings == 1)
        #expect(kind.settings.flags == .skipHardware)
        #expect(kind.settings.hitCount == nil)
    }

    @Test func marksAndPolicersAreRead() throws {
        let filters = try listed()
        let mark = try #require(filters.first { $0.priority == 5 && $0.handle == 9 })
        #expect(mark.place == .link(20, parent: TCHandle(1)))
        #expect(mark.kind?.as(FirewallMarkFilter.self)?.mask == 0xff)
        #expect(mark.kind?.as(FirewallMarkFilter.self)?.classID == TCHandle(1, 2))
        let policed = try #require(filters.first { $0.priority == 6 && $0.handle == 7 })
        let police = try #require(policed.kind?.as(FirewallMarkFilter.self)?.police)
        #expect(police.control == .drop)
        #expect(police.kind.as(PoliceAction.self)?.rate?.rate == .megabits(1))
        #expect(policed.state.statistics?.basic?.packets == 0)
    }

    @Test func tablesAndSelectorsAreRead() throws {
        let filters = try listed()
        let kinds = filters.compactMap { $0.kind?.as(U32Filter.self) }
        #expect(kinds.contains { $0.divisor == 16 })
        let linked = try #require(kinds.first { $0.link != nil })
        #expect(linked.link == U32Handle(table: 7))
        #expect(linked.mark?.value == 5)
        #expect(linked.mark?.mask == 0xf)
        #expect(linked.inputName == InterfaceName("d0"))
        #expect(linked.flags == [.skipHardware, .notInHardware])
        let selector = try #require(linked.selector)
        #expect(selector.flags == [.offset, .variableOffset, .eat])
        #expect(selector.offsetMask == 0xf0)
        #expect(selector.offsetShift == 2)
        #expect(selector.fixedOffset == 4)
        #expect(selector.variableOffset == 4)
        #expect(selector.hashMask == 0xff)
        #expect(selector.hashOffset == 12)
        #expect(selector.keys.map(\.value) == [0x0a00_0000, 0x50])
        #expect(selector.keys.map(\.offsetMask) == [0, -1])
        #expect(linked.counters?.keys.count == 2)
        let classed = try #require(kinds.first { $0.classID != nil })
        #expect(classed.hashTable == U32Handle(table: 7, bucket: 3))
        #expect(classed.actions.map(\.control) == [.drop])
    }

    @Test func whatIsReadGoesBackTheSame() throws {
        for found in try listed() where found.hasOptions {
            let again = try filter(try AddFilter(found.settings).messageBytes())
            #expect(again.settings == found.settings)
            #expect(found.unknown.isEmpty)
        }
    }

    @Test func everyTruncationIsAnErrorOrLess() throws {
        for message in FilterFixtures.filterListReplies {
            let whole = try filter(message)
            for cut in CapturedBytes.truncations(of: message) {
                if let part = try? filter(cut) { #expect(part != whole || cut.count + 4 > message.count) }
            }
        }
    }

    @Test func attributesThatNoHeaderNamesAreKeptAndGoBackOnAddOnly() throws {
        let message = try #require(FilterFixtures.matchallListReplies.last)
        let found = try filter(CapturedBytes.appending(UnknownAttribute(rawType: 333, payload: [1, 2]), to: message))
        #expect(found.unknown.elements == [UnknownAttribute(rawType: 333, payload: [1, 2])])
        let added = try filter(try AddFilter(found.settings).messageBytes())
        #expect(added.unknown == found.unknown)
        let updated = try filter(try UpdateFilter(found.settings).messageBytes())
        #expect(updated.unknown.isEmpty)
    }

    @Test func anUnknownKindIsKeptAsItsBytes() throws {
        let raw = Filter(
            at: .block(3), priority: 5, kind: AnyFilterKind(name: "nosuch", data: [8, 0, 9, 0, 1, 2, 3, 4]))
        let read = try filter(try AddFilter(raw).messageBytes())
        #expect(read == raw)
        #expect(read.kind?.value == nil)
    }

    @Test func aKindOfAClientsOwnGoesWhereOursDo() throws {
        FilterKinds.register(ClientFilter.self)
        let sent = Filter(at: .block(3), priority: 5, kind: ClientFilter(value: 7))
        let read = try filter(try AddFilter(sent).messageBytes())
        #expect(read == sent)
        #expect(read.kind?.as(ClientFilter.self)?.value == 7)
        // Nothing differs, so that a change of it has no value.
        let nothing = try filter(try UpdateFilter(sent, from: sent).messageBytes())
        #expect(nothing.kind?.as(ClientFilter.self)?.value == 0)
    }

    @Test func aSelectionIsCheckedHereToo() throws {
        let filters = try listed()
        let dump = FilterDump(FilterSelection(at: .link(20, parent: TCHandle(1)), priority: 8))
        let kept = try FilterFixtures.filterListReplies.compactMap { bytes in
            try CapturedBytes.reading(bytes) { (message: borrowing Message) throws(DecodeError) in
                try dump.decode(message)
            }
        }
        #expect(kept.count == filters.filter { $0.priority == 8 }.count)
        #expect(kept.count < filters.count)
    }
}

/// A filter kind with nothing but public API.
private struct ClientFilter: FilterKind {
    static var kindName: String { "client" }
    var value: UInt32

    init(value: UInt32) { self.value = value }

    init(decoding options: RawSpan) throws(DecodeError) {
        value = 0
        var reader = AttributeReader<RawAttributeID>(options)
        while let attribute = try reader.next() { value = try attribute.integer() }
    }

    func encode(into writer: inout MessageWriter, changing base: ClientFilter?) {
        if value != base?.value { writer.put(RawAttributeID(rawValue: 1), value) }
    }
}

/// Handles, words and fields of u32.
@Suite struct U32Tests {
    @Test func handlesAreWrittenAsTheyAreRead() {
        for text in ["800::800", "2:5:7", "2:", "2:5:", ":5:7", "::9"] {
            let handle = U32Handle(text)
            #expect(handle.flatMap { U32Handle($0.description) } == handle)
            #expect(handle != nil)
        }
        #expect(U32Handle("800::800")?.rawValue == 0x8000_0800)
        #expect(U32Handle("2:5:7")?.bucket == 5)
        #expect(U32Handle("2:")?.isTable == true)
        #expect(U32Handle("0x80000800")?.description == "800::800")
        for text in ["", "5", "foo", "1000:", "1:100:", "1::1000", "1:2:3:4", "1:x:", "0x", "-1:"] {
            #expect(U32Handle(text) == nil, "\(text)")
        }
    }

    @Test func valuesLieInTheirLanes() {
        #expect(U32Key(byte: 0x12, mask: 0xf0, at: 3) == U32Key(0x10, mask: 0xf0, at: 0))
        #expect(U32Key(byte: 0x12, mask: 0xff, at: 8) == U32Key(0x1200_0000, mask: 0xff00_0000, at: 8))
        #expect(U32Key(half: 0x1234, mask: 0xffff, at: 2) == U32Key(0x1234, mask: 0xffff, at: 0))
        #expect(U32Key(half: 0x1234, mask: 0xffff, at: 20) == U32Key(0x1234_0000, mask: 0xffff_0000, at: 20))
        #expect(U32Key(byte: 1, mask: 1, at: -1).offset == -4)
        #expect(U32Key.sourcePort(22).offsetMask == -1)
    }

    @Test func fieldsStandWhereTheHeadersHaveThem() {
        let source: IPPrefix = "1.2.3.4/24"
        #expect(U32Key.source(source) == [U32Key(0x0102_0300, mask: 0xffff_ff00, at: 12)])
        #expect(U32Key.destination(source) == [U32Key(0x0102_0300, mask: 0xffff_ff00, at: 16)])
        let long: IPPrefix = "2001:db8::1/128"
        #expect(U32Key.source(long).map(\.offset) == [8, 12, 16, 20])
        #expect(U32Key.ipv4Protocol(6) == U32Key(0x0006_0000, mask: 0x00ff_0000, at: 8))
        #expect(U32Key.ipv6Protocol(17) == U32Key(0x1100, mask: 0xff00, at: 4))
        #expect(U32Key.typeOfService(0x10) == U32Key(0x0010_0000, mask: 0x00ff_0000, at: 0))
        #expect(U32Key.trafficClass(3) == U32Key(0x0030_0000, mask: 0x0ff0_0000, at: 0))
        let none: IPPrefix = "0.0.0.0/0"
        #expect(U32Key.source(none).isEmpty)
    }

    @Test func wordsOfOnePlaceAreComparedTogether() {
        var selector = U32Selector()
        let first = selector.insert(U32Key(half: 80, mask: 0xffff, at: 20))
        let second = selector.insert(U32Key(half: 90, mask: 0xffff, at: 22))
        #expect(first && second)
        #expect(selector.keys == [U32Key(80 << 16 | 90, mask: .max, at: 20)])
        let contradicting = selector.insert(U32Key(half: 91, mask: 0xffff, at: 22))
        let elsewhere = selector.insert(U32Key(half: 91, mask: 0xffff, at: 22, behindHeader: true))
        #expect(!contradicting && elsewhere)
        #expect(selector.keys.count == 2)
    }
}
