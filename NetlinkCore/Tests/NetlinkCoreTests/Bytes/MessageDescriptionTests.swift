// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@testable import NetlinkCore

@Suite("Messages in words") struct MessageDescriptionTests {
    private func describe(_ type: UInt16, _ flags: MessageFlags, _ payload: [UInt8] = []) -> String {
        let bytes = FakeMessage(type: type, flags: flags, payload: payload).bytes(sequence: 7, port: 9)
        return MessageDescription.describe(bytes.rawSpan, schema: ItemFamily.schema)
    }

    private func flags(_ type: UInt16, _ flags: MessageFlags) -> String {
        let line = describe(type, flags).split(separator: "\n").first ?? ""
        return line.split(separator: " ").dropLast(6).last.map(String.init) ?? ""
    }

    @Test("flags are named by what they mean in a get, a new, a delete and a reply") func flagNames() {
        #expect(flags(18, [.request, .dump]) == "request|dump")
        #expect(flags(18, [.request, .root]) == "request|root")
        #expect(flags(18, [.request, .match]) == "request|match")
        #expect(flags(16, [.request, .acknowledge, .create, .exclusive]) == "request|ack|excl|create")
        #expect(flags(16, [.request, .create, .replace]) == "request|replace|create")
        #expect(flags(16, [.request, .create, .append]) == "request|create|append")
        #expect(flags(17, [.request, .nonRecursive]) == "request|nonrec")
        #expect(flags(17, [.request, .bulk]) == "request|bulk")
        #expect(flags(16, [.multipart, .dumpInterrupted, .dumpFiltered]) == "multi|interrupted|filtered")
        #expect(flags(2, [.capped, .acknowledgementAttributes]) == "capped|tlvs")
        #expect(flags(16, [.request, .echo]) == "request|echo")
        #expect(flags(16, []) == "-")
        #expect(flags(16, MessageFlags(rawValue: 0xf040)) == "0xf040")
    }

    @Test("the first line has type, flags, numbers and length") func firstLine() {
        #expect(describe(18, [.request, .dump]) == "ITEM_GET request|dump seq 7 port 9 length 16\n")
        #expect(describe(99, .request) == "type 99 request seq 7 port 9 length 16\n")
        #expect(describe(1, []) == "NLMSG_NOOP - seq 7 port 9 length 16\n")
        #expect(describe(4, []) == "NLMSG_OVERRUN - seq 7 port 9 length 16\n")
    }

    @Test("attributes have names and values, nests are indented, kinds open their data") func attributes() {
        let message = FakeMessage(type: 16) { writer in
            writer.append(UInt64(0x0102_0304_0506_0708).bigEndian)
            writer.put(ItemAttribute.value, UInt32(300))
            writer.put(ItemAttribute.name, "x y")
            writer.nest(ItemAttribute.info, marked: false) { writer in
                writer.put(InfoAttribute.kind, "round")
                writer.nest(InfoAttribute.data, marked: false) { writer in
                    writer.put(RoundAttribute.radius, UInt16(5))
                    writer.put(RoundAttribute.color, UInt64(1) << 40)
                }
            }
            writer.nest(ItemAttribute.list) { writer in
                writer.nest(rawType: 1) { $0.put(EntryAttribute.weight, UInt8(3)) }
            }
            writer.put(ItemAttribute.blob, [1, 2, 3])
            writer.put(rawType: 77, [])
        }
        #expect(
            describe(16, [], message.payload) == """
                ITEM_NEW - seq 7 port 9 length 108
                    header 0102030405060708
                    ITEM_VALUE 300
                    ITEM_NAME "x y"
                    ITEM_INFO
                        INFO_KIND "round"
                        INFO_DATA
                            ROUND_RADIUS 5
                            ROUND_COLOR 1099511627776
                    ITEM_LIST
                        1
                            ENTRY_WEIGHT 3
                    ITEM_BLOB 010203
                    77 (empty)

                """)
    }

    @Test("data of an unknown kind is shown raw") func unknownKind() {
        let message = FakeMessage(type: 16) { writer in
            writer.append(UInt64(0))
            writer.nest(ItemAttribute.info) { writer in
                writer.put(InfoAttribute.kind, "square")
                writer.put(InfoAttribute.data, [1, 2, 3])
            }
        }
        #expect(describe(16, [], message.payload).hasSuffix("        INFO_KIND \"square\"\n        INFO_DATA 010203\n"))
    }

    @Test("errors and acknowledgements are said in words") func errors() {
        let refused = describe(2, [], hex("ef ff ff ff"))
        #expect(refused.contains("    error 17: File exists\n"))
        #expect(describe(2, [], hex("00 00 00 00")).contains("    no error\n"))
        #expect(describe(3, .multipart, hex("fc ff ff ff")).contains("    error 4: "))
        #expect(describe(2, [], hex("00 00 00 80")).contains("    error 2147483648: "))
        #expect(describe(2, []) == "NLMSG_ERROR - seq 7 port 9 length 16\n")
    }

    @Test("long values are cut, with their length") func longValue() {
        let text = describe(99, [], Array(repeating: 0xab, count: 100))
        #expect(text.contains(String(repeating: "ab", count: 64) + "… (100 bytes)"))
    }

    @Test("malformed bytes are said to be so, and what came before is shown") func malformed() {
        let cut = Array(FakeMessage(type: 16, payload: [1]).bytes(sequence: 1, port: 0).prefix(20)) + [1, 2]
        let text = MessageDescription.describe(cut.rawSpan, schema: ItemFamily.schema)
        #expect(text.hasPrefix("ITEM_NEW "))
        #expect(text.hasSuffix("malformed: 16 bytes needed, 2 there\n"))
        let attribute = describe(16, [], Array(repeating: 0, count: 8) + [9, 0, 1, 0])
        #expect(attribute.contains("    malformed: length 9 does not fit in 4 bytes in attribute 1\n"))
    }

    @Test("nests are followed sixteen deep and no further") func depth() {
        let payload = Array(repeating: UInt8(0), count: 8) + HostileScript.bomb(depth: 4000)
        let text = describe(16, [], payload)
        #expect(text.split(separator: "\n").count < 40)
    }

    @Test("how deep nests are followed may be said", arguments: [-1, 1, 2, 5, 16, 30, 64, 4000]) func saidDepth(
        depth: Int
    ) {
        let payload = Array(repeating: UInt8(0), count: 8) + HostileScript.bomb(depth: 100)
        let datagram = FakeMessage(type: 16, payload: payload).bytes(sequence: 1, port: 0)
        let text = MessageDescription.describe(datagram.rawSpan, depth: depth, schema: ItemFamily.schema)
        let expected = Swift.max(1, Swift.min(depth, 64))
        // The message, its header and a line for each nest.
        #expect(text.split(separator: "\n").count == 2 + expected)
    }

    @Test("a request prints itself, and one that cannot be encoded says why") func requests() {
        #expect(AddItem(Item(1, value: 5)).description.contains("ITEM_NEW request|ack|excl|create seq 0"))
        #expect(ListItems().description.contains("ITEM_GET request|dump"))
        #expect(GetItem(index: 4).description.contains("ITEM_GET request|ack"))
        var broken = AddItem(Item(1))
        broken.isRefusing = true
        #expect(broken.description.hasPrefix("add item: "))
        #expect(broken.description.contains("text with a NUL inside"))
    }

    @Test("a request's bytes are those that are sent") func messageBytes() throws {
        let bytes = try RemoveItem(index: 0x0102).messageBytes()
        let expected = FakeMessage(type: 17, flags: [.request, .acknowledge]) { Item(0x0102).encode(into: &$0) }
        #expect(bytes == expected.bytes(sequence: 0, port: 0))
        #expect(try ListItems().messageBytes()[6...7].elementsEqual(hex("01 03")))
    }
}
