// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// How a bond spreads packets over its ports.
///
/// Kernel: `BOND_MODE_*`, `u8`.
public struct BondMode: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// One port after the other.
    public static var roundRobin: Self { Self(rawValue: 0) }  // BOND_MODE_ROUNDROBIN
    /// One port in use, the others in wait.
    public static var activeBackup: Self { Self(rawValue: 1) }  // BOND_MODE_ACTIVEBACKUP
    /// By a hash of the packet.
    public static var xor: Self { Self(rawValue: 2) }  // BOND_MODE_XOR
    /// Everything at all ports.
    public static var broadcast: Self { Self(rawValue: 3) }  // BOND_MODE_BROADCAST
    /// Link aggregation by 802.3ad.
    public static var lacp: Self { Self(rawValue: 4) }  // BOND_MODE_8023AD
    /// Out by load, in at one port.
    public static var transmitLoadBalancing: Self { Self(rawValue: 5) }  // BOND_MODE_TLB
    /// Out and in by load.
    public static var adaptiveLoadBalancing: Self { Self(rawValue: 6) }  // BOND_MODE_ALB
}

extension BondLink {
    /// Whose ARP packets a bond validates.
    ///
    /// Kernel: bits of the bonding driver, `u32`.
    public struct ARPValidation: OptionSet, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt32
        /// Takes any number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Nobody's.
        public static var none: Self { [] }
        /// The active port's.
        public static var active: Self { Self(rawValue: 1) }
        /// The other ports'.
        public static var backup: Self { Self(rawValue: 2) }
        /// All ports'.
        public static var all: Self { [.active, .backup] }
        /// Other traffic than ARP does not count.
        public static var filter: Self { Self(rawValue: 4) }
    }

    /// How many of a bond's targets must answer.
    ///
    /// Kernel: `IFLA_BOND_ARP_ALL_TARGETS`, `u32`.
    public struct ARPTargetRule: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt32
        /// Takes any number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// One is enough.
        public static var any: Self { Self(rawValue: 0) }
        /// All must.
        public static var all: Self { Self(rawValue: 1) }
    }

    /// When a bond's primary port that comes back is taken again.
    ///
    /// Kernel: `IFLA_BOND_PRIMARY_RESELECT`, `u8`.
    public struct PrimaryReselection: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt8
        /// Takes any number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// As soon as it is back.
        public static var always: Self { Self(rawValue: 0) }
        /// When it is faster than the active one.
        public static var better: Self { Self(rawValue: 1) }
        /// When the active one fails.
        public static var failure: Self { Self(rawValue: 2) }
    }

    /// What becomes of the hardware address when a bond's active port changes.
    ///
    /// Kernel: `IFLA_BOND_FAIL_OVER_MAC`, `u8`.
    public struct FailOverAddress: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt8
        /// Takes any number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// All ports have the bond's.
        public static var none: Self { Self(rawValue: 0) }
        /// The bond has that of its active port.
        public static var active: Self { Self(rawValue: 1) }
        /// The active port gets the bond's.
        public static var follow: Self { Self(rawValue: 2) }
    }

    /// What of a packet decides over its port.
    ///
    /// Kernel: `BOND_XMIT_POLICY_*`, `u8`.
    public struct HashPolicy: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt8
        /// Takes any number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The hardware addresses and the protocol.
        public static var layer2: Self { Self(rawValue: 0) }  // BOND_XMIT_POLICY_LAYER2
        /// Addresses and ports.
        public static var layer34: Self { Self(rawValue: 1) }  // BOND_XMIT_POLICY_LAYER34
        /// Hardware addresses and addresses.
        public static var layer23: Self { Self(rawValue: 2) }  // BOND_XMIT_POLICY_LAYER23
        /// ``layer23``, of what is inside a tunnel.
        public static var encapsulated23: Self { Self(rawValue: 3) }  // BOND_XMIT_POLICY_ENCAP23
        /// ``layer34``, of what is inside a tunnel.
        public static var encapsulated34: Self { Self(rawValue: 4) }  // BOND_XMIT_POLICY_ENCAP34
        /// The VLAN and the source hardware address; since Linux 5.12.
        public static var vlanSourceAddress: Self { Self(rawValue: 5) }  // BOND_XMIT_POLICY_VLAN_SRCMAC
    }

    /// How often a bond's partner is asked to send.
    ///
    /// Kernel: `IFLA_BOND_AD_LACP_RATE`, `u8`.
    public struct LACPRate: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt8
        /// Takes any number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Every 30 seconds.
        public static var slow: Self { Self(rawValue: 0) }
        /// Every second.
        public static var fast: Self { Self(rawValue: 1) }
    }

    /// Which aggregator a bond uses.
    ///
    /// Kernel: `IFLA_BOND_AD_SELECT`, `u8`.
    public struct AggregatorSelection: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt8
        /// Takes any number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// That with the greatest bandwidth, until all its ports are down.
        public static var stable: Self { Self(rawValue: 0) }
        /// That with the greatest bandwidth.
        public static var bandwidth: Self { Self(rawValue: 1) }
        /// That with the most ports.
        public static var count: Self { Self(rawValue: 2) }
        /// That whose ports have the highest priority; since Linux 6.18.
        public static var actorPortPriority: Self { Self(rawValue: 3) }
    }

    /// What the kernel reports about a bond and nobody can set.
    public struct State: Hashable, Sendable {
        /// The active aggregator; in 802.3ad only.
        ///
        /// Kernel: `IFLA_BOND_AD_INFO`.
        public var aggregation: Aggregation?

        /// Nothing reported.
        public init() {}
    }

    /// The active aggregator of a bond.
    ///
    /// Kernel: `IFLA_BOND_AD_INFO_*`.
    public struct Aggregation: Hashable, Sendable {
        /// Its number.
        public var aggregator: UInt16?
        /// How many ports it has.
        public var portCount: UInt16?
        /// This end's key.
        public var actorKey: UInt16?
        /// The partner's key.
        public var partnerKey: UInt16?
        /// The partner's address.
        public var partnerAddress: HardwareAddress?
    }
}
