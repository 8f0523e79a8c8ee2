// SPDX-License-Identifier: Apache-2.0

/// Keys as text: 44 characters of base64.
///
/// No table is indexed by a key's bits and no branch depends on them, so that neither tells anything by its time.
enum KeyText {
    static let keyByteCount = 32  // WG_KEY_LEN
    static let characterCount = 44

    /// The character of six bits.
    private static func character(_ bits: UInt8) -> UInt8 {
        let value = Int32(bits & 63)
        // Each difference is negative where the value lies beyond a range's end: its sign selects the step to the next.
        let text: Int32 =
            value + 65 + (((25 - value) >> 8) & 6) - (((51 - value) >> 8) & 75) - (((61 - value) >> 8) & 15)
            + (((62 - value) >> 8) & 3)
        return UInt8(truncatingIfNeeded: text)
    }

    /// The six bits of a character, negative where it is none.
    private static func bits(_ character: UInt8) -> Int32 {
        let c = Int32(character)
        func within(_ low: Int32, _ high: Int32, _ value: Int32) -> Int32 {
            // All ones where low <= c <= high.
            let mask = ~(((c - low) | (high - c)) >> 31)
            return mask & (value + 1)
        }
        return -1 + within(65, 90, c - 65) + within(97, 122, c - 71) + within(48, 57, c + 4) + within(43, 43, 62)
            + within(47, 47, 63)
    }

    /// Appends the text of 32 bytes.
    @inline(__always)
    static func write(_ byte: (Int) -> UInt8, to text: inout [UInt8]) {
        text.append(addingCapacity: characterCount) { (out: inout OutputSpan<UInt8>) in
            var index = 0
            while index + 3 <= keyByteCount {
                let (a, b, c) = (byte(index), byte(index + 1), byte(index + 2))
                out.append(character(a >> 2))
                out.append(character(a << 4 | b >> 4))
                out.append(character(b << 2 | c >> 6))
                out.append(character(c))
                index += 3
            }
            let (a, b) = (byte(30), byte(31))
            out.append(character(a >> 2))
            out.append(character(a << 4 | b >> 4))
            out.append(character(b << 2))
            out.append(UInt8(ascii: "="))
        }
    }

    /// The bytes of a text; nil where it is not exactly one key.
    static func parse(_ text: Span<UInt8>) -> [UInt8]? {
        guard text.count == characterCount, text[characterCount - 1] == UInt8(ascii: "=") else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(keyByteCount + 1)
        var wrong: Int32 = 0
        var held: Int32 = 0
        for position in 0..<characterCount - 1 {
            let value = bits(text[position])
            wrong |= value
            held = (held << 6) | (value & 63)
            if position % 4 == 3 {
                bytes.append(UInt8(truncatingIfNeeded: held >> 16))
                bytes.append(UInt8(truncatingIfNeeded: held >> 8))
                bytes.append(UInt8(truncatingIfNeeded: held))
                held = 0
            }
        }
        bytes.append(UInt8(truncatingIfNeeded: held >> 10))
        bytes.append(UInt8(truncatingIfNeeded: held >> 2))
        // Bits that belong to no byte must be zero: each key has one text.
        return wrong < 0 || held & 3 != 0 ? nil : bytes
    }
}
