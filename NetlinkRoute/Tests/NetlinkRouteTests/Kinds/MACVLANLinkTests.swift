// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkRoute

@Suite("MACVLAN and MACVTAP links") struct MACVLANLinkTests {
    static let source: MACVLANLink = {
        var link = MACVLANLink(mode: .source)
        link.sourceAddresses = ["02:00:00:00:00:06", "02:00:00:00:00:07"]
        link.broadcastQueueLength = 7
        link.broadcastCutoff = 9
        link.flags = .ignoresDestination
        return link
    }()

    @Test("every option is sent as iproute2 sends it") func encodesLikeReference() throws {
        #expect(try KindProof.information(Self.source) == MACVLANLinkFixtures.added)
        var link = MACVLANLink()
        link.sourceChange = .add("02:00:00:00:00:08")
        #expect(try KindProof.information(link) == MACVLANLinkFixtures.addedSource)
        link.sourceChange = .remove("02:00:00:00:00:06")
        #expect(try KindProof.information(link) == MACVLANLinkFixtures.removedSource)
        link.sourceChange = .removeAll
        #expect(try KindProof.information(link) == MACVLANLinkFixtures.removedSources)
        var tap = MACVTAPLink(mode: .bridge)
        #expect(try KindProof.information(tap) == MACVTAPLinkFixtures.added)
        tap.mode = .vepa
        #expect(tap.options.mode == .vepa)
    }

    @Test("what the kernel reports is decoded") func decodesReport() throws {
        let link = try KindProof.decode(MACVLANLink.self, MACVLANLinkFixtures.reported)
        var expected = Self.source
        expected.sourceAddresses?.reverse()
        #expect(link.settings == expected)
        #expect(link.state.sourceAddressCount == 2)
        #expect(link.state.usedBroadcastQueueLength == 7)
        #expect(link.unknown.isEmpty)
        let tap = try KindProof.decode(MACVTAPLink.self, MACVTAPLinkFixtures.reported)
        #expect(tap.mode == .bridge)
        #expect(tap.settings.state == MACVLANLink.State())
    }

    @Test("source addresses in another order are no change") func sourcesAreASet() throws {
        var base = Self.source
        base.sourceAddresses?.reverse()
        #expect(try KindProof.data(Self.source, changing: base).isEmpty)
    }

    @Test("every option changes the message, alone") func options() throws {
        let options: [KindOption<MACVLANLink>] = [
            .init("mode", 1) { $0.mode = .passthru },
            .init("flags", 2) { $0.flags = .notPromiscuous },
            .init("sources", [3, 5]) { $0.sourceAddresses = ["02:00:00:00:00:01"] },
            .init("broadcast queue", 7) { $0.broadcastQueueLength = 1 },
            .init("broadcast cutoff", 9) { $0.broadcastCutoff = -1 },
        ]
        // A mode that is decoded is not kept: the kernel never reports it.
        try KindProof.checkOptions(
            options.filter { $0.name != "sources" }, besides: ["sourceAddresses", "sourceChange"])
        var link = MACVLANLink()
        options[2].set(&link)
        #expect(try KindProof.numbers(KindProof.data(link)) == [3, 5])
        link.sourceChange = .add("02:00:00:00:00:02")
        #expect(try KindProof.numbers(KindProof.data(link)) == [3, 4])
        #expect(try KindProof.data(link, changing: link).isEmpty)
    }

    @Test("short bytes are refused") func truncations() throws {
        try KindProof.checkTruncations(MACVLANLink.self, MACVLANLinkFixtures.reported, flexible: [5])
        try KindProof.checkTruncations(MACVTAPLink.self, MACVTAPLinkFixtures.reported, flexible: [5])
    }

    @Test("an unknown attribute is kept") func unknown() throws {
        try KindProof.checkUnknown(MACVLANLink.self, MACVLANLinkFixtures.reported) { $0.unknown }
        try KindProof.checkUnknown(MACVTAPLink.self, MACVTAPLinkFixtures.reported) { $0.unknown }
        try KindProof.checkTable(MACVLANLink(mode: .bridge))
        try KindProof.checkTable(MACVTAPLink(mode: .bridge))
    }
}

@Suite("IPVLAN and IPVTAP links") struct IPVLANLinkTests {
    static let full: IPVLANLink = {
        var link = IPVLANLink(mode: .l3s)
        link.flags = .isolated
        return link
    }()

    @Test("every option is sent as iproute2 sends it") func encodesLikeReference() throws {
        #expect(try KindProof.information(Self.full) == IPVLANLinkFixtures.added)
        var tap = IPVTAPLink(mode: .l2)
        tap.flags = .vepa
        #expect(try KindProof.information(tap) == IPVTAPLinkFixtures.added)
    }

    @Test("what the kernel reports is decoded") func decodesReport() throws {
        #expect(try KindProof.decode(IPVLANLink.self, IPVLANLinkFixtures.reported) == Self.full)
        #expect(try KindProof.decode(IPVTAPLink.self, IPVLANLinkFixtures.reported).options == Self.full)
    }

    @Test("every option changes the message, alone") func options() throws {
        try KindProof.checkOptions([
            KindOption<IPVLANLink>("mode", 1) { $0.mode = .l2 },
            KindOption<IPVLANLink>("flags", 2) { $0.flags = [] },
        ])
        try KindProof.checkOptions([
            KindOption<IPVTAPLink>("mode", 1) { $0.mode = .l2 },
            KindOption<IPVTAPLink>("flags", 2) { $0.flags = [] },
        ])
    }

    @Test("contradictory flags are refused") func validates() {
        var link = IPVLANLink()
        link.flags = [.isolated, .vepa]
        #expect(throws: NetlinkError.self) { try link.validate() }
        var tap = IPVTAPLink()
        tap.flags = [.isolated, .vepa]
        #expect(throws: NetlinkError.self) { try tap.validate() }
    }

    @Test("short bytes are refused") func truncations() throws {
        try KindProof.checkTruncations(IPVLANLink.self, IPVLANLinkFixtures.reported)
        try KindProof.checkTruncations(IPVTAPLink.self, IPVLANLinkFixtures.reported)
    }

    @Test("an unknown attribute is kept") func unknown() throws {
        try KindProof.checkUnknown(IPVLANLink.self, IPVLANLinkFixtures.reported) { $0.unknown }
        try KindProof.checkTable(Self.full)
        try KindProof.checkTable(IPVTAPLink(mode: .l2))
    }
}
