// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTC
import NetlinkTestSupport
import Testing

/// Filters, actions and chains in a real kernel.
@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct FilterIntegrationTests {
    let fixture: NamespaceFixture
    let connection: BlockingRouteConnection
    let link: InterfaceIndex
    let other: InterfaceIndex
    let place: FilterPlace

    init() throws {
        fixture = try NamespaceFixture()
        connection = try fixture.connect(RouteProtocol.self)
        for name: InterfaceName in ["d0", "d1"] {
            try connection.perform(AddLink(Link(name: name, kind: DummyLink())))
        }
        link = try fixture.index(of: "d0")
        other = try fixture.index(of: "d1")
        place = .egress(of: link)
        try connection.add(Qdisc(clsactOn: link))
    }

    private var drop: [Action] { [Action(GenericAction(), control: .drop)] }

    /// Adds, reads, removes what was read, adds that, and reads it again: the same.
    @discardableResult
    private func checkRoundTrip(
        _ filter: Filter, sourceLocation: SourceLocation = #_sourceLocation,
        where isMeant: (Filter) -> Bool = { _ in true }
    ) throws -> Filter {
        let made = try connection.add(filter)
        let first = try connection.filters(at: filter.place, chain: filter.chain)
        let found = try #require(
            first.first { $0.priority == filter.priority && $0.kind?.value != nil && isMeant($0) },
            sourceLocation: sourceLocation)
        // The notification of the first filter of a priority tells of the priority only.
        #expect(made.priority == found.priority, sourceLocation: sourceLocation)
        #expect(found.unknown.isEmpty, sourceLocation: sourceLocation)
        try connection.remove(found)
        var again = found.settings
        again.withoutActionNumbers()
        try connection.add(again)
        let second = try connection.filters(at: filter.place, chain: filter.chain)
        var read = try #require(
            second.first { $0.priority == filter.priority && $0.kind?.value != nil && isMeant($0) },
            sourceLocation: sourceLocation
        ).settings
        read.withoutActionNumbers()
        #expect(read == again, sourceLocation: sourceLocation)
        return found
    }

    @Test("matchall with everything it can have") func matchAll() throws {
        var kind = MatchAllFilter(actions: drop, classID: TCHandle(1, 5))
        kind.flags = .skipHardware
        let found = try checkRoundTrip(
            Filter(at: place, priority: 5, protocolType: .ipv4, handle: 1, chain: 3, kind: kind))
        let read = try #require(found.kind?.as(MatchAllFilter.self))
        #expect(read.classID == TCHandle(1, 5))
        #expect(read.flags == [.skipHardware, .notInHardware])
        #expect(read.actions.first?.control == .drop)
        #expect(found.chain == 3)
    }

    @Test("fw with everything it can have") func marks() throws {
        var kind = FirewallMarkFilter(classID: TCHandle(1, 5), mask: 0xff, actions: drop)
        kind.inputName = "d1"
        let found = try checkRoundTrip(Filter(at: place, priority: 6, handle: 7, kind: kind))
        #expect(found.handle == 7)
        #expect(found.kind?.as(FirewallMarkFilter.self)?.inputName == "d1")
        var policed = FirewallMarkFilter()
        policed.police = Action(PoliceAction(rate: .megabits(1), burst: 10_000), control: .drop)
        let old = try checkRoundTrip(Filter(at: place, priority: 7, handle: 7, kind: policed))
        let police = try #require(old.kind?.as(FirewallMarkFilter.self)?.police)
        #expect(police.kind.as(PoliceAction.self)?.rate?.rate == .megabits(1))
        #expect(police.control == .drop)
    }

    @Test("u32 with everything it can have") func words() throws {
        try connection.add(
            Filter(at: place, priority: 8, handle: U32Handle(table: 7).rawValue, kind: U32Filter(divisor: 16)))
        // With the last filter of a priority its tables go too.
        try connection.add(Filter(at: place, priority: 8, kind: U32Filter([U32Key(0, mask: 0, at: 0)])))
        var kind = U32Filter(U32Key.source("10.0.0.0/8") + [U32Key.destinationPort(80)], actions: drop)
        kind.mark = U32Filter.Mark(5, mask: 0xf)
        kind.inputName = "d1"
        kind.link = U32Handle(table: 7)
        kind.hashTable = U32Handle(table: 7, bucket: 3)
        kind.classID = TCHandle(1, 3)
        kind.flags = .skipHardware
        kind.selector?.flags.formUnion([.offset, .variableOffset, .eat])
        kind.selector?.offsetMask = 0xf00
        kind.selector?.offsetShift = 6
        kind.selector?.fixedOffset = 4
        kind.selector?.hashMask = 0xff
        kind.selector?.hashOffset = 12
        let found = try checkRoundTrip(Filter(at: place, priority: 8, handle: 9, kind: kind)) {
            $0.kind?.as(U32Filter.self)?.link != nil
        }
        let read = try #require(found.kind?.as(U32Filter.self))
        #expect(read.selector == kind.selector)
        #expect(read.mark == kind.mark)
        #expect(read.link == kind.link)
        #expect(read.hashTable == kind.hashTable)
        #expect(U32Handle(rawValue: found.handle) == U32Handle(table: 7, bucket: 3, filter: 9))
    }

    @Test("a change sends only what differs, and the rest stays") func change() throws {
        let kind = FirewallMarkFilter(classID: TCHandle(1, 5), actions: drop)
        try connection.add(Filter(at: place, priority: 6, handle: 7, kind: kind))
        let selection = FilterSelection(at: place, priority: 6, protocolType: .all, handle: 7, kind: "fw")
        let base = try connection.filter(selection)
        var changed = base
        var value = try #require(base.kind?.as(FirewallMarkFilter.self))
        value.classID = TCHandle(1, 6)
        changed.kind = AnyFilterKind(value)
        try connection.update(changed, from: base)
        let read = try #require(try connection.filter(selection).kind?.as(FirewallMarkFilter.self))
        #expect(read.classID == TCHandle(1, 6))
        #expect(read.actions.map(\.index) == value.actions.map(\.index))
    }

    @Test("filters are removed one by one, by priority and by chain") func removal() throws {
        for (priority, chain) in [(UInt16(5), UInt32(0)), (6, 0), (7, 4)] {
            try connection.add(
                Filter(at: place, priority: priority, chain: chain, kind: MatchAllFilter(actions: drop)))
        }
        #expect(try connection.filters(at: place).count == 3)
        #expect(try connection.filters(at: place, chain: 4).map(\.priority) == [7])
        let first = try #require(try connection.filters(at: place).first)
        try connection.remove(first)
        #expect(try connection.filters(at: place).map(\.priority) == [6, 7])
        try connection.remove(FilterSelection(at: place, chain: 4))
        #expect(try connection.filters(at: place).map(\.priority) == [6])
        try connection.remove(FilterSelection(at: place, priority: 6))
        #expect(try connection.filters(at: place).isEmpty)
        #expect(throws: NetlinkError.self) { try connection.remove(FilterSelection(at: place, priority: 6)) }
    }

    @Test("a block's filters are those of all its links") func blocks() throws {
        var qdisc = Qdisc(clsactOn: other)
        qdisc.egressBlock = 12
        try connection.add(qdisc)
        try connection.add(Filter(at: .block(12), priority: 3, kind: MatchAllFilter(actions: drop)))
        #expect(try connection.filters(at: .block(12)).map(\.priority) == [3])
        let seen = try connection.filters(at: .egress(of: other))
        #expect(seen.map(\.place) == [.block(12)])
    }

    @Test("chains come, are listed and go") func chains() throws {
        try connection.add(Chain(at: place, index: 5))
        try connection.add(Chain(at: place, index: 9))
        #expect(try connection.chains(at: place).map(\.index).sorted() == [5, 9])
        #expect(try connection.query(ChainQuery(at: place, index: 5)).index == 5)
        #expect(throws: NetlinkError.self) { try connection.add(Chain(at: place, index: 5)) }
        try connection.remove(Chain(at: place, index: 5))
        #expect(try connection.chains(at: place).map(\.index) == [9])
    }

    @Test("a refusal names the attribute in the kernel's words") func refusal() throws {
        let filter = Filter(
            at: place, kind: MatchAllFilter(actions: [Action(MirredAction(.egressRedirect, to: 9999))]))
        let error = try #require(throws: NetlinkError.self) { try connection.add(filter) }
        #expect(error.isNoDevice)
        #expect("\(error)".contains("add filter"))
    }

    @Test("asynchronous connections do the same") func asynchronous() async throws {
        let connection = try RouteConnection(in: fixture.namespace)
        try await connection.add(Filter(at: place, priority: 5, kind: MatchAllFilter(actions: drop)))
        let found = try #require(try await connection.filters(at: place).first)
        #expect(try await connection.filter(FilterSelection(found)).handle == found.handle)
        let made = try await connection.add([Action(GenericAction(), control: .pipe)])
        let index = try #require(made.first?.index)
        #expect(try await connection.action(ActionReference(GenericAction.self, index: index)).control == .pipe)
        #expect(try await connection.actions(kind: "gact").count == 2)
        try await connection.remove([ActionReference(GenericAction.self, index: index)])
        try await connection.remove(found)
        #expect(try await connection.filters(at: place).isEmpty)
        try await connection.add(Chain(at: place, index: 3))
        #expect(try await connection.chains(at: place).map(\.index) == [3])
        try await connection.remove(Chain(at: place, index: 3))
        try await connection.flushActions(kind: "police")
        connection.close()
    }
}

/// The shared table of actions in a real kernel.
@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct ActionIntegrationTests {
    let fixture: NamespaceFixture
    let connection: BlockingRouteConnection
    let link: InterfaceIndex

    init() throws {
        fixture = try NamespaceFixture()
        connection = try fixture.connect(RouteProtocol.self)
        try connection.perform(AddLink(Link(name: "d0", kind: DummyLink())))
        link = try fixture.index(of: "d0")
    }

    /// Adds, reads, removes, adds what was read, and reads again: the same.
    private func checkRoundTrip(_ action: Action, sourceLocation: SourceLocation = #_sourceLocation) throws -> Action {
        let made = try #require(try connection.add([action]).first, sourceLocation: sourceLocation)
        let reference = ActionReference(kind: made.kind.name, index: try #require(made.index))
        let first = try connection.action(reference)
        #expect(first.settings == made.settings, sourceLocation: sourceLocation)
        try connection.remove([reference])
        try connection.add([first.settings])
        let second = try connection.action(reference)
        #expect(second.settings == first.settings, sourceLocation: sourceLocation)
        #expect(second.unknown.isEmpty, sourceLocation: sourceLocation)
        return second
    }

    @Test("gact with everything it can have") func verdicts() throws {
        var action = Action(GenericAction(random: .init(.determined, oneOf: 7, control: .pipe)), control: .drop)
        action.cookie = [1, 2, 3]
        action.flags = ActionFlags(.withoutProcessorCounters)
        action.hardwareStatistics = .delayed
        let read = try checkRoundTrip(action)
        #expect(read.cookie == [1, 2, 3])
        #expect(read.flags?.value == .withoutProcessorCounters)
        #expect(read.hardwareStatistics == .delayed)
        #expect(read.kind.as(GenericAction.self)?.random?.value == 7)
        _ = try checkRoundTrip(Action(GenericAction(), control: .jump(3)))
        _ = try checkRoundTrip(Action(GenericAction(), control: .trap))
    }

    @Test("mirred to links and blocks") func mirrors() throws {
        for operation: MirredAction.Operation in [.egressRedirect, .egressMirror, .ingressRedirect, .ingressMirror] {
            let read = try checkRoundTrip(Action(MirredAction(operation, to: link)))
            #expect(read.kind.as(MirredAction.self)?.operation == operation)
        }
        let block = try checkRoundTrip(Action(MirredAction(.egressMirror, toBlock: 21), control: .pass))
        #expect(block.kind.as(MirredAction.self)?.target == .block(21))
    }

    @Test("police with everything it can have") func policers() throws {
        var police = PoliceAction(rate: .megabits(1), burst: 10_000)
        police.rate?.overhead = 20
        police.rate?.linkLayer = .atm
        police.peakRate = police.rate
        police.peakRate?.rate = .megabits(3)
        police.mtu = 1500
        police.conforming = .pipe
        let read = try checkRoundTrip(Action(police, control: .drop))
        let found = try #require(read.kind.as(PoliceAction.self))
        #expect(found.rate?.linkLayer == .atm)
        #expect(found.rate?.overhead == 20)
        #expect(found.peakRate?.rate == .megabits(3))
        #expect(found.burst?.bytes(at: .megabits(1)) == 10_000)
        _ = try checkRoundTrip(Action(PoliceAction(rate: .gigabits(100), burst: 1_000_000), control: .drop))
        let packets = try checkRoundTrip(Action(PoliceAction(packetRate: 1000, packetBurst: 200)))
        #expect(packets.kind.as(PoliceAction.self)?.packetBurst == 200)
    }

    @Test("a long table is listed whole, and flushed") func manyActions() throws {
        for start in stride(from: UInt32(1), to: 1000, by: 32) {
            try connection.perform(
                AddActions((start..<start + 32).map { Action(GenericAction(), control: .pass, index: $0) }))
        }
        let listed = try connection.actions(kind: "gact")
        #expect(listed.count == 1024)
        #expect(Set(listed.compactMap(\.index)).count == 1024)
        var terse = ActionDump(kind: "gact")
        terse.isTerse = true
        #expect(try connection.dump(terse).flatMap(\.actions).count == 1024)
        var recent = ActionDump(kind: "gact")
        recent.since = 60_000
        #expect(try connection.dump(recent).flatMap(\.actions).count == 1024)
        try connection.flushActions(kind: "gact")
        #expect(try connection.actions(kind: "gact").isEmpty)
    }

    @Test("a kind that is not known here is listed raw") func otherKinds() throws {
        // skbedit with TCA_SKBEDIT_PARMS and TCA_SKBEDIT_MARK.
        let options: [UInt8] =
            [24, 0, 2, 0] + [3, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + [8, 0, 5, 0, 7, 0, 0, 0]
        try connection.perform(AddActions([Action(AnyActionKind(name: "skbedit", data: options))]))
        let read = try #require(try connection.actions(kind: "skbedit").first)
        #expect(read.kind.name == "skbedit")
        #expect(read.kind.value == nil)
        #expect(read.kind.data?.isEmpty == false)
        try connection.remove([ActionReference(kind: "skbedit", index: 3)])
        #expect(try connection.actions(kind: "skbedit").isEmpty)
    }

    @Test("one that a filter uses is not removed") func bound() throws {
        try connection.add(Qdisc(clsactOn: link))
        let made = try connection.add([Action(GenericAction(), control: .pass)])
        let index = try #require(made.first?.index)
        let shared = Action(GenericAction(), control: .pass, index: index)
        try connection.add(Filter(at: .ingress(of: link), kind: MatchAllFilter(actions: [shared])))
        #expect(throws: NetlinkError.self) {
            try connection.remove([ActionReference(GenericAction.self, index: index)])
        }
        let read = try connection.action(ActionReference(GenericAction.self, index: index))
        #expect(read.state.bindings == 1)
        try connection.replace([Action(GenericAction(), control: .drop, index: index)])
        #expect(try connection.action(ActionReference(GenericAction.self, index: index)).control == .drop)
    }
}

extension Filter {
    /// Lets the kernel number the actions anew.
    mutating func withoutActionNumbers() {
        func unnumbered(_ actions: [Action]) -> [Action] {
            actions.map {
                var copy = $0
                copy.index = nil
                return copy
            }
        }
        if var value = kind?.as(MatchAllFilter.self) {
            value.actions = unnumbered(value.actions)
            kind = AnyFilterKind(value)
        } else if var value = kind?.as(FirewallMarkFilter.self) {
            value.actions = unnumbered(value.actions)
            value.police?.index = nil
            kind = AnyFilterKind(value)
        } else if var value = kind?.as(U32Filter.self) {
            value.actions = unnumbered(value.actions)
            kind = AnyFilterKind(value)
        }
    }
}
