// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import NetlinkCore

/// The bytes that the body writes into an empty writer.
func written(_ body: (inout MessageWriter) -> Void) -> [UInt8] {
    var writer = MessageWriter()
    body(&writer)
    return writer.bytes.array
}

/// The error that finishing throws after the body wrote.
func failure(capacity: Int = 4096, limit: Int = 1 << 20, _ body: (inout MessageWriter) -> Void) -> NetlinkError? {
    var writer = MessageWriter(capacity: capacity, limit: limit)
    body(&writer)
    do throws(NetlinkError) {
        try writer.finish()
        return nil
    } catch {
        return error
    }
}

@Suite("Writing messages") struct MessageWriterTests {
    /// Attribute bytes in host order from their little-endian form.
    private func host(_ length: UInt16, _ type: UInt16, _ payload: [UInt8]) -> [UInt8] {
        host(length) + host(type) + payload
    }

    private func host<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        let bytes = (0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> T($0 * 8)) }
        return T(littleEndian: 1) == 1 ? bytes : bytes.reversed()
    }

    @Test("the request of a real command comes out byte by byte") func realRequest() throws {
        // `ip link add link lo name v0 type vlan id 5000`, iproute2 6.15 under strace.
        let captured = hex(
            """
            48 00 00 00 10 00 05 06 5e 4d 01 6b 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
            08 00 05 00 01 00 00 00 07 00 03 00 76 30 00 00
            18 00 12 00 08 00 01 00 76 6c 61 6e 0c 00 02 00 06 00 01 00 88 13 00 00
            """)
        var writer = MessageWriter()
        writer.beginMessage(
            type: 16, flags: [.request, .acknowledge, .create, .exclusive], sequence: 0x6b01_4d5e)
        writer.structure(16) { _ in }
        writer.put(ItemAttribute(rawValue: 5), UInt32(1))
        writer.put(ItemAttribute(rawValue: 3), "v0")
        writer.nest(ItemAttribute(rawValue: 18), marked: false) { writer in
            writer.put(InfoAttribute.kind, unterminated: "vlan")
            writer.nest(InfoAttribute.data, marked: false) { writer in
                writer.put(RoundAttribute.radius, UInt16(5000))
            }
        }
        writer.endMessage()
        try writer.finish()
        #expect(writer.bytes.array == captured)
    }

    @Test("integers stand in host byte order and are padded to four bytes") func integers() {
        #expect(written { $0.put(ItemAttribute.value, UInt8(0xab)) } == host(5, 1, [0xab, 0, 0, 0]))
        #expect(written { $0.put(ItemAttribute.value, UInt16(0x1234)) } == host(6, 1, host(UInt16(0x1234)) + [0, 0]))
        #expect(written { $0.put(ItemAttribute.value, UInt32(0x1234_5678)) } == host(8, 1, host(UInt32(0x1234_5678))))
        #expect(written { $0.put(ItemAttribute.value, Int64(-2)) } == host(12, 1, host(Int64(-2))))
    }

    @Test("a value that is nil writes nothing") func nothing() {
        let bytes = written { writer in
            writer.put(ItemAttribute.value, UInt32?.none)
            writer.put(ItemAttribute.value, bigEndian: UInt16?.none)
            writer.put(ItemAttribute.value, unsigned: nil)
            writer.put(ItemAttribute.value, signed: nil)
            writer.put(ItemAttribute.value, Bool?.none)
            writer.put(ItemAttribute.name, String?.none)
            writer.put(ItemAttribute.name, unterminated: nil)
            writer.put(ItemAttribute.blob, [UInt8]?.none)
            writer.put(ItemAttribute.blob, Bitfield32?.none)
            writer.put(ItemAttribute.value, ControlMessageType?.none)
            writer.put(flag: ItemAttribute.value, false)
            writer.put(UnknownAttributes())
        }
        #expect(bytes.isEmpty)
    }

    @Test("integers in network byte order are the same everywhere") func bigEndian() {
        #expect(
            written { $0.put(ItemAttribute.value, bigEndian: UInt16(0x1234)) } == host(6, 1, [0x12, 0x34, 0, 0]))
        #expect(
            written { $0.put(ItemAttribute.value, bigEndian: UInt32(0x1234_5678)) }
                == host(8, 1, [0x12, 0x34, 0x56, 0x78]))
        #expect(
            written { $0.put(ItemAttribute.value, bigEndian: Int64(-2)) }
                == host(12, 1, Array(repeating: 0xff, count: 7) + [0xfe]))
    }

    @Test("variable-width integers are as narrow as their value allows") func variableWidth() {
        #expect(written { $0.put(ItemAttribute.value, unsigned: 0xffff_ffff) } == host(8, 1, [0xff, 0xff, 0xff, 0xff]))
        #expect(
            written { $0.put(ItemAttribute.value, unsigned: 0x1_0000_0000) } == host(12, 1, host(UInt64(0x1_0000_0000)))
        )
        #expect(written { $0.put(ItemAttribute.value, signed: -1) } == host(8, 1, [0xff, 0xff, 0xff, 0xff]))
        #expect(written { $0.put(ItemAttribute.value, signed: Int64(Int32.min)) } == host(8, 1, host(Int32.min)))
        #expect(
            written { $0.put(ItemAttribute.value, signed: Int64(Int32.min) - 1) }
                == host(12, 1, host(Int64(Int32.min) - 1)))
        #expect(
            written { $0.put(ItemAttribute.value, signed: Int64(Int32.max) + 1) }
                == host(12, 1, host(Int64(Int32.max) + 1)))
    }

    @Test("truth values are one byte") func truth() {
        #expect(written { $0.put(ItemAttribute.value, true) } == host(5, 1, [1, 0, 0, 0]))
        #expect(written { $0.put(ItemAttribute.value, false) } == host(5, 1, [0, 0, 0, 0]))
    }

    @Test("text has a NUL when asked for, which counts in the length") func text() {
        #expect(written { $0.put(ItemAttribute.name, "lo") } == host(7, 2, [0x6c, 0x6f, 0, 0]))
        #expect(written { $0.put(ItemAttribute.name, "eth") } == host(8, 2, [0x65, 0x74, 0x68, 0]))
        #expect(written { $0.put(ItemAttribute.name, "") } == host(5, 2, [0, 0, 0, 0]))
        #expect(written { $0.put(ItemAttribute.name, unterminated: "lo") } == host(6, 2, [0x6c, 0x6f, 0, 0]))
        #expect(written { $0.put(ItemAttribute.name, unterminated: "eth0") } == host(8, 2, [0x65, 0x74, 0x68, 0x30]))
        #expect(written { $0.put(ItemAttribute.name, "é") } == host(7, 2, [0xc3, 0xa9, 0, 0]))
    }

    @Test("text with a NUL inside is refused, with its path") func textWithNUL() {
        let error = failure { writer in
            writer.nest(ItemAttribute.info) { $0.put(InfoAttribute.kind, "a\0b") }
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.path?.elements.map(\.number) == [3, 1])
        #expect(failure { $0.put(ItemAttribute.name, unterminated: "\0") }?.code == .invalidArgument)
    }

    @Test("bytes are padded, and their padding does not count") func bytes() {
        #expect(written { $0.put(ItemAttribute.blob, [1, 2, 3, 4, 5]) } == host(9, 5, [1, 2, 3, 4, 5, 0, 0, 0]))
        #expect(written { $0.put(ItemAttribute.blob, []) } == host(4, 5, []))
        let source: [UInt8] = [9, 8]
        #expect(written { $0.put(ItemAttribute.blob, source.rawSpan) } == host(6, 5, [9, 8, 0, 0]))
        #expect(written { $0.put(rawType: 0xc005, [7]) } == host(5, 0xc005, [7, 0, 0, 0]))
    }

    @Test("flags are attributes without a value") func flags() {
        #expect(written { $0.put(flag: ItemAttribute.value) } == host(4, 1, []))
    }

    @Test("a bitfield is its value, then its selector") func bitfield() {
        #expect(
            written { $0.put(ItemAttribute.value, Bitfield32(value: 1, selector: 3)) }
                == host(12, 1, host(UInt32(1)) + host(UInt32(3))))
    }

    @Test("raw values of open sets are written as their integers") func openSets() {
        #expect(
            written { $0.put(ItemAttribute.value, ControlMessageType.done) } == host(6, 1, host(UInt16(3)) + [0, 0]))
        #expect(written { $0.put(ItemAttribute.value, MessageFlags.dump) } == host(6, 1, host(UInt16(0x300)) + [0, 0]))
    }

    @Test("nests carry the length of what is inside, and their mark when asked for") func nests() {
        #expect(
            written { writer in
                writer.nest(ItemAttribute.info) { writer in
                    writer.put(InfoAttribute.kind, "ab")
                    writer.nest(InfoAttribute.data, marked: false) { $0.put(RoundAttribute.radius, UInt8(1)) }
                }
                writer.put(ItemAttribute.value, UInt32(7))
            }
                == host(24, 0x8003, host(7, 1, [0x61, 0x62, 0, 0]) + host(12, 2, host(5, 1, [1, 0, 0, 0])))
                + host(8, 1, host(UInt32(7))))
        #expect(written { $0.nest(ItemAttribute.info) { _ in } } == host(4, 0x8003, []))
        #expect(written { $0.nest(rawType: 7) { _ in } } == host(4, 7, []))
    }

    @Test("a nest whose body throws leaves nothing behind") func throwingNest() {
        struct Refusal: Error {}
        let bytes = written { writer in
            writer.put(ItemAttribute.value, UInt32(1))
            do {
                try writer.nest(ItemAttribute.info) { (writer: inout MessageWriter) throws(Refusal) in
                    writer.put(InfoAttribute.kind, "x")
                    throw Refusal()
                }
            } catch {}
            writer.put(ItemAttribute.value, UInt32(2))
        }
        #expect(bytes == host(8, 1, host(UInt32(1))) + host(8, 1, host(UInt32(2))))
    }

    @Test("fixed structures are zero but for their fields, and padded") func structures() {
        let bytes = written { writer in
            writer.structure(7) { structure in
                structure.store(UInt16(0x0102), at: 1)
                structure.store([9, 9, 9].rawSpan, at: 5)
            }
        }
        #expect(bytes == [0] + host(UInt16(0x0102)) + [0, 0, 9, 9, 0])
        #expect(
            written { $0.put(ItemAttribute.blob, structure: 6) { $0.store(UInt8(5), at: 5) } }
                == host(10, 5, [0, 0, 0, 0, 0, 5, 0, 0]))
    }

    @Test("a field outside its structure is a programming mistake", arguments: [-1, 5, 8])
    func outsideStructure(offset: Int) async {
        await #expect(processExitsWith: .failure) { [offset] in
            var writer = MessageWriter()
            writer.structure(8) { $0.store(UInt32(1), at: offset) }
        }
    }

    @Test("only what is set and differs from the base is written") func changes() {
        #expect(written { $0.put(ItemAttribute.value, UInt32(1), changing: nil) } == host(8, 1, host(UInt32(1))))
        #expect(written { $0.put(ItemAttribute.value, UInt32(1), changing: 2) } == host(8, 1, host(UInt32(1))))
        let bytes = written { writer in
            writer.put(ItemAttribute.value, UInt32(1), changing: 1)
            writer.put(ItemAttribute.value, UInt32?.none, changing: 1)
            writer.put(ItemAttribute.value, bigEndian: UInt16(1), changing: 1)
            writer.put(ItemAttribute.value, true, changing: true)
            writer.put(ItemAttribute.value, Bool?.none, changing: true)
            writer.put(ItemAttribute.name, "a", changing: "a")
            writer.put(ItemAttribute.name, String?.none, changing: "a")
            writer.put(ItemAttribute.blob, [1], changing: [1])
            writer.put(ItemAttribute.blob, [UInt8]?.none, changing: [1])
            writer.put(ItemAttribute.value, ControlMessageType.done, changing: .done)
        }
        #expect(bytes.isEmpty)
        #expect(written { $0.put(ItemAttribute.value, bigEndian: UInt16(1), changing: 2) } == host(6, 1, [0, 1, 0, 0]))
        #expect(written { $0.put(ItemAttribute.value, false, changing: true) } == host(5, 1, [0, 0, 0, 0]))
        #expect(written { $0.put(ItemAttribute.name, "b", changing: "a") } == host(6, 2, [0x62, 0, 0, 0]))
        #expect(written { $0.put(ItemAttribute.blob, [2], changing: [1]) } == host(5, 5, [2, 0, 0, 0]))
        #expect(
            written { $0.put(ItemAttribute.value, ControlMessageType.done, changing: .error) }
                == host(6, 1, host(UInt16(3)) + [0, 0]))
    }

    @Test("a message knows its length, and the next begins aligned") func messages() {
        var writer = MessageWriter()
        for sequence in [7, 8] as [UInt32] {
            writer.beginMessage(type: 0x10, flags: .request, sequence: sequence, port: 9)
            writer.append(UInt8(0xee))
            writer.endMessage()
        }
        let one = host(UInt32(17)) + host(UInt16(0x10)) + host(UInt16(1))
        let bytes =
            one + host(UInt32(7)) + host(UInt32(9)) + [0xee, 0, 0, 0] + one + host(UInt32(8)) + host(UInt32(9))
            + [0xee, 0, 0, 0]
        #expect(writer.bytes.array == bytes)
        #expect(writer.count == 40)
    }
}

@Suite("Limits of writing") struct MessageWriterLimitTests {
    @Test("the longest attribute is written; one byte more is refused with its path") func longAttribute() {
        var writer = MessageWriter()
        writer.put(ItemAttribute.blob, Array(repeating: 1, count: 65_531))
        #expect(writer.bytes.loadChecked(0, as: UInt16.self) == 65_535)
        #expect(writer.count == 65_536)

        let error = failure { writer in
            writer.nest(ItemAttribute.info) { $0.put(InfoAttribute.data, Array(repeating: 1, count: 65_532)) }
        }
        #expect(error?.code == .messageTooLong)
        #expect(error?.path?.elements.map(\.number) == [3, 2])
    }

    @Test("long text and long raw attributes are refused too") func longText() {
        #expect(failure { $0.put(ItemAttribute.name, String(repeating: "a", count: 65_530)) } == nil)
        #expect(failure { $0.put(ItemAttribute.name, String(repeating: "a", count: 65_531)) }?.code == .messageTooLong)
        #expect(
            failure { $0.put(rawType: 0x8001, Array(repeating: 0, count: 65_532)) }?.path?.elements.map(\.number) == [1]
        )
    }

    @Test("a nest over its length is refused with its path, whatever is inside it") func longNest() {
        let error = failure { writer in
            writer.nest(ItemAttribute.info) { writer in
                writer.nest(InfoAttribute.data) { writer in
                    for _ in 0..<20 { writer.put(RoundAttribute.radius, Array(repeating: 0, count: 4000)) }
                }
            }
        }
        #expect(error?.code == .messageTooLong)
        #expect(error?.path?.elements.map(\.number) == [3, 2])
    }

    @Test("the longest nest is written") func longestNest() {
        let error = failure { writer in
            writer.nest(ItemAttribute.info) { writer in
                writer.put(InfoAttribute.data, Array(repeating: 0, count: 65_524))
            }
        }
        #expect(error == nil)
        #expect(
            failure { writer in
                writer.nest(ItemAttribute.info) { writer in
                    writer.put(InfoAttribute.data, Array(repeating: 0, count: 65_528))
                }
            }?.code == .messageTooLong)
    }

    @Test("a message over the limit is refused, and nothing more is written") func longMessage() {
        var writer = MessageWriter(capacity: 64, limit: 128)
        writer.append(zeros: 100)
        writer.put(ItemAttribute.blob, Array(repeating: 1, count: 40))
        let count = writer.count
        writer.put(ItemAttribute.value, UInt8(1))
        writer.append(UInt8(1))
        writer.nest(ItemAttribute.info) { $0.put(InfoAttribute.kind, "x") }
        #expect(writer.count == count)
        let error = netlinkError { () throws(NetlinkError) in try writer.finish() }
        #expect(error?.code == .messageTooLong)
        #expect(error?.path?.elements.isEmpty == true)
        #expect(writer.bytes.byteCount <= 128)
    }

    @Test("the first failure is the one that is thrown, again and again") func firstFailure() {
        var writer = MessageWriter()
        writer.put(ItemAttribute.name, "\0")
        writer.put(ItemAttribute.blob, Array(repeating: 0, count: 70_000))
        for _ in 0..<2 {
            #expect(netlinkError { () throws(NetlinkError) in try writer.finish() }?.code == .invalidArgument)
        }
    }

    @Test("removing all forgets a failure") func removeAll() throws {
        var writer = MessageWriter()
        writer.put(ItemAttribute.value, UInt32(1))
        writer.fail(NetlinkError(.busy))
        writer.removeAll()
        #expect(writer.count == 0)
        try writer.finish()
        writer.put(ItemAttribute.value, UInt8(1))
        #expect(writer.count == 8)
    }

    @Test("growing keeps what was written", arguments: [1, 63, 64, 65, 1000, 5000])
    func growing(count: Int) {
        var writer = MessageWriter(capacity: 1)
        for index in 0..<count { writer.append(UInt8(truncatingIfNeeded: index)) }
        #expect(writer.bytes.array == (0..<count).map { UInt8(truncatingIfNeeded: $0) })
    }

    @Test("an attribute behind bytes that are not aligned stays inside the buffer", arguments: 0..<16)
    func unaligned(shift: Int) {
        // The capacity is no multiple of four, so that padding reaches its end.
        var writer = MessageWriter(capacity: 65 + shift % 4, limit: 65 + shift % 4)
        for _ in 0..<(48 + shift) { writer.append(UInt8(0xee)) }
        writer.put(ItemAttribute.value, UInt32(1))
        #expect(writer.count <= writer.limit)
    }
}
