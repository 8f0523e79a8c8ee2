// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

/// A namespace with a cable whose near end has addresses, in which the tests of routes work.
struct RouteBench {
    let fixture: NamespaceFixture
    let connection: BlockingRouteConnection
    let link: InterfaceIndex

    init() throws {
        fixture = try NamespaceFixture()
        try fixture.addVeth("v0", "v1")
        connection = try fixture.connect()
        link = try fixture.index(of: "v0")
        try connection.add(Address("192.0.2.1/24", on: link))
        var six = Address("2001:db8::1/64", on: link)
        six.flags = .noDuplicateDetection
        try connection.add(six)
    }

    func find(_ wanted: Route) throws -> [Route] {
        try connection.routes(in: wanted.table, family: wanted.family).filter { $0.destination == wanted.destination }
    }

    func route(_ to: IPPrefix, _ change: (inout Route) -> Void = { _ in }) -> Route {
        var route = Route(to: to)
        change(&route)
        return route
    }

    /// Lifetimes go on between two looks.
    func comparable(_ route: Route) -> Route {
        var copy = route.settings
        copy.expires = copy.expires.map { _ in 0 }
        return copy
    }

    /// Adds a route, reads it, removes what was read, adds it again and reads it again: equal.
    func expectRoundTrip(
        _ wanted: Route, sourceLocation: SourceLocation = #_sourceLocation, _ check: (Route) -> Bool
    ) throws {
        try connection.add(wanted)
        let read = try #require(try find(wanted).first, sourceLocation: sourceLocation)
        #expect(check(read), "\(read)", sourceLocation: sourceLocation)
        #expect(read.unknown.isEmpty, "\(read.unknown)", sourceLocation: sourceLocation)
        #expect(try connection.ensure(wanted) == .unchanged || wanted.expires != nil, sourceLocation: sourceLocation)
        try connection.remove(read)
        #expect(try find(wanted).isEmpty, sourceLocation: sourceLocation)
        try connection.add(read.settings)
        let again = try #require(try find(wanted).first, sourceLocation: sourceLocation)
        #expect(comparable(again) == comparable(read), sourceLocation: sourceLocation)
        try connection.remove(again)
    }
}

@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct RouteIntegrationTests {
    let bench: RouteBench
    var connection: BlockingRouteConnection { bench.connection }
    var link: InterfaceIndex { bench.link }

    init() throws { bench = try RouteBench() }

    @Test("every option of an IPv4 route is kept by the kernel, and what was read can be added again")
    func ipv4() throws {
        let via = Route(to: "10.0.0.0/8", via: "192.0.2.2", on: link)
        func route(_ change: (inout Route) -> Void) -> Route {
            var route = via
            change(&route)
            return route
        }
        try bench.expectRoundTrip(via) { $0.gateway == "192.0.2.2" && $0.output == link && $0.scope == .universe }
        try bench.expectRoundTrip(Route(to: "10.0.0.0/8", on: link)) { $0.gateway == nil && $0.scope == .link }
        try bench.expectRoundTrip(Route(to: "0.0.0.0/0", via: "192.0.2.2")) { $0.isDefault && $0.output == link }
        try bench.expectRoundTrip(route { $0.metric = 77 }) { $0.metric == 77 }
        try bench.expectRoundTrip(route { $0.scope = .site }) { $0.scope == .site }
        try bench.expectRoundTrip(route { $0.table = 1000 }) { $0.table == 1000 }
        try bench.expectRoundTrip(route { $0.origin = .bgp }) { $0.origin == .bgp }
        try bench.expectRoundTrip(route { $0.typeOfService = 0x10 }) { $0.typeOfService == 0x10 }
        try bench.expectRoundTrip(route { $0.preferredSource = "192.0.2.1" }) { $0.preferredSource == "192.0.2.1" }
        try bench.expectRoundTrip(route { $0.realms = RouteRealms(source: 3, destination: 4) }) {
            $0.realms == RouteRealms(source: 3, destination: 4)
        }
        try bench.expectRoundTrip(
            route {
                $0.gateway = "172.16.0.1"
                $0.flags = .onLink
            }
        ) { $0.flags.contains(.onLink) && $0.gateway == "172.16.0.1" }
        try bench.expectRoundTrip(route { $0.gateway = "2001:db8::2" }) { $0.gateway == "2001:db8::2" && $0.via == nil }
        try bench.expectRoundTrip(
            bench.route("10.0.0.0/8") {
                $0.nextHops = [
                    NextHop(via: "192.0.2.2", on: link), NextHop(via: "2001:db8::2", on: link, weight: 256),
                ]
            }
        ) { $0.nextHops.map(\.weight) == [1, 256] && $0.nextHops.last?.gateway == "2001:db8::2" }
    }

    @Test(
        "routes of every type are kept",
        arguments: [
            RouteType.blackhole, .unreachable, .prohibit, .throw, .local, .broadcast, .multicast,
        ])
    func types(_ type: RouteType) throws {
        let needsLink: [RouteType] = [.local, .broadcast, .multicast]
        var route = Route(to: type == .multicast ? "239.1.1.0/24" : "10.0.0.0/24")
        route.type = type
        if needsLink.contains(type) { route.output = link }
        if type == .local || type == .broadcast { route.table = .local }
        try bench.expectRoundTrip(route) { $0.type == type }
        guard !needsLink.contains(type), type != .throw else { return }
        var six = Route(to: "2001:db8:9::/48")
        six.type = type
        try bench.expectRoundTrip(six) { $0.type == type }
    }

    @Test("every metric and lock is kept") func metrics() throws {
        var metrics = RouteMetrics()
        metrics.locks = [.mtu, .metric(4), .metric(10)]
        metrics.mtu = 1400
        metrics.window = 1000
        metrics.roundTripTime = 8000
        metrics.roundTripVariance = 2000
        metrics.slowStartThreshold = 10
        metrics.congestionWindow = 20
        metrics.advertisedSegment = 1300
        metrics.reordering = 5
        metrics.hopLimit = 33
        metrics.initialCongestionWindow = 12
        metrics.features = .ecn
        metrics.minimumRetransmission = 50
        metrics.initialReceiveWindow = 13
        metrics.quickAcknowledge = 1
        metrics.congestionAlgorithm = "reno"
        metrics.fastOpenNoCookie = 1
        for prefix in ["10.0.0.0/8", "2001:db8:9::/48"] as [IPPrefix] {
            var route = Route(to: prefix, on: link)
            route.metrics = metrics
            try bench.expectRoundTrip(route) { $0.metrics == metrics }
            for lock in [
                RouteMetrics.Locks.window, .roundTripTime, .roundTripVariance, .slowStartThreshold, .congestionWindow,
                .advertisedSegment, .reordering, .hopLimit, .initialCongestionWindow, .minimumRetransmission,
                .initialReceiveWindow, .quickAcknowledge, .fastOpenNoCookie,
            ] {
                route.metrics?.locks = lock
                let wanted = route.metrics
                try bench.expectRoundTrip(route) { $0.metrics == wanted }
            }
        }
    }

    @Test("every feature of a route is kept", .enabled(if: Self.hasMicrosecondTimestamps, "features of routes"))
    func features() throws {
        for features in [RouteMetrics.Features.ecn, .microsecondTimestamps, [.ecn, .microsecondTimestamps]] {
            var route = Route(to: "10.0.0.0/8", on: link)
            route.metrics = RouteMetrics()
            route.metrics?.features = features
            try bench.expectRoundTrip(route) { $0.metrics?.features == features }
        }
    }

    static let hasMicrosecondTimestamps = TestEnvironment.has(
        TestEnvironment.Feature("features of routes") {
            guard let bench = try? RouteBench() else { return false }
            var route = Route(to: "10.0.0.0/8", on: bench.link)
            route.metrics = RouteMetrics()
            route.metrics?.features = .microsecondTimestamps
            return (try? bench.connection.add(route)) != nil
        })

    @Test("every option of an IPv6 route is kept by the kernel, and what was read can be added again")
    func ipv6() throws {
        let via = Route(to: "2001:db8:9::/48", via: "fe80::2", on: link)
        func route(_ change: (inout Route) -> Void) -> Route {
            var route = via
            change(&route)
            return route
        }
        try bench.expectRoundTrip(via) { $0.gateway == "fe80::2" && $0.metric == 1024 && $0.preference == .medium }
        try bench.expectRoundTrip(Route(to: "2001:db8:9::/48", on: link)) { $0.gateway == nil && $0.output == link }
        try bench.expectRoundTrip(Route(to: "::/0", via: "fe80::2", on: link)) { $0.isDefault }
        try bench.expectRoundTrip(route { $0.metric = 5 }) { $0.metric == 5 }
        try bench.expectRoundTrip(route { $0.table = 70000 }) { $0.table == 70000 }
        try bench.expectRoundTrip(route { $0.origin = .ospf }) { $0.origin == .ospf }
        try bench.expectRoundTrip(route { $0.preference = .high }) { $0.preference == .high }
        try bench.expectRoundTrip(route { $0.preferredSource = "2001:db8::1" }) {
            $0.preferredSource == "2001:db8::1"
        }
        try bench.expectRoundTrip(route { $0.expires = 100 }) {
            $0.cache.map { $0.expires > 9000 && $0.expires <= 10000 } == true && $0.settings.expires != nil
        }
        try bench.expectRoundTrip(
            bench.route("2001:db8:9::/48") {
                $0.nextHops = [
                    NextHop(via: "2001:db8::2", on: link, weight: 2), NextHop(via: "fe80::2", on: link, weight: 5),
                ]
            }
        ) { $0.nextHops.map(\.weight) == [2, 5] }
    }

    @Test("IPv6 routes for a source are kept", .enabled(if: Self.hasSubtrees, "IPv6 subtrees")) func subtrees() throws {
        var route = Route(to: "2001:db8:9::/48", on: link)
        route.source = "2001:db8::/64"
        try bench.expectRoundTrip(route) { $0.source == "2001:db8::/64" }
    }

    static let hasSubtrees = TestEnvironment.has(
        TestEnvironment.Feature("IPv6 subtrees") {
            guard let bench = try? RouteBench() else { return false }
            var route = Route(to: "2001:db8:9::/48", on: bench.link)
            route.source = "2001:db8::/64"
            return (try? bench.connection.add(route)) != nil
        })

    @Test("encapsulations are kept byte by byte", .enabled(if: Self.hasEncapsulations, "encapsulated routes"))
    func encapsulations() throws {
        // MPLS label 100 for 200, as `ip route add … encap mpls 100/200` sends it.
        let labels = RawEncapsulation(type: 1, data: [12, 0, 1, 0, 0, 6, 0x40, 0, 0, 0x0c, 0x81, 0])
        var route = Route(to: "10.0.0.0/8", via: "192.0.2.2", on: link)
        route.encapsulation = labels
        try bench.expectRoundTrip(route) { $0.encapsulation == labels }
        var hop = NextHop(via: "192.0.2.3", on: link)
        hop.encapsulation = labels
        let shared = bench.route("10.0.0.0/8") { $0.nextHops = [NextHop(via: "192.0.2.2", on: link), hop] }
        try bench.expectRoundTrip(shared) { $0.nextHops.map(\.encapsulation) == [nil, labels] }
        // An IP tunnel without the options that the kernel adds: id 5, to 192.0.2.7, TTL 9.
        var tunnelled = Route(to: "10.0.0.0/8", on: link)
        tunnelled.encapsulation = RawEncapsulation(
            type: 2, data: [12, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 5, 8, 0, 2, 0, 192, 0, 2, 7, 5, 0, 4, 0, 9, 0, 0, 0])
        try bench.expectRoundTrip(tunnelled) { ($0.encapsulation?.data.count ?? 0) > 28 }
    }

    static let hasEncapsulations = TestEnvironment.has(
        TestEnvironment.Feature("encapsulated routes") {
            guard let bench = try? RouteBench() else { return false }
            var route = Route(to: "10.0.0.0/8", via: "192.0.2.2", on: bench.link)
            route.encapsulation = RawEncapsulation(type: 1, data: [8, 0, 1, 0, 0, 6, 0x41, 0])
            return (try? bench.connection.add(route)) != nil
        })

    @Test("a next hop object is referred to by its number") func nextHopObject() throws {
        try connection.perform(FixtureNextHop(id: 7, gateway: [192, 0, 2, 9], link: link))
        let route = bench.route("10.0.0.0/8") { $0.nextHopID = 7 }
        try bench.expectRoundTrip(route) { $0.nextHopID == 7 && $0.gateway == "192.0.2.9" }
    }
}

/// Makes a next hop object, of which the library knows only the number.
private struct FixtureNextHop: Command {
    typealias Family = RouteProtocol
    var id: UInt32
    var gateway: [UInt8]
    var link: InterfaceIndex

    var messageType: UInt16 { 104 }  // RTM_NEWNEXTHOP
    var flags: MessageFlags { [.create, .exclusive] }
    var operation: StaticString { "add next hop" }
    func encode(into writer: inout MessageWriter) {
        writer.append(UInt32(2))
        writer.append(UInt32(0))
        writer.put(RawAttributeID(rawValue: 1), id)  // NHA_ID
        writer.put(RawAttributeID(rawValue: 5), link)  // NHA_OIF
        writer.put(RawAttributeID(rawValue: 6), gateway)  // NHA_GATEWAY
    }
}
