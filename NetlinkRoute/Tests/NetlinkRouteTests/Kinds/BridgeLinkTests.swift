// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkRoute

@Suite("Bridges") struct BridgeLinkTests {
    /// The options of ``BridgeLinkFixtures/added``.
    static let full: BridgeLink = {
        var bridge = BridgeLink()
        bridge.forwardDelay = .seconds(10)
        bridge.helloTime = .seconds(3)
        bridge.maximumAge = .seconds(30)
        bridge.ageingTime = .seconds(200)
        bridge.stpState = .kernel
        bridge.priority = 4096
        bridge.isVLANFiltering = true
        bridge.vlanProtocol = .dot1AD
        bridge.groupForwardMask = 8
        bridge.groupAddress = "01:80:c2:00:00:05"
        bridge.multicastRouter = .always
        bridge.isMulticastSnooping = true
        bridge.multicastQueryUsesAddress = true
        bridge.isMulticastQuerier = true
        bridge.multicastHashElasticity = 16
        bridge.multicastHashMaximum = 512
        bridge.multicastLastMemberCount = 3
        bridge.multicastStartupQueryCount = 4
        bridge.multicastLastMemberInterval = .milliseconds(1500)
        bridge.multicastMembershipInterval = .seconds(300)
        bridge.multicastQuerierInterval = .seconds(260)
        bridge.multicastQueryInterval = .seconds(130)
        bridge.multicastQueryResponseInterval = .seconds(9)
        bridge.multicastStartupQueryInterval = .centiseconds(3333)
        bridge.callsIPTables = true
        bridge.callsIP6Tables = true
        bridge.callsARPTables = true
        bridge.defaultPVID = 5
        bridge.countsVLANStatistics = true
        bridge.countsMulticastStatistics = true
        bridge.igmpVersion = 3
        bridge.mldVersion = 2
        bridge.countsVLANStatisticsPerPort = true
        bridge.maximumLearnedAddresses = 100
        bridge.noLinkLocalLearning = true
        bridge.isMulticastVLANSnooping = true
        bridge.hasMultipleSpanningTrees = true
        return bridge
    }()

    @Test("every option is sent as iproute2 sends it") func encodesLikeReference() throws {
        var bridge = Self.full
        bridge.flushesForwardingDatabase = true
        #expect(try KindProof.information(bridge) == BridgeLinkFixtures.added)
        #expect(try KindProof.information(BridgeLink()) == Array(BridgeLinkFixtures.added.prefix(12)))
    }

    @Test("what the kernel reports is decoded") func decodesReport() throws {
        let bridge = try KindProof.decode(BridgeLink.self, BridgeLinkFixtures.reported)
        var expected = Self.full
        expected.stpMode = .automatic
        expected.options = BridgeLink.Options(
            value: [.noLinkLocalLearning, .multicastVLANSnooping, .multipleSpanningTrees],
            mask: [
                .noLinkLocalLearning, .multicastVLANSnooping, .multipleSpanningTrees, .offloadFailureNotification,
                .localAddressesInVLAN0,
            ])
        #expect(bridge.settings == expected)
        #expect(bridge.notifiesOffloadFailure == false)
        #expect(bridge.keepsLocalAddressesInVLAN0 == false)

        let state = bridge.state
        #expect(state.identifier?.priority == 4096)
        #expect(state.identifier?.address == "02:00:00:00:00:20")
        #expect(state.root == state.identifier)
        #expect(state.rootPort == 0)
        #expect(state.rootPathCost == 0)
        #expect(state.isTopologyChanging == false)
        #expect(state.isTopologyChangeDetected == false)
        #expect(state.helloTimer == .zero)
        #expect(state.topologyChangeNotificationTimer == .zero)
        #expect(state.topologyChangeTimer == .zero)
        #expect(state.garbageCollectionTimer.map { $0 > .zero && $0 <= .seconds(200) } == true)
        #expect(state.learnedAddressCount == 0)
        // The bridge itself, which has no address.
        #expect(state.ipv4Querier?.address == "0.0.0.0")
        #expect(state.ipv6Querier?.address == "::")
        #expect(bridge.unknown.isEmpty)
    }

    /// A bridge at which another querier was heard, put together from `enum bridge querier` of the headers.
    @Test("the queriers that were heard are decoded") func decodesQueriers() throws {
        var writer = MessageWriter()
        writer.nest(BridgeAttribute.querierState) { writer in
            writer.put(rawType: 1, [10, 0, 0, 9])
            writer.put(rawType: 2, [7, 0, 0, 0])
            writer.put(rawType: 3, [100, 0, 0, 0, 0, 0, 0, 0])
            writer.put(rawType: 5, [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9])
        }
        let state = try KindProof.decode(BridgeLink.self, writer.bytes.array).state
        #expect(state.ipv4Querier?.address == "10.0.0.9")
        #expect(state.ipv4Querier?.port == 7)
        #expect(state.ipv4Querier?.remaining == .seconds(1))
        #expect(state.ipv6Querier?.address == "fe80::9")
        #expect(state.ipv6Querier?.port == nil)
    }

    @Test("every option changes the message, alone") func options() throws {
        try KindProof.checkOptions(Self.options)
    }

    static let options: [KindOption<BridgeLink>] = [
        .init("forward delay", 1) { $0.forwardDelay = .seconds(4) },
        .init("hello time", 2) { $0.helloTime = .seconds(1) },
        .init("maximum age", 3) { $0.maximumAge = .seconds(6) },
        .init("ageing time", 4) { $0.ageingTime = .zero },
        .init("spanning tree", 5) { $0.stpState = .kernel },
        .init("priority", 6) { $0.priority = 1 },
        .init("VLAN filtering", 7) { $0.isVLANFiltering = false },
        .init("VLAN protocol", 8) { $0.vlanProtocol = .dot1Q },
        .init("group forward mask", 9) { $0.groupForwardMask = 16 },
        .init("group address", 20) { $0.groupAddress = "01:80:c2:00:00:04" },
        .init("flush", 21) { $0.flushesForwardingDatabase = true },
        .init("multicast router", 22) { $0.multicastRouter = .never },
        .init("snooping", 23) { $0.isMulticastSnooping = false },
        .init("query address", 24) { $0.multicastQueryUsesAddress = false },
        .init("querier", 25) { $0.isMulticastQuerier = false },
        .init("elasticity", 26) { $0.multicastHashElasticity = 4 },
        .init("hash maximum", 27) { $0.multicastHashMaximum = 64 },
        .init("last member count", 28) { $0.multicastLastMemberCount = 1 },
        .init("startup count", 29) { $0.multicastStartupQueryCount = 1 },
        .init("last member interval", 30) { $0.multicastLastMemberInterval = .seconds(1) },
        .init("membership interval", 31) { $0.multicastMembershipInterval = .seconds(2) },
        .init("querier interval", 32) { $0.multicastQuerierInterval = .seconds(3) },
        .init("query interval", 33) { $0.multicastQueryInterval = .seconds(4) },
        .init("response interval", 34) { $0.multicastQueryResponseInterval = .seconds(5) },
        .init("startup interval", 35) { $0.multicastStartupQueryInterval = .seconds(6) },
        .init("iptables", 36) { $0.callsIPTables = false },
        .init("ip6tables", 37) { $0.callsIP6Tables = false },
        .init("arptables", 38) { $0.callsARPTables = false },
        .init("default PVID", 39) { $0.defaultPVID = 0 },
        .init("VLAN statistics", 41) { $0.countsVLANStatistics = false },
        .init("multicast statistics", 42) { $0.countsMulticastStatistics = false },
        .init("IGMP version", 43) { $0.igmpVersion = 2 },
        .init("MLD version", 44) { $0.mldVersion = 1 },
        .init("VLAN statistics by port", 45) { $0.countsVLANStatisticsPerPort = false },
        .init("learned addresses", 49) { $0.maximumLearnedAddresses = 9 },
        .init("STP mode", 50) { $0.stpMode = .user },
        .init("link-local learning", 46) { $0.noLinkLocalLearning = true },
        .init("snooping by VLAN", 46) { $0.isMulticastVLANSnooping = false },
        .init("spanning trees", 46) { $0.hasMultipleSpanningTrees = true },
        .init("offload failures", 46) { $0.notifiesOffloadFailure = true },
        .init("local addresses", 46) { $0.keepsLocalAddressesInVLAN0 = false },
    ]

    @Test("a change of one on-off option names that one only") func changesOneBoolean() throws {
        let base = try KindProof.decode(BridgeLink.self, BridgeLinkFixtures.reported)
        var changed = base
        changed.hasMultipleSpanningTrees = false
        changed.keepsLocalAddressesInVLAN0 = true
        #expect(
            try KindProof.data(changed, changing: base) == [12, 0, 46, 0, 0b10000, 0, 0, 0, 0b10100, 0, 0, 0])
        changed.noLinkLocalLearning = nil
        #expect(changed.noLinkLocalLearning == nil)
    }

    @Test("a difference in what is only reported sends nothing") func stateIsNotSent() throws {
        let base = try KindProof.decode(BridgeLink.self, BridgeLinkFixtures.reported)
        var changed = base
        changed.state.helloTimer = .seconds(1)
        #expect(try KindProof.data(changed, changing: base).isEmpty)
        var link = Link(name: "br0", kind: changed)
        link.index = 20
        let update = UpdateLink(link, from: Link(name: "br0", kind: base))
        #expect(try KindProof.contents(of: 18, in: update).isEmpty)
    }

    @Test("a time between the kernel's steps is refused") func refusesOddTimes() {
        var bridge = BridgeLink()
        bridge.helloTime = .milliseconds(1005)
        #expect(throws: NetlinkError.self) { try KindProof.data(bridge) }
        bridge.helloTime = .seconds(-1)
        #expect(throws: NetlinkError.self) { try KindProof.data(bridge) }
        bridge.helloTime = .centiseconds(UInt64(UInt32.max) + 1)
        #expect(throws: NetlinkError.self) { try KindProof.data(bridge) }
        bridge.helloTime = .centiseconds(UInt32.max)
        #expect(throws: Never.self) { try KindProof.data(bridge) }
        #expect(bridge.helloTime?.count(of: .centiseconds(1)) == UInt64(UInt32.max))
    }

    @Test("what the kernel would refuse is named") func validates() {
        var bridge = BridgeLink()
        bridge.defaultPVID = 4095
        #expect(throws: NetlinkError.self) { try bridge.validate() }
        bridge.defaultPVID = 4094
        #expect(throws: Never.self) { try bridge.validate() }
        bridge.groupAddress = "01:80"
        #expect(throws: NetlinkError.self) { try bridge.validate() }
    }

    @Test("short bytes are refused") func truncations() throws {
        try KindProof.checkTruncations(BridgeLink.self, BridgeLinkFixtures.reported, flexible: [20, 40, 47])
    }

    @Test("an unknown attribute is kept") func unknown() throws {
        try KindProof.checkUnknown(BridgeLink.self, BridgeLinkFixtures.reported) { $0.unknown }
        try KindProof.checkTable(Self.full)
    }
}
