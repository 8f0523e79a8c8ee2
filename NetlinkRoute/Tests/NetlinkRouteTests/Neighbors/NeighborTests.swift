// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkRoute

// Messages of iproute2 6.15 and of Linux 7.2, captured at the C library's sendmsg and recvmsg.
@Suite("Neighbours") struct NeighborTests {
    private static let link: InterfaceIndex = 19
    private static let tunnel: InterfaceIndex = 21
    static let headerByteCount = 12

    static func message(_ digits: String) throws -> CapturedMessage {
        try CapturedMessage(captured(digits), headerByteCount: headerByteCount)
    }

    static func message(_ command: some Command<RouteProtocol>) throws -> CapturedMessage {
        try CapturedMessage(try command.messageBytes(), headerByteCount: headerByteCount)
    }

    static func neighbor(_ bytes: [UInt8]) throws -> Neighbor {
        try CapturedMessage.reading(bytes) { (message: borrowing Message) throws(DecodeError) in
            try Neighbor(decoding: message)
        }
    }

    static let stale =
        "540000001c000200ea57016b62000000020000001300000004008001080001000a0000060a000200020000000006000008"
        + "0004000000000014000300a017000030000000300000000000000005000c0009000000"
    static let managed =
        "480000001c000200ea57016b62000000020000001300000001000001080001000a0000080800040004000000140003"
        + "009c1700002c0000002c0000000100000008000f0001000000"
    static let proxy =
        "380000001c000200ea57016b660000000a00000013000000000088011400010020010db80000000000000000000000100500"
        + "0c0007000000"
    static let bridged =
        "540000001c000200ea57016b690000000700000013000000020040000a0002000200000001020000080009001400000008"
        + "000f000000000014000300000000003300000033000000000000000600050001000000"
    static let tunnelled =
        "5c0000001c000200ea57016b6c0000000700000015000000c00002010a00020002000000010300000800010"
        + "00a0000010600060012b60000080007004d000000080008001600000014000300000000003c0000003c00000000000000"
    static let group =
        "440000001c000200ea57016b6c0000000700000015000000c00002010a000200020000000104000008000d0008000000140003"
        + "00000000003900000039000000000000 00"
    static let sourced =
        "540000001c000200ea57016b6f0000000700000017000000c00002010a0002000200000001060000080001000a00000108"
        + "0007006400000008000b006300000014000300000000003b0000003b00000000000000"

    @Test("a neighbour takes at most 96 bytes") func size() {
        #expect(MemoryLayout<Neighbor>.stride == 80)
    }

    @Test("`ip neighbor add` in its forms is sent byte by byte") func hosts() throws {
        // ip neighbor add 10.0.0.5 lladdr 02:00:00:00:00:05 dev d0
        let host = Neighbor("10.0.0.5", at: "02:00:00:00:00:05", on: Self.link)
        #expect(
            try Self.message(AddNeighbor(host))
                == Self.message(
                    "300000001c000506954f016b00000000020000001300000080000000080001000a0000050a0002000200000000050000"))
        // ip neighbor add 10.0.0.6 lladdr 02:00:00:00:00:06 nud stale router protocol 9 dev d0
        var router = Neighbor("10.0.0.6", at: "02:00:00:00:00:06", on: Self.link)
        router.state = .stale
        router.flags = .router
        router.origin = .routerAdvertisement
        #expect(
            try Self.message(AddNeighbor(router))
                == Self.message(
                    """
                    380000001c000506954f016b0000000002000000130000000400800005000c0009000000080001000a0000060a000200
                    0200000000060000
                    """))
        // ip neighbor add 10.0.0.7 lladdr 02:00:00:00:00:07 extern_learn nud reachable dev d0
        var learned = Neighbor("10.0.0.7", at: "02:00:00:00:00:07", on: Self.link)
        learned.state = .reachable
        learned.flags = .externallyLearned
        #expect(
            try Self.message(AddNeighbor(learned))
                == Self.message(
                    "300000001c000506954f016b00000000020000001300000002001000080001000a0000070a0002000200000000070000"))
        // ip neighbor add 10.0.0.8 dev d0 managed
        var managed = Neighbor("10.0.0.8", on: Self.link)
        managed.extendedFlags = .managed
        #expect(
            try Self.message(AddNeighbor(managed))
                == Self.message(
                    "2c0000001c000506954f016b00000000020000001300000000000000080001000a00000808000f0001000000"))
        // ip neighbor add 10.0.0.9 dev d0 use nud none
        var used = Neighbor("10.0.0.9", on: Self.link)
        used.flags = .use
        #expect(
            try Self.message(AddNeighbor(used))
                == Self.message("240000001c000506964f016b00000000020000001300000000000100080001000a000009"))
    }

    @Test("proxies are sent byte by byte") func proxies() throws {
        // ip neighbor add proxy 2001:db8::10 dev d0 router protocol 7; for proxies ip sends a state that means nothing.
        var proxy = Neighbor(proxying: "2001:db8::10", on: Self.link)
        proxy.flags.insert(.router)
        proxy.origin = RoutingProtocol(rawValue: 7)
        proxy.state = .permanent
        #expect(
            try Self.message(AddNeighbor(proxy))
                == Self.message(
                    """
                    380000001c000506964f016b000000000a000000130000008000880005000c00070000001400010020010db800000000
                    0000000000000010
                    """))
        // ip neighbor delete proxy 10.0.0.10 dev d0
        var other = Neighbor(proxying: "10.0.0.10", on: Self.link)
        other.state = .permanent
        #expect(
            try Self.message(RemoveNeighbor(other))
                == Self.message("240000001d000500964f016b00000000020000001300000080000800080001000a00000a"))
        // ip neighbor get proxy 10.0.0.10 dev d0
        let query = NeighborQuery(proxying: "10.0.0.10", on: Self.link)
        #expect(
            try CapturedMessage(try query.messageBytes(), headerByteCount: 12).attributes
                == Self.message("240000001e000100954f016b00000000020000001300000000000800080001000a00000a").attributes)
        #expect(try query.messageBytes()[26] == 8)
    }

    @Test("modes differ by their flags; a removal names address and link alone") func modes() throws {
        // ip neighbor replace 10.0.0.5 lladdr 02:00:00:00:00:15 dev d0
        let host = Neighbor("10.0.0.5", at: "02:00:00:00:00:15", on: Self.link)
        #expect(
            try Self.message(AddNeighbor(host, mode: .replace))
                == Self.message(
                    "300000001c000505964f016b00000000020000001300000080000000080001000a0000050a0002000200000000150000"))
        // ip neighbor change 10.0.0.5 lladdr 02:00:00:00:00:25 dev d0
        let changed = Neighbor("10.0.0.5", at: "02:00:00:00:00:25", on: Self.link)
        #expect(
            try Self.message(AddNeighbor(changed, mode: .change))
                == Self.message(
                    "300000001c000501964f016b00000000020000001300000080000000080001000a0000050a0002000200000000250000"))
        // ip neighbor delete 10.0.0.5 dev d0
        #expect(
            try Self.message(RemoveNeighbor(changed))
                == Self.message("240000001d000500964f016b00000000020000001300000080000000080001000a000005"))
        // ip neighbor get 10.0.0.5 dev d0, which sends no request for an acknowledgement
        let query = try CapturedMessage(
            try NeighborQuery("10.0.0.5", on: Self.link).messageBytes(), headerByteCount: 12)
        let wanted = try Self.message("240000001e000100954f016b00000000020000001300000000000000080001000a000005")
        #expect(query.header == wanted.header && query.attributes == wanted.attributes)
    }

    @Test("forwarding entries are sent byte by byte") func forwarding() throws {
        // bridge fdb add 02:00:00:00:01:02 dev d0 master dynamic sticky
        var sticky = Neighbor(forwarding: "02:00:00:00:01:02", on: Self.link, flags: [.masterTable, .sticky])
        sticky.state = .reachable
        #expect(
            try Self.message(AddNeighbor(sticky))
                == Self.message("280000001c000506974f016b000000000700000013000000020044000a0002000200000001020000"))
        // bridge fdb add 02:00:00:00:01:01 dev d0 master static vlan 3
        var vlan = Neighbor(forwarding: "02:00:00:00:01:01", on: Self.link, flags: .masterTable)
        vlan.vlan = 3
        #expect(
            try Self.message(AddNeighbor(vlan))
                == Self.message(
                    "300000001c000506974f016b000000000700000013000000420004000a0002000200000001010000060005000300000 0"
                )
                .with(state: 0x40))
        // bridge fdb add 02:00:00:00:01:03 dev vx0 dst 10.0.0.1 port 4790 vni 77 via d1
        var tunnelled = Neighbor(forwarding: "02:00:00:00:01:03", on: Self.tunnel, flags: .linkTable)
        tunnelled.state = [.permanent, .noARP]
        tunnelled.destination = "10.0.0.1"
        tunnelled.port = 4790
        tunnelled.vni = 77
        tunnelled.output = 23
        #expect(
            try Self.message(AddNeighbor(tunnelled))
                == Self.message(
                    """
                    480000001c000506974f016b000000000700000015000000c00002000a0002000200000001030000080001000a000001
                    0600060012b60000080007004d0000000800080017000000
                    """))
        // bridge fdb append 02:00:00:00:01:03 dev vx0 dst 2001:db8::9
        var more = Neighbor(forwarding: "02:00:00:00:01:03", on: Self.tunnel, flags: .linkTable)
        more.state = [.permanent, .noARP]
        more.destination = "2001:db8::9"
        #expect(
            try Self.message(AddNeighbor(more, mode: .append))
                == Self.message(
                    """
                    3c0000001c00050c974f016b000000000700000015000000c00002000a00020002000000010300001400010020010db8
                    000000000000000000000009
                    """))
        // bridge fdb add 02:00:00:00:01:04 dev vx0 nhid 7
        var group = Neighbor(forwarding: "02:00:00:00:01:04", on: Self.tunnel, flags: .linkTable)
        group.state = [.permanent, .noARP]
        group.nextHopID = 7
        #expect(
            try Self.message(AddNeighbor(group))
                == Self.message(
                    "300000001c000506984f016b000000000700000015000000c00002000a000200020000000104000008000d0007000000"))
        // bridge fdb get 02:00:00:00:01:01 br br0 vlan 1
        let query = NeighborQuery(forwarding: "02:00:00:00:01:01", of: 20, vlan: 1)
        let wanted = try Self.message(
            """
            380000001e000100ea57016b000000000700000000000000000000000a0002000200000001010000060005000100000008000900
            14000000
            """)
        let asked = try CapturedMessage(try query.messageBytes(), headerByteCount: 12)
        #expect(asked.header == wanted.header && asked.attributes == wanted.attributes)
    }

    @Test("what was read of a forwarding entry names the table that holds it") func tables() throws {
        let sticky = try Self.message(AddNeighbor(try Self.neighbor(captured(Self.bridged)).settings))
        #expect(sticky.header[10] == NeighborFlags([.masterTable, .sticky]).rawValue)
        var other = Neighbor(forwarding: "02:00:00:00:01:04", on: 3, flags: [])
        #expect(try Self.message(AddNeighbor(other)).header[10] == NeighborFlags.linkTable.rawValue)
        other.activity = ForwardingActivity([.active, .inactive], doesNotRefresh: true)
        // NDA_FDB_EXT_ATTRS with NFEA_ACTIVITY_NOTIFY 3 and NFEA_DONT_REFRESH
        let nest = UnknownAttribute(rawType: 0x800e, payload: [5, 0, 1, 0, 3, 0, 0, 0, 4, 0, 2, 0])
        #expect(try Self.message(AddNeighbor(other)).attributes.contains(nest))
    }

    @Test("what the kernel sends is read whole") func decoding() throws {
        let stale = try Self.neighbor(captured(Self.stale))
        #expect(stale.family == .ipv4 && stale.destination == "10.0.0.6" && stale.index == 19)
        #expect(stale.hardwareAddress == "02:00:00:00:00:06" && stale.state == .stale && stale.flags == .router)
        #expect(stale.type == .unicast && stale.origin == .routerAdvertisement && stale.probes == 0)
        #expect(stale.cache == NeighborCacheInformation(confirmed: 0x17a0, used: 0x30, updated: 0x30))
        #expect(stale.cache?.confirmed == 0x17a0 && stale.cache?.used == 0x30 && stale.cache?.references == 0)
        #expect(stale.rare == nil && stale.vlan == nil && stale.master == nil && stale.isLearned)

        let managed = try Self.neighbor(captured(Self.managed))
        #expect(managed.hardwareAddress == nil && managed.extendedFlags == .managed && managed.probes == 4)
        #expect(managed.state == .incomplete && managed.cache?.references == 1)

        let proxy = try Self.neighbor(captured(Self.proxy))
        #expect(proxy.destination == "2001:db8::10" && proxy.flags == [.proxy, .router] && proxy.state == .none)
        #expect(proxy.cache == nil && proxy.probes == nil && proxy.origin == RoutingProtocol(rawValue: 7))

        let bridged = try Self.neighbor(captured(Self.bridged))
        #expect(bridged.family == .bridge && bridged.hardwareAddress == "02:00:00:00:01:02" && bridged.vlan == 1)
        #expect(bridged.master == 20 && bridged.flags == .sticky && bridged.destination == nil)
        #expect(bridged.extendedFlags.isEmpty && bridged.state == .reachable)

        let tunnelled = try Self.neighbor(captured(Self.tunnelled))
        #expect(tunnelled.destination == "10.0.0.1" && tunnelled.port == 4790 && tunnelled.vni == 77)
        #expect(tunnelled.output == 22 && tunnelled.flags == .linkTable && tunnelled.state == [.noARP, .permanent])
        #expect(try Self.neighbor(captured(Self.group)).nextHopID == 8)
        #expect(try Self.neighbor(captured(Self.sourced)).sourceVNI == 99)
        #expect(try Self.neighbor(captured(Self.sourced)).vni == 100)
    }

    @Test("what is only reported does not go back") func settings() throws {
        var neighbor = try Self.neighbor(captured(Self.stale))
        neighbor.flags.insert(.offloaded)
        neighbor.extendedFlags = [.locked, .externallyValidated]
        neighbor.linkNamespaceID = 4
        let settings = neighbor.settings
        #expect(settings.cache == nil && settings.probes == nil && settings.type == .unspecified)
        #expect(settings.flags == .router && settings.extendedFlags == .externallyValidated)
        #expect(settings.linkNamespaceID == nil && settings.rare == nil)
        let sent = try Self.message(AddNeighbor(neighbor))
        #expect(sent == (try Self.message(AddNeighbor(settings))))
        #expect(sent.attributes.map(\.number) == [1, 2, 12, 15])
    }
}

extension CapturedMessage {
    /// The message with another state, where `ip` sends one that means the same.
    func with(state: UInt8) -> CapturedMessage {
        var copy = self
        copy.header[8] = state
        return copy
    }
}
