// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

@Suite("Link kinds on a kernel") struct LinkKindTests {
    /// The kernel reports a cutoff that is not its own.
    private static let cutoff: MACVLANLink = {
        var link = MACVLANLink()
        link.broadcastCutoff = 3
        return link
    }()

    @Test("a dummy comes back as it was", .enabled(if: has("dummy"))) func dummy() throws {
        try KindBench().checkRoundTrip(DummyLink())
    }

    @Test("an IFB comes back as it was", .enabled(if: has("ifb"))) func ifb() throws {
        try KindBench().checkRoundTrip(IFBLink())
    }

    @Test("an NLMon comes back as it was", .enabled(if: has("nlmon"))) func nlmon() throws {
        try KindBench().checkRoundTrip(NLMonLink())
    }

    @Test("a WireGuard link comes back as it was", .enabled(if: has("wireguard"))) func wireguard() throws {
        try KindBench().checkRoundTrip(WireGuardLink())
    }

    @Test("a veth comes back as it was", .enabled(if: has("veth"))) func bareVeth() throws {
        try KindBench().checkRoundTrip(VethLink())
    }

    @Test("a netkit without options comes back as it was", .enabled(if: has("netkit"))) func bareNetkit() throws {
        try KindBench().checkRoundTrip(NetkitLink())
    }

    @Test("a link whose kind cannot be changed can be changed otherwise", .enabled(if: has("veth", "dummy")))
    func changesBesideKind() throws {
        let bench = try KindBench()
        for link in [Link(name: "v0", kind: VethLink()), Link(name: "d0", kind: DummyLink())] {
            try bench.connection.perform(AddLink(link))
            let name = try #require(link.name)
            let read = try bench.read(name)
            try bench.set(name) {
                $0.kind = read.kind
                $0.mtu = 1400
            }
            #expect(try bench.read(name).mtu == 1400)
        }
    }

    @Test("both ends of a veth are made as asked, also in another namespace", .enabled(if: has("veth")))
    func veth() throws {
        let bench = try KindBench()
        var peer = Link(name: "b0")
        peer.mtu = 1400
        peer.address = "02:00:00:00:00:01"
        peer.transmitQueueLength = 77
        try bench.connection.perform(AddLink(Link(name: "a0", kind: VethLink(peer: peer))))
        let other = try bench.read("b0")
        #expect(other.mtu == 1400)
        #expect(other.address == "02:00:00:00:00:01")
        #expect(other.transmitQueueLength == 77)
        #expect(try bench.read("a0").parent == other.index)

        let elsewhere = try KindBench()
        let target = LinkTarget(.descriptor(elsewhere.fixture.handle.descriptor))
        try bench.connection.perform(AddLink(Link(name: "a1", kind: VethLink(peer: Link(name: "b1"), in: target))))
        #expect(try elsewhere.read("b1").kind?.as(VethLink.self) != nil)
        #expect(throws: NetlinkError.self) { try bench.read("b1") }
    }

    @Test(
        "a netkit has all its options, and changes those that it can", .enabled(if: has(NetkitLink(), with: \.pairing)))
    func netkit() throws {
        let bench = try KindBench()
        var kind = NetkitLink(peer: Link(name: "p0"))
        kind.mode = .l2
        kind.policy = .blackhole
        kind.peerPolicy = .blackhole
        kind.scrub = NetkitLink.Scrub.none
        kind.peerScrub = .normal
        kind.headroom = 32
        kind.tailroom = 16
        kind.pairing = .pair
        try bench.checkRoundTrip(kind, ignoring: ["peer", "peerTarget"])
        let primary = try bench.read("k0")
        #expect(primary.kind?.as(NetkitLink.self)?.state.isPrimary == true)
        try bench.checkUpdates(NetkitLink.self, [{ $0.policy = .forward }, { $0.peerPolicy = .forward }])

        var single = NetkitLink()
        single.pairing = .single
        try bench.checkRoundTrip(single, named: "k1")
    }

    @Test("a VRF keeps its table, and its ports report it", .enabled(if: has("vrf", "dummy"))) func vrf() throws {
        let bench = try KindBench()
        let vrf = try bench.checkRoundTrip(VRFLink(table: 1234))
        try bench.dummy("d0")
        try bench.set("d0") { $0.master = vrf.index }
        let port = try bench.read("d0")
        #expect(port.portKind?.as(VRFPort.self)?.state.table == 1234)
        #expect(port.settings.portKind?.as(VRFPort.self) == VRFPort())
    }

    @Test("a VLAN has all its options, and changes those that it can", .enabled(if: has("vlan", "dummy"))) func vlan()
        throws
    {
        let bench = try KindBench()
        let parent = try bench.dummy("d0")
        var kind = VLANLink(id: 6)
        kind.protocolType = .dot1AD
        kind.ingressPriorities = [.init(from: 1, to: 2), .init(from: 3, to: 4)]
        kind.egressPriorities = [.init(from: 5, to: 6), .init(from: 7, to: 1)]
        let all: VLANLink.FlagSet = [.reorderHeader, .gvrp, .mvrp, .looseBinding, .bridgeBinding]
        kind.flags = VLANLink.Flags(value: [.gvrp, .mvrp, .looseBinding, .bridgeBinding], mask: all)
        let link = try bench.checkRoundTrip(kind, parent: parent, ignoring: ["flags"])
        let flags = try #require(link.kind?.as(VLANLink.self)?.flags)
        #expect(flags.value == kind.flags?.value)
        #expect(flags.mask.isSuperset(of: all))
        try bench.checkUpdates(
            VLANLink.self,
            [{ $0.flags?.value.insert(.reorderHeader) }, { $0.flags?.value.remove(.gvrp) }])
    }

    @Test("an IPVLAN has all its options, and changes them", .enabled(if: has("ipvlan", "dummy"))) func ipvlan() throws
    {
        let bench = try KindBench()
        let parent = try bench.dummy("d0")
        var kind = IPVLANLink(mode: .l3)
        kind.flags = .vepa
        try bench.checkRoundTrip(kind, parent: parent)
        try bench.checkUpdates(IPVLANLink.self, [{ $0.mode = .l2 }, { $0.flags = .isolated }, { $0.mode = .l3s }])
    }

    @Test("an IPVTAP has all its options, and changes them", .enabled(if: has("ipvtap", "dummy"))) func ipvtap() throws
    {
        let bench = try KindBench()
        let parent = try bench.dummy("d0")
        var kind = IPVTAPLink(mode: .l2)
        kind.flags = .isolated
        try bench.checkRoundTrip(kind, parent: parent)
        try bench.checkUpdates(IPVTAPLink.self, [{ $0.mode = .l3 }, { $0.flags = [] }])
    }

    @Test(
        "a MACVLAN has all its options, and changes them",
        .enabled(if: has("dummy") && has(Self.cutoff, with: \.broadcastCutoff, on: true))) func macvlan() throws
    {
        let bench = try KindBench()
        let parent = try bench.dummy("d0")
        var kind = MACVLANLink(mode: .source)
        kind.flags = .ignoresDestination
        kind.broadcastQueueLength = 7
        kind.broadcastCutoff = 3
        kind.sourceAddresses = ["02:00:00:00:00:01"]
        try bench.checkRoundTrip(kind, parent: parent)
        try bench.checkUpdates(
            MACVLANLink.self, [{ $0.broadcastQueueLength = 9 }, { $0.broadcastCutoff = -1 }, { $0.flags = [] }])
        try bench.checkUpdates(
            MACVLANLink.self, [{ $0.sourceAddresses = ["02:00:00:00:00:02"] }], attributeCount: 2)
        try bench.checkUpdates(
            MACVLANLink.self, ignoring: ["sourceChange", "sourceAddresses"],
            [{ $0.sourceChange = .add("02:00:00:00:00:03") }, { $0.sourceChange = .remove("02:00:00:00:00:02") }],
            attributeCount: 2)
        #expect(try bench.read("k0").kind?.as(MACVLANLink.self)?.sourceAddresses == ["02:00:00:00:00:03"])
        try bench.checkUpdates(
            MACVLANLink.self, ignoring: ["sourceChange", "sourceAddresses"], [{ $0.sourceChange = .removeAll }])
        let last = try #require(try bench.read("k0").kind?.as(MACVLANLink.self))
        #expect(last.state.sourceAddressCount == 0)
        #expect(last.state.usedBroadcastQueueLength == 9)

        for mode: MACVLANLink.Mode in [.isolated, .vepa, .bridge] {
            try bench.checkRoundTrip(MACVLANLink(mode: mode), named: "k1", parent: parent)
            try bench.remove("k1")
        }
        try bench.dummy("d1")
        var passthru = MACVLANLink(mode: .passthru)
        passthru.flags = .notPromiscuous
        try bench.checkRoundTrip(passthru, named: "k2", parent: try bench.read("d1").index)
    }

    @Test("a MACVTAP has all its options, and changes them", .enabled(if: has("macvtap", "dummy"))) func macvtap()
        throws
    {
        let bench = try KindBench()
        let parent = try bench.dummy("d0")
        var kind = MACVTAPLink(mode: .bridge)
        kind.broadcastQueueLength = 3
        try bench.checkRoundTrip(kind, parent: parent)
        try bench.checkUpdates(MACVTAPLink.self, [{ $0.mode = .vepa }])
    }
}
