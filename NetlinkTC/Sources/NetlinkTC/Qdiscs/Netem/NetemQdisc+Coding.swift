// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension NetemQdisc {
    static let byteCount = 24  // sizeof(struct tc_netem_qopt)

    /// Reads the kernel's bytes.
    public init(decoding options: RawSpan) throws(DecodeError) {
        self.init()
        var parts = Parts()
        let clock = TickClock.system
        delay = Self.time(try options.load(at: 0), clock)  // struct tc_netem_qopt.latency
        limit = try options.load(at: 4)  // struct tc_netem_qopt.limit
        parts.loss = Percentage(rawValue: try options.load(at: 8))  // struct tc_netem_qopt.loss
        gap = try options.load(at: 12)  // struct tc_netem_qopt.gap
        duplication = Percentage(rawValue: try options.load(at: 16))  // struct tc_netem_qopt.duplicate
        jitter = Self.time(try options.load(at: 20), clock)  // struct tc_netem_qopt.jitter
        var reader = AttributeReader<NetemAttribute>(options.bytes(from: Self.byteCount))
        while let attribute = try reader.next() { try decode(attribute, &parts) }
        if loss == nil, parts.loss != .zero || parts.lossCorrelation != .zero {
            loss = .random(parts.loss, correlation: parts.lossCorrelation)
        }
        if let rate64 = parts.rate64 { rate?.rate = Rate(bytesPerSecond: rate64) }
    }

    private struct Parts {
        var loss = Percentage.zero
        var lossCorrelation = Percentage.zero
        var rate64: UInt64?
    }

    private static func time(_ ticks: UInt32, _ clock: TickClock) -> Duration {
        .nanoseconds(Int64(clamping: clock.microseconds(Double(ticks)) * 1000))
    }

    private mutating func decode(
        _ attribute: borrowing Attribute<NetemAttribute>, _ parts: inout Parts
    ) throws(DecodeError) {
        let span = attribute.payload
        switch attribute.id {
        case .correlations:
            delayCorrelation = Percentage(rawValue: try span.load(at: 0))  // struct tc_netem_corr.delay_corr
            parts.lossCorrelation = Percentage(rawValue: try span.load(at: 4))  // struct tc_netem_corr.loss_corr
            duplicationCorrelation = Percentage(rawValue: try span.load(at: 8))  // struct tc_netem_corr.dup_corr
        case .reordering:
            reordering = Percentage(rawValue: try span.load(at: 0))  // struct tc_netem_reorder.probability
            reorderingCorrelation = Percentage(rawValue: try span.load(at: 4))  // struct tc_netem_reorder.correlation
        case .corruption:
            corruption = Percentage(rawValue: try span.load(at: 0))  // struct tc_netem_corrupt.probability
            corruptionCorrelation = Percentage(rawValue: try span.load(at: 4))  // struct tc_netem_corrupt.correlation
        case .loss:
            try decodeLoss(attribute.nested())
            // A model of later kernels goes back as it came.
            if loss == nil { unknown.keep(attribute) }
        case .rate: try decodeRate(span)
        case .rate64: parts.rate64 = try attribute.integer()
        case .marksECN: marksECN = try attribute.integer(UInt32.self) != 0
        case .delay: delay = .nanoseconds(try attribute.integer(Int64.self))
        case .jitter: jitter = .nanoseconds(try attribute.integer(Int64.self))
        case .slot: slot = try NetemSlot(span)
        case .seed: seed = try attribute.integer()
        case .delayDistribution: delayDistribution = try Self.distribution(span)
        case .slotDistribution: slotDistribution = try Self.distribution(span)
        case .padding: break
        default: unknown.keep(attribute)
        }
    }

    private static func distribution(_ span: RawSpan) throws(DecodeError) -> NetemDistribution {
        var values: [Int16] = []
        for index in 0..<span.byteCount / 2 { values.append(try span.load(at: index * 2)) }
        return NetemDistribution(values)
    }

    private mutating func decodeLoss(
        _ reader: consuming AttributeReader<NetemLossAttribute>
    ) throws(DecodeError) {
        while let attribute = try reader.next() {
            let span = attribute.payload
            switch attribute.id {
            case .states:
                let p13 = Percentage(rawValue: try span.load(at: 0))  // struct tc_netem_gimodel.p13
                var states = NetemLossStates(p13: p13)
                states.p31 = Percentage(rawValue: try span.load(at: 4))  // struct tc_netem_gimodel.p31
                states.p32 = Percentage(rawValue: try span.load(at: 8))  // struct tc_netem_gimodel.p32
                states.p14 = Percentage(rawValue: try span.load(at: 12))  // struct tc_netem_gimodel.p14
                states.p23 = Percentage(rawValue: try span.load(at: 16))  // struct tc_netem_gimodel.p23
                loss = .states(states)
            case .gilbertElliott:
                let p = Percentage(rawValue: try span.load(at: 0))  // struct tc_netem_gemodel.p
                var model = NetemGilbertElliott(p: p)
                model.r = Percentage(rawValue: try span.load(at: 4))  // struct tc_netem_gemodel.r
                model.h = Percentage(rawValue: try span.load(at: 8))  // struct tc_netem_gemodel.h
                model.k1 = Percentage(rawValue: try span.load(at: 12))  // struct tc_netem_gemodel.k1
                loss = .gilbertElliott(model)
            default: break
            }
        }
    }

    private mutating func decodeRate(_ span: RawSpan) throws(DecodeError) {
        let bytes = try span.load(at: 0, as: UInt32.self)  // struct tc_netem_rate.rate
        var read = NetemRate(Rate(bytesPerSecond: UInt64(bytes)))
        read.packetOverhead = try span.load(at: 4)  // struct tc_netem_rate.packet_overhead
        read.cellSize = try span.load(at: 8)  // struct tc_netem_rate.cell_size
        read.cellOverhead = try span.load(at: 12)  // struct tc_netem_rate.cell_overhead
        // The kernel tells one of zeros where there is none.
        rate = read == NetemRate(Rate(bytesPerSecond: 0)) ? nil : read
    }

    /// Writes what is set and differs from the base, where there is one.
    public func encode(into writer: inout MessageWriter, changing base: NetemQdisc?) {
        let value = self
        var lossProbability = Percentage.zero
        var lossCorrelation = Percentage.zero
        if case .random(let probability, let correlation) = loss {
            lossProbability = probability
            lossCorrelation = correlation
        }
        writer.structure(Self.byteCount) { structure in
            structure.store(value.limit, at: 4)  // struct tc_netem_qopt.limit
            structure.store(lossProbability.rawValue, at: 8)  // struct tc_netem_qopt.loss
            structure.store(value.gap, at: 12)  // struct tc_netem_qopt.gap
            structure.store(value.duplication.rawValue, at: 16)  // struct tc_netem_qopt.duplicate
        }
        // The times in ticks are left at 0: these say more.
        if delay != .zero { writer.put(NetemAttribute.delay, delay.wholeNanoseconds) }
        if jitter != .zero { writer.put(NetemAttribute.jitter, jitter.wholeNanoseconds) }
        // What is left out of a change stays: what was there before must be set to zero.
        if delayCorrelation != .zero || lossCorrelation != .zero || duplicationCorrelation != .zero
            || reorderingCorrelation != .zero || corruptionCorrelation != .zero || base?.hasCorrelations == true
        {
            writer.put(NetemAttribute.correlations, structure: 12) { structure in  // sizeof(struct tc_netem_corr)
                structure.store(value.delayCorrelation.rawValue, at: 0)  // struct tc_netem_corr.delay_corr
                structure.store(lossCorrelation.rawValue, at: 4)  // struct tc_netem_corr.loss_corr
                structure.store(value.duplicationCorrelation.rawValue, at: 8)  // struct tc_netem_corr.dup_corr
            }
        }
        encodeDamage(into: &writer, base)
        encodeLoss(into: &writer)
        if marksECN || base?.marksECN == true {
            writer.put(NetemAttribute.marksECN, marksECN ? UInt32(1) : UInt32(0))
        }
        encodeRate(into: &writer, base)
        if let slot = slot ?? base?.slot.map({ _ in NetemSlot(from: .zero, to: .zero) }) {
            writer.put(NetemAttribute.slot, structure: NetemSlot.structureByteCount) { slot.store(into: &$0) }
        }
        encode(delayDistribution, .delayDistribution, into: &writer)
        encode(slotDistribution, .slotDistribution, into: &writer)
        writer.put(NetemAttribute.seed, seed)
        writer.put(unknown)
    }

    private var hasCorrelations: Bool {
        if case .random(_, let correlation) = loss, correlation != .zero { return true }
        return delayCorrelation != .zero || duplicationCorrelation != .zero
    }

    private func encodeDamage(into writer: inout MessageWriter, _ base: NetemQdisc?) {
        let value = self
        if reordering != .zero || reorderingCorrelation != .zero || base.map({ $0.reordering != .zero }) == true {
            writer.put(NetemAttribute.reordering, structure: 8) { structure in  // sizeof(struct tc_netem_reorder)
                structure.store(value.reordering.rawValue, at: 0)  // struct tc_netem_reorder.probability
                structure.store(value.reorderingCorrelation.rawValue, at: 4)  // struct tc_netem_reorder.correlation
            }
        }
        if corruption != .zero || corruptionCorrelation != .zero || base.map({ $0.corruption != .zero }) == true {
            writer.put(NetemAttribute.corruption, structure: 8) { structure in  // sizeof(struct tc_netem_corrupt)
                structure.store(value.corruption.rawValue, at: 0)  // struct tc_netem_corrupt.probability
                structure.store(value.corruptionCorrelation.rawValue, at: 4)  // struct tc_netem_corrupt.correlation
            }
        }
    }

    private func encodeLoss(into writer: inout MessageWriter) {
        switch loss {
        case .states(let states):
            writer.nest(NetemAttribute.loss, marked: false) { writer in
                writer.put(NetemLossAttribute.states, structure: 20) { structure in  // sizeof(struct tc_netem_gimodel)
                    structure.store(states.p13.rawValue, at: 0)  // struct tc_netem_gimodel.p13
                    structure.store(states.p31.rawValue, at: 4)  // struct tc_netem_gimodel.p31
                    structure.store(states.p32.rawValue, at: 8)  // struct tc_netem_gimodel.p32
                    structure.store(states.p14.rawValue, at: 12)  // struct tc_netem_gimodel.p14
                    structure.store(states.p23.rawValue, at: 16)  // struct tc_netem_gimodel.p23
                }
            }
        case .gilbertElliott(let model):
            writer.nest(NetemAttribute.loss, marked: false) { writer in
                let byteCount = 16  // sizeof(struct tc_netem_gemodel)
                writer.put(NetemLossAttribute.gilbertElliott, structure: byteCount) { structure in
                    structure.store(model.p.rawValue, at: 0)  // struct tc_netem_gemodel.p
                    structure.store(model.r.rawValue, at: 4)  // struct tc_netem_gemodel.r
                    structure.store(model.h.rawValue, at: 8)  // struct tc_netem_gemodel.h
                    structure.store(model.k1.rawValue, at: 12)  // struct tc_netem_gemodel.k1
                }
            }
        default: break
        }
    }

    private func encodeRate(into writer: inout MessageWriter, _ base: NetemQdisc?) {
        guard let rate = rate ?? base?.rate.map({ _ in NetemRate(Rate(bytesPerSecond: 0)) }) else { return }
        if rate.rate.isWide { writer.put(NetemAttribute.rate64, rate.rate.bytesPerSecond) }
        writer.put(NetemAttribute.rate, structure: NetemRate.byteCount) { structure in
            structure.store(rate.rate.saturated, at: 0)  // struct tc_netem_rate.rate
            structure.store(rate.packetOverhead, at: 4)  // struct tc_netem_rate.packet_overhead
            structure.store(rate.cellSize, at: 8)  // struct tc_netem_rate.cell_size
            structure.store(rate.cellOverhead, at: 12)  // struct tc_netem_rate.cell_overhead
        }
    }

    private func encode(_ table: NetemDistribution?, _ id: NetemAttribute, into writer: inout MessageWriter) {
        guard let table else { return }
        let values = table.values.prefix(NetemDistribution.limit)
        writer.put(id, structure: values.count * 2) { structure in
            for (index, value) in values.enumerated() { structure.store(value, at: index * 2) }
        }
    }
}
