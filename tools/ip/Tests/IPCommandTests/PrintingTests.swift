// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

@testable import IPCommand

/// Values become text and JSON; expected lines are those of iproute2 6.15.
struct PrintingTests {
    private func kernel(_ type: RouteMessageType, _ objects: FakeMessage...) -> FakeKernel {
        .answering([type.rawValue: objects])
    }

    @Test func aLink() {
        let kernel = kernel(.getLink, .link("lo", 1), .link("d0", 20))
        #expect(
            ip("link", kernel).output == """
                1: lo: <BROADCAST,UP,LOWER_UP> mtu 1500 \n    link/loopback 02:00:00:00:00:01
                20: d0: <BROADCAST,UP,LOWER_UP> mtu 1500 \n    link/ether 02:00:00:00:00:14

                """)
        #expect(
            ip("-j link show d0", kernel).output == """
                [{"ifindex":20,"ifname":"d0","flags":["BROADCAST","UP","LOWER_UP"],"mtu":1500,"link_type":"ether",\
                "address":"02:00:00:00:00:14"}]

                """)
        #expect(ip("-o link show d0", kernel).output.contains("mtu 1500 \\    link/ether"))
    }

    @Test func anAddress() {
        var address = Address(IPPrefix("10.0.0.1/24"), on: InterfaceIndex(rawValue: 20))
        address.label = "d0:x"
        address.broadcast = IPAddress("10.0.0.255")
        address.validLifetime = .forever
        address.preferredLifetime = .seconds(500)
        address.flags = .permanent
        let kernel = FakeKernel.answering([
            RouteMessageType.getLink.rawValue: [.link("d0", 20)],
            RouteMessageType.getAddress.rawValue: [FakeMessage(AddAddress(address))],
        ])
        let text = ip("-o addr", kernel).output
        #expect(text.hasPrefix("20: d0    inet 10.0.0.1/24 brd 10.0.0.255 scope global "))
        #expect(text.contains("d0:x\\"))
        let json = ip("-j addr", kernel).output
        #expect(json.contains("\"local\":\"10.0.0.1\",\"prefixlen\":24,\"broadcast\":\"10.0.0.255\""))
        #expect(json.contains("\"label\":\"d0:x\""))
        #expect(ip("addr show label d1", kernel).output == "")
    }

    @Test func routes() {
        var route = Route(to: IPPrefix("10.2.0.0/16"), via: IPAddress("10.0.0.2"))
        route.output = InterfaceIndex(rawValue: 20)
        route.origin = RoutingProtocol(rawValue: 4)
        route.metric = 7
        route.metrics = RouteMetrics()
        route.metrics?.mtu = 1400
        var label = Route(family: .mpls)
        label.rawDestination = [0, 6, 0x41, 0]
        label.newDestination = [0, 0xc, 0x80, 0, 1, 0x2c, 0x11, 0]
        label.gateway = IPAddress("10.0.0.2")
        label.output = InterfaceIndex(rawValue: 21)
        label.origin = .boot
        let kernel = kernel(.getRoute, FakeMessage(AddRoute(route)))
        #expect(ip("route", kernel).output == "10.2.0.0/16 via 10.0.0.2 dev d0 proto static metric 7 mtu 1400 \n")
        #expect(
            ip("-j route", kernel).output == """
                [{"dst":"10.2.0.0/16","gateway":"10.0.0.2","dev":"d0","protocol":"static","metric":7,"flags":[],\
                "metrics":[{"mtu":1400}]}]

                """)
        #expect(ip("route show proto kernel", kernel).output == "")
        #expect(ip("route show via 10.0.0.2 dev d0", kernel).output == "10.2.0.0/16 proto static metric 7 mtu 1400 \n")
        let labels = FakeKernel.answering([RouteMessageType.getRoute.rawValue: [FakeMessage(AddRoute(label))]])
        #expect(ip("-M route", labels).output == "100 as to 200/4801 via inet 10.0.0.2 dev d1 \n")
    }

    @Test func aNeighbor() {
        var neighbor = Neighbor(IPAddress("10.0.0.3"), on: InterfaceIndex(rawValue: 20))
        neighbor.hardwareAddress = HardwareAddress("02:00:00:00:00:03")
        neighbor.state = .permanent
        neighbor.flags = .router
        let kernel = kernel(.getNeighbor, FakeMessage(AddNeighbor(neighbor, mode: .add)))
        #expect(ip("neigh", kernel).output == "10.0.0.3 dev d0 lladdr 02:00:00:00:00:03 router PERMANENT \n")
        #expect(
            ip("-j neigh", kernel).output == """
                [{"dst":"10.0.0.3","dev":"d0","lladdr":"02:00:00:00:00:03","router":null,"state":["PERMANENT"]}]

                """)
        #expect(ip("neigh show nud stale", kernel).output == "")
    }

    @Test func aRule() {
        var rule = Rule(.ipv4, .lookup)
        rule.source = IPPrefix("10.0.0.0/8")
        rule.table = RoutingTable(rawValue: 100)
        rule.priority = 5
        rule.mark = RuleMark(1, mask: 3)
        let kernel = kernel(.getRule, FakeMessage(AddRule(rule)))
        #expect(ip("rule", kernel).output == "5:\tfrom 10.0.0.0/8 fwmark 0x1/0x3 lookup 100\n")
        #expect(
            ip("-j rule", kernel).output == """
                [{"priority":5,"src":"10.0.0.0","srclen":8,"fwmark":"0x1","fwmask":"0x3","table":"100"}]

                """)
        #expect(ip("rule show table 101", kernel).output == "")
    }

    @Test func anUnknownEncapsulationIsShownRaw() {
        var route = Route(to: IPPrefix("10.2.0.0/16"))
        route.output = InterfaceIndex(rawValue: 20)
        route.encapsulation = RawEncapsulation(type: 99, data: [8, 0, 1, 0, 1, 2, 3, 0xff])
        let kernel = kernel(.getRoute, FakeMessage(AddRoute(route)))
        #expect(ip("route", kernel).error == nil)
        #expect(ip("route", kernel).output.hasPrefix("10.2.0.0/16 encap type 99 data 08:00:01:00:01:02:03:ff dev d0 "))
    }
}
