// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@Suite("Reading messages") struct MessageReaderTests {
    /// `ip link add d0 type nosuchkind`, and an acknowledgement behind it; iproute2 6.15, Linux 7.2.
    static let request = hex(
        """
        3c 00 00 00 10 00 05 06 5e 4d 01 6b 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
        07 00 03 00 64 30 00 00 14 00 12 00 0e 00 01 00 6e 6f 73 75 63 68 6b 69 6e 64 00 00
        """)
    static let acknowledgement = hex(
        """
        24 00 00 00 02 00 00 01 01 00 00 00 48 00 00 00
        00 00 00 00 20 00 00 00 13 00 05 00 01 00 00 00 00 00 00 00
        """)

    struct Found: Equatable {
        var headers: [MessageHeader] = []
        var payloads: [[UInt8]] = []
        var error: DecodeError?
        var isAtEnd = false
    }

    static func read(_ bytes: [UInt8]) -> Found {
        var found = Found()
        var reader = MessageReader(bytes.rawSpan)
        do throws(DecodeError) {
            while let message = try reader.next() {
                found.headers.append(message.header)
                found.payloads.append(message.payload.array)
                if found.headers.count > bytes.count { break }
            }
        } catch {
            found.error = error
        }
        found.isAtEnd = reader.isAtEnd && (try? reader.next()) == nil
        return found
    }

    @Test("the header has the kernel's fields") func header() {
        let found = Self.read(Self.request)
        #expect(found.error == nil)
        #expect(
            found.headers == [
                MessageHeader(
                    length: 60, type: 16, flags: [.request, .acknowledge, .create, .exclusive], sequence: 0x6b01_4d5e,
                    port: 0)
            ])
        #expect(found.payloads == [Array(Self.request.dropFirst(16))])
    }

    @Test("several messages in a datagram come one by one") func several() {
        let found = Self.read(Self.request + Self.acknowledgement + Self.request)
        #expect(found.headers.map(\.type) == [16, 2, 16])
        #expect(found.headers[1].flags == .capped)
        #expect(found.headers[1].port == 72)
        #expect(found.isAtEnd)
    }

    @Test("an unpadded length is read with its padding skipped, and the last needs none", arguments: 0...3)
    func padding(missing: Int) {
        let message = hex("11 00 00 00 10 00 00 00 01 00 00 00 00 00 00 00 aa 00 00 00")
        let found = Self.read(message + message.dropLast(missing))
        #expect(found.payloads == [[0xaa], [0xaa]])
        #expect(found.error == nil)
        #expect(found.isAtEnd)
    }

    @Test("every truncation is an error after the messages that are whole", arguments: 0..<132)
    func truncation(count: Int) {
        let bytes = Self.request + Self.acknowledgement + Self.acknowledgement
        let found = Self.read(Array(bytes.prefix(count)))
        let whole = count >= 132 ? 3 : count >= 96 ? 2 : count >= 60 ? 1 : 0
        #expect(found.headers.count == whole)
        let isBoundary = [0, 60, 96].contains(count)
        #expect((found.error == nil) == isBoundary)
        #expect(found.isAtEnd, "the reader is at its end after an error")
    }

    @Test("a truncation says how many bytes are missing") func truncationDetails() {
        #expect(
            Self.read(Array(Self.request.prefix(15))).error == DecodeError(.truncated, expected: 16, actual: 15))
        #expect(
            Self.read(Array(Self.request.prefix(59))).error == DecodeError(.invalidLength, expected: 60, actual: 59))
    }

    @Test(
        "a length that lies ends the datagram with one error",
        arguments: [0, 1, 15, 37, 4096, 0x7fff_ffff, 0xffff_fffc, 0xffff_fffd, 0xffff_ffff] as [UInt32])
    func lyingLength(length: UInt32) {
        var writer = MessageWriter()
        writer.append(length)
        writer.append(Self.acknowledgement.rawSpan.bytes(from: 4))
        let found = Self.read(writer.bytes.array)
        #expect(found.headers.isEmpty)
        #expect(found.error == DecodeError(.invalidLength, expected: Int(length), actual: 36))
        #expect(found.isAtEnd)
    }

    @Test("fields of the fixed header are read at their offsets, and not beyond the end") func fields() throws {
        try withMessage(Self.acknowledgement) { message throws(DecodeError) in
            #expect(try message.field(4, UInt32.self) == 0x20)
            #expect(try message.field(8, UInt16.self) == 0x13)
            #expect(try message.field(16, UInt32.self) == 0)
            for offset in [17, 20, -1, .max, .min] {
                let error = decodeError { () throws(DecodeError) in try message.field(offset, UInt32.self) }
                #expect(error?.reason == .truncated)
            }
        }
    }

    @Test(
        "attributes begin behind the fixed header, rounded up to four bytes", arguments: [(15, 16), (16, 16), (13, 16)])
    func attributesAfter(fixed: Int, start: Int) throws {
        let found = try withMessage(Self.request) { message throws(DecodeError) -> [UInt16] in
            var reader = try message.attributes(of: ItemAttribute.self, after: fixed)
            var found: [UInt16] = []
            while let attribute = try reader.next() { found.append(attribute.id.rawValue) }
            return found
        }
        #expect(found == [3, 18])
    }

    @Test("a payload that ends with the fixed header has no attributes; a shorter one is an error") func noAttributes()
        throws
    {
        try withMessage(Self.acknowledgement) { message throws(DecodeError) in
            var reader = try message.attributes(of: ItemAttribute.self, after: 20)
            #expect(try reader.next() == nil)
            for fixed in [21, .max, -1] {
                let error = decodeError { () throws(DecodeError) in
                    _ = try message.attributes(of: ItemAttribute.self, after: fixed)
                }
                #expect(error?.reason == .truncated)
            }
        }
    }

    @Test("random bytes never trap and always end", arguments: 0..<200)
    func random(seed: Int) {
        var generator = SplitMix(seed: UInt64(seed))
        let bytes = generator.bytes(upTo: 300, small: seed % 2 == 0)
        let found = Self.read(bytes)
        #expect(found.headers.count <= bytes.count / 16)
        #expect(found.isAtEnd)
    }
}
