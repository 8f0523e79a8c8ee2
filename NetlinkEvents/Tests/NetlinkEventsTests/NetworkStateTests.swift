// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

@testable import NetlinkEvents

@Suite("Network states") struct NetworkStateTests {
    private var state = NetworkState()

    private static func link(_ index: Int32, _ name: InterfaceName, isUp: Bool = true) -> Link {
        var link = Link(name: name)
        link.index = InterfaceIndex(rawValue: index)
        link.flags = isUp ? [.up, .lowerUp, .running] : []
        return link
    }

    private static func route(_ destination: IPPrefix, _ gateway: IPAddress? = nil, on link: InterfaceIndex = 3)
        -> Route
    {
        Route(to: destination, via: gateway, on: link)
    }

    @discardableResult
    private mutating func apply(_ event: RouteEvent) -> [ObservedChange] { state.apply(RouteNotification(event)) }

    @Test("what is new is added, what differs is changed with before and after, what is told again is nothing")
    mutating func changes() {
        let made = Self.link(3, "d0")
        #expect(apply(.link(made)) == [ObservedChange(.link(.added(made)), cause: .announced)])
        var counted = made
        counted.state.carrierChanges = 7
        counted.state.promiscuity = 1
        #expect(apply(.link(counted)).isEmpty)
        var renamed = made
        renamed.name = "d1"
        #expect(
            apply(.link(renamed)) == [ObservedChange(.link(.changed(from: counted, to: renamed)), cause: .announced)])
        #expect(state.link(named: "d1") == renamed && state.link(named: "d0") == nil && state.link(3) == renamed)
        #expect(apply(.linkRemoved(made)) == [ObservedChange(.link(.removed(renamed)), cause: .announced)])
        #expect(apply(.linkRemoved(made)).isEmpty)
    }

    @Test("notifications of other namespaces change nothing") mutating func foreign() {
        #expect(state.apply(RouteNotification(.link(Self.link(3, "d0")), namespaceID: 7)).isEmpty)
        #expect(state.links.isEmpty)
    }

    @Test("what bridges tell of ports is no link, but the links are doubted") mutating func ports() {
        let link = Self.link(3, "d0")
        apply(.link(link))
        var port = link
        port.state.family = .bridge
        #expect(apply(.link(port)).isEmpty && apply(.linkRemoved(port)).isEmpty)
        #expect(state.links == [link] && state.doubts.contains(.links))
    }

    @Test("a link going down takes its IPv4 routes along, but those to the host itself") mutating func linkDown() {
        apply(.link(Self.link(3, "d0")))
        let far = Self.route("10.9.0.0/16", "10.0.0.2")
        var own = Self.route("10.0.0.1/32")
        own.type = .local
        own.scope = .host
        own.table = .local
        let other = Self.route("10.8.0.0/16", on: 4)
        let v6 = Self.route("2001:db8::/32", "fe80::1")
        for route in [far, own, other, v6] { apply(.route(route)) }
        let changes = apply(.link(Self.link(3, "d0", isUp: false)))
        #expect(changes.count == 2 && changes.last == ObservedChange(.route(.removed(far)), cause: .inferred))
        #expect(Set(state.routes) == [own, other, v6])
        #expect(state.doubts.isSuperset(of: .routes))
    }

    @Test("of several next hops one that goes down is dead, and the route goes with the last") mutating func nextHops()
    {
        apply(.link(Self.link(3, "d0")))
        apply(.link(Self.link(4, "d1")))
        var route = Route(to: "10.9.0.0/16")
        route.nextHops = [NextHop(via: "10.0.0.2", on: 3), NextHop(via: "10.1.0.2", on: 4)]
        apply(.route(route))
        apply(.link(Self.link(3, "d0", isUp: false)))
        #expect(state.routes.first?.nextHops.map(\.flags) == [[.dead, .linkDown], []])
        apply(.link(Self.link(3, "d0")))
        #expect(state.routes == [route])
        apply(.link(Self.link(3, "d0", isUp: false)))
        apply(.link(Self.link(4, "d1", isUp: false)))
        #expect(state.routes.isEmpty)
    }

    @Test("a link without a carrier shows in its routes") mutating func carrier() {
        apply(.link(Self.link(3, "d0")))
        apply(.route(Self.route("10.9.0.0/16")))
        var loose = Self.link(3, "d0")
        loose.flags = .up
        let changes = apply(.link(loose))
        #expect(changes.last?.cause == .inferred && state.routes.first?.flags == .linkDown)
        apply(.link(Self.link(3, "d0")))
        #expect(state.routes.first?.flags == [])
    }

    @Test("a link that is gone takes what is left on it along") mutating func linkGone() {
        let link = Self.link(3, "d0")
        apply(.link(link))
        apply(.address(Address("10.0.0.1/24", on: 3)))
        apply(.neighbor(Neighbor("10.0.0.2", at: "02:00:00:00:00:01", on: 3)))
        apply(.route(Self.route("10.0.0.0/24")))
        apply(.route(Self.route("10.1.0.0/24", on: 4)))
        let changes = apply(.linkRemoved(link))
        #expect(changes.map(\.cause) == [.inferred, .inferred, .inferred, .announced])
        #expect(state.addresses.isEmpty && state.neighbors.isEmpty && state.routes.count == 1)
    }

    @Test("an IPv4 address that goes takes along the routes that name it as source, of its table")
    mutating func sources() {
        apply(.link(Self.link(3, "d0")))
        let address = Address("10.0.1.1/24", on: 3)
        apply(.address(Address("10.0.0.1/24", on: 3)))
        apply(.address(address))
        var route = Self.route("10.9.0.0/16", "10.5.0.2", on: 4)
        route.preferredSource = "10.0.1.1"
        var elsewhere = route
        elsewhere.table = 100
        apply(.route(route))
        apply(.route(elsewhere))
        let changes = apply(.addressRemoved(address))
        #expect(changes.map(\.change) == [.address(.removed(address)), .route(.removed(route))])
        #expect(state.routes == [elsewhere])
    }

    @Test("the last IPv4 address of a link takes along all its routes") mutating func lastAddress() {
        apply(.link(Self.link(3, "d0")))
        let address = Address("10.0.0.1/24", on: 3)
        apply(.address(address))
        apply(.route(Self.route("10.9.0.0/16", "10.0.0.2")))
        #expect(apply(.addressRemoved(address)).count == 2 && state.routes.isEmpty)
    }

    @Test("an IPv6 address that goes leaves the routes without their source") mutating func sourcesOfIPv6() {
        apply(.address(Address("2001:db8::9/64", on: 3)))
        var route = Self.route("2001:db8:5::/48", "fe80::1")
        route.preferredSource = "2001:db8::9"
        apply(.route(route))
        var bare = route
        bare.preferredSource = nil
        let changes = apply(.addressRemoved(Address("2001:db8::9/64", on: 3)))
        #expect(changes.last == ObservedChange(.route(.changed(from: route, to: bare)), cause: .inferred))
    }

    @Test("a next hop object that goes takes its routes along; cut messages about one are passed over")
    mutating func nextHopObjects() {
        var route = Self.route("10.9.0.0/16")
        route.nextHopID = 5
        apply(.route(route))
        // struct nhmsg, then NHA_ID 5: as Linux 7.2 sent it for `ip nexthop del id 5`.
        let bytes: [UInt8] = [2, 253, 3, 0, 0, 0, 0, 0, 8, 0, 1, 0, 5, 0, 0, 0]
        let deletion = RouteMessageType(rawValue: 105)
        for count in 0..<bytes.count where UInt16(1).littleEndian == 1 {
            #expect(apply(.other(deletion, Array(bytes.prefix(count)))).isEmpty)
        }
        if UInt16(1).littleEndian == 1 {
            #expect(apply(.other(deletion, bytes)) == [ObservedChange(.route(.removed(route)), cause: .inferred)])
        }
    }

    @Test("a rule that names a link holds while the link is there") mutating func detached() {
        var rule = Rule(.ipv4, lookup: 100, priority: 7)
        rule.inputName = "d0"
        rule.flags = .inputDetached
        apply(.rule(rule))
        let link = Self.link(3, "d0")
        apply(.link(link))
        #expect(state.rules.first?.flags == [])
        apply(.linkRemoved(link))
        #expect(state.rules == [rule])
    }

    @Test("neighbours that the kernel makes for itself are left out") mutating func neighbors() {
        let host = Neighbor("10.0.0.2", at: "02:00:00:00:00:01", on: 3)
        var own = Neighbor("224.0.0.22", at: "01:00:5e:00:00:16", on: 3)
        own.state = .noARP
        #expect(apply(.neighbor(own)).isEmpty)
        apply(.neighbor(host))
        var delayed = host
        delayed.state = .stale
        #expect(apply(.neighbor(delayed)).count == 1)
        delayed.state = .delay
        #expect(apply(.neighbor(delayed)).isEmpty)
        delayed.state = .incomplete
        #expect(apply(.neighbor(delayed)).map(\.change.kind) == [.neighbors] && state.neighbors.isEmpty)
        state.replace(with: .neighbors([host, own]))
        #expect(state.neighbors == [host])
        #expect(apply(.neighborRemoved(host)).count == 1)
    }

    @Test("a list takes the place of what was known, and the difference is told") mutating func lists() {
        let old = Self.link(3, "d0")
        let new = Self.link(4, "d1")
        apply(.link(old))
        let before = state
        state.replace(with: .links([new]))
        #expect(Set(state.differences(from: before)) == [.link(.removed(old)), .link(.added(new))])
        #expect(state.differences(from: state).isEmpty)
        #expect(state.differences(from: before, in: [.rules]).isEmpty)
    }

    @Test("an interrupted list adds and takes nothing away") mutating func merging() {
        let old = Self.link(3, "d0")
        let new = Self.link(4, "d1")
        apply(.link(old))
        #expect(state.merge(.links([new])) == [ObservedChange(.link(.added(new)), cause: .listed)])
        #expect(state.links == [old, new])
    }
}
