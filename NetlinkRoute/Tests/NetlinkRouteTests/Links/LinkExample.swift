// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkRoute

/// A command of iproute2 6.15 with the request that it sends, captured with strace, and the same change here.
struct LinkExample: Sendable, CustomTestStringConvertible {
    let command: String
    let bytes: String
    let change: @Sendable (inout Link) -> Void

    init(_ command: String, _ bytes: String, _ change: @escaping @Sendable (inout Link) -> Void) {
        self.command = command
        self.bytes = bytes
        self.change = change
    }

    var testDescription: String { command }

    /// The number that the link has in the examples.
    static let index: InterfaceIndex = 19

    /// `ip link set dev d0 …`: flags and mask of `struct ifinfomsg`, and the attributes.
    static let set: [LinkExample] = [
        .init("mtu 1400", "0000000000000000 0800040078050000") { $0.mtu = 1400 },
        .init("up", "0100000001000000") { $0.isUp = true },
        .init("down", "0000000001000000") { $0.isUp = false },
        .init("arp off", "8000000080000000") { $0.setFlag(.noARP, true) },
        .init("dynamic on", "0080000000800000") { $0.setFlag(.dynamic, true) },
        .init("multicast off", "0000000000100000") { $0.setFlag(.multicast, false) },
        .init("allmulticast on", "0002000000020000") { $0.setFlag(.allMulticast, true) },
        .init("promisc on", "0001000000010000") { $0.setFlag(.promiscuous, true) },
        .init("trailers off", "2000000020000000") { $0.setFlag(.noTrailers, true) },
        .init("carrier off", "0000000000000000 0500210000000000") { $0.carrier = false },
        .init("carrier on", "0000000000000000 0500210001000000") { $0.carrier = true },
        .init("txqueuelen 77", "0000000000000000 08000d004d000000") { $0.transmitQueueLength = 77 },
        .init("name d1", "0000000000000000 0700030064310000") { $0.name = "d1" },
        .init("address 02:00:00:00:00:07", "0000000000000000 0a0001000200000000070000") {
            $0.address = "02:00:00:00:00:07"
        },
        .init("broadcast ff:ff:ff:ff:ff:fe", "0000000000000000 0a000200fffffffffffe0000") {
            $0.broadcast = "ff:ff:ff:ff:ff:fe"
        },
        .init("alias text", "0000000000000000 0800140074657874") { $0.alias = "text" },
        .init("alias ''", "0000000000000000 04001400") { $0.alias = "" },
        .init("master br0", "0000000000000000 08000a0014000000") { $0.master = 20 },
        .init("nomaster", "0000000000000000 08000a0000000000") { $0.master = InterfaceIndex.none },
        .init("group 42", "0000000000000000 08001b002a000000") { $0.group = 42 },
        .init("gso_max_size 60000", "0000000000000000 0800290060ea0000") { $0.gsoMaxSize = 60000 },
        .init("gso_max_segs 77", "0000000000000000 080028004d000000") { $0.gsoMaxSegments = 77 },
        .init("gro_max_size 60001", "0000000000000000 08003a0061ea0000") { $0.groMaxSize = 60001 },
        .init("gso_ipv4_max_size 50000", "0000000000000000 08003f0050c30000") {
            $0.gsoIPv4MaxSize = 50000
        },
        .init("gro_ipv4_max_size 50001", "0000000000000000 0800400051c30000") {
            $0.groIPv4MaxSize = 50001
        },
        .init("mode dormant", "0000000000000000 0500110001000000") { $0.mode = .dormant },
        .init("mode default", "0000000000000000 0500110000000000") { $0.mode = .normal },
        .init("state up", "0000000000000000 0500100006000000") { $0.operationalState = .up },
        .init("protodown on", "0000000000000000 0500270001000000") { $0.protocolDown = true },
        .init(
            "protodown_reason 3 on", "0000000000000000 1400378008000100080000000800020008000000"
        ) { $0.protocolDownReasons = ProtocolDownReasons(value: 8, mask: 8) },
        .init(
            "protodown_reason 3 off", "0000000000000000 1400378008000100080000000800020000000000"
        ) { $0.protocolDownReasons = ProtocolDownReasons(value: 0, mask: 8) },
        .init("addrgenmode none", "0000000000000000 10001a000c000a000500080001000000") {
            $0.families = LinkFamilies()
            $0.families?.ipv6.addressGenerationMode = IPv6LinkSettings.AddressGenerationMode.none
        },
        .init("link-netnsid 7", "0000000000000000 0800250007000000") { $0.parentNamespaceID = 7 },
        .init(
            "mtu 1300 txqueuelen 5 up address 02:00:00:00:00:09 group 3",
            "0100000001000000 080004001405000008000d00050000000a000100020000000009000008001b0003000000"
        ) {
            $0.mtu = 1300
            $0.transmitQueueLength = 5
            $0.isUp = true
            $0.address = "02:00:00:00:00:09"
            $0.group = 3
        },
    ]

    /// `ip link add …`, whole messages.
    static let added: [LinkExample] = [
        .init(
            """
            name e0 index 77 mtu 1400 address 02:00:00:00:00:01 broadcast ff:ff:ff:ff:ff:fe txqueuelen 9 numtxqueues 3 \
            numrxqueues 4 gso_max_size 60000 gso_max_segs 99 gro_max_size 59999 gso_ipv4_max_size 40000 \
            gro_ipv4_max_size 40001 type dummy
            """,
            "98000000100005060000000000000000000000004d000000000000000000000008000400780500000a0001000200000000010000"
                + "0a000200fffffffffffe000008000d000900000008001f000300000008002000040000000800290060ea0000080028006300"
                + "000008003a005fea000008003f00409c000008004000419c00000700030065300000100012000900010064756d6d79000000"
        ) {
            $0 = Link(name: "e0", kind: DummyLink())
            $0.index = 77
            $0.mtu = 1400
            $0.address = "02:00:00:00:00:01"
            $0.broadcast = "ff:ff:ff:ff:ff:fe"
            $0.transmitQueueLength = 9
            $0.transmitQueueCount = 3
            $0.receiveQueueCount = 4
            $0.gsoMaxSize = 60000
            $0.gsoMaxSegments = 99
            $0.groMaxSize = 59999
            $0.gsoIPv4MaxSize = 40000
            $0.groIPv4MaxSize = 40001
        },
        .init(
            "link br0 name vl0 type vlan id 6",
            "48000000100005060000000000000000000000000000000000000000000000000800050014000000"
                + "08000300766c30001800120008000100766c616e0c0002000600010006000000"
        ) {
            $0 = Link(name: "vl0", kind: VLANLink(id: 6))
            $0.parent = 20
        },
        .init(
            "link-netns n1 name vx9 type vxlan id 9 dstport 4789",
            "5c000000100005060000000000000000000000000000000000000000000000000800250007000000"
                + "08000300767839002c0012000900010076786c616e0000001c0002000800010009000000050007000100000006000f00"
                + "12b50000"
        ) {
            var tunnel = VXLANLink(id: 9)
            // iproute2 sends what is the kernel's default, too.
            tunnel.learns = true
            tunnel.port = 4789
            $0 = Link(name: "vx9", kind: tunnel)
            $0.parentNamespaceID = 7
        },
    ]
}
