// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct LinkIntegrationTests {
    let fixture: NamespaceFixture
    let connection: BlockingRouteConnection

    init() throws {
        fixture = try NamespaceFixture()
        connection = try fixture.connect()
        try connection.add(Link(name: "d0", kind: DummyLink()))
    }

    /// Changes a link from what it is, and reads what became of it.
    private func change(_ name: LinkReference = "d0", _ change: (inout Link) -> Void) throws -> Link {
        let base = try connection.link(name)
        var link = base
        change(&link)
        try connection.update(link, from: base)
        return try connection.link(.index(base.index))
    }

    @Test("every setting of `ip link set` is carried out") func settings() throws {
        #expect(try change { $0.mtu = 1400 }.mtu == 1400)
        #expect(try change { $0.address = "02:00:00:00:00:07" }.address == "02:00:00:00:00:07")
        #expect(try change { $0.broadcast = "ff:ff:ff:ff:ff:fe" }.broadcast == "ff:ff:ff:ff:ff:fe")
        #expect(try change { $0.transmitQueueLength = 77 }.transmitQueueLength == 77)
        #expect(try change { $0.alias = "of the test" }.alias == "of the test")
        #expect(try change { $0.alias = "" }.alias == nil)
        #expect(try change { $0.group = 42 }.group == 42)
        #expect(try change { $0.mode = .dormant }.mode == .dormant)
        #expect(try change { $0.mode = .normal }.mode == .normal)
        #expect(try change { $0.carrier = false }.carrier == false)
        #expect(try change { $0.carrier = true }.carrier == true)
        #expect(try change { $0.gsoMaxSize = 60000 }.gsoMaxSize == 60000)
        #expect(try change { $0.gsoMaxSegments = 77 }.gsoMaxSegments == 77)
        #expect(try change { $0.name = "d1" }.name == "d1")
        #expect(try change("d1") { $0.name = "d0" }.name == "d0")
        for flag: LinkFlags in [.up, .noARP, .allMulticast, .multicast, .promiscuous, .dynamic, .noTrailers] {
            let before = try connection.link("d0").flags.contains(flag)
            #expect(try change { $0.setFlag(flag, !before) }.flags.contains(flag) == !before, "\(flag)")
            #expect(try change { $0.setFlag(flag, before) }.flags.contains(flag) == before, "\(flag)")
        }
        // A flag changed without being marked as meant is found by comparing with what was read.
        #expect(try change { $0.flags.insert(.up) }.isUp)
    }

    @Test("newer limits of segmentation are carried out", .enabled(if: Self.hasIPv4Limits, "IPv4 GSO limits"))
    func limits() throws {
        #expect(try change { $0.groMaxSize = 60000 }.groMaxSize == 60000)
        #expect(try change { $0.gsoIPv4MaxSize = 50000 }.gsoIPv4MaxSize == 50000)
        #expect(try change { $0.groIPv4MaxSize = 50000 }.groIPv4MaxSize == 50000)
    }

    static let hasIPv4Limits = TestEnvironment.has(
        TestEnvironment.Feature("IPv4 GSO limits") {
            (try? NamespaceFixture().connect(RouteProtocol.self).link("lo").gsoIPv4MaxSize) != nil
        })

    @Test("masters take ports and let them go", .enabled(if: has("bridge"))) func masters() throws {
        try connection.add(Link(name: "br0", kind: BridgeLink()))
        let bridge = try connection.link("br0").index
        #expect(try change { $0.master = bridge }.master == bridge)
        #expect(try connection.links(master: bridge).map(\.name) == ["d0"])
        #expect(try connection.links(kind: "bridge").map(\.name) == ["br0"])
        #expect(try change { $0.master = InterfaceIndex.none }.master == nil)
    }

    @Test("a protocol holds a link down and says why", .enabled(if: has("vxlan"))) func protocolDown() throws {
        let kind = VXLANLink(id: 5)
        try connection.add(Link(name: "x0", kind: kind))
        #expect(try change("x0") { $0.protocolDown = true }.protocolDown == true)
        let reason = try change("x0") { $0.protocolDownReasons = ProtocolDownReasons(value: 2, mask: 3) }
        #expect(reason.protocolDownReasons?.value == 2)
        // As long as there is a reason the link stays down.
        #expect(throws: NetlinkError.self) { try change("x0") { $0.protocolDown = false } }
        #expect(
            try change("x0") { $0.protocolDownReasons = ProtocolDownReasons(value: 0, mask: 3) }.protocolDownReasons
                == nil)
        #expect(try change("x0") { $0.protocolDown = false }.protocolDown == false)
    }

    @Test("each family has its settings") func families() throws {
        let before = try connection.link("d0")
        var after = before
        after.families?.ipv6.addressGenerationMode = .eui64
        try connection.update(after, from: before)
        var change = Link(index: before.index)
        change.families = LinkFamilies()
        change.families?.ipv6.addressGenerationMode = IPv6LinkSettings.AddressGenerationMode.none
        change.families?.ipv4.options[.forwarding] = 1
        try connection.update(change)
        let read = try connection.link("d0").families
        #expect(read?.ipv6.addressGenerationMode == IPv6LinkSettings.AddressGenerationMode.none)
        #expect(read?.ipv4.options[.forwarding] == 1)
    }

    @Test("a link is found by name, number and alternative name, and removed by them") func finding() throws {
        let index = try connection.link("d0").index
        try connection.perform(AlternativeNames.adding(["quite-a-long-alternative-name", "short"], to: "d0"))
        for reference: LinkReference in [.index(index), "d0", "short", "quite-a-long-alternative-name"] {
            #expect(try connection.link(reference).index == index)
        }
        #expect(try connection.link("d0").state.alternativeNames == ["quite-a-long-alternative-name", "short"])
        try connection.perform(AlternativeNames.removing(["short"], from: "d0"))
        let missing = #expect(throws: NetlinkError.self) { try connection.link("short") }
        #expect(missing?.isNoDevice == true && missing?.operation == "get link" && missing?.object == "short")
        try connection.remove("quite-a-long-alternative-name")
        #expect(throws: NetlinkError.self) { try connection.link("d0") }
        try connection.add(Link(name: "d2", kind: DummyLink()))
        try connection.add(Link(name: "d3", kind: DummyLink()))
        for name: LinkReference in ["d2", "d3"] { _ = try change(name) { $0.group = 9 } }
        try connection.perform(RemoveLink(group: 9))
        #expect(try connection.links(kind: "dummy").isEmpty)
    }

    @Test("links are made in and moved to other namespaces, by descriptor and process") func namespaces() throws {
        let other = try NamespaceFixture()
        try fixture.handle.setID(of: other.namespace, to: 5)
        let there = try other.connect(RouteProtocol.self)
        var target = LinkTarget(.descriptor(other.handle.descriptor))
        try connection.add(Link(name: "e0", kind: DummyLink()), in: target)
        #expect(try there.link("e0").kind?.name == "dummy")
        target.newIndex = 4711
        var moved = Link(index: try connection.link("d0").index)
        moved.name = "e1"
        try connection.update(moved, to: target)
        #expect(try there.link("e1").index == 4711)
        #expect(throws: NetlinkError.self) { try connection.link("d0") }
        var listed = LinkDump.links
        listed.namespaceID = 5
        #expect(try connection.dump(listed).contains { $0.name == "e1" && $0.state.targetNamespaceID == 5 })
        // This process is in a namespace of its own, which is neither.
        try there.update(Link(index: 4711), to: LinkTarget(.pid(1)))
        #expect(throws: NetlinkError.self) { try there.link("e1") }
        try? BlockingRouteConnection(in: .pid(1)).remove("e1")
    }

    @Test("counters are told in 64 bits") func statistics() throws {
        try fixture.addVeth("v0", "v1")
        // Neighbour discovery of either end arrives at the other.
        var received: UInt64 = 0
        for _ in 0..<200 where received == 0 {
            received = try connection.link("v0").state.statistics?.receivedPackets ?? 0
            if received == 0 { try sleep(milliseconds: 20) }
        }
        let statistics = try #require(try connection.link("v0").state.statistics)
        #expect(statistics.receivedPackets > 0 && statistics.receivedBytes > statistics.receivedPackets)
    }

    @Test("counters are left out when asked", .enabled(if: Self.leavesOutStatistics, "links without statistics"))
    func withoutStatistics() throws {
        #expect(try connection.link("d0", detail: .withoutStatistics).state.statistics == nil)
        #expect(try connection.links(detail: .withoutStatistics).allSatisfy { $0.state.statistics == nil })
        #expect(try connection.link("d0").state.statistics != nil)
    }

    static let leavesOutStatistics = TestEnvironment.has(
        TestEnvironment.Feature("links without statistics") {
            let connection = try? NamespaceFixture().connect(RouteProtocol.self)
            guard let link = try? connection?.link("lo", detail: .withoutStatistics) else { return false }
            return link.state.statistics == nil
        })

    private func sleep(milliseconds: Int) throws {
        let clock = ContinuousClock()
        let end = clock.now + .milliseconds(milliseconds)
        while clock.now < end { _ = try connection.link("lo") }
    }

    @Test("ensuring adds, leaves alone, changes, or says what stands in the way") func ensuring() throws {
        var wanted = Link(name: "d5", kind: DummyLink())
        wanted.mtu = 1400
        wanted.isUp = true
        #expect(try connection.ensure(wanted) == .added)
        #expect(try connection.ensure(wanted) == .unchanged)
        wanted.mtu = 1300
        wanted.families = LinkFamilies()
        wanted.families?.ipv4.options[.forwarding] = 1
        #expect(try connection.ensure(wanted) == .changed)
        #expect(try connection.ensure(wanted) == .unchanged)
        #expect(try connection.link("d5").mtu == 1300)
        #expect(try connection.link("d5").isUp)
        wanted.name = "d6"
        #expect(try connection.ensure(wanted) == .added)
        #expect(try connection.link("d6").families?.ipv4.options[.forwarding] == 1)
        let error = #expect(throws: NetlinkError.self) { try connection.ensure(Link(name: "d6", kind: IFBLink())) }
        #expect(error?.isExisting == true)
        let cable = Link(name: "w0", kind: VethLink(peer: Link(name: "w1")))
        #expect(try connection.ensure(cable) == .added)
        #expect(try connection.ensure(cable) == .unchanged)
    }

    @Test("tasks do the same with one-line methods") func tasks() async throws {
        let connection = try RouteConnection(in: fixture.namespace)
        try await connection.add(Link(name: "a0", kind: VethLink(peer: Link(name: "a1"))))
        let before = try await connection.link("a0")
        var after = before
        after.mtu = 1400
        after.isUp = true
        try await connection.update(after, from: before)
        #expect(try await connection.link("a0").mtu == 1400)
        #expect(try await connection.links(kind: "veth").count == 2)
        var names: [String] = []
        for try await link in connection.stream(.links) { names.append(link.name?.description ?? "") }
        #expect(names == (try await connection.links().map { $0.name?.description ?? "" }))
        var wanted = Link(name: "a0")
        wanted.mtu = 1300
        #expect(try await connection.ensure(wanted) == .changed)
        try await connection.remove("a1")
        #expect(try await connection.links(kind: "veth").isEmpty)
    }
}
