// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension VXLANLink {
    /// Reads the options.
    public init(decoding data: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<VXLANAttribute>(data)
        while let attribute = try reader.next() {
            if try !decodeOption(attribute) { unknown.keep(attribute) }
        }
    }

    private mutating func decodeOption(_ attribute: borrowing Attribute<VXLANAttribute>) throws(DecodeError) -> Bool {
        switch attribute.id {
        case .remote: remote = .v4(try attribute.ipv4())
        case .remote6: remote = .v6(try attribute.ipv6())
        case .local: local = .v4(try attribute.ipv4())
        case .local6: local = .v6(try attribute.ipv6())
        case .tos: tos = try attribute.integer()
        case .ttl: ttl = try attribute.integer()
        case .fragmentation: fragmentation = Fragmentation(rawValue: try attribute.integer())
        case .flowLabel: flowLabel = try attribute.bigEndian()
        case .flowLabelPolicy: flowLabelPolicy = FlowLabelPolicy(rawValue: try attribute.integer())
        case .device: device = InterfaceIndex(rawValue: try attribute.integer())
        case .isProxy: isProxy = try attribute.integer(UInt8.self) != 0
        case .shortCircuitsRoutes: shortCircuitsRoutes = try attribute.integer(UInt8.self) != 0
        case .notifiesAddressMisses: notifiesAddressMisses = try attribute.integer(UInt8.self) != 0
        case .notifiesRouteMisses: notifiesRouteMisses = try attribute.integer(UInt8.self) != 0
        case .ageingTime: ageingTime = try attribute.duration(UInt32.self, in: .seconds(1))
        case .addressLimit: addressLimit = try attribute.integer()
        case .checksums: checksums = try attribute.integer(UInt8.self) != 0
        case .omitsIPv6ChecksumsSending: omitsIPv6ChecksumsSending = try attribute.integer(UInt8.self) != 0
        case .allowsIPv6ChecksumsMissing: allowsIPv6ChecksumsMissing = try attribute.integer(UInt8.self) != 0
        case .offloadsChecksumsSending: offloadsChecksumsSending = try attribute.integer(UInt8.self) != 0
        case .offloadsChecksumsReceiving: offloadsChecksumsReceiving = try attribute.integer(UInt8.self) != 0
        case .isExternal: isExternal = try attribute.integer(UInt8.self) != 0
        case .filtersVNIs: filtersVNIs = try attribute.integer(UInt8.self) != 0
        case .bypassesLocally: bypassesLocally = try attribute.integer(UInt8.self) != 0
        case .reservedBits: reservedBits = try attribute.bigEndian()
        case .routesMulticast: routesMulticast = try attribute.integer(UInt8.self) != 0
        case .id: id = try attribute.integer()
        case .learns: learns = try attribute.integer(UInt8.self) != 0
        case .port: port = try attribute.bigEndian()
        // The kernel takes a flag and reports a byte.
        case .inheritsTTL:
            inheritsTTL = attribute.payload.byteCount == 0 ? true : try attribute.integer(UInt8.self) != 0
        case .sourcePorts:
            let low = try attribute.payload.load(at: 0, as: UInt16.self)  // struct ifla_vxlan_port_range.low
            let high = try attribute.payload.load(at: 2, as: UInt16.self)  // struct ifla_vxlan_port_range.high
            sourcePorts = PortRange(low: UInt16(bigEndian: low), high: UInt16(bigEndian: high))
        case .offloadsChecksumsFully: offloadsChecksumsFully = true
        case .hasGroupPolicy: hasGroupPolicy = true
        case .hasProtocolExtension: hasProtocolExtension = true
        default: return false
        }
        return true
    }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: VXLANLink?) {
        writer.put(flag: VXLANAttribute.inheritsTTL, inheritsTTL == true && base?.inheritsTTL != true)
        if let sourcePorts, sourcePorts != base?.sourcePorts {
            writer.put(VXLANAttribute.sourcePorts, structure: 4) { structure in
                structure.store(sourcePorts.low.bigEndian, at: 0)  // struct ifla_vxlan_port_range.low
                structure.store(sourcePorts.high.bigEndian, at: 2)  // struct ifla_vxlan_port_range.high
            }
        }
        writer.put(flag: VXLANAttribute.hasGroupPolicy, hasGroupPolicy && base?.hasGroupPolicy != true)
        writer.put(
            flag: VXLANAttribute.hasProtocolExtension, hasProtocolExtension && base?.hasProtocolExtension != true)
        writer.put(
            flag: VXLANAttribute.offloadsChecksumsFully, offloadsChecksumsFully && base?.offloadsChecksumsFully != true)
        writer.put(VXLANAttribute.tos, tos, changing: base?.tos)
        writer.put(VXLANAttribute.ttl, ttl, changing: base?.ttl)
        writer.put(VXLANAttribute.fragmentation, fragmentation, changing: base?.fragmentation)
        writer.put(VXLANAttribute.flowLabel, bigEndian: flowLabel, changing: base?.flowLabel)
        writer.put(VXLANAttribute.flowLabelPolicy, flowLabelPolicy, changing: base?.flowLabelPolicy)
        writer.put(VXLANAttribute.device, device, changing: base?.device)
        writer.put(VXLANAttribute.isProxy, isProxy, changing: base?.isProxy)
        writer.put(VXLANAttribute.shortCircuitsRoutes, shortCircuitsRoutes, changing: base?.shortCircuitsRoutes)
        writer.put(VXLANAttribute.notifiesAddressMisses, notifiesAddressMisses, changing: base?.notifiesAddressMisses)
        writer.put(VXLANAttribute.notifiesRouteMisses, notifiesRouteMisses, changing: base?.notifiesRouteMisses)
        writer.put(VXLANAttribute.ageingTime, ageingTime, in: .seconds(1), as: UInt32.self, changing: base?.ageingTime)
        writer.put(VXLANAttribute.addressLimit, addressLimit, changing: base?.addressLimit)
        writer.put(VXLANAttribute.checksums, checksums, changing: base?.checksums)
        writer.put(
            VXLANAttribute.omitsIPv6ChecksumsSending, omitsIPv6ChecksumsSending,
            changing: base?.omitsIPv6ChecksumsSending)
        writer.put(
            VXLANAttribute.allowsIPv6ChecksumsMissing, allowsIPv6ChecksumsMissing,
            changing: base?.allowsIPv6ChecksumsMissing)
        writer.put(
            VXLANAttribute.offloadsChecksumsSending, offloadsChecksumsSending, changing: base?.offloadsChecksumsSending)
        writer.put(
            VXLANAttribute.offloadsChecksumsReceiving, offloadsChecksumsReceiving,
            changing: base?.offloadsChecksumsReceiving)
        writer.put(VXLANAttribute.isExternal, isExternal, changing: base?.isExternal)
        writer.put(VXLANAttribute.filtersVNIs, filtersVNIs, changing: base?.filtersVNIs)
        writer.put(VXLANAttribute.bypassesLocally, bypassesLocally, changing: base?.bypassesLocally)
        writer.put(VXLANAttribute.reservedBits, bigEndian: reservedBits, changing: base?.reservedBits)
        writer.put(VXLANAttribute.routesMulticast, routesMulticast, changing: base?.routesMulticast)
        writer.put(VXLANAttribute.id, id, changing: base?.id)
        writer.put(VXLANAttribute.local, local?.ipv4, changing: base?.local?.ipv4)
        writer.put(VXLANAttribute.local6, local?.ipv6, changing: base?.local?.ipv6)
        writer.put(VXLANAttribute.remote, remote?.ipv4, changing: base?.remote?.ipv4)
        writer.put(VXLANAttribute.remote6, remote?.ipv6, changing: base?.remote?.ipv6)
        writer.put(VXLANAttribute.learns, learns, changing: base?.learns)
        writer.put(VXLANAttribute.port, bigEndian: port, changing: base?.port)
        if base == nil { writer.put(unknown) }
    }
}

/// Attributes of a VXLAN tunnel.
struct VXLANAttribute: AttributeID {
    let rawValue: UInt16

    static var tos: Self { Self(rawValue: 6) }  // IFLA_VXLAN_TOS
    static var ttl: Self { Self(rawValue: 5) }  // IFLA_VXLAN_TTL
    static var inheritsTTL: Self { Self(rawValue: 28) }  // IFLA_VXLAN_TTL_INHERIT
    static var fragmentation: Self { Self(rawValue: 29) }  // IFLA_VXLAN_DF
    static var flowLabel: Self { Self(rawValue: 26) }  // IFLA_VXLAN_LABEL
    static var flowLabelPolicy: Self { Self(rawValue: 32) }  // IFLA_VXLAN_LABEL_POLICY
    static var device: Self { Self(rawValue: 3) }  // IFLA_VXLAN_LINK
    static var sourcePorts: Self { Self(rawValue: 10) }  // IFLA_VXLAN_PORT_RANGE
    static var isProxy: Self { Self(rawValue: 11) }  // IFLA_VXLAN_PROXY
    static var shortCircuitsRoutes: Self { Self(rawValue: 12) }  // IFLA_VXLAN_RSC
    static var notifiesAddressMisses: Self { Self(rawValue: 13) }  // IFLA_VXLAN_L2MISS
    static var notifiesRouteMisses: Self { Self(rawValue: 14) }  // IFLA_VXLAN_L3MISS
    static var ageingTime: Self { Self(rawValue: 8) }  // IFLA_VXLAN_AGEING
    static var addressLimit: Self { Self(rawValue: 9) }  // IFLA_VXLAN_LIMIT
    static var checksums: Self { Self(rawValue: 18) }  // IFLA_VXLAN_UDP_CSUM
    static var omitsIPv6ChecksumsSending: Self { Self(rawValue: 19) }  // IFLA_VXLAN_UDP_ZERO_CSUM6_TX
    static var allowsIPv6ChecksumsMissing: Self { Self(rawValue: 20) }  // IFLA_VXLAN_UDP_ZERO_CSUM6_RX
    static var offloadsChecksumsSending: Self { Self(rawValue: 21) }  // IFLA_VXLAN_REMCSUM_TX
    static var offloadsChecksumsReceiving: Self { Self(rawValue: 22) }  // IFLA_VXLAN_REMCSUM_RX
    static var offloadsChecksumsFully: Self { Self(rawValue: 24) }  // IFLA_VXLAN_REMCSUM_NOPARTIAL
    static var hasGroupPolicy: Self { Self(rawValue: 23) }  // IFLA_VXLAN_GBP
    static var hasProtocolExtension: Self { Self(rawValue: 27) }  // IFLA_VXLAN_GPE
    static var isExternal: Self { Self(rawValue: 25) }  // IFLA_VXLAN_COLLECT_METADATA
    static var filtersVNIs: Self { Self(rawValue: 30) }  // IFLA_VXLAN_VNIFILTER
    static var bypassesLocally: Self { Self(rawValue: 31) }  // IFLA_VXLAN_LOCALBYPASS
    static var reservedBits: Self { Self(rawValue: 33) }  // IFLA_VXLAN_RESERVED_BITS
    static var routesMulticast: Self { Self(rawValue: 34) }  // IFLA_VXLAN_MC_ROUTE
    static var id: Self { Self(rawValue: 1) }  // IFLA_VXLAN_ID
    static var local: Self { Self(rawValue: 4) }  // IFLA_VXLAN_LOCAL
    static var local6: Self { Self(rawValue: 17) }  // IFLA_VXLAN_LOCAL6
    static var remote: Self { Self(rawValue: 2) }  // IFLA_VXLAN_GROUP
    static var remote6: Self { Self(rawValue: 16) }  // IFLA_VXLAN_GROUP6
    static var learns: Self { Self(rawValue: 7) }  // IFLA_VXLAN_LEARNING
    static var port: Self { Self(rawValue: 15) }  // IFLA_VXLAN_PORT
}
