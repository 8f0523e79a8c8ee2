// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Makes a link worse: delays, loses, doubles, reorders and damages packets, and limits their rate.
///
/// ```swift
/// var worse = NetemQdisc(delay: .milliseconds(100), jitter: .milliseconds(10))
/// worse.loss = .random(Percentage(1))
/// try connection.replace(Qdisc(worse, on: link))
/// ```
///
/// Where another netem is there already, also `replace` leaves those of its correlations, reordering, corruption, rate,
/// marking and turns as they are that are not set here; an update from what was read takes them away. Distributions stay
/// in either case, for the kernel does not tell them: remove it and add it to be without.
///
/// Kernel: kind `netem`, `struct tc_netem_qopt` and `TCA_NETEM_*`.
public struct NetemQdisc: QdiscKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "netem" }

    /// How many packets may be held.
    ///
    /// Kernel: `limit`.
    public var limit: UInt32 = 1000
    /// By how much packets are delayed.
    ///
    /// Kernel: `TCA_NETEM_LATENCY64`, nanoseconds; of older kernels `latency`, ticks.
    public var delay = Duration.zero
    /// How much the delay varies.
    ///
    /// Kernel: `TCA_NETEM_JITTER64`, nanoseconds; of older kernels `jitter`, ticks.
    public var jitter = Duration.zero
    /// How much a delay depends on the one before.
    ///
    /// Kernel: `delay_corr` of `TCA_NETEM_CORR`.
    public var delayCorrelation = Percentage.zero
    /// How delays vary; alike within the jitter unless set.
    ///
    /// Written, but not told by the kernel.
    ///
    /// Kernel: `TCA_NETEM_DELAY_DIST`.
    public var delayDistribution: NetemDistribution?
    /// How packets are lost; nil for not at all.
    public var loss: NetemLoss?
    /// Whether packets are marked instead of lost where they can be.
    ///
    /// Kernel: `TCA_NETEM_ECN`, `u32`.
    public var marksECN = false
    /// How many packets are sent twice.
    ///
    /// Kernel: `duplicate`.
    public var duplication = Percentage.zero
    /// How much that depends on the packet before.
    ///
    /// Kernel: `dup_corr` of `TCA_NETEM_CORR`.
    public var duplicationCorrelation = Percentage.zero
    /// How many packets are sent at once, while the others are delayed.
    ///
    /// Kernel: `TCA_NETEM_REORDER`.
    public var reordering = Percentage.zero
    /// How much that depends on the packet before.
    public var reorderingCorrelation = Percentage.zero
    /// Each how many packets one may be sent at once.
    ///
    /// Kernel: `gap`. With a gap and no ``reordering`` the kernel takes the whole for it.
    public var gap: UInt32 = 0
    /// How many packets have a bit changed.
    ///
    /// Kernel: `TCA_NETEM_CORRUPT`.
    public var corruption = Percentage.zero
    /// How much that depends on the packet before.
    public var corruptionCorrelation = Percentage.zero
    /// The rate at which packets are sent; nil for as they come.
    ///
    /// Kernel: `TCA_NETEM_RATE`.
    public var rate: NetemRate?
    /// The turns in which packets are sent; nil for at any time.
    ///
    /// Kernel: `TCA_NETEM_SLOT`.
    public var slot: NetemSlot?
    /// How the times of turns vary.
    ///
    /// Written, but not told by the kernel.
    ///
    /// Kernel: `TCA_NETEM_SLOT_DIST`.
    public var slotDistribution: NetemDistribution?
    /// Begins the random numbers, so that they can be had again; nil lets the kernel choose.
    ///
    /// Kernel: `TCA_NETEM_PRNG_SEED`, `u64`, since Linux 6.6.
    public var seed: UInt64?
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A link that delays packets, or, by default, does nothing yet.
    public init(delay: Duration = .zero, jitter: Duration = .zero) {
        self.delay = delay
        self.jitter = jitter
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        if delay < .zero { validation.add("delay", "a delay is not below zero") }
        if jitter < .zero { validation.add("jitter", "a jitter is not below zero") }
        if reordering != .zero, delay == .zero { validation.add("reordering", "reordering takes a delay") }
        if marksECN, loss == nil { validation.add("marksECN", "marking takes a loss") }
        for (field, table) in [("delayDistribution", delayDistribution), ("slotDistribution", slotDistribution)] {
            guard let count = table?.values.count, !(1...NetemDistribution.limit).contains(count) else { continue }
            validation.add(field, "a distribution has 1 to \(NetemDistribution.limit) entries, not \(count)")
        }
        try validation.finish(object: "netem")
    }
}

/// Attributes of netem, behind `struct tc_netem_qopt`.
struct NetemAttribute: AttributeID {
    let rawValue: UInt16

    static var correlations: Self { Self(rawValue: 1) }  // TCA_NETEM_CORR
    static var delayDistribution: Self { Self(rawValue: 2) }  // TCA_NETEM_DELAY_DIST
    static var reordering: Self { Self(rawValue: 3) }  // TCA_NETEM_REORDER
    static var corruption: Self { Self(rawValue: 4) }  // TCA_NETEM_CORRUPT
    // Nest: NetemLossAttribute
    static var loss: Self { Self(rawValue: 5) }  // TCA_NETEM_LOSS
    static var rate: Self { Self(rawValue: 6) }  // TCA_NETEM_RATE
    static var marksECN: Self { Self(rawValue: 7) }  // TCA_NETEM_ECN
    static var rate64: Self { Self(rawValue: 8) }  // TCA_NETEM_RATE64
    static var padding: Self { Self(rawValue: 9) }  // TCA_NETEM_PAD
    static var delay: Self { Self(rawValue: 10) }  // TCA_NETEM_LATENCY64
    static var jitter: Self { Self(rawValue: 11) }  // TCA_NETEM_JITTER64
    static var slot: Self { Self(rawValue: 12) }  // TCA_NETEM_SLOT
    static var slotDistribution: Self { Self(rawValue: 13) }  // TCA_NETEM_SLOT_DIST
    static var seed: Self { Self(rawValue: 14) }  // TCA_NETEM_PRNG_SEED
}

/// Attributes inside `TCA_NETEM_LOSS`.
struct NetemLossAttribute: AttributeID {
    let rawValue: UInt16

    static var states: Self { Self(rawValue: 1) }  // NETEM_LOSS_GI
    static var gilbertElliott: Self { Self(rawValue: 2) }  // NETEM_LOSS_GE
}
