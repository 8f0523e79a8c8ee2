// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkRoute

@Suite("Bridge ports") struct BridgePortTests {
    /// The options of ``BridgePortFixtures/changed``.
    static let full: BridgePort = {
        var port = BridgePort()
        port.stpState = .forwarding
        port.priority = 8
        port.cost = 55
        port.isHairpin = true
        port.guardsAgainstBPDUs = true
        port.blocksRoot = true
        port.leavesFast = true
        port.learns = true
        port.floodsUnicast = false
        port.proxiesARP = true
        port.proxiesARPForWiFi = true
        port.multicastRouter = .always
        port.floodsMulticast = false
        port.turnsMulticastToUnicast = true
        port.mapsVLANToTunnel = true
        port.floodsBroadcast = false
        port.groupForwardMask = 8
        port.suppressesNeighbors = true
        port.isIsolated = true
        port.backupPort = 11
        port.isLocked = true
        port.authenticatesByAddress = true
        port.suppressesNeighborsByVLAN = true
        port.backupNextHop = 9
        return port
    }()

    @Test("every option is sent as iproute2 sends it") func encodesLikeReference() throws {
        var port = Self.full
        port.flushesForwardingDatabase = true
        #expect(try KindProof.data(port) == BridgePortFixtures.changed)
    }

    @Test("a port's options go under its master's kind") func names() throws {
        var link = Link(index: 10)
        link.portKind = AnyLinkKind(Self.full)
        let information = try KindProof.attributes(KindProof.contents(of: 18, in: UpdateLink(link)))
        #expect(information.map(\.rawType) == [4, 5])
        #expect(information.first?.payload == Array("bridge".utf8))
        #expect(try information.last?.payload == KindProof.data(Self.full))
    }

    @Test("what the kernel reports is decoded") func decodesReport() throws {
        let port = try KindProof.decode(BridgePort.self, BridgePortFixtures.reported)
        #expect(port.stpState == .forwarding)
        var expected = Self.full.settings
        expected.multicastHostLimit = 512
        expected.multicastGroupLimit = 0
        expected.forwardsGratuitousNeighbors = false
        #expect(port.settings == expected)
        let state = port.state
        #expect(state.root?.priority == 0x8000)
        #expect(state.root?.address == "02:00:00:00:00:10")
        #expect(state.bridge == state.root)
        #expect(state.designatedPort == 0x2001)
        #expect(state.designatedCost == 0)
        #expect(state.identifier == 0x2001)
        #expect(state.number == 1)
        #expect(state.acknowledgesTopologyChange == false)
        #expect(state.isConfigurationPending == false)
        #expect(state.messageAgeTimer == .zero)
        #expect(state.forwardDelayTimer.map { $0 > .seconds(14) && $0 <= .seconds(15) } == true)
        #expect(state.holdTimer == .zero)
        #expect(state.isMRPRingOpen == false)
        #expect(state.isMRPInterconnectOpen == false)
        #expect(state.multicastHostCount == 0)
        #expect(state.multicastGroupCount == 0)
        #expect(port.unknown.isEmpty)
    }

    @Test("every option changes the message, alone") func options() throws {
        try KindProof.checkOptions(Self.options)
    }

    static let options: [KindOption<BridgePort>] = [
        .init("state", 1) { $0.stpState = .blocking },
        .init("priority", 2) { $0.priority = 1 },
        .init("cost", 3) { $0.cost = 2 },
        .init("hairpin", 4) { $0.isHairpin = false },
        .init("guard", 5) { $0.guardsAgainstBPDUs = false },
        .init("root block", 6) { $0.blocksRoot = false },
        .init("fast leave", 7) { $0.leavesFast = false },
        .init("learning", 8) { $0.learns = false },
        .init("flood", 9) { $0.floodsUnicast = false },
        .init("proxy ARP", 10) { $0.proxiesARP = false },
        .init("learning sync", 11) { $0.syncsLearning = true },
        .init("proxy ARP Wi-Fi", 12) { $0.proxiesARPForWiFi = false },
        .init("flush", 24) { $0.flushesForwardingDatabase = true },
        .init("multicast router", 25) { $0.multicastRouter = .temporary },
        .init("multicast flood", 27) { $0.floodsMulticast = false },
        .init("multicast to unicast", 28) { $0.turnsMulticastToUnicast = false },
        .init("VLAN tunnel", 29) { $0.mapsVLANToTunnel = false },
        .init("broadcast flood", 30) { $0.floodsBroadcast = false },
        .init("group forward mask", 31) { $0.groupForwardMask = 16 },
        .init("neighbour suppression", 32) { $0.suppressesNeighbors = false },
        .init("isolation", 33) { $0.isIsolated = false },
        .init("backup port", 34) { $0.backupPort = 0 },
        .init("multicast hosts", 37) { $0.multicastHostLimit = 3 },
        .init("locked", 39) { $0.isLocked = false },
        .init("authentication by address", 40) { $0.authenticatesByAddress = false },
        .init("multicast groups", 42) { $0.multicastGroupLimit = 3 },
        .init("neighbour suppression by VLAN", 43) { $0.suppressesNeighborsByVLAN = false },
        .init("backup next hop", 44) { $0.backupNextHop = 0 },
        .init("gratuitous neighbours", 45) { $0.forwardsGratuitousNeighbors = true },
    ]

    @Test("short bytes are refused") func truncations() throws {
        try KindProof.checkTruncations(BridgePort.self, BridgePortFixtures.reported)
    }

    @Test("an unknown attribute is kept") func unknown() throws {
        try KindProof.checkUnknown(BridgePort.self, BridgePortFixtures.reported) { $0.unknown }
        try KindProof.checkTable(Self.full, isPort: true)
    }
}
