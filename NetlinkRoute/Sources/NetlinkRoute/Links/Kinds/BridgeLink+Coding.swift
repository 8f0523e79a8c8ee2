// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension BridgeLink {
    /// Reads the options.
    public init(decoding data: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<BridgeAttribute>(data)
        while let attribute = try reader.next() {
            if try !decodeOption(attribute), try !state.decode(attribute) { unknown.keep(attribute) }
        }
    }

    private mutating func decodeOption(_ attribute: borrowing Attribute<BridgeAttribute>) throws(DecodeError) -> Bool {
        switch attribute.id {
        case .forwardDelay: forwardDelay = try attribute.duration(UInt32.self, in: .centiseconds(1))
        case .helloTime: helloTime = try attribute.duration(UInt32.self, in: .centiseconds(1))
        case .maximumAge: maximumAge = try attribute.duration(UInt32.self, in: .centiseconds(1))
        case .ageingTime: ageingTime = try attribute.duration(UInt32.self, in: .centiseconds(1))
        case .stpState: stpState = STPState(rawValue: try attribute.integer())
        case .priority: priority = try attribute.integer()
        case .isVLANFiltering: isVLANFiltering = try attribute.integer(UInt8.self) != 0
        case .vlanProtocol: vlanProtocol = VLANProtocol(rawValue: try attribute.bigEndian())
        case .groupForwardMask: groupForwardMask = try attribute.integer()
        case .groupAddress: groupAddress = HardwareAddress(bytes: attribute.payload)
        case .flushesForwardingDatabase: flushesForwardingDatabase = true
        case .multicastRouter: multicastRouter = MulticastRouterMode(rawValue: try attribute.integer())
        case .isMulticastSnooping: isMulticastSnooping = try attribute.integer(UInt8.self) != 0
        case .multicastQueryUsesAddress: multicastQueryUsesAddress = try attribute.integer(UInt8.self) != 0
        case .isMulticastQuerier: isMulticastQuerier = try attribute.integer(UInt8.self) != 0
        case .multicastHashElasticity: multicastHashElasticity = try attribute.integer()
        case .multicastHashMaximum: multicastHashMaximum = try attribute.integer()
        case .multicastLastMemberCount: multicastLastMemberCount = try attribute.integer()
        case .multicastStartupQueryCount: multicastStartupQueryCount = try attribute.integer()
        case .multicastLastMemberInterval:
            multicastLastMemberInterval = try attribute.duration(UInt64.self, in: .centiseconds(1))
        case .multicastMembershipInterval:
            multicastMembershipInterval = try attribute.duration(UInt64.self, in: .centiseconds(1))
        case .multicastQuerierInterval:
            multicastQuerierInterval = try attribute.duration(UInt64.self, in: .centiseconds(1))
        case .multicastQueryInterval: multicastQueryInterval = try attribute.duration(UInt64.self, in: .centiseconds(1))
        case .multicastQueryResponseInterval:
            multicastQueryResponseInterval = try attribute.duration(UInt64.self, in: .centiseconds(1))
        case .multicastStartupQueryInterval:
            multicastStartupQueryInterval = try attribute.duration(UInt64.self, in: .centiseconds(1))
        case .callsIPTables: callsIPTables = try attribute.integer(UInt8.self) != 0
        case .callsIP6Tables: callsIP6Tables = try attribute.integer(UInt8.self) != 0
        case .callsARPTables: callsARPTables = try attribute.integer(UInt8.self) != 0
        case .defaultPVID: defaultPVID = try attribute.integer()
        case .countsVLANStatistics: countsVLANStatistics = try attribute.integer(UInt8.self) != 0
        case .countsMulticastStatistics: countsMulticastStatistics = try attribute.integer(UInt8.self) != 0
        case .igmpVersion: igmpVersion = try attribute.integer()
        case .mldVersion: mldVersion = try attribute.integer()
        case .countsVLANStatisticsPerPort: countsVLANStatisticsPerPort = try attribute.integer(UInt8.self) != 0
        case .maximumLearnedAddresses: maximumLearnedAddresses = try attribute.integer()
        case .stpMode: stpMode = STPMode(rawValue: try attribute.integer())
        case .options:
            let value = try attribute.payload.load(at: 0, as: UInt32.self)  // struct br_boolopt_multi.optval
            let mask = try attribute.payload.load(at: 4, as: UInt32.self)  // struct br_boolopt_multi.optmask
            options = Options(value: OptionFlags(rawValue: value), mask: OptionFlags(rawValue: mask))
        default: return false
        }
        return true
    }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: BridgeLink?) {
        writer.put(
            BridgeAttribute.forwardDelay, forwardDelay, in: .centiseconds(1), as: UInt32.self,
            changing: base?.forwardDelay)
        writer.put(
            BridgeAttribute.helloTime, helloTime, in: .centiseconds(1), as: UInt32.self, changing: base?.helloTime)
        writer.put(
            BridgeAttribute.maximumAge, maximumAge, in: .centiseconds(1), as: UInt32.self, changing: base?.maximumAge)
        writer.put(
            BridgeAttribute.ageingTime, ageingTime, in: .centiseconds(1), as: UInt32.self, changing: base?.ageingTime)
        writer.put(BridgeAttribute.stpState, stpState, changing: base?.stpState)
        writer.put(BridgeAttribute.priority, priority, changing: base?.priority)
        writer.put(BridgeAttribute.isVLANFiltering, isVLANFiltering, changing: base?.isVLANFiltering)
        writer.put(
            BridgeAttribute.vlanProtocol, bigEndian: vlanProtocol?.rawValue, changing: base?.vlanProtocol?.rawValue)
        writer.put(BridgeAttribute.groupForwardMask, groupForwardMask, changing: base?.groupForwardMask)
        writer.put(BridgeAttribute.groupAddress, groupAddress, changing: base?.groupAddress)
        writer.put(
            flag: BridgeAttribute.flushesForwardingDatabase,
            flushesForwardingDatabase && base?.flushesForwardingDatabase != true)
        writer.put(BridgeAttribute.multicastRouter, multicastRouter, changing: base?.multicastRouter)
        writer.put(BridgeAttribute.isMulticastSnooping, isMulticastSnooping, changing: base?.isMulticastSnooping)
        writer.put(
            BridgeAttribute.multicastQueryUsesAddress, multicastQueryUsesAddress,
            changing: base?.multicastQueryUsesAddress)
        writer.put(BridgeAttribute.isMulticastQuerier, isMulticastQuerier, changing: base?.isMulticastQuerier)
        writer.put(
            BridgeAttribute.multicastHashElasticity, multicastHashElasticity, changing: base?.multicastHashElasticity)
        writer.put(BridgeAttribute.multicastHashMaximum, multicastHashMaximum, changing: base?.multicastHashMaximum)
        writer.put(
            BridgeAttribute.multicastLastMemberCount, multicastLastMemberCount, changing: base?.multicastLastMemberCount
        )
        writer.put(
            BridgeAttribute.multicastStartupQueryCount, multicastStartupQueryCount,
            changing: base?.multicastStartupQueryCount)
        writer.put(
            BridgeAttribute.multicastLastMemberInterval, multicastLastMemberInterval, in: .centiseconds(1),
            as: UInt64.self, changing: base?.multicastLastMemberInterval)
        writer.put(
            BridgeAttribute.multicastMembershipInterval, multicastMembershipInterval, in: .centiseconds(1),
            as: UInt64.self, changing: base?.multicastMembershipInterval)
        writer.put(
            BridgeAttribute.multicastQuerierInterval, multicastQuerierInterval, in: .centiseconds(1), as: UInt64.self,
            changing: base?.multicastQuerierInterval)
        writer.put(
            BridgeAttribute.multicastQueryInterval, multicastQueryInterval, in: .centiseconds(1), as: UInt64.self,
            changing: base?.multicastQueryInterval)
        writer.put(
            BridgeAttribute.multicastQueryResponseInterval, multicastQueryResponseInterval, in: .centiseconds(1),
            as: UInt64.self, changing: base?.multicastQueryResponseInterval)
        writer.put(
            BridgeAttribute.multicastStartupQueryInterval, multicastStartupQueryInterval, in: .centiseconds(1),
            as: UInt64.self, changing: base?.multicastStartupQueryInterval)
        writer.put(BridgeAttribute.callsIPTables, callsIPTables, changing: base?.callsIPTables)
        writer.put(BridgeAttribute.callsIP6Tables, callsIP6Tables, changing: base?.callsIP6Tables)
        writer.put(BridgeAttribute.callsARPTables, callsARPTables, changing: base?.callsARPTables)
        writer.put(BridgeAttribute.defaultPVID, defaultPVID, changing: base?.defaultPVID)
        writer.put(BridgeAttribute.countsVLANStatistics, countsVLANStatistics, changing: base?.countsVLANStatistics)
        writer.put(
            BridgeAttribute.countsMulticastStatistics, countsMulticastStatistics,
            changing: base?.countsMulticastStatistics)
        writer.put(BridgeAttribute.igmpVersion, igmpVersion, changing: base?.igmpVersion)
        writer.put(BridgeAttribute.mldVersion, mldVersion, changing: base?.mldVersion)
        writer.put(
            BridgeAttribute.countsVLANStatisticsPerPort, countsVLANStatisticsPerPort,
            changing: base?.countsVLANStatisticsPerPort)
        writer.put(
            BridgeAttribute.maximumLearnedAddresses, maximumLearnedAddresses, changing: base?.maximumLearnedAddresses)
        writer.put(BridgeAttribute.stpMode, stpMode, changing: base?.stpMode)
        encodeOptions(into: &writer, changing: base?.options)
        if base == nil { writer.put(unknown) }
    }

    private func encodeOptions(into writer: inout MessageWriter, changing base: Options?) {
        guard let options else { return }
        var mask = options.mask
        // Only what differs is meant, so that a change of another option by somebody else stays.
        if let base { mask.subtract(base.mask.subtracting(options.value.symmetricDifference(base.value))) }
        guard !mask.isEmpty else { return }
        writer.put(BridgeAttribute.options, structure: 8) { structure in
            structure.store(options.value.intersection(mask).rawValue, at: 0)  // struct br_boolopt_multi.optval
            structure.store(mask.rawValue, at: 4)  // struct br_boolopt_multi.optmask
        }
    }
}

/// Attributes of a bridge.
struct BridgeAttribute: AttributeID {
    let rawValue: UInt16

    static var forwardDelay: Self { Self(rawValue: 1) }  // IFLA_BR_FORWARD_DELAY
    static var helloTime: Self { Self(rawValue: 2) }  // IFLA_BR_HELLO_TIME
    static var maximumAge: Self { Self(rawValue: 3) }  // IFLA_BR_MAX_AGE
    static var ageingTime: Self { Self(rawValue: 4) }  // IFLA_BR_AGEING_TIME
    static var stpState: Self { Self(rawValue: 5) }  // IFLA_BR_STP_STATE
    static var priority: Self { Self(rawValue: 6) }  // IFLA_BR_PRIORITY
    static var isVLANFiltering: Self { Self(rawValue: 7) }  // IFLA_BR_VLAN_FILTERING
    static var vlanProtocol: Self { Self(rawValue: 8) }  // IFLA_BR_VLAN_PROTOCOL
    static var groupForwardMask: Self { Self(rawValue: 9) }  // IFLA_BR_GROUP_FWD_MASK
    static var root: Self { Self(rawValue: 10) }  // IFLA_BR_ROOT_ID
    static var identifier: Self { Self(rawValue: 11) }  // IFLA_BR_BRIDGE_ID
    static var rootPort: Self { Self(rawValue: 12) }  // IFLA_BR_ROOT_PORT
    static var rootPathCost: Self { Self(rawValue: 13) }  // IFLA_BR_ROOT_PATH_COST
    static var isTopologyChanging: Self { Self(rawValue: 14) }  // IFLA_BR_TOPOLOGY_CHANGE
    static var isTopologyChangeDetected: Self { Self(rawValue: 15) }  // IFLA_BR_TOPOLOGY_CHANGE_DETECTED
    static var helloTimer: Self { Self(rawValue: 16) }  // IFLA_BR_HELLO_TIMER
    static var topologyChangeNotificationTimer: Self { Self(rawValue: 17) }  // IFLA_BR_TCN_TIMER
    static var topologyChangeTimer: Self { Self(rawValue: 18) }  // IFLA_BR_TOPOLOGY_CHANGE_TIMER
    static var garbageCollectionTimer: Self { Self(rawValue: 19) }  // IFLA_BR_GC_TIMER
    static var groupAddress: Self { Self(rawValue: 20) }  // IFLA_BR_GROUP_ADDR
    static var flushesForwardingDatabase: Self { Self(rawValue: 21) }  // IFLA_BR_FDB_FLUSH
    static var multicastRouter: Self { Self(rawValue: 22) }  // IFLA_BR_MCAST_ROUTER
    static var isMulticastSnooping: Self { Self(rawValue: 23) }  // IFLA_BR_MCAST_SNOOPING
    static var multicastQueryUsesAddress: Self { Self(rawValue: 24) }  // IFLA_BR_MCAST_QUERY_USE_IFADDR
    static var isMulticastQuerier: Self { Self(rawValue: 25) }  // IFLA_BR_MCAST_QUERIER
    static var multicastHashElasticity: Self { Self(rawValue: 26) }  // IFLA_BR_MCAST_HASH_ELASTICITY
    static var multicastHashMaximum: Self { Self(rawValue: 27) }  // IFLA_BR_MCAST_HASH_MAX
    static var multicastLastMemberCount: Self { Self(rawValue: 28) }  // IFLA_BR_MCAST_LAST_MEMBER_CNT
    static var multicastStartupQueryCount: Self { Self(rawValue: 29) }  // IFLA_BR_MCAST_STARTUP_QUERY_CNT
    static var multicastLastMemberInterval: Self { Self(rawValue: 30) }  // IFLA_BR_MCAST_LAST_MEMBER_INTVL
    static var multicastMembershipInterval: Self { Self(rawValue: 31) }  // IFLA_BR_MCAST_MEMBERSHIP_INTVL
    static var multicastQuerierInterval: Self { Self(rawValue: 32) }  // IFLA_BR_MCAST_QUERIER_INTVL
    static var multicastQueryInterval: Self { Self(rawValue: 33) }  // IFLA_BR_MCAST_QUERY_INTVL
    static var multicastQueryResponseInterval: Self { Self(rawValue: 34) }  // IFLA_BR_MCAST_QUERY_RESPONSE_INTVL
    static var multicastStartupQueryInterval: Self { Self(rawValue: 35) }  // IFLA_BR_MCAST_STARTUP_QUERY_INTVL
    static var callsIPTables: Self { Self(rawValue: 36) }  // IFLA_BR_NF_CALL_IPTABLES
    static var callsIP6Tables: Self { Self(rawValue: 37) }  // IFLA_BR_NF_CALL_IP6TABLES
    static var callsARPTables: Self { Self(rawValue: 38) }  // IFLA_BR_NF_CALL_ARPTABLES
    static var defaultPVID: Self { Self(rawValue: 39) }  // IFLA_BR_VLAN_DEFAULT_PVID
    static var padding: Self { Self(rawValue: 40) }  // IFLA_BR_PAD
    static var countsVLANStatistics: Self { Self(rawValue: 41) }  // IFLA_BR_VLAN_STATS_ENABLED
    static var countsMulticastStatistics: Self { Self(rawValue: 42) }  // IFLA_BR_MCAST_STATS_ENABLED
    static var igmpVersion: Self { Self(rawValue: 43) }  // IFLA_BR_MCAST_IGMP_VERSION
    static var mldVersion: Self { Self(rawValue: 44) }  // IFLA_BR_MCAST_MLD_VERSION
    static var countsVLANStatisticsPerPort: Self { Self(rawValue: 45) }  // IFLA_BR_VLAN_STATS_PER_PORT
    static var options: Self { Self(rawValue: 46) }  // IFLA_BR_MULTI_BOOLOPT
    // Nest: BridgeQuerierAttribute
    static var querierState: Self { Self(rawValue: 47) }  // IFLA_BR_MCAST_QUERIER_STATE
    static var learnedAddressCount: Self { Self(rawValue: 48) }  // IFLA_BR_FDB_N_LEARNED
    static var maximumLearnedAddresses: Self { Self(rawValue: 49) }  // IFLA_BR_FDB_MAX_LEARNED
    static var stpMode: Self { Self(rawValue: 50) }  // IFLA_BR_STP_MODE
}
