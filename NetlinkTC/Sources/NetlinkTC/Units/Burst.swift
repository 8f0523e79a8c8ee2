// SPDX-License-Identifier: Apache-2.0

/// How much may be sent at once before a rate holds: the size of a shaper's bucket.
///
/// The kernel keeps the time that sending takes, which it is told in ticks of 64 nanoseconds: a size that is written is
/// read back as the ticks that it takes, so that what was read goes back unchanged.
///
/// Kernel: ticks of ``TickClock``, `__u32`.
public enum Burst: Hashable, Sendable {
    /// So many bytes.
    case bytes(ByteCount)
    /// So many ticks, as the kernel tells it.
    case ticks(UInt32)

    /// The size at a rate.
    public func bytes(at rate: Rate, clock: TickClock = .system) -> ByteCount {
        switch self {
        case .bytes(let count): count
        case .ticks(let ticks): ByteCount(rawValue: clock.bytes(sentIn: ticks, at: rate))
        }
    }

    /// The kernel's number at a rate.
    public func ticks(at rate: Rate, clock: TickClock = .system) -> UInt32 {
        switch self {
        case .bytes(let count): clock.ticks(sending: count.rawValue, at: rate)
        case .ticks(let ticks): ticks
        }
    }
}
