// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension Qdisc {
    /// Reads a message about a queueing discipline.
    public init(decoding message: borrowing Message) throws(DecodeError) {
        let header = try TCHeader(message)
        self.init(
            nil, on: InterfaceIndex(rawValue: header.index), parent: TCHandle(rawValue: header.parent),
            handle: TCHandle(rawValue: header.handle))
        var state = QdiscState()
        state.references = header.info
        var content = TCContent()
        var reader = try message.attributes(of: TCAttribute.self, after: TCHeader.byteCount)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .sizeTable: sizeTable = try SizeTable(decoding: attribute.payload)
            case .ingressBlock: ingressBlock = try attribute.integer()
            case .egressBlock: egressBlock = try attribute.integer()
            case .isOffloaded: state.isOffloaded = try attribute.integer(UInt8.self) != 0
            case .showsInvisible: state.isInvisible = true
            case .estimator: estimator = try RateEstimator(attribute.payload)
            default: if try !content.decode(attribute) { unknown.keep(attribute) }
            }
        }
        state.statistics = content.statistics
        self.state = state
        if let name = content.kind { kind = try QdiscKinds.decode(name, content.options?.rawSpan) }
    }

    /// Writes all that is set; of the kind, with a base, what differs.
    func encode(into writer: inout MessageWriter, changing base: Qdisc? = nil) {
        var header = TCHeader()
        header.index = index.rawValue
        header.parent = parent.rawValue
        header.handle = handle.rawValue
        header.encode(into: &writer)
        kind?.encode(into: &writer, changing: base?.kind)
        estimator?.encode(TCAttribute.estimator, into: &writer)
        if let sizeTable, sizeTable != base?.sizeTable {
            writer.nest(TCAttribute.sizeTable, marked: false) { sizeTable.encode(into: &$0) }
        }
        writer.put(TCAttribute.ingressBlock, ingressBlock, changing: base?.ingressBlock)
        writer.put(TCAttribute.egressBlock, egressBlock, changing: base?.egressBlock)
        if base == nil { writer.put(unknown) }
    }
}

/// What messages about queueing disciplines and classes have in common.
struct TCContent {
    var kind: String?
    var options: [UInt8]?
    var statistics: TCStatistics?

    /// Takes an attribute in; false where it is another.
    mutating func decode(_ attribute: borrowing Attribute<TCAttribute>) throws(DecodeError) -> Bool {
        switch attribute.id {
        case .kind: kind = attribute.string()
        case .options: options = attribute.payload.array
        case .statistics:
            let extra = statistics?.kindData
            statistics = try TCStatistics(decoding: attribute.payload)
            if statistics?.kindData == nil { statistics?.kindData = extra }
        case .legacyStatistics:
            if statistics == nil { statistics = try TCStatistics(legacy: attribute.payload) }
        case .kindStatistics:
            // The same bytes as inside the statistics, where those are.
            if statistics == nil { statistics = TCStatistics() }
            if statistics?.kindData == nil { statistics?.kindData = attribute.payload.array }
        case .padding: break
        default: return false
        }
        return true
    }
}
