// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct RouteChangeIntegrationTests {
    let bench: RouteBench
    var connection: BlockingRouteConnection { bench.connection }
    var link: InterfaceIndex { bench.link }

    init() throws { bench = try RouteBench() }

    private func via(_ gateway: IPAddress, _ change: (inout Route) -> Void = { _ in }) -> Route {
        var route = Route(to: "10.0.0.0/8", via: gateway, on: link)
        change(&route)
        return route
    }

    private func gateways() throws -> [IPAddress?] { try bench.find(via("192.0.2.2")).map(\.gateway) }

    @Test("add, replace, change, append, prepend and test do what they say") func modes() throws {
        let missing = #expect(throws: NetlinkError.self) { try connection.update(via("192.0.2.2")) }
        #expect(missing?.isNotFound == true && missing?.operation == "change route")
        try connection.add(via("192.0.2.2"))
        let existing = #expect(throws: NetlinkError.self) { try connection.add(via("192.0.2.3")) }
        #expect(existing?.isExisting == true && existing?.object == "10.0.0.0/8")
        try connection.replace(via("192.0.2.3"))
        #expect(try gateways() == ["192.0.2.3"])
        try connection.update(via("192.0.2.4"))
        #expect(try gateways() == ["192.0.2.4"])
        try connection.append(via("192.0.2.5"))
        #expect(try gateways() == ["192.0.2.4", "192.0.2.5"])
        try connection.perform(AddRoute(via("192.0.2.6"), mode: .prepend))
        #expect(try gateways() == ["192.0.2.6", "192.0.2.4", "192.0.2.5"])
        #expect(throws: NetlinkError.self) { try connection.perform(AddRoute(via("192.0.2.6"), mode: .test)) }
        // Another metric is another route, not a change of this one.
        try connection.replace(via("192.0.2.7") { $0.metric = 5 })
        #expect(try gateways().count == 4)
        // For IPv6, appending shares the traffic.
        let six = Route(to: "2001:db8:9::/48", via: "2001:db8::2", on: link)
        try connection.add(six)
        var other = six
        other.gateway = "2001:db8::3"
        try connection.append(other)
        #expect(try bench.find(six).first?.nextHops.map(\.gateway) == ["2001:db8::2", "2001:db8::3"])
    }

    @Test("ensuring adds, leaves alone or replaces") func ensuring() throws {
        #expect(try connection.ensure(via("192.0.2.2")) == .added)
        #expect(try connection.ensure(via("192.0.2.2")) == .unchanged)
        #expect(try connection.ensure(via("192.0.2.3")) == .changed)
        #expect(try connection.ensure(via("192.0.2.3")) == .unchanged)
        #expect(try gateways() == ["192.0.2.3"])
        #expect(try connection.ensure(via("192.0.2.3") { $0.metric = 9 }) == .added)
        let six = Route(to: "2001:db8:9::/48", via: "2001:db8::2", on: link)
        #expect(try connection.ensure(six) == .added)
        #expect(try connection.ensure(six) == .unchanged)
        var other = six
        other.gateway = "fe80::7"
        #expect(try connection.ensure(other) == .changed)
        #expect(try bench.find(six).map(\.gateway) == ["fe80::7"])
    }

    @Test("removing takes what has all that is set, and says when there is none") func removing() throws {
        try connection.add(via("192.0.2.2") { $0.metric = 5 })
        try connection.add(via("192.0.2.2") { $0.metric = 6 })
        try connection.add(via("192.0.2.2") { $0.table = 1000 })
        let wrong = #expect(throws: NetlinkError.self) { try connection.remove(via("192.0.2.9")) }
        #expect(wrong?.isNotFound == true && wrong?.operation == "remove route")
        try connection.remove(via("192.0.2.2") { $0.metric = 6 })
        #expect(try bench.find(via("192.0.2.2")).map(\.metric) == [5])
        // Without a metric the first one goes, in the table of the route only.
        try connection.remove(Route(to: "10.0.0.0/8"))
        #expect(try gateways().isEmpty)
        #expect(try connection.routes(in: 1000).count == 1)
        try connection.remove(via("192.0.2.2") { $0.table = 1000 })
        #expect(try connection.routes(in: 1000).isEmpty)
    }

    @Test("the kernel filters by family, table, protocol, type and link") func filters() throws {
        var hole = Route(to: "10.1.0.0/16")
        hole.type = .blackhole
        try connection.add(hole)
        try connection.add(via("192.0.2.2") { $0.origin = .bgp })
        try connection.add(via("192.0.2.2") { $0.table = 1000 })
        func count(_ dump: RouteDump) throws -> (sent: Int, kept: Int) {
            (try connection.dump(UncheckedDump(base: dump)).count, try connection.dump(dump).count)
        }
        // Those of IPv6 come when the kernel likes, between two lists too.
        let all = try count(.routes(family: .ipv4))
        #expect(all.sent == all.kept && all.kept > 6)
        #expect(try count(.routes).kept > all.kept)
        #expect(try count(.routes(family: .ipv4, in: 1000)) == (1, 1))
        #expect(try count(.routes(family: .ipv4, from: .bgp)) == (1, 1))
        #expect(try count(.routes(family: .ipv4, type: .blackhole)) == (1, 1))
        let onLoopback = try count(.routes(family: .ipv4, on: 1))
        #expect(onLoopback.sent == onLoopback.kept && onLoopback.kept > 0)
        #expect(try connection.routes(in: .main, family: .ipv6).allSatisfy { $0.family == .ipv6 && $0.table == .main })
        // A table that was never used is none: the kernel says so, or lists nothing.
        do throws(NetlinkError) {
            #expect(try connection.routes(in: 4711, family: .ipv4).isEmpty)
        } catch {
            #expect(error.isNotFound)
        }
    }

    @Test("flushing takes a selection, of next hop objects and black holes too") func flushing() throws {
        var batch = Batch<RouteProtocol>()
        for number in 0..<300 {
            let address = IPv4Address(10, UInt8(number / 256), UInt8(number % 256), 0)
            var route = Route(to: try #require(IPPrefix(.v4(address), length: 24)), via: "192.0.2.2")
            route.table = 1000
            if number % 3 == 0 {
                route.gateway = nil
                route.type = .blackhole
            }
            try batch.append(AddRoute(route))
        }
        let results = try connection.perform(&batch)
        #expect(results.count == 300 && results.allSatisfy { (try? $0.get()) != nil })
        var six = Route(to: "2001:db8:9::/48")
        six.table = 1000
        six.type = .unreachable
        try connection.add(six)
        let kept = try connection.routes(in: .main).count
        var sizes: [Int] = []
        let holes = try connection.flushRoutes(
            .routes(family: .ipv4, in: 1000), where: { $0.type == .blackhole }, onRound: { sizes.append($1.count) })
        #expect(holes.removedCount == 100 && holes.isComplete && sizes == [100])
        let rest = try connection.flushRoutes(.routes(in: 1000))
        #expect(rest.removedCount == 201 && rest.isComplete)
        #expect(try connection.routes(in: .main).count == kept)
    }

    @Test("a lookup takes every selector") func lookup() throws {
        try connection.add(via("192.0.2.2"))
        let simple = try connection.route(to: "10.0.0.1")
        #expect(simple.gateway == "192.0.2.2" && simple.output == link && simple.preferredSource == "192.0.2.1")
        #expect(simple.destination == "10.0.0.1/32" && simple.flags.contains(.cloned))
        let matched = try connection.route(to: "10.0.0.1", matchingTable: true)
        #expect(matched.destination == "10.0.0.0/8" && matched.table == .main)
        let six = try connection.route(to: "2001:db8::9")
        #expect(six.output == link && six.preferredSource == "2001:db8::1")

        // Each selector alone decides for a rule, and so for table 1000.
        try connection.add(via("192.0.2.9") { $0.table = 1000 })
        func rule(_ change: (inout Rule) -> Void) -> Rule {
            var rule = Rule(.ipv4, lookup: 1000, priority: 100)
            change(&rule)
            return rule
        }
        let selectors: [(Rule, (inout Route) -> Void)] = [
            (rule { $0.mark = RuleMark(5) }, { $0.mark = 5 }),
            (rule { $0.users = RuleUsers(1000, through: 1000) }, { $0.user = 1000 }),
            (rule { $0.source = "192.0.2.1/32" }, { $0.source = "192.0.2.1/32" }),
            (rule { $0.typeOfService = 0x10 }, { $0.typeOfService = 0x10 }),
            (rule { $0.outputName = "v0" }, { $0.output = link }),
            // Without a protocol the kernel looks up for UDP.
            (rule { $0.ipProtocol = 6 }, { $0.ipProtocol = 6 }),
            (
                rule {
                    $0.ipProtocol = 6
                    $0.sourcePorts = RulePorts(77)
                },
                {
                    $0.ipProtocol = 6
                    $0.sourcePort = 77
                }
            ),
            (
                rule {
                    $0.ipProtocol = 6
                    $0.destinationPorts = RulePorts(80)
                },
                {
                    $0.ipProtocol = 6
                    $0.destinationPort = 80
                }
            ),
        ]
        for (number, (rule, select)) in selectors.enumerated() {
            try connection.add(rule)
            #expect(try connection.route(to: "10.0.0.1").gateway == "192.0.2.2", "selector \(number)")
            var lookup = RouteLookup(to: "10.0.0.1")
            select(&lookup.packet)
            #expect(try connection.query(lookup).gateway == "192.0.2.9", "selector \(number)")
            try connection.remove(rule)
        }

        // As if the packet had come in by the other link.
        let peer = try bench.fixture.index(of: "v1")
        var arriving = RouteLookup(to: "192.0.2.1")
        arriving.packet.source = "192.0.2.77/32"
        arriving.packet.input = peer
        let local = try connection.query(arriving)
        #expect(local.type == .local && local.input == peer)

        var hole = Route(to: "10.9.0.0/16")
        hole.type = .unreachable
        try connection.add(hole)
        let refused = #expect(throws: NetlinkError.self) { try connection.route(to: "10.9.0.1") }
        #expect(refused?.isUnreachable == true && refused?.operation == "look up route")
        let nowhere = #expect(throws: NetlinkError.self) { try connection.route(to: "203.0.113.1") }
        #expect(nowhere?.isUnreachable == true)
    }

    @Test("tasks do the same with one-line methods, and streams") func tasks() async throws {
        let connection = try RouteConnection(in: bench.fixture.namespace)
        let route = via("192.0.2.2")
        try await connection.add(route)
        #expect(try await connection.ensure(route) == .unchanged)
        try await connection.replace(via("192.0.2.3"))
        try await connection.update(via("192.0.2.4"))
        try await connection.append(via("192.0.2.5"))
        let found = try await connection.routes(in: .main, family: .ipv4, on: link)
        #expect(found.filter { $0.destination == "10.0.0.0/8" }.map(\.gateway) == ["192.0.2.4", "192.0.2.5"])
        #expect(try await connection.route(to: "10.0.0.1").gateway == "192.0.2.4")
        #expect(try await connection.route(to: "10.0.0.1", matchingTable: true).destination == "10.0.0.0/8")
        var streamed: [Route] = []
        for try await route in connection.stream(.routes(family: .ipv4, in: .main)) { streamed.append(route) }
        #expect(streamed == (try await connection.routes(in: .main, family: .ipv4)))
        try await connection.remove(via("192.0.2.4"))
        #expect(try await connection.ensure(via("192.0.2.6")) == .changed)
        let report = try await connection.flushRoutes(.routes(family: .ipv4, in: .main), where: { $0.gateway != nil })
        #expect(report.removedCount == 1 && report.isComplete)
    }
}
