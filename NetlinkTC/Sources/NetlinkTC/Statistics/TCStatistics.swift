// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What a queueing discipline, class or action has counted; absent where the kernel says nothing.
///
/// Kernel: `TCA_STATS2` and `TCA_ACT_STATS`, of older kernels `TCA_STATS`.
public struct TCStatistics: Hashable, Sendable {
    /// What passed: all of it, by software and hardware.
    ///
    /// Kernel: `TCA_STATS_BASIC`, its packets by `TCA_STATS_PKT64` where 32 bits are too few.
    public var basic: Counters?
    /// The part of ``basic`` that passed by hardware.
    ///
    /// Kernel: `TCA_STATS_BASIC_HW`.
    public var hardware: Counters?
    /// What waits, and what became of what did.
    ///
    /// Kernel: `TCA_STATS_QUEUE`.
    public var queue: Queue?
    /// What a rate estimator measures.
    ///
    /// Kernel: `TCA_STATS_RATE_EST64`, or `TCA_STATS_RATE_EST`.
    public var rate: EstimatedRate?
    /// What the kind itself counts, as the kernel's bytes.
    ///
    /// Kernel: `TCA_STATS_APP`, `TCA_XSTATS`.
    public var kindData: [UInt8]?

    /// None.
    public init() {}

    /// Bytes and packets.
    public struct Counters: Hashable, Sendable {
        /// Bytes.
        public var bytes: UInt64
        /// Packets.
        public var packets: UInt64

        /// Counts.
        public init(bytes: UInt64 = 0, packets: UInt64 = 0) {
            self.bytes = bytes
            self.packets = packets
        }

        /// What was added since an earlier reading; nothing where the counters began anew.
        public func difference(from earlier: Counters) -> Counters {
            guard bytes >= earlier.bytes, packets >= earlier.packets else { return Counters() }
            return Counters(bytes: bytes - earlier.bytes, packets: packets - earlier.packets)
        }
    }

    /// A queue's length and counters.
    ///
    /// Kernel: `struct gnet_stats_queue`.
    public struct Queue: Hashable, Sendable {
        /// Packets that wait.
        public var length: UInt32 = 0
        /// Bytes that wait.
        public var backlog: UInt32 = 0
        /// Packets that were dropped.
        public var drops: UInt32 = 0
        /// Packets that were put back.
        public var requeues: UInt32 = 0
        /// How often a limit was met.
        public var overlimits: UInt32 = 0

        /// An empty queue.
        public init() {}
    }

    /// A measured rate.
    public struct EstimatedRate: Hashable, Sendable {
        /// Bytes in a second.
        public var rate: Rate
        /// Packets in a second.
        public var packetsPerSecond: UInt64

        /// A rate.
        public init(rate: Rate, packetsPerSecond: UInt64) {
            self.rate = rate
            self.packetsPerSecond = packetsPerSecond
        }
    }

    /// Reads the contents of `TCA_STATS2`.
    public init(decoding data: RawSpan) throws(DecodeError) {
        var packets: UInt64?
        var reader = AttributeReader<StatisticsAttribute>(data)
        while let attribute = try reader.next() {
            let span = attribute.payload
            switch attribute.id {
            case .basic: basic = try Self.counters(span)
            case .basicHardware: hardware = try Self.counters(span)
            case .packets64: packets = try attribute.integer()
            case .queue: queue = try Self.queue(span)
            case .rate:
                // The wide form, where there is one, says more.
                if rate == nil {
                    let bytes = try span.load(at: 0, as: UInt32.self)  // struct gnet_stats_rate_est.bps
                    let count = try span.load(at: 4, as: UInt32.self)  // struct gnet_stats_rate_est.pps
                    rate = EstimatedRate(
                        rate: Rate(bytesPerSecond: UInt64(bytes)), packetsPerSecond: UInt64(count))
                }
            case .rate64:
                let bytes = try span.load(at: 0, as: UInt64.self)  // struct gnet_stats_rate_est64.bps
                let count = try span.load(at: 8, as: UInt64.self)  // struct gnet_stats_rate_est64.pps
                rate = EstimatedRate(rate: Rate(bytesPerSecond: bytes), packetsPerSecond: count)
            case .kind: kindData = span.array
            default: break
            }
        }
        if let packets { basic?.packets = packets }
    }

    private static func counters(_ span: RawSpan) throws(DecodeError) -> Counters {
        let bytes = try span.load(at: 0, as: UInt64.self)  // struct gnet_stats_basic.bytes
        let packets = try span.load(at: 8, as: UInt32.self)  // struct gnet_stats_basic.packets
        return Counters(bytes: bytes, packets: UInt64(packets))
    }

    private static func queue(_ span: RawSpan) throws(DecodeError) -> Queue {
        var queue = Queue()
        queue.length = try span.load(at: 0)  // struct gnet_stats_queue.qlen
        queue.backlog = try span.load(at: 4)  // struct gnet_stats_queue.backlog
        queue.drops = try span.load(at: 8)  // struct gnet_stats_queue.drops
        queue.requeues = try span.load(at: 12)  // struct gnet_stats_queue.requeues
        queue.overlimits = try span.load(at: 16)  // struct gnet_stats_queue.overlimits
        return queue
    }

    /// Reads the contents of `TCA_STATS`, which kernels still send beside the newer form.
    init(legacy span: RawSpan) throws(DecodeError) {
        let bytes = try span.load(at: 0, as: UInt64.self)  // struct tc_stats.bytes
        let packets = try span.load(at: 8, as: UInt32.self)  // struct tc_stats.packets
        basic = Counters(bytes: bytes, packets: UInt64(packets))
        var queue = Queue()
        queue.drops = try span.load(at: 12)  // struct tc_stats.drops
        queue.overlimits = try span.load(at: 16)  // struct tc_stats.overlimits
        queue.length = try span.load(at: 28)  // struct tc_stats.qlen
        queue.backlog = try span.load(at: 32)  // struct tc_stats.backlog
        self.queue = queue
        let rate = try span.load(at: 20, as: UInt32.self)  // struct tc_stats.bps
        let packetRate = try span.load(at: 24, as: UInt32.self)  // struct tc_stats.pps
        if rate != 0 || packetRate != 0 {
            self.rate = EstimatedRate(
                rate: Rate(bytesPerSecond: UInt64(rate)), packetsPerSecond: UInt64(packetRate))
        }
    }
}

/// What a kind of queueing discipline or class counts beside the common statistics.
///
/// ``TCStatistics/of(_:)`` reads one.
public protocol TCKindStatistics: Hashable, Sendable {
    /// Reads the contents of `TCA_STATS_APP` or `TCA_XSTATS`.
    init(decoding data: RawSpan) throws(DecodeError)
}

extension TCStatistics {
    /// What the kind itself counts, read as one kind's; nil where there is nothing, or too little for it.
    public func of<Kind: TCKindStatistics>(_ type: Kind.Type = Kind.self) -> Kind? {
        guard let kindData else { return nil }
        return try? Kind(decoding: kindData.rawSpan)
    }
}
