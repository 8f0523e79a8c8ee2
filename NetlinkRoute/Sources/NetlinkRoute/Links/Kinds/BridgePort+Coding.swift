// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension BridgePort {
    /// What the kernel reports about a port and nobody can set.
    public struct State: Hashable, Sendable {
        /// The root of the spanning tree.
        ///
        /// Kernel: `IFLA_BRPORT_ROOT_ID`.
        public var root: BridgeIdentifier?
        /// The designated bridge.
        ///
        /// Kernel: `IFLA_BRPORT_BRIDGE_ID`.
        public var bridge: BridgeIdentifier?
        /// The port at which the designated bridge is connected.
        ///
        /// Kernel: `IFLA_BRPORT_DESIGNATED_PORT`, `u16`.
        public var designatedPort: UInt16?
        /// What the path over the designated bridge costs.
        ///
        /// Kernel: `IFLA_BRPORT_DESIGNATED_COST`, `u16`.
        public var designatedCost: UInt16?
        /// The port in spanning tree: its priority and number.
        ///
        /// Kernel: `IFLA_BRPORT_ID`, `u16`.
        public var identifier: UInt16?
        /// The port's number in its bridge.
        ///
        /// Kernel: `IFLA_BRPORT_NO`, `u16`.
        public var number: UInt16?
        /// Whether the next hello acknowledges a topology change.
        ///
        /// Kernel: `IFLA_BRPORT_TOPOLOGY_CHANGE_ACK`, `u8`.
        public var acknowledgesTopologyChange: Bool?
        /// Whether a hello waits for the hold timer.
        ///
        /// Kernel: `IFLA_BRPORT_CONFIG_PENDING`, `u8`.
        public var isConfigurationPending: Bool?
        /// What is left until the last hello is too old.
        ///
        /// Kernel: `IFLA_BRPORT_MESSAGE_AGE_TIMER`, `u64` in hundredths of a second.
        public var messageAgeTimer: Duration?
        /// What is left of listening or learning.
        ///
        /// Kernel: `IFLA_BRPORT_FORWARD_DELAY_TIMER`, `u64` in hundredths of a second.
        public var forwardDelayTimer: Duration?
        /// What is left until the next hello may go out.
        ///
        /// Kernel: `IFLA_BRPORT_HOLD_TIMER`, `u64` in hundredths of a second.
        public var holdTimer: Duration?
        /// Whether the media redundancy ring is open; since Linux 5.8.
        ///
        /// Kernel: `IFLA_BRPORT_MRP_RING_OPEN`, `u8`.
        public var isMRPRingOpen: Bool?
        /// Whether the interconnecting media redundancy ring is open; since Linux 5.9.
        ///
        /// Kernel: `IFLA_BRPORT_MRP_IN_OPEN`, `u8`.
        public var isMRPInterconnectOpen: Bool?
        /// How many multicast hosts are tracked; since Linux 5.12.
        ///
        /// Kernel: `IFLA_BRPORT_MCAST_EHT_HOSTS_CNT`, `u32`.
        public var multicastHostCount: UInt32?
        /// How many multicast groups the port is in; since Linux 6.3.
        ///
        /// Kernel: `IFLA_BRPORT_MCAST_N_GROUPS`, `u32`.
        public var multicastGroupCount: UInt32?

        /// Nothing reported.
        public init() {}
    }

    /// Reads the options.
    public init(decoding data: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<BridgePortAttribute>(data)
        while let attribute = try reader.next() {
            if try !decodeOption(attribute), try !state.decode(attribute) { unknown.keep(attribute) }
        }
    }

    private mutating func decodeOption(
        _ attribute: borrowing Attribute<BridgePortAttribute>
    ) throws(DecodeError) -> Bool {
        switch attribute.id {
        case .stpState: stpState = BridgePortState(rawValue: try attribute.integer())
        case .priority: priority = try attribute.integer()
        case .cost: cost = try attribute.integer()
        case .isHairpin: isHairpin = try attribute.integer(UInt8.self) != 0
        case .guardsAgainstBPDUs: guardsAgainstBPDUs = try attribute.integer(UInt8.self) != 0
        case .blocksRoot: blocksRoot = try attribute.integer(UInt8.self) != 0
        case .leavesFast: leavesFast = try attribute.integer(UInt8.self) != 0
        case .learns: learns = try attribute.integer(UInt8.self) != 0
        case .floodsUnicast: floodsUnicast = try attribute.integer(UInt8.self) != 0
        case .proxiesARP: proxiesARP = try attribute.integer(UInt8.self) != 0
        case .syncsLearning: syncsLearning = try attribute.integer(UInt8.self) != 0
        case .proxiesARPForWiFi: proxiesARPForWiFi = try attribute.integer(UInt8.self) != 0
        case .flushesForwardingDatabase: flushesForwardingDatabase = true
        case .multicastRouter: multicastRouter = MulticastRouterMode(rawValue: try attribute.integer())
        case .floodsMulticast: floodsMulticast = try attribute.integer(UInt8.self) != 0
        case .turnsMulticastToUnicast: turnsMulticastToUnicast = try attribute.integer(UInt8.self) != 0
        case .mapsVLANToTunnel: mapsVLANToTunnel = try attribute.integer(UInt8.self) != 0
        case .floodsBroadcast: floodsBroadcast = try attribute.integer(UInt8.self) != 0
        case .groupForwardMask: groupForwardMask = try attribute.integer()
        case .suppressesNeighbors: suppressesNeighbors = try attribute.integer(UInt8.self) != 0
        case .isIsolated: isIsolated = try attribute.integer(UInt8.self) != 0
        case .backupPort: backupPort = InterfaceIndex(rawValue: try attribute.integer())
        case .multicastHostLimit: multicastHostLimit = try attribute.integer()
        case .isLocked: isLocked = try attribute.integer(UInt8.self) != 0
        case .authenticatesByAddress: authenticatesByAddress = try attribute.integer(UInt8.self) != 0
        case .multicastGroupLimit: multicastGroupLimit = try attribute.integer()
        case .suppressesNeighborsByVLAN: suppressesNeighborsByVLAN = try attribute.integer(UInt8.self) != 0
        case .backupNextHop: backupNextHop = try attribute.integer()
        case .forwardsGratuitousNeighbors: forwardsGratuitousNeighbors = try attribute.integer(UInt8.self) != 0
        default: return false
        }
        return true
    }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: BridgePort?) {
        writer.put(BridgePortAttribute.stpState, stpState, changing: base?.stpState)
        writer.put(BridgePortAttribute.priority, priority, changing: base?.priority)
        writer.put(BridgePortAttribute.cost, cost, changing: base?.cost)
        writer.put(BridgePortAttribute.isHairpin, isHairpin, changing: base?.isHairpin)
        writer.put(BridgePortAttribute.guardsAgainstBPDUs, guardsAgainstBPDUs, changing: base?.guardsAgainstBPDUs)
        writer.put(BridgePortAttribute.blocksRoot, blocksRoot, changing: base?.blocksRoot)
        writer.put(BridgePortAttribute.leavesFast, leavesFast, changing: base?.leavesFast)
        writer.put(BridgePortAttribute.learns, learns, changing: base?.learns)
        writer.put(BridgePortAttribute.floodsUnicast, floodsUnicast, changing: base?.floodsUnicast)
        writer.put(BridgePortAttribute.proxiesARP, proxiesARP, changing: base?.proxiesARP)
        writer.put(BridgePortAttribute.syncsLearning, syncsLearning, changing: base?.syncsLearning)
        writer.put(BridgePortAttribute.proxiesARPForWiFi, proxiesARPForWiFi, changing: base?.proxiesARPForWiFi)
        writer.put(
            flag: BridgePortAttribute.flushesForwardingDatabase,
            flushesForwardingDatabase && base?.flushesForwardingDatabase != true)
        writer.put(BridgePortAttribute.multicastRouter, multicastRouter, changing: base?.multicastRouter)
        writer.put(BridgePortAttribute.floodsMulticast, floodsMulticast, changing: base?.floodsMulticast)
        writer.put(
            BridgePortAttribute.turnsMulticastToUnicast, turnsMulticastToUnicast,
            changing: base?.turnsMulticastToUnicast)
        writer.put(BridgePortAttribute.mapsVLANToTunnel, mapsVLANToTunnel, changing: base?.mapsVLANToTunnel)
        writer.put(BridgePortAttribute.floodsBroadcast, floodsBroadcast, changing: base?.floodsBroadcast)
        writer.put(BridgePortAttribute.groupForwardMask, groupForwardMask, changing: base?.groupForwardMask)
        writer.put(BridgePortAttribute.suppressesNeighbors, suppressesNeighbors, changing: base?.suppressesNeighbors)
        writer.put(BridgePortAttribute.isIsolated, isIsolated, changing: base?.isIsolated)
        writer.put(BridgePortAttribute.backupPort, backupPort, changing: base?.backupPort)
        writer.put(BridgePortAttribute.multicastHostLimit, multicastHostLimit, changing: base?.multicastHostLimit)
        writer.put(BridgePortAttribute.isLocked, isLocked, changing: base?.isLocked)
        writer.put(
            BridgePortAttribute.authenticatesByAddress, authenticatesByAddress, changing: base?.authenticatesByAddress)
        writer.put(BridgePortAttribute.multicastGroupLimit, multicastGroupLimit, changing: base?.multicastGroupLimit)
        writer.put(
            BridgePortAttribute.suppressesNeighborsByVLAN, suppressesNeighborsByVLAN,
            changing: base?.suppressesNeighborsByVLAN)
        writer.put(BridgePortAttribute.backupNextHop, backupNextHop, changing: base?.backupNextHop)
        writer.put(
            BridgePortAttribute.forwardsGratuitousNeighbors, forwardsGratuitousNeighbors,
            changing: base?.forwardsGratuitousNeighbors)
        if base == nil { writer.put(unknown) }
    }
}

extension BridgePort.State {
    mutating func decode(_ attribute: borrowing Attribute<BridgePortAttribute>) throws(DecodeError) -> Bool {
        switch attribute.id {
        case .root: root = try BridgeIdentifier(attribute.payload)
        case .bridge: bridge = try BridgeIdentifier(attribute.payload)
        case .designatedPort: designatedPort = try attribute.integer()
        case .designatedCost: designatedCost = try attribute.integer()
        case .identifier: identifier = try attribute.integer()
        case .number: number = try attribute.integer()
        case .acknowledgesTopologyChange: acknowledgesTopologyChange = try attribute.integer(UInt8.self) != 0
        case .isConfigurationPending: isConfigurationPending = try attribute.integer(UInt8.self) != 0
        case .messageAgeTimer: messageAgeTimer = try attribute.duration(UInt64.self, in: .centiseconds(1))
        case .forwardDelayTimer: forwardDelayTimer = try attribute.duration(UInt64.self, in: .centiseconds(1))
        case .holdTimer: holdTimer = try attribute.duration(UInt64.self, in: .centiseconds(1))
        case .isMRPRingOpen: isMRPRingOpen = try attribute.integer(UInt8.self) != 0
        case .isMRPInterconnectOpen: isMRPInterconnectOpen = try attribute.integer(UInt8.self) != 0
        case .multicastHostCount: multicastHostCount = try attribute.integer()
        case .multicastGroupCount: multicastGroupCount = try attribute.integer()
        case .padding: break
        default: return false
        }
        return true
    }
}

/// Attributes of a bridge's port.
struct BridgePortAttribute: AttributeID {
    let rawValue: UInt16

    static var stpState: Self { Self(rawValue: 1) }  // IFLA_BRPORT_STATE
    static var priority: Self { Self(rawValue: 2) }  // IFLA_BRPORT_PRIORITY
    static var cost: Self { Self(rawValue: 3) }  // IFLA_BRPORT_COST
    static var isHairpin: Self { Self(rawValue: 4) }  // IFLA_BRPORT_MODE
    static var guardsAgainstBPDUs: Self { Self(rawValue: 5) }  // IFLA_BRPORT_GUARD
    static var blocksRoot: Self { Self(rawValue: 6) }  // IFLA_BRPORT_PROTECT
    static var leavesFast: Self { Self(rawValue: 7) }  // IFLA_BRPORT_FAST_LEAVE
    static var learns: Self { Self(rawValue: 8) }  // IFLA_BRPORT_LEARNING
    static var floodsUnicast: Self { Self(rawValue: 9) }  // IFLA_BRPORT_UNICAST_FLOOD
    static var proxiesARP: Self { Self(rawValue: 10) }  // IFLA_BRPORT_PROXYARP
    static var syncsLearning: Self { Self(rawValue: 11) }  // IFLA_BRPORT_LEARNING_SYNC
    static var proxiesARPForWiFi: Self { Self(rawValue: 12) }  // IFLA_BRPORT_PROXYARP_WIFI
    static var root: Self { Self(rawValue: 13) }  // IFLA_BRPORT_ROOT_ID
    static var bridge: Self { Self(rawValue: 14) }  // IFLA_BRPORT_BRIDGE_ID
    static var designatedPort: Self { Self(rawValue: 15) }  // IFLA_BRPORT_DESIGNATED_PORT
    static var designatedCost: Self { Self(rawValue: 16) }  // IFLA_BRPORT_DESIGNATED_COST
    static var identifier: Self { Self(rawValue: 17) }  // IFLA_BRPORT_ID
    static var number: Self { Self(rawValue: 18) }  // IFLA_BRPORT_NO
    static var acknowledgesTopologyChange: Self { Self(rawValue: 19) }  // IFLA_BRPORT_TOPOLOGY_CHANGE_ACK
    static var isConfigurationPending: Self { Self(rawValue: 20) }  // IFLA_BRPORT_CONFIG_PENDING
    static var messageAgeTimer: Self { Self(rawValue: 21) }  // IFLA_BRPORT_MESSAGE_AGE_TIMER
    static var forwardDelayTimer: Self { Self(rawValue: 22) }  // IFLA_BRPORT_FORWARD_DELAY_TIMER
    static var holdTimer: Self { Self(rawValue: 23) }  // IFLA_BRPORT_HOLD_TIMER
    static var flushesForwardingDatabase: Self { Self(rawValue: 24) }  // IFLA_BRPORT_FLUSH
    static var multicastRouter: Self { Self(rawValue: 25) }  // IFLA_BRPORT_MULTICAST_ROUTER
    static var padding: Self { Self(rawValue: 26) }  // IFLA_BRPORT_PAD
    static var floodsMulticast: Self { Self(rawValue: 27) }  // IFLA_BRPORT_MCAST_FLOOD
    static var turnsMulticastToUnicast: Self { Self(rawValue: 28) }  // IFLA_BRPORT_MCAST_TO_UCAST
    static var mapsVLANToTunnel: Self { Self(rawValue: 29) }  // IFLA_BRPORT_VLAN_TUNNEL
    static var floodsBroadcast: Self { Self(rawValue: 30) }  // IFLA_BRPORT_BCAST_FLOOD
    static var groupForwardMask: Self { Self(rawValue: 31) }  // IFLA_BRPORT_GROUP_FWD_MASK
    static var suppressesNeighbors: Self { Self(rawValue: 32) }  // IFLA_BRPORT_NEIGH_SUPPRESS
    static var isIsolated: Self { Self(rawValue: 33) }  // IFLA_BRPORT_ISOLATED
    static var backupPort: Self { Self(rawValue: 34) }  // IFLA_BRPORT_BACKUP_PORT
    static var isMRPRingOpen: Self { Self(rawValue: 35) }  // IFLA_BRPORT_MRP_RING_OPEN
    static var isMRPInterconnectOpen: Self { Self(rawValue: 36) }  // IFLA_BRPORT_MRP_IN_OPEN
    static var multicastHostLimit: Self { Self(rawValue: 37) }  // IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT
    static var multicastHostCount: Self { Self(rawValue: 38) }  // IFLA_BRPORT_MCAST_EHT_HOSTS_CNT
    static var isLocked: Self { Self(rawValue: 39) }  // IFLA_BRPORT_LOCKED
    static var authenticatesByAddress: Self { Self(rawValue: 40) }  // IFLA_BRPORT_MAB
    static var multicastGroupCount: Self { Self(rawValue: 41) }  // IFLA_BRPORT_MCAST_N_GROUPS
    static var multicastGroupLimit: Self { Self(rawValue: 42) }  // IFLA_BRPORT_MCAST_MAX_GROUPS
    static var suppressesNeighborsByVLAN: Self { Self(rawValue: 43) }  // IFLA_BRPORT_NEIGH_VLAN_SUPPRESS
    static var backupNextHop: Self { Self(rawValue: 44) }  // IFLA_BRPORT_BACKUP_NHID
    static var forwardsGratuitousNeighbors: Self { Self(rawValue: 45) }  // IFLA_BRPORT_NEIGH_FORWARD_GRAT
}
