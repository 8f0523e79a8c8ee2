// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension Link {
    /// Reads a link message.
    public init(decoding message: borrowing Message) throws(DecodeError) {
        self.init()
        try fields.decode(message)
    }
}

extension LinkFields {
    fileprivate mutating func decode(_ message: borrowing Message) throws(DecodeError) {
        let header = try LinkHeader(message)
        index = InterfaceIndex(rawValue: header.index)
        type = HardwareType(rawValue: header.type)
        flags = LinkFlags(rawValue: header.flags)
        state.changed = LinkFlags(rawValue: header.change)
        state.family = header.family
        var reader = try message.attributes(of: LinkAttribute.self, after: LinkHeader.byteCount)
        while let attribute = try reader.next() {
            if try !decodeSetting(attribute), try !state.decode(attribute) { unknown.keep(attribute) }
        }
    }

    private mutating func decodeSetting(_ attribute: borrowing Attribute<LinkAttribute>) throws(DecodeError) -> Bool {
        switch attribute.id {
        case .name: name = InterfaceName(kernelBytes: attribute.payload)
        case .mtu: mtu = try attribute.integer()
        case .address: address = HardwareAddress(bytes: attribute.payload)
        case .broadcast: broadcast = HardwareAddress(bytes: attribute.payload)
        case .transmitQueueLength: transmitQueueLength = try attribute.integer()
        case .link: parent = InterfaceIndex(rawValue: try attribute.integer())
        case .linkNamespaceID: parentNamespaceID = try attribute.integer()
        case .master: master = InterfaceIndex(rawValue: try attribute.integer())
        case .information: try decodeKinds(attribute.nested())
        case .alias: alias = attribute.string()
        case .group: group = try attribute.integer()
        case .transmitQueueCount: transmitQueueCount = try attribute.integer()
        case .receiveQueueCount: receiveQueueCount = try attribute.integer()
        case .gsoMaxSize: gsoMaxSize = try attribute.integer()
        case .gsoMaxSegments: gsoMaxSegments = try attribute.integer()
        case .groMaxSize: groMaxSize = try attribute.integer()
        case .gsoIPv4MaxSize: gsoIPv4MaxSize = try attribute.integer()
        case .groIPv4MaxSize: groIPv4MaxSize = try attribute.integer()
        case .mode: mode = LinkMode(rawValue: try attribute.integer())
        case .operationalState: operationalState = OperationalState(rawValue: try attribute.integer())
        case .carrier: carrier = try attribute.integer(UInt8.self) != 0
        case .protocolDown: protocolDown = try attribute.integer(UInt8.self) != 0
        case .protocolDownReason: try decodeReasons(attribute.nested())
        case .families: families = try LinkFamilies(attribute.payload, family: state.family)
        default: return false
        }
        return true
    }

    private mutating func decodeKinds(
        _ reader: consuming AttributeReader<LinkInformationAttribute>
    ) throws(DecodeError) {
        // The kind stands in front of its data, as the kernel writes and as iproute2 and we do.
        var name: String?
        var portName: String?
        while let attribute = try reader.next() {
            switch attribute.id {
            case .kind: name = attribute.string()
            case .data: if let name { kind = try LinkKinds.decode(name, attribute.payload) }
            case .portKind: portName = attribute.string()
            case .portData: if let portName { portKind = try LinkKinds.decodePort(portName, attribute.payload) }
            case .statistics: state.kindStatistics = attribute.payload.array
            default: break
            }
        }
        if let name, kind == nil { kind = try LinkKinds.decode(name, nil) }
        if let portName, portKind == nil { portKind = try LinkKinds.decodePort(portName, nil) }
    }

    private mutating func decodeReasons(
        _ reader: consuming AttributeReader<ProtocolDownReasonAttribute>
    ) throws(DecodeError) {
        var reasons = ProtocolDownReasons(value: 0)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .value: reasons.value = try attribute.integer()
            case .mask: reasons.mask = try attribute.integer()
            default: break
            }
        }
        protocolDownReasons = reasons
    }
}

extension LinkState {
    fileprivate mutating func decode(_ attribute: borrowing Attribute<LinkAttribute>) throws(DecodeError) -> Bool {
        switch attribute.id {
        case .properties:
            var reader = attribute.nested(LinkAttribute.self)
            while let property = try reader.next() {
                if property.id == .alternativeName { alternativeNames.append(property.string()) }
            }
        case .qdisc: qdisc = attribute.string()
        case .statistics: statistics = LinkStatistics(attribute.payload)
        // The 32-bit counters repeat the 64-bit ones, which every kernel since 2.6.35 sends.
        case .statistics32, .padding, .extensionMask: break
        case .permanentAddress: permanentAddress = HardwareAddress(bytes: attribute.payload)
        case .promiscuity: promiscuity = try attribute.integer()
        case .allMulticastCount: allMulticastCount = try attribute.integer()
        case .minimumMTU: minimumMTU = try attribute.integer()
        case .maximumMTU: maximumMTU = try attribute.integer()
        case .tsoMaxSize: tsoMaxSize = try attribute.integer()
        case .tsoMaxSegments: tsoMaxSegments = try attribute.integer()
        case .carrierChanges: carrierChanges = try attribute.integer()
        case .carrierUpCount: carrierUpCount = try attribute.integer()
        case .carrierDownCount: carrierDownCount = try attribute.integer()
        case .parentDeviceName: parentDeviceName = attribute.string()
        case .parentDeviceBus: parentDeviceBus = attribute.string()
        case .physicalPortID: physicalPortID = attribute.payload.array
        case .physicalPortName: physicalPortName = attribute.string()
        case .physicalSwitchID: physicalSwitchID = attribute.payload.array
        case .targetNamespaceID: targetNamespaceID = try attribute.integer()
        case .newNamespaceID: newNamespaceID = try attribute.integer()
        case .newIndex: newIndex = InterfaceIndex(rawValue: try attribute.integer())
        case .event: event = try attribute.integer()
        case .xdp: xdp = try XDPState(attribute.nested())
        case .map: map = try LinkMap(attribute.payload)
        case .virtualFunctionCount: virtualFunctionCount = try attribute.integer()
        case .virtualFunctions: virtualFunctions = try VirtualFunction.list(attribute.payload)
        case .virtualFunctionPorts: virtualFunctionPorts = attribute.payload.array
        case .ownPort: ownPort = attribute.payload.array
        case .isNamespaceImmutable: isNamespaceImmutable = try attribute.integer(UInt8.self) != 0
        case .maximumPacingOffloadHorizon: maximumPacingOffloadHorizon = try attribute.unsigned()
        case .headroom: headroom = try attribute.integer()
        case .tailroom: tailroom = try attribute.integer()
        case .devlinkPort: devlinkPort = attribute.payload.array
        case .dpllPin: dpllPin = attribute.payload.array
        case .protocolInformation: protocolInformation = attribute.payload.array
        default: return false
        }
        return true
    }
}
