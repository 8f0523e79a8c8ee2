// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A token bucket: sends at a rate, lets bursts pass, and drops what waits beyond a limit.
///
/// ```swift
/// let slow = TBFQdisc(rate: .megabits(1), burst: 10_240, latency: .milliseconds(50))
/// ```
///
/// Kernel: kind `tbf`, `TCA_TBF_PARMS`, `struct tc_tbf_qopt`. A change rewrites all of it.
public struct TBFQdisc: QdiscKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "tbf" }

    /// The rate, and how packets are counted for it.
    ///
    /// Kernel: `rate`, and `TCA_TBF_RATE64` where 32 bits are too few.
    public var rate: RateSpecification
    /// How much may be sent at once, at least the largest packet.
    ///
    /// Kernel: `buffer`, and `TCA_TBF_BURST` where it is given in bytes.
    public var burst: Burst
    /// How many bytes may wait.
    ///
    /// Kernel: `limit`.
    public var limit: UInt32
    /// The rate at which bursts are sent, and how packets are counted for it; nil for as fast as the link can.
    ///
    /// Kernel: `peakrate`, and `TCA_TBF_PRATE64` where 32 bits are too few. Must be above the rate.
    public var peakRate: RateSpecification?
    /// How much may be sent at once at the peak rate, at least the largest packet.
    ///
    /// Kernel: `mtu`, and `TCA_TBF_PBURST` where it is given in bytes.
    public var peakBurst: Burst?
    /// The largest packet of the rate tables, in bytes; 0 for 2047.
    ///
    /// Only written.
    public var maximumPacketSize: UInt32 = 0
    /// The logarithm of how many bytes share an entry of the rate's table; nil for the least that fits.
    ///
    /// Only written.
    public var rateCellLog: UInt8?
    /// The logarithm of how many bytes share an entry of the peak rate's table.
    ///
    /// Only written.
    public var peakCellLog: UInt8?
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A bucket of which at most `limit` bytes wait.
    public init(rate: Rate, burst: ByteCount, limit: UInt32) {
        self.rate = RateSpecification(rate)
        self.burst = .bytes(burst)
        self.limit = limit
    }

    /// A bucket in which a packet waits at most for a time.
    public init(rate: Rate, burst: ByteCount, latency: Duration) {
        self.init(rate: rate, burst: burst, limit: 0)
        setLatency(latency)
    }

    /// Sets the limit so that a packet waits at most for a time; rates and bursts must be set before.
    public mutating func setLatency(_ latency: Duration) {
        let seconds = Double(max(0, latency.wholeMicroseconds)) / 1_000_000
        func bytes(_ rate: Rate, _ burst: Burst) -> Double {
            Double(rate.bytesPerSecond) * seconds + Double(burst.bytes(at: rate).rawValue)
        }
        var most = bytes(rate.rate, burst)
        if let peakRate, let peakBurst { most = min(most, bytes(peakRate.rate, peakBurst)) }
        limit = UInt32(clamping: most)
    }

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(TBFAttribute.self) }

    static let byteCount = 36  // sizeof(struct tc_tbf_qopt)

    /// Reads the kernel's bytes.
    public init(decoding options: RawSpan) throws(DecodeError) {
        self.init(rate: Rate(bytesPerSecond: 0), burst: 0, limit: 0)
        var reader = AttributeReader<TBFAttribute>(options)
        var rate64: UInt64?
        var peakRate64: UInt64?
        var isComplete = false
        while let attribute = try reader.next() {
            switch attribute.id {
            case .parameters:
                try decodeParameters(attribute.payload)
                isComplete = true
            case .rate64: rate64 = try attribute.integer()
            case .peakRate64: peakRate64 = try attribute.integer()
            case .rateTable, .peakTable, .burst, .peakBurst, .padding: break
            default: unknown.keep(attribute)
            }
        }
        guard isComplete else { throw DecodeError(.truncated, attribute: TBFAttribute.parameters.rawValue) }
        if let rate64 { rate.rate = Rate(bytesPerSecond: rate64) }
        if let peakRate64 { peakRate?.rate = Rate(bytesPerSecond: peakRate64) }
    }

    private mutating func decodeParameters(_ span: RawSpan) throws(DecodeError) {
        rate = try RateSpecification(span, at: 0)  // struct tc_tbf_qopt.rate
        let peak = try RateSpecification(span, at: 12)  // struct tc_tbf_qopt.peakrate
        limit = try span.load(at: 24)  // struct tc_tbf_qopt.limit
        burst = .ticks(try span.load(at: 28))  // struct tc_tbf_qopt.buffer
        let ticks = try span.load(at: 32, as: UInt32.self)  // struct tc_tbf_qopt.mtu
        if peak.rate.bytesPerSecond > 0 {
            peakRate = peak
            peakBurst = .ticks(ticks)
        }
    }

    /// Writes what is set and differs from the base, where there is one.
    public func encode(into writer: inout MessageWriter, changing base: TBFQdisc?) {
        let clock = TickClock.system
        var rate = rate
        let table = RateTable(&rate, mtu: maximumPacketSize, cellLog: rateCellLog, clock: clock)
        var peak = peakRate ?? RateSpecification(Rate(bytesPerSecond: 0), linkLayer: .unaware)
        var peakTable: RateTable?
        if peakRate != nil { peakTable = RateTable(&peak, mtu: maximumPacketSize, cellLog: peakCellLog, clock: clock) }
        let buffer = burst.ticks(at: rate.rate, clock: clock)
        let peakBuffer = peakRate == nil ? 0 : peakBurst?.ticks(at: peak.rate, clock: clock) ?? 0
        let limit = limit
        writer.put(TBFAttribute.parameters, structure: Self.byteCount) { structure in
            rate.store(into: &structure, at: 0)  // struct tc_tbf_qopt.rate
            peak.store(into: &structure, at: 12)  // struct tc_tbf_qopt.peakrate
            structure.store(limit, at: 24)  // struct tc_tbf_qopt.limit
            structure.store(buffer, at: 28)  // struct tc_tbf_qopt.buffer
            structure.store(peakBuffer, at: 32)  // struct tc_tbf_qopt.mtu
        }
        if case .bytes(let count) = burst { writer.put(TBFAttribute.burst, UInt32(clamping: count.rawValue)) }
        if rate.rate.isWide { writer.put(TBFAttribute.rate64, rate.rate.bytesPerSecond) }
        table.encode(TBFAttribute.rateTable, into: &writer)
        if let peakTable {
            if peak.rate.isWide { writer.put(TBFAttribute.peakRate64, peak.rate.bytesPerSecond) }
            if case .bytes(let count) = peakBurst {
                writer.put(TBFAttribute.peakBurst, UInt32(clamping: count.rawValue))
            }
            peakTable.encode(TBFAttribute.peakTable, into: &writer)
        }
        writer.put(unknown)
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        if rate.rate.bytesPerSecond == 0 { validation.add("rate", "a rate is above 0") }
        if burst == .bytes(0) { validation.add("burst", "a burst is above 0") }
        if let peakRate {
            if peakRate.rate <= rate.rate { validation.add("peakRate", "the peak rate must be above the rate") }
            if peakBurst == nil || peakBurst == .bytes(0) { validation.add("peakBurst", "a peak rate needs a burst") }
        }
        try validation.finish(object: "tbf")
    }
}

/// Attributes of a token bucket.
struct TBFAttribute: AttributeID {
    let rawValue: UInt16

    static var parameters: Self { Self(rawValue: 1) }  // TCA_TBF_PARMS
    static var rateTable: Self { Self(rawValue: 2) }  // TCA_TBF_RTAB
    static var peakTable: Self { Self(rawValue: 3) }  // TCA_TBF_PTAB
    static var rate64: Self { Self(rawValue: 4) }  // TCA_TBF_RATE64
    static var peakRate64: Self { Self(rawValue: 5) }  // TCA_TBF_PRATE64
    static var burst: Self { Self(rawValue: 6) }  // TCA_TBF_BURST
    static var peakBurst: Self { Self(rawValue: 7) }  // TCA_TBF_PBURST
    static var padding: Self { Self(rawValue: 8) }  // TCA_TBF_PAD
}
