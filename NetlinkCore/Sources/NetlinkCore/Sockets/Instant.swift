// SPDX-License-Identifier: Apache-2.0

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A point on the monotonic clock.
///
/// Not `ContinuousClock`: that lives in the concurrency library, which a tool without tasks need not load.
@_spi(System) public struct Instant: Comparable, Hashable, Sendable {
    /// Nanoseconds since a moment that stays the same while the machine runs.
    public let nanoseconds: UInt64

    /// A point so many nanoseconds after that moment.
    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// This moment.
    public static var now: Instant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
    }

    /// Orders by number.
    public static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }

    /// A point so much later; a negative duration adds nothing.
    public static func + (instant: Instant, duration: Duration) -> Instant {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else { return instant }
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflow2) = instant.nanoseconds.addingReportingOverflow(whole)
        let (all, overflow3) = sum.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000))
        return Instant(nanoseconds: overflow || overflow2 || overflow3 ? .max : all)
    }

    /// How long ago an earlier instant was.
    public func since(_ earlier: Instant) -> Duration {
        .nanoseconds(Int64(clamping: nanoseconds >= earlier.nanoseconds ? nanoseconds - earlier.nanoseconds : 0))
    }

    /// Keeps the calling thread until this moment.
    func sleep() {
        var time = timespec()
        time.tv_sec = Int(clamping: nanoseconds / 1_000_000_000)
        time.tv_nsec = Int(nanoseconds % 1_000_000_000)
        while unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
    }

    /// Milliseconds from now, rounded up, for `poll` and `epoll_wait`; 0 when it has passed.
    public func millisecondsLeft(now: Instant = .now) -> Int32 {
        guard self > now else { return 0 }
        return Int32(clamping: (nanoseconds - now.nanoseconds).dividedRoundingUp(by: 1_000_000))
    }
}

extension UInt64 {
    fileprivate func dividedRoundingUp(by divisor: UInt64) -> UInt64 { self / divisor + (self % divisor == 0 ? 0 : 1) }
}
