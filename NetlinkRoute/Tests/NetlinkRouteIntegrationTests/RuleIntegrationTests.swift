// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct RuleIntegrationTests {
    let fixture: NamespaceFixture
    let connection: BlockingRouteConnection

    init() throws {
        fixture = try NamespaceFixture()
        connection = try fixture.connect()
    }

    private func find(_ family: AddressFamily, _ priority: UInt32) throws -> Rule? {
        try connection.rules(family: family).first { $0.priority == priority }
    }

    private func expectRoundTrip(
        _ family: AddressFamily, doing action: RuleAction? = nil, _ change: (inout Rule) -> Void = { _ in },
        keeps check: (Rule) -> Bool
    ) throws {
        var wanted = action.map { Rule(family, $0, priority: 500) } ?? Rule(family, lookup: 100, priority: 500)
        change(&wanted)
        try connection.add(wanted)
        let read = try #require(try find(family, 500))
        #expect(check(read), "\(read)")
        #expect(read.action == wanted.action && read.table == wanted.table && read.unknown.isEmpty)
        try connection.remove(read)
        #expect(try find(family, 500) == nil)
        try connection.add(read.settings)
        #expect(try find(family, 500)?.settings == read.settings)
        try connection.remove(wanted)
        #expect(try find(family, 500) == nil)
    }

    @Test("every selector is kept by the kernel, and what was read can be added again")
    func selectors() throws {
        try expectRoundTrip(.ipv4, { $0.source = "10.0.0.0/8" }, keeps: { $0.source == "10.0.0.0/8" })
        try expectRoundTrip(.ipv4, { $0.destination = "192.0.2.1/32" }, keeps: { $0.destination == "192.0.2.1/32" })
        try expectRoundTrip(.ipv6, { $0.source = "2001:db8::/32" }, keeps: { $0.source == "2001:db8::/32" })
        try expectRoundTrip(
            .ipv6, { $0.destination = "2001:db8::1/128" }, keeps: { $0.destination == "2001:db8::1/128" })
        try expectRoundTrip(.ipv4, { $0.typeOfService = 16 }, keeps: { $0.typeOfService == 16 })
        try expectRoundTrip(.ipv4, { $0.mark = RuleMark(7) }, keeps: { $0.mark == RuleMark(7, mask: .max) })
        try expectRoundTrip(.ipv4, { $0.mark = RuleMark(7, mask: 15) }, keeps: { $0.mark == RuleMark(7, mask: 15) })
        try expectRoundTrip(.ipv4, { $0.mark = RuleMark(0, mask: 5) }, keeps: { $0.mark == RuleMark(0, mask: 5) })
        try expectRoundTrip(.ipv4, { $0.inputName = "lo" }, keeps: { $0.inputName == "lo" && $0.flags.isEmpty })
        try expectRoundTrip(.ipv4, { $0.inputName = "nosuch" }, keeps: { $0.flags == .inputDetached })
        try expectRoundTrip(
            .ipv6, { $0.outputName = "nosuch" }, keeps: { $0.outputName == "nosuch" && $0.flags == .outputDetached })
        try expectRoundTrip(.ipv4, { $0.tunnelID = 0x1_0000_0002 }, keeps: { $0.tunnelID == 0x1_0000_0002 })
        try expectRoundTrip(.ipv4, doing: .lookup, { $0.isL3Master = true }, keeps: { $0.isL3Master == true })
        try expectRoundTrip(
            .ipv4, { $0.users = RuleUsers(5, through: 9) }, keeps: { $0.users == RuleUsers(5, through: 9) })
        try expectRoundTrip(.ipv4, { $0.ipProtocol = 17 }, keeps: { $0.ipProtocol == 17 })
        try expectRoundTrip(
            .ipv4, { $0.sourcePorts = RulePorts(80) },
            keeps: { $0.sourcePorts?.first == 80 && $0.sourcePorts?.last == 80 })
        try expectRoundTrip(
            .ipv6, { $0.destinationPorts = RulePorts(80, through: 90) },
            keeps: { $0.destinationPorts == RulePorts(80, through: 90) })
        try expectRoundTrip(.ipv4, { $0.isInverted = true }, keeps: { $0.isInverted && $0.flags == .inverted })
    }

    /// Whether the kernel tells a selector with its mask.
    private static func keeps(
        _ name: String, _ family: AddressFamily, _ selector: @escaping @Sendable (Rule) -> Bool,
        _ change: @escaping @Sendable (inout Rule) -> Void
    ) -> Bool {
        TestEnvironment.has(
            TestEnvironment.Feature(name) {
                guard let connection = try? NamespaceFixture().connect(RouteProtocol.self) else { return false }
                var rule = Rule(family, lookup: 100, priority: 500)
                change(&rule)
                guard (try? connection.add(rule)) != nil, let found = try? connection.rules(family: family) else {
                    return false
                }
                return found.contains { selector($0) }
            })
    }

    @Test(
        "code points are kept with their masks",
        .enabled(
            if: Self.keeps("masked code points of rules", .ipv4, { $0.dscp?.mask != nil }) {
                $0.dscp = RuleCodePoint(16)
            }, "masked code points of rules"))
    func codePoints() throws {
        try expectRoundTrip(.ipv4, { $0.dscp = RuleCodePoint(16) }, keeps: { $0.dscp == RuleCodePoint(16, mask: 0x3f) })
        try expectRoundTrip(
            .ipv6, { $0.dscp = RuleCodePoint(16, mask: 24) }, keeps: { $0.dscp == RuleCodePoint(16, mask: 24) })
    }

    @Test(
        "flow labels are kept",
        .enabled(
            if: Self.keeps("flow labels of rules", .ipv6, { $0.flowLabel != nil }) {
                $0.flowLabel = RuleMark(0x123, mask: 0xfff)
            }, "flow labels of rules"))
    func flowLabels() throws {
        try expectRoundTrip(
            .ipv6, { $0.flowLabel = RuleMark(0x123, mask: 0xfff) },
            keeps: { $0.flowLabel == RuleMark(0x123, mask: 0xfff) })
    }

    @Test(
        "ports are kept with their masks",
        .enabled(
            if: Self.keeps("masked ports of rules", .ipv4, { $0.sourcePorts?.mask != nil }) {
                $0.sourcePorts = RulePorts(80)
            }, "masked ports of rules"))
    func portMasks() throws {
        try expectRoundTrip(
            .ipv4, { $0.sourcePorts = RulePorts(80) }, keeps: { $0.sourcePorts == RulePorts(80, mask: .max) })
        for family in [AddressFamily.ipv4, .ipv6] {
            try expectRoundTrip(
                family, { $0.sourcePorts = RulePorts(80, mask: 0xff0) },
                keeps: { $0.sourcePorts == RulePorts(80, mask: 0xff0) })
            try expectRoundTrip(
                family, { $0.destinationPorts = RulePorts(80, mask: 0xff0) },
                keeps: { $0.destinationPorts == RulePorts(80, mask: 0xff0) })
        }
    }

    @Test("a rule with everything at once comes back as it was") func everything() throws {
        for (family, source, destination) in [
            (AddressFamily.ipv4, "10.0.0.0/8", "192.0.2.0/24"), (.ipv6, "2001:db8::/32", "2001:db9::/48"),
        ] as [(AddressFamily, IPPrefix, IPPrefix)] {
            func fill(_ rule: inout Rule) {
                rule.source = source
                rule.destination = destination
                rule.typeOfService = 16
                rule.mark = RuleMark(7, mask: 15)
                rule.inputName = "lo"
                rule.outputName = "nosuch"
                rule.tunnelID = 77
                rule.users = RuleUsers(5, through: 9)
                rule.ipProtocol = 17
                rule.sourcePorts = RulePorts(1000, through: 2000)
                rule.destinationPorts = RulePorts(80, through: 90)
                rule.suppressedPrefixLength = 3
                rule.suppressedGroup = 4
                rule.origin = .bgp
                rule.table = 70_000
                rule.isInverted = true
                rule.flags.insert(.findSourceAddress)
                if family == .ipv4 { rule.realms = RouteRealms(source: 1, destination: 2) }
            }
            var wanted = Rule(family, lookup: 100, priority: 500)
            fill(&wanted)
            let meant = wanted
            try connection.add(wanted)
            let read = try #require(try find(family, 500))
            #expect(read.settings == meant && read.flags.contains(.outputDetached), "\(read)")
            try connection.remove(read)
            #expect(try find(family, 500) == nil)
            try connection.add(read.settings)
            #expect(try find(family, 500) == read)
            try connection.remove(read)
        }
    }

    private static let hasMulticastRules = TestEnvironment.has(
        TestEnvironment.Feature("rules of multicast routing") {
            guard let connection = try? NamespaceFixture().connect(RouteProtocol.self) else { return false }
            return (try? connection.add(Rule(.ipv4MulticastRouting, lookup: 100, priority: 500))) != nil
        })

    @Test(
        "multicast routing has rules of its own, which are kept",
        .enabled(if: Self.hasMulticastRules, "rules of multicast routing"))
    func multicastRouting() throws {
        for family in [AddressFamily.ipv4MulticastRouting, .ipv6MulticastRouting] {
            try expectRoundTrip(
                family, { $0.mark = RuleMark(7) }, keeps: { $0.family == family && $0.mark?.value == 7 })
            #expect(try connection.rules(family: family).allSatisfy { $0.family == family })
        }
        #expect(try connection.rules(family: .ipv4).map(\.priority) == [0, 32766, 32767])
    }

    @Test("every action and modifier is kept by the kernel, and what was read can be added again")
    func actions() throws {
        try expectRoundTrip(.ipv4) { $0.table == 100 && $0.origin == .unspecified }
        try expectRoundTrip(.ipv6, { $0.table = 70_000 }, keeps: { $0.table == 70_000 })
        for action in [RuleAction.nop, .blackhole, .unreachable, .prohibit] {
            try expectRoundTrip(.ipv4, doing: action) { $0.table == .unspecified }
            try expectRoundTrip(.ipv6, doing: action) { $0.table == .unspecified }
        }
        try expectRoundTrip(
            .ipv4, doing: .goto, { $0.target = 600 }, keeps: { $0.target == 600 && $0.flags == .unresolved })
        try expectRoundTrip(
            .ipv4, doing: .goto, { $0.target = 32766 }, keeps: { $0.target == 32766 && $0.flags.isEmpty })
        try expectRoundTrip(
            .ipv4, { $0.realms = RouteRealms(source: 1, destination: 2) },
            keeps: { $0.realms == RouteRealms(source: 1, destination: 2) })
        try expectRoundTrip(.ipv4, { $0.suppressedPrefixLength = 0 }, keeps: { $0.suppressedPrefixLength == 0 })
        try expectRoundTrip(.ipv6, { $0.suppressedGroup = 4 }, keeps: { $0.suppressedGroup == 4 })
        try expectRoundTrip(.ipv4, { $0.origin = .bgp }, keeps: { $0.origin == .bgp })
    }

    @Test("every namespace begins with the same rules, and each family has its own") func initial() throws {
        let ipv4 = try connection.rules(family: .ipv4)
        #expect(ipv4.map(\.priority) == [0, 32766, 32767])
        #expect(ipv4.map(\.table) == [.local, .main, .defaults])
        #expect(Set(ipv4.compactMap(\.priority)) == Rule.initialPriorities)
        #expect(try connection.rules(family: .ipv6).map(\.table) == [.local, .main])
        let all = try connection.rules()
        #expect(all.count >= 5 && Set(all.map(\.family)).isSuperset(of: [.ipv4, .ipv6]))
    }

    @Test("without a priority the kernel chooses one before the first, and ensuring finds it") func priorities() throws
    {
        var rule = Rule(.ipv4, lookup: 100)
        rule.source = "10.0.0.0/8"
        rule.mark = RuleMark(5)
        rule.sourcePorts = RulePorts(80)
        rule.destinationPorts = RulePorts(443)
        rule.dscp = RuleCodePoint(8)
        #expect(try connection.ensure(rule) == .added)
        #expect(try connection.rules(family: .ipv4).map(\.priority) == [0, 32765, 32766, 32767])
        #expect(try connection.ensure(rule) == .unchanged)
        // The kernel itself takes the same rule again, unless it has the same priority too.
        try connection.add(rule)
        #expect(try connection.rules(family: .ipv4).map(\.priority) == [0, 32764, 32765, 32766, 32767])
        rule.priority = 32765
        let error = #expect(throws: NetlinkError.self) { try connection.add(rule) }
        #expect(error?.isExisting == true && error?.object == "32765")
        #expect(try connection.ensure(rule) == .unchanged)
        rule.priority = nil
        rule.source = "11.0.0.0/8"
        #expect(try connection.ensure(rule) == .added)
        // The highest priority is 0, said by leaving it out, and goes back as 0.
        var first = Rule(.ipv4, lookup: 100, priority: 0)
        first.source = "12.0.0.0/8"
        try connection.add(first)
        let read = try #require(try connection.rules(family: .ipv4).first { $0.source == "12.0.0.0/8" })
        #expect(read.priority == 0)
        try connection.remove(read)
        try connection.add(read.settings)
        #expect(try connection.rules(family: .ipv4).filter { $0.priority == 0 }.count == 2)
    }

    @Test("removing takes the first that fits what is set, and says when none does") func removing() throws {
        for priority in [10, 20] as [UInt32] {
            var rule = Rule(.ipv4, lookup: 100, priority: priority)
            rule.source = "10.0.0.0/8"
            try connection.add(rule)
        }
        var selector = Rule(.ipv4)
        selector.source = "10.0.0.0/8"
        try connection.remove(selector)
        #expect(try connection.rules(family: .ipv4).map(\.priority) == [0, 20, 32766, 32767])
        try connection.remove(Rule(.ipv4, priority: 20))
        let error = #expect(throws: NetlinkError.self) { try connection.remove(Rule(.ipv4, priority: 20)) }
        #expect(error?.isNotFound == true && error?.operation == "remove rule" && error?.object == "20")
    }

    @Test("flushing leaves the initial rules, or those that one asks it to leave") func flushing() throws {
        for priority in 1...40 as ClosedRange<UInt32> {
            try connection.add(Rule(.ipv4, lookup: 100, priority: priority))
            try connection.add(Rule(.ipv6, lookup: 100, priority: priority))
        }
        var sizes: [Int] = []
        let some = try connection.flushRules(
            family: .ipv4, where: { $0.priority ?? 0 <= 10 }, onRound: { sizes.append($1.count) })
        #expect(some.removedCount == 10 && some.rounds == 1 && sizes == [10])
        let report = try connection.flushRules(family: .ipv4)
        #expect(report.removedCount == 30 && report.isComplete)
        #expect(try connection.rules(family: .ipv4).map(\.priority) == [0, 32766, 32767])
        #expect(try connection.rules(family: .ipv6).count == 42)
        let all = try connection.flushRules(family: .ipv6, keeping: [0])
        #expect(all.removedCount == 41)
        #expect(try connection.rules(family: .ipv6).map(\.priority) == [0])
    }

    @Test("tasks do the same with one-line methods") func tasks() async throws {
        let connection = try RouteConnection(in: fixture.namespace)
        let rule = Rule(.ipv4, lookup: 100, priority: 10)
        try await connection.add(rule)
        #expect(try await connection.ensure(rule) == .unchanged)
        #expect(try await connection.rules(family: .ipv4).count == 4)
        try await connection.remove(rule)
        #expect(try await connection.ensure(rule) == .added)
        #expect(try await connection.flushRules(family: .ipv4).removedCount == 1)
    }
}
