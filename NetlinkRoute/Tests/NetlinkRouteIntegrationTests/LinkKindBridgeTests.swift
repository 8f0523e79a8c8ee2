// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

@Suite("Bridges and bonds on a kernel") struct LinkKindBridgeTests {
    @Test(
        "a bridge has all its options, and changes them one by one",
        .enabled(if: has(BridgeLink(), with: \.stpMode) && has("dummy")))
    func bridge() throws {
        let bench = try KindBench()
        var kind = BridgeLink()
        kind.forwardDelay = .seconds(10)
        kind.helloTime = .seconds(3)
        kind.maximumAge = .seconds(30)
        kind.ageingTime = .centiseconds(12345)
        kind.stpState = .kernel
        kind.stpMode = .kernel
        kind.priority = 4096
        kind.isVLANFiltering = true
        kind.vlanProtocol = .dot1AD
        kind.groupForwardMask = 8
        kind.groupAddress = "01:80:c2:00:00:05"
        kind.multicastRouter = .always
        kind.isMulticastSnooping = true
        kind.multicastQueryUsesAddress = true
        kind.isMulticastQuerier = true
        kind.multicastHashMaximum = 512
        kind.multicastLastMemberCount = 3
        kind.multicastStartupQueryCount = 4
        kind.multicastLastMemberInterval = .milliseconds(1500)
        kind.multicastMembershipInterval = .seconds(300)
        kind.multicastQuerierInterval = .seconds(260)
        kind.multicastQueryInterval = .seconds(130)
        kind.multicastQueryResponseInterval = .seconds(9)
        kind.multicastStartupQueryInterval = .centiseconds(3333)
        kind.callsIPTables = true
        kind.callsIP6Tables = true
        kind.callsARPTables = true
        kind.defaultPVID = 5
        kind.countsVLANStatistics = true
        kind.countsMulticastStatistics = true
        kind.igmpVersion = 3
        kind.mldVersion = 2
        kind.countsVLANStatisticsPerPort = true
        kind.maximumLearnedAddresses = 100
        // The options that are bits are looked at below: the kernel reports all of them.
        kind.noLinkLocalLearning = true
        kind.isMulticastVLANSnooping = true
        kind.hasMultipleSpanningTrees = true
        kind.notifiesOffloadFailure = true
        kind.keepsLocalAddressesInVLAN0 = true
        let link = try bench.checkRoundTrip(kind, ignoring: ["options"])
        let made = try #require(link.kind?.as(BridgeLink.self))
        #expect(made.noLinkLocalLearning == true)
        #expect(made.isMulticastVLANSnooping == true)
        #expect(made.hasMultipleSpanningTrees == true)
        #expect(made.notifiesOffloadFailure == true)
        #expect(made.keepsLocalAddressesInVLAN0 == true)
        #expect(made.multicastHashElasticity == 16)
        #expect(made.state.identifier?.priority == 4096)

        try bench.checkUpdates(
            BridgeLink.self, ignoring: ["flushesForwardingDatabase"],
            [
                { $0.noLinkLocalLearning = false }, { $0.isMulticastVLANSnooping = false },
                { $0.hasMultipleSpanningTrees = false }, { $0.notifiesOffloadFailure = false },
                { $0.keepsLocalAddressesInVLAN0 = false },
                { $0.forwardDelay = .seconds(4) }, { $0.helloTime = .seconds(1) }, { $0.maximumAge = .seconds(6) },
                { $0.ageingTime = .zero }, { $0.stpState = .off }, { $0.stpMode = .automatic }, { $0.priority = 1 },
                { $0.vlanProtocol = .dot1Q }, { $0.groupForwardMask = 16 },
                { $0.groupAddress = "01:80:c2:00:00:06" }, { $0.multicastRouter = .never },
                { $0.multicastQueryUsesAddress = false }, { $0.isMulticastQuerier = false },
                { $0.multicastHashMaximum = 1024 }, { $0.multicastLastMemberCount = 5 },
                { $0.multicastStartupQueryCount = 6 }, { $0.multicastLastMemberInterval = .seconds(2) },
                { $0.multicastMembershipInterval = .seconds(3) }, { $0.multicastQuerierInterval = .seconds(4) },
                { $0.multicastQueryInterval = .seconds(50) }, { $0.multicastQueryResponseInterval = .seconds(6) },
                { $0.multicastStartupQueryInterval = .seconds(7) }, { $0.callsIPTables = false },
                { $0.callsIP6Tables = false }, { $0.callsARPTables = false }, { $0.defaultPVID = 6 },
                { $0.countsVLANStatistics = false }, { $0.countsMulticastStatistics = false },
                { $0.igmpVersion = 2 }, { $0.mldVersion = 1 }, { $0.countsVLANStatisticsPerPort = false },
                { $0.maximumLearnedAddresses = 0 }, { $0.isMulticastSnooping = false },
                { $0.isVLANFiltering = false }, { $0.flushesForwardingDatabase = true },
            ])
    }

    @Test(
        "a bridge's port has all its options, and changes them one by one",
        .enabled(if: has(BridgeLink(), with: \.stpMode) && has("dummy")))
    func bridgePort() throws {
        let bench = try KindBench()
        try bench.connection.perform(AddLink(Link(name: "br0", kind: BridgeLink())))
        let master = try bench.read("br0").index
        for name: InterfaceName in ["k0", "d1"] {
            try bench.dummy(name)
            try bench.set(name) {
                $0.master = master
                $0.isUp = true
            }
        }
        let backup = try bench.read("d1").index
        try bench.set("br0") { $0.isUp = true }
        try bench.checkUpdates(
            BridgePort.self, isPort: true, ignoring: ["flushesForwardingDatabase"],
            [
                { $0.stpState = .learning }, { $0.stpState = .forwarding }, { $0.priority = 8 }, { $0.cost = 55 },
                { $0.isHairpin = true }, { $0.guardsAgainstBPDUs = true }, { $0.blocksRoot = true },
                { $0.leavesFast = true }, { $0.floodsUnicast = false }, { $0.proxiesARP = true },
                { $0.proxiesARPForWiFi = true }, { $0.multicastRouter = .temporary }, { $0.multicastRouter = .always },
                { $0.floodsMulticast = false }, { $0.turnsMulticastToUnicast = true }, { $0.mapsVLANToTunnel = true },
                { $0.floodsBroadcast = false }, { $0.groupForwardMask = 8 }, { $0.suppressesNeighbors = true },
                { $0.isIsolated = true }, { $0.backupPort = backup }, { $0.multicastHostLimit = 99 },
                { $0.isLocked = true }, { $0.authenticatesByAddress = true }, { $0.multicastGroupLimit = 9 },
                { $0.suppressesNeighborsByVLAN = true }, { $0.backupNextHop = 9 },
                { $0.forwardsGratuitousNeighbors = true }, { $0.flushesForwardingDatabase = true },
                { $0.authenticatesByAddress = false }, { $0.learns = false },
            ])
        let port = try bench.read("k0")
        #expect(port.portKind?.as(BridgePort.self)?.state.number == 1)
        #expect(port.kind?.name == "dummy")

        // What was read of a port goes back with it.
        try bench.remove("k0")
        try bench.connection.add(port.settings)
        bench.expectSame(try bench.read("k0"), port)
        try bench.checkUpdates(BridgePort.self, isPort: true, ignoring: ["backupNextHop"], [{ $0.backupNextHop = 0 }])
        #expect(try bench.read("k0").portKind?.as(BridgePort.self)?.backupNextHop == nil)
        var without = try #require(try bench.read("k0").portKind?.as(BridgePort.self))
        without.backupPort = 0
        var change = Link(index: port.index)
        change.portKind = AnyLinkKind(without)
        try bench.connection.perform(UpdateLink(change, from: try bench.read("k0")))
        #expect(try bench.read("k0").portKind?.as(BridgePort.self)?.backupPort == nil)
    }

    @Test(
        "a bond of each mode comes back as it was", .enabled(if: has(BondLink(), with: \.isLACPStrict) && has("dummy")),
        arguments: [
            BondMode.roundRobin, .activeBackup, .xor, .broadcast, .lacp, .transmitLoadBalancing,
            .adaptiveLoadBalancing,
        ])
    func bondModes(mode: BondMode) throws {
        let bench = try KindBench()
        try bench.checkRoundTrip(BondLink(mode: mode))
    }

    @Test("a bond has all options of its mode", .enabled(if: has(BondLink(), with: \.isLACPStrict) && has("dummy")))
    func bondOptions() throws {
        let bench = try KindBench()
        var bond = BondLink(mode: .lacp)
        bond.monitoringInterval = .milliseconds(100)
        bond.upDelay = .milliseconds(200)
        bond.downDelay = .milliseconds(300)
        bond.usesCarrier = true
        bond.hashPolicy = .layer34
        bond.igmpResendCount = 5
        bond.peerNotificationCount = 3
        bond.receivesOnAllPorts = true
        bond.minimumLinks = 2
        bond.learningPacketInterval = .seconds(7)
        bond.lacpRate = .fast
        bond.aggregatorSelection = .count
        bond.actorSystemPriority = 77
        bond.userPortKey = 5
        bond.actorSystem = "02:00:00:00:00:99"
        bond.peerNotificationDelay = .milliseconds(400)
        bond.sendsLACP = false
        bond.couplesControl = false
        bond.broadcastsNeighbors = true
        bond.isLACPStrict = true
        try bench.checkRoundTrip(bond)
        try bench.checkUpdates(
            BondLink.self,
            [
                { $0.upDelay = .milliseconds(500) }, { $0.downDelay = .zero },
                { $0.peerNotificationDelay = .zero },
                { $0.hashPolicy = .encapsulated23 }, { $0.igmpResendCount = 1 }, { $0.peerNotificationCount = 2 },
                { $0.receivesOnAllPorts = false }, { $0.minimumLinks = 0 },
                { $0.learningPacketInterval = .seconds(2) }, { $0.lacpRate = .slow },
                { $0.aggregatorSelection = .actorPortPriority }, { $0.actorSystemPriority = 9 },
                { $0.userPortKey = 6 }, { $0.actorSystem = "02:00:00:00:00:98" }, { $0.sendsLACP = true },
                { $0.couplesControl = true }, { $0.broadcastsNeighbors = false }, { $0.isLACPStrict = false },
            ])

        // The delays are kept in steps of the interval.
        try bench.checkUpdates(
            BondLink.self, ignoring: ["upDelay"], [{ $0.monitoringInterval = .milliseconds(50) }])
        #expect(try bench.read("k0").kind?.as(BondLink.self)?.upDelay == .milliseconds(250))

        bond = BondLink(mode: .activeBackup)
        bond.arpInterval = .milliseconds(500)
        bond.arpTargets = ["10.0.0.1", "10.0.0.2"]
        bond.neighborTargets = ["2001:db8::1"]
        bond.arpValidation = .all
        bond.arpAllTargets = .all
        bond.missedMaximum = 4
        bond.primaryReselection = .better
        bond.failOverAddress = .active
        try bench.checkRoundTrip(bond, named: "k1")
        try bench.checkUpdates(
            BondLink.self, of: "k1",
            [
                { $0.arpTargets = ["10.0.0.3"] }, { $0.neighborTargets = ["2001:db8::2", "2001:db8::3"] },
                { $0.arpValidation = [.filter] }, { $0.arpAllTargets = .any }, { $0.missedMaximum = 2 },
                { $0.primaryReselection = .failure }, { $0.failOverAddress = .follow },
                { $0.arpInterval = .milliseconds(250) },
            ])
        try bench.checkUpdates(
            BondLink.self, of: "k1", ignoring: ["neighborTargets"], [{ $0.neighborTargets = [] }])
        #expect(try bench.read("k1").kind?.as(BondLink.self)?.neighborTargets == nil)

        bond = BondLink(mode: .roundRobin)
        bond.packetsPerPort = 9
        try bench.checkRoundTrip(bond, named: "k2")
        try bench.checkUpdates(BondLink.self, of: "k2", [{ $0.packetsPerPort = 0 }, { $0.mode = .xor }])
        bond = BondLink(mode: .transmitLoadBalancing)
        bond.balancesDynamically = false
        try bench.checkRoundTrip(bond, named: "k3")
        try bench.checkUpdates(BondLink.self, of: "k3", [{ $0.balancesDynamically = true }])
    }

    @Test(
        "a bond's ports have their options, and one is active",
        .enabled(if: has(BondLink(), with: \.isLACPStrict) && has("dummy")))
    func bondPorts() async throws {
        let bench = try KindBench()
        try bench.connection.perform(AddLink(Link(name: "bo0", kind: BondLink(mode: .activeBackup))))
        let master = try bench.read("bo0").index
        let first = try bench.dummy("k0")
        let second = try bench.dummy("d1")
        for name: InterfaceName in ["k0", "d1"] { try bench.set(name) { $0.master = master } }
        try bench.set("bo0") { $0.isUp = true }
        let address = try #require(try bench.read("k0").portKind?.as(BondPort.self)?.state.permanentAddress)
        #expect(address.byteCount == 6)
        let active = try bench.read("bo0").kind?.as(BondLink.self)?.activePort
        let next = active == first ? second : first
        try bench.checkUpdates(BondLink.self, of: "bo0", [{ $0.activePort = next }])
        try bench.checkUpdates(BondLink.self, of: "bo0", ignoring: ["activePort"], [{ $0.primary = first }])
        try bench.checkUpdates(BondLink.self, of: "bo0", ignoring: ["primary"], [{ $0.primary = 0 }])
        #expect(try bench.read("bo0").kind?.as(BondLink.self)?.primary == nil)

        try bench.checkUpdates(BondPort.self, isPort: true, [{ $0.queueID = 3 }, { $0.priority = -7 }])

        try bench.connection.perform(AddLink(Link(name: "bo1", kind: BondLink(mode: .lacp))))
        let aggregator = try bench.read("bo1").index
        try bench.dummy("k1")
        try bench.set("k1") { $0.master = aggregator }
        try bench.set("bo1") { $0.isUp = true }
        try bench.checkUpdates(BondPort.self, of: "k1", isPort: true, [{ $0.actorPortPriority = 12 }])
        // The port finds its aggregator after a while.
        var state = BondPort.State()
        for _ in 0..<250 where state.aggregatorID == nil {
            try await Task.sleep(for: .milliseconds(20))
            state = try #require(try bench.read("k1").portKind?.as(BondPort.self)?.state)
        }
        #expect(state.aggregatorID != nil)
        #expect(state.actorChurn != nil)
        #expect(try bench.read("bo1").kind?.as(BondLink.self)?.state.aggregation?.aggregator != nil)
    }
}
