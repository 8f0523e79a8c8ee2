// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkTestSupport
import Testing

@testable import NetlinkRoute

// Links of Linux 7.2 as it tells them, captured with strace; families, map and statistics left out.
@Suite("Links as the kernel tells them") struct LinkDecodingTests {
    static let rich =
        "880100001000000000000000000000000000010028000000c303010000000000070003007830000014003480080035006f6e6500"
        + "0800350074776f0008000d0009000000050010000000000005001100010000000500430000000000080004007805000008003200"
        + "00000000080033000000000008001b002a00000008001e000200000008003d000200000008001f00030000000800280063000000"
        + "0800290060ea000008003a005fea000008003f00409c000008004000419c000008003b000000010008003c00ffff000008004200"
        + "00000000080020000400000008000a00130000000500210001000000090014007465787400000000080023000000000008002f00"
        + "0000000008003000000000000600440000000000060045000000000005002700000000000a00010002000000000100000a000200"
        + "ffffffffffff00000c002b000500020000000000280012000a00010064756d6d790000000b00040062726964676500000c000500"
        + "08000300640000000c0006006e6f71756575650004003e8004004180"
    static let heldDown =
        "4401000010000000000000000000000000000100290000000210000000000000080003007678300008000d00e803000005001000"
        + "020000000500110000000000050043000000000008000400dc050000080032004400000008003300ffff000008001b0000000000"
        + "08001e000000000008003d000000000008001f000100000008002800ffff0000080029000000010008003a000000010008003f00"
        + "00000100080040000000010008003b000000010008003c00ffff0000080042000000000008002000010000000500210000000000"
        + "080023000100000008002f000000000008003000010000000600440040000000060045000000000005002700010000000c003780"
        + "08000200080000000a0001006236489848a000000a000200ffffffffffff00000c002b000500020000000000090006006e6f6f70"
        + "0000000004003e8004004180"
    static let parentElsewhere =
        "48010000100000000000000000000000000001002a000000021000000000000008000300766c300008000d00e803000005001000"
        + "02000000050011000000000005004300000000000800040078050000080032000000000008003300ffff000008001b0000000000"
        + "08001e000000000008003d000000000008001f000100000008002800ffff0000080029000000010008003a000000010008003f00"
        + "00000100080040000000010008003b000000010008003c00ffff0000080042000000000008002000010000000500210000000000"
        + "080023000000000008002f000000000008003000000000000600440004000000060045000000000005002700000000000a000100"
        + "02000000000100000a000200ffffffffffff00000c002b0005000200000000000800250000000000080005001300000009000600"
        + "6e6f6f700000000004003e8004004180"

    static let all = [rich, heldDown, parentElsewhere]

    private static func read(_ digits: String) throws -> Link { try LinkTests.link(captured(digits)) }

    @Test("a link is read whole") func whole() throws {
        let link = try Self.read(Self.rich)
        #expect(link.index == 40 && link.name == "x0" && link.type == .ethernet && link.isUp)
        #expect(link.flags == [.up, .broadcast, .running, .noARP, .promiscuous, .allMulticast, .lowerUp])
        #expect(link.mtu == 1400 && link.transmitQueueLength == 9 && link.group == 42 && link.alias == "text")
        #expect(link.address == "02:00:00:00:00:01" && link.broadcast == "ff:ff:ff:ff:ff:ff")
        #expect(link.master == 19 && link.parent == nil && link.parentNamespaceID == nil)
        #expect(link.transmitQueueCount == 3 && link.receiveQueueCount == 4)
        #expect(link.gsoMaxSize == 60000 && link.gsoMaxSegments == 99 && link.groMaxSize == 59999)
        #expect(link.gsoIPv4MaxSize == 40000 && link.groIPv4MaxSize == 40001)
        #expect(link.mode == .dormant && link.operationalState == .unknown && link.carrier == true)
        #expect(link.protocolDown == false && link.protocolDownReasons == nil)
        #expect(link.kind?.as(DummyLink.self) == DummyLink() && link.portKind?.name == "bridge")
        #expect(link.portKind?.as(BridgePort.self)?.cost == 100)
        #expect(link.unknown.isEmpty && link.families == nil && link.xdp == nil)

        let state = link.state
        #expect(state.alternativeNames == ["one", "two"] && state.qdisc == "noqueue")
        #expect(state.promiscuity == 2 && state.allMulticastCount == 2 && state.carrierChanges == 0)
        #expect(state.carrierUpCount == 0 && state.carrierDownCount == 0)
        #expect(state.minimumMTU == 0 && state.maximumMTU == 0)
        #expect(state.tsoMaxSize == 65536 && state.tsoMaxSegments == 65535)
        #expect(state.maximumPacingOffloadHorizon == 0 && state.isNamespaceImmutable == false)
        #expect(state.headroom == 0 && state.tailroom == 0)
        #expect(state.xdp?.attachment == XDPState.Attachment.none && state.xdp?.programID == nil)
        #expect(state.devlinkPort == [] && state.dpllPin == [] && state.family == .unspecified)
    }

    @Test("what holds a link down, and where its parent is, are read") func parents() throws {
        let held = try Self.read(Self.heldDown)
        #expect(held.protocolDown == true && held.protocolDownReasons == ProtocolDownReasons(value: 8))
        #expect(held.operationalState == .down && !held.isUp && held.state.minimumMTU == 68)
        #expect(held.state.carrierChanges == 1 && held.state.carrierDownCount == 1)
        #expect(held.state.headroom == 64)
        let vlan = try Self.read(Self.parentElsewhere)
        #expect(vlan.parent == 19 && vlan.parentNamespaceID == 0 && vlan.state.tailroom == 0)
    }

    @Test("every counter is read from its own place, and one that an old kernel lacks is zero") func counters() throws {
        func message(_ count: Int) throws -> Link {
            var writer = MessageWriter()
            writer.beginMessage(type: RouteMessageType.newLink.rawValue, flags: [], sequence: 0)
            LinkHeader().encode(into: &writer)
            writer.put(LinkAttribute.statistics, (0..<count).flatMap { [UInt8($0 + 1), 0, 0, 0, 0, 0, 0, 1] })
            writer.endMessage()
            return try LinkTests.link(writer.bytes.array)
        }
        func values(_ statistics: LinkStatistics?) -> [UInt64] {
            statistics.map { Mirror(reflecting: $0).children.compactMap { $0.value as? UInt64 } } ?? []
        }
        let order = values(try message(25).state.statistics)
        // In the order of `struct rtnl_link_stats64`, which is that of the properties.
        #expect(order.count == 25 && order == (1...25).map { littleEndianOrHost(UInt64($0)) })
        #expect(values(try message(23).state.statistics).suffix(2) == [0, 0])
        #expect(values(try message(0).state.statistics) == [UInt64](repeating: 0, count: 25))
        #expect(values(try message(30).state.statistics) == order)
    }

    private func littleEndianOrHost(_ value: UInt64) -> UInt64 { UInt64(littleEndian: value | 1 << 56) }

    @Test("every truncation is read or refused, never more", arguments: all)
    func truncation(_ digits: String) {
        for bytes in truncations(of: captured(digits)) {
            do { _ = try LinkTests.link(bytes) } catch { #expect(error is DecodeError) }
        }
    }

    @Test("an attribute of a wrong length is refused, not read beyond its end") func shortAttributes() throws {
        let message = try LinkTests.message(captured(Self.rich))
        // Texts and addresses have no length of their own; nests, flags and what is kept as bytes neither.
        let flexible: Set<UInt16> = [1, 2, 3, 6, 18, 20, 43, 52, 62, 65]
        for attribute in message.attributes where !flexible.contains(attribute.number) {
            for length in 0..<attribute.payload.count {
                var writer = MessageWriter()
                writer.beginMessage(type: 16, flags: [], sequence: 0)
                writer.append(message.header.rawSpan)
                writer.put(rawType: attribute.rawType, Array(attribute.payload.prefix(length)))
                writer.endMessage()
                let bytes = writer.bytes.array
                #expect(throws: DecodeError.self, "attribute \(attribute.number) of \(length) bytes") {
                    try LinkTests.link(bytes)
                }
            }
        }
    }

    @Test("an unknown attribute is kept, goes back when a link is made, and stays out of changes") func unknown() throws
    {
        let strange = UnknownAttribute(rawType: 0x4123, payload: [1, 2, 3])
        let link = try LinkTests.link(appending(strange, to: captured(Self.rich)))
        #expect(link.unknown.elements == [strange])
        #expect(try LinkTests.message(AddLink(link.settings)).attributes.contains(strange))
        #expect(try !LinkTests.message(UpdateLink(link)).attributes.contains(strange))
        #expect(try !LinkTests.message(UpdateLink(link, from: Link())).attributes.contains(strange))
    }

    @Test("what a kind, a port and families do not model stays out of every change") func unknownInside() throws {
        let strange = UnknownAttribute(rawType: 0x3f23, payload: [7, 7, 7, 7])
        func keeping(_ unknown: inout UnknownAttributes) { unknown.keep(strange) }
        var bridge = BridgeLink()
        bridge.priority = 5
        keeping(&bridge.unknown)
        var port = BondPort()
        port.queueID = 3
        keeping(&port.unknown)
        var link = Link(name: "br0", kind: bridge)
        link.portKind = AnyLinkKind(port)
        var families = LinkFamilies()
        families.ipv4.options[.forwarding] = 1
        keeping(&families.unknown)
        link.families = families
        func holds(_ command: some Command<RouteProtocol>) throws -> Bool {
            let bytes = try command.messageBytes()
            return bytes.indices.dropLast(3).contains { bytes[$0..<$0 + 4] == [7, 7, 7, 7] }
        }
        #expect(try holds(AddLink(link)))
        #expect(try holds(AddLink(link, replaces: true)))
        #expect(try !holds(UpdateLink(link)))
        #expect(try !holds(UpdateLink(link, from: Link(index: 1))))
        // All that was set is sent all the same.
        let sent = try LinkTests.link(UpdateLink(link).messageBytes())
        #expect(sent.kind?.as(BridgeLink.self)?.priority == 5 && sent.portKind?.as(BondPort.self)?.queueID == 3)
    }

    @Test("what is only reported is never sent, and a difference in it is none") func reported() throws {
        let link = try Self.read(Self.rich)
        var other = link
        other.state = LinkState()
        #expect(other != link && other.settings == link.settings)
        #expect(try UpdateLink(other, from: link).messageBytes().count == 32)
        // Alternative names, root queueing discipline, counts, limits.
        let numbers = try LinkTests.message(AddLink(link)).attributes.map(\.number)
        #expect(
            Set(numbers).isDisjoint(with: [
                6, 14, 23, 30, 35, 43, 47, 48, 50, 51, 52, 59, 60, 61, 62, 65, 66, 67, 68, 69,
            ]))
        #expect(numbers.count == Set(numbers).count)
    }

    @Test("what a link was read as, sent to make it, is read as the same") func roundTrip() throws {
        for digits in Self.all {
            let link = try Self.read(digits)
            var back = try LinkTests.link(AddLink(link.settings).messageBytes())
            // The type is the driver's.
            back.type = link.type
            #expect(back.settings == link.settings)
        }
    }

    @Test("a nest of kinds in an order of nobody's is read without harm") func strangeKinds() throws {
        func link(_ body: (inout MessageWriter) -> Void) throws -> Link {
            var writer = MessageWriter()
            writer.beginMessage(type: RouteMessageType.newLink.rawValue, flags: [], sequence: 0)
            LinkHeader().encode(into: &writer)
            writer.nest(LinkAttribute.information, body)
            writer.endMessage()
            return try LinkTests.link(writer.bytes.array)
        }
        // Data without a kind says nothing; a kind that nobody knows keeps its bytes.
        let headless = try link { $0.put(LinkInformationAttribute.data, [1, 2, 3]) }
        #expect(headless.kind == nil && headless.portKind == nil)
        let foreign = try link { writer in
            writer.put(LinkInformationAttribute.kind, "rather-new")
            writer.put(LinkInformationAttribute.data, [1, 2, 3])
            writer.put(LinkInformationAttribute.portKind, "newer")
            writer.put(LinkInformationAttribute.portData, [4])
        }
        #expect(foreign.kind?.name == "rather-new" && foreign.kind?.data == [1, 2, 3] && foreign.kind?.value == nil)
        #expect(foreign.portKind?.name == "newer" && foreign.portKind?.data == [4])
        let back = try LinkTests.link(AddLink(foreign).messageBytes())
        #expect(back.kind == foreign.kind && back.portKind == foreign.portKind)
    }
}
