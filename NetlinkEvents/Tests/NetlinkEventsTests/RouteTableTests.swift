// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import Testing

@testable import NetlinkEvents

@Suite("Route tables") struct RouteTableTests {
    private func route(
        _ destination: IPPrefix, _ gateway: IPAddress? = nil, on output: InterfaceIndex? = 3, metric: UInt32? = nil
    ) -> Route {
        var route = Route(to: destination, via: gateway, on: output)
        route.metric = metric
        return route
    }

    private func add(
        _ route: Route, to table: inout RouteTable, replacing: Bool = false, appending: Bool = false
    ) -> RouteOutcome { table.add(route, replacing: replacing, appending: appending) }

    private func gateways(_ table: RouteTable, like route: Route) -> [IPAddress?] {
        table[RouteKey(route)].map(\.gateway)
    }

    @Test("a route told twice is there once, and the second time nothing changes") func twice() {
        var table = RouteTable()
        let route = route("10.0.0.0/8", "192.0.2.1")
        #expect(add(route, to: &table).changes == [.added(route)])
        #expect(add(route, to: &table).changes == [])
        #expect(table.count == 1)
    }

    @Test("of one key a new IPv4 route goes to the front, an appended one to the end") func order() {
        var table = RouteTable()
        for (gateway, appending) in [("192.0.2.1", false), ("192.0.2.2", true), ("192.0.2.3", false)] {
            _ = add(route("10.0.0.0/8", IPAddress(gateway)), to: &table, appending: appending)
        }
        #expect(gateways(table, like: route("10.0.0.0/8")) == ["192.0.2.3", "192.0.2.1", "192.0.2.2"])
        #expect(table.count == 3)
    }

    @Test("a replacing IPv4 route takes the place of the first of its key") func replacing() {
        var table = RouteTable()
        let first = route("10.0.0.0/8", "192.0.2.1", metric: 5)
        _ = add(first, to: &table)
        _ = add(route("10.0.0.0/8", "192.0.2.2", metric: 5), to: &table, appending: true)
        _ = add(route("10.0.0.0/8", "192.0.2.9", metric: 6), to: &table)
        let new = route("10.0.0.0/8", "192.0.2.3", metric: 5)
        let outcome = add(new, to: &table, replacing: true)
        #expect(outcome.changes == [.changed(from: first, to: new)] && !outcome.isDoubtful)
        #expect(gateways(table, like: new) == ["192.0.2.3", "192.0.2.2"])
        #expect(table.count == 3)
    }

    @Test("a route that replaces one nobody knew is added, and doubted") func replacingUnknown() {
        for destination in ["10.0.0.0/8", "2001:db8::/32"] as [IPPrefix] {
            var table = RouteTable()
            let new = route(destination, destination.family == .ipv4 ? "192.0.2.1" : "2001:db8::1")
            let outcome = add(new, to: &table, replacing: true)
            #expect(outcome.changes == [.added(new)] && outcome.isDoubtful)
        }
    }

    @Test("only the route that was told goes; another of its key is doubted instead") func removal() {
        var table = RouteTable()
        let kept = route("10.0.0.0/8", "192.0.2.1")
        _ = add(kept, to: &table)
        let other = table.remove(route("10.0.0.0/8", "192.0.2.2"))
        #expect(other.changes == [] && other.isDoubtful && table.count == 1)
        var dead = kept
        dead.flags = [.dead, .linkDown]
        #expect(table.remove(dead).changes == [.removed(kept)])
        let none = table.remove(kept)
        #expect(none.changes == [] && !none.isDoubtful && table.count == 0)
    }

    @Test("an IPv6 route told with all its next hops takes the place of the one with fewer") func growing() {
        var table = RouteTable()
        let single = route("2001:db8:8::/48", "fe80::1")
        _ = add(single, to: &table)
        var shared = Route(to: "2001:db8:8::/48")
        shared.nextHops = [NextHop(via: "fe80::2", on: 3), NextHop(via: "fe80::1", on: 3)]
        #expect(add(shared, to: &table, appending: true).changes == [.changed(from: single, to: shared)])
        #expect(table.count == 1)
        // The same in another order is no change.
        var turned = shared
        turned.nextHops.reverse()
        #expect(add(turned, to: &table).changes == [])
        // A member told alone is an old notification.
        #expect(add(single, to: &table).isDoubtful)
        #expect(table.count == 1)
    }

    @Test("an IPv6 route loses next hops one by one, and the last is the route's own") func shrinking() {
        var table = RouteTable()
        var shared = Route(to: "2001:db8:8::/48")
        shared.nextHops = [
            NextHop(via: "fe80::1", on: 3), NextHop(via: "fe80::2", on: 4), NextHop(via: "fe80::3", on: 5),
        ]
        _ = add(shared, to: &table)
        #expect(table.remove(route("2001:db8:8::/48", "fe80::1", on: 3)).changes.first?.after?.nextHops.count == 2)
        let last = table.remove(route("2001:db8:8::/48", "fe80::3", on: 5)).changes.first?.after
        #expect(last?.nextHops == [] && last?.gateway == "fe80::2" && last?.output == 4)
        #expect(table.remove(route("2001:db8:8::/48", "fe80::2", on: 4)).changes.first?.after == nil)
        #expect(table.count == 0)
    }

    @Test("IPv6 routes of one key without gateways stand side by side") func links() {
        var table = RouteTable()
        for link in [3, 4] as [InterfaceIndex] { _ = add(route("fe80::/64", on: link, metric: 256), to: &table) }
        #expect(table.count == 2)
        #expect(table.remove(route("fe80::/64", on: 3, metric: 256)).changes.count == 1)
        #expect(table[RouteKey(route("fe80::/64", metric: 256))].map(\.output) == [4])
    }

    @Test("an MPLS label has one route") func labels() {
        var table = RouteTable()
        var first = Route(family: .mpls)
        first.rawDestination = [0, 6, 65, 0]
        first.output = 3
        var second = first
        second.output = 4
        #expect(add(first, to: &table).changes == [.added(first)])
        #expect(add(second, to: &table).changes == [.changed(from: first, to: second)])
        #expect(table.remove(first).changes == [.removed(second)])
    }

    @Test("differences of two tables are told by route, not by position") func differences() {
        let a = route("10.0.0.0/8", "192.0.2.1")
        let b = route("10.0.0.0/8", "192.0.2.2")
        var down = a
        down.flags = .linkDown
        let c = route("2001:db8::/32", "fe80::1")
        var told: [ObjectChange<Route>] = []
        RouteTable([b, down]).differences(from: RouteTable([a, b, c]), in: [.ipv4]) { told.append($0) }
        #expect(told == [.changed(from: a, to: down)])
        told = []
        RouteTable([]).differences(from: RouteTable([a, c]), in: [.ipv4, .ipv6]) { told.append($0) }
        #expect(Set(told) == [.removed(a), .removed(c)])
    }
}
