// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkTestSupport
import Testing

@testable import NetlinkRoute

// `ip route show table all` under Linux 7.2, as the kernel sends it.
@Suite("Routes as the kernel tells them") struct RouteDecodingTests {
    static let rich =
        "4c0000001800220000000000d700000002100010fc04fd010000000008000f00e8030000080001000a010000080006004d000000"
        + "08000700c0000201080004001400000008000b0004000300"
    static let viaOtherFamily =
        "4c0000001800220000000000d700000002100000fe0300010000000008000f00fe000000080001000a020000160012000a002001"
        + "0db800000000000000000000000200000800040014000000"
    static let multipath =
        "600000001800220000000000d700000002100000fe0300010000000008000f00fe000000080001000a0400003400090020000002"
        + "14000000160012000a0020010db80000000000000000000000020000100000001400000008000500c0000203"
    static let nextHopObject =
        "440000001800220000000000d700000002100000fe0300010000000008000f00fe000000080001000a05000008001e0007000000"
        + "08000500c00002090800040014000000"
    static let metrics =
        "cc0000001800220000000000d700000002100000fe0300010000000008000f00fe000000080001000a0600009000080008000100"
        + "04200000080002007805000008000300e803000008000400401f000008000500d0070000080006000a0000000800070014000000"
        + "0800080014050000080009000500000008000a002100000008000b000c00000008000c000100000008000d003200000008000e00"
        + "0d00000008000f00010000000a0010006375626963000000080011000100000008000500c00002020800040014000000"
    static let encapsulated =
        "540000001800220000000000d700000002100000fe0300010000000008000f00fe000000080001000a0f000008000500c0000202"
        + "0800040014000000100016000c00010000064000000c81000600150001000000"
    static let limited =
        "880000001800220000000000e10000000a300000fe0300010000000008000f00fe0000001400010020010db80002000000000000"
        + "00000000080006000900000014000500fe800000000000000000000000000001080004001400000024000c000000000000000000"
        + "7226000000000000000000000000000000000000000000000500140001000000"
    static let subtree =
        "880000001800220000000000e10000000a304000fe0300010000000008000f00fe0000001400010020010db80006000000000000"
        + "000000001400020020010db80000000000000000000000000800060000040000080004001400000024000c000000000000000000"
        + "0000000000000000000000000000000000000000000000000500140000000000"
    static let multipath6 =
        "a80000001800220000000000e10000000a300000fe0300010000000008000f00fe0000001400010020010db80004000000000000"
        + "0000000008000600000400003c0009001c000001140000001400050020010db80000000000000000000000021c00000414000000"
        + "14000500fe80000000000000000000000000000224000c000000000000000000000000000000000000000000000000000000000000"
        + "0000000500140000000000"
    static let all = [
        rich, viaOtherFamily, multipath, nextHopObject, metrics, encapsulated, limited, subtree, multipath6,
    ]

    private static func read(_ digits: String) throws -> Route { try RouteTests.route(captured(digits)) }

    @Test("an IPv4 route is read whole") func ipv4() throws {
        let route = try Self.read(Self.rich)
        #expect(route.destination == "10.1.0.0/16" && route.family == .ipv4 && !route.isDefault)
        #expect(route.table == 1000 && route.metric == 77 && route.origin == .administrator && route.scope == .link)
        #expect(route.typeOfService == 0x10 && route.preferredSource == "192.0.2.1" && route.output == 20)
        #expect(route.realms == RouteRealms(source: 3, destination: 4) && route.type == .unicast)
        #expect(route.gateway == nil && route.nextHops.isEmpty && route.unknown.isEmpty)
        let other = try Self.read(Self.viaOtherFamily)
        #expect(other.gateway == "2001:db8::2" && other.via == nil && other.table == .main && other.rare == nil)
        let object = try Self.read(Self.nextHopObject)
        #expect(object.nextHopID == 7 && object.gateway == "192.0.2.9")
        #expect(object.settings.gateway == nil && object.settings.output == nil && object.settings.nextHopID == 7)
    }

    @Test("an IPv6 route is read whole, and what is left of its life goes back") func ipv6() throws {
        let route = try Self.read(Self.limited)
        #expect(route.destination == "2001:db8:2::/48" && route.gateway == "fe80::1" && route.preference == .high)
        #expect(route.metric == 9 && route.expires == nil && route.cache?.expires == 0x2672)
        #expect(route.settings.expires == 99 && route.settings.cache == nil)
        let subtree = try Self.read(Self.subtree)
        #expect(subtree.source == "2001:db8::/64" && subtree.metric == 1024 && subtree.preference == .medium)
        // A cache of zeros, which every IPv6 route has, costs nothing.
        #expect(subtree.cache == RouteCacheInformation() && subtree.settings.cache == nil)
        #expect(subtree.settings.expires == nil)
    }

    @Test("next hops are read with their weights, and of either family") func nextHops() throws {
        let four = try Self.read(Self.multipath)
        #expect(
            four.nextHops
                == [NextHop(via: "2001:db8::2", on: 20, weight: 3), NextHop(via: "192.0.2.3", on: 20)])
        let six = try Self.read(Self.multipath6)
        #expect(
            six.nextHops
                == [NextHop(via: "2001:db8::2", on: 20, weight: 2), NextHop(via: "fe80::2", on: 20, weight: 5)])
    }

    @Test("metrics, their locks and encapsulations are read") func extras() throws {
        #expect(try Self.read(Self.metrics).metrics == RouteExample.allMetrics)
        let encapsulated = try Self.read(Self.encapsulated)
        #expect(
            encapsulated.encapsulation == RawEncapsulation(type: 1, data: captured("0c00010000064000000c8100")))
    }

    @Test("every truncation is read or refused, never more", arguments: all)
    func truncation(_ digits: String) {
        for bytes in truncations(of: captured(digits)) {
            do { _ = try RouteTests.route(bytes) } catch { #expect(error is DecodeError) }
        }
    }

    @Test("next hops of hostile lengths are refused and end", arguments: [0, 1, 7, 9, 0x1d, 0xffff] as [UInt16])
    func hostileHops(_ length: UInt16) {
        var bytes = captured(Self.multipath6)
        // The length of the first hop, behind header, table, destination, metric and the attribute's own header.
        let place = 16 + 12 + 8 + 20 + 8 + 4
        #expect(bytes[place] == 0x1c)
        bytes[place] = UInt8(truncatingIfNeeded: length)
        bytes[place + 1] = UInt8(truncatingIfNeeded: length >> 8)
        #expect(throws: DecodeError.self) { try RouteTests.route(bytes) }
    }

    @Test(
        "a prefix longer than its address is malformed", arguments: [(rich, 33), (limited, 129)] as [(String, UInt8)])
    func hostilePrefix(_ digits: String, _ length: UInt8) {
        for place in [17, 18] {
            var bytes = captured(digits)
            bytes[place] = length
            #expect(throws: DecodeError.self) { try RouteTests.route(bytes) }
        }
    }

    @Test("unknown attributes are kept everywhere and go back, but not when changing") func unknown() throws {
        let strange = UnknownAttribute(rawType: 0x4123, payload: [1, 2, 3])
        let route = try RouteTests.route(appending(strange, to: captured(Self.rich)))
        #expect(route.unknown.elements == [strange])
        #expect(try RouteTests.message(AddRoute(route)).attributes.contains(strange))
        #expect(try RouteTests.message(AddRoute(route, mode: .replace)).attributes.contains(strange))
        #expect(try !RouteTests.message(AddRoute(route, mode: .change)).attributes.contains(strange))

        var metrics = RouteMetrics()
        metrics.mtu = 1400
        metrics.unknown.keep(UnknownAttribute(rawType: 30, payload: [9, 0, 0, 0]))
        var hop = NextHop(via: "192.0.2.2", on: 20)
        hop.unknown.keep(strange)
        var nested = Route(to: "10.0.0.0/8")
        nested.metrics = metrics
        nested.nextHops = [hop, NextHop(on: 21)]
        #expect(try RouteTests.route(AddRoute(nested).messageBytes()).metrics == metrics)
        #expect(try RouteTests.route(AddRoute(nested).messageBytes()).nextHops.first == hop)
        let changed = try RouteTests.route(AddRoute(nested, mode: .change).messageBytes())
        hop.unknown = UnknownAttributes()
        #expect(
            changed.nextHops.first == hop && changed.metrics?.unknown.isEmpty == true && changed.metrics?.mtu == 1400)
        // Metrics of which nothing is left are none.
        nested.metrics?.mtu = nil
        #expect(try RouteTests.route(AddRoute(nested, mode: .change).messageBytes()).metrics == nil)
    }

    @Test("what only the kernel says is never sent") func reported() throws {
        var route = Route(to: "10.0.0.0/8", via: "192.0.2.1")
        route.flags = [.onLink, .linkDown, .offload, .dead, .notify]
        route.cache = RouteCacheInformation()
        route.cache?.used = 5
        var hop = NextHop(via: "192.0.2.1")
        hop.flags = [.onLink, .linkDown, .dead]
        route.nextHops = [hop, hop]
        let sent = try RouteTests.route(AddRoute(route).messageBytes())
        #expect(sent.flags == [.onLink, .notify] && sent.cache == nil)
        #expect(sent.nextHops.map(\.flags) == [.onLink, .onLink])
        #expect(try RouteTests.route(RemoveRoute(route).messageBytes()).flags == [.onLink, .notify])
        #expect(route.settings.flags == [.onLink, .notify] && route.settings.cache == nil)
    }

    @Test("other families keep their bytes") func otherFamilies() throws {
        // MPLS: label 100 as destination, label 200 to put in its place, an IPv4 router.
        var writer = MessageWriter()
        writer.beginMessage(type: RouteMessageType.newRoute.rawValue, flags: [], sequence: 0)
        var header = RouteHeader()
        header.family = .mpls
        header.destinationLength = 20
        header.type = 1
        header.encode(into: &writer)
        writer.put(RouteAttribute.destination, [0x00, 0x06, 0x41, 0x00])
        writer.put(RouteAttribute.newDestination, [0x00, 0x0c, 0x81, 0x00])
        RawVia(family: .ipv4, address: [192, 0, 2, 2]).encode(RouteAttribute.via, into: &writer)
        writer.put(RouteAttribute.ttlPropagation, true)
        writer.endMessage()
        let route = try RouteTests.route(writer.bytes.array)
        #expect(route.destination == nil && route.rawDestination == [0x00, 0x06, 0x41, 0x00])
        #expect(route.newDestination == [0x00, 0x0c, 0x81, 0x00] && route.gateway == "192.0.2.2")
        #expect(route.ttlPropagation == true)
        let back = try RouteTests.message(AddRoute(route))
        #expect(try back.attributes == CapturedMessage(writer.bytes.array, headerByteCount: 12).attributes)
        #expect(back.header == [28, 20, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0])
    }

    @Test("what the kernel says of the use of a route is read, each number from its own place") func uses() throws {
        var writer = MessageWriter()
        writer.beginMessage(type: RouteMessageType.newRoute.rawValue, flags: [], sequence: 0)
        var header = RouteHeader()
        header.family = .ipv4MulticastRouting
        header.encode(into: &writer)
        writer.nest(RouteAttribute.cacheInformation, marked: false) { writer in
            for number in 1...8 { writer.append(UInt32(number)) }
        }
        writer.nest(RouteAttribute.multicastStatistics, marked: false) { writer in
            for number in 11...13 { writer.append(UInt64(number) << 40) }
        }
        writer.endMessage()
        let route = try RouteTests.route(writer.bytes.array)
        let cache = try #require(route.cache)
        #expect(cache.references == 1 && cache.lastUse == 2 && cache.expires == 3 && cache.error == 4)
        #expect(cache.used == 5 && cache.id == 6 && cache.timestamp == 7 && cache.timestampAge == 8)
        let statistics = try #require(route.multicastStatistics)
        #expect(statistics.packets == 11 << 40 && statistics.bytes == 12 << 40 && statistics.wrongInterface == 13 << 40)
        // Neither goes back.
        #expect(route.settings.cache == nil && route.settings.multicastStatistics == nil)
        #expect(try RouteTests.message(AddRoute(route)).attributes.isEmpty)
    }

    @Test("a next hop that the wire has no room for is refused before anything is sent", arguments: [0, 257, -1])
    func badWeight(_ weight: Int) {
        var route = Route(to: "10.0.0.0/8")
        route.nextHops = [NextHop(via: "192.0.2.1", weight: weight)]
        let error = #expect(throws: NetlinkError.self) { try AddRoute(route).messageBytes() }
        #expect(error?.isInvalid == true)
    }

    @Test("setting a property to nil leaves no trace of it") func clearing() {
        let empty = Route(to: "10.0.0.0/8")
        var route = empty
        route.metric = 5
        route.gateway = "2001:db8::1"
        route.preferredSource = "192.0.2.1"
        route.output = 3
        route.preference = .high
        route.source = "10.0.0.0/8"
        route.cache = RouteCacheInformation()
        route.nextHopID = 4
        #expect(route != empty)
        route.metric = nil
        route.gateway = nil
        route.preferredSource = nil
        route.output = nil
        route.preference = nil
        route.source = nil
        route.cache = nil
        route.nextHopID = nil
        #expect(route == empty && route.hashValue == empty.hashValue && route.rare == nil)
    }

    @Test("a filter is checked again here") func filters() throws {
        let kernel = FakeKernel { request in
            request.dump(
                Self.all.map { FakeMessage(type: 24, payload: Array(captured($0).dropFirst(16))) }
                    + [FakeMessage(type: 16, payload: [UInt8](repeating: 0, count: 16))])
        }
        let connection = try BlockingRouteConnection(opening: kernel.source)
        #expect(try connection.routes().count == 9)
        #expect(try connection.routes(in: 1000).map(\.metric) == [77])
        #expect(try connection.routes(from: .administrator).count == 1)
        #expect(try connection.routes(type: .blackhole).isEmpty)
        #expect(try connection.routes(on: 20).count == 9)
        #expect(try connection.routes(on: 21).isEmpty)
        #expect(try connection.routes(family: .ipv6).count == 3)
    }
}
