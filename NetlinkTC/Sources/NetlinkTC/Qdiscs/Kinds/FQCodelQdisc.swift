// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Fair queueing with controlled delay: flows take turns, and those whose packets wait too long lose some.
///
/// What is nil keeps the kernel's default, or, in a change, what it was.
///
/// Kernel: kind `fq_codel`, `TCA_FQ_CODEL_*`.
public struct FQCodelQdisc: QdiscKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "fq_codel" }

    /// How many packets may wait.
    ///
    /// Kernel: `TCA_FQ_CODEL_LIMIT`, `u32`, 10240 by default.
    public var limit: UInt32?
    /// How many queues there are for flows; fixed when it is added.
    ///
    /// Kernel: `TCA_FQ_CODEL_FLOWS`, `u32`, 1024 by default.
    public var flowCount: UInt32?
    /// How many bytes a flow sends in its turn.
    ///
    /// Kernel: `TCA_FQ_CODEL_QUANTUM`, `u32`, the largest packet by default.
    public var quantum: UInt32?
    /// How long packets may wait for ``interval`` before some are dropped, in microseconds.
    ///
    /// Kernel: `TCA_FQ_CODEL_TARGET`, `u32`, 5 ms by default; kept in units of 1024 ns, so that less is read back.
    public var target: UInt32?
    /// For how long packets must wait too long, in microseconds.
    ///
    /// Kernel: `TCA_FQ_CODEL_INTERVAL`, `u32`, 100 ms by default; kept in units of 1024 ns.
    public var interval: UInt32?
    /// Whether packets are marked instead of dropped where they can be.
    ///
    /// Kernel: `TCA_FQ_CODEL_ECN`, `u32`, on by default.
    public var marksECN: Bool?
    /// How long packets may wait before they are marked, in microseconds.
    ///
    /// Kernel: `TCA_FQ_CODEL_CE_THRESHOLD`, `u32`, none by default; since Linux 4.2.
    public var markThreshold: UInt32?
    /// The bits of the traffic class by which packets are chosen that ``markThreshold`` holds for.
    ///
    /// Kernel: `TCA_FQ_CODEL_CE_THRESHOLD_SELECTOR`, `u8`, since Linux 5.16.
    public var markSelector: UInt8?
    /// Which bits of the traffic class ``markSelector`` is compared with.
    ///
    /// Kernel: `TCA_FQ_CODEL_CE_THRESHOLD_MASK`, `u8`, since Linux 5.16.
    public var markMask: UInt8?
    /// How many packets are dropped at once where memory or the limit is used up.
    ///
    /// Kernel: `TCA_FQ_CODEL_DROP_BATCH_SIZE`, `u32`, 64 by default.
    public var dropBatch: UInt32?
    /// How many bytes of memory may be used.
    ///
    /// Kernel: `TCA_FQ_CODEL_MEMORY_LIMIT`, `u32`, 32 MB by default.
    public var memoryLimit: UInt32?
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// The kernel's defaults.
    public init() {}

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(FQCodelAttribute.self) }

    /// Reads the kernel's bytes.
    public init(decoding options: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<FQCodelAttribute>(options)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .limit: limit = try attribute.integer()
            case .flowCount: flowCount = try attribute.integer()
            case .quantum: quantum = try attribute.integer()
            case .target: target = try attribute.integer()
            case .interval: interval = try attribute.integer()
            case .marksECN: marksECN = try attribute.integer(UInt32.self) != 0
            case .markThreshold: markThreshold = try attribute.integer()
            case .markSelector: markSelector = try attribute.integer()
            case .markMask: markMask = try attribute.integer()
            case .dropBatch: dropBatch = try attribute.integer()
            case .memoryLimit: memoryLimit = try attribute.integer()
            default: unknown.keep(attribute)
            }
        }
    }

    /// Writes what is set and differs from the base, where there is one.
    public func encode(into writer: inout MessageWriter, changing base: FQCodelQdisc?) {
        writer.put(FQCodelAttribute.limit, limit, changing: base?.limit)
        // The kernel refuses any number of flows in a change, even the one that it has.
        if base == nil { writer.put(FQCodelAttribute.flowCount, flowCount) }
        writer.put(FQCodelAttribute.quantum, quantum, changing: base?.quantum)
        writer.put(FQCodelAttribute.interval, interval, changing: base?.interval)
        writer.put(FQCodelAttribute.target, target, changing: base?.target)
        if let marksECN, marksECN != base?.marksECN {
            writer.put(FQCodelAttribute.marksECN, marksECN ? UInt32(1) : UInt32(0))
        }
        writer.put(FQCodelAttribute.markThreshold, markThreshold, changing: base?.markThreshold)
        writer.put(FQCodelAttribute.markMask, markMask, changing: base?.markMask)
        writer.put(FQCodelAttribute.markSelector, markSelector, changing: base?.markSelector)
        writer.put(FQCodelAttribute.memoryLimit, memoryLimit, changing: base?.memoryLimit)
        writer.put(FQCodelAttribute.dropBatch, dropBatch, changing: base?.dropBatch)
        if base == nil { writer.put(unknown) }
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        if let flowCount, !(1...65536).contains(flowCount) {
            validation.add("flowCount", "there are 1 to 65536 flows, not \(flowCount)")
        }
        try validation.finish(object: "fq_codel")
    }
}

/// What ``FQCodelQdisc`` counts.
///
/// Kernel: `struct tc_fq_codel_xstats` of type `TCA_FQ_CODEL_XSTATS_QDISC`.
public struct FQCodelStatistics: TCKindStatistics {
    /// The largest packet so far, in bytes.
    public var maximumPacketSize: UInt32
    /// How often the limit was met.
    public var dropsOverLimit: UInt32
    /// Packets that were marked instead of dropped.
    public var ecnMarks: UInt32
    /// How often packets made a new flow.
    public var newFlows: UInt32
    /// Flows that are new.
    public var newFlowLength: UInt32
    /// Flows that are not new.
    public var oldFlowLength: UInt32
    /// Packets that were marked for having waited longer than the threshold.
    public var thresholdMarks: UInt32
    /// Memory that is used, in bytes.
    public var memoryUsage: UInt32
    /// How often memory was used up.
    public var dropsOverMemory: UInt32

    /// Reads the kernel's bytes.
    public init(decoding data: RawSpan) throws(DecodeError) {
        let type = try data.load(at: 0, as: UInt32.self)  // struct tc_fq_codel_xstats.type
        guard type == FQCodelStatisticsType.qdisc else { throw DecodeError(.invalidValue) }
        let span = data.bytes(from: 4)  // struct tc_fq_codel_xstats.qdisc_stats
        maximumPacketSize = try span.load(at: 0)  // struct tc_fq_codel_qd_stats.maxpacket
        dropsOverLimit = try span.load(at: 4)  // struct tc_fq_codel_qd_stats.drop_overlimit
        ecnMarks = try span.load(at: 8)  // struct tc_fq_codel_qd_stats.ecn_mark
        newFlows = try span.load(at: 12)  // struct tc_fq_codel_qd_stats.new_flow_count
        newFlowLength = try span.load(at: 16)  // struct tc_fq_codel_qd_stats.new_flows_len
        oldFlowLength = try span.load(at: 20)  // struct tc_fq_codel_qd_stats.old_flows_len
        // Kernels before 4.2 and 4.8 have no more.
        thresholdMarks = (try? span.load(at: 24)) ?? 0  // struct tc_fq_codel_qd_stats.ce_mark
        memoryUsage = (try? span.load(at: 28)) ?? 0  // struct tc_fq_codel_qd_stats.memory_usage
        dropsOverMemory = (try? span.load(at: 32)) ?? 0  // struct tc_fq_codel_qd_stats.drop_overmemory
    }
}

/// What a flow of ``FQCodelQdisc``, which the kernel shows as a class, counts.
///
/// Kernel: `struct tc_fq_codel_xstats` of type `TCA_FQ_CODEL_XSTATS_CLASS`.
public struct FQCodelFlowStatistics: TCKindStatistics {
    /// What it may still send in its turn, in bytes.
    public var deficit: Int32
    /// How long the packet that was sent last had waited, in microseconds.
    public var delay: UInt32
    /// Drops since it began to drop.
    public var count: UInt32
    /// The same of the time before.
    public var lastCount: UInt32
    /// Whether it drops now.
    public var isDropping: Bool
    /// When it drops next, in microseconds from now; below zero for the past.
    public var nextDrop: Int32

    /// Reads the kernel's bytes.
    public init(decoding data: RawSpan) throws(DecodeError) {
        let type = try data.load(at: 0, as: UInt32.self)  // struct tc_fq_codel_xstats.type
        guard type == FQCodelStatisticsType.flow else { throw DecodeError(.invalidValue) }
        let span = data.bytes(from: 4)  // struct tc_fq_codel_xstats.class_stats
        deficit = try span.load(at: 0)  // struct tc_fq_codel_cl_stats.deficit
        delay = try span.load(at: 4)  // struct tc_fq_codel_cl_stats.ldelay
        count = try span.load(at: 8)  // struct tc_fq_codel_cl_stats.count
        lastCount = try span.load(at: 12)  // struct tc_fq_codel_cl_stats.lastcount
        isDropping = try span.load(at: 16, as: UInt32.self) != 0  // struct tc_fq_codel_cl_stats.dropping
        nextDrop = try span.load(at: 20)  // struct tc_fq_codel_cl_stats.drop_next
    }
}

private enum FQCodelStatisticsType {
    static let qdisc: UInt32 = 0  // TCA_FQ_CODEL_XSTATS_QDISC
    static let flow: UInt32 = 1  // TCA_FQ_CODEL_XSTATS_CLASS
}

/// Attributes of fair queueing with controlled delay.
struct FQCodelAttribute: AttributeID {
    let rawValue: UInt16

    static var target: Self { Self(rawValue: 1) }  // TCA_FQ_CODEL_TARGET
    static var limit: Self { Self(rawValue: 2) }  // TCA_FQ_CODEL_LIMIT
    static var interval: Self { Self(rawValue: 3) }  // TCA_FQ_CODEL_INTERVAL
    static var marksECN: Self { Self(rawValue: 4) }  // TCA_FQ_CODEL_ECN
    static var flowCount: Self { Self(rawValue: 5) }  // TCA_FQ_CODEL_FLOWS
    static var quantum: Self { Self(rawValue: 6) }  // TCA_FQ_CODEL_QUANTUM
    static var markThreshold: Self { Self(rawValue: 7) }  // TCA_FQ_CODEL_CE_THRESHOLD
    static var dropBatch: Self { Self(rawValue: 8) }  // TCA_FQ_CODEL_DROP_BATCH_SIZE
    static var memoryLimit: Self { Self(rawValue: 9) }  // TCA_FQ_CODEL_MEMORY_LIMIT
    static var markSelector: Self { Self(rawValue: 10) }  // TCA_FQ_CODEL_CE_THRESHOLD_SELECTOR
    static var markMask: Self { Self(rawValue: 11) }  // TCA_FQ_CODEL_CE_THRESHOLD_MASK
}
