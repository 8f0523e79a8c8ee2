// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension PoliceAction {
    /// Reads the kernel's bytes.
    public init(decoding options: RawSpan, parameters: inout ActionParameters) throws(DecodeError) {
        var reader = AttributeReader<PoliceAttribute>(options)
        var times: ActionTimes?
        var rate64: UInt64?
        var peakRate64: UInt64?
        var burstTicks: UInt32 = 0
        var packetTicks: UInt64?
        while let attribute = try reader.next() {
            switch attribute.id {
            case .parameters: burstTicks = try decodeStructure(attribute.payload, &parameters)
            case .rate64: rate64 = try attribute.integer()
            case .peakRate64: peakRate64 = try attribute.integer()
            case .averageRate: averageRate = Rate(bytesPerSecond: UInt64(try attribute.integer(UInt32.self)))
            case .conforming: conforming = ActionControl(rawValue: try attribute.integer())
            case .packetRate: packetRate = try attribute.integer()
            case .packetBurst: packetTicks = try attribute.integer()
            case .times: times = try ActionTimes(attribute.payload)
            case .rateTable, .peakRateTable, .padding: break
            default: unknown.keep(attribute)
            }
        }
        if let rate64 { rate?.rate = Rate(bytesPerSecond: rate64) }
        if let peakRate64 { peakRate?.rate = Rate(bytesPerSecond: peakRate64) }
        if rate != nil { burst = .ticks(burstTicks) }
        if let packetTicks { packetBurst = packets(in: packetTicks) }
        parameters.times = times
    }

    /// Reads the structure; the burst in ticks.
    private mutating func decodeStructure(
        _ span: RawSpan, _ parameters: inout ActionParameters
    ) throws(DecodeError) -> UInt32 {
        parameters.index = try span.load(at: 0)  // struct tc_police.index
        parameters.control = ActionControl(rawValue: try span.load(at: 4))  // struct tc_police.action
        limit = try span.load(at: 8)  // struct tc_police.limit
        let ticks: UInt32 = try span.load(at: 12)  // struct tc_police.burst
        let mtu: UInt32 = try span.load(at: 16)  // struct tc_police.mtu
        self.mtu = mtu == 0 ? nil : mtu
        let rate = try RateSpecification(span, at: 20)  // struct tc_police.rate
        if rate.rate.bytesPerSecond > 0 { self.rate = rate }
        let peakRate = try RateSpecification(span, at: 32)  // struct tc_police.peakrate
        if peakRate.rate.bytesPerSecond > 0 { self.peakRate = peakRate }
        parameters.references = try span.load(at: 44)  // struct tc_police.refcnt
        parameters.bindings = try span.load(at: 48)  // struct tc_police.bindcnt
        parameters.capabilities = try span.load(at: 52)  // struct tc_police.capab
        return ticks
    }

    /// Writes the options.
    public func encode(_ parameters: ActionParameters, into writer: inout MessageWriter) {
        var rate = rate
        var peakRate = peakRate
        let table = Self.table(&rate, mtu: mtu, cellLog: cellLog)
        let peakTable = Self.table(&peakRate, mtu: mtu, cellLog: peakCellLog)
        let ticks = rate.flatMap { burst?.ticks(at: $0.rate) } ?? 0
        writer.put(PoliceAttribute.parameters, structure: Self.byteCount) { structure in
            structure.store(parameters.index, at: 0)  // struct tc_police.index
            structure.store(parameters.control.rawValue, at: 4)  // struct tc_police.action
            structure.store(limit, at: 8)  // struct tc_police.limit
            structure.store(ticks, at: 12)  // struct tc_police.burst
            structure.store(mtu ?? 0, at: 16)  // struct tc_police.mtu
            rate?.store(into: &structure, at: 20)  // struct tc_police.rate
            peakRate?.store(into: &structure, at: 32)  // struct tc_police.peakrate
            structure.store(parameters.capabilities, at: 52)  // struct tc_police.capab
        }
        encode(rate, table, .rateTable, .rate64, into: &writer)
        encode(peakRate, peakTable, .peakRateTable, .peakRate64, into: &writer)
        if let averageRate { writer.put(PoliceAttribute.averageRate, averageRate.saturated) }
        writer.put(PoliceAttribute.conforming, conforming)
        if let packetRate {
            writer.put(PoliceAttribute.packetRate, packetRate)
            writer.put(PoliceAttribute.packetBurst, Self.ticks(ofPackets: packetBurst ?? 0, at: packetRate))
        }
        writer.put(unknown)
    }

    private static func table(
        _ rate: inout RateSpecification?, mtu: UInt32?, cellLog: UInt8?
    ) -> RateTable? {
        guard var specification = rate else { return nil }
        let table = RateTable(&specification, mtu: mtu ?? 0, cellLog: cellLog)
        rate = specification
        return table
    }

    private func encode(
        _ rate: RateSpecification?, _ table: RateTable?, _ tableID: PoliceAttribute, _ wideID: PoliceAttribute,
        into writer: inout MessageWriter
    ) {
        guard let rate, let table else { return }
        table.encode(tableID, into: &writer)
        if rate.rate.isWide { writer.put(wideID, rate.rate.bytesPerSecond) }
    }

    private static func ticks(ofPackets count: UInt64, at rate: UInt64) -> UInt64 {
        guard rate > 0 else { return 0 }
        return UInt64(
            clamping: TickClock.system.ticks(microseconds: 1_000_000 * (Double(count) / Double(rate))).rounded(.up))
    }

    private func packets(in ticks: UInt64) -> UInt64 {
        UInt64(clamping: Double(packetRate ?? 0) * TickClock.system.microseconds(Double(ticks)) / 1_000_000)
    }
}

extension Action {
    /// Reads a police action in its old place, where its options stand alone.
    init(decodingPolice span: RawSpan) throws(DecodeError) {
        var parameters = ActionParameters()
        let kind = try PoliceAction(decoding: span, parameters: &parameters)
        self.init(kind, control: parameters.control, index: parameters.index)
        state.references = parameters.references
        state.bindings = parameters.bindings
        state.times = parameters.times
    }

    /// Writes the options alone.
    func encodePolice<ID: AttributeID>(_ id: ID, into writer: inout MessageWriter) {
        let parameters = ActionParameters(
            index: index ?? 0, control: control ?? kind.value?.defaultControl ?? .reclassify)
        writer.nest(id, marked: false) { kind.value?.encode(parameters, into: &$0) }
    }
}
