// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct RouteShapeIntegrationTests {
    let bench: RouteBench
    var connection: BlockingRouteConnection { bench.connection }
    var link: InterfaceIndex { bench.link }

    init() throws { bench = try RouteBench() }

    private static let metrics: RouteMetrics = {
        var metrics = RouteMetrics()
        metrics.mtu = 1400
        metrics.locks = .mtu
        metrics.advertisedSegment = 1300
        metrics.congestionAlgorithm = "reno"
        return metrics
    }()

    private func expectWhole(_ route: Route, sourceLocation: SourceLocation = #_sourceLocation) throws {
        var meant = route
        meant.scope = .universe
        try bench.expectRoundTrip(route, sourceLocation: sourceLocation) { $0.settings == meant }
    }

    @Test("an IPv4 route with everything at once comes back as it was") func wholeIPv4() throws {
        let route = bench.route("10.0.0.0/8") {
            $0.gateway = "192.0.2.2"
            $0.output = link
            $0.table = 1000
            $0.metric = 77
            $0.origin = .bgp
            $0.typeOfService = 0x10
            $0.preferredSource = "192.0.2.1"
            $0.realms = RouteRealms(source: 3, destination: 4)
            $0.metrics = Self.metrics
            $0.flags = .onLink
        }
        try expectWhole(route)
    }

    @Test("an IPv6 route with everything at once comes back as it was") func wholeIPv6() throws {
        let route = bench.route("2001:db8:9::/48") {
            $0.gateway = "fe80::2"
            $0.output = link
            $0.table = 70_000
            $0.metric = 77
            $0.origin = .ospf
            $0.preferredSource = "2001:db8::1"
            $0.preference = .low
            $0.metrics = Self.metrics
        }
        try expectWhole(route)
    }

    @Test("next hops with everything at once come back as they were") func wholeNextHops() throws {
        var first = NextHop(via: "192.0.2.2", on: link, weight: 3)
        first.realms = RouteRealms(source: 1, destination: 2)
        var second = NextHop(via: "172.16.0.1", on: link, weight: 200)
        second.flags = .onLink
        let third = NextHop(on: link, weight: 256)
        let four = bench.route("10.0.0.0/8") {
            $0.nextHops = [first, second, third]
            $0.metrics = Self.metrics
            $0.metric = 5
        }
        try bench.expectRoundTrip(four) { $0.nextHops == [first, second, third] && $0.metrics == Self.metrics }
        // One hop in a list is a route without one.
        let lone = bench.route("10.0.0.0/8") { $0.nextHops = [NextHop(via: "192.0.2.2", on: link, weight: 9)] }
        try bench.expectRoundTrip(lone) { $0.nextHops.isEmpty && $0.gateway == "192.0.2.2" }
        var six = NextHop(via: "fe80::3", on: link, weight: 100)
        six.flags = .onLink
        let shared = bench.route("2001:db8:9::/48") {
            $0.nextHops = [NextHop(via: "2001:db8::2", on: link), six]
            $0.metric = 5
        }
        try bench.expectRoundTrip(shared) { $0.nextHops.map(\.weight) == [1, 100] }
    }

    @Test("types that IPv6 has besides are kept, and one that the kernel has given up is refused") func types() throws {
        for (type, table) in [(RouteType.local, RoutingTable.local), (.anycast, .local), (.multicast, .main)] {
            var route = Route(to: type == .multicast ? "ff15::/64" : "2001:db8:9::9/128", on: link)
            route.type = type
            route.table = table
            try bench.expectRoundTrip(route) { $0.type == type && $0.table == table }
        }
        var throwing = Route(to: "2001:db8:9::/48")
        throwing.type = .throw
        try bench.expectRoundTrip(throwing) { $0.type == .throw }
        var translating = Route(to: "10.9.0.0/16", on: link)
        translating.type = .nat
        let refused = #expect(throws: NetlinkError.self) { try connection.add(translating) }
        #expect(refused?.isInvalid == true || refused?.isNotSupported == true)
    }

    /// MPLS label 100 with a hop count of 9, the last attribute not filled up to four bytes.
    private static let unaligned = RawEncapsulation(type: 1, data: [8, 0, 1, 0, 0, 6, 0x41, 0, 5, 0, 2, 0, 9])

    private static let hasEncapsulations = TestEnvironment.has(
        TestEnvironment.Feature("encapsulated routes with hop counts") {
            guard let bench = try? RouteBench() else { return false }
            var route = Route(to: "10.0.0.0/8", via: "192.0.2.2", on: bench.link)
            route.encapsulation = RawEncapsulation(type: 1, data: [8, 0, 1, 0, 0, 6, 0x41, 0])
            return (try? bench.connection.add(route)) != nil
        })

    @Test(
        "an encapsulation whose bytes end anywhere does not harm what follows it",
        .enabled(if: Self.hasEncapsulations, "encapsulated routes with hop counts"))
    func unalignedEncapsulation() throws {
        // The kernel fills up what it tells.
        let told = RawEncapsulation(type: 1, data: Self.unaligned.data + [0, 0, 0])
        var route = Route(to: "10.0.0.0/8", via: "192.0.2.2", on: link)
        route.encapsulation = Self.unaligned
        try bench.expectRoundTrip(route) { $0.encapsulation == told }
        var hop = NextHop(via: "192.0.2.3", on: link, weight: 7)
        hop.encapsulation = Self.unaligned
        let shared = bench.route("10.0.0.0/8") {
            $0.nextHops = [hop, NextHop(via: "192.0.2.2", on: link, weight: 5), hop]
        }
        try bench.expectRoundTrip(shared) { found in
            found.nextHops.map(\.encapsulation) == [told, nil, told] && found.nextHops.map(\.weight) == [7, 5, 7]
        }
    }

    private static func setSystem(_ key: String, _ value: String, in bench: RouteBench) throws {
        let child = try bench.fixture.handle.spawn(
            NamespaceCommand("sh", ["-c", "echo \(value) > /proc/sys/net/mpls/\(key)"]))
        _ = try child.wait()
    }

    private static let hasLabels = TestEnvironment.has(
        TestEnvironment.Feature("MPLS routes") {
            guard let bench = try? RouteBench(), (try? setSystem("platform_labels", "1000", in: bench)) != nil else {
                return false
            }
            var route = Route(family: .mpls)
            route.rawDestination = [0, 6, 0x41, 0]
            route.output = 1
            return (try? bench.connection.add(route)) != nil
        })

    @Test("MPLS routes are kept label by label", .enabled(if: Self.hasLabels, "MPLS routes")) func labels() throws {
        try Self.setSystem("platform_labels", "1000", in: bench)
        try Self.setSystem("conf/v0/input", "1", in: bench)
        func label(_ number: UInt8, _ change: (inout Route) -> Void) -> Route {
            var route = Route(family: .mpls)
            route.rawDestination = [0, number >> 4, number << 4 | 1, 0]
            change(&route)
            return route
        }
        let swapped: [UInt8] = [0, 0x0c, 0x81, 0]
        var first = NextHop(via: "192.0.2.2", on: link)
        first.newDestination = swapped
        var second = NextHop(via: "fe80::9", on: link)
        second.newDestination = [0, 0x0c, 0x90, 0, 0, 0x0c, 0xa1, 0]
        let wanted: [(Route, (Route) -> Bool)] = [
            (label(100) { $0.gateway = "192.0.2.2" }, { $0.gateway == "192.0.2.2" && $0.output == link }),
            (
                label(101) {
                    $0.gateway = "fe80::2"
                    $0.output = link
                    $0.newDestination = swapped
                    $0.origin = .bgp
                }, { $0.gateway == "fe80::2" && $0.newDestination == swapped && $0.origin == .bgp }
            ),
            (
                label(102) {
                    $0.gateway = "192.0.2.2"
                    $0.ttlPropagation = false
                }, { $0.ttlPropagation == false }
            ),
            (
                label(103) { $0.nextHops = [first, second] },
                { $0.nextHops.map(\.newDestination) == [first, second].map(\.newDestination) }
            ),
            (label(104) { $0.output = 1 }, { $0.output == 1 && $0.gateway == nil }),
        ]
        for (route, isKept) in wanted {
            try connection.add(route)
            #expect(try connection.ensure(route) == .unchanged, "\(route)")
            let read = try #require(try connection.routes(family: .mpls).first)
            #expect(isKept(read) && read.rawDestination == route.rawDestination && read.unknown.isEmpty, "\(read)")
            try connection.remove(read)
            #expect(try connection.routes(family: .mpls).isEmpty)
            try connection.add(read.settings)
            #expect(try connection.routes(family: .mpls).map(\.settings) == [read.settings])
            try connection.remove(read)
        }
        // Beyond the labels that the system has.
        let beyond = #expect(throws: NetlinkError.self) {
            try connection.add(
                label(0) {
                    $0.rawDestination = [0xff, 0xff, 0xf1, 0]
                    $0.gateway = "192.0.2.2"
                })
        }
        #expect(beyond?.isInvalid == true)
    }

    @Test("a replacement of one property leaves the others as they were") func oneProperty() throws {
        let base = bench.route("10.0.0.0/8") {
            $0.gateway = "192.0.2.2"
            $0.output = link
            $0.origin = .bgp
            $0.preferredSource = "192.0.2.1"
            $0.realms = RouteRealms(source: 3, destination: 4)
            $0.metrics = Self.metrics
        }
        let changes: [(String, (inout Route) -> Void)] = [
            ("gateway", { $0.gateway = "192.0.2.3" }), ("origin", { $0.origin = .ospf }),
            ("source", { $0.preferredSource = nil }), ("realms", { $0.realms = RouteRealms(destination: 9) }),
            ("metrics", { $0.metrics?.hopLimit = 7 }), ("on link", { $0.flags = .onLink }),
            (
                "type",
                {
                    $0 = Route(to: "10.0.0.0/8")
                    $0.type = .blackhole
                }
            ),
        ]
        for (name, change) in changes {
            try connection.replace(base)
            let before = try #require(try bench.find(base).first)
            var wanted = before.settings
            change(&wanted)
            #expect(try connection.ensure(wanted) == (name == "source" ? .unchanged : .changed), "\(name)")
            try connection.update(wanted)
            let after = try #require(try bench.find(base).first)
            wanted.scope = wanted.scope
            #expect(after.settings == wanted, "\(name)")
        }
    }
}
