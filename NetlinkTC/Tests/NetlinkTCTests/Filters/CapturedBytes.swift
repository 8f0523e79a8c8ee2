// SPDX-License-Identifier: Apache-2.0

import NetlinkCore

/// Messages as they were captured, and what tests do with them.
enum CapturedBytes {
    /// Bytes as hexadecimal digits; anything else between them is left out.
    static func bytes(_ digits: String) -> [UInt8] {
        let values = digits.compactMap(\.hexDigitValue)
        return stride(from: 0, to: values.count - 1, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }

    /// The message without its sequence number, and without the flags that say only how it is answered.
    static func comparable(_ message: [UInt8]) -> [UInt8] {
        var copy = message
        guard copy.count >= 16 else { return copy }
        // An acknowledgement and an echo change nothing of what is asked.
        copy[6] &= ~0x0c
        for index in 8..<16 { copy[index] = 0 }
        return copy
    }

    /// Reads the first message of some bytes.
    static func reading<T>(
        _ bytes: [UInt8], _ body: (borrowing Message) throws(DecodeError) -> T
    ) throws -> T {
        var reader = MessageReader(bytes.rawSpan)
        guard let message = try reader.next() else { throw DecodeError(.truncated, expected: 16, actual: 0) }
        return try body(message)
    }

    /// The same message cut after each number of payload bytes, with its length field right.
    static func truncations(of message: [UInt8]) -> [[UInt8]] {
        (16..<message.count).map { count in
            var copy = Array(message[..<count])
            for index in 0..<4 { copy[index] = UInt8(truncatingIfNeeded: count >> (8 * index)) }
            return copy
        }
    }

    /// The message with one more attribute at its end, of a type that no header names.
    static func appending(_ attribute: UnknownAttribute, to message: [UInt8]) -> [UInt8] {
        var writer = MessageWriter()
        var kept = UnknownAttributes()
        kept.keep(attribute)
        writer.append(message.rawSpan)
        writer.put(kept)
        var bytes = writer.bytes.array
        for index in 0..<4 { bytes[index] = UInt8(truncatingIfNeeded: bytes.count >> (8 * index)) }
        return bytes
    }
}
