// SPDX-License-Identifier: Apache-2.0

/// What the texts of rates, sizes, times and percentages have in common: a number as C reads it, and a unit.
enum UnitSyntax {
    /// The number in front, which must be finite, and what follows it in lower case; nil where there is no number.
    static func split(_ text: String) -> (Double, String)? {
        let bytes = Array(text.utf8)
        var position = 0
        while position < bytes.count, bytes[position] == 0x20 || (0x09...0x0d).contains(bytes[position]) {
            position += 1
        }
        let start = position
        if byte(bytes, position) == 0x2b || byte(bytes, position) == 0x2d { position += 1 }
        let isHexadecimal =
            byte(bytes, position) == 0x30 && lower(byte(bytes, position + 1)) == 0x78
            && (isDigit(byte(bytes, position + 2), 16) || byte(bytes, position + 2) == 0x2e)
        if isHexadecimal { position += 2 }
        var digits = 0
        var sawPoint = false
        while true {
            let next = byte(bytes, position)
            if isDigit(next, isHexadecimal ? 16 : 10) {
                digits += 1
            } else if next == 0x2e, !sawPoint {
                sawPoint = true
            } else {
                break
            }
            position += 1
        }
        guard digits > 0 else { return nil }
        if lower(byte(bytes, position)) == (isHexadecimal ? 0x70 : 0x65) {
            var end = position + 1
            if byte(bytes, end) == 0x2b || byte(bytes, end) == 0x2d { end += 1 }
            if isDigit(byte(bytes, end), 10) {
                while isDigit(byte(bytes, end), 10) { end += 1 }
                position = end
            }
        }
        guard let number = value(String(decoding: bytes[start..<position], as: UTF8.self)), number.isFinite
        else { return nil }
        return (number, String(decoding: bytes[position...].map(lower), as: UTF8.self))
    }

    // Swift wants a digit on either side of the point, and an exponent behind hexadecimal digits with a point.
    private static func value(_ text: String) -> Double? {
        if let number = Double(text) { return number }
        var text = text
        if text.hasSuffix(".") { text.removeLast() }
        if let point = text.firstIndex(of: "."), point == text.startIndex || !text[text.index(before: point)].isHexDigit
        {
            text.insert("0", at: point)
        }
        text = text.replacing(".e", with: ".0e")
        return Double(text) ?? Double(text + "p0")
    }

    private static func byte(_ bytes: [UInt8], _ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }
    private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }
    private static func isDigit(_ byte: UInt8, _ base: Int) -> Bool {
        (0x30...0x39).contains(byte) || base == 16 && (0x61...0x66).contains(lower(byte))
    }

    /// What `k`, `mi` and their like multiply by.
    static func factor(_ prefix: Substring) -> Double? {
        switch prefix {
        case "": 1
        case "k": 1e3
        case "m": 1e6
        case "g": 1e9
        case "t": 1e12
        case "ki": 0x1p10
        case "mi": 0x1p20
        case "gi": 0x1p30
        case "ti": 0x1p40
        default: nil
        }
    }
}
