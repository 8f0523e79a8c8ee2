// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension Rule {
    /// Reads a rule message.
    public init(decoding message: borrowing Message) throws(DecodeError) {
        let header = try RuleHeader(message)
        self.init(header.family, RuleAction(rawValue: header.action), priority: 0)
        table = RoutingTable(rawValue: UInt32(header.table))
        typeOfService = header.typeOfService
        flags = RuleFlags(rawValue: header.flags)
        var masks = Masks()
        var reader = try message.attributes(of: RuleAttribute.self, after: RuleHeader.byteCount)
        while let attribute = try reader.next() {
            if try !decodeSelector(attribute, header, &masks), try !decodeRest(attribute) { unknown.keep(attribute) }
        }
        // A mark of 0 is left out by the kernel; elsewhere a mask without its value says nothing.
        if let mask = masks.mark { mark = RuleMark(mark?.value ?? 0, mask: mask) }
        if flowLabel != nil { flowLabel?.mask = masks.flowLabel }
        if dscp != nil { dscp?.mask = masks.dscp }
        if sourcePorts != nil { sourcePorts?.mask = masks.sourcePort }
        if destinationPorts != nil { destinationPorts?.mask = masks.destinationPort }
    }

    private struct Masks {
        var mark: UInt32?
        var flowLabel: UInt32?
        var dscp: UInt8?
        var sourcePort: UInt16?
        var destinationPort: UInt16?
    }

    private mutating func decodeSelector(
        _ attribute: borrowing Attribute<RuleAttribute>, _ header: RuleHeader, _ masks: inout Masks
    ) throws(DecodeError) -> Bool {
        switch attribute.id {
        case .source: source = try Self.prefix(attribute, header.sourceLength)
        case .destination: destination = try Self.prefix(attribute, header.destinationLength)
        case .inputName: inputName = InterfaceName(kernelBytes: attribute.payload)
        case .outputName: outputName = InterfaceName(kernelBytes: attribute.payload)
        case .mark: mark = RuleMark(try attribute.integer())
        case .markMask: masks.mark = try attribute.integer()
        case .tunnelID: tunnelID = try attribute.bigEndian()
        case .l3Master: isL3Master = try attribute.integer(UInt8.self) != 0
        case .users: users = try RuleUsers(attribute.payload)
        case .ipProtocol: ipProtocol = try attribute.integer()
        case .sourcePorts: sourcePorts = try RulePorts(attribute.payload)
        case .sourcePortMask: masks.sourcePort = try attribute.integer()
        case .destinationPorts: destinationPorts = try RulePorts(attribute.payload)
        case .destinationPortMask: masks.destinationPort = try attribute.integer()
        case .dscp: dscp = RuleCodePoint(try attribute.integer())
        case .dscpMask: masks.dscp = try attribute.integer()
        case .flowLabel: flowLabel = RuleMark(try attribute.bigEndian())
        case .flowLabelMask: masks.flowLabel = try attribute.bigEndian()
        default: return false
        }
        return true
    }

    private mutating func decodeRest(_ attribute: borrowing Attribute<RuleAttribute>) throws(DecodeError) -> Bool {
        switch attribute.id {
        case .priority: priority = try attribute.integer()
        case .table: table = RoutingTable(rawValue: try attribute.integer())
        case .target: target = try attribute.integer()
        case .realms: realms = RouteRealms(rawValue: try attribute.integer())
        case .suppressedPrefixLength: suppressedPrefixLength = Self.unlessNone(try attribute.integer())
        case .suppressedGroup: suppressedGroup = Self.unlessNone(try attribute.integer())
        case .origin: origin = RoutingProtocol(rawValue: try attribute.integer())
        case .padding: break
        default: return false
        }
        return true
    }

    // The kernel says all ones where nothing is suppressed.
    private static func unlessNone(_ value: UInt32) -> UInt32? { value == .max ? nil : value }

    private static func prefix(
        _ attribute: borrowing Attribute<RuleAttribute>, _ length: UInt8
    ) throws(DecodeError) -> IPPrefix {
        let count = attribute.payload.byteCount
        guard let address = try attribute.payload.ipAddress() else {
            throw DecodeError(.unexpectedLength, attribute: attribute.id.rawValue, expected: 16, actual: count)
        }
        guard let prefix = IPPrefix(address, length: Int(length)) else {
            throw DecodeError(
                .invalidValue, attribute: attribute.id.rawValue, expected: address.bitCount, actual: Int(length))
        }
        return prefix
    }

    /// Writes all that is set.
    func encode(into writer: inout MessageWriter) {
        var header = RuleHeader()
        header.family = family
        header.sourceLength = source?.length ?? 0
        header.destinationLength = destination?.length ?? 0
        header.typeOfService = typeOfService
        header.table = UInt8(exactly: table.rawValue) ?? 0
        header.action = action.rawValue
        header.flags = flags.subtracting(.reported).rawValue
        header.encode(into: &writer)
        writer.put(RuleAttribute.priority, priority)
        // The kernel refuses an address of which no bit counts.
        if let source, source.length > 0 { writer.put(RuleAttribute.source, source.address) }
        if let destination, destination.length > 0 { writer.put(RuleAttribute.destination, destination.address) }
        encodeSelectors(into: &writer)
        writer.put(RuleAttribute.target, target)
        writer.put(RuleAttribute.realms, realms?.rawValue)
        writer.put(RuleAttribute.suppressedPrefixLength, suppressedPrefixLength)
        writer.put(RuleAttribute.suppressedGroup, suppressedGroup)
        writer.put(RuleAttribute.origin, origin)
        if table.rawValue > UInt8.max { writer.put(RuleAttribute.table, table.rawValue) }
        writer.put(unknown)
    }

    private func encodeSelectors(into writer: inout MessageWriter) {
        if let inputName { writer.put(RuleAttribute.inputName, inputName.bytes + [0]) }
        if let outputName { writer.put(RuleAttribute.outputName, outputName.bytes + [0]) }
        writer.put(RuleAttribute.mark, mark?.value)
        writer.put(RuleAttribute.markMask, mark?.mask)
        writer.put(RuleAttribute.tunnelID, bigEndian: tunnelID)
        writer.put(RuleAttribute.l3Master, isL3Master)
        users?.encode(into: &writer)
        writer.put(RuleAttribute.ipProtocol, ipProtocol)
        sourcePorts?.encode(.sourcePorts, mask: .sourcePortMask, into: &writer)
        destinationPorts?.encode(.destinationPorts, mask: .destinationPortMask, into: &writer)
        writer.put(RuleAttribute.dscp, dscp?.value)
        writer.put(RuleAttribute.dscpMask, dscp?.mask)
        writer.put(RuleAttribute.flowLabel, bigEndian: flowLabel?.value)
        writer.put(RuleAttribute.flowLabelMask, bigEndian: flowLabel?.mask)
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        for (field, prefix) in [("source", source), ("destination", destination)] {
            if let prefix, prefix.family != addressFamily {
                validation.add(field, "\(prefix) is not of the rule's family")
            }
        }
        checkAction(&validation)
        checkSelectors(&validation)
        try validation.finish(object: summary)
    }

    private func checkAction(_ validation: inout Validation) {
        if action == .unspecified { validation.add("action", "an action is missing") }
        if action == .goto, target ?? 0 <= priority ?? 0 {
            validation.add("target", "a rule can only go on with one that comes later")
        }
        if action != .goto, target != nil {
            validation.add("target", "only a rule that goes on with another has a target")
        }
        if isL3Master == true, table != .unspecified {
            validation.add("table", "a VRF's rule looks up the VRF's table")
        }
    }

    private func checkSelectors(_ validation: inout Validation) {
        if dscp != nil, typeOfService != 0 {
            validation.add("dscp", "type of service and code point exclude each other")
        }
        if let dscp, dscp.value > 63 || dscp.mask ?? 0 > 63 { validation.add("dscp", "a code point is at most 63") }
        if let flowLabel, max(flowLabel.value, flowLabel.mask ?? 0) > 0xf_ffff {
            validation.add("flowLabel", "a flow label has 20 bits")
        }
        if let users, users.first > users.last { validation.add("users", "the first user comes after the last") }
        for (field, ports) in [("sourcePorts", sourcePorts), ("destinationPorts", destinationPorts)] {
            guard let ports else { continue }
            if ports.first == 0 || ports.first > ports.last || ports.last == .max {
                validation.add(field, "ports are 1 to 65534, the first not after the last")
            }
            if ports.mask != nil, ports.first != ports.last { validation.add(field, "only a single port has a mask") }
        }
    }

    private var addressFamily: AddressFamily {
        switch family {
        case .ipv4MulticastRouting: .ipv4
        case .ipv6MulticastRouting: .ipv6
        default: family
        }
    }

    /// The rule in a word, for errors.
    var summary: String {
        if let priority { return "\(priority)" }
        return source.map { "from \($0)" } ?? destination.map { "to \($0)" } ?? "of \(family)"
    }
}
