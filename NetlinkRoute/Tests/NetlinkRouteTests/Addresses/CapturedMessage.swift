// SPDX-License-Identifier: Apache-2.0

import NetlinkCore

@testable import NetlinkRoute

/// A message taken apart, so that two whose attributes stand in another order are equal.
struct CapturedMessage: Equatable, CustomStringConvertible {
    var type: UInt16
    var flags: MessageFlags
    var header: [UInt8]
    var attributes: [UnknownAttribute]

    /// Takes apart bytes that begin with a message whose own header has `headerByteCount` bytes.
    init(_ bytes: [UInt8], headerByteCount: Int) throws {
        self = try Self.reading(bytes) { (message: borrowing Message) throws(DecodeError) in
            var attributes: [UnknownAttribute] = []
            var reader = try message.attributes(of: RawAttributeID.self, after: headerByteCount)
            while let attribute = try reader.next() {
                attributes.append(UnknownAttribute(rawType: attribute.rawType, payload: attribute.payload.array))
            }
            return CapturedMessage(
                type: message.header.type, flags: message.header.flags,
                header: message.payload.bytes(from: 0, count: headerByteCount).array,
                attributes: attributes.sorted { $0.rawType < $1.rawType })
        }
    }

    private init(type: UInt16, flags: MessageFlags, header: [UInt8], attributes: [UnknownAttribute]) {
        self.type = type
        self.flags = flags
        self.header = header
        self.attributes = attributes
    }

    /// Reads the first message of some bytes.
    static func reading<T>(
        _ bytes: [UInt8], _ body: (borrowing Message) throws(DecodeError) -> T
    ) throws -> T {
        var reader = MessageReader(bytes.rawSpan)
        guard let message = try reader.next() else { throw DecodeError(.truncated, expected: 16, actual: 0) }
        return try body(message)
    }

    /// Reads all messages of some bytes.
    static func readingAll<T>(
        _ bytes: [UInt8], _ body: (borrowing Message) throws(DecodeError) -> T
    ) throws -> [T] {
        var all: [T] = []
        var reader = MessageReader(bytes.rawSpan)
        while let message = try reader.next() { all.append(try body(message)) }
        return all
    }

    var description: String {
        "type \(type) flags \(flags.rawValue) header \(header) \(attributes.map { ($0.rawType, $0.payload) })"
    }
}

/// Bytes as an even number of hexadecimal digits; anything else between them is left out.
func captured(_ digits: String) -> [UInt8] {
    let values = digits.compactMap(\.hexDigitValue)
    return stride(from: 0, to: values.count - 1, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
}

/// The same message cut after each number of payload bytes, with its length field right.
func truncations(of message: [UInt8]) -> [[UInt8]] {
    (MessageHeader.byteCount..<message.count).map { count in
        var writer = MessageWriter()
        writer.append(UInt32(count))
        writer.append(message.rawSpan.bytes(from: 4, count: count - 4))
        return writer.bytes.array
    }
}

/// The message with one more attribute, of a type that no header names.
func appending(_ attribute: UnknownAttribute, to message: [UInt8]) -> [UInt8] {
    var writer = MessageWriter()
    var kept = UnknownAttributes()
    kept.keep(attribute)
    writer.append(UInt32(message.count + 4 + (attribute.payload.count + 3) & ~3))
    writer.append(message.rawSpan.bytes(from: 4))
    writer.put(kept)
    return writer.bytes.array
}
