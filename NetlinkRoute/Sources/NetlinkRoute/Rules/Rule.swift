// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Which routing table is looked up for which packets.
///
/// ```swift
/// var rule = Rule(.ipv4, lookup: 100, priority: 1000)
/// rule.source = "10.1.0.0/16"
/// try connection.add(rule)
/// ```
///
/// Kernel: `RTM_NEWRULE`, `struct fib_rule_hdr` and `FRA_*`.
public struct Rule: Hashable, Sendable {
    /// The family.
    public var family: AddressFamily
    /// Rules with less come first.
    ///
    /// Nil lets the kernel choose when it is added, and means any when it is removed.
    ///
    /// Kernel: `FRA_PRIORITY`, `u32`; left out by the kernel when 0, and read so.
    public var priority: UInt32?
    /// What it does with packets.
    ///
    /// Kernel: `action`.
    public var action: RuleAction
    /// The table that ``RuleAction/lookup`` looks up; unspecified with ``isL3Master``.
    ///
    /// Kernel: `table`, or `FRA_TABLE`, `u32`, where it is above 255.
    public var table: RoutingTable
    /// How it holds, and what became of it; those in ``RuleFlags/reported`` are never sent.
    ///
    /// Kernel: `flags`.
    public var flags: RuleFlags = []

    /// From where packets come; nil for anywhere.
    ///
    /// Kernel: `FRA_SRC` and `src_len`.
    public var source: IPPrefix?
    /// Where packets go; nil for anywhere.
    ///
    /// Kernel: `FRA_DST` and `dst_len`.
    public var destination: IPPrefix?
    /// The type of service; 0 for any, and together with ``dscp``.
    ///
    /// Kernel: `tos`.
    public var typeOfService: UInt8 = 0
    /// The code point of differentiated services.
    ///
    /// Kernel: `FRA_DSCP` and `FRA_DSCP_MASK`, `u8`, since Linux 6.13.
    public var dscp: RuleCodePoint?
    /// The IPv6 flow label.
    ///
    /// Kernel: `FRA_FLOWLABEL` and `FRA_FLOWLABEL_MASK`, `u32`, big-endian, since Linux 6.14.
    public var flowLabel: RuleMark?
    /// The mark of packets.
    ///
    /// Kernel: `FRA_FWMARK` and `FRA_FWMASK`, `u32`.
    public var mark: RuleMark?
    /// The link by which packets come in; the loopback for those of this host.
    ///
    /// Kernel: `FRA_IIFNAME`.
    public var inputName: InterfaceName?
    /// The link to which the sending socket is bound.
    ///
    /// Kernel: `FRA_OIFNAME`.
    public var outputName: InterfaceName?
    /// The key of the tunnel by which packets came.
    ///
    /// Kernel: `FRA_TUN_ID`, `u64`, big-endian.
    public var tunnelID: UInt64?
    /// Whether it holds for packets of ports of a VRF, and looks up that VRF's table.
    ///
    /// Kernel: `FRA_L3MDEV`, `u8`.
    public var isL3Master: Bool?
    /// The users whose sockets send.
    ///
    /// Kernel: `FRA_UID_RANGE`.
    public var users: RuleUsers?
    /// The transport protocol, such as 6 for TCP.
    ///
    /// Kernel: `FRA_IP_PROTO`, `u8`.
    public var ipProtocol: UInt8?
    /// The source ports.
    ///
    /// Kernel: `FRA_SPORT_RANGE` and `FRA_SPORT_MASK`.
    public var sourcePorts: RulePorts?
    /// The destination ports.
    ///
    /// Kernel: `FRA_DPORT_RANGE` and `FRA_DPORT_MASK`.
    public var destinationPorts: RulePorts?

    /// The priority of the rule with which ``RuleAction/goto`` goes on.
    ///
    /// Kernel: `FRA_GOTO`, `u32`.
    public var target: UInt32?
    /// The realms that packets get (IPv4).
    ///
    /// Kernel: `FRA_FLOW`, `u32`.
    public var realms: RouteRealms?
    /// Routes to prefixes of this length or a shorter one are passed over.
    ///
    /// Kernel: `FRA_SUPPRESS_PREFIXLEN`, `u32`.
    public var suppressedPrefixLength: UInt32?
    /// Routes over links of this group are passed over.
    ///
    /// Kernel: `FRA_SUPPRESS_IFGROUP`, `u32`.
    public var suppressedGroup: UInt32?
    /// Who put it there.
    ///
    /// Kernel: `FRA_PROTOCOL`, `u8`.
    public var origin: RoutingProtocol?
    /// What this library does not model; goes back when it is added.
    public var unknown = UnknownAttributes()

    /// A rule that looks up a table.
    public init(_ family: AddressFamily, lookup table: RoutingTable, priority: UInt32? = nil) {
        self.family = family
        self.table = table
        self.priority = priority
        action = .lookup
    }

    /// A rule that does something else, or, to be removed, the first that fits.
    public init(_ family: AddressFamily, _ action: RuleAction = .unspecified, priority: UInt32? = nil) {
        self.family = family
        self.action = action
        self.priority = priority
        table = .unspecified
    }

    /// Whether it holds for packets that do not fit.
    public var isInverted: Bool {
        get { flags.contains(.inverted) }
        set { flags.set(.inverted, newValue) }
    }

    /// The same without what the kernel only reports: what goes back when it is added again.
    public var settings: Rule {
        var copy = self
        copy.flags.subtract(.reported)
        return copy
    }
}

extension AddressFamily {
    /// IPv4 multicast routing, which has rules of its own.
    public static var ipv4MulticastRouting: Self { Self(rawValue: 128) }  // RTNL_FAMILY_IPMR
    /// IPv6 multicast routing, which has rules of its own.
    public static var ipv6MulticastRouting: Self { Self(rawValue: 129) }  // RTNL_FAMILY_IP6MR
}
