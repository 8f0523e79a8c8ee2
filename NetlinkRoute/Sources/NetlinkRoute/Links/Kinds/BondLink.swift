// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A bond: several links that act as one, to be faster or to outlive each other.
///
/// A link that is down becomes a port by having it as ``Link/master``. Many options belong to some modes only, and the
/// kernel refuses them in others.
///
/// Kernel: kind `bond`.
public struct BondLink: LinkKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "bond" }

    /// How packets are spread over the ports; round robin unless set.
    ///
    /// Only settable while there are no ports.
    ///
    /// Kernel: `IFLA_BOND_MODE`, `u8`.
    public var mode: BondMode?
    /// The port in use, in modes that use one; 0 leaves the choice to the kernel.
    ///
    /// Kernel: `IFLA_BOND_ACTIVE_SLAVE`, `u32`.
    public var activePort: InterfaceIndex?
    /// How often the carriers of the ports are looked at; zero, for never, unless set.
    ///
    /// Kernel: `IFLA_BOND_MIIMON`, `u32` in milliseconds.
    public var monitoringInterval: Duration?
    /// How long a carrier must be there before its port is used, in steps of ``monitoringInterval``.
    ///
    /// Kernel: `IFLA_BOND_UPDELAY`, `u32` in milliseconds.
    public var upDelay: Duration?
    /// How long a carrier must be gone before its port is left, in steps of ``monitoringInterval``.
    ///
    /// Kernel: `IFLA_BOND_DOWNDELAY`, `u32` in milliseconds.
    public var downDelay: Duration?
    /// Whether carriers are found by the driver's state; always so in newer kernels, which refuse off.
    ///
    /// Kernel: `IFLA_BOND_USE_CARRIER`, `u8`.
    public var usesCarrier: Bool?
    /// How often the ``arpTargets`` are asked; zero, for never, unless set.
    ///
    /// Not beside ``monitoringInterval``.
    ///
    /// Kernel: `IFLA_BOND_ARP_INTERVAL`, `u32` in milliseconds.
    public var arpInterval: Duration?
    /// Whose ARP packets are validated; nobody's unless set.
    ///
    /// Kernel: `IFLA_BOND_ARP_VALIDATE`, `u32`.
    public var arpValidation: ARPValidation?
    /// How many of the ``arpTargets`` must answer; any unless set.
    ///
    /// Kernel: `IFLA_BOND_ARP_ALL_TARGETS`, `u32`.
    public var arpAllTargets: ARPTargetRule?
    /// The port that is preferred; 0 for none.
    ///
    /// Kernel: `IFLA_BOND_PRIMARY`, `u32`.
    public var primary: InterfaceIndex?
    /// When a primary that comes back is taken again; always unless set.
    ///
    /// Kernel: `IFLA_BOND_PRIMARY_RESELECT`, `u8`.
    public var primaryReselection: PrimaryReselection?
    /// What becomes of the hardware address when the active port changes; all have one unless set.
    ///
    /// Kernel: `IFLA_BOND_FAIL_OVER_MAC`, `u8`.
    public var failOverAddress: FailOverAddress?
    /// What of a packet decides over its port; the hardware addresses unless set.
    ///
    /// Kernel: `IFLA_BOND_XMIT_HASH_POLICY`, `u8`.
    public var hashPolicy: HashPolicy?
    /// How many membership reports go out after the active port changed, 0 to 255; 1 unless set.
    ///
    /// Kernel: `IFLA_BOND_RESEND_IGMP`, `u32`.
    public var igmpResendCount: UInt32?
    /// How many ARP and neighbour announcements go out after the active port changed; 1 unless set.
    ///
    /// Kernel: `IFLA_BOND_NUM_PEER_NOTIF`, `u8`.
    public var peerNotificationCount: UInt8?
    /// Whether packets that come in at ports not in use are taken; off unless set.
    ///
    /// Kernel: `IFLA_BOND_ALL_SLAVES_ACTIVE`, `u8`.
    public var receivesOnAllPorts: Bool?
    /// How many ports must be usable for the bond to have a carrier; 0 unless set.
    ///
    /// Kernel: `IFLA_BOND_MIN_LINKS`, `u32`.
    public var minimumLinks: UInt32?
    /// How often learning packets go out, 1 to 2147483647 s; 1 s unless set.
    ///
    /// Kernel: `IFLA_BOND_LP_INTERVAL`, `u32` in seconds.
    public var learningPacketInterval: Duration?
    /// After how many packets round robin goes on, 0 for a random port each time; 1 unless set.
    ///
    /// Kernel: `IFLA_BOND_PACKETS_PER_SLAVE`, `u32`.
    public var packetsPerPort: UInt32?
    /// How often the partner is asked to send; slowly unless set.
    ///
    /// Kernel: `IFLA_BOND_AD_LACP_RATE`, `u8`.
    public var lacpRate: LACPRate?
    /// Which aggregator is used; that with the greatest bandwidth, until it fails, unless set.
    ///
    /// Kernel: `IFLA_BOND_AD_SELECT`, `u8`.
    public var aggregatorSelection: AggregatorSelection?
    /// This system's priority in 802.3ad, 1 to 65535; 65535 unless set.
    ///
    /// Kernel: `IFLA_BOND_AD_ACTOR_SYS_PRIO`, `u16`.
    public var actorSystemPriority: UInt16?
    /// The upper ten bits of the ports' key in 802.3ad, 0 to 1023; 0 unless set.
    ///
    /// Kernel: `IFLA_BOND_AD_USER_PORT_KEY`, `u16`.
    public var userPortKey: UInt16?
    /// This system's address in 802.3ad; zero for the bond's own.
    ///
    /// Kernel: `IFLA_BOND_AD_ACTOR_SYSTEM`, bytes.
    public var actorSystem: HardwareAddress?
    /// Whether transmit load balancing looks at the load, instead of the hash; on unless set.
    ///
    /// Kernel: `IFLA_BOND_TLB_DYNAMIC_LB`, `u8`.
    public var balancesDynamically: Bool?
    /// The time between peer notifications, in steps of ``monitoringInterval``.
    ///
    /// Kernel: `IFLA_BOND_PEER_NOTIF_DELAY`, `u32` in milliseconds.
    public var peerNotificationDelay: Duration?
    /// Whether LACP packets go out unasked; on unless set.
    ///
    /// Since Linux 5.15.
    ///
    /// Kernel: `IFLA_BOND_AD_LACP_ACTIVE`, `u8`.
    public var sendsLACP: Bool?
    /// How many unanswered ARP probes take a port out of use; 2 unless set.
    ///
    /// Since Linux 5.17.
    ///
    /// Kernel: `IFLA_BOND_MISSED_MAX`, `u8`.
    public var missedMaximum: UInt8?
    /// Whether collecting and distributing begin together in 802.3ad; on unless set.
    ///
    /// Since Linux 6.9.
    ///
    /// Kernel: `IFLA_BOND_COUPLED_CONTROL`, `u8`.
    public var couplesControl: Bool?
    /// Whether ARP and neighbour packets go out at all ports in 802.3ad; off unless set.
    ///
    /// Since Linux 6.17.
    ///
    /// Kernel: `IFLA_BOND_BROADCAST_NEIGH`, `u8`.
    public var broadcastsNeighbors: Bool?
    /// Whether the bond has a carrier only while LACP has a partner; off unless set.
    ///
    /// Kernel: `IFLA_BOND_LACP_STRICT`, `u8`.
    public var isLACPStrict: Bool?
    /// The IPv4 addresses that are asked to find out whether ports work, up to 16; an empty list removes all.
    ///
    /// Kernel: `IFLA_BOND_ARP_IP_TARGET`, a numbered list.
    public var arpTargets: [IPv4Address]?
    /// The IPv6 addresses that are asked to find out whether ports work, up to 16; an empty list removes all.
    ///
    /// Since Linux 5.19.
    ///
    /// Kernel: `IFLA_BOND_NS_IP6_TARGET`, a numbered list.
    public var neighborTargets: [IPv6Address]?

    /// What the kernel only reports; never sent.
    public var state = State()
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A bond with a mode, or with the kernel's.
    public init(mode: BondMode? = nil) { self.mode = mode }

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(BondAttribute.self) }

    /// The same without what the kernel only reports, and without options that the mode does not have.
    ///
    /// The kernel reports those too, and refuses them when a bond is made.
    public var settings: BondLink {
        var copy = self
        copy.state = State()
        if monitoringInterval == .zero {
            if upDelay == .zero { copy.upDelay = nil }
            if downDelay == .zero { copy.downDelay = nil }
            if peerNotificationDelay == .zero { copy.peerNotificationDelay = nil }
        }
        guard let mode else { return copy }
        if mode != .roundRobin { copy.packetsPerPort = nil }
        if mode != .lacp {
            copy.lacpRate = nil
            copy.sendsLACP = nil
            copy.couplesControl = nil
            copy.broadcastsNeighbors = nil
            copy.isLACPStrict = nil
        }
        let balancesLoad = mode == .transmitLoadBalancing || mode == .adaptiveLoadBalancing
        if !balancesLoad { copy.balancesDynamically = nil }
        if balancesLoad || mode == .lacp {
            copy.arpInterval = nil
            copy.arpValidation = nil
            copy.missedMaximum = nil
        }
        return copy
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        if let count = arpTargets?.count, count > 16 {
            validation.add("arpTargets", "\(count) ARP targets; 16 is the most")
        }
        if let count = neighborTargets?.count, count > 16 {
            validation.add("neighborTargets", "\(count) neighbour targets; 16 is the most")
        }
        if let actorSystem, actorSystem.byteCount != 6 {
            validation.add("actorSystem", "an actor system of \(actorSystem.byteCount) bytes instead of 6")
        }
        try validation.finish(operation: "bond link")
    }
}
