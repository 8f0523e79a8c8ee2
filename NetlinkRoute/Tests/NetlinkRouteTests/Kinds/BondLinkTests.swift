// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkRoute

@Suite("Bonds") struct BondLinkTests {
    /// The options of ``BondLinkFixtures/monitored``.
    static let monitored: BondLink = {
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
        return bond
    }()

    /// What of ``BondLinkFixtures/reported`` goes back.
    static let aggregating: BondLink = {
        var bond = monitored
        bond.arpAllTargets = .any
        bond.primaryReselection = .always
        bond.failOverAddress = BondLink.FailOverAddress.none
        bond.broadcastsNeighbors = false
        bond.isLACPStrict = false
        return bond
    }()

    /// The options of ``BondLinkFixtures/probing``.
    static let probing: BondLink = {
        var bond = BondLink(mode: .activeBackup)
        bond.arpInterval = .milliseconds(500)
        bond.arpValidation = .all
        bond.arpAllTargets = .all
        bond.primaryReselection = .better
        bond.failOverAddress = .active
        bond.missedMaximum = 4
        bond.arpTargets = ["10.0.0.1", "10.0.0.2"]
        bond.neighborTargets = ["2001:db8::1", "2001:db8::2"]
        return bond
    }()

    @Test("every option is sent as iproute2 sends it") func encodesLikeReference() throws {
        #expect(try KindProof.information(Self.monitored) == BondLinkFixtures.monitored)
        #expect(try KindProof.information(Self.probing) == BondLinkFixtures.probing)
        var bond = BondLink(mode: .roundRobin)
        bond.packetsPerPort = 9
        #expect(try KindProof.information(bond) == BondLinkFixtures.roundRobin)
        bond = BondLink(mode: .transmitLoadBalancing)
        bond.balancesDynamically = false
        #expect(try KindProof.information(bond) == BondLinkFixtures.balancing)
        bond = BondLink()
        bond.activePort = 11
        bond.primary = 10
        #expect(try KindProof.information(bond) == BondLinkFixtures.ports)
    }

    @Test("what the kernel reports of link aggregation is decoded") func decodesReport() throws {
        let bond = try KindProof.decode(BondLink.self, BondLinkFixtures.reported)
        var expected = Self.monitored
        expected.arpInterval = .zero
        expected.arpValidation = []
        expected.arpAllTargets = .any
        expected.primaryReselection = .always
        expected.failOverAddress = BondLink.FailOverAddress.none
        expected.packetsPerPort = 1
        expected.balancesDynamically = true
        expected.missedMaximum = 2
        expected.broadcastsNeighbors = false
        expected.isLACPStrict = false
        #expect(bond == expected)
        #expect(bond.unknown.isEmpty)
        #expect(bond.settings == Self.aggregating)
    }

    @Test("what the kernel reports of ARP monitoring is decoded") func decodesProbing() throws {
        let bond = try KindProof.decode(BondLink.self, BondLinkFixtures.reportedProbing)
        #expect(bond.mode == .activeBackup)
        #expect(bond.arpInterval == .milliseconds(500))
        #expect(bond.arpValidation == .all)
        #expect(bond.arpAllTargets == .all)
        #expect(bond.arpTargets == ["10.0.0.1", "10.0.0.2"])
        #expect(bond.neighborTargets == ["2001:db8::1", "2001:db8::2"])
        #expect(bond.missedMaximum == 4)
        #expect(bond.settings.missedMaximum == 4)
        #expect(bond.upDelay == .zero)
        #expect(bond.settings.upDelay == nil)
        #expect(bond.settings.lacpRate == nil)
        let withPorts = try KindProof.decode(BondLink.self, BondLinkFixtures.reportedPorts)
        #expect(withPorts.activePort == 10)
        #expect(withPorts.primary == 10)
    }

    /// `IFLA_BOND_AD_INFO` of a bond that is up, reported to `ip -d link show` of iproute2 6.15.0 by Linux 7.2.
    @Test("the active aggregator is decoded") func decodesAggregation() throws {
        let bytes: [UInt8] = [
            0x30, 0x00, 0x17, 0x00,
            0x06, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00, 0x00, 0x06, 0x00, 0x02, 0x00, 0x01, 0x00, 0x00, 0x00,
            0x06, 0x00, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x06, 0x00, 0x04, 0x00, 0x01, 0x00, 0x00, 0x00,
            0x0a, 0x00, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        ]
        let aggregation = try KindProof.decode(BondLink.self, bytes).state.aggregation
        #expect(aggregation?.aggregator == 1)
        #expect(aggregation?.portCount == 1)
        #expect(aggregation?.actorKey == 0)
        #expect(aggregation?.partnerKey == 1)
        #expect(aggregation?.partnerAddress == "00:00:00:00:00:00")
    }

    @Test("every option changes the message, alone") func options() throws {
        try KindProof.checkOptions(Self.options)
    }

    static let options: [KindOption<BondLink>] = [
        .init("mode", 1) { $0.mode = .xor },
        .init("active port", 2) { $0.activePort = 0 },
        .init("monitoring interval", 3) { $0.monitoringInterval = .seconds(1) },
        .init("up delay", 4) { $0.upDelay = .seconds(2) },
        .init("down delay", 5) { $0.downDelay = .seconds(3) },
        .init("carrier", 6) { $0.usesCarrier = true },
        .init("ARP interval", 7) { $0.arpInterval = .milliseconds(1) },
        .init("ARP targets", 8) { $0.arpTargets = ["192.0.2.1"] },
        .init("ARP validation", 9) { $0.arpValidation = [.filter, .backup] },
        .init("all ARP targets", 10) { $0.arpAllTargets = .any },
        .init("primary", 11) { $0.primary = 7 },
        .init("primary reselection", 12) { $0.primaryReselection = .failure },
        .init("fail-over address", 13) { $0.failOverAddress = .follow },
        .init("hash policy", 14) { $0.hashPolicy = .vlanSourceAddress },
        .init("IGMP", 15) { $0.igmpResendCount = 0 },
        .init("peer notifications", 16) { $0.peerNotificationCount = 0 },
        .init("all ports", 17) { $0.receivesOnAllPorts = false },
        .init("minimum links", 18) { $0.minimumLinks = 1 },
        .init("learning packets", 19) { $0.learningPacketInterval = .seconds(9) },
        .init("packets per port", 20) { $0.packetsPerPort = 0 },
        .init("LACP rate", 21) { $0.lacpRate = .slow },
        .init("aggregator selection", 22) { $0.aggregatorSelection = .actorPortPriority },
        .init("system priority", 24) { $0.actorSystemPriority = 1 },
        .init("user port key", 25) { $0.userPortKey = 1 },
        .init("actor system", 26) { $0.actorSystem = "00:00:00:00:00:00" },
        .init("dynamic balancing", 27) { $0.balancesDynamically = true },
        .init("notification delay", 28) { $0.peerNotificationDelay = .zero },
        .init("LACP", 29) { $0.sendsLACP = true },
        .init("missed maximum", 30) { $0.missedMaximum = 1 },
        .init("neighbour targets", 31) { $0.neighborTargets = [] },
        .init("coupled control", 32) { $0.couplesControl = true },
        .init("neighbour broadcast", 33) { $0.broadcastsNeighbors = true },
        .init("strict LACP", 34) { $0.isLACPStrict = true },
    ]

    @Test("what the kernel would refuse is named") func validates() {
        var bond = BondLink()
        bond.arpTargets = Array(repeating: "10.0.0.1", count: 17)
        #expect(throws: NetlinkError.self) { try bond.validate() }
        bond.arpTargets = []
        bond.neighborTargets = Array(repeating: "::1", count: 17)
        #expect(throws: NetlinkError.self) { try bond.validate() }
        bond.neighborTargets = nil
        bond.actorSystem = "02:00"
        #expect(throws: NetlinkError.self) { try bond.validate() }
    }

    @Test("short bytes are refused") func truncations() throws {
        try KindProof.checkTruncations(BondLink.self, BondLinkFixtures.reported, flexible: [26])
        try KindProof.checkTruncations(BondLink.self, BondLinkFixtures.reportedPorts, flexible: [8, 31])
    }

    @Test("an unknown attribute is kept") func unknown() throws {
        try KindProof.checkUnknown(BondLink.self, BondLinkFixtures.reported) { $0.unknown }
        try KindProof.checkTable(Self.monitored)
    }
}

@Suite("Bond ports") struct BondPortTests {
    @Test("every option is sent as iproute2 sends it") func encodesLikeReference() throws {
        var port = BondPort()
        port.queueID = 3
        port.priority = -5
        #expect(try KindProof.data(port) == BondPortFixtures.changed)
    }

    @Test("what the kernel reports is decoded") func decodesReport() throws {
        let port = try KindProof.decode(BondPort.self, BondPortFixtures.reported)
        #expect(port.queueID == 0)
        #expect(port.priority == 0)
        #expect(port.actorPortPriority == 255)
        #expect(port.state.role == .backup)
        #expect(port.state.linkStatus == .down)
        #expect(port.state.aggregatorID == 1)
        #expect(port.state.actorPortState == 0x46)
        #expect(port.state.partnerPortState == 0)
        #expect(port.state.actorChurn == .monitoring)
        #expect(port.state.partnerChurn == .monitoring)
        #expect(port.state.linkFailureCount == 0)
        #expect(port.state.permanentAddress == "02:00:00:00:00:26")
        #expect(port.unknown.isEmpty)
        var settings = BondPort()
        settings.queueID = 0
        settings.priority = 0
        settings.actorPortPriority = 255
        #expect(port.settings == settings)
    }

    /// The 802.3ad part of a port that is up, reported to `ip -d link show` of iproute2 6.15.0 by Linux 7.2.
    @Test("the state of link aggregation is decoded") func decodesAggregation() throws {
        let bytes: [UInt8] = [
            0x05, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00, 0x00, 0x05, 0x00, 0x02, 0x00, 0x02, 0x00, 0x00, 0x00,
            0x06, 0x00, 0x06, 0x00, 0x01, 0x00, 0x00, 0x00, 0x05, 0x00, 0x07, 0x00, 0x47, 0x00, 0x00, 0x00,
            0x06, 0x00, 0x08, 0x00, 0x01, 0x00, 0x00, 0x00, 0x05, 0x00, 0x0b, 0x00, 0x01, 0x00, 0x00, 0x00,
            0x05, 0x00, 0x0c, 0x00, 0x02, 0x00, 0x00, 0x00,
        ]
        let state = try KindProof.decode(BondPort.self, bytes).state
        #expect(state.role == .backup)
        #expect(state.linkStatus == .down)
        #expect(state.aggregatorID == 1)
        #expect(state.actorPortState == 0x47)
        #expect(state.partnerPortState == 1)
        #expect(state.actorChurn == .churning)
        #expect(state.partnerChurn == BondPort.ChurnState.none)
    }

    @Test("every option changes the message, alone") func options() throws {
        try KindProof.checkOptions([
            KindOption<BondPort>("queue", 5) { $0.queueID = 1 },
            KindOption<BondPort>("priority", 9) { $0.priority = 2 },
            KindOption<BondPort>("actor port priority", 10) { $0.actorPortPriority = 3 },
        ])
    }

    @Test("short bytes are refused") func truncations() throws {
        try KindProof.checkTruncations(BondPort.self, BondPortFixtures.reported, flexible: [4])
    }

    @Test("an unknown attribute is kept") func unknown() throws {
        try KindProof.checkUnknown(BondPort.self, BondPortFixtures.reported) { $0.unknown }
        try KindProof.checkTable(BondPort(), isPort: true)
    }
}
