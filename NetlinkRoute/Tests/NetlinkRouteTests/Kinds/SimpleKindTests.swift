// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkRoute

@Suite("Link kinds with few options") struct SimpleKindTests {
    @Test("kinds without options are sent as iproute2 sends them") func encodesLikeReference() throws {
        #expect(try KindProof.information(DummyLink()) == DummyLinkFixtures.added)
        #expect(try KindProof.information(IFBLink()) == IFBLinkFixtures.added)
        #expect(try KindProof.information(NLMonLink()) == NLMonLinkFixtures.added)
        #expect(try KindProof.information(WireGuardLink()) == WireGuardLinkFixtures.added)
    }

    @Test("an unknown attribute of a kind without options is kept") func unknown() throws {
        try KindProof.checkUnknown(DummyLink.self) { $0.unknown }
        try KindProof.checkUnknown(IFBLink.self) { $0.unknown }
        try KindProof.checkUnknown(NLMonLink.self) { $0.unknown }
        try KindProof.checkUnknown(WireGuardLink.self) { $0.unknown }
        try KindProof.checkTable(DummyLink())
        try KindProof.checkTable(IFBLink())
        try KindProof.checkTable(NLMonLink())
        try KindProof.checkTable(WireGuardLink())
    }
}

@Suite("VRF links") struct VRFLinkTests {
    @Test("the table is sent as iproute2 sends it") func encodesLikeReference() throws {
        #expect(try KindProof.information(VRFLink(table: 1000)) == VRFLinkFixtures.added)
    }

    @Test("what the kernel reports is decoded") func decodesReport() throws {
        #expect(try KindProof.decode(VRFLink.self, VRFLinkFixtures.reported) == VRFLink(table: 1000))
        let port = try KindProof.decode(VRFPort.self, VRFPortFixtures.reported)
        #expect(port.state.table == 1000)
        #expect(port.settings == VRFPort())
        #expect(try KindProof.data(port).isEmpty)
    }

    @Test("every option changes the message, alone") func options() throws {
        try KindProof.checkOptions([KindOption<VRFLink>("table", 1) { $0.table = 5 }])
    }

    @Test("table 0 is refused") func validates() {
        #expect(throws: NetlinkError.self) { try VRFLink(table: 0).validate() }
        #expect(throws: Never.self) { try VRFLink(table: 1).validate() }
    }

    @Test("short bytes are refused, unknown attributes kept") func hostile() throws {
        try KindProof.checkTruncations(VRFLink.self, VRFLinkFixtures.reported)
        try KindProof.checkTruncations(VRFPort.self, VRFPortFixtures.reported)
        try KindProof.checkUnknown(VRFLink.self, VRFLinkFixtures.reported) { $0.unknown }
        try KindProof.checkUnknown(VRFPort.self, VRFPortFixtures.reported) { $0.unknown }
        try KindProof.checkTable(VRFLink(table: 3))
        try KindProof.checkTable(VRFPort(), isPort: true)
    }
}

@Suite("VLAN links") struct VLANLinkTests {
    static let full: VLANLink = {
        var link = VLANLink(id: 6)
        link.protocolType = .dot1AD
        link.ingressPriorities = [.init(from: 1, to: 2), .init(from: 3, to: 4)]
        link.egressPriorities = [.init(from: 5, to: 6), .init(from: 7, to: 1)]
        link.flags = VLANLink.Flags(
            value: [.gvrp, .mvrp, .looseBinding, .bridgeBinding],
            mask: [.reorderHeader, .gvrp, .mvrp, .looseBinding, .bridgeBinding])
        return link
    }()

    @Test("every option is sent as iproute2 sends it") func encodesLikeReference() throws {
        #expect(try KindProof.information(Self.full) == VLANLinkFixtures.added)
    }

    @Test("what the kernel reports is decoded") func decodesReport() throws {
        #expect(try KindProof.decode(VLANLink.self, VLANLinkFixtures.reported) == Self.full)
    }

    @Test("every option changes the message, alone") func options() throws {
        try KindProof.checkOptions([
            KindOption<VLANLink>("id", 1) { $0.id = 7 },
            KindOption<VLANLink>("flags", 2) { $0.flags = .init(value: .gvrp, mask: .gvrp) },
            KindOption<VLANLink>("egress", 3) { $0.egressPriorities = [.init(from: 1, to: 1)] },
            KindOption<VLANLink>("ingress", 4) { $0.ingressPriorities = [.init(from: 2, to: 2)] },
            KindOption<VLANLink>("protocol", 5) { $0.protocolType = .dot1AD },
        ])
    }

    @Test("a change of one flag names that one only") func changesOneFlag() throws {
        let base = try KindProof.decode(VLANLink.self, VLANLinkFixtures.reported)
        var changed = base
        changed.flags?.value.insert(.reorderHeader)
        #expect(try KindProof.data(changed, changing: base) == [12, 0, 2, 0, 1, 0, 0, 0, 1, 0, 0, 0])
    }

    @Test("an id above 4094 is refused") func validates() {
        #expect(throws: NetlinkError.self) { try VLANLink(id: 4095).validate() }
        #expect(throws: Never.self) { try VLANLink(id: 4094).validate() }
        let peer = Link(name: "b", kind: VLANLink(id: 4095))
        var link = Link(name: "a", kind: VethLink(peer: peer))
        link.alias = String(repeating: "x", count: 256)
        let error = #expect(throws: NetlinkError.self) { try link.validate() }
        #expect(error?.problems.map(\.field) == ["kind.peer.kind.id", "alias"])
    }

    @Test("short bytes are refused, unknown attributes kept") func hostile() throws {
        try KindProof.checkTruncations(VLANLink.self, VLANLinkFixtures.reported, flexible: [3, 4])
        try KindProof.checkUnknown(VLANLink.self, VLANLinkFixtures.reported) { $0.unknown }
        try KindProof.checkTable(Self.full)
    }
}

@Suite("TUN and TAP links") struct TunLinkTests {
    @Test("what the kernel reports is decoded, and nothing of it sent") func decodesReport() throws {
        let link = try KindProof.decode(TunLink.self, TunLinkFixtures.reported)
        #expect(link.state.owner == 1000)
        #expect(link.state.group == 1001)
        #expect(link.state.type == .tap)
        #expect(link.state.hasPacketInformation == true)
        #expect(link.state.hasOffloadHeader == true)
        #expect(link.state.isPersistent == true)
        #expect(link.state.isMultiQueue == true)
        #expect(link.state.queueCount == 0)
        #expect(link.state.disabledQueueCount == 0)
        #expect(link.settings == TunLink())
        #expect(try KindProof.data(link).isEmpty)
        #expect(link.unknown.isEmpty)
    }

    @Test("short bytes are refused, unknown attributes kept") func hostile() throws {
        try KindProof.checkTruncations(TunLink.self, TunLinkFixtures.reported)
        try KindProof.checkUnknown(TunLink.self, TunLinkFixtures.reported) { $0.unknown }
        try KindProof.checkTable(TunLink())
    }
}

@Suite("Kinds of links in disorder") struct KindNoiseTests {
    private static let samples: [(name: String, isPort: Bool, bytes: [UInt8])] = [
        ("bond", false, BondLinkFixtures.reportedPorts), ("bond", true, BondPortFixtures.reported),
        ("bridge", false, BridgeLinkFixtures.reported), ("bridge", true, BridgePortFixtures.reported),
        ("vxlan", false, VXLANLinkFixtures.reportedIPv6), ("macvlan", false, MACVLANLinkFixtures.reported),
        ("macvtap", false, MACVTAPLinkFixtures.reported), ("ipvlan", false, IPVLANLinkFixtures.reported),
        ("ipvtap", false, IPVLANLinkFixtures.reported), ("netkit", false, NetkitLinkFixtures.reported),
        ("vlan", false, VLANLinkFixtures.reported), ("vrf", false, VRFLinkFixtures.reported),
        ("vrf", true, VRFPortFixtures.reported), ("tun", false, TunLinkFixtures.reported),
        ("veth", false, VRFLinkFixtures.reported), ("dummy", false, VRFLinkFixtures.reported),
    ]

    /// A generator that is the same in every run.
    private struct Noise: RandomNumberGenerator {
        var state: UInt64 = 0x9e37_79b9_7f4a_7c15
        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    @Test("bytes that were changed at random are decoded or refused, and what was decoded can be sent")
    func noise() throws {
        var noise = Noise()
        var decoded = 0
        for sample in Self.samples {
            for _ in 0..<2000 {
                var bytes = sample.bytes
                for _ in 0..<Int.random(in: 1...4, using: &noise) {
                    let place = Int.random(in: bytes.indices, using: &noise)
                    bytes[place] = UInt8.random(in: 0...255, using: &noise)
                }
                bytes.removeLast(Int.random(in: 0...4, using: &noise))
                guard let kind = Self.decode(sample.name, sample.isPort, bytes) else { continue }
                decoded += 1
                var link = Link(name: "x0")
                if sample.isPort { link.portKind = kind } else { link.kind = kind }
                _ = try? AddLink(link).messageBytes()
                _ = try? UpdateLink(link.settings, from: link).messageBytes()
            }
        }
        #expect(decoded > 1000)
    }

    private static func decode(_ name: String, _ isPort: Bool, _ bytes: [UInt8]) -> AnyLinkKind? {
        isPort ? try? LinkKinds.decodePort(name, bytes.rawSpan) : try? LinkKinds.decode(name, bytes.rawSpan)
    }
}
