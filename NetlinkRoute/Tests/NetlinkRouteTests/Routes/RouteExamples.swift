// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkRoute

/// A command line of iproute2 6.15, the message it sends (captured with strace under Linux 7.2), and the route that it means.
struct RouteExample: Sendable, CustomTestStringConvertible {
    let command: String
    let bytes: String
    let route: Route

    /// The link v0 of the captures.
    static let v0: InterfaceIndex = 20

    init(_ command: String, _ bytes: String, _ route: Route, _ change: (inout Route) -> Void = { _ in }) {
        self.command = command
        self.bytes = bytes
        var route = route
        // iproute2 signs what it adds.
        route.origin = .boot
        change(&route)
        self.route = route
    }

    var testDescription: String { "ip " + command }
}

extension RouteExample {
    private typealias Example = RouteExample

    static var allMetrics: RouteMetrics {
        var metrics = RouteMetrics()
        metrics.locks = [.mtu, .metric(13)]
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
        metrics.congestionAlgorithm = "cubic"
        metrics.fastOpenNoCookie = 1
        return metrics
    }

    // Padding that iproute2 leaves to chance is zero here. It also writes an empty destination into IPv6 default
    // routes, which makes no difference and is left out.
    static let added: [RouteExample] = [
        Example(
            "route add 10.0.0.0/8 via 192.0.2.1",
            "2c00000018000506000000000000000002080000fe03000100000000080001000a00000008000500c0000201",
            Route(to: "10.0.0.0/8", via: "192.0.2.1")
        ),
        Example(
            "route add default via 192.0.2.3",
            "2400000018000506000000000000000002000000fe0300010000000008000500c0000203",
            Route(to: "0.0.0.0/0", via: "192.0.2.3")
        ),
        Example(
            "route add 10.1.0.0/16 dev v0 table 1000 metric 77 proto static scope link src 192.0.2.1 tos 0x10 realms 3/4",
            """
            4c000000180005060000000000000000021000100004fd0100000000080001000a01000008000f00e803000008000600
            4d00000008000700c000020108000b00040003000800040014000000
            """,
            Route(to: "10.1.0.0/16", on: v0)
        ) {
            $0.table = 1000
            $0.metric = 77
            $0.origin = .administrator
            $0.scope = .link
            $0.preferredSource = "192.0.2.1"
            $0.typeOfService = 0x10
            $0.realms = RouteRealms(source: 3, destination: 4)
        },
        Example(
            "route add 10.2.0.0/16 via inet6 2001:db8::2 dev v0",
            """
            4400000018000506000000000000000002100000fe03000100000000080001000a020000160012000a0020010db80000
            0000000000000000000200000800040014000000
            """,
            Route(to: "10.2.0.0/16", via: "2001:db8::2", on: v0)
        ),
        Example(
            "route add 10.3.0.0/16 nexthop via 192.0.2.2 dev v0 weight 1 nexthop via 192.0.2.3 dev v0 weight 256 onlink realms 5",
            """
            5000000018000506000000000000000002100000fe03000100000000080001000a0300002c0009001000000014000000
            08000500c0000202180004ff1400000008000500c000020308000b0005000000
            """,
            Route(to: "10.3.0.0/16")
        ) {
            var heavy = NextHop(via: "192.0.2.3", on: v0, weight: 256)
            heavy.flags = .onLink
            heavy.realms = RouteRealms(destination: 5)
            $0.nextHops = [NextHop(via: "192.0.2.2", on: v0), heavy]
        },
        Example(
            "route add 10.4.0.0/16 nexthop via inet6 2001:db8::2 dev v0 weight 3 nexthop via 192.0.2.3 dev v0",
            """
            5800000018000506000000000000000002100000fe03000100000000080001000a040000340009002000000214000000
            160012000a0020010db80000000000000000000000020000100000001400000008000500c0000203
            """,
            Route(to: "10.4.0.0/16")
        ) {
            $0.nextHops = [NextHop(via: "2001:db8::2", on: v0, weight: 3), NextHop(via: "192.0.2.3", on: v0)]
        },
        Example(
            "route add 10.5.0.0/16 nhid 7",
            "2c00000018000506000000000000000002100000fe03000100000000080001000a05000008001e0007000000",
            Route(to: "10.5.0.0/16")
        ) {
            $0.nextHopID = 7
        },
        Example(
            "route add 10.6.0.0/16 via 192.0.2.2 dev v0 mtu lock 1400 window 1000 rtt 1s rttvar 500ms ssthresh 10 cwnd 20 advmss 1300 reordering 5 hoplimit 33 initcwnd 12 features ecn rto_min 50ms initrwnd 13 quickack 1 congctl cubic fastopen_no_cookie 1",
            """
            c400000018000506000000000000000002100000fe03000100000000080001000a06000008000500c000020208000400
            1400000090000800080002007805000008000300e803000008000400401f000008000500d0070000080006000a000000
            08000700140000000800080014050000080009000500000008000a002100000008000b000c00000008000c0001000000
            08000d003200000008000e000d00000008000f0001000000090010006375626963000000080011000100000008000100
            04200000
            """,
            Route(to: "10.6.0.0/16", via: "192.0.2.2", on: v0)
        ) {
            $0.metrics = allMetrics
        },
        Example(
            "route add 10.7.0.0/16 via 192.0.2.2 dev v0 mtu 1400 congctl lock reno features tcp_usec_ts rtt lock 100",
            """
            6000000018000506000000000000000002100000fe03000100000000080001000a07000008000500c000020208000400
            140000002c00080008000200780500000800100072656e6f08000c001000000008000400640000000800010010000100
            """,
            Route(to: "10.7.0.0/16", via: "192.0.2.2", on: v0)
        ) {
            var metrics = RouteMetrics()
            metrics.mtu = 1400
            metrics.congestionAlgorithm = "reno"
            metrics.features = .microsecondTimestamps
            metrics.roundTripTime = 100
            metrics.locks = [.metric(4), .metric(16)]
            $0.metrics = metrics
        },
        Example(
            "route add blackhole 10.8.0.0/16",
            "2400000018000506000000000000000002100000fe03000600000000080001000a080000",
            Route(to: "10.8.0.0/16")
        ) {
            $0.type = .blackhole
        },
        Example(
            "route add unreachable 10.9.0.0/16 metric 5",
            "2c00000018000506000000000000000002100000fe03000700000000080001000a0900000800060005000000",
            Route(to: "10.9.0.0/16")
        ) {
            $0.type = .unreachable
            $0.metric = 5
        },
        Example(
            "route add prohibit 10.10.0.0/16",
            "2400000018000506000000000000000002100000fe03000800000000080001000a0a0000",
            Route(to: "10.10.0.0/16")
        ) {
            $0.type = .prohibit
        },
        Example(
            "route add throw 10.11.0.0/16 table 5",
            "24000000180005060000000000000000021000000503000900000000080001000a0b0000",
            Route(to: "10.11.0.0/16")
        ) {
            $0.type = .throw
            $0.table = 5
        },
        Example(
            "route add local 10.12.0.1/32 dev v0",
            "2c00000018000506000000000000000002200000ff03fe0200000000080001000a0c00010800040014000000",
            Route(to: "10.12.0.1/32", on: v0)
        ) {
            $0.type = .local
            $0.table = .local
        },
        Example(
            "route add broadcast 10.13.0.255/32 dev v0",
            "2c00000018000506000000000000000002200000ff03fd0300000000080001000a0d00ff0800040014000000",
            Route(to: "10.13.0.255/32", on: v0)
        ) {
            $0.type = .broadcast
            $0.table = .local
        },
        Example(
            "route add multicast 239.1.1.0/24 dev v0",
            "2c00000018000506000000000000000002180000fe03fd050000000008000100ef0101000800040014000000",
            Route(to: "239.1.1.0/24", on: v0)
        ) {
            $0.type = .multicast
        },
        Example(
            "route add 10.14.0.0/16 via 172.16.0.1 dev v0 onlink",
            """
            3400000018000506000000000000000002100000fe03000104000000080001000a0e000008000500ac10000108000400
            14000000
            """,
            Route(to: "10.14.0.0/16", via: "172.16.0.1", on: v0)
        ) {
            $0.flags = .onLink
        },
        Example(
            "route add 10.15.0.0/16 encap mpls 100/200 via 192.0.2.2 dev v0",
            """
            4c00000018000506000000000000000002100000fe03000100000000080001000a0f0000100016800c00010000064000
            000c8100060015000100000008000500c00002020800040014000000
            """,
            Route(to: "10.15.0.0/16", via: "192.0.2.2", on: v0)
        ) {
            $0.encapsulation = RawEncapsulation(type: 1, data: captured("0c00010000064000000c8100"))
        },
        Example(
            "route add 10.16.0.0/16 encap ip id 5 dst 192.0.2.7 ttl 9 dev v0",
            """
            5400000018000506000000000000000002100000fe03fd0100000000080001000a100000200016800c00010000000000
            0000000508000200c0000207050004000980090006001500020000000800040014000000
            """,
            Route(to: "10.16.0.0/16", on: v0)
        ) {
            $0.encapsulation = RawEncapsulation(
                type: 2, data: captured("0c000100000000000000000508000200c00002070500040009800900"))
        },
        Example(
            "route add 10.17.0.0/16 via 192.0.2.2 dev v0 ttl-propagate enabled",
            """
            3c00000018000506000000000000000002100000fe03000100000000080001000a11000008000500c000020205001a00
            010000000800040014000000
            """,
            Route(to: "10.17.0.0/16", via: "192.0.2.2", on: v0)
        ) {
            $0.ttlPropagation = true
        },
        Example(
            "-6 route add 2001:db8:1::/48 via 2001:db8::2",
            """
            440000001800050600000000000000000a300000fe030001000000001400010020010db8000100000000000000000000
            1400050020010db8000000000000000000000002
            """,
            Route(to: "2001:db8:1::/48", via: "2001:db8::2")
        ),
        Example(
            "-6 route add 2001:db8:2::/48 via fe80::1 dev v0 metric 9 pref high expires 100",
            """
            640000001800050600000000000000000a300000fe030001000000001400010020010db8000200000000000000000000
            14000500fe80000000000000000000000000000108000600090000000500140001000000080017006400000008000400
            14000000
            """,
            Route(to: "2001:db8:2::/48", via: "fe80::1", on: v0)
        ) {
            $0.metric = 9
            $0.preference = .high
            $0.expires = 100
        },
        Example(
            "-6 route add 2001:db8:3::/48 dev v0 mtu 1400 hoplimit 7 table 300 src 2001:db8::1 proto 99",
            """
            680000001800050600000000000000000a30000000630001000000001400010020010db8000300000000000000000000
            08000f002c0100001400070020010db80000000000000000000000010800040014000000140008000800020078050000
            08000a0007000000
            """,
            Route(to: "2001:db8:3::/48", on: v0)
        ) {
            $0.table = 300
            $0.preferredSource = "2001:db8::1"
            $0.origin = RoutingProtocol(rawValue: 99)
            var metrics = RouteMetrics()
            metrics.mtu = 1400
            metrics.hopLimit = 7
            $0.metrics = metrics
        },
        Example(
            "-6 route add 2001:db8:4::/48 nexthop via 2001:db8::2 dev v0 weight 2 nexthop via fe80::2 dev v0 weight 5",
            """
            6c0000001800050600000000000000000a300000fe030001000000001400010020010db8000400000000000000000000
            3c0009001c000001140000001400050020010db80000000000000000000000021c0000041400000014000500fe800000
            000000000000000000000002
            """,
            Route(to: "2001:db8:4::/48")
        ) {
            $0.nextHops = [NextHop(via: "2001:db8::2", on: v0, weight: 2), NextHop(via: "fe80::2", on: v0, weight: 5)]
        },
        Example(
            "-6 route add blackhole 2001:db8:5::/48",
            "300000001800050600000000000000000a300000fe030006000000001400010020010db8000500000000000000000000",
            Route(to: "2001:db8:5::/48")
        ) {
            $0.type = .blackhole
        },
        Example(
            "-6 route add 2001:db8:6::/48 from 2001:db8::/64 dev v0",
            """
            4c0000001800050600000000000000000a304000fe030001000000001400010020010db8000600000000000000000000
            1400020020010db80000000000000000000000000800040014000000
            """,
            Route(to: "2001:db8:6::/48", on: v0)
        ) {
            $0.source = "2001:db8::/64"
        },
        Example(
            "-6 route add 2001:db8:7::/48 encap seg6 mode encap segs fc00::1,fc00::2 dev v0",
            """
            740000001800050600000000000000000a300000fe030001000000001400010020010db8000700000000000000000000
            3400168030000100010000000004040101000000fc000000000000000000000000000002fc0000000000000000000000
            0000000106001500050000000800040014000000
            """,
            Route(to: "2001:db8:7::/48", on: v0)
        ) {
            $0.encapsulation = RawEncapsulation(
                type: 5,
                data: captured(
                    "30000100010000000004040101000000fc000000000000000000000000000002fc000000000000000000000000000001"))
        },
    ]
}
