// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A class of ``HTBQdisc``: a rate of its own, and a ceiling up to which it borrows what others leave.
///
/// ```swift
/// var web = HTBClass(rate: .megabits(10), ceiling: .megabits(50))
/// web.priority = 1
/// ```
///
/// Kernel: kind `htb`, `TCA_HTB_PARMS`, `struct tc_htb_opt`. A change rewrites all of it.
public struct HTBClass: ClassKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "htb" }

    /// The rate that it has for itself, and how packets are counted for it.
    ///
    /// Kernel: `rate`, and `TCA_HTB_RATE64` where 32 bits are too few.
    public var rate: RateSpecification
    /// The rate up to which it borrows, and how packets are counted for it.
    ///
    /// Kernel: `ceil`, and `TCA_HTB_CEIL64` where 32 bits are too few.
    public var ceiling: RateSpecification
    /// How much may be sent at once at its own rate; nil for about the largest packet.
    ///
    /// Kernel: `buffer`.
    public var burst: Burst?
    /// How much may be sent at once at the ceiling; nil for about the largest packet.
    ///
    /// Kernel: `cbuffer`.
    public var ceilingBurst: Burst?
    /// How many bytes it may send in its turn when it borrows; 0 lets the kernel compute it from the rate.
    ///
    /// Kernel: `quantum`, computed within 1000...200000.
    public var quantum: UInt32
    /// Classes of a lower number borrow first, 0...7.
    ///
    /// Kernel: `prio`.
    public var priority: UInt32
    /// The largest packet, in bytes, from which tables and bursts that are not given follow; only written.
    public var maximumPacketSize: UInt32 = 1600
    /// The logarithm of how many bytes share an entry of the rate's table; nil for the least that fits.
    ///
    /// Only written.
    public var rateCellLog: UInt8?
    /// The logarithm of how many bytes share an entry of the ceiling's table; nil for the least that fits.
    ///
    /// Only written.
    public var ceilingCellLog: UInt8?
    /// How far it is above the leaves, which are 0; only reported.
    ///
    /// Kernel: `level`.
    public var level: UInt32?
    /// Whether hardware does the work; only reported.
    ///
    /// Kernel: `TCA_HTB_OFFLOAD`.
    public var isOffloaded = false
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A class of a rate, which borrows up to a ceiling; without one it borrows nothing.
    public init(rate: Rate, ceiling: Rate? = nil) {
        self.rate = RateSpecification(rate)
        self.ceiling = RateSpecification(ceiling ?? rate)
        quantum = 0
        priority = 0
    }

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(HTBAttribute.self) }

    /// The same without what the kernel only reports.
    public var settings: HTBClass {
        var copy = self
        copy.level = nil
        copy.isOffloaded = false
        return copy
    }

    static let byteCount = 44  // sizeof(struct tc_htb_opt)

    /// Reads the kernel's bytes.
    public init(decoding options: RawSpan) throws(DecodeError) {
        self.init(rate: Rate(bytesPerSecond: 0))
        var reader = AttributeReader<HTBAttribute>(options)
        var rate64: UInt64?
        var ceiling64: UInt64?
        var isComplete = false
        while let attribute = try reader.next() {
            switch attribute.id {
            case .parameters:
                try decodeParameters(attribute.payload)
                isComplete = true
            case .rate64: rate64 = try attribute.integer()
            case .ceiling64: ceiling64 = try attribute.integer()
            case .isOffloaded: isOffloaded = true
            case .rateTable, .ceilingTable, .padding: break
            default: unknown.keep(attribute)
            }
        }
        guard isComplete else { throw DecodeError(.truncated, attribute: HTBAttribute.parameters.rawValue) }
        if let rate64 { rate.rate = Rate(bytesPerSecond: rate64) }
        if let ceiling64 { ceiling.rate = Rate(bytesPerSecond: ceiling64) }
    }

    private mutating func decodeParameters(_ span: RawSpan) throws(DecodeError) {
        rate = try RateSpecification(span, at: 0)  // struct tc_htb_opt.rate
        ceiling = try RateSpecification(span, at: 12)  // struct tc_htb_opt.ceil
        burst = .ticks(try span.load(at: 24))  // struct tc_htb_opt.buffer
        ceilingBurst = .ticks(try span.load(at: 28))  // struct tc_htb_opt.cbuffer
        quantum = try span.load(at: 32)  // struct tc_htb_opt.quantum
        level = try span.load(at: 36, as: UInt32.self)  // struct tc_htb_opt.level
        priority = try span.load(at: 40)  // struct tc_htb_opt.prio
    }

    /// Writes what is set and differs from the base, where there is one.
    public func encode(into writer: inout MessageWriter, changing base: HTBClass?) {
        let clock = TickClock.system
        var rate = rate
        var ceiling = ceiling
        let rateTable = RateTable(&rate, mtu: maximumPacketSize, cellLog: rateCellLog, clock: clock)
        let ceilingTable = RateTable(&ceiling, mtu: maximumPacketSize, cellLog: ceilingCellLog, clock: clock)
        let buffer = (burst ?? defaultBurst(rate.rate, clock)).ticks(at: rate.rate, clock: clock)
        let ceilingBuffer = (ceilingBurst ?? defaultBurst(ceiling.rate, clock)).ticks(at: ceiling.rate, clock: clock)
        if rate.rate.isWide { writer.put(HTBAttribute.rate64, rate.rate.bytesPerSecond) }
        if ceiling.rate.isWide { writer.put(HTBAttribute.ceiling64, ceiling.rate.bytesPerSecond) }
        let value = self
        writer.put(HTBAttribute.parameters, structure: Self.byteCount) { structure in
            rate.store(into: &structure, at: 0)  // struct tc_htb_opt.rate
            ceiling.store(into: &structure, at: 12)  // struct tc_htb_opt.ceil
            structure.store(buffer, at: 24)  // struct tc_htb_opt.buffer
            structure.store(ceilingBuffer, at: 28)  // struct tc_htb_opt.cbuffer
            structure.store(value.quantum, at: 32)  // struct tc_htb_opt.quantum
            structure.store(value.priority, at: 40)  // struct tc_htb_opt.prio
        }
        rateTable.encode(HTBAttribute.rateTable, into: &writer)
        ceilingTable.encode(HTBAttribute.ceilingTable, into: &writer)
        writer.put(unknown)
    }

    // What is sent between two looks at the bucket, and a packet more, so that a whole one always fits.
    private func defaultBurst(_ rate: Rate, _ clock: TickClock) -> Burst {
        let between = rate.bytesPerSecond / UInt64(max(clock.resolution, 1))
        return .bytes(ByteCount(between.addingReportingOverflow(UInt64(maximumPacketSize)).partialValue))
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        if rate.rate.bytesPerSecond == 0 { validation.add("rate", "a rate is above 0") }
        if ceiling.rate.bytesPerSecond == 0 { validation.add("ceiling", "a ceiling is above 0") }
        try validation.finish(object: "htb class")
    }
}

/// What a class of ``HTBQdisc`` counts.
///
/// Kernel: `struct tc_htb_xstats`.
public struct HTBClassStatistics: TCKindStatistics {
    /// Packets sent from its own rate.
    public var lends: UInt32
    /// Packets sent at rates that it borrowed.
    public var borrows: UInt32
    /// Packets larger than its tables; not counted by kernels of these days.
    public var giants: UInt32
    /// What may be sent now at its own rate, in ticks; below zero where too much was sent.
    public var tokens: Int32
    /// What may be sent now at the ceiling, in ticks; below zero where too much was sent.
    public var ceilingTokens: Int32

    /// Reads the kernel's bytes.
    public init(decoding data: RawSpan) throws(DecodeError) {
        lends = try data.load(at: 0)  // struct tc_htb_xstats.lends
        borrows = try data.load(at: 4)  // struct tc_htb_xstats.borrows
        giants = try data.load(at: 8)  // struct tc_htb_xstats.giants
        tokens = try data.load(at: 12)  // struct tc_htb_xstats.tokens
        ceilingTokens = try data.load(at: 16)  // struct tc_htb_xstats.ctokens
    }
}
