// SPDX-License-Identifier: Apache-2.0

import NetlinkCore

/// Bytes of hexadecimal digits; anything else between them is left out.
func captured(_ digits: String) -> [UInt8] {
    let values = digits.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue.map { UInt8($0) } }
    return stride(from: 0, to: values.count - 1, by: 2).map { values[$0] << 4 | values[$0 + 1] }
}

/// Reads the first message of some bytes.
func reading<T>(_ bytes: [UInt8], _ body: (borrowing Message) throws(DecodeError) -> T) throws -> T {
    var reader = MessageReader(bytes.rawSpan)
    guard let message = try reader.next() else { throw DecodeError(.truncated, expected: 16, actual: 0) }
    return try body(message)
}

/// A message cut after some bytes of its payload, its length field set to that.
func cut(_ bytes: [UInt8], to count: Int) -> [UInt8] {
    var writer = MessageWriter(capacity: 64)
    writer.append(UInt32(16 + count))
    return writer.bytes.array + bytes[4..<(16 + count)]
}

/// A message with one attribute more at its end.
func adding(attribute type: UInt16, _ payload: [UInt8], to bytes: [UInt8]) -> [UInt8] {
    var writer = MessageWriter(capacity: 64)
    writer.append(UInt32(bytes.count + 4 + payload.count))
    var more = MessageWriter(capacity: 64)
    more.append(UInt16(4 + payload.count))
    more.append(type)
    return writer.bytes.array + bytes[4...] + more.bytes.array + payload
}

extension Dump {
    /// The payload of the request, as digits.
    func payloadDigits() throws -> String { digits(try messageBytes().dropFirst(16)) }
}

func digits(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { (($0 < 16 ? "0" : "") + String($0, radix: 16)) }.joined()
}
