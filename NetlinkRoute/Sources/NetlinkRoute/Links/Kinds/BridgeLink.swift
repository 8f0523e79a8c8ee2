// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A bridge: a switch whose ports are the links that have it as ``Link/master``.
///
/// ```swift
/// var bridge = BridgeLink()
/// bridge.isVLANFiltering = true
/// try connection.add(Link(name: "br0", kind: bridge))
/// ```
///
/// Kernel: kind `bridge`.
public struct BridgeLink: LinkKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "bridge" }

    /// How long a port listens, and then learns, before it forwards, 2 to 30 s; 15 s unless set.
    ///
    /// With spanning tree only.
    ///
    /// Kernel: `IFLA_BR_FORWARD_DELAY`, `u32` in hundredths of a second.
    public var forwardDelay: Duration?
    /// How often the root or designated bridge says hello, 1 to 10 s; 2 s unless set.
    ///
    /// With spanning tree only.
    ///
    /// Kernel: `IFLA_BR_HELLO_TIME`, `u32` in hundredths of a second.
    public var helloTime: Duration?
    /// How long another bridge is taken to live after its last hello, 6 to 40 s; 20 s unless set.
    ///
    /// With spanning tree only.
    ///
    /// Kernel: `IFLA_BR_MAX_AGE`, `u32` in hundredths of a second.
    public var maximumAge: Duration?
    /// How long an address stays in the forwarding database after its last packet; 300 s unless set, zero for ever.
    ///
    /// Kernel: `IFLA_BR_AGEING_TIME`, `u32` in hundredths of a second.
    public var ageingTime: Duration?
    /// Whether spanning tree runs, and who runs it; off unless set.
    ///
    /// Kernel: `IFLA_BR_STP_STATE`, `u32`.
    public var stpState: STPState?
    /// The priority in the election of the root, 0 to 65535, the least wins; 32768 unless set.
    ///
    /// Kernel: `IFLA_BR_PRIORITY`, `u16`.
    public var priority: UInt16?
    /// Whether VLAN tags decide where packets go; off unless set.
    ///
    /// Kernel: `IFLA_BR_VLAN_FILTERING`, `u8`.
    public var isVLANFiltering: Bool?
    /// The tag protocol of VLAN filtering; 802.1Q unless set.
    ///
    /// Kernel: `IFLA_BR_VLAN_PROTOCOL`, `u16`, big-endian.
    public var vlanProtocol: VLANProtocol?
    /// Which link-local addresses 01:80:C2:00:00:0X are forwarded, a bit for each X; 0, 1 and 2 never are.
    ///
    /// Kernel: `IFLA_BR_GROUP_FWD_MASK`, `u16`.
    public var groupForwardMask: UInt16?
    /// The address to which spanning tree's packets go, of the form 01:80:C2:00:00:0X with X 0 or 4 to 15.
    ///
    /// Kernel: `IFLA_BR_GROUP_ADDR`, bytes.
    public var groupAddress: HardwareAddress?
    /// Removes all learned addresses when sent; never reported.
    ///
    /// Kernel: `IFLA_BR_FDB_FLUSH`, flag.
    public var flushesForwardingDatabase = false
    /// Whether the bridge itself counts as a multicast router; found out unless set.
    ///
    /// Kernel: `IFLA_BR_MCAST_ROUTER`, `u8`.
    public var multicastRouter: MulticastRouterMode?
    /// Whether multicast goes only where it was asked for; on unless set.
    ///
    /// Kernel: `IFLA_BR_MCAST_SNOOPING`, `u8`.
    public var isMulticastSnooping: Bool?
    /// Whether queries come from the bridge's own address instead of 0.0.0.0; off unless set.
    ///
    /// Kernel: `IFLA_BR_MCAST_QUERY_USE_IFADDR`, `u8`.
    public var multicastQueryUsesAddress: Bool?
    /// Whether the bridge sends multicast queries; off unless set.
    ///
    /// Kernel: `IFLA_BR_MCAST_QUERIER`, `u8`.
    public var isMulticastQuerier: Bool?
    /// Once the longest chain in the multicast table; the kernel ignores it since Linux 5.0 and reports 16.
    ///
    /// Kernel: `IFLA_BR_MCAST_HASH_ELASTICITY`, `u32`.
    public var multicastHashElasticity: UInt32?
    /// How many entries the multicast table holds, a power of two; 4096 unless set.
    ///
    /// Kernel: `IFLA_BR_MCAST_HASH_MAX`, `u32`.
    public var multicastHashMaximum: UInt32?
    /// How many group queries go out before a group is taken to have no members; 2 unless set.
    ///
    /// Kernel: `IFLA_BR_MCAST_LAST_MEMBER_CNT`, `u32`.
    public var multicastLastMemberCount: UInt32?
    /// How many queries go out in the startup phase; 2 unless set.
    ///
    /// Kernel: `IFLA_BR_MCAST_STARTUP_QUERY_CNT`, `u32`.
    public var multicastStartupQueryCount: UInt32?
    /// The time between group queries after a leave; 1 s unless set.
    ///
    /// Kernel: `IFLA_BR_MCAST_LAST_MEMBER_INTVL`, `u64` in hundredths of a second.
    public var multicastLastMemberInterval: Duration?
    /// After how long without a report a group is left; 260 s unless set.
    ///
    /// Kernel: `IFLA_BR_MCAST_MEMBERSHIP_INTVL`, `u64` in hundredths of a second.
    public var multicastMembershipInterval: Duration?
    /// After how long without another querier's query the bridge queries itself; 255 s unless set.
    ///
    /// Kernel: `IFLA_BR_MCAST_QUERIER_INTVL`, `u64` in hundredths of a second.
    public var multicastQuerierInterval: Duration?
    /// The time between general queries, at least 1 s; 125 s unless set.
    ///
    /// Kernel: `IFLA_BR_MCAST_QUERY_INTVL`, `u64` in hundredths of a second.
    public var multicastQueryInterval: Duration?
    /// How long members may take to answer a general query; 10 s unless set.
    ///
    /// Kernel: `IFLA_BR_MCAST_QUERY_RESPONSE_INTVL`, `u64` in hundredths of a second.
    public var multicastQueryResponseInterval: Duration?
    /// The time between queries in the startup phase, at least 1 s; 31.25 s unless set.
    ///
    /// Kernel: `IFLA_BR_MCAST_STARTUP_QUERY_INTVL`, `u64` in hundredths of a second.
    public var multicastStartupQueryInterval: Duration?
    /// Whether bridged IPv4 packets pass iptables; off unless set.
    ///
    /// Kernel: `IFLA_BR_NF_CALL_IPTABLES`, `u8`.
    public var callsIPTables: Bool?
    /// Whether bridged IPv6 packets pass ip6tables; off unless set.
    ///
    /// Kernel: `IFLA_BR_NF_CALL_IP6TABLES`, `u8`.
    public var callsIP6Tables: Bool?
    /// Whether bridged ARP packets pass arptables; off unless set.
    ///
    /// Kernel: `IFLA_BR_NF_CALL_ARPTABLES`, `u8`.
    public var callsARPTables: Bool?
    /// The VLAN that untagged packets of new ports belong to, 0 for none; 1 unless set.
    ///
    /// Kernel: `IFLA_BR_VLAN_DEFAULT_PVID`, `u16`.
    public var defaultPVID: UInt16?
    /// Whether packets are counted by VLAN; off unless set.
    ///
    /// Kernel: `IFLA_BR_VLAN_STATS_ENABLED`, `u8`.
    public var countsVLANStatistics: Bool?
    /// Whether multicast packets are counted; off unless set.
    ///
    /// Kernel: `IFLA_BR_MCAST_STATS_ENABLED`, `u8`.
    public var countsMulticastStatistics: Bool?
    /// The IGMP version, 2 or 3; 2 unless set.
    ///
    /// Kernel: `IFLA_BR_MCAST_IGMP_VERSION`, `u8`.
    public var igmpVersion: UInt8?
    /// The MLD version, 1 or 2; 1 unless set.
    ///
    /// Kernel: `IFLA_BR_MCAST_MLD_VERSION`, `u8`.
    public var mldVersion: UInt8?
    /// Whether packets are counted by VLAN and port; only changed while no port has a VLAN.
    ///
    /// Kernel: `IFLA_BR_VLAN_STATS_PER_PORT`, `u8`.
    public var countsVLANStatisticsPerPort: Bool?
    /// How many addresses are learned at most, 0 for no limit; since Linux 6.7.
    ///
    /// Kernel: `IFLA_BR_FDB_MAX_LEARNED`, `u32`.
    public var maximumLearnedAddresses: UInt32?
    /// Who runs spanning tree when it is turned on; only changed while it is off.
    ///
    /// Kernel: `IFLA_BR_STP_MODE`, `u32`.
    public var stpMode: STPMode?
    /// Further options, and which of them are meant; each also has a property of its own.
    ///
    /// Kernel: `IFLA_BR_MULTI_BOOLOPT`, `struct br_boolopt_multi`; since Linux 5.0.
    public var options: Options?

    /// What the kernel only reports; never sent.
    public var state = State()
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A bridge with the kernel's defaults.
    public init() {}

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(BridgeAttribute.self) }

    /// The same without what the kernel only reports.
    public var settings: BridgeLink {
        var copy = self
        copy.state = State()
        return copy
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        if let defaultPVID, defaultPVID > 4094 {
            validation.add("defaultPVID", "default PVID \(defaultPVID) is above 4094")
        }
        if let groupAddress, groupAddress.byteCount != 6 {
            validation.add("groupAddress", "a group address of \(groupAddress.byteCount) bytes instead of 6")
        }
        try validation.finish(operation: "bridge link")
    }
}

extension BridgeLink {
    /// Who runs spanning tree.
    ///
    /// Kernel: `IFLA_BR_STP_STATE`, `u32`.
    public struct STPState: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt32
        /// Takes any number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Nobody.
        public static var off: Self { Self(rawValue: 0) }
        /// The kernel; setting it asks the program `/sbin/bridge-stp` to take over where ``BridgeLink/stpMode`` allows.
        public static var kernel: Self { Self(rawValue: 1) }
        /// A program; reported only.
        public static var user: Self { Self(rawValue: 2) }
    }

    /// How it is decided who runs spanning tree.
    ///
    /// Kernel: `IFLA_BR_STP_MODE`, `enum br_stp_mode`, `u32`.
    public struct STPMode: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt32
        /// Takes any number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// A program where it takes over, else the kernel.
        public static var automatic: Self { Self(rawValue: 0) }  // BR_STP_MODE_AUTO
        /// A program.
        public static var user: Self { Self(rawValue: 1) }  // BR_STP_MODE_USER
        /// The kernel.
        public static var kernel: Self { Self(rawValue: 2) }  // BR_STP_MODE_KERNEL
    }

    /// Options that are on or off, and which of them are meant.
    ///
    /// Kernel: `struct br_boolopt_multi`.
    public struct Options: Hashable, Sendable {
        /// Those that are on.
        public var value: OptionFlags
        /// Those that are meant.
        public var mask: OptionFlags

        /// Options among those meant.
        public init(value: OptionFlags, mask: OptionFlags) {
            self.value = value
            self.mask = mask
        }
    }

    /// Options of a bridge, a bit each.
    ///
    /// Kernel: `enum br_boolopt_id`, whose members are bit numbers.
    public struct OptionFlags: OptionSet, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt32
        /// Takes any number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        private init(_ bit: OptionBit) { rawValue = 1 << bit.rawValue }

        /// Do not learn addresses from link-local packets; since Linux 5.0.
        public static var noLinkLocalLearning: Self { Self(OptionBit.noLinkLocalLearning) }
        /// Snoop multicast by VLAN; since Linux 5.15.
        public static var multicastVLANSnooping: Self { Self(OptionBit.multicastVLANSnooping) }
        /// Keep spanning tree states by tree of VLANs; since Linux 5.18.
        public static var multipleSpanningTrees: Self { Self(OptionBit.multipleSpanningTrees) }
        /// Notify when hardware could not take a multicast entry; since Linux 6.16.
        public static var offloadFailureNotification: Self { Self(OptionBit.offloadFailureNotification) }
        /// Keep local addresses in VLAN 0 only; since Linux 6.18.
        public static var localAddressesInVLAN0: Self { Self(OptionBit.localAddressesInVLAN0) }
    }

    private struct OptionBit: RawRepresentable {
        let rawValue: UInt32
        static var noLinkLocalLearning: Self { Self(rawValue: 0) }  // BR_BOOLOPT_NO_LL_LEARN
        static var multicastVLANSnooping: Self { Self(rawValue: 1) }  // BR_BOOLOPT_MCAST_VLAN_SNOOPING
        static var multipleSpanningTrees: Self { Self(rawValue: 2) }  // BR_BOOLOPT_MST_ENABLE
        static var offloadFailureNotification: Self { Self(rawValue: 3) }  // BR_BOOLOPT_MDB_OFFLOAD_FAIL_NOTIFICATION
        static var localAddressesInVLAN0: Self { Self(rawValue: 4) }  // BR_BOOLOPT_FDB_LOCAL_VLAN_0
    }

    /// Whether link-local packets teach no addresses; since Linux 5.0.
    public var noLinkLocalLearning: Bool? {
        get { option(.noLinkLocalLearning) }
        set { setOption(.noLinkLocalLearning, newValue) }
    }
    /// Whether multicast is snooped by VLAN; since Linux 5.15.
    public var isMulticastVLANSnooping: Bool? {
        get { option(.multicastVLANSnooping) }
        set { setOption(.multicastVLANSnooping, newValue) }
    }
    /// Whether there are several spanning trees; only changed while no port has a VLAN.
    ///
    /// Since Linux 5.18.
    public var hasMultipleSpanningTrees: Bool? {
        get { option(.multipleSpanningTrees) }
        set { setOption(.multipleSpanningTrees, newValue) }
    }
    /// Whether a multicast entry that hardware could not take is notified; since Linux 6.16.
    public var notifiesOffloadFailure: Bool? {
        get { option(.offloadFailureNotification) }
        set { setOption(.offloadFailureNotification, newValue) }
    }
    /// Whether local addresses are kept in VLAN 0 only; since Linux 6.18.
    public var keepsLocalAddressesInVLAN0: Bool? {
        get { option(.localAddressesInVLAN0) }
        set { setOption(.localAddressesInVLAN0, newValue) }
    }

    private func option(_ flag: OptionFlags) -> Bool? {
        guard let options, options.mask.contains(flag) else { return nil }
        return options.value.contains(flag)
    }

    private mutating func setOption(_ flag: OptionFlags, _ isOn: Bool?) {
        var changed = options ?? Options(value: [], mask: [])
        if isOn == true { changed.value.insert(flag) } else { changed.value.remove(flag) }
        if isOn != nil { changed.mask.insert(flag) } else { changed.mask.remove(flag) }
        options = changed.mask.isEmpty ? nil : changed
    }
}

/// When a bridge or a port counts as leading to a multicast router.
///
/// Kernel: `MDB_RTR_TYPE_*`, `u8`.
public struct MulticastRouterMode: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Never.
    public static var never: Self { Self(rawValue: 0) }  // MDB_RTR_TYPE_DISABLED
    /// While queries come from there.
    public static var automatic: Self { Self(rawValue: 1) }  // MDB_RTR_TYPE_TEMP_QUERY
    /// Always.
    public static var always: Self { Self(rawValue: 2) }  // MDB_RTR_TYPE_PERM
    /// For a while, and no longer after queries stop; ports only.
    public static var temporary: Self { Self(rawValue: 3) }  // MDB_RTR_TYPE_TEMP
}
