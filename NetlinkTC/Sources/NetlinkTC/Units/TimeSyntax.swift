// SPDX-License-Identifier: Apache-2.0

extension Duration {
    /// What a number without a unit counts, which depends on the option that it stands behind.
    public enum TimeUnit: Sendable {
        /// Millionths of a second, as for all but netem and gate; shorter times cannot be written.
        case microseconds
        /// Thousand-millionths of a second, as for netem.
        case nanoseconds
    }

    /// Reads a time as tc does: `10ms`, `1.5s`, `100us`.
    ///
    /// Fractions of the unit are cut. Letters may be of either case.
    public init?(tc text: String, bare unit: TimeUnit) {
        guard let (number, suffix) = UnitSyntax.split(text), let factor = Self.factor(suffix, unit) else { return nil }
        let count = number * factor
        guard count >= 0, count < 0x1p63 else { return nil }
        switch unit {
        case .microseconds: self = .microseconds(Int64(count))
        case .nanoseconds: self = .nanoseconds(Int64(count))
        }
    }

    private static func factor(_ suffix: String, _ unit: TimeUnit) -> Double? {
        let scale: Double = unit == .nanoseconds ? 1000 : 1
        switch suffix {
        case "": return 1
        case "s", "sec", "secs": return 1_000_000 * scale
        case "ms", "msec", "msecs": return 1000 * scale
        case "us", "usec", "usecs": return scale
        case "ns", "nsec", "nsecs": return unit == .nanoseconds ? 1 : nil
        default: return nil
        }
    }

    /// Whole nanoseconds, as many as fit.
    public var wholeNanoseconds: Int64 { Int64(clamping: attoseconds / 1_000_000_000) }
    /// Whole microseconds, as many as fit.
    public var wholeMicroseconds: Int64 { Int64(clamping: attoseconds / 1_000_000_000_000) }
}
