// SPDX-License-Identifier: Apache-2.0

/// A part of the whole, as a probability or a correlation.
///
/// Kernel: `__u32`, of which the greatest is the whole.
public struct Percentage: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public var rawValue: UInt32
    /// Takes any number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Nothing.
    public static var zero: Self { Self(rawValue: 0) }
    /// All.
    public static var whole: Self { Self(rawValue: .max) }

    /// So many hundredths; what is below 0 or above 100 is cut.
    public init(_ percent: Double) { self.init(fraction: percent / 100) }

    /// A number from 0 to 1; what is outside is cut.
    public init(fraction: Double) {
        rawValue = UInt32(clamping: (fraction * Double(UInt32.max)).rounded(.toNearestOrEven))
    }

    /// Hundredths, from 0 to 100.
    public var percent: Double { 100 * fraction }
    /// From 0 to 1.
    public var fraction: Double { Double(rawValue) / Double(UInt32.max) }

    /// Reads a percentage as tc does: `1`, `0.5`, `25%`; nil for what is below 0 or above 100.
    public init?(_ text: String) {
        guard let (number, unit) = UnitSyntax.split(text), unit.isEmpty || unit == "%" else { return nil }
        let fraction = number / 100
        guard fraction >= 0, fraction <= 1 else { return nil }
        self.init(fraction: fraction)
    }
}

extension Percentage: CustomStringConvertible {
    /// Such as `25%`.
    public var description: String {
        let rounded = (percent * 10_000).rounded() / 10_000
        return rounded == rounded.rounded() ? "\(Int(rounded))%" : "\(rounded)%"
    }
}
