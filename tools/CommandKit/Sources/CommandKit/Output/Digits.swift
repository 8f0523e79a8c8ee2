// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// Appends an integer in decimal.
    @inlinable @inline(__always)
    public mutating func append(decimal value: some FixedWidthInteger) {
        let magnitude = UInt64(truncatingIfNeeded: value.magnitude)
        if value < 0 { append(0x2d) }
        if magnitude < 10 {
            append(0x30 &+ UInt8(truncatingIfNeeded: magnitude))
        } else {
            appendDigits(magnitude)
        }
    }

    @usableFromInline
    mutating func appendDigits(_ value: UInt64) {
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var rest = value
        var first = 20
        repeat {
            first -= 1
            digits[first] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest != 0
        append(addingCapacity: 20 - first) { (out: inout OutputSpan<UInt8>) in
            for position in first..<20 { out.append(digits[position]) }
        }
    }

    /// Appends an integer in lower-case hexadecimal, with leading zeros up to `digits`.
    @usableFromInline
    mutating func append(hexadecimal value: UInt64, digits: Int = 1) {
        let needed = Swift.max(1, (67 - value.leadingZeroBitCount) / 4)
        for _ in needed..<Swift.max(needed, Swift.min(digits, 16)) { append(0x30) }
        for position in stride(from: (needed - 1) * 4, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(position)) & 15
            append(digit < 10 ? 0x30 &+ digit : 0x57 &+ digit)
        }
    }

    /// Appends an integer in decimal with leading zeros, or spaces, up to `digits`.
    mutating func append(padded value: Int, digits: Int, with padding: UInt8 = 0x30) {
        var limit = 1
        for _ in 1..<Swift.max(digits, 1) { limit *= 10 }
        while limit > 1, value < limit {
            append(padding)
            limit /= 10
        }
        append(decimal: value)
    }

    /// Puts spaces around what was appended since `start`, up to a column width: on its left where that is positive, else on its right.
    @usableFromInline
    mutating func pad(from start: Int, to width: Int) {
        let missing = Int(width.magnitude) - (count - start)
        guard missing > 0 else { return }
        insert(contentsOf: repeatElement(0x20, count: missing), at: width > 0 ? start : count)
    }
}
