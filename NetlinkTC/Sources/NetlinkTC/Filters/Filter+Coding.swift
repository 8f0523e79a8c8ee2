// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension Filter {
    /// Reads a filter message.
    public init(decoding message: borrowing Message) throws(DecodeError) {
        let header = try TCHeader(message)
        self.init(
            at: FilterPlace(header), priority: UInt16(truncatingIfNeeded: header.info >> 16),
            protocolType: EthernetProtocol(rawValue: UInt16(bigEndian: UInt16(truncatingIfNeeded: header.info))),
            handle: header.handle, kind: nil)
        var name: String?
        var reader = try message.attributes(of: TCAttribute.self, after: TCHeader.byteCount)
        // The kind's name may come behind its options.
        while let attribute = try reader.next() {
            if attribute.id == .kind { name = attribute.string() }
        }
        if let name { kind = AnyFilterKind(name: name) }
        reader = try message.attributes(of: TCAttribute.self, after: TCHeader.byteCount)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .kind, .padding: break
            case .options:
                if let name { kind = try FilterKinds.decode(name, attribute.payload) } else { unknown.keep(attribute) }
            case .chain: chain = try attribute.integer()
            case .estimator: estimator = try RateEstimator(attribute.payload)
            case .statistics: state.statistics = try TCStatistics(decoding: attribute.payload)
            case .legacyStatistics:
                if state.statistics == nil { state.statistics = try TCStatistics(legacy: attribute.payload) }
            case .warning: state.warning = attribute.string()
            default: unknown.keep(attribute)
            }
        }
    }

    /// The header that names this filter.
    var header: TCHeader {
        var header = place.header
        header.handle = handle
        header.info = UInt32(priority) << 16 | UInt32(protocolType.rawValue.bigEndian)
        return header
    }

    /// Writes the header, and what is set and differs from `base`; without a base, all that is set.
    func encode(into writer: inout MessageWriter, changing base: Filter?) {
        header.encode(into: &writer)
        writer.put(TCAttribute.chain, chain)
        writer.put(TCAttribute.kind, kind?.name)
        kind?.encodeOptions(into: &writer, changing: base?.kind)
        if let estimator, estimator != base?.estimator { estimator.encode(TCAttribute.estimator, into: &writer) }
        if base == nil { writer.put(unknown) }
    }
}
