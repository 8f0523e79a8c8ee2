// SPDX-License-Identifier: Apache-2.0

@_spi(System) internal import NetlinkCore

/// The clock in whose ticks the packet scheduler is told the sizes of its buckets.
///
/// One tick is 64 nanoseconds on every kernel since 2.6.31; older ones had others, and `/proc/net/psched` still tells.
public struct TickClock: Hashable, Sendable {
    /// Ticks in a microsecond.
    public let ticksPerMicrosecond: Double
    /// How many times in a second the kernel can look at a bucket.
    public let resolution: UInt32

    /// The clock of the running kernel.
    public static let system: TickClock =
        (try? readFile("/proc/net/psched")).flatMap { TickClock(psched: String(decoding: $0, as: UTF8.self)) } ?? .usual

    /// The clock of every kernel of these days.
    public static var usual: TickClock { TickClock(ticksPerMicrosecond: 15.625, resolution: 1_000_000_000) }

    init(ticksPerMicrosecond: Double, resolution: UInt32) {
        self.ticksPerMicrosecond = ticksPerMicrosecond
        self.resolution = resolution
    }

    /// Reads the four hexadecimal numbers of `/proc/net/psched`.
    init?(psched text: String) {
        let words = text.split(whereSeparator: \.isWhitespace).map { UInt32($0, radix: 16) }
        guard words.count >= 3, let nanoseconds = words[0], let perTick = words[1], let clock = words[2],
            nanoseconds > 0, perTick > 0, clock > 0
        else { return nil }
        ticksPerMicrosecond = Double(nanoseconds) / Double(perTick) * (Double(clock) / 1_000_000)
        // Old kernels have three numbers.
        resolution = words.count > 3 ? words[3] ?? 1_000_000_000 : 1_000_000_000
    }

    /// The ticks of a time.
    public func ticks(microseconds: Double) -> Double { microseconds * ticksPerMicrosecond }

    /// The time of ticks, in microseconds.
    public func microseconds(_ ticks: Double) -> Double { ticks / ticksPerMicrosecond }

    /// How many ticks sending so many bytes takes; as many as fit where it takes longer.
    public func ticks(sending bytes: UInt64, at rate: Rate) -> UInt32 {
        guard rate.bytesPerSecond > 0 else { return .max }
        let time = 1_000_000 * (Double(bytes) / Double(rate.bytesPerSecond))
        return UInt32(clamping: ticks(microseconds: time).rounded(.up))
    }

    /// How many bytes are sent in so many ticks.
    public func bytes(sentIn ticks: UInt32, at rate: Rate) -> UInt64 {
        UInt64(clamping: Double(rate.bytesPerSecond) * microseconds(Double(ticks)) / 1_000_000)
    }
}

extension FixedWidthInteger {
    /// The integer part of a number; the nearest that fits where it is out of range, 0 for what is no number.
    init(clamping value: Double) {
        if value.isNaN {
            self = 0
        } else {
            self = Self(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
        }
    }
}
