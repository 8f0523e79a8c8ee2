// SPDX-License-Identifier: Apache-2.0

/// A count for humans (`-h`): three significant digits and a letter for a power of 1000, or of 1024 with `-iec`.
public struct HumanNumber: TextWritable, Sendable {
    /// The count.
    public var value: UInt64
    /// Whether powers are of 1024.
    public var iec: Bool

    /// Takes a count.
    public init(_ value: UInt64, iec: Bool = false) {
        self.value = value
        self.iec = iec
    }

    /// Appends the digits and the letter.
    public func write(to bytes: inout [UInt8]) {
        let base: UInt64 = iec ? 1024 : 1000
        guard value >= base else { return bytes.append(decimal: value) }
        var unit = base
        var letter = 0
        while value / base >= unit, letter < 5 {
            unit *= base
            letter += 1
        }
        let whole = value / unit
        FixedPoint(Double(value) / Double(unit), decimals: whole < 10 ? 2 : whole < 100 ? 1 : 0).write(to: &bytes)
        let letters: InlineArray<6, UInt8> = [0x6b, 0x4d, 0x47, 0x54, 0x50, 0x45]
        bytes.append(letters[letter])
        if iec { bytes.append(0x69) }
    }
}
