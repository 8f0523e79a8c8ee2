// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@testable import NetlinkCore

@Suite("Attribute paths") struct AttributePathTests {
    /// value at 24, name at 32, info at 40 {kind at 44, data at 56 {radius at 60, color at 68}}, list at 76 {1 at 80
    /// {weight at 84}, 2 at 92 {weight at 96}}, blob at 104.
    static let request: [UInt8] = {
        let message = FakeMessage(type: ItemFamily.newItem, flags: .request) { writer in
            writer.append(UInt64(0))
            writer.put(ItemAttribute.value, UInt32(1))
            writer.put(ItemAttribute.name, "abc")
            writer.nest(ItemAttribute.info) { writer in
                writer.put(InfoAttribute.kind, "round")
                writer.nest(InfoAttribute.data) { writer in
                    writer.put(RoundAttribute.radius, UInt32(1))
                    writer.put(RoundAttribute.color, UInt32(2))
                }
            }
            writer.nest(ItemAttribute.list) { writer in
                for number in [1, 2] as [UInt16] {
                    writer.nest(rawType: number) { $0.put(EntryAttribute.weight, UInt32(5)) }
                }
            }
            writer.put(ItemAttribute.blob, [1, 2, 3, 4, 5, 6, 7, 8])
        }
        return message.bytes(sequence: 1, port: 0)
    }()

    private func path(_ offset: Int, _ bytes: [UInt8] = request) -> String? {
        AttributePath(offset: offset, in: bytes.rawSpan, schema: ItemFamily.schema(of: 16))?.description
    }

    @Test(
        "an offset becomes the names of the attribute and the nests around it",
        arguments: [
            (24, "ITEM_VALUE"), (32, "ITEM_NAME"), (40, "ITEM_INFO"), (44, "ITEM_INFO/INFO_KIND"),
            (56, "ITEM_INFO/INFO_DATA"), (60, "ITEM_INFO/INFO_DATA/ROUND_RADIUS"),
            (68, "ITEM_INFO/INFO_DATA/ROUND_COLOR"), (76, "ITEM_LIST"), (80, "ITEM_LIST/1"),
            (84, "ITEM_LIST/1/ENTRY_WEIGHT"), (92, "ITEM_LIST/2"), (96, "ITEM_LIST/2/ENTRY_WEIGHT"), (104, "ITEM_BLOB"),
        ])
    func resolved(offset: Int, expected: String) {
        #expect(path(offset) == expected)
    }

    @Test("an offset at no attribute is no path", arguments: [-1, 0, 4, 16, 20, 116, 4096, .max, .min])
    func unresolved(offset: Int) {
        #expect(path(offset) == nil)
    }

    @Test("an offset between attributes is no path") func betweenAttributes() {
        let bytes = FakeMessage(type: 16) { writer in
            writer.append(UInt64(0))
            writer.put(ItemAttribute.blob, [1, 2, 3, 4, 5])
            writer.put(ItemAttribute.value, UInt32(1))
        }.bytes(sequence: 1, port: 0)
        #expect(path(33, bytes) == nil)
        #expect(path(36, bytes) == "ITEM_VALUE")
    }

    @Test("every offset of a request resolves or does not, without a trap", arguments: 0..<140)
    func everyOffset(offset: Int) {
        let path = path(offset)
        if offset % 4 != 0 { #expect(path == nil) }
    }

    @Test("hostile requests end the search", arguments: 0..<60) func hostile(seed: Int) {
        var generator = SplitMix(seed: UInt64(seed))
        let bytes = Array(Self.request.prefix(24)) + generator.bytes(upTo: 200, small: true)
        for offset in stride(from: 24, to: bytes.count, by: 1) { _ = path(offset, bytes) }
        let bomb = Array(Self.request.prefix(24)) + HostileScript.bomb(depth: 500)
        #expect(path(24 + 4 * 400, bomb) == nil)
        #expect(path(24 + 4 * 15, bomb) != nil)
    }

    @Test("without names the numbers remain; without a schema there is no path") func withoutNames() {
        let schema = MessageSchema("X", fixedByteCount: 8, attributes: nil)
        #expect(AttributePath(offset: 60, in: Self.request.rawSpan, schema: schema)?.description == "3/2/1")
        #expect(AttributePath(offset: 60, in: Self.request.rawSpan, schema: nil) == nil)
    }

    @Test("data of a kind that is not known has numbers") func unknownKind() {
        let bytes = FakeMessage(type: 16) { writer in
            writer.append(UInt64(0))
            writer.nest(ItemAttribute.info) { writer in
                writer.put(InfoAttribute.kind, "square")
                writer.nest(InfoAttribute.data) { $0.put(RoundAttribute.radius, UInt32(1)) }
            }
        }.bytes(sequence: 1, port: 0)
        #expect(path(44, bytes) == "ITEM_INFO/INFO_DATA/1")
    }

    @Test("a missing attribute is named in its nest") func missing() {
        var said = ExtendedAcknowledgement()
        said.missingType = 2
        said.missingNest = 56
        said.resolve(in: Self.request.rawSpan, schema: ItemFamily.schema(of: 16))
        #expect(said.missing?.description == "ITEM_INFO/INFO_DATA/ROUND_COLOR")
        said.missingNest = nil
        said.resolve(in: Self.request.rawSpan, schema: ItemFamily.schema(of: 16))
        #expect(said.missing?.description == "ITEM_NAME")
    }

    @Test("paths are equal when their steps are") func equality() {
        let named = AttributePath(offset: 24, in: Self.request.rawSpan, schema: ItemFamily.schema(of: 16))
        #expect(named == named)
        #expect(named != AttributePath(numbers: [1]))
        #expect(AttributePath(numbers: [1, 2]) == AttributePath(numbers: [1, 2]))
        #expect(AttributePath(numbers: [1, 2]) != AttributePath(numbers: [1]))
    }
}
