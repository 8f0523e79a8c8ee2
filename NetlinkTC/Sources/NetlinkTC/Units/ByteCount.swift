// SPDX-License-Identifier: Apache-2.0

/// A number of bytes: of a queue, a bucket or a packet.
public struct ByteCount: RawRepresentable, Hashable, Sendable {
    /// Bytes.
    public var rawValue: UInt64
    /// So many bytes.
    public init(rawValue: UInt64) { self.rawValue = rawValue }
    /// So many bytes.
    public init(_ count: some BinaryInteger) { self.init(rawValue: UInt64(clamping: count)) }
}

extension ByteCount: Comparable, ExpressibleByIntegerLiteral {
    /// Orders by number.
    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    /// Takes a literal.
    public init(integerLiteral value: UInt64) { self.init(rawValue: value) }
}

extension ByteCount {
    /// Reads a size as tc does: `1500`, `15k`, `32kb`, `1mbit`.
    ///
    /// `k`, `m`, `g`, with or without a `b`, are powers of 1024; with `bit` behind them eighths of those. Letters may be
    /// of either case.
    public init?(_ text: String) {
        guard let (number, unit) = UnitSyntax.split(text), let factor = Self.factor(unit) else { return nil }
        let bytes = number * factor
        guard bytes >= 0, bytes < 0x1p64 else { return nil }
        rawValue = UInt64(bytes)
    }

    private static func factor(_ unit: String) -> Double? {
        switch unit {
        case "", "b": 1
        case "k", "kb": 0x1p10
        case "m", "mb": 0x1p20
        case "g", "gb": 0x1p30
        case "kbit": 0x1p7
        case "mbit": 0x1p17
        case "gbit": 0x1p27
        default: nil
        }
    }
}

extension ByteCount: CustomStringConvertible {
    /// The text that tc prints: `1514b`, `15Kb`, `2Mb`.
    ///
    /// A larger unit stands where the size is nearly a whole number of it.
    public var description: String {
        if let count = nearly(1 << 20, within: 1024) { return "\(count)Mb" }
        if let count = nearly(1024, within: 16) { return "\(count)Kb" }
        return "\(rawValue)b"
    }

    private func nearly(_ unit: UInt64, within tolerance: UInt64) -> UInt64? {
        guard rawValue >= unit else { return nil }
        let (count, rest) = rawValue.quotientAndRemainder(dividingBy: unit)
        if rest < tolerance { return count }
        return unit - rest < tolerance ? count + 1 : nil
    }
}
