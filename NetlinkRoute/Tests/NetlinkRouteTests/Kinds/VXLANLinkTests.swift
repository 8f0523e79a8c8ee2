// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkRoute

@Suite("VXLAN tunnels") struct VXLANLinkTests {
    /// The options of ``VXLANLinkFixtures/unicast``.
    static let unicast: VXLANLink = {
        var tunnel = VXLANLink(id: 6)
        tunnel.tos = 4
        tunnel.ttl = 5
        tunnel.fragmentation = .forbidden
        tunnel.device = 12
        tunnel.isProxy = true
        tunnel.shortCircuitsRoutes = true
        tunnel.notifiesAddressMisses = true
        tunnel.notifiesRouteMisses = true
        tunnel.ageingTime = .seconds(500)
        tunnel.addressLimit = 100
        tunnel.checksums = false
        tunnel.local = "10.0.0.1"
        tunnel.remote = "10.0.0.2"
        tunnel.learns = false
        tunnel.port = 4790
        return tunnel
    }()

    /// The options of ``VXLANLinkFixtures/overIPv6``.
    static let overIPv6: VXLANLink = {
        var tunnel = VXLANLink(id: 8)
        tunnel.inheritsTTL = true
        tunnel.hasGroupPolicy = true
        tunnel.flowLabel = 5
        tunnel.omitsIPv6ChecksumsSending = true
        tunnel.allowsIPv6ChecksumsMissing = true
        tunnel.offloadsChecksumsSending = true
        tunnel.offloadsChecksumsReceiving = true
        tunnel.local = "2001:db8::1"
        tunnel.remote = "2001:db8::2"
        tunnel.learns = true
        tunnel.port = 4792
        return tunnel
    }()

    @Test("every option is sent as iproute2 sends it") func encodesLikeReference() throws {
        #expect(try KindProof.information(Self.unicast) == VXLANLinkFixtures.unicast)
        #expect(try KindProof.information(Self.overIPv6) == VXLANLinkFixtures.overIPv6)
        var tunnel = VXLANLink(id: 12)
        tunnel.sourcePorts = VXLANLink.PortRange(low: 5000, high: 6000)
        tunnel.learns = true
        tunnel.port = 4799
        #expect(try KindProof.information(tunnel) == VXLANLinkFixtures.ports)
        tunnel = VXLANLink()
        tunnel.isExternal = true
        tunnel.filtersVNIs = true
        tunnel.learns = false
        tunnel.port = 4793
        #expect(try KindProof.information(tunnel) == VXLANLinkFixtures.external)
        tunnel = VXLANLink()
        tunnel.hasProtocolExtension = true
        tunnel.isExternal = true
        tunnel.learns = false
        tunnel.port = 4794
        #expect(try KindProof.information(tunnel) == VXLANLinkFixtures.extended)
        tunnel = VXLANLink(id: 9)
        tunnel.bypassesLocally = false
        tunnel.reservedBits = 0x0100_0000_0000_0002
        tunnel.learns = true
        tunnel.port = 4795
        #expect(try KindProof.information(tunnel) == VXLANLinkFixtures.bits)
    }

    @Test("what the kernel reports is decoded") func decodesReport() throws {
        var expected = Self.unicast
        expected.inheritsTTL = false
        expected.flowLabel = 0
        expected.flowLabelPolicy = .fixed
        expected.isExternal = false
        expected.omitsIPv6ChecksumsSending = false
        expected.allowsIPv6ChecksumsMissing = false
        expected.offloadsChecksumsSending = false
        expected.offloadsChecksumsReceiving = false
        expected.bypassesLocally = true
        expected.sourcePorts = VXLANLink.PortRange(low: 0, high: 0)
        expected.reservedBits = 0xf7ff_ffff_0000_00ff
        let unicast = try KindProof.decode(VXLANLink.self, VXLANLinkFixtures.reported)
        #expect(unicast == expected)
        expected.offloadsChecksumsReceiving = nil
        #expect(unicast.settings == expected)

        let overIPv6 = try KindProof.decode(VXLANLink.self, VXLANLinkFixtures.reportedIPv6)
        #expect(overIPv6.local == "2001:db8::1")
        #expect(overIPv6.remote == "2001:db8::2")
        #expect(overIPv6.inheritsTTL == true)
        #expect(overIPv6.flowLabel == 5)
        #expect(overIPv6.hasGroupPolicy)
        #expect(overIPv6.omitsIPv6ChecksumsSending == true)
        let external = try KindProof.decode(VXLANLink.self, VXLANLinkFixtures.reportedExternal)
        #expect(external.isExternal == true)
        #expect(external.filtersVNIs == true)
        #expect(external.remote == nil)
    }

    @Test("every option changes the message, alone") func options() throws {
        try KindProof.checkOptions(Self.options)
    }

    static let options: [KindOption<VXLANLink>] = [
        .init("id", 1) { $0.id = 1 },
        .init("remote", 16) { $0.remote = "2001:db8::9" },
        .init("local", 17) { $0.local = "2001:db8::8" },
        .init("device", 3) { $0.device = 9 },
        .init("TTL", 5) { $0.ttl = 64 },
        .init("inherited TTL", 28) { $0.inheritsTTL = true },
        .init("TOS", 6) { $0.tos = 1 },
        .init("learning", 7) { $0.learns = false },
        .init("ageing time", 8) { $0.ageingTime = .seconds(1) },
        .init("limit", 9) { $0.addressLimit = 1 },
        .init("source ports", 10) { $0.sourcePorts = .init(low: 1, high: 2) },
        .init("proxy", 11) { $0.isProxy = true },
        .init("route short circuit", 12) { $0.shortCircuitsRoutes = true },
        .init("address misses", 13) { $0.notifiesAddressMisses = true },
        .init("route misses", 14) { $0.notifiesRouteMisses = true },
        .init("port", 15) { $0.port = 4789 },
        .init("checksums", 18) { $0.checksums = false },
        .init("no IPv6 checksums out", 19) { $0.omitsIPv6ChecksumsSending = true },
        .init("no IPv6 checksums in", 20) { $0.allowsIPv6ChecksumsMissing = true },
        .init("checksum offload out", 21) { $0.offloadsChecksumsSending = true },
        .init("checksum offload in", 22) { $0.offloadsChecksumsReceiving = true },
        .init("group policy", 23) { $0.hasGroupPolicy = true },
        .init("full checksum offload", 24) { $0.offloadsChecksumsFully = true },
        .init("external", 25) { $0.isExternal = true },
        .init("flow label", 26) { $0.flowLabel = 7 },
        .init("protocol extension", 27) { $0.hasProtocolExtension = true },
        .init("fragmentation", 29) { $0.fragmentation = .inherited },
        .init("VNI filter", 30) { $0.filtersVNIs = true },
        .init("local bypass", 31) { $0.bypassesLocally = false },
        .init("flow label policy", 32) { $0.flowLabelPolicy = .inherited },
        .init("reserved bits", 33) { $0.reservedBits = 1 },
        .init("multicast routing", 34) { $0.routesMulticast = true },
    ]

    @Test("IPv4 addresses go in their own attributes") func addressFamilies() throws {
        var tunnel = VXLANLink()
        tunnel.remote = "10.0.0.1"
        #expect(try KindProof.numbers(KindProof.data(tunnel)) == [2])
        tunnel.local = "10.0.0.2"
        #expect(try KindProof.numbers(KindProof.data(tunnel)) == [4, 2])
    }

    @Test("what the kernel would refuse is named") func validates() {
        func refuses(_ change: (inout VXLANLink) -> Void) {
            var tunnel = VXLANLink(id: 1)
            change(&tunnel)
            #expect(throws: NetlinkError.self) { try tunnel.validate() }
        }
        #expect(throws: Never.self) { try Self.unicast.validate() }
        #expect(throws: Never.self) { try Self.overIPv6.validate() }
        refuses { $0.id = 0x100_0000 }
        refuses { $0.flowLabel = 0x10_0000 }
        refuses {
            $0.local = "10.0.0.1"
            $0.remote = "::1"
        }
        refuses { $0.local = "239.0.0.1" }
        refuses { $0.sourcePorts = .init(low: 2, high: 1) }
    }

    @Test("short bytes are refused") func truncations() throws {
        // The inherited TTL is a flag in one direction and a byte in the other.
        try KindProof.checkTruncations(VXLANLink.self, VXLANLinkFixtures.reported, flexible: [28])
        try KindProof.checkTruncations(VXLANLink.self, VXLANLinkFixtures.reportedIPv6, flexible: [28])
    }

    @Test("an unknown attribute is kept") func unknown() throws {
        try KindProof.checkUnknown(VXLANLink.self, VXLANLinkFixtures.reported) { $0.unknown }
        try KindProof.checkTable(Self.unicast)
    }
}
