// SPDX-License-Identifier: Apache-2.0

/// What a route does with packets.
///
/// Kernel: `rtm_type`, `RTN_*`.
public struct RouteType: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Not said.
    public static var unspecified: Self { Self(rawValue: 0) }  // RTN_UNSPEC
    /// Forwards to a gateway or a link.
    public static var unicast: Self { Self(rawValue: 1) }  // RTN_UNICAST
    /// Delivers here.
    public static var local: Self { Self(rawValue: 2) }  // RTN_LOCAL
    /// Delivers here as broadcast, sends as broadcast.
    public static var broadcast: Self { Self(rawValue: 3) }  // RTN_BROADCAST
    /// Delivers here as broadcast, sends as unicast.
    public static var anycast: Self { Self(rawValue: 4) }  // RTN_ANYCAST
    /// Multicast.
    public static var multicast: Self { Self(rawValue: 5) }  // RTN_MULTICAST
    /// Drops silently.
    public static var blackhole: Self { Self(rawValue: 6) }  // RTN_BLACKHOLE
    /// Drops, saying unreachable.
    public static var unreachable: Self { Self(rawValue: 7) }  // RTN_UNREACHABLE
    /// Drops, saying prohibited.
    public static var prohibit: Self { Self(rawValue: 8) }  // RTN_PROHIBIT
    /// Ends the lookup in this table.
    public static var `throw`: Self { Self(rawValue: 9) }  // RTN_THROW
    /// Translates; gone from the kernel.
    public static var nat: Self { Self(rawValue: 10) }  // RTN_NAT
    /// An external resolver decides; never implemented.
    public static var externalResolve: Self { Self(rawValue: 11) }  // RTN_XRESOLVE
}

/// How far away destinations are.
///
/// Kernel: `rtm_scope`, `RT_SCOPE_*`; smaller is farther.
public struct RouteScope: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Anywhere; `global` in iproute2.
    public static var universe: Self { Self(rawValue: 0) }  // RT_SCOPE_UNIVERSE
    /// Inside the site.
    public static var site: Self { Self(rawValue: 200) }  // RT_SCOPE_SITE
    /// On a link of this host.
    public static var link: Self { Self(rawValue: 253) }  // RT_SCOPE_LINK
    /// This host.
    public static var host: Self { Self(rawValue: 254) }  // RT_SCOPE_HOST
    /// Nowhere; when deleting, any scope.
    public static var nowhere: Self { Self(rawValue: 255) }  // RT_SCOPE_NOWHERE
}

/// A routing table.
///
/// Kernel: `RTA_TABLE`, `u32`, or `rtm_table`, `u8`.
public struct RoutingTable: RawRepresentable, Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// The kernel's number.
    public let rawValue: UInt32
    /// Takes any number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    /// Takes a literal.
    public init(integerLiteral value: UInt32) { rawValue = value }

    /// Any table, in lookups and filters.
    public static var unspecified: Self { Self(rawValue: 0) }  // RT_TABLE_UNSPEC
    /// Stands in the 8-bit field for tables above 255.
    public static var compatibility: Self { Self(rawValue: 252) }  // RT_TABLE_COMPAT
    /// The table looked up last; `default` in iproute2.
    public static var defaults: Self { Self(rawValue: 253) }  // RT_TABLE_DEFAULT
    /// The ordinary table.
    public static var main: Self { Self(rawValue: 254) }  // RT_TABLE_MAIN
    /// Local and broadcast addresses.
    public static var local: Self { Self(rawValue: 255) }  // RT_TABLE_LOCAL
}

/// Flags of a route and of its next hop.
///
/// Kernel: `rtm_flags`, `RTM_F_*` and `RTNH_F_*`.
public struct RouteFlags: OptionSet, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt32
    /// Takes any number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The next hop is dead.
    public static var dead: Self { Self(rawValue: 1) }  // RTNH_F_DEAD
    /// The gateway is looked up recursively.
    public static var pervasive: Self { Self(rawValue: 2) }  // RTNH_F_PERVASIVE
    /// The gateway is on the link, whatever the addresses say.
    public static var onLink: Self { Self(rawValue: 4) }  // RTNH_F_ONLINK
    /// The next hop is offloaded.
    public static var nextHopOffload: Self { Self(rawValue: 8) }  // RTNH_F_OFFLOAD
    /// The link of the next hop has no carrier.
    public static var linkDown: Self { Self(rawValue: 16) }  // RTNH_F_LINKDOWN
    /// The entry is unresolved (multicast).
    public static var unresolved: Self { Self(rawValue: 32) }  // RTNH_F_UNRESOLVED
    /// The next hop traps packets.
    public static var nextHopTrap: Self { Self(rawValue: 64) }  // RTNH_F_TRAP
    /// Tell when the route changes.
    public static var notify: Self { Self(rawValue: 256) }  // RTM_F_NOTIFY
    /// The route is a clone, from a lookup.
    public static var cloned: Self { Self(rawValue: 512) }  // RTM_F_CLONED
    /// Multipath equalizer; not implemented.
    public static var equalize: Self { Self(rawValue: 1024) }  // RTM_F_EQUALIZE
    /// Only prefix routes.
    public static var prefix: Self { Self(rawValue: 2048) }  // RTM_F_PREFIX
    /// A lookup returns its table.
    public static var lookupTable: Self { Self(rawValue: 4096) }  // RTM_F_LOOKUP_TABLE
    /// A lookup returns the route itself, not a clone.
    public static var fibMatch: Self { Self(rawValue: 8192) }  // RTM_F_FIB_MATCH
    /// The route is offloaded.
    public static var offload: Self { Self(rawValue: 16384) }  // RTM_F_OFFLOAD
    /// The route traps packets.
    public static var trap: Self { Self(rawValue: 32768) }  // RTM_F_TRAP
    /// Offloading failed.
    public static var offloadFailed: Self { Self(rawValue: 536_870_912) }  // RTM_F_OFFLOAD_FAILED

    /// What the kernel only reports; never sent when a route is made.
    static var reported: Self {
        [
            .dead, .nextHopOffload, .linkDown, .unresolved, .nextHopTrap, .cloned, .offload, .trap, .offloadFailed,
        ]
    }
}

/// How an IPv6 router is preferred.
///
/// Kernel: `RTA_PREF`, `ICMPV6_ROUTER_PREF_*`.
public struct RouterPreference: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// As others.
    public static var medium: Self { Self(rawValue: 0) }  // ICMPV6_ROUTER_PREF_MEDIUM
    /// Before others.
    public static var high: Self { Self(rawValue: 1) }  // ICMPV6_ROUTER_PREF_HIGH
    /// Not valid.
    public static var invalid: Self { Self(rawValue: 2) }  // ICMPV6_ROUTER_PREF_INVALID
    /// After others.
    public static var low: Self { Self(rawValue: 3) }  // ICMPV6_ROUTER_PREF_LOW
}
