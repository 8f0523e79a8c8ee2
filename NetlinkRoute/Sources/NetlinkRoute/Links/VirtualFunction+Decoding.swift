// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

extension VirtualFunction {
    static func list(_ span: RawSpan) throws(DecodeError) -> [VirtualFunction] {
        var functions: [VirtualFunction] = []
        var reader = AttributeReader<VirtualFunctionListAttribute>(span)
        while let attribute = try reader.next() {
            guard attribute.id == .information else { continue }
            functions.append(try VirtualFunction(attribute.nested()))
        }
        return functions
    }

    private init(_ reader: consuming AttributeReader<VirtualFunctionAttribute>) throws(DecodeError) {
        self.init(index: 0)
        while let attribute = try reader.next() {
            let payload = attribute.payload
            switch attribute.id {
            case .address:
                index = try payload.load(at: 0, as: UInt32.self)  // struct ifla_vf_mac.vf
                address = try Self.address(payload, at: 4)  // struct ifla_vf_mac.mac
            case .broadcast: broadcast = try Self.address(payload, at: 0)  // struct ifla_vf_broadcast.broadcast
            case .vlan:
                // The list, which follows, says more.
                let id = try payload.load(at: 4, as: UInt32.self)  // struct ifla_vf_vlan.vlan
                let priority = try payload.load(at: 8, as: UInt32.self)  // struct ifla_vf_vlan.qos
                if vlans.isEmpty { vlans = [VLAN(id: id, priority: priority)] }
            case .vlanList: vlans = try Self.vlans(attribute.nested())
            case .transmitRate: transmitRate = try payload.load(at: 4, as: UInt32.self)  // struct ifla_vf_tx_rate.rate
            case .rate:
                let minimum = try payload.load(at: 4, as: UInt32.self)  // struct ifla_vf_rate.min_tx_rate
                let maximum = try payload.load(at: 8, as: UInt32.self)  // struct ifla_vf_rate.max_tx_rate
                rate = Rate(minimum: minimum, maximum: maximum)
            case .spoofCheck: checksSpoofing = try Self.setting(payload)
            case .linkState:
                let state = try payload.load(at: 4, as: UInt32.self)  // struct ifla_vf_link_state.link_state
                linkState = LinkState(rawValue: state)
            case .scalingQuery: allowsScalingQuery = try Self.setting(payload)
            case .trust: isTrusted = try Self.setting(payload)
            case .nodeGUID: nodeGUID = try payload.load(at: 8, as: UInt64.self)  // struct ifla_vf_guid.guid
            case .portGUID: portGUID = try payload.load(at: 8, as: UInt64.self)  // struct ifla_vf_guid.guid
            case .statistics: statistics = try Statistics(attribute.nested())
            default: unknown.keep(attribute)
            }
        }
    }

    /// An address in 32 bytes that do not say how long it is.
    private static func address(_ span: RawSpan, at offset: Int) throws(DecodeError) -> HardwareAddress? {
        let limit = HardwareAddress.maximumByteCount
        let bytes = span.bytes(from: offset, count: limit).array
        guard bytes.count == limit else { throw DecodeError(.truncated, expected: limit, actual: bytes.count) }
        let used = limit - bytes.reversed().prefix { $0 == 0 }.count
        // Ethernet's and InfiniBand's lengths.
        return HardwareAddress(bytes: bytes.prefix(used <= 6 ? 6 : used <= 20 ? 20 : limit))
    }

    /// A truth value; nil where the driver left it as the kernel filled it in beforehand, with all bits set.
    private static func setting(_ span: RawSpan) throws(DecodeError) -> Bool? {
        let value = try span.load(at: 4, as: UInt32.self)  // struct ifla_vf_trust.setting
        return value == .max ? nil : value != 0
    }

    private static func vlans(
        _ reader: consuming AttributeReader<VirtualFunctionVLANAttribute>
    ) throws(DecodeError) -> [VLAN] {
        var vlans: [VLAN] = []
        while let attribute = try reader.next() {
            guard attribute.id == .information else { continue }
            let id = try attribute.payload.load(at: 4, as: UInt32.self)  // struct ifla_vf_vlan_info.vlan
            let priority = try attribute.payload.load(at: 8, as: UInt32.self)  // struct ifla_vf_vlan_info.qos
            let type = try attribute.payload.load(at: 12, as: UInt16.self)  // struct ifla_vf_vlan_info.vlan_proto
            let protocolType = VLANProtocol(rawValue: UInt16(bigEndian: type))
            vlans.append(VLAN(id: id, priority: priority, protocolType: protocolType))
        }
        return vlans
    }
}

extension VirtualFunction.Statistics {
    fileprivate init(_ reader: consuming AttributeReader<VirtualFunctionStatisticsAttribute>) throws(DecodeError) {
        while let attribute = try reader.next() {
            switch attribute.id {
            case .receivedPackets: receivedPackets = try attribute.integer()
            case .sentPackets: sentPackets = try attribute.integer()
            case .receivedBytes: receivedBytes = try attribute.integer()
            case .sentBytes: sentBytes = try attribute.integer()
            case .broadcast: broadcast = try attribute.integer()
            case .multicast: multicast = try attribute.integer()
            case .receiveDropped: receiveDropped = try attribute.integer()
            case .sendDropped: sendDropped = try attribute.integer()
            default: break
            }
        }
    }
}

/// Attributes inside `IFLA_VFINFO_LIST`.
struct VirtualFunctionListAttribute: AttributeID {
    let rawValue: UInt16

    // Nest: VirtualFunctionAttribute
    static var information: Self { Self(rawValue: 1) }  // IFLA_VF_INFO
}

/// Attributes of a virtual function.
struct VirtualFunctionAttribute: AttributeID {
    let rawValue: UInt16

    static var address: Self { Self(rawValue: 1) }  // IFLA_VF_MAC
    static var vlan: Self { Self(rawValue: 2) }  // IFLA_VF_VLAN
    static var transmitRate: Self { Self(rawValue: 3) }  // IFLA_VF_TX_RATE
    static var spoofCheck: Self { Self(rawValue: 4) }  // IFLA_VF_SPOOFCHK
    static var linkState: Self { Self(rawValue: 5) }  // IFLA_VF_LINK_STATE
    static var rate: Self { Self(rawValue: 6) }  // IFLA_VF_RATE
    static var scalingQuery: Self { Self(rawValue: 7) }  // IFLA_VF_RSS_QUERY_EN
    // Nest: VirtualFunctionStatisticsAttribute
    static var statistics: Self { Self(rawValue: 8) }  // IFLA_VF_STATS
    static var trust: Self { Self(rawValue: 9) }  // IFLA_VF_TRUST
    static var nodeGUID: Self { Self(rawValue: 10) }  // IFLA_VF_IB_NODE_GUID
    static var portGUID: Self { Self(rawValue: 11) }  // IFLA_VF_IB_PORT_GUID
    // Nest: VirtualFunctionVLANAttribute
    static var vlanList: Self { Self(rawValue: 12) }  // IFLA_VF_VLAN_LIST
    static var broadcast: Self { Self(rawValue: 13) }  // IFLA_VF_BROADCAST
}

/// Attributes inside `IFLA_VF_VLAN_LIST`.
struct VirtualFunctionVLANAttribute: AttributeID {
    let rawValue: UInt16

    static var information: Self { Self(rawValue: 1) }  // IFLA_VF_VLAN_INFO
}

/// Counters of a virtual function.
struct VirtualFunctionStatisticsAttribute: AttributeID {
    let rawValue: UInt16

    static var receivedPackets: Self { Self(rawValue: 0) }  // IFLA_VF_STATS_RX_PACKETS
    static var sentPackets: Self { Self(rawValue: 1) }  // IFLA_VF_STATS_TX_PACKETS
    static var receivedBytes: Self { Self(rawValue: 2) }  // IFLA_VF_STATS_RX_BYTES
    static var sentBytes: Self { Self(rawValue: 3) }  // IFLA_VF_STATS_TX_BYTES
    static var broadcast: Self { Self(rawValue: 4) }  // IFLA_VF_STATS_BROADCAST
    static var multicast: Self { Self(rawValue: 5) }  // IFLA_VF_STATS_MULTICAST
    static var padding: Self { Self(rawValue: 6) }  // IFLA_VF_STATS_PAD
    static var receiveDropped: Self { Self(rawValue: 7) }  // IFLA_VF_STATS_RX_DROPPED
    static var sendDropped: Self { Self(rawValue: 8) }  // IFLA_VF_STATS_TX_DROPPED
}
