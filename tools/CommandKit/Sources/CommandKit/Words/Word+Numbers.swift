// SPDX-License-Identifier: Apache-2.0

extension Word {
    /// The whole word as an integer, as iproute2 reads one.
    ///
    /// White space and a sign may come first; base 0 takes `0x` for hexadecimal and a leading 0 for octal. An unsigned integer
    /// may have a minus sign: it wraps around 64 bits before its range is checked.
    public func number<T: FixedWidthInteger>(_ type: T.Type = T.self, base: Int = 0) -> T? {
        guard let (negative, magnitude, end) = magnitude(base: base), end == count, let magnitude else { return nil }
        guard T.isSigned else {
            // What strtoul answers for too large a number is too large for all but 64 bits, where it is an error of its own.
            return T(exactly: negative ? 0 &- magnitude : magnitude)
        }
        guard negative, magnitude > 0 else { return T(exactly: magnitude) }
        return magnitude <= 1 << 63 ? T(exactly: -1 - Int64(magnitude - 1)) : nil
    }

    /// The number at the beginning of the word as C's atoi reads it; 0 where there is none.
    public var leadingInteger: Int32 {
        guard let (negative, magnitude, _) = magnitude(base: 10) else { return 0 }
        let value = Int64(clamping: magnitude ?? .max)
        return Int32(truncatingIfNeeded: negative ? -value : value)
    }

    /// Sign, digits and where they end; the magnitude is nil when it has more than 64 bits.
    func magnitude(base: Int) -> (negative: Bool, magnitude: UInt64?, end: Int)? {
        var index = 0
        while isSpace(self[index]) { index += 1 }
        let negative = self[index] == 0x2d
        if negative || self[index] == 0x2b { index += 1 }
        var base = base
        if base == 0 || base == 16, self[index] == 0x30, self[index + 1] | 0x20 == 0x78,
            digit(self[index + 2], 16) != nil
        {
            base = 16
            index += 2
        } else if base == 0 {
            base = self[index] == 0x30 ? 8 : 10
        }
        guard digit(self[index], base) != nil else { return nil }
        var magnitude: UInt64? = 0
        while let digit = digit(self[index], base) {
            index += 1
            guard let value = magnitude else { continue }
            let (product, over) = value.multipliedReportingOverflow(by: UInt64(base))
            let (sum, carry) = product.addingReportingOverflow(digit)
            magnitude = over || carry ? nil : sum
        }
        return (negative, magnitude, index)
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

    private func digit(_ byte: UInt8, _ base: Int) -> UInt64? {
        let value: UInt8
        switch byte {
        case 0x30...0x39: value = byte - 0x30
        case 0x41...0x5a: value = byte - 0x37
        case 0x61...0x7a: value = byte - 0x57
        default: return nil
        }
        return value < base ? UInt64(value) : nil
    }
}

// MARK: Times

/// A time of a route's metric: a number with a unit, or in the kernel's own measure.
public struct MetricTime: Hashable, Sendable {
    /// The number: milliseconds where there was a unit.
    public var value: UInt32
    /// Whether no unit was given, so that the number is in the measure of the metric.
    public var isRaw: Bool

    /// Puts a time together.
    public init(value: UInt32, isRaw: Bool) {
        self.value = value
        self.isRaw = isRaw
    }
}

extension Word {
    /// A time such as `100ms`, `1.5s`, `40`, as `rto_min`, `rtt` and `rttvar` take it; parts of a unit are rounded up.
    public var metricTime: MetricTime? {
        let value: Double
        var end: Int
        if firstIndex(of: 0x2e) != nil {
            guard let (fraction, length) = fraction, fraction >= 0 else { return nil }
            (value, end) = (fraction, length)
        } else {
            guard let (negative, magnitude, length) = magnitude(base: 0), let magnitude else { return nil }
            (value, end) = (Double(negative ? 0 &- magnitude : magnitude), length)
        }
        let unit = dropFirst(end)
        let scale: Double
        if unit.isEmpty || unit.isUnit("ms") || unit.isUnit("msec") || unit.isUnit("msecs") {
            scale = 1
        } else if unit.isUnit("s") || unit.isUnit("sec") || unit.isUnit("secs") {
            scale = 1000
        } else {
            return nil
        }
        let time = value * scale
        let whole = time < 0x1p63 ? UInt32(truncatingIfNeeded: Int64(time)) : 0
        return MetricTime(value: Double(whole) < time ? whole &+ 1 : whole, isRaw: unit.isEmpty)
    }

    /// Whether this is a unit, in any case of letters.
    func isUnit(_ unit: StaticString) -> Bool {
        guard count == unit.utf8CodeUnitCount else { return false }
        var lower: [UInt8] = []
        for index in 0..<count { lower.append((0x41...0x5a).contains(self[index]) ? self[index] | 0x20 : self[index]) }
        return Word(bytes: lower) == unit
    }

    /// The floating-point number at the beginning, decimal or hexadecimal, and where it ends; exact up to 19 digits.
    var fraction: (value: Double, end: Int)? {
        var end = 0
        while isSpace(self[end]) { end += 1 }
        let negative = self[end] == 0x2d
        if negative || self[end] == 0x2b { end += 1 }
        let isHex = self[end] == 0x30 && self[end + 1] | 0x20 == 0x78
        if isHex { end += 2 }
        let base = isHex ? 16 : 10
        var significand: UInt64 = 0
        var digits = 0
        var scale = 0
        var seenPoint = false
        while true {
            if !seenPoint, self[end] == 0x2e {
                seenPoint = true
            } else if let digit = digit(self[end], base) {
                digits += 1
                let room = significand < (isHex ? 1 << 52 : 1_000_000_000_000_000_000)
                if room { significand = significand * UInt64(base) + digit }
                if seenPoint == room { scale += seenPoint ? -1 : 1 }
            } else {
                break
            }
            end += 1
        }
        guard digits > 0 else { return nil }
        let (exponent, length) = exponent(at: end, letter: isHex ? 0x70 : 0x65)
        end += length
        let power = isHex ? scale * 4 + exponent : scale + exponent
        var factor = 1.0
        for _ in 0..<min(Int(power.magnitude), 1200) { factor *= isHex ? 2 : 10 }
        let value = power < 0 ? Double(significand) / factor : Double(significand) * factor
        guard value.isFinite else { return nil }
        return (negative ? -value : value, end)
    }

    /// A decimal exponent behind its letter, and how long it is; nothing where there is none.
    private func exponent(at start: Int, letter: UInt8) -> (Int, length: Int) {
        guard self[start] | 0x20 == letter else { return (0, 0) }
        var end = start + 1
        let negative = self[end] == 0x2d
        if negative || self[end] == 0x2b { end += 1 }
        guard digit(self[end], 10) != nil else { return (0, 0) }
        var value = 0
        while let digit = digit(self[end], 10) {
            value = min(value * 10 + Int(digit), 100_000)
            end += 1
        }
        return (negative ? -value : value, end - start)
    }
}
