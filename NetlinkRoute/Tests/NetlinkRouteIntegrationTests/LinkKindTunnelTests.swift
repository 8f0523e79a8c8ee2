// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

@Suite("VXLAN tunnels on a kernel") struct LinkKindTunnelTests {
    @Test(
        "a tunnel over IPv4 has all its options",
        .enabled(if: has(VXLANLink(id: 1), with: \.reservedBits) && has("dummy"))) func overIPv4() throws
    {
        let bench = try KindBench()
        let device = try bench.dummy("d0")
        let other = try bench.dummy("d1")
        var tunnel = VXLANLink(id: 6)
        tunnel.tos = 4
        tunnel.ttl = 5
        tunnel.fragmentation = .forbidden
        tunnel.device = device
        tunnel.sourcePorts = VXLANLink.PortRange(low: 5000, high: 6000)
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
        tunnel.offloadsChecksumsSending = true
        tunnel.offloadsChecksumsReceiving = true
        tunnel.offloadsChecksumsFully = true
        tunnel.hasGroupPolicy = true
        tunnel.bypassesLocally = false
        tunnel.routesMulticast = true
        // Linux 7.2 takes multicast routing and does not report it.
        try bench.checkRoundTrip(tunnel, ignoring: ["routesMulticast"])
        // Any change makes Linux 7.2 compute the reserved bits anew.
        try bench.checkUpdates(
            VXLANLink.self, ignoring: ["reservedBits", "routesMulticast"],
            [
                { $0.ageingTime = .seconds(30) }, { $0.remote = "10.0.0.9" }, { $0.local = "10.0.0.8" },
                { $0.ttl = 9 }, { $0.tos = 8 }, { $0.fragmentation = .allowed }, { $0.learns = true },
                { $0.bypassesLocally = true }, { $0.routesMulticast = false }, { $0.device = other },
            ])
    }

    @Test(
        "a tunnel over IPv6 has all its options",
        .enabled(if: has(VXLANLink(id: 1), with: \.reservedBits) && has("dummy"))) func overIPv6() throws
    {
        let bench = try KindBench()
        var tunnel = VXLANLink(id: 8)
        tunnel.inheritsTTL = true
        tunnel.flowLabel = 5
        tunnel.flowLabelPolicy = .inherited
        tunnel.omitsIPv6ChecksumsSending = true
        tunnel.allowsIPv6ChecksumsMissing = true
        tunnel.local = "2001:db8::1"
        tunnel.remote = "2001:db8::2"
        tunnel.port = 4792
        tunnel.reservedBits = 0x0000_0000_0000_0003
        try bench.checkRoundTrip(tunnel)
        try bench.checkUpdates(
            VXLANLink.self, ignoring: ["reservedBits"],
            [{ $0.remote = "2001:db8::3" }, { $0.flowLabel = 6 }, { $0.flowLabelPolicy = .fixed }])
    }

    @Test(
        "a tunnel without a fixed other end has all its options",
        .enabled(if: has(VXLANLink(id: 1), with: \.reservedBits) && has("dummy"))) func external() throws
    {
        let bench = try KindBench()
        var tunnel = VXLANLink()
        tunnel.isExternal = true
        tunnel.filtersVNIs = true
        tunnel.learns = false
        tunnel.port = 4793
        try bench.checkRoundTrip(tunnel)
        tunnel = VXLANLink()
        tunnel.isExternal = true
        tunnel.hasProtocolExtension = true
        tunnel.learns = false
        tunnel.port = 4794
        try bench.checkRoundTrip(tunnel, named: "k1")
    }
}

@Suite("Families, virtual functions and programs on a kernel") struct LinkKindSettingTests {
    @Test("IPv4 options and the IPv6 address mode are changed", .enabled(if: has("dummy"))) func families() throws {
        let bench = try KindBench()
        try bench.dummy("d0")
        let base = try bench.read("d0")
        #expect(base.families?.ipv4.options[.forwarding] != nil)
        #expect(base.families?.ipv6.state.options[.hopLimit] == 64)
        #expect(base.families?.ipv6.state.counters.isEmpty == false)
        var change = base
        change.families?.ipv4.options[.reversePathFilter] = 2
        change.families?.ipv4.options[.tag] = 77
        change.families?.ipv6.addressGenerationMode = .random
        try bench.connection.perform(UpdateLink(change, from: base))
        let after = try bench.read("d0")
        #expect(after.families?.ipv4.options[.reversePathFilter] == 2)
        #expect(after.families?.ipv4.options[.tag] == 77)
        #expect(after.families?.ipv6.addressGenerationMode == .random)
        // All that was read is taken back.
        try bench.set("d0") { $0.families = after.families?.settings }
        #expect(try bench.read("d0").families?.settings == after.families?.settings)
    }

    @Test("an IPv6 token is set and taken away", .enabled(if: has("veth"))) func token() throws {
        let bench = try KindBench()
        try bench.connection.perform(AddLink(Link(name: "v0", kind: VethLink())))
        try bench.set("v0") { $0.isUp = true }
        var families = LinkFamilies()
        families.ipv6.token = "::1:2"
        try bench.set("v0") { $0.families = families }
        #expect(try bench.read("v0").families?.ipv6.token == "::1:2")
        families.ipv6.token = .any
        try bench.set("v0") { $0.families = families }
        #expect(try bench.read("v0").families?.ipv6.token == nil)
    }

    @Test("a program of a path is attached and detached", .enabled(if: LinkKindProgram.isAvailable)) func xdp() throws {
        let bench = try KindBench()
        try bench.connection.perform(AddLink(Link(name: "v0", kind: VethLink())))
        let program = try LinkKindProgram()
        defer { program.unpin() }
        let pinned = try XDPProgram(pinnedAt: program.path)
        try bench.set("v0") { $0.xdp = XDPAttachment(.pinned(pinned), flags: [.generic, .unlessAttached]) }
        let state = try #require(try bench.read("v0").state.xdp)
        #expect(state.attachment == .generic)
        #expect(state.programID != nil)
        #expect(state.genericProgramID == state.programID)
        // A second one only where none is.
        #expect(throws: NetlinkError.self) {
            try bench.set("v0") { $0.xdp = XDPAttachment(.pinned(pinned), flags: [.generic, .unlessAttached]) }
        }
        // In place of the one that is expected.
        try bench.set("v0") {
            $0.xdp = XDPAttachment(.descriptor(pinned.descriptor), flags: [.generic, .replace])
            $0.xdp?.expected = .pinned(pinned)
        }
        try bench.set("v0") { $0.xdp = XDPAttachment(.none, flags: .generic) }
        #expect(try bench.read("v0").state.xdp?.attachment == XDPState.Attachment.none)
        #expect(try bench.read("v0").state.xdp?.programID == nil)
    }
}
