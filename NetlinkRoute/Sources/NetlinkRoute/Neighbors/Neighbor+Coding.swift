// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension Neighbor {
    /// Reads a neighbour message.
    public init(decoding message: borrowing Message) throws(DecodeError) {
        let header = try NeighborHeader(message)
        family = header.family
        index = InterfaceIndex(rawValue: header.index)
        state = NeighborState(rawValue: header.state)
        flags = NeighborFlags(rawValue: header.flags)
        type = RouteType(rawValue: header.type)
        var rareFields: RareNeighborFields.Fields?
        var reader = try message.attributes(of: NeighborAttribute.self, after: NeighborHeader.byteCount)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .destination where try packedDestination.load(attribute.payload):
                present.insert(.destination)
                present.set(.destinationIsV6, attribute.payload.byteCount == 16)
            case .hardwareAddress where try loadHardwareAddress(attribute.payload):
                present.insert(.hardwareAddress)
            case .cacheInformation:
                packedCache = try NeighborCacheInformation(attribute.payload)
                present.insert(.cache)
            case .probes:
                probeCount = try attribute.integer()
                present.insert(.probes)
            case .vlan:
                vlanNumber = try attribute.integer()
                present.insert(.vlan)
            case .origin:
                originNumber = try attribute.integer()
                present.insert(.origin)
            case .master:
                masterIndex = try attribute.integer()
                present.insert(.master)
            case .nextHopID:
                nextHopNumber = try attribute.integer()
                present.insert(.nextHopID)
            case .extendedFlags: extendedFlags = NeighborExtendedFlags(rawValue: try attribute.integer())
            default: try Self.decodeRare(attribute, &rareFields, &present)
            }
        }
        if let rareFields { rare = RareNeighborFields(rareFields) }
    }

    /// Reads an address of at most eight bytes; false for a longer one.
    @inline(__always)
    private mutating func loadHardwareAddress(_ span: RawSpan) throws(DecodeError) -> Bool {
        let count = span.byteCount
        guard count <= 8 else { return false }
        hardwareByteCount = UInt8(truncatingIfNeeded: count)
        if count == 6 {
            let high = UInt32(bigEndian: try span.load(at: 0))
            let low = UInt16(bigEndian: try span.load(at: 4))
            packedHardwareAddress = UInt64(high) << 16 | UInt64(low)
        } else {
            packedHardwareAddress = 0
            for offset in 0..<count {
                packedHardwareAddress = packedHardwareAddress << 8 | UInt64(try span.load(at: offset, as: UInt8.self))
            }
        }
        return true
    }

    private static func decodeRare(
        _ attribute: borrowing Attribute<NeighborAttribute>, _ kept: inout RareNeighborFields.Fields?,
        _ present: inout Presence
    ) throws(DecodeError) {
        var fields = kept ?? RareNeighborFields.Fields()
        switch attribute.id {
        case .hardwareAddress:
            if let address = HardwareAddress(bytes: attribute.payload) {
                fields.longHardwareAddress = address
                present.insert(.hardwareAddress)
            } else {
                fields.unknown.keep(attribute)
            }
        case .port: fields.port = try attribute.bigEndian()
        case .vni: fields.vni = try attribute.integer()
        case .sourceVNI: fields.sourceVNI = try attribute.integer()
        case .index: fields.output = InterfaceIndex(rawValue: try attribute.integer())
        case .linkNamespaceID: fields.linkNamespaceID = NamespaceID(rawValue: try attribute.integer())
        case .activity: fields.activity = try ForwardingActivity(attribute.nested())
        default: fields.unknown.keep(attribute)
        }
        kept = fields
    }

    /// Writes all that is set.
    func encode(into writer: inout MessageWriter, keepingUnknown: Bool = true) {
        header.encode(into: &writer)
        encodeKey(into: &writer)
        if family != .bridge { encodeHardwareAddress(into: &writer) }
        writer.put(NeighborAttribute.origin, origin)
        if !extendedFlags.subtracting(.locked).isEmpty {
            writer.put(NeighborAttribute.extendedFlags, extendedFlags.subtracting(.locked).rawValue)
        }
        activity?.encode(into: &writer)
        if keepingUnknown { writer.put(unknown) }
    }

    /// Writes the header and what finds the neighbour, for removing it.
    func encodeRemoval(into writer: inout MessageWriter) {
        header.encode(into: &writer)
        encodeKey(into: &writer)
    }

    private func encodeKey(into writer: inout MessageWriter) {
        writer.put(NeighborAttribute.destination, destination)
        guard family == .bridge else { return }
        encodeHardwareAddress(into: &writer)
        writer.put(NeighborAttribute.vlan, vlan)
        writer.put(NeighborAttribute.nextHopID, nextHopID)
        guard rare != nil else { return }
        writer.put(NeighborAttribute.port, bigEndian: port)
        writer.put(NeighborAttribute.vni, vni)
        writer.put(NeighborAttribute.sourceVNI, sourceVNI)
        writer.put(NeighborAttribute.index, output)
    }

    private func encodeHardwareAddress(into writer: inout MessageWriter) {
        writer.put(NeighborAttribute.hardwareAddress, hardwareBytes)
    }

    private var header: NeighborHeader {
        var header = NeighborHeader()
        header.family = family
        header.index = index.rawValue
        header.state = state.rawValue
        var sent = flags.subtracting(.offloaded)
        // What is read names the table only by the presence of a master.
        if family == .bridge, sent.isDisjoint(with: [.linkTable, .masterTable]) {
            sent.insert(master == nil ? .linkTable : .masterTable)
        }
        header.flags = sent.rawValue
        return header
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        // A proxy without a link answers on all of them.
        if !index.isValid, index != .none || !flags.contains(.proxy) { validation.add("index", "a link is missing") }
        if family == .bridge {
            if hardwareAddress == nil { validation.add("hardwareAddress", "a hardware address is missing") }
            if let vlan, vlan == 0 || vlan > 4094 { validation.add("vlan", "a VLAN is 1 to 4094") }
        } else {
            if let destination {
                if destination.family != family { validation.add("destination", "the address is not of the family") }
            } else {
                validation.add("destination", "an address is missing")
            }
            if !flags.isDisjoint(with: [.linkTable, .masterTable]) {
                validation.add("flags", "forwarding tables hold hardware addresses")
            }
        }
        try validation.finish(object: summary)
    }

    /// The neighbour in a word, for errors.
    var summary: String {
        (family == .bridge ? hardwareAddress?.description : destination?.description) ?? "on link \(index)"
    }
}
