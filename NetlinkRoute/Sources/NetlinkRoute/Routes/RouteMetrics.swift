// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Transport settings for connections over a route.
///
/// Kernel: `RTA_METRICS`, each a `u32` but the congestion algorithm's name.
public struct RouteMetrics: Hashable, Sendable {
    /// Which metrics path discovery must not change: bit n for metric number n.
    ///
    /// Kernel: `RTAX_LOCK`.
    public var locks: Locks?
    /// The largest packet in bytes.
    ///
    /// Kernel: `RTAX_MTU`.
    public var mtu: UInt32?
    /// The largest receive window in bytes.
    ///
    /// Kernel: `RTAX_WINDOW`.
    public var window: UInt32?
    /// The first estimate of the round-trip time, in eighths of a millisecond.
    ///
    /// Kernel: `RTAX_RTT`.
    public var roundTripTime: UInt32?
    /// The first estimate of its variance, in quarters of a millisecond.
    ///
    /// Kernel: `RTAX_RTTVAR`.
    public var roundTripVariance: UInt32?
    /// The slow start threshold in segments.
    ///
    /// Kernel: `RTAX_SSTHRESH`.
    public var slowStartThreshold: UInt32?
    /// The clamp of the congestion window in segments.
    ///
    /// Kernel: `RTAX_CWND`.
    public var congestionWindow: UInt32?
    /// The segment size that is advertised, in bytes.
    ///
    /// Kernel: `RTAX_ADVMSS`.
    public var advertisedSegment: UInt32?
    /// How far packets may be out of order.
    ///
    /// Kernel: `RTAX_REORDERING`.
    public var reordering: UInt32?
    /// The hop limit of packets.
    ///
    /// Kernel: `RTAX_HOPLIMIT`.
    public var hopLimit: UInt32?
    /// The initial congestion window in segments.
    ///
    /// Kernel: `RTAX_INITCWND`.
    public var initialCongestionWindow: UInt32?
    /// Features that are on.
    ///
    /// Kernel: `RTAX_FEATURES`.
    public var features: Features?
    /// The least retransmission timeout in milliseconds.
    ///
    /// Kernel: `RTAX_RTO_MIN`.
    public var minimumRetransmission: UInt32?
    /// The initial receive window in segments.
    ///
    /// Kernel: `RTAX_INITRWND`.
    public var initialReceiveWindow: UInt32?
    /// Whether every packet is acknowledged at once.
    ///
    /// Kernel: `RTAX_QUICKACK`.
    public var quickAcknowledge: UInt32?
    /// The congestion control algorithm's name.
    ///
    /// Kernel: `RTAX_CC_ALGO`.
    public var congestionAlgorithm: String?
    /// Whether TCP fast open goes without a cookie.
    ///
    /// Kernel: `RTAX_FASTOPEN_NO_COOKIE`.
    public var fastOpenNoCookie: UInt32?
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// No setting.
    public init() {}

    /// Whether nothing is set.
    public var isEmpty: Bool { self == RouteMetrics() }

    /// Metrics by their numbers, as bits.
    ///
    /// Kernel: `RTAX_LOCK`, `u32`, in which bit n stands for metric n of `RTAX_*`.
    public struct Locks: OptionSet, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt32
        /// Takes any number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        /// The bit of a metric number.
        public static func metric(_ number: UInt16) -> Locks { Locks(rawValue: number < 32 ? 1 << UInt32(number) : 0) }
        /// ``RouteMetrics/mtu``.
        public static var mtu: Self { metric(RouteMetricAttribute.mtu.rawValue) }
        /// ``RouteMetrics/window``.
        public static var window: Self { metric(RouteMetricAttribute.window.rawValue) }
        /// ``RouteMetrics/roundTripTime``.
        public static var roundTripTime: Self { metric(RouteMetricAttribute.roundTripTime.rawValue) }
        /// ``RouteMetrics/roundTripVariance``.
        public static var roundTripVariance: Self { metric(RouteMetricAttribute.roundTripVariance.rawValue) }
        /// ``RouteMetrics/slowStartThreshold``.
        public static var slowStartThreshold: Self { metric(RouteMetricAttribute.slowStartThreshold.rawValue) }
        /// ``RouteMetrics/congestionWindow``.
        public static var congestionWindow: Self { metric(RouteMetricAttribute.congestionWindow.rawValue) }
        /// ``RouteMetrics/advertisedSegment``.
        public static var advertisedSegment: Self { metric(RouteMetricAttribute.advertisedSegment.rawValue) }
        /// ``RouteMetrics/reordering``.
        public static var reordering: Self { metric(RouteMetricAttribute.reordering.rawValue) }
        /// ``RouteMetrics/hopLimit``.
        public static var hopLimit: Self { metric(RouteMetricAttribute.hopLimit.rawValue) }
        /// ``RouteMetrics/initialCongestionWindow``.
        public static var initialCongestionWindow: Self {
            metric(RouteMetricAttribute.initialCongestionWindow.rawValue)
        }
        /// ``RouteMetrics/minimumRetransmission``.
        public static var minimumRetransmission: Self { metric(RouteMetricAttribute.minimumRetransmission.rawValue) }
        /// ``RouteMetrics/initialReceiveWindow``.
        public static var initialReceiveWindow: Self { metric(RouteMetricAttribute.initialReceiveWindow.rawValue) }
        /// ``RouteMetrics/quickAcknowledge``.
        public static var quickAcknowledge: Self { metric(RouteMetricAttribute.quickAcknowledge.rawValue) }
        /// ``RouteMetrics/fastOpenNoCookie``.
        public static var fastOpenNoCookie: Self { metric(RouteMetricAttribute.fastOpenNoCookie.rawValue) }
    }

    /// Features of connections.
    ///
    /// Kernel: `RTAX_FEATURES`, `u32`.
    public struct Features: OptionSet, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt32
        /// Takes any number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        /// Explicit congestion notification.
        public static var ecn: Self { Self(rawValue: 1) }  // RTAX_FEATURE_ECN
        /// Time stamps in microseconds; since Linux 6.7.
        public static var microsecondTimestamps: Self { Self(rawValue: 16) }  // RTAX_FEATURE_TCP_USEC_TS
    }

    init(_ reader: consuming AttributeReader<RouteMetricAttribute>) throws(DecodeError) {
        while let attribute = try reader.next() {
            switch attribute.id {
            case .lock: locks = Locks(rawValue: try attribute.integer())
            case .mtu: mtu = try attribute.integer()
            case .window: window = try attribute.integer()
            case .roundTripTime: roundTripTime = try attribute.integer()
            case .roundTripVariance: roundTripVariance = try attribute.integer()
            case .slowStartThreshold: slowStartThreshold = try attribute.integer()
            case .congestionWindow: congestionWindow = try attribute.integer()
            case .advertisedSegment: advertisedSegment = try attribute.integer()
            case .reordering: reordering = try attribute.integer()
            case .hopLimit: hopLimit = try attribute.integer()
            case .initialCongestionWindow: initialCongestionWindow = try attribute.integer()
            case .features: features = Features(rawValue: try attribute.integer())
            case .minimumRetransmission: minimumRetransmission = try attribute.integer()
            case .initialReceiveWindow: initialReceiveWindow = try attribute.integer()
            case .quickAcknowledge: quickAcknowledge = try attribute.integer()
            case .congestionAlgorithm: congestionAlgorithm = attribute.string()
            case .fastOpenNoCookie: fastOpenNoCookie = try attribute.integer()
            default: unknown.keep(attribute)
            }
        }
    }

    func encode(into writer: inout MessageWriter, keepingUnknown: Bool) {
        typealias ID = RouteMetricAttribute
        writer.put(ID.lock, locks?.rawValue)
        writer.put(ID.mtu, mtu)
        writer.put(ID.window, window)
        writer.put(ID.roundTripTime, roundTripTime)
        writer.put(ID.roundTripVariance, roundTripVariance)
        writer.put(ID.slowStartThreshold, slowStartThreshold)
        writer.put(ID.congestionWindow, congestionWindow)
        writer.put(ID.advertisedSegment, advertisedSegment)
        writer.put(ID.reordering, reordering)
        writer.put(ID.hopLimit, hopLimit)
        writer.put(ID.initialCongestionWindow, initialCongestionWindow)
        writer.put(ID.features, features?.rawValue)
        writer.put(ID.minimumRetransmission, minimumRetransmission)
        writer.put(ID.initialReceiveWindow, initialReceiveWindow)
        writer.put(ID.quickAcknowledge, quickAcknowledge)
        writer.put(ID.congestionAlgorithm, unterminated: congestionAlgorithm)
        writer.put(ID.fastOpenNoCookie, fastOpenNoCookie)
        if keepingUnknown { writer.put(unknown) }
    }
}
