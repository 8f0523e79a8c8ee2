// SPDX-License-Identifier: Apache-2.0

// In every field: `key` is the JSON key, or nil for an element of an array; `prefix`, `suffix` and `width` are for text.
// The colour covers value and suffix, not the prefix. A positive width pads on the left, a negative one on the right.

extension Output {
    /// A string.
    @inlinable
    public mutating func string(
        _ key: StaticString?, _ value: some TextWritable, prefix: StaticString = "", suffix: StaticString = "",
        color: Color = .none, width: Int = 0
    ) {
        if isJSON {
            beginValue(key)
            quote(value)
        } else {
            beginText(prefix, color)
            let start = buffer.count
            value.write(to: &buffer)
            endText(from: start, suffix, color, width)
        }
        flushWhenFull()
    }

    /// An integer, in decimal.
    @inlinable
    public mutating func number(
        _ key: StaticString?, _ value: some FixedWidthInteger, prefix: StaticString = "", suffix: StaticString = "",
        color: Color = .none, width: Int = 0
    ) {
        if isJSON {
            beginValue(key)
            buffer.append(decimal: value)
        } else {
            beginText(prefix, color)
            let start = buffer.count
            buffer.append(decimal: value)
            endText(from: start, suffix, color, width)
        }
        flushWhenFull()
    }

    /// An unsigned integer in hexadecimal: `0x1f` in text, the string "0x1f" in JSON.
    ///
    /// As C's `%#x`, which iproute2 uses, prints it: zero is `0`, unless more than one digit is asked for.
    public mutating func hex(
        _ key: StaticString?, _ value: some FixedWidthInteger & UnsignedInteger, digits: Int = 1, zeroX: Bool = true,
        prefix: StaticString = "", suffix: StaticString = "", color: Color = .none, width: Int = 0
    ) {
        string(
            key, Hexadecimal(UInt64(truncatingIfNeeded: value), digits: digits, zeroX: zeroX), prefix: prefix,
            suffix: suffix, color: color, width: width)
    }

    /// A truth value: `true` or `false` in JSON, one of two words in text.
    public mutating func bool(
        _ key: StaticString?, _ value: Bool, on: StaticString = "true", off: StaticString = "false",
        prefix: StaticString = "", suffix: StaticString = ""
    ) {
        if isJSON {
            literal(key, value ? "true" : "false")
        } else {
            buffer.append(prefix)
            buffer.append(value ? on : off)
            buffer.append(suffix)
        }
    }

    /// A flag that is set: `true` in JSON.
    public mutating func flag(_ key: StaticString?, text: StaticString = "") {
        if isJSON { literal(key, "true") } else { buffer.append(text) }
    }

    /// A thing without a value: `null` in JSON.
    public mutating func null(_ key: StaticString?, text: StaticString = "") {
        if isJSON { literal(key, "null") } else { buffer.append(text) }
    }

    /// A fraction with a fixed number of decimals, as C's `%.6f`.
    public mutating func double(
        _ key: StaticString?, _ value: Double, decimals: Int = 6, prefix: StaticString = "", suffix: StaticString = "",
        color: Color = .none, width: Int = 0
    ) {
        let value = FixedPoint(value, decimals: decimals)
        if isJSON {
            beginValue(key)
            value.write(to: &buffer)
            flushWhenFull()
        } else {
            string(key, value, prefix: prefix, suffix: suffix, color: color, width: width)
        }
    }

    /// A fraction with six significant digits, as C's `%g`.
    public mutating func general(
        _ key: StaticString?, _ value: Double, prefix: StaticString = "", suffix: StaticString = ""
    ) {
        let value = SixDigits(value)
        if isJSON {
            beginValue(key)
            value.write(to: &buffer)
            flushWhenFull()
        } else {
            string(key, value, prefix: prefix, suffix: suffix)
        }
    }

    // MARK: Text alone

    /// A literal in text, nothing in JSON.
    @inlinable @inline(__always)
    public mutating func text(_ literal: StaticString) {
        if !isJSON { buffer.append(literal) }
    }

    /// A value in text, nothing in JSON.
    @inlinable @_disfavoredOverload
    public mutating func text(_ value: some TextWritable, color: Color = .none, width: Int = 0) {
        guard !isJSON else { return }
        string(nil, value, color: color, width: width)
    }

    /// A number in text, nothing in JSON.
    @inlinable
    public mutating func text(number value: some FixedWidthInteger, width: Int = 0) {
        guard !isJSON else { return }
        number(nil, value, width: width)
    }

    // MARK: JSON alone

    /// A string in JSON, nothing in text.
    @inlinable
    public mutating func jsonString(_ key: StaticString?, _ value: some TextWritable) {
        guard isJSON else { return }
        string(key, value)
    }

    /// A number in JSON, nothing in text.
    @inlinable
    public mutating func jsonNumber(_ key: StaticString?, _ value: some FixedWidthInteger) {
        guard isJSON else { return }
        number(key, value)
    }

    /// A truth value in JSON, nothing in text.
    public mutating func jsonBool(_ key: StaticString?, _ value: Bool) {
        if isJSON { literal(key, value ? "true" : "false") }
    }

    /// A null in JSON, nothing in text.
    public mutating func jsonNull(_ key: StaticString?) {
        if isJSON { literal(key, "null") }
    }

    // MARK: Parts

    private mutating func literal(_ key: StaticString?, _ value: StaticString) {
        beginValue(key)
        buffer.append(value)
        flushWhenFull()
    }

    @usableFromInline @inline(__always)
    mutating func beginText(_ prefix: StaticString, _ color: Color) {
        buffer.append(prefix)
        if color != .none, colors != .none { beginColor(color) }
    }

    @usableFromInline @inline(__always)
    mutating func endText(from start: Int, _ suffix: StaticString, _ color: Color, _ width: Int) {
        if width != 0 { buffer.pad(from: start, to: width) }
        buffer.append(suffix)
        if color != .none, colors != .none { buffer.append("\u{1b}[0m") }
    }

    @usableFromInline
    mutating func beginColor(_ color: Color) {
        buffer.append(colors == .bright ? "\u{1b}[1;3" : "\u{1b}[3")
        buffer.append(color.digit)
        buffer.append(0x6d)
    }
}

/// An integer in hexadecimal.
public struct Hexadecimal: TextWritable, Sendable {
    let value: UInt64
    let digits: Int
    let zeroX: Bool

    /// With leading zeros up to `digits`, behind `0x` where asked for; zero with one digit is `0`.
    public init(_ value: UInt64, digits: Int = 1, zeroX: Bool = true) {
        self.value = value
        self.digits = digits
        self.zeroX = zeroX
    }

    /// Appends the digits.
    public func write(to bytes: inout [UInt8]) {
        if zeroX, value != 0 || digits > 1 { bytes.append("0x") }
        bytes.append(hexadecimal: value, digits: digits)
    }
}
