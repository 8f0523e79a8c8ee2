// SPDX-License-Identifier: Apache-2.0

/// How much is sent in a second.
///
/// ```swift
/// let rate: Rate = .megabits(10)
/// let same = Rate("10mbit")
/// ```
///
/// Kernel: bytes in a second, `__u32` or `__u64`.
public struct Rate: Hashable, Sendable {
    /// Bytes in a second.
    public var bytesPerSecond: UInt64

    /// Bytes in a second.
    public init(bytesPerSecond: UInt64) { self.bytesPerSecond = bytesPerSecond }

    /// Bits in a second, rounded down to whole bytes.
    public static func bits(_ count: UInt64) -> Rate { Rate(bytesPerSecond: count / 8) }
    /// Thousands of bits in a second.
    public static func kilobits(_ count: UInt64) -> Rate { Rate(bytesPerSecond: times(count, 125)) }
    /// Millions of bits in a second.
    public static func megabits(_ count: UInt64) -> Rate { Rate(bytesPerSecond: times(count, 125_000)) }
    /// Thousands of millions of bits in a second.
    public static func gigabits(_ count: UInt64) -> Rate { Rate(bytesPerSecond: times(count, 125_000_000)) }

    private static func times(_ count: UInt64, _ factor: UInt64) -> UInt64 {
        let (product, overflow) = count.multipliedReportingOverflow(by: factor)
        return overflow ? .max : product
    }

    /// Bits in a second, as many as fit.
    public var bitsPerSecond: UInt64 { Self.times(bytesPerSecond, 8) }

    /// What stands in the 32 bits of older structures: the greatest number where the rate is above it.
    var saturated: UInt32 { UInt32(clamping: bytesPerSecond) }
    /// Whether 32 bits cannot hold it.
    var isWide: Bool { bytesPerSecond > UInt64(UInt32.max) }
}

extension Rate: Comparable {
    /// Orders by speed.
    public static func < (a: Self, b: Self) -> Bool { a.bytesPerSecond < b.bytesPerSecond }
}

extension Rate {
    /// Reads a rate as tc does: `10mbit`, `1gibit`, `5mbps`.
    ///
    /// A bare number counts bits; units that end in `bps` count bytes. `k`, `m`, `g`, `t` are powers of 1000, with an
    /// `i` behind powers of 1024. Letters may be of either case.
    public init?(_ text: String) {
        guard let (number, unit) = UnitSyntax.split(text), let bits = Self.unit(unit) else { return nil }
        let bytes = number * bits / 8
        guard bytes >= 0, bytes < 0x1p64 else { return nil }
        bytesPerSecond = UInt64(bytes)
    }

    private static func unit(_ text: String) -> Double? {
        if text.isEmpty { return 1 }
        var rest = Substring(text)
        let scale: Double
        if rest.hasSuffix("bit") { scale = 1 } else if rest.hasSuffix("bps") { scale = 8 } else { return nil }
        rest.removeLast(3)
        guard let factor = UnitSyntax.factor(rest) else { return nil }
        return scale * factor
    }
}

extension Rate: CustomStringConvertible {
    /// The text that tc prints, such as `10Mbit`.
    public var description: String { text(base: 1000) }

    /// The text that tc prints; with -iec in powers of 1024.
    public func text(inPowersOf1024 isIEC: Bool) -> String { text(base: isIEC ? 1024 : 1000) }

    private func text(base: UInt64) -> String {
        let units = ["", "K", "M", "G", "T"]
        var value = bitsPerSecond
        var unit = 0
        // A smaller unit is kept while it says more, up to six digits or so.
        while unit < units.count - 1, value >= base, value % base == 0 || value >= 1000 * base {
            value /= base
            unit += 1
        }
        return "\(value)\(units[unit])\(base == 1024 && unit > 0 ? "i" : "")bit"
    }
}
