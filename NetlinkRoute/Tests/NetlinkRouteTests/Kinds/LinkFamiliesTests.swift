// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkRoute

@Suite("Address families of links") struct LinkFamiliesTests {
    private static func families(_ bytes: [UInt8], _ family: AddressFamily = .unspecified) throws -> LinkFamilies {
        try LinkFamilies(bytes.rawSpan, family: family)
    }

    /// The contents of `IFLA_AF_SPEC` in a request that changes a link.
    private static func sent(_ families: LinkFamilies, changing base: LinkFamilies? = nil) throws -> [UInt8] {
        var link = Link(index: 12)
        link.families = families
        var before: Link?
        if let base {
            before = Link(index: 12)
            before?.families = base
        }
        return try KindProof.contents(of: 26, in: UpdateLink(link, from: before))
    }

    @Test("settings are sent as iproute2 sends them") func encodesLikeReference() throws {
        var families = LinkFamilies()
        families.ipv6.addressGenerationMode = IPv6LinkSettings.AddressGenerationMode.none
        #expect(try Self.sent(families) == LinkFamiliesFixtures.mode)
        families = LinkFamilies()
        families.ipv6.token = "::1:2"
        #expect(try Self.sent(families) == LinkFamiliesFixtures.token)
    }

    /// The kernel takes a numbered list (`inet_set_link_af`); iproute2 never sends one.
    @Test("IPv4 options are sent as a numbered list") func encodesOptions() throws {
        var families = LinkFamilies()
        families.ipv4.options[.reversePathFilter] = 2
        families.ipv4.options[.forwarding] = 1
        families.ipv4.options[.mediumID] = -1
        #expect(
            try Self.sent(families) == [
                32, 0, 2, 0, 28, 0, 1, 0,
                8, 0, 1, 0, 1, 0, 0, 0, 8, 0, 8, 0, 2, 0, 0, 0, 8, 0, 14, 0, 0xff, 0xff, 0xff, 0xff,
            ])
    }

    @Test("what the kernel reports is decoded") func decodesReport() throws {
        let families = try Self.families(LinkFamiliesFixtures.reported)
        #expect(families.ipv4.options[.forwarding] == 0)
        #expect(families.ipv4.options[.acceptRedirects] == 1)
        #expect(families.ipv4.options[.igmpV2Interval] == 10000)
        #expect(families.ipv4.options[.igmpV3Interval] == 1000)
        #expect(families.ipv4.options[.arpEvictWithoutCarrier] == 1)
        #expect(families.ipv4.options.all.count == 33)
        #expect(families.ipv4.options[IPv4LinkOption(rawValue: 34)] == nil)
        #expect(families.ipv4.options[IPv4LinkOption(rawValue: 0)] == nil)
        #expect(families.ipv6.addressGenerationMode == IPv6LinkSettings.AddressGenerationMode.none)
        #expect(families.ipv6.token == nil)
        let state = families.ipv6.state
        #expect(state.flags == 0)
        #expect(state.options[.hopLimit] == 64)
        #expect(state.options[.mtu] == 1500)
        #expect(state.options[.routerSolicitations] == -1)
        #expect(state.options[.temporaryValidLifetime] == 172_800)
        #expect(state.options[.ioamWideID] == -1)
        #expect(state.options.all.count == 60)
        #expect(state.cache?.maximumReassembly == 65535)
        #expect(state.cache?.retransmissionTime == .seconds(1))
        #expect(state.cache.map { $0.reachableTime > .seconds(14) && $0.reachableTime < .seconds(46) } == true)
        #expect(state.counters.isEmpty)
        #expect(families.unknown.isEmpty)
        #expect(families.settings.ipv6.state == IPv6LinkSettings.State())
    }

    /// Put together from `IPSTATS_MIB_*`: the first counter is how many there are.
    @Test("counters are decoded") func decodesCounters() throws {
        var writer = MessageWriter()
        writer.nest(rawType: 10) { writer in
            writer.put(rawType: 3, [2, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 1])
            writer.put(rawType: 6, [1, 0, 0, 0, 0, 0, 0, 0])
            writer.put(rawType: 9, [0xdc, 5, 0, 0])
        }
        let state = try Self.families(writer.bytes.array).ipv6.state
        #expect(state.counters == [2, 0x0100_0000_0000_0009])
        #expect(state.icmpCounters == [1])
        #expect(state.advertisedMTU == 1500)
    }

    @Test("only what differs is sent, and what is reported only never") func changes() throws {
        let base = try Self.families(LinkFamiliesFixtures.reported)
        #expect(try Self.sent(base, changing: base).isEmpty)
        var changed = base
        changed.ipv6.state.flags = 7
        #expect(try Self.sent(changed, changing: base).isEmpty)
        changed.ipv4.options[.forwarding] = 1
        #expect(try Self.sent(changed, changing: base) == [16, 0, 2, 0, 12, 0, 1, 0, 8, 0, 1, 0, 1, 0, 0, 0])
        changed = base
        changed.ipv6.token = .any
        #expect(try KindProof.numbers(Self.sent(changed, changing: base)) == [10])
    }

    @Test("options are a set of what is present") func options() {
        var options = LinkOptions<IPv4LinkOption>()
        #expect(options.isEmpty)
        options[.forwarding] = 0
        options[.reversePathFilter] = 1
        #expect(options[.forwarding] == 0)
        #expect(options[.proxyARP] == nil)
        #expect(options.all.map(\.option) == [.forwarding, .reversePathFilter])
        options[.reversePathFilter] = nil
        var other = LinkOptions<IPv4LinkOption>()
        other[.forwarding] = 0
        #expect(options == other)
        options[.forwarding] = nil
        #expect(options == LinkOptions())
        options[IPv4LinkOption(rawValue: 60_000)] = 1
        #expect(options.isEmpty)
    }

    @Test("families that are not modelled are kept, and so is what bridges have instead") func unknown() throws {
        var writer = MessageWriter()
        writer.put(rawType: 45, [8, 0, 1, 0, 1, 0, 0, 0])
        let families = try Self.families(writer.bytes.array)
        #expect(families.unknown.elements == [UnknownAttribute(rawType: 45, payload: [8, 0, 1, 0, 1, 0, 0, 0])])
        var link = Link(name: "x0")
        link.families = families
        #expect(try KindProof.contents(of: 26, in: AddLink(link)) == writer.bytes.array)
        #expect(try Self.sent(families, changing: LinkFamilies()).isEmpty)
        let bridge = try Self.families([1, 2, 3], .bridge)
        #expect(bridge.bridge == [1, 2, 3])
        #expect(try Self.sent(bridge).isEmpty)
    }

    @Test("short bytes are refused") func truncations() throws {
        let bytes = LinkFamiliesFixtures.reported
        // The end of the IPv4 nest is the one boundary within.
        for cut in 1..<bytes.count where cut != 136 + 4 {
            #expect(throws: DecodeError.self, "cut at \(cut)") { try Self.families(Array(bytes.prefix(cut))) }
        }
        for number: UInt16 in [1, 5, 7, 8, 9] {
            var writer = MessageWriter()
            writer.nest(rawType: 10) { $0.put(rawType: number, []) }
            let short = writer.bytes.array
            #expect(throws: DecodeError.self, "attribute \(number)") { try Self.families(short) }
        }
    }
}

@Suite("Virtual functions") struct VirtualFunctionTests {
    private static func functions(_ bytes: [UInt8]) throws -> [VirtualFunction] {
        try VirtualFunction.list(bytes.rawSpan)
    }

    private static func sent(_ settings: [VirtualFunctionSettings]) throws -> [UInt8] {
        var link = Link(index: 12)
        link.virtualFunctionSettings = settings
        return try KindProof.contents(of: 22, in: UpdateLink(link))
    }

    @Test("settings are sent as iproute2 sends them") func encodesLikeReference() throws {
        var function = VirtualFunctionSettings(index: 1)
        function.address = "02:00:00:00:00:07"
        function.vlan = VirtualFunction.VLAN(id: 5, priority: 3, protocolType: .dot1AD)
        function.transmitRate = 100
        function.checksSpoofing = true
        function.isTrusted = true
        function.linkState = .up
        function.allowsScalingQuery = true
        #expect(try Self.sent([function]) == VirtualFunctionFixtures.address)
        function = VirtualFunctionSettings(index: 0)
        function.vlan = VirtualFunction.VLAN(id: 7, priority: 2)
        function.checksSpoofing = false
        function.rate = VirtualFunction.Rate(minimum: 100, maximum: 200)
        #expect(try Self.sent([function]) == VirtualFunctionFixtures.rate)
        function.vlan?.protocolType = .dot1Q
        #expect(try Self.sent([function]) == VirtualFunctionFixtures.rate)
        function = VirtualFunctionSettings(index: 0)
        function.nodeGUID = 0x1122_3344_5566_7788
        function.portGUID = 0x1122_3344_5566_7799
        #expect(try Self.sent([function]) == VirtualFunctionFixtures.guids)
    }

    @Test("what the kernel reports is decoded, and goes back") func decodesReport() throws {
        let functions = try Self.functions(VirtualFunctionFixtures.reported)
        #expect(functions.count == 2)
        let first = try #require(functions.first)
        let second = try #require(functions.last)
        #expect(first.index == 0)
        #expect(first.address == "00:00:00:00:00:00")
        #expect(first.broadcast == .broadcast)
        #expect(first.vlans == [VirtualFunction.VLAN(id: 7, priority: 2, protocolType: .dot1Q)])
        #expect(first.rate == VirtualFunction.Rate(minimum: 100, maximum: 200))
        #expect(first.transmitRate == 200)
        #expect(first.checksSpoofing == false)
        #expect(first.linkState == .automatic)
        #expect(second.index == 1)
        #expect(second.address == "02:00:00:00:00:07")
        #expect(second.vlans == [VirtualFunction.VLAN(id: 5, priority: 3, protocolType: .dot1AD)])
        #expect(second.rate == VirtualFunction.Rate(minimum: 0, maximum: 100))
        #expect(second.checksSpoofing == true)
        #expect(second.linkState == .up)
        #expect(second.allowsScalingQuery == true)
        #expect(second.isTrusted == true)
        #expect(second.nodeGUID == nil)
        #expect(second.statistics == nil)
        #expect(second.unknown.isEmpty)
        let settings = second.settings
        #expect(settings.index == 1)
        #expect(settings.address == second.address)
        #expect(settings.vlan == second.vlans.first)
        #expect(settings.rate == second.rate)
        #expect(settings.isTrusted == true)
    }

    /// Put together from `struct ifla_vf_*` of the headers: what netdevsim does not report.
    @Test("identifiers, counters and unsupported settings are decoded") func decodesRest() throws {
        var writer = MessageWriter()
        writer.nest(rawType: 1) { writer in
            writer.put(rawType: 1, [3, 0, 0, 0] + (1...20).map { UInt8($0) } + [UInt8](repeating: 0, count: 12))
            writer.put(rawType: 2, [3, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0])
            writer.put(rawType: 4, [3, 0, 0, 0, 0xff, 0xff, 0xff, 0xff])
            writer.put(rawType: 10, [3, 0, 0, 0, 0, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1])
            writer.put(rawType: 11, [3, 0, 0, 0, 0, 0, 0, 0, 9, 7, 6, 5, 4, 3, 2, 1])
            writer.nest(rawType: 8) { writer in
                for number: UInt16 in [0, 1, 2, 3, 4, 5, 7, 8] {
                    writer.put(rawType: number, [UInt8(number) + 1, 0, 0, 0, 0, 0, 0, 0])
                }
            }
            writer.put(rawType: 0x3fee, [1])
        }
        let function = try #require(try Self.functions(writer.bytes.array).first)
        #expect(function.index == 3)
        #expect(function.address?.byteCount == 20)
        #expect(function.vlans == [VirtualFunction.VLAN(id: 9, priority: 1)])
        #expect(function.checksSpoofing == nil)
        #expect(function.nodeGUID == 0x0102_0304_0506_0708)
        #expect(function.portGUID == 0x0102_0304_0506_0709)
        #expect(function.statistics?.receivedPackets == 1)
        #expect(function.statistics?.sentPackets == 2)
        #expect(function.statistics?.receivedBytes == 3)
        #expect(function.statistics?.sentBytes == 4)
        #expect(function.statistics?.broadcast == 5)
        #expect(function.statistics?.multicast == 6)
        #expect(function.statistics?.receiveDropped == 8)
        #expect(function.statistics?.sendDropped == 9)
        #expect(function.unknown.elements.count == 1)
    }

    @Test("several virtual functions go in one list") func list() throws {
        let bytes = try Self.sent([VirtualFunctionSettings(index: 0), VirtualFunctionSettings(index: 1)])
        #expect(try KindProof.attributes(bytes).map(\.rawType) == [1, 1])
        #expect(try Self.sent([]).isEmpty)
    }

    @Test("what the kernel would refuse is named") func validates() {
        var link = Link(index: 1)
        var function = VirtualFunctionSettings(index: 0)
        function.vlan = VirtualFunction.VLAN(id: 4096)
        link.virtualFunctionSettings = [function]
        #expect(throws: NetlinkError.self) { try link.validate() }
        function.vlan = VirtualFunction.VLAN(id: 1, priority: 8)
        link.virtualFunctionSettings = [function]
        #expect(throws: NetlinkError.self) { try link.validate() }
    }

    @Test("short bytes are refused") func truncations() throws {
        let bytes = VirtualFunctionFixtures.reported
        for cut in 1..<bytes.count where cut != bytes.count / 2 {
            #expect(throws: DecodeError.self, "cut at \(cut)") {
                try Self.functions(Array(bytes.prefix(cut)))
            }
        }
        let first = try #require(try KindProof.attributes(bytes).first)
        for attribute in try KindProof.attributes(first.payload) {
            for length in 0..<attribute.payload.count where !(attribute.number == 12 && length == 0) {
                var writer = MessageWriter()
                writer.nest(rawType: 1) {
                    $0.put(rawType: attribute.rawType, Array(attribute.payload.prefix(length)))
                }
                let short = writer.bytes.array
                #expect(throws: DecodeError.self, "attribute \(attribute.number) of \(length) bytes") {
                    try Self.functions(short)
                }
            }
        }
    }
}

@Suite("XDP attachments") struct XDPAttachmentTests {
    private static func sent(_ attachment: XDPAttachment) throws -> [UInt8] {
        var link = Link(index: 12)
        link.xdp = attachment
        return try KindProof.contents(of: 43, in: UpdateLink(link))
    }

    @Test("a detachment is sent as iproute2 sends it") func encodesLikeReference() throws {
        #expect(try Self.sent(XDPAttachment(.none, flags: .unlessAttached)) == XDPAttachmentFixtures.off)
        #expect(try Self.sent(XDPAttachment(.none, flags: .generic)) == XDPAttachmentFixtures.generic)
    }

    @Test("a program and the one it replaces go by their descriptors") func descriptors() throws {
        var attachment = XDPAttachment(.descriptor(9), flags: [.driver, .replace])
        attachment.expected = .descriptor(8)
        #expect(
            try Self.sent(attachment) == [8, 0, 1, 0, 9, 0, 0, 0, 8, 0, 3, 0, 20, 0, 0, 0, 8, 0, 8, 0, 8, 0, 0, 0])
        #expect(try Self.sent(XDPAttachment(.descriptor(9))) == [8, 0, 1, 0, 9, 0, 0, 0])
    }

    @Test("a path without a program is not found") func missingProgram() {
        #expect(throws: NetlinkError.self) { try XDPProgram(pinnedAt: "/nowhere/program") }
        #expect(throws: NetlinkError.self) { try XDPProgram(pinnedAt: "a\u{0}b") }
    }
}
