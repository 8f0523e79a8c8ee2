// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkTestSupport
import Testing

@testable import NetlinkRoute

@Suite("Ensuring routes") struct EnsureRouteTests {
    private static func reply(_ route: Route) -> FakeMessage {
        FakeMessage(type: RouteMessageType.newRoute.rawValue) { route.encode(into: &$0) }
    }

    /// What is done about a route where others are there, and in how many requests.
    private static func outcome(
        _ wanted: Route, having present: [Route]
    ) throws -> (outcome: EnsureOutcome, requests: Int) {
        let kernel = FakeKernel { request in
            if request.isDump { return request.dump(present.map { reply($0) }) }
            return request.flags.contains(.exclusive) && !present.isEmpty
                ? request.error(.exists) : request.acknowledge()
        }
        let connection = try BlockingRouteConnection(opening: kernel.source)
        return (try connection.ensure(wanted), kernel.requests.count)
    }

    private static func route(_ change: (inout Route) -> Void = { _ in }) -> Route {
        var route = Route(to: "10.0.0.0/8", via: "192.0.2.1", on: 3)
        change(&route)
        return route
    }

    @Test("a missing route is added, one that is there as wanted left alone") func simple() throws {
        #expect(try Self.outcome(Self.route(), having: []) == (.added, 1))
        let present = Self.route {
            $0.origin = .boot
            $0.scope = .universe
            $0.flags = .linkDown
        }
        #expect(try Self.outcome(Self.route(), having: [present]) == (.unchanged, 2))
        // What is not said may be anything.
        let unsaid = Self.route { $0.output = nil }
        #expect(try Self.outcome(unsaid, having: [present]) == (.unchanged, 2))
    }

    @Test(
        "what differs is replaced",
        arguments: [
            Self.route { $0.gateway = "192.0.2.9" }, Self.route { $0.output = 4 }, Self.route { $0.type = .prohibit },
            Self.route { $0.preferredSource = "192.0.2.7" }, Self.route { $0.origin = .bgp },
            Self.route { $0.flags = .onLink }, Self.route { $0.nextHopID = 5 }, Self.route { $0.gateway = nil },
            Self.route { $0.realms = RouteRealms(destination: 3) },
            Self.route {
                $0.metrics = RouteMetrics()
                $0.metrics?.mtu = 1400
            },
            Self.route { $0.encapsulation = RawEncapsulation(type: 1, data: [4, 0, 1, 0]) },
            Self.route { $0.nextHops = [NextHop(via: "192.0.2.1", on: 3), NextHop(via: "192.0.2.2", on: 3)] },
        ])
    func differing(_ wanted: Route) throws {
        #expect(try Self.outcome(wanted, having: [Self.route { $0.origin = .boot }]) == (.changed, 3))
    }

    @Test("next hops are compared whatever their order, and encapsulations whatever the kernel adds")
    func hops() throws {
        var hop = NextHop(via: "192.0.2.1", on: 3, weight: 2)
        hop.encapsulation = RawEncapsulation(type: 2, data: captured("050004000900 0000"))
        let other = NextHop(via: "192.0.2.2", on: 3)
        var told = hop
        told.flags = .linkDown
        told.encapsulation?.data += captured("0500050000000000")
        let wanted = Self.route {
            $0.gateway = nil
            $0.output = nil
            $0.nextHops = [hop, other]
        }
        let present = Self.route {
            $0.gateway = nil
            $0.output = nil
            $0.nextHops = [other, told]
        }
        #expect(try Self.outcome(wanted, having: [present]) == (.unchanged, 2))
        let heavier = Self.route {
            $0.gateway = nil
            $0.output = nil
            $0.nextHops = [hop, NextHop(via: "192.0.2.2", on: 3, weight: 9)]
        }
        #expect(try Self.outcome(heavier, having: [present]) == (.changed, 3))
    }

    @Test("another metric, table or type of service is another route") func identity() throws {
        for change: (inout Route) -> Void in [
            { $0.metric = 5 }, { $0.table = 100 }, { $0.typeOfService = 0x10 }, { $0.destination = "10.0.0.0/9" },
        ] {
            #expect(!Self.route(change).isSameObject(as: Self.route()))
        }
        var six = Route(to: "2001:db8::1/64", via: "fe80::1", on: 3)
        var told = Route(to: "2001:db8::/64", via: "fe80::1", on: 3)
        told.metric = 1024
        #expect(six.isSameObject(as: told) && told.satisfies(six))
        six.expires = 10
        #expect(!told.satisfies(six))
        // A black hole is told with the loopback link.
        var hole = Route(to: "2001:db8::/64")
        hole.type = .blackhole
        told.type = .blackhole
        told.gateway = nil
        told.output = 1
        #expect(told.satisfies(hole))
    }
}
