// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkRoute

// Messages of iproute2 6.15 and of Linux 7.2, captured with strace.
@Suite("Routes") struct RouteTests {
    static let v0 = RouteExample.v0

    static func message(_ digits: String) throws -> CapturedMessage { try message(captured(digits)) }

    static func message(_ command: some Command<RouteProtocol>) throws -> CapturedMessage {
        try message(try command.messageBytes())
    }

    /// A route message, whose metrics may stand in any order too.
    private static func message(_ bytes: [UInt8]) throws -> CapturedMessage {
        var message = try CapturedMessage(bytes, headerByteCount: 12)
        for (index, attribute) in message.attributes.enumerated() where attribute.number == 8 {
            var metrics: [[UInt8]] = []
            var reader = AttributeReader<RawAttributeID>(attribute.payload.rawSpan)
            while let metric = try reader.next() {
                metrics.append([UInt8(metric.rawType)] + metric.payload.array)
            }
            message.attributes[index].payload = metrics.sorted { $0[0] < $1[0] }.flatMap(\.self)
        }
        return message
    }

    static func route(_ bytes: [UInt8]) throws -> Route {
        try CapturedMessage.reading(bytes) { (message: borrowing Message) throws(DecodeError) in
            try Route(decoding: message)
        }
    }

    @Test("a route takes at most 96 bytes") func size() { #expect(MemoryLayout<Route>.stride <= 96) }

    @Test("`ip route add` in its forms is sent byte by byte", arguments: RouteExample.added)
    func adding(_ example: RouteExample) throws {
        #expect(try Self.message(AddRoute(example.route)) == Self.message(example.bytes))
    }

    @Test("what is sent is read as what was meant", arguments: RouteExample.added)
    func reading(_ example: RouteExample) throws {
        let read = try Self.route(captured(example.bytes))
        var meant = example.route
        meant.scope = meant.scope
        #expect(read == meant)
        #expect(read.hashValue == meant.hashValue)
    }

    @Test("an encapsulation of any length leaves what stands behind it in place", arguments: 0...9)
    func rawEncapsulation(byteCount: Int) throws {
        let encapsulation = RawEncapsulation(type: 9, data: [UInt8](repeating: 0xee, count: byteCount))
        var route = Route(to: "10.0.0.0/8", on: Self.v0)
        route.encapsulation = encapsulation
        route.metric = 77
        let read = try Self.route(AddRoute(route).messageBytes())
        #expect(read.encapsulation == encapsulation)
        #expect(read.metric == 77)
        #expect(read.output == Self.v0)
        #expect(read.unknown.isEmpty)

        var first = NextHop(via: "192.0.2.4", on: Self.v0)
        first.encapsulation = encapsulation
        let second = NextHop(via: "192.0.2.5", on: Self.v0)
        var several = Route(to: "10.0.0.0/8")
        several.nextHops = [first, second]
        #expect(try Self.route(AddRoute(several).messageBytes()).nextHops == [first, second])
    }

    @Test("the ways to put a route there differ by their flags alone") func modes() throws {
        // ip route MODE 10.0.0.0/8 via 192.0.2.4 dev v0
        var route = Route(to: "10.0.0.0/8", via: "192.0.2.4", on: Self.v0)
        route.origin = .boot
        let modes: [(AddRoute.Mode, String)] = [
            (.add, "0506"), (.replace, "0505"), (.change, "0501"), (.append, "050c"), (.prepend, "0504"),
            (.test, "0502"),
        ]
        for (mode, flags) in modes {
            let wanted =
                "340000001800\(flags)000000000000000002080000fe030001"
                + "00000000080001000a00000008000500c00002040800040014000000"
            #expect(try Self.message(AddRoute(route, mode: mode)) == Self.message(wanted), "\(mode)")
        }
    }

    @Test("`ip route delete` in its forms is sent byte by byte") func removing() throws {
        func unspecified(_ route: Route, _ change: (inout Route) -> Void = { _ in }) -> Route {
            var route = route
            route.type = .unspecified
            change(&route)
            return route
        }
        // ip route delete 10.0.0.0/8
        #expect(
            try Self.message(RemoveRoute(unspecified(Route(to: "10.0.0.0/8"))))
                == Self.message("2400000019000500000000000000000002080000fe00ff0000000000080001000a000000"))
        // ip route delete 10.1.0.0/16 table 1000 metric 77
        #expect(
            try Self.message(
                RemoveRoute(
                    unspecified(Route(to: "10.1.0.0/16")) {
                        $0.table = 1000
                        $0.metric = 77
                    }))
                == Self.message(
                    "34000000190005000000000000000000021000000000ff0000000000080001000a01000008000f00e8030000"
                        + "080006004d000000"))
        // ip route delete 10.6.0.0/16 via 192.0.2.2 dev v0
        #expect(
            try Self.message(RemoveRoute(unspecified(Route(to: "10.6.0.0/16", via: "192.0.2.2", on: Self.v0))))
                == Self.message(
                    "3400000019000500000000000000000002100000fe00ff0000000000080001000a06000008000500c0000202"
                        + "0800040014000000"))
        // ip -6 route delete 2001:db8:2::/48 dev v0
        #expect(
            try Self.message(RemoveRoute(unspecified(Route(to: "2001:db8:2::/48", on: Self.v0))))
                == Self.message(
                    "380000001900050000000000000000000a300000fe000000000000001400010020010db80002000000000000"
                        + "000000000800040014000000"))
    }

    @Test("`ip route get` with all its selectors is sent byte by byte") func lookingUp() throws {
        func expect(_ lookup: RouteLookup, _ digits: String) throws {
            let bytes = try lookup.messageBytes()
            var sent = try CapturedMessage(bytes, headerByteCount: 12)
            // Our queries ask for the acknowledgement too.
            sent.flags.remove(.acknowledge)
            #expect(try sent == Self.message(digits))
        }
        func selected(_ lookup: RouteLookup, from source: IPPrefix, ipProtocol: UInt8) -> RouteLookup {
            var lookup = lookup
            lookup.packet.source = source
            lookup.packet.output = Self.v0
            lookup.packet.mark = 5
            lookup.packet.user = 1000
            lookup.packet.ipProtocol = ipProtocol
            lookup.packet.sourcePort = 1000
            lookup.packet.destinationPort = 80
            return lookup
        }
        // ip route get 10.0.0.1
        try expect(
            RouteLookup(to: "10.0.0.1"), "240000001a0001000000000000000000022000000000000000100000080001000a000001")
        // ip route get 10.0.0.1 from 192.0.2.1 oif v0 mark 5 uid 1000 ipproto tcp sport 1000 dport 80 tos 0x10
        var all = selected(RouteLookup(to: "10.0.0.1"), from: "192.0.2.1/32", ipProtocol: 6)
        all.packet.typeOfService = 0x10
        try expect(
            all,
            """
            5c0000001a0001000000000000000000022020100000000000100000080001000a00000108000200c000020108001900e803
            000005001b000600000006001c0003e8000006001d000050000008000400140000000800100005000000
            """)
        // ip route get 10.0.0.1 from 192.0.2.77 iif v1
        var arriving = RouteLookup(to: "10.0.0.1")
        arriving.packet.source = "192.0.2.77/32"
        arriving.packet.input = 19
        try expect(
            arriving,
            "340000001a0001000000000000000000022020000000000000100000080001000a00000108000200c000024d0800030013000000")
        // ip route get fibmatch 10.3.0.1
        try expect(
            RouteLookup(to: "10.3.0.1", matchingTable: true),
            "240000001a0001000000000000000000022000000000000000300000080001000a030001")
        // ip -6 route get 2001:db8:1::1
        try expect(
            RouteLookup(to: "2001:db8:1::1"),
            "300000001a00010000000000000000000a80000000000000000000001400010020010db8000100000000000000000001")
        // ip -6 route get fibmatch 2001:db8:1::1 from 2001:db8::1 oif v0 mark 5 uid 1000 ipproto udp sport 1000 dport 80
        try expect(
            selected(
                RouteLookup(to: "2001:db8:1::1", matchingTable: true), from: "2001:db8::1/128", ipProtocol: 17),
            """
            740000001a00010000000000000000000a80800000000000002000001400010020010db80001000000000000000000011400
            020020010db800000000000000000000000108001900e803000005001b001100000006001c0003e8000006001d0000500000
            08000400140000000800100005000000
            """)
        // ip -6 route get 2001:db8:1::1 flowlabel 0x12345
        var labelled = RouteLookup(to: "2001:db8:1::1")
        labelled.packet.flowLabel = 0x12345
        try expect(
            labelled,
            """
            380000001a00010000000000000000000a80000000000000000000001400010020010db80001000000000000000000010800
            1f0000012345
            """)
    }

    @Test("a list sends its filter as `ip route show` does") func listing() throws {
        func expect(_ dump: RouteDump, _ digits: String) throws {
            #expect(try CapturedMessage(try dump.messageBytes(), headerByteCount: 12) == Self.message(digits))
        }
        // ip -4 route show
        try expect(
            .routes(family: .ipv4, in: .main),
            "240000001a000103000000000000000002000000000000000000000008000f00fe000000")
        // ip -4 route show table 1000
        try expect(
            .routes(family: .ipv4, in: 1000),
            "240000001a000103000000000000000002000000000000000000000008000f00e8030000")
        // ip -4 route show table all proto static
        try expect(
            .routes(family: .ipv4, from: .administrator),
            "1c0000001a0001030000000000000000020000000004000000000000")
        // ip -6 route show cache
        var cached = RouteDump.routes(family: .ipv6, in: .main)
        cached.cloned = true
        try expect(cached, "240000001a00010300000000000000000a000000000000000002000008000f00fe000000")
        // ip -4 route show table all type blackhole dev v0 leaves the type to itself; the kernel takes both.
        let message = try CapturedMessage(
            try RouteDump.routes(family: .ipv4, type: .blackhole, on: Self.v0).messageBytes(), headerByteCount: 12)
        #expect(message.header[7] == 6)
        #expect(message.attributes == [UnknownAttribute(rawType: 4, payload: [20, 0, 0, 0])])
    }
}
