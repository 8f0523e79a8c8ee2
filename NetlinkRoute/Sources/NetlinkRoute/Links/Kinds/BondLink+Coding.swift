// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension BondLink {
    /// Reads the options.
    public init(decoding data: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<BondAttribute>(data)
        while let attribute = try reader.next() {
            if try !decodeOption(attribute) { unknown.keep(attribute) }
        }
    }

    private mutating func decodeOption(_ attribute: borrowing Attribute<BondAttribute>) throws(DecodeError) -> Bool {
        switch attribute.id {
        case .mode: mode = BondMode(rawValue: try attribute.integer())
        case .activePort: activePort = InterfaceIndex(rawValue: try attribute.integer())
        case .monitoringInterval: monitoringInterval = try attribute.duration(UInt32.self, in: .milliseconds(1))
        case .upDelay: upDelay = try attribute.duration(UInt32.self, in: .milliseconds(1))
        case .downDelay: downDelay = try attribute.duration(UInt32.self, in: .milliseconds(1))
        case .usesCarrier: usesCarrier = try attribute.integer(UInt8.self) != 0
        case .arpInterval: arpInterval = try attribute.duration(UInt32.self, in: .milliseconds(1))
        case .arpValidation: arpValidation = ARPValidation(rawValue: try attribute.integer())
        case .arpAllTargets: arpAllTargets = ARPTargetRule(rawValue: try attribute.integer())
        case .primary: primary = InterfaceIndex(rawValue: try attribute.integer())
        case .primaryReselection: primaryReselection = PrimaryReselection(rawValue: try attribute.integer())
        case .failOverAddress: failOverAddress = FailOverAddress(rawValue: try attribute.integer())
        case .hashPolicy: hashPolicy = HashPolicy(rawValue: try attribute.integer())
        case .igmpResendCount: igmpResendCount = try attribute.integer()
        case .peerNotificationCount: peerNotificationCount = try attribute.integer()
        case .receivesOnAllPorts: receivesOnAllPorts = try attribute.integer(UInt8.self) != 0
        case .minimumLinks: minimumLinks = try attribute.integer()
        case .learningPacketInterval: learningPacketInterval = try attribute.duration(UInt32.self, in: .seconds(1))
        case .packetsPerPort: packetsPerPort = try attribute.integer()
        case .lacpRate: lacpRate = LACPRate(rawValue: try attribute.integer())
        case .aggregatorSelection: aggregatorSelection = AggregatorSelection(rawValue: try attribute.integer())
        case .actorSystemPriority: actorSystemPriority = try attribute.integer()
        case .userPortKey: userPortKey = try attribute.integer()
        case .actorSystem: actorSystem = HardwareAddress(bytes: attribute.payload)
        case .balancesDynamically: balancesDynamically = try attribute.integer(UInt8.self) != 0
        case .peerNotificationDelay: peerNotificationDelay = try attribute.duration(UInt32.self, in: .milliseconds(1))
        case .sendsLACP: sendsLACP = try attribute.integer(UInt8.self) != 0
        case .missedMaximum: missedMaximum = try attribute.integer()
        case .couplesControl: couplesControl = try attribute.integer(UInt8.self) != 0
        case .broadcastsNeighbors: broadcastsNeighbors = try attribute.integer(UInt8.self) != 0
        case .isLACPStrict: isLACPStrict = try attribute.integer(UInt8.self) != 0
        case .arpTargets:
            var targets: [IPv4Address] = []
            var reader = attribute.nested(RawAttributeID.self)
            while let target = try reader.next() { targets.append(try target.ipv4()) }
            arpTargets = targets
        case .neighborTargets:
            var targets: [IPv6Address] = []
            var reader = attribute.nested(RawAttributeID.self)
            while let target = try reader.next() { targets.append(try target.ipv6()) }
            neighborTargets = targets
        case .aggregation: state.aggregation = try Aggregation(attribute.nested())
        default: return false
        }
        return true
    }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: BondLink?) {
        writer.put(BondAttribute.mode, mode, changing: base?.mode)
        writer.put(BondAttribute.activePort, activePort, changing: base?.activePort)
        writer.put(
            BondAttribute.monitoringInterval, monitoringInterval, in: .milliseconds(1), as: UInt32.self,
            changing: base?.monitoringInterval)
        writer.put(BondAttribute.upDelay, upDelay, in: .milliseconds(1), as: UInt32.self, changing: base?.upDelay)
        writer.put(BondAttribute.downDelay, downDelay, in: .milliseconds(1), as: UInt32.self, changing: base?.downDelay)
        writer.put(BondAttribute.usesCarrier, usesCarrier, changing: base?.usesCarrier)
        writer.put(
            BondAttribute.arpInterval, arpInterval, in: .milliseconds(1), as: UInt32.self, changing: base?.arpInterval)
        writer.put(BondAttribute.arpValidation, arpValidation, changing: base?.arpValidation)
        writer.put(BondAttribute.arpAllTargets, arpAllTargets, changing: base?.arpAllTargets)
        writer.put(BondAttribute.primary, primary, changing: base?.primary)
        writer.put(BondAttribute.primaryReselection, primaryReselection, changing: base?.primaryReselection)
        writer.put(BondAttribute.failOverAddress, failOverAddress, changing: base?.failOverAddress)
        writer.put(BondAttribute.hashPolicy, hashPolicy, changing: base?.hashPolicy)
        writer.put(BondAttribute.igmpResendCount, igmpResendCount, changing: base?.igmpResendCount)
        writer.put(BondAttribute.peerNotificationCount, peerNotificationCount, changing: base?.peerNotificationCount)
        writer.put(BondAttribute.receivesOnAllPorts, receivesOnAllPorts, changing: base?.receivesOnAllPorts)
        writer.put(BondAttribute.minimumLinks, minimumLinks, changing: base?.minimumLinks)
        writer.put(
            BondAttribute.learningPacketInterval, learningPacketInterval, in: .seconds(1), as: UInt32.self,
            changing: base?.learningPacketInterval)
        writer.put(BondAttribute.packetsPerPort, packetsPerPort, changing: base?.packetsPerPort)
        writer.put(BondAttribute.lacpRate, lacpRate, changing: base?.lacpRate)
        writer.put(BondAttribute.aggregatorSelection, aggregatorSelection, changing: base?.aggregatorSelection)
        writer.put(BondAttribute.actorSystemPriority, actorSystemPriority, changing: base?.actorSystemPriority)
        writer.put(BondAttribute.userPortKey, userPortKey, changing: base?.userPortKey)
        writer.put(BondAttribute.actorSystem, actorSystem, changing: base?.actorSystem)
        writer.put(BondAttribute.balancesDynamically, balancesDynamically, changing: base?.balancesDynamically)
        writer.put(
            BondAttribute.peerNotificationDelay, peerNotificationDelay, in: .milliseconds(1), as: UInt32.self,
            changing: base?.peerNotificationDelay)
        writer.put(BondAttribute.sendsLACP, sendsLACP, changing: base?.sendsLACP)
        writer.put(BondAttribute.missedMaximum, missedMaximum, changing: base?.missedMaximum)
        writer.put(BondAttribute.couplesControl, couplesControl, changing: base?.couplesControl)
        writer.put(BondAttribute.broadcastsNeighbors, broadcastsNeighbors, changing: base?.broadcastsNeighbors)
        writer.put(BondAttribute.isLACPStrict, isLACPStrict, changing: base?.isLACPStrict)
        if let arpTargets, arpTargets != base?.arpTargets {
            writer.nest(BondAttribute.arpTargets, marked: false) { writer in
                for (index, target) in arpTargets.enumerated() {
                    writer.put(RawAttributeID(rawValue: UInt16(clamping: index)), target.networkOrder)
                }
            }
        }
        if let neighborTargets, neighborTargets != base?.neighborTargets {
            writer.nest(BondAttribute.neighborTargets, marked: false) { writer in
                for (index, target) in neighborTargets.enumerated() {
                    writer.put(RawAttributeID(rawValue: UInt16(clamping: index)), target, changing: nil)
                }
            }
        }
        if base == nil { writer.put(unknown) }
    }
}

extension BondLink.Aggregation {
    init(_ reader: consuming AttributeReader<BondAggregationAttribute>) throws(DecodeError) {
        while let attribute = try reader.next() {
            switch attribute.id {
            case .aggregator: aggregator = try attribute.integer()
            case .portCount: portCount = try attribute.integer()
            case .actorKey: actorKey = try attribute.integer()
            case .partnerKey: partnerKey = try attribute.integer()
            case .partnerAddress: partnerAddress = HardwareAddress(bytes: attribute.payload)
            default: break
            }
        }
    }
}

/// Attributes of a bond.
struct BondAttribute: AttributeID {
    let rawValue: UInt16

    static var mode: Self { Self(rawValue: 1) }  // IFLA_BOND_MODE
    static var activePort: Self { Self(rawValue: 2) }  // IFLA_BOND_ACTIVE_SLAVE
    static var monitoringInterval: Self { Self(rawValue: 3) }  // IFLA_BOND_MIIMON
    static var upDelay: Self { Self(rawValue: 4) }  // IFLA_BOND_UPDELAY
    static var downDelay: Self { Self(rawValue: 5) }  // IFLA_BOND_DOWNDELAY
    static var usesCarrier: Self { Self(rawValue: 6) }  // IFLA_BOND_USE_CARRIER
    static var arpInterval: Self { Self(rawValue: 7) }  // IFLA_BOND_ARP_INTERVAL
    static var arpTargets: Self { Self(rawValue: 8) }  // IFLA_BOND_ARP_IP_TARGET
    static var arpValidation: Self { Self(rawValue: 9) }  // IFLA_BOND_ARP_VALIDATE
    static var arpAllTargets: Self { Self(rawValue: 10) }  // IFLA_BOND_ARP_ALL_TARGETS
    static var primary: Self { Self(rawValue: 11) }  // IFLA_BOND_PRIMARY
    static var primaryReselection: Self { Self(rawValue: 12) }  // IFLA_BOND_PRIMARY_RESELECT
    static var failOverAddress: Self { Self(rawValue: 13) }  // IFLA_BOND_FAIL_OVER_MAC
    static var hashPolicy: Self { Self(rawValue: 14) }  // IFLA_BOND_XMIT_HASH_POLICY
    static var igmpResendCount: Self { Self(rawValue: 15) }  // IFLA_BOND_RESEND_IGMP
    static var peerNotificationCount: Self { Self(rawValue: 16) }  // IFLA_BOND_NUM_PEER_NOTIF
    static var receivesOnAllPorts: Self { Self(rawValue: 17) }  // IFLA_BOND_ALL_SLAVES_ACTIVE
    static var minimumLinks: Self { Self(rawValue: 18) }  // IFLA_BOND_MIN_LINKS
    static var learningPacketInterval: Self { Self(rawValue: 19) }  // IFLA_BOND_LP_INTERVAL
    static var packetsPerPort: Self { Self(rawValue: 20) }  // IFLA_BOND_PACKETS_PER_SLAVE
    static var lacpRate: Self { Self(rawValue: 21) }  // IFLA_BOND_AD_LACP_RATE
    static var aggregatorSelection: Self { Self(rawValue: 22) }  // IFLA_BOND_AD_SELECT
    // Nest: BondAggregationAttribute
    static var aggregation: Self { Self(rawValue: 23) }  // IFLA_BOND_AD_INFO
    static var actorSystemPriority: Self { Self(rawValue: 24) }  // IFLA_BOND_AD_ACTOR_SYS_PRIO
    static var userPortKey: Self { Self(rawValue: 25) }  // IFLA_BOND_AD_USER_PORT_KEY
    static var actorSystem: Self { Self(rawValue: 26) }  // IFLA_BOND_AD_ACTOR_SYSTEM
    static var balancesDynamically: Self { Self(rawValue: 27) }  // IFLA_BOND_TLB_DYNAMIC_LB
    static var peerNotificationDelay: Self { Self(rawValue: 28) }  // IFLA_BOND_PEER_NOTIF_DELAY
    static var sendsLACP: Self { Self(rawValue: 29) }  // IFLA_BOND_AD_LACP_ACTIVE
    static var missedMaximum: Self { Self(rawValue: 30) }  // IFLA_BOND_MISSED_MAX
    static var neighborTargets: Self { Self(rawValue: 31) }  // IFLA_BOND_NS_IP6_TARGET
    static var couplesControl: Self { Self(rawValue: 32) }  // IFLA_BOND_COUPLED_CONTROL
    static var broadcastsNeighbors: Self { Self(rawValue: 33) }  // IFLA_BOND_BROADCAST_NEIGH
    static var isLACPStrict: Self { Self(rawValue: 34) }  // IFLA_BOND_LACP_STRICT
}

/// Attributes inside `IFLA_BOND_AD_INFO`.
struct BondAggregationAttribute: AttributeID {
    let rawValue: UInt16

    static var aggregator: Self { Self(rawValue: 1) }  // IFLA_BOND_AD_INFO_AGGREGATOR
    static var portCount: Self { Self(rawValue: 2) }  // IFLA_BOND_AD_INFO_NUM_PORTS
    static var actorKey: Self { Self(rawValue: 3) }  // IFLA_BOND_AD_INFO_ACTOR_KEY
    static var partnerKey: Self { Self(rawValue: 4) }  // IFLA_BOND_AD_INFO_PARTNER_KEY
    static var partnerAddress: Self { Self(rawValue: 5) }  // IFLA_BOND_AD_INFO_PARTNER_MAC
}
