// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@Suite("Reading attributes") struct AttributeReaderTests {
    /// The request of `ip link add link lo name v0 type vlan id 5000`, behind its header; iproute2 6.15.
    static let attributes = hex(
        """
        08 00 05 00 01 00 00 00 07 00 03 00 76 30 00 00
        18 00 12 00 08 00 01 00 76 6c 61 6e 0c 00 02 00 06 00 01 00 88 13 00 00
        """)

    struct Found: Equatable {
        var types: [UInt16] = []
        var payloads: [[UInt8]] = []
        var error: DecodeError?
        var isAtEnd = false
    }

    static func read(_ bytes: [UInt8]) -> Found {
        var found = Found()
        var reader = AttributeReader<ItemAttribute>(bytes.rawSpan)
        do throws(DecodeError) {
            while let attribute = try reader.next() {
                found.types.append(attribute.rawType)
                found.payloads.append(attribute.payload.array)
                if found.types.count > bytes.count { break }
            }
        } catch {
            found.error = error
        }
        do throws(DecodeError) { found.isAtEnd = try reader.next() == nil } catch {}
        return found
    }

    @Test("integers that stand one after the other are appended, a part of one left out") func integers() {
        let bytes = hex("01 00 00 00 02 00 00 00 03 00")
        var words: [UInt32] = [9]
        words.append(integersOf: bytes.rawSpan)
        #expect(words == [9, 1, 2] || UInt16(1).littleEndian != 1)
        words = []
        // Where nothing is aligned.
        words.append(integersOf: bytes.rawSpan.bytes(from: 1))
        #expect(words.count == 2 && words[0] == 0x0200_0000 || UInt16(1).littleEndian != 1)
        words = []
        words.append(integersOf: bytes.rawSpan.bytes(from: 7))
        words.append(integersOf: bytes.rawSpan.bytes(from: 10))
        #expect(words.isEmpty)
    }

    @Test("attributes come in order, padding skipped, nests opened by type") func order() throws {
        let found = Self.read(Self.attributes)
        #expect(found.types == [5, 3, 18])
        #expect(found.payloads[0] == [1, 0, 0, 0])
        #expect(found.payloads[1] == [0x76, 0x30, 0])
        #expect(found.error == nil)

        var reader = AttributeReader<ItemAttribute>(Self.attributes.rawSpan)
        _ = try reader.next()
        _ = try reader.next()
        guard let info = try reader.next() else {
            Issue.record("three attributes")
            return
        }
        var inner: AttributeReader<InfoAttribute> = info.nested()
        guard let kind = try inner.next() else {
            Issue.record("a kind")
            return
        }
        #expect(kind.id == .kind)
        #expect(kind.string() == "vlan")
        guard let data = try inner.next() else {
            Issue.record("data")
            return
        }
        #expect(data.id == .data)
        var innermost = data.nested(RoundAttribute.self)
        guard let id = try innermost.next() else {
            Issue.record("an id")
            return
        }
        #expect(try id.integer(UInt16.self) == 5000)
        #expect(try innermost.next() == nil)
        #expect(try inner.next() == nil)
    }

    @Test("flag bits are not part of the number", arguments: [0x0012, 0x8012, 0x4012, 0xc012] as [UInt16])
    func flagBits(type: UInt16) {
        withAttribute([4, 0, UInt8(type & 0xff), UInt8(type >> 8)]) { attribute in
            #expect(attribute.id.rawValue == 0x12)
            #expect(attribute.rawType == type)
            #expect(attribute.isMarkedNested == (type & 0x8000 != 0))
            #expect(attribute.payload.byteCount == 0)
        }
    }

    @Test("the greatest number keeps its fourteen bits") func greatestNumber() {
        withAttribute([4, 0, 0xff, 0xff]) { #expect($0.id.rawValue == 0x3fff) }
    }

    @Test("every truncation is an error after the attributes that are whole", arguments: 0..<40)
    func truncation(count: Int) {
        let found = Self.read(Array(Self.attributes.prefix(count)))
        // The padding of the name may be missing.
        let whole = count >= 15 ? 2 : count >= 8 ? 1 : 0
        #expect(found.types.count == whole)
        #expect((found.error == nil) == [0, 8, 15, 16].contains(count))
        #expect(found.isAtEnd)
    }

    @Test("a length that lies ends the walk with one error", arguments: [0, 1, 3, 9, 0xfffc, 0xffff] as [UInt16])
    func lyingLength(length: UInt16) {
        let bytes = [UInt8(length & 0xff), UInt8(length >> 8), 0x12, 0x80, 1, 2, 3, 4]
        let found = Self.read(bytes)
        #expect(found.types.isEmpty)
        #expect(found.error == DecodeError(.invalidLength, attribute: 0x12, expected: Int(length), actual: 8))
        #expect(found.isAtEnd)
    }

    @Test("rests shorter than a header are an error", arguments: 1...3)
    func shortRest(count: Int) {
        let found = Self.read([4, 0, 1, 0] + Array(repeating: 0, count: count))
        #expect(found.types == [1])
        #expect(found.error == DecodeError(.truncated, expected: 4, actual: count))
    }

    @Test("random bytes never trap and always end", arguments: 0..<200)
    func random(seed: Int) {
        var generator = SplitMix(seed: UInt64(seed))
        let bytes = generator.bytes(upTo: 200, small: seed % 2 == 0)
        let found = Self.read(bytes)
        #expect(found.types.count <= bytes.count / 4)
        #expect(found.isAtEnd)
    }
}

@Suite("Reading attribute values") struct AttributeValueTests {
    private func attribute(_ payload: [UInt8]) -> [UInt8] {
        [UInt8(payload.count + 4), 0, 5, 0] + payload
    }

    @Test("integers are read in host byte order from their first bytes") func integers() throws {
        try withAttribute(attribute([0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88])) { value throws(DecodeError) in
            #expect(try value.integer(UInt8.self) == 0x11)
            #expect(try value.integer(UInt16.self) == UInt16(littleEndian: 0x2211))
            #expect(try value.integer(UInt32.self) == UInt32(littleEndian: 0x4433_2211))
            #expect(try value.integer(UInt64.self) == UInt64(littleEndian: 0x8877_6655_4433_2211))
            #expect(try value.integer(Int16.self) == Int16(littleEndian: 0x2211))
        }
    }

    @Test("integers in network byte order are the same everywhere") func bigEndian() throws {
        try withAttribute(attribute([0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88])) { value throws(DecodeError) in
            #expect(try value.bigEndian(UInt16.self) == 0x1122)
            #expect(try value.bigEndian(UInt32.self) == 0x1122_3344)
            #expect(try value.bigEndian(UInt64.self) == 0x1122_3344_5566_7788)
        }
        try withAttribute(attribute([0xff, 0xfe])) { value throws(DecodeError) in
            #expect(try value.bigEndian(Int16.self) == -2)
        }
    }

    @Test("an integer needs its bytes", arguments: 0...7)
    func shortInteger(count: Int) {
        withAttribute(attribute(Array(repeating: 1, count: count))) { value in
            let error = decodeError { () throws(DecodeError) in try value.integer(UInt64.self) }
            #expect(error == DecodeError(.truncated, attribute: 5, expected: 8, actual: count))
            let swapped = decodeError { () throws(DecodeError) in try value.bigEndian(Int64.self) }
            #expect(swapped == DecodeError(.truncated, attribute: 5, expected: 8, actual: count))
        }
    }

    @Test("an integer is read where it stands, however aligned", arguments: 0...3)
    func unaligned(shift: Int) throws {
        let bytes = Array(repeating: UInt8(0), count: shift) + [0x78, 0x56, 0x34, 0x12, 0xf0, 0xde, 0xbc, 0x9a]
        #expect(try bytes.rawSpan.load(at: shift, as: UInt64.self) == UInt64(littleEndian: 0x9abc_def0_1234_5678))
    }

    @Test("loading outside the bytes is an error", arguments: [-1, 5, 8, .max, .min, .max - 3])
    func loadOutside(offset: Int) {
        let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        let error = decodeError { () throws(DecodeError) in try bytes.rawSpan.load(at: offset, as: UInt32.self) }
        #expect(error?.reason == .truncated)
        #expect(error?.expected == 4)
    }

    @Test("variable-width integers take four bytes or eight, and keep their sign") func variableWidth() throws {
        try withAttribute(attribute([0xff, 0xff, 0xff, 0xff])) { value throws(DecodeError) in
            #expect(try value.unsigned() == 0xffff_ffff)
            #expect(try value.signed() == -1)
        }
        try withAttribute(attribute(Array(repeating: 0xff, count: 8))) { value throws(DecodeError) in
            #expect(try value.unsigned() == .max)
            #expect(try value.signed() == -1)
        }
    }

    @Test("variable-width integers of another length are an error", arguments: [0, 1, 3, 5, 7, 9, 12])
    func variableWidthLength(count: Int) {
        withAttribute(attribute(Array(repeating: 1, count: count))) { value in
            let expected = DecodeError(.unexpectedLength, attribute: 5, expected: 8, actual: count)
            #expect(decodeError { () throws(DecodeError) in try value.unsigned() } == expected)
            #expect(decodeError { () throws(DecodeError) in try value.signed() } == expected)
        }
    }

    @Test(
        "text ends at its first NUL or at its end, and bad UTF-8 is repaired",
        arguments: [
            ([0x65, 0x74, 0x68, 0x30, 0], "eth0"), ([0x65, 0x74, 0x68, 0x30], "eth0"), ([0x61, 0, 0x62, 0], "a"),
            ([], ""), ([0], ""), ([0x61, 0xff, 0x62, 0], "a\u{fffd}b"), ([0xc3, 0xa9, 0], "é"),
        ] as [([UInt8], String)])
    func text(payload: [UInt8], expected: String) {
        withAttribute(attribute(payload)) { #expect($0.string() == expected) }
    }

    @Test("text bytes keep what is not UTF-8") func textBytes() {
        withAttribute(attribute([0x61, 0xff, 0])) { #expect($0.payload.textBytes == [0x61, 0xff]) }
    }

    @Test("a bitfield is its value, then its selector") func bitfield() throws {
        try withAttribute(attribute([1, 0, 0, 0, 3, 0, 0, 0])) { value throws(DecodeError) in
            #expect(
                try value.bitfield()
                    == Bitfield32(value: UInt32(littleEndian: 1), selector: UInt32(littleEndian: 3)))
        }
        withAttribute(attribute([1, 0, 0, 0, 3, 0, 0])) { value in
            #expect(
                decodeError { () throws(DecodeError) in try value.bitfield() }
                    == DecodeError(.truncated, attribute: 5, expected: 8, actual: 7))
        }
    }

    @Test("slices stay inside") func slices() {
        let bytes: [UInt8] = [1, 2, 3, 4]
        #expect(bytes.rawSpan.bytes(from: 1).array == [2, 3, 4])
        #expect(bytes.rawSpan.bytes(from: 1, count: 2).array == [2, 3])
        #expect(bytes.rawSpan.bytes(from: 4).array == [])
        #expect(bytes.rawSpan.bytes(from: 9).array == [])
        #expect(bytes.rawSpan.bytes(from: -3).array == [1, 2, 3, 4])
        #expect(bytes.rawSpan.bytes(from: .max, count: .max).array == [])
        #expect(bytes.rawSpan.bytes(from: 2, count: -1).array == [])
        #expect(bytes.rawSpan.bytes(from: .min, count: .min).array == [])
    }

    @Test("spans compare by their bytes") func equality() {
        let one: [UInt8] = [1, 2, 3]
        let other: [UInt8] = [1, 2, 4]
        func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool { a.rawSpan.isEqual(to: b.rawSpan) }
        #expect(areEqual(one, one))
        #expect(!areEqual(one, other))
        #expect(!areEqual(one, [1, 2]))
        #expect(!areEqual([1, 2], one))
        #expect(areEqual([], []))
    }

    @Test("decode errors say what is wrong in words") func words() {
        #expect(
            "\(DecodeError(.truncated, attribute: 7, expected: 8, actual: 3))"
                == "8 bytes needed, 3 there in attribute 7")
        #expect("\(DecodeError(.invalidLength, expected: 3, actual: 9))" == "length 3 does not fit in 9 bytes")
        #expect(
            "\(DecodeError(.unexpectedLength, attribute: 1, expected: 8, actual: 5))"
                == "5 bytes where 8 belong in attribute 1")
        #expect("\(DecodeError(.tooDeep, expected: 16))" == "nested deeper than 16")
        #expect("\(DecodeError(.invalidValue, attribute: 2))" == "value out of range in attribute 2")
        #expect("\(DecodeError(.init(rawValue: 99)))" == "malformed")
    }
}

@Suite("Unknown attributes") struct UnknownAttributeTests {
    @Test("are kept with flag bits and written back as they came") func keptAndWritten() throws {
        let bytes = hex("05 00 12 80 aa 00 00 00 04 00 ff 7f 08 00 03 00 01 02 03 04")
        var kept = UnknownAttributes()
        #expect(kept.isEmpty)
        var reader = AttributeReader<ItemAttribute>(bytes.rawSpan)
        while let attribute = try reader.next() { kept.keep(attribute) }
        #expect(kept.elements.map(\.number) == [0x12, 0x3fff, 3])
        #expect(kept.elements.map(\.rawType) == [0x8012, 0x7fff, 3])
        var writer = MessageWriter()
        writer.put(kept)
        #expect(writer.bytes.array == bytes)
    }

    @Test("are bounded in size, and what is beyond is counted") func bounded() {
        var kept = UnknownAttributes()
        let large = UnknownAttribute(rawType: 1, payload: Array(repeating: 0, count: 40_000))
        kept.keep(large)
        kept.keep(large)
        kept.keep(UnknownAttribute(rawType: 2, payload: [1]))
        #expect(kept.elements.map(\.rawType) == [1, 2])
        #expect(kept.droppedByteCount == 40_004)
    }

    @Test("as many as a message can hold are kept in a moment") func many() {
        var kept = UnknownAttributes()
        let time = measured {
            for number in 0..<16_384 { kept.keep(UnknownAttribute(rawType: UInt16(number), payload: [])) }
            for _ in 0..<200_000 { kept.keep(UnknownAttribute(rawType: 1, payload: [])) }
        }
        #expect(kept.elements.count == 16_384)
        #expect(kept.droppedByteCount == 800_000)
        #expect(time < .seconds(2))
    }

    @Test("the limit may be set for the process") func setLimit() async {
        await #expect(processExitsWith: .success) {
            UnknownAttributes.byteLimit = 10
            var kept = UnknownAttributes()
            for _ in 0..<3 { kept.keep(UnknownAttribute(rawType: 1, payload: [1])) }
            #expect(kept.elements.count == 2)
            #expect(kept.droppedByteCount == 5)
            UnknownAttributes.byteLimit = -1
            #expect(UnknownAttributes.byteLimit == 0)
            var none = UnknownAttributes()
            none.keep(UnknownAttribute(rawType: 1, payload: []))
            #expect(none.isEmpty)
        }
    }

    @Test("exactly the limit is kept") func limit() {
        var kept = UnknownAttributes()
        kept.keep(UnknownAttribute(rawType: 1, payload: Array(repeating: 0, count: UnknownAttributes.byteLimit - 4)))
        #expect(kept.droppedByteCount == 0)
        kept.keep(UnknownAttribute(rawType: 1, payload: []))
        #expect(kept.droppedByteCount == 4)
        #expect(kept.elements.count == 1)
    }
}
