// SPDX-License-Identifier: Apache-2.0

/// A floating-point number with a fixed number of decimals, as C's `%.2f` prints it.
public struct FixedPoint: TextWritable, Sendable {
    let value: Double
    let decimals: Int

    /// At most 60 decimals.
    public init(_ value: Double, decimals: Int) {
        self.value = value
        self.decimals = Swift.min(Swift.max(decimals, 0), 60)
    }

    /// Appends the digits; what is no number is `nan` or `inf`.
    public func write(to bytes: inout [UInt8]) {
        guard var digits = ExactDecimal.begin(value, &bytes) else { return }
        digits.round(to: digits.point + decimals)
        digits.writeInteger(to: &bytes)
        if decimals > 0 {
            bytes.append(0x2e)
            for position in 0..<decimals { bytes.append(digits.digit(digits.point + position)) }
        }
    }
}

/// A floating-point number with six significant digits, or as many as asked for, as C's `%g` and `%.3g` print it.
public struct SixDigits: TextWritable, Sendable {
    let value: Double
    let count: Int

    /// Takes any number, and 1 to 60 digits.
    public init(_ value: Double, digits count: Int = 6) {
        self.value = value
        self.count = Swift.min(Swift.max(count, 1), 60)
    }

    /// Appends the digits; what is no number is `nan` or `inf`.
    public func write(to bytes: inout [UInt8]) {
        if count >= 6, writeThousandths(to: &bytes) { return }
        guard var digits = ExactDecimal.begin(value, &bytes) else { return }
        digits.round(to: count)
        let exponent = digits.digits.isEmpty ? 0 : digits.point - 1
        if exponent >= -4, exponent < count {
            digits.writeInteger(to: &bytes)
            if digits.digits.count > digits.point {
                bytes.append(0x2e)
                for position in digits.point..<digits.digits.count { bytes.append(digits.digit(position)) }
            }
        } else {
            bytes.append(digits.digit(0))
            if digits.digits.count > 1 { bytes.append(0x2e) }
            for position in stride(from: 1, to: digits.digits.count, by: 1) { bytes.append(digits.digit(position)) }
            bytes.append(exponent < 0 ? "e-" : "e+")
            bytes.append(padded: Int(exponent.magnitude), digits: 2)
        }
    }
}

extension SixDigits {
    /// Appends a number that is nearest to some thousandths of at most six digits, as very many are: that many thousandths
    /// are then its first six digits.
    private func writeThousandths(to bytes: inout [UInt8]) -> Bool {
        guard value >= 0.001, value < 1000 else { return false }
        let thousandths = (value * 1000).rounded()
        guard thousandths / 1000 == value else { return false }
        let (whole, rest) = Int(thousandths).quotientAndRemainder(dividingBy: 1000)
        bytes.append(decimal: whole)
        guard rest != 0 else { return true }
        bytes.append(0x2e)
        bytes.append(0x30 + UInt8(truncatingIfNeeded: rest / 100))
        if rest % 100 != 0 { bytes.append(0x30 + UInt8(truncatingIfNeeded: rest / 10 % 10)) }
        if rest % 10 != 0 { bytes.append(0x30 + UInt8(truncatingIfNeeded: rest % 10)) }
        return true
    }
}

/// All decimal digits of a binary fraction: 0.DIGITS times ten to the power of `point`, without zeros at the ends.
private struct ExactDecimal {
    var digits: [UInt8] = []
    var point = 0

    /// Writes the sign, and all of what is not a number.
    static func begin(_ value: Double, _ bytes: inout [UInt8]) -> ExactDecimal? {
        if value.sign == .minus { bytes.append(0x2d) }
        guard value.isFinite else {
            bytes.append(value.isNaN ? "nan" : "inf")
            return nil
        }
        return ExactDecimal(value.magnitude)
    }

    init(_ magnitude: Double) {
        guard magnitude > 0 else { return }
        var significand = magnitude.significandBitPattern
        if magnitude.isNormal { significand |= 1 << 52 }
        // Magnitude is significand times two to this power; with a negative power p it is significand * 5^-p / 10^-p.
        let power = max(Int(magnitude.exponentBitPattern), 1) - 1075
        var limbs = [UInt32(significand % 1_000_000_000), UInt32(significand / 1_000_000_000)]
        let factor: UInt64 = power < 0 ? 5 : 2
        for _ in 0..<power.magnitude {
            var carry: UInt64 = 0
            for index in limbs.indices {
                let product = UInt64(limbs[index]) * factor + carry
                limbs[index] = UInt32(product % 1_000_000_000)
                carry = product / 1_000_000_000
            }
            if carry > 0 { limbs.append(UInt32(carry)) }
        }
        for limb in limbs.reversed() { digits.append(padded: Int(limb), digits: 9) }
        point = digits.count + min(power, 0)
        let zeros = digits.prefix { $0 == 0x30 }.count
        digits.removeFirst(zeros)
        point -= zeros
        trim()
    }

    /// Keeps so many digits; a half goes to the even neighbour.
    mutating func round(to count: Int) {
        guard count < digits.count else { return }
        guard count >= 0 else {
            self = ExactDecimal(0)
            return
        }
        let half = digits[count] == 0x35 && digits.count == count + 1
        let odd = count > 0 && digits[count - 1] & 1 == 1
        let up = half ? odd : digits[count] >= 0x35
        digits.removeSubrange(count...)
        if up {
            while digits.last == 0x39 { digits.removeLast() }
            if let last = digits.indices.last {
                digits[last] += 1
            } else {
                digits = [0x31]
                point += 1
            }
        }
        trim()
    }

    func digit(_ position: Int) -> UInt8 { digits.indices.contains(position) ? digits[position] : 0x30 }

    func writeInteger(to bytes: inout [UInt8]) {
        if point <= 0 || digits.isEmpty { bytes.append(0x30) }
        for position in stride(from: 0, to: digits.isEmpty ? 0 : point, by: 1) { bytes.append(digit(position)) }
    }

    private mutating func trim() {
        while digits.last == 0x30 { digits.removeLast() }
        if digits.isEmpty { point = 0 }
    }
}
