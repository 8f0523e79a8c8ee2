// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

@Suite("Values of links on a kernel", .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct LinkValueTests {
    @Test("a program says how far up a link is", .enabled(if: has("dummy"))) func operationalState() throws {
        let bench = try KindBench()
        try bench.dummy("d0")
        try bench.set("d0") { link in
            link.mode = .dormant
            link.isUp = true
        }
        for state in [OperationalState.dormant, .up, .testing, .up] {
            try bench.set("d0") { $0.operationalState = state }
            #expect(try bench.read("d0").operationalState == state)
        }
        // A link that was read is made as far up as its carrier lets it.
        #expect(try bench.read("d0").settings.operationalState == nil)
    }

    @Test("the parent may be in another namespace", .enabled(if: has("vlan", "dummy", "veth"))) func parents() throws {
        let bench = try KindBench()
        let other = try KindBench()
        try bench.fixture.handle.setID(of: other.fixture.namespace, to: 5)
        let parent = try other.dummy("d0")
        var link = Link(name: "k0", kind: VLANLink(id: 6))
        link.parent = parent
        link.parentNamespaceID = 5
        try bench.connection.add(link)
        let first = try bench.read("k0")
        #expect(first.parent == parent && first.parentNamespaceID == 5)
        try bench.remove("k0")
        try bench.connection.add(first.settings)
        bench.expectSame(try bench.read("k0"), first)

        // A cable tells likewise where its other end is.
        let target = try LinkTarget(in: other.fixture.namespace)
        try bench.connection.add(Link(name: "a0", kind: VethLink(peer: Link(name: "b0"), in: target)))
        let near = try bench.read("a0")
        let far = try other.read("b0").index
        #expect(near.parentNamespaceID == 5 && near.parent == far)
    }

    @Test("every value of a bond's options is taken", .enabled(if: has(BondLink(), with: \.isLACPStrict)))
    func bonds() throws {
        let bench = try KindBench()
        var bond = BondLink(mode: .lacp)
        bond.hashPolicy = .layer34
        bond.aggregatorSelection = .actorPortPriority
        bond.lacpRate = .fast
        try bench.checkRoundTrip(bond)
        try bench.checkUpdates(
            BondLink.self,
            [
                { $0.hashPolicy = .layer2 }, { $0.hashPolicy = .layer23 }, { $0.hashPolicy = .encapsulated23 },
                { $0.hashPolicy = .encapsulated34 }, { $0.hashPolicy = .vlanSourceAddress },
                { $0.aggregatorSelection = .stable }, { $0.aggregatorSelection = .bandwidth },
                { $0.aggregatorSelection = .count }, { $0.lacpRate = .slow }, { $0.lacpRate = .fast },
            ])
        bond = BondLink(mode: .activeBackup)
        bond.arpInterval = .milliseconds(500)
        bond.arpTargets = (1...16).map { IPv4Address(10, 0, 0, $0) }
        bond.arpValidation = .active
        try bench.checkRoundTrip(bond, named: "k1")
        try bench.checkUpdates(
            BondLink.self, of: "k1",
            [
                { $0.primaryReselection = .better }, { $0.primaryReselection = .failure },
                { $0.primaryReselection = .always }, { $0.failOverAddress = .follow }, { $0.failOverAddress = .active },
                { $0.failOverAddress = BondLink.FailOverAddress.none }, { $0.arpValidation = .backup },
                { $0.arpValidation = [.filter, .active] },
            ])
    }

    @Test("every value of a bridge's and its ports' options is taken", .enabled(if: has(BridgeLink(), with: \.stpMode)))
    func bridges() throws {
        let bench = try KindBench()
        try bench.connection.add(Link(name: "k0", kind: BridgeLink()))
        try bench.checkUpdates(
            BridgeLink.self,
            [
                { $0.stpMode = .user }, { $0.stpMode = .kernel }, { $0.stpMode = .automatic },
                { $0.multicastRouter = .never }, { $0.multicastRouter = .always }, { $0.multicastRouter = .automatic },
            ])
        let master = try bench.read("k0").index
        try bench.dummy("d1")
        try bench.set("d1") { link in
            link.master = master
            link.isUp = true
        }
        try bench.set("k0") { $0.isUp = true }
        try bench.checkUpdates(
            BridgePort.self, of: "d1", isPort: true,
            [
                { $0.stpState = .listening }, { $0.stpState = .learning }, { $0.stpState = .forwarding },
                { $0.multicastRouter = .never },
                { $0.multicastRouter = .always },
            ])
    }

    private static let hasTun = TestEnvironment.has(
        TestEnvironment.Feature("tun and tap links") { (try? TunTapCalls.open()) != nil })

    @Test("tun and tap links are read with all that they were made with", .enabled(if: hasTun, "tun and tap links"))
    func tun() throws {
        let bench = try KindBench()
        // IFF_TUN, IFF_NO_PI; IFF_TAP, IFF_VNET_HDR, IFF_MULTI_QUEUE
        for (name, flags) in [("t0", 0x1001), ("t1", 0x4102)] as [(InterfaceName, UInt16)] {
            // The file is of the namespace in which it was opened.
            let file = try bench.fixture.handle.run { () throws(SystemError) -> OwnedDescriptor in
                let file = OwnedDescriptor(owning: try TunTapCalls.open().release())
                _ = try TunTapCalls.attach(file.number, name: name, flags: flags)
                if name == "t1" {
                    try TunTapCalls.setPersistent(file.number, true)
                    try TunTapCalls.setOwner(file.number, 1234)
                    try TunTapCalls.setGroup(file.number, 5678)
                }
                return file
            }.get()
            let link = try bench.read(name)
            let state = try #require(link.kind?.as(TunLink.self)).state
            let isTap = name == "t1"
            #expect(state.type == (isTap ? .tap : .tun) && state.isPersistent == isTap)
            #expect(state.hasPacketInformation == isTap && state.hasOffloadHeader == isTap)
            #expect(state.isMultiQueue == isTap && state.owner == (isTap ? 1234 : nil))
            #expect(state.group == (isTap ? 5678 : nil))
            #expect(state.queueCount == (isTap ? 1 : nil) && state.disabledQueueCount == (isTap ? 0 : nil))
            #expect(link.kind?.as(TunLink.self)?.unknown.isEmpty == true)
            // It can be changed like any other, but not made here.
            try bench.set(name) { $0.mtu = 1400 }
            #expect(try bench.read(name).mtu == 1400)
            // Open until here: without it the first one is gone.
            withExtendedLifetime(file) {}
        }
        let refused = #expect(throws: NetlinkError.self) {
            try bench.connection.add(Link(name: "t2", kind: TunLink()))
        }
        #expect(refused?.isInvalid == true || refused?.isNotSupported == true)
    }
}
