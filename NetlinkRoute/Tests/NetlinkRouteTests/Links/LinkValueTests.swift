// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkRoute

@Suite("Links as values") struct LinkValueTests {
    @Test("a copy is a link of its own") func copies() {
        var first = Link(name: "a0", kind: BridgeLink())
        first.state.alternativeNames = ["other"]
        first.families = LinkFamilies()
        let before = first
        var second = first
        second.mtu = 9000
        second.state.alternativeNames.append("third")
        second.families?.ipv4.options[.forwarding] = 1
        second.unknown.keep(UnknownAttribute(rawType: 999, payload: [1]))
        #expect(first == before && first.hashValue == before.hashValue && first != second)
        #expect(first.mtu == nil && first.state.alternativeNames == ["other"] && first.unknown.isEmpty)
        #expect(first.families?.ipv4.options[.forwarding] == nil)
        #expect(second.mtu == 9000 && second.state.alternativeNames == ["other", "third"])
        #expect(second.families?.ipv4.options[.forwarding] == 1 && second.name == "a0")
    }

    @Test("equal links are equal wherever they are kept") func equals() {
        var first = Link(name: "a0")
        var second = Link(name: "a0")
        #expect(first == second && first.hashValue == second.hashValue)
        first.setFlag(.up, true)
        #expect(first != second)
        second.isUp = true
        #expect(first == second && Set([first, second]).count == 1)
    }

    // What moves through arrays, tasks and streams.
    @Test("links and events are small") func sizes() {
        #expect(MemoryLayout<Link>.size == 8)
        #expect(MemoryLayout<RouteEvent>.size <= 96)
    }

    @Test("a kind without data is read, whatever stands behind it") func readsKinds() throws {
        var writer = MessageWriter()
        LinkHeader().encode(into: &writer)
        writer.nest(LinkAttribute.information) { writer in
            writer.put(LinkInformationAttribute.kind, "veth")
            writer.put(LinkInformationAttribute.portKind, "bridge")
        }
        let link = try decodeLink(writer.bytes.array)
        #expect(link.kind?.as(VethLink.self) != nil && link.portKind?.as(BridgePort.self) != nil)
    }

    private func decodeLink(_ payload: [UInt8]) throws -> Link {
        let header = MessageHeader(
            length: UInt32(MessageHeader.byteCount + payload.count), type: RouteMessageType.newLink.rawValue, flags: [],
            sequence: 0, port: 0)
        let bytes = header.bytes + payload
        var reader = MessageReader(bytes.rawSpan)
        while let message = try reader.next() { return try Link(decoding: message) }
        throw DecodeError(.truncated, expected: 1, actual: 0)
    }
}
