// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// The options that a link has as a port of a bridge; they are ``Link/portKind``.
///
/// The kernel takes them from links that are ports already: make the link a port first, then change them.
///
/// Kernel: `IFLA_INFO_SLAVE_KIND` `bridge`, `IFLA_INFO_SLAVE_DATA`.
public struct BridgePort: LinkKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "bridge" }

    /// The spanning tree state; only settable while the port is up and the kernel does not run spanning tree.
    ///
    /// Kernel: `IFLA_BRPORT_STATE`, `u8`.
    public var stpState: BridgePortState?
    /// The priority in spanning tree, 0 to 63, the least wins; 32 unless set.
    ///
    /// Kernel: `IFLA_BRPORT_PRIORITY`, `u16`.
    public var priority: UInt16?
    /// What a path over this port costs in spanning tree, 1 to 65535; from the link's speed unless set.
    ///
    /// Kernel: `IFLA_BRPORT_COST`, `u32`.
    public var cost: UInt32?
    /// Whether packets may leave where they came in; off unless set.
    ///
    /// Kernel: `IFLA_BRPORT_MODE`, `u8`.
    public var isHairpin: Bool?
    /// Whether the port is blocked when a spanning tree packet comes in; off unless set.
    ///
    /// Kernel: `IFLA_BRPORT_GUARD`, `u8`.
    public var guardsAgainstBPDUs: Bool?
    /// Whether the port may not become the root port; off unless set.
    ///
    /// Kernel: `IFLA_BRPORT_PROTECT`, `u8`.
    public var blocksRoot: Bool?
    /// Whether a multicast group is left as soon as one member says so; off unless set.
    ///
    /// Kernel: `IFLA_BRPORT_FAST_LEAVE`, `u8`.
    public var leavesFast: Bool?
    /// Whether addresses are learned from packets that come in; on unless set.
    ///
    /// Kernel: `IFLA_BRPORT_LEARNING`, `u8`.
    public var learns: Bool?
    /// Whether packets to unknown addresses leave here; on unless set.
    ///
    /// Kernel: `IFLA_BRPORT_UNICAST_FLOOD`, `u8`.
    public var floodsUnicast: Bool?
    /// Whether the bridge answers ARP requests that would leave here, by its own neighbours; off unless set.
    ///
    /// Kernel: `IFLA_BRPORT_PROXYARP`, `u8`.
    public var proxiesARP: Bool?
    /// Whether addresses that hardware learned are taken over; offloading drivers only, and not reported.
    ///
    /// Kernel: `IFLA_BRPORT_LEARNING_SYNC`, `u8`.
    public var syncsLearning: Bool?
    /// ``proxiesARP`` with the rules of wireless access points; off unless set.
    ///
    /// Kernel: `IFLA_BRPORT_PROXYARP_WIFI`, `u8`.
    public var proxiesARPForWiFi: Bool?
    /// Removes all addresses learned here when sent; never reported.
    ///
    /// Kernel: `IFLA_BRPORT_FLUSH`, flag.
    public var flushesForwardingDatabase = false
    /// Whether the port leads to a multicast router; found out unless set.
    ///
    /// Kernel: `IFLA_BRPORT_MULTICAST_ROUTER`, `u8`.
    public var multicastRouter: MulticastRouterMode?
    /// Whether multicast that nobody asked for leaves here; on unless set.
    ///
    /// Kernel: `IFLA_BRPORT_MCAST_FLOOD`, `u8`.
    public var floodsMulticast: Bool?
    /// Whether each member gets multicast by unicast; off unless set.
    ///
    /// Kernel: `IFLA_BRPORT_MCAST_TO_UCAST`, `u8`.
    public var turnsMulticastToUnicast: Bool?
    /// Whether VLANs are mapped to tunnel ids; off unless set.
    ///
    /// Kernel: `IFLA_BRPORT_VLAN_TUNNEL`, `u8`.
    public var mapsVLANToTunnel: Bool?
    /// Whether broadcasts leave here; on unless set.
    ///
    /// Kernel: `IFLA_BRPORT_BCAST_FLOOD`, `u8`.
    public var floodsBroadcast: Bool?
    /// Which link-local addresses 01:80:C2:00:00:0X are forwarded from here, a bit for each X.
    ///
    /// Kernel: `IFLA_BRPORT_GROUP_FWD_MASK`, `u16`.
    public var groupForwardMask: UInt16?
    /// Whether the bridge answers ARP and neighbour solicitations instead of flooding them here; off unless set.
    ///
    /// Kernel: `IFLA_BRPORT_NEIGH_SUPPRESS`, `u8`.
    public var suppressesNeighbors: Bool?
    /// Whether the port talks to ports only that are not isolated; off unless set.
    ///
    /// Kernel: `IFLA_BRPORT_ISOLATED`, `u8`.
    public var isIsolated: Bool?
    /// The port that takes over when this one loses its carrier; 0 for none.
    ///
    /// Kernel: `IFLA_BRPORT_BACKUP_PORT`, `u32`.
    public var backupPort: InterfaceIndex?
    /// How many multicast hosts are tracked here at most; 512 unless set.
    ///
    /// Since Linux 5.12.
    ///
    /// Kernel: `IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT`, `u32`.
    public var multicastHostLimit: UInt32?
    /// Whether packets of hosts that are not in the forwarding database are dropped; off unless set.
    ///
    /// Since Linux 5.18.
    ///
    /// Kernel: `IFLA_BRPORT_LOCKED`, `u8`.
    public var isLocked: Bool?
    /// Whether hosts that a locked port meets become locked entries, for a program to judge; since Linux 6.2.
    ///
    /// Kernel: `IFLA_BRPORT_MAB`, `u8`.
    public var authenticatesByAddress: Bool?
    /// How many multicast groups the port may be in, 0 for any number; since Linux 6.3.
    ///
    /// Kernel: `IFLA_BRPORT_MCAST_MAX_GROUPS`, `u32`.
    public var multicastGroupLimit: UInt32?
    /// Whether ``suppressesNeighbors`` is decided by each VLAN; off unless set.
    ///
    /// Since Linux 6.4.
    ///
    /// Kernel: `IFLA_BRPORT_NEIGH_VLAN_SUPPRESS`, `u8`.
    public var suppressesNeighborsByVLAN: Bool?
    /// The next hop to which packets to the backup port are encapsulated; 0 for none.
    ///
    /// Since Linux 6.6.
    ///
    /// Kernel: `IFLA_BRPORT_BACKUP_NHID`, `u32`.
    public var backupNextHop: UInt32?
    /// Whether unasked ARP and neighbour announcements pass where ``suppressesNeighbors`` holds.
    ///
    /// Kernel: `IFLA_BRPORT_NEIGH_FORWARD_GRAT`, `u8`.
    public var forwardsGratuitousNeighbors: Bool?

    /// What the kernel only reports; never sent.
    public var state = State()
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A port of which nothing is set.
    public init() {}

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(BridgePortAttribute.self) }

    /// The same without what the kernel only reports.
    public var settings: BridgePort {
        var copy = self
        copy.state = State()
        // It follows from spanning tree and the carrier, and the kernel refuses it where they decide.
        copy.stpState = nil
        return copy
    }
}

/// The spanning tree state of a bridge's port.
///
/// Kernel: `BR_STATE_*`, `u8`.
public struct BridgePortState: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Takes no part.
    public static var disabled: Self { Self(rawValue: 0) }  // BR_STATE_DISABLED
    /// Hears spanning tree packets only.
    public static var listening: Self { Self(rawValue: 1) }  // BR_STATE_LISTENING
    /// Learns addresses, and does not forward.
    public static var learning: Self { Self(rawValue: 2) }  // BR_STATE_LEARNING
    /// Forwards.
    public static var forwarding: Self { Self(rawValue: 3) }  // BR_STATE_FORWARDING
    /// Is blocked, to break a loop.
    public static var blocking: Self { Self(rawValue: 4) }  // BR_STATE_BLOCKING
}
