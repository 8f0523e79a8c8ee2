// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

/// One option of links of any kind, and what it is set to.
private struct LinkOptionCase: Sendable, CustomTestStringConvertible {
    let name: String
    let set: @Sendable (inout Link) -> Void

    init(_ name: String, _ set: @escaping @Sendable (inout Link) -> Void) {
        self.name = name
        self.set = set
    }

    var testDescription: String { name }
}

@Suite("Links made of what was read", .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct LinkRoundTripTests {
    /// Everything that a link has besides its kind, at values that no kernel chooses.
    private static let common: @Sendable (inout Link) -> Void = { link in
        link.index = 4711
        link.mtu = 1400
        link.transmitQueueLength = 77
        link.alias = "of the test"
        link.group = 7
        link.gsoMaxSize = 60000
        link.gsoMaxSegments = 99
        link.groMaxSize = 59999
        link.gsoIPv4MaxSize = 40000
        link.groIPv4MaxSize = 40001
        link.mode = .dormant
        link.isUp = true
        link.setFlag(.allMulticast, true)
        link.setFlag(.noTrailers, true)
        link.families = LinkFamilies()
        link.families?.ipv4.options[.forwarding] = 1
        link.families?.ipv4.options[.tag] = 5
        link.families?.ipv4.options[.reversePathFilter] = 2
        link.families?.ipv6.addressGenerationMode = IPv6LinkSettings.AddressGenerationMode.none
    }

    private static let withAddress: @Sendable (inout Link) -> Void = { link in
        common(&link)
        link.address = "02:00:00:00:00:77"
        link.broadcast = "ff:ff:ff:ff:ff:fe"
        link.transmitQueueCount = 3
        link.receiveQueueCount = 2
        link.setFlag(.noARP, true)
        link.setFlag(.multicast, false)
        link.setFlag(.promiscuous, true)
        link.setFlag(.dynamic, true)
    }

    private func check(_ wanted: (inout Link) -> Void, in found: Link) {
        var asked = found
        wanted(&asked)
        asked.changedFlags = []
        asked.families = found.families
        #expect(asked.settings == found.settings)
        var families = Link()
        wanted(&families)
        for (option, value) in families.families?.ipv4.options.all ?? [] {
            #expect(found.families?.ipv4.options[option] == value)
        }
        #expect(
            found.families?.ipv6.addressGenerationMode == families.families?.ipv6.addressGenerationMode
                || families.families == nil)
    }

    @Test("a link of a kind without options keeps all that links have", .enabled(if: has("dummy", "ifb")))
    func plain() throws {
        let bench = try KindBench()
        check(Self.withAddress, in: try bench.checkRoundTrip(DummyLink(), change: Self.withAddress))
        try bench.remove("k0")
        check(Self.common, in: try bench.checkRoundTrip(IFBLink(), change: Self.common))
    }

    @Test("so does one of a kind that packets leave the machine by", .enabled(if: has("wireguard", "vrf", "nlmon")))
    func others() throws {
        let bench = try KindBench()
        func withoutAddresses(_ link: inout Link) {
            Self.common(&link)
            link.setFlag(.allMulticast, false)
        }
        for change in [withoutAddresses, Self.common] {
            try bench.checkRoundTrip(WireGuardLink(), change: change)
            try bench.remove("k0")
        }
        try bench.checkRoundTrip(VRFLink(table: 77), change: Self.common)
        try bench.remove("k0")
        try bench.checkRoundTrip(NLMonLink()) { link in
            link.index = 4711
            link.transmitQueueLength = 77
            link.alias = "of the test"
            link.group = 7
            link.isUp = true
        }
    }

    @Test("so does a cable", .enabled(if: has("veth"))) func cable() throws {
        let bench = try KindBench()
        let link = try bench.checkRoundTrip(VethLink(), change: Self.withAddress)
        check(Self.withAddress, in: link)
    }

    @Test("so does a cable for programs", .enabled(if: has(NetkitLink(), with: \.pairing))) func netkit() throws {
        let bench = try KindBench()
        var kind = NetkitLink()
        kind.mode = .l2
        kind.policy = .blackhole
        kind.peerPolicy = .blackhole
        kind.headroom = 32
        kind.tailroom = 16
        try bench.checkRoundTrip(kind, change: Self.common)
    }

    @Test("so do bridges, bonds and tunnels", .enabled(if: has("bridge", "bond", "vxlan"))) func masters() throws {
        let bench = try KindBench()
        var bridge = BridgeLink()
        bridge.isVLANFiltering = true
        bridge.ageingTime = .seconds(10)
        try bench.checkRoundTrip(bridge, change: Self.common)
        try bench.remove("k0")
        try bench.checkRoundTrip(BondLink(mode: .activeBackup), change: Self.common)
        try bench.remove("k0")
        var tunnel = VXLANLink(id: 9)
        tunnel.port = 4789
        try bench.checkRoundTrip(tunnel, change: Self.common)
    }

    @Test("so do links on another one", .enabled(if: has("vlan", "macvlan", "macvtap", "ipvlan", "ipvtap", "dummy")))
    func children() throws {
        let bench = try KindBench()
        let parent = try bench.dummy("d0")
        try bench.set("d0") { $0.isUp = true }
        func onAnother(_ link: inout Link) {
            Self.common(&link)
            // A limit of the link below.
            link.gsoMaxSize = nil
            link.gsoMaxSegments = nil
            link.gsoIPv4MaxSize = nil
        }
        func made(_ name: InterfaceName) throws { try bench.remove(name) }
        try bench.checkRoundTrip(VLANLink(id: 6), parent: parent, change: onAnother)
        try made("k0")
        try bench.checkRoundTrip(MACVLANLink(mode: .bridge), parent: parent, change: onAnother)
        try made("k0")
        try bench.checkRoundTrip(MACVTAPLink(mode: .bridge), parent: parent, change: onAnother)
        try made("k0")
        try bench.checkRoundTrip(IPVLANLink(mode: .l3), parent: parent, change: onAnother)
        try made("k0")
        try bench.checkRoundTrip(IPVTAPLink(mode: .l3), parent: parent, change: onAnother)
    }

    @Test("so do ports of each kind of master, up as they were", .enabled(if: has("bridge", "bond", "vrf", "dummy")))
    func ports() throws {
        let bench = try KindBench()
        var bond = BondLink(mode: .activeBackup)
        bond.monitoringInterval = .milliseconds(100)
        for (number, master) in [
            Link(name: "m0", kind: BridgeLink()), Link(name: "m1", kind: bond),
            Link(name: "m2", kind: VRFLink(table: 5)),
        ].enumerated() {
            try bench.connection.add(master)
            let index = try bench.read(try #require(master.name)).index
            var port = Link(name: "k0", kind: DummyLink())
            port.master = index
            port.isUp = true
            port.alias = "port"
            if number == 0 {
                var options = BridgePort()
                options.cost = 55
                options.isIsolated = true
                port.portKind = AnyLinkKind(options)
            } else if number == 1 {
                var options = BondPort()
                options.queueID = 3
                options.priority = 7
                port.portKind = AnyLinkKind(options)
            }
            try bench.connection.add(port)
            let first = try bench.read("k0")
            #expect(first.master == index && first.isUp && first.alias == "port")
            #expect(number != 0 || first.portKind?.as(BridgePort.self)?.cost == 55)
            #expect(number != 1 || first.portKind?.as(BondPort.self)?.queueID == 3)
            try bench.remove("k0")
            try bench.connection.add(first.settings)
            let second = try bench.read("k0")
            bench.expectSame(second, first)
            #expect(second.isUp && second.master == index)
            try bench.remove("k0")
        }
    }

    @Test("settings that only links that exist take are given to a new one, or said to be impossible")
    func later() async throws {
        let bench = try KindBench()
        var link = Link(name: "t0", kind: VXLANLink(id: 5))
        link.protocolDown = true
        link.protocolDownReasons = ProtocolDownReasons(value: 8)
        link.carrier = nil
        link.alias = "later"
        try bench.connection.add(link)
        let made = try bench.read("t0")
        #expect(made.protocolDown == true && made.protocolDownReasons?.value == 8 && made.alias == "later")
        try bench.remove("t0")
        try await RouteConnection(in: bench.fixture.namespace).add(made.settings)
        bench.expectSame(try bench.read("t0"), made)

        var held = Link(name: "d0", kind: DummyLink())
        held.carrier = false
        try bench.connection.add(held)
        #expect(try bench.read("d0").carrier == false)
        // One request alone: the kernel leaves the alias aside.
        var plain = Link(name: "d1", kind: DummyLink())
        plain.alias = "aside"
        try bench.connection.perform(AddLink(plain))
        #expect(try bench.read("d1").alias == nil)

        plain.name = nil
        let nameless = #expect(throws: NetlinkError.self) { try bench.connection.add(plain) }
        #expect(nameless?.isInvalid == true)
        plain.name = "d%d"
        let pattern = #expect(throws: NetlinkError.self) { try bench.connection.add(plain) }
        #expect(pattern?.isInvalid == true)
        plain.index = 99
        try bench.connection.add(plain)
        #expect(try bench.connection.link(99).alias == "aside")
        plain.name = "d7"
        let target = try LinkTarget(in: .current)
        let elsewhere = #expect(throws: NetlinkError.self) { try bench.connection.add(plain, in: target) }
        #expect(elsewhere?.isInvalid == true)
        plain.alias = nil
        plain.index = 0
        let other = try KindBench()
        try bench.connection.add(plain, in: try LinkTarget(in: other.fixture.namespace))
        #expect(try other.read("d7").kind?.name == "dummy")
        try bench.set("d1") { $0.isUp = false }
        try bench.connection.update(
            Link(index: try bench.read("d1").index), to: try LinkTarget(in: other.fixture.namespace))
        #expect(try other.read("d1").kind?.name == "dummy")
        let missing = #expect(throws: NetlinkError.self) { try LinkTarget(in: .name("no-such-namespace")) }
        #expect(missing?.isNotFound == true)
    }

    @Test("a link is made on another one by whatever name that has", .enabled(if: has("vlan", "dummy")))
    func onAnother() async throws {
        let bench = try KindBench()
        let parent = try bench.dummy("d0")
        try bench.connection.perform(AlternativeNames.adding(["rather-a-long-name-of-it"], to: "d0"))
        try bench.connection.add(Link(name: "v1", kind: VLANLink(id: 1)), on: "d0")
        try bench.connection.add(Link(name: "v2", kind: VLANLink(id: 2)), on: "rather-a-long-name-of-it")
        let connection = try RouteConnection(in: bench.fixture.namespace)
        try await connection.add(Link(name: "v3", kind: VLANLink(id: 3)), on: .index(parent))
        #expect(try bench.connection.links(kind: "vlan").map(\.parent) == [parent, parent, parent])
        let missing = #expect(throws: NetlinkError.self) {
            try bench.connection.add(Link(name: "v4", kind: VLANLink(id: 4)), on: "nosuch")
        }
        #expect(missing?.isNoDevice == true && missing?.object == "nosuch")
    }

    private static let options: [LinkOptionCase] = [
        .init("mtu") { $0.mtu = 1300 },
        .init("address") { $0.address = "02:00:00:00:00:99" },
        .init("broadcast") { $0.broadcast = "ff:ff:ff:ff:ff:00" },
        .init("transmit queue length") { $0.transmitQueueLength = 3 },
        .init("alias") { $0.alias = "another" },
        .init("no alias") { $0.alias = "" },
        .init("group") { $0.group = 9 },
        .init("mode") { $0.mode = .normal },
        .init("GSO size, which IPv4's follows") {
            $0.gsoMaxSize = 50000
            $0.gsoIPv4MaxSize = 50000
        },
        .init("GSO segments") { $0.gsoMaxSegments = 50 },
        .init("GRO size, which IPv4's follows") {
            $0.groMaxSize = 50000
            $0.groIPv4MaxSize = 50000
        },
        .init("GSO size for IPv4") { $0.gsoIPv4MaxSize = 30000 },
        .init("GRO size for IPv4") { $0.groIPv4MaxSize = 30000 },
        .init("down") { $0.isUp = false },
        .init("ARP") { $0.setFlag(.noARP, false) },
        .init("multicast") { $0.setFlag(.multicast, true) },
        .init("all multicast") { $0.setFlag(.allMulticast, false) },
        .init("promiscuous") { $0.setFlag(.promiscuous, false) },
        .init("trailers") { $0.setFlag(.noTrailers, false) },
        .init("dynamic") { $0.setFlag(.dynamic, false) },
        .init("name") { $0.name = "k1" },
        .init("IPv4 forwarding") { $0.families?.ipv4.options[.forwarding] = 0 },
        .init("IPv6 addresses") { $0.families?.ipv6.addressGenerationMode = .random },
    ]

    @Test("a change of one option leaves all others as they were", .enabled(if: has("dummy")), arguments: options)
    private func oneOption(_ option: LinkOptionCase) throws {
        let bench = try KindBench()
        var link = Link(name: "k0", kind: DummyLink())
        Self.withAddress(&link)
        try bench.connection.add(link)
        let base = try bench.read("k0")
        var changed = base
        changed.changedFlags = []
        option.set(&changed)
        try bench.connection.update(changed, from: base)
        let after = try bench.connection.link(.index(base.index))
        #expect(after.settings != base.settings, "nothing moved")
        changed.changedFlags = []
        if changed.alias?.isEmpty == true { changed.alias = nil }
        bench.expectSame(after, changed)
    }
}
