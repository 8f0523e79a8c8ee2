// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// By which model packets are lost.
///
/// Kernel: `loss` with its correlation, or `TCA_NETEM_LOSS`.
@nonexhaustive
public enum NetemLoss: Hashable, Sendable {
    /// Each packet with a probability, which depends on the packet before by the correlation.
    case random(Percentage, correlation: Percentage = .zero)
    /// A chain of four states.
    ///
    /// Kernel: `struct tc_netem_gimodel`.
    case states(NetemLossStates)
    /// Gilbert's and Elliott's chain of a good state and a bad one.
    ///
    /// Kernel: `struct tc_netem_gemodel`.
    case gilbertElliott(NetemGilbertElliott)
}

/// The probabilities with which a chain of four states changes: 1 good, 2 good within a burst, 3 lost within a burst, 4
/// lost alone.
public struct NetemLossStates: Hashable, Sendable {
    /// From 1 to 3: a burst of losses begins.
    public var p13: Percentage
    /// From 3 to 1: it ends.
    public var p31: Percentage
    /// From 3 to 2: packets pass within it.
    public var p32: Percentage
    /// From 2 to 3: packets are lost again.
    public var p23: Percentage
    /// From 1 to 4: a single packet is lost.
    public var p14: Percentage

    /// A chain; what is not given makes it one of two states.
    public init(
        p13: Percentage, p31: Percentage? = nil, p32: Percentage = .zero, p23: Percentage = .whole,
        p14: Percentage = .zero
    ) {
        self.p13 = p13
        self.p31 = p31 ?? p13.rest
        self.p32 = p32
        self.p23 = p23
        self.p14 = p14
    }
}

/// The probabilities of Gilbert's and Elliott's model.
public struct NetemGilbertElliott: Hashable, Sendable {
    /// From good to bad.
    public var p: Percentage
    /// From bad to good.
    public var r: Percentage
    /// That a packet passes in the bad state.
    public var h: Percentage
    /// That a packet is lost in the good state.
    public var k1: Percentage

    /// A chain; what is not given loses all in the bad state and nothing in the good one.
    public init(p: Percentage, r: Percentage? = nil, h: Percentage = .zero, k1: Percentage = .zero) {
        self.p = p
        self.r = r ?? p.rest
        self.h = h
        self.k1 = k1
    }
}

extension Percentage {
    /// What is missing to the whole.
    public var rest: Percentage { Percentage(rawValue: UInt32.max - rawValue) }
}

/// A rate at which packets are sent, in cells where the wire has them.
///
/// Kernel: `struct tc_netem_rate`, and `TCA_NETEM_RATE64` where 32 bits are too few.
public struct NetemRate: Hashable, Sendable {
    /// The rate.
    public var rate: Rate
    /// Bytes that each packet takes beyond its own; may be below zero.
    public var packetOverhead: Int32
    /// Bytes in a cell; 0 for no cells.
    public var cellSize: UInt32
    /// Bytes that each cell takes beyond its own; may be below zero.
    public var cellOverhead: Int32

    /// A rate.
    public init(_ rate: Rate, packetOverhead: Int32 = 0, cellSize: UInt32 = 0, cellOverhead: Int32 = 0) {
        self.rate = rate
        self.packetOverhead = packetOverhead
        self.cellSize = cellSize
        self.cellOverhead = cellOverhead
    }

    static let byteCount = 16  // sizeof(struct tc_netem_rate)
}

/// Packets are sent together at times, as by a radio that gets its turn.
///
/// Kernel: `struct tc_netem_slot`, since Linux 4.16.
public struct NetemSlot: Hashable, Sendable {
    /// The least time to the next turn.
    public var minimumDelay: Duration
    /// The greatest time to the next turn.
    public var maximumDelay: Duration
    /// How many packets are sent in a turn; 0 for all.
    public var packetCount: Int32
    /// How many bytes are sent in a turn; 0 for all.
    public var byteCount: Int32
    /// The mean time to the next turn, where it is distributed.
    ///
    /// Since Linux 4.20.
    public var distributionDelay: Duration
    /// How the time to the next turn varies, where it is distributed.
    public var distributionJitter: Duration

    /// Turns between a least and a greatest time.
    public init(from minimum: Duration, to maximum: Duration, packetCount: Int32 = 0, byteCount: Int32 = 0) {
        minimumDelay = minimum
        maximumDelay = maximum
        self.packetCount = packetCount
        self.byteCount = byteCount
        distributionDelay = .zero
        distributionJitter = .zero
    }

    /// Turns whose times ``NetemQdisc/slotDistribution`` distributes.
    public init(mean: Duration, jitter: Duration, packetCount: Int32 = 0, byteCount: Int32 = 0) {
        self.init(from: .zero, to: .zero, packetCount: packetCount, byteCount: byteCount)
        distributionDelay = mean
        distributionJitter = jitter
    }

    static let structureByteCount = 40  // sizeof(struct tc_netem_slot)

    init(_ span: RawSpan) throws(DecodeError) {
        minimumDelay = .nanoseconds(try span.load(at: 0, as: Int64.self))  // struct tc_netem_slot.min_delay
        maximumDelay = .nanoseconds(try span.load(at: 8, as: Int64.self))  // struct tc_netem_slot.max_delay
        packetCount = try span.load(at: 16)  // struct tc_netem_slot.max_packets
        byteCount = try span.load(at: 20)  // struct tc_netem_slot.max_bytes
        distributionDelay = .nanoseconds(try span.load(at: 24, as: Int64.self))  // struct tc_netem_slot.dist_delay
        distributionJitter = .nanoseconds(try span.load(at: 32, as: Int64.self))  // struct tc_netem_slot.dist_jitter
    }

    func store(into structure: inout StructureWriter) {
        structure.store(minimumDelay.wholeNanoseconds, at: 0)  // struct tc_netem_slot.min_delay
        structure.store(maximumDelay.wholeNanoseconds, at: 8)  // struct tc_netem_slot.max_delay
        structure.store(packetCount, at: 16)  // struct tc_netem_slot.max_packets
        structure.store(byteCount, at: 20)  // struct tc_netem_slot.max_bytes
        structure.store(distributionDelay.wholeNanoseconds, at: 24)  // struct tc_netem_slot.dist_delay
        structure.store(distributionJitter.wholeNanoseconds, at: 32)  // struct tc_netem_slot.dist_jitter
    }
}
