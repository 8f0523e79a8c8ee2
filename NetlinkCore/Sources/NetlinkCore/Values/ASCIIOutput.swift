// SPDX-License-Identifier: Apache-2.0

/// The characters that the values of this folder are written with and read by.
enum ASCII {
    static let zero = UInt8(ascii: "0")
    static let dot = UInt8(ascii: ".")
    static let colon = UInt8(ascii: ":")
    static let slash = UInt8(ascii: "/")
    static let plus = UInt8(ascii: "+")

    /// Whether the C library's `isspace` is true in the C locale.
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

    /// The value of a digit in any base up to 16.
    @inline(__always)
    static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte &- 0x30
        case 0x61...0x66: byte &- 0x57
        case 0x41...0x46: byte &- 0x37
        default: nil
        }
    }
}

extension OutputSpan<UInt8> {
    /// Appends a number below 256 in decimal.
    @inline(__always)
    mutating func append(decimal value: UInt8) {
        if value >= 100 {
            let hundreds = value / 100
            let rest = value &- hundreds &* 100
            append(ASCII.zero | hundreds)
            append(ASCII.zero | rest / 10)
            append(ASCII.zero | rest % 10)
        } else if value >= 10 {
            append(ASCII.zero | value / 10)
            append(ASCII.zero | value % 10)
        } else {
            append(ASCII.zero | value)
        }
    }

    /// Appends a hexadecimal digit in lower case.
    @inline(__always)
    mutating func append(hexDigit value: UInt8) {
        append(value < 10 ? 0x30 | value : 0x57 &+ value)
    }

    /// Appends a number in hexadecimal without leading zeros.
    @inline(__always)
    mutating func append(hex value: UInt16) {
        if value >= 0x1000 { append(hexDigit: UInt8(truncatingIfNeeded: value >> 12)) }
        if value >= 0x100 { append(hexDigit: UInt8(truncatingIfNeeded: value >> 8) & 15) }
        if value >= 0x10 { append(hexDigit: UInt8(truncatingIfNeeded: value >> 4) & 15) }
        append(hexDigit: UInt8(truncatingIfNeeded: value) & 15)
    }
}

extension [UInt8] {
    /// Appends a number in decimal.
    mutating func append(decimal value: some BinaryInteger) {
        if value < 0 { append(UInt8(ascii: "-")) }
        var rest = UInt64(value.magnitude)
        append(addingCapacity: 20) { (out: inout OutputSpan<UInt8>) in
            var divisor: UInt64 = 1
            while rest / divisor >= 10 { divisor *= 10 }
            while divisor > 0 {
                out.append(ASCII.zero | UInt8(truncatingIfNeeded: rest / divisor))
                rest %= divisor
                divisor /= 10
            }
        }
    }
}
