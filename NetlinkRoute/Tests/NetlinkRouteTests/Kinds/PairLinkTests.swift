// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkRoute

@Suite("Veth links") struct VethLinkTests {
    /// The other end of ``VethLinkFixtures/added``.
    static let peer: Link = {
        var peer = Link(name: "v1")
        peer.index = 46
        peer.address = "02:00:00:00:00:46"
        peer.mtu = 1400
        peer.transmitQueueLength = 500
        peer.transmitQueueCount = 2
        peer.receiveQueueCount = 2
        return peer
    }()

    @Test("the other end is sent as iproute2 sends it, in whatever order") func encodesLikeReference() throws {
        let ours = try KindProof.attributes(KindProof.information(VethLink(peer: Self.peer)))
        let theirs = try KindProof.attributes(VethLinkFixtures.added)
        #expect(ours.first == theirs.first)
        #expect(ours.last?.rawType == theirs.last?.rawType)
        let our = try #require(try KindProof.attributes(ours.last?.payload ?? []).first)
        let their = try #require(try KindProof.attributes(theirs.last?.payload ?? []).first)
        #expect(our.rawType == their.rawType)
        #expect(our.payload.prefix(16) == their.payload.prefix(16))
        #expect(
            try Set(KindProof.attributes(Array(our.payload.dropFirst(16))))
                == Set(KindProof.attributes(Array(their.payload.dropFirst(16)))))
        #expect(try KindProof.information(VethLink()) == VethLinkFixtures.bare)
    }

    @Test("the other end's namespace goes with it") func target() throws {
        let bytes = try KindProof.data(VethLink(peer: Link(name: "b0"), in: LinkTarget(.descriptor(7))))
        let peer = try #require(try KindProof.attributes(bytes).first)
        let attributes = try KindProof.attributes(Array(peer.payload.dropFirst(16)))
        #expect(attributes.contains(UnknownAttribute(rawType: 28, payload: [7, 0, 0, 0])))
        let unnamed = try KindProof.data(VethLink(in: LinkTarget(.pid(1))))
        #expect(try KindProof.numbers(unnamed) == [1])
    }

    @Test("nothing is sent where nothing differs") func changes() throws {
        let link = VethLink(peer: Self.peer)
        #expect(try KindProof.data(link, changing: link).isEmpty)
        #expect(try !KindProof.data(link, changing: VethLink()).isEmpty)
        var update = Link(name: "v0", kind: VethLink())
        update.index = 45
        // An empty data attribute would be refused: the kernel cannot change this kind.
        #expect(try KindProof.numbers(KindProof.contents(of: 18, in: UpdateLink(update))) == [1])
    }

    @Test("an unknown attribute is kept") func unknown() throws {
        try KindProof.checkUnknown(VethLink.self) { $0.unknown }
        try KindProof.checkTable(VethLink())
    }
}

@Suite("Netkit links") struct NetkitLinkTests {
    static let full: NetkitLink = {
        var link = NetkitLink()
        link.mode = .l2
        link.policy = .blackhole
        link.scrub = NetkitLink.Scrub.none
        link.peerPolicy = .blackhole
        link.peerScrub = .normal
        return link
    }()

    @Test("every option is sent as iproute2 sends it") func encodesLikeReference() throws {
        var link = Self.full
        var peer = Link(name: "nk1")
        peer.index = 49
        peer.mtu = 1400
        link.peer = peer
        let ours = try KindProof.attributes(KindProof.information(link))
        let theirs = try KindProof.attributes(NetkitLinkFixtures.added)
        #expect(ours.first == theirs.first)
        let our = try KindProof.attributes(ours.last?.payload ?? [])
        let their = try KindProof.attributes(theirs.last?.payload ?? [])
        #expect(our.dropLast() == their.dropLast())
        #expect(our.last?.rawType == their.last?.rawType)
        #expect(our.last?.payload.prefix(16) == their.last?.payload.prefix(16))
        #expect(
            try Set(KindProof.attributes(Array(our.last?.payload.dropFirst(16) ?? [])))
                == Set(KindProof.attributes(Array(their.last?.payload.dropFirst(16) ?? []))))
    }

    @Test("what the kernel reports is decoded, at both ends") func decodesReport() throws {
        let link = try KindProof.decode(NetkitLink.self, NetkitLinkFixtures.reported)
        var expected = Self.full
        expected.headroom = 0
        expected.tailroom = 0
        expected.pairing = .pair
        #expect(link.settings == expected)
        #expect(link.state.isPrimary == true)
        let peer = try KindProof.decode(NetkitLink.self, NetkitLinkFixtures.reportedPeer)
        #expect(peer.state.isPrimary == false)
        #expect(peer.scrub == .normal)
        #expect(peer.peerScrub == NetkitLink.Scrub.none)
        #expect(link.unknown.isEmpty)
    }

    @Test("every option changes the message, alone") func options() throws {
        try KindProof.checkOptions([
            KindOption<NetkitLink>("mode", 5) { $0.mode = .l3 },
            KindOption<NetkitLink>("policy", 3) { $0.policy = .forward },
            KindOption<NetkitLink>("scrub", 6) { $0.scrub = .normal },
            KindOption<NetkitLink>("headroom", 8) { $0.headroom = 1 },
            KindOption<NetkitLink>("tailroom", 9) { $0.tailroom = 2 },
            KindOption<NetkitLink>("pairing", 10) { $0.pairing = .single },
            KindOption<NetkitLink>("peer policy", 4) { $0.peerPolicy = .blackhole },
            KindOption<NetkitLink>("peer scrub", 7) { $0.peerScrub = NetkitLink.Scrub.none },
            KindOption<NetkitLink>("peer", 1, isReported: false) {
                $0.peer = Link(name: "nk1")
                $0.peerTarget = LinkTarget(.descriptor(3))
            },
        ])
    }

    @Test("short bytes are refused") func truncations() throws {
        try KindProof.checkTruncations(NetkitLink.self, NetkitLinkFixtures.reported)
    }

    @Test("an unknown attribute is kept") func unknown() throws {
        try KindProof.checkUnknown(NetkitLink.self, NetkitLinkFixtures.reported) { $0.unknown }
        try KindProof.checkTable(Self.full)
    }
}
