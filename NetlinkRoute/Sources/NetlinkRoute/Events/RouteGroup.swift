// SPDX-License-Identifier: Apache-2.0

/// A group of rtnetlink's notifications.
///
/// Kernel: `RTNLGRP_*`.
public struct RouteGroup: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt32
    /// Takes any number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Links.
    public static var link: Self { Self(rawValue: 1) }  // RTNLGRP_LINK
    /// Not used by kernels to date.
    public static var notify: Self { Self(rawValue: 2) }  // RTNLGRP_NOTIFY
    /// Neighbours and forwarding entries.
    public static var neighbor: Self { Self(rawValue: 3) }  // RTNLGRP_NEIGH
    /// Queueing disciplines, classes, filters and actions.
    public static var trafficControl: Self { Self(rawValue: 4) }  // RTNLGRP_TC
    /// IPv4 addresses.
    public static var ipv4Address: Self { Self(rawValue: 5) }  // RTNLGRP_IPV4_IFADDR
    /// IPv4 multicast routes.
    public static var ipv4MulticastRoute: Self { Self(rawValue: 6) }  // RTNLGRP_IPV4_MROUTE
    /// IPv4 routes.
    public static var ipv4Route: Self { Self(rawValue: 7) }  // RTNLGRP_IPV4_ROUTE
    /// IPv4 rules.
    public static var ipv4Rule: Self { Self(rawValue: 8) }  // RTNLGRP_IPV4_RULE
    /// IPv6 addresses.
    public static var ipv6Address: Self { Self(rawValue: 9) }  // RTNLGRP_IPV6_IFADDR
    /// IPv6 multicast routes.
    public static var ipv6MulticastRoute: Self { Self(rawValue: 10) }  // RTNLGRP_IPV6_MROUTE
    /// IPv6 routes.
    public static var ipv6Route: Self { Self(rawValue: 11) }  // RTNLGRP_IPV6_ROUTE
    /// What IPv6 knows of links.
    public static var ipv6LinkInformation: Self { Self(rawValue: 12) }  // RTNLGRP_IPV6_IFINFO
    /// Prefixes that routers announce.
    public static var ipv6Prefix: Self { Self(rawValue: 18) }  // RTNLGRP_IPV6_PREFIX
    /// IPv6 rules.
    public static var ipv6Rule: Self { Self(rawValue: 19) }  // RTNLGRP_IPV6_RULE
    /// Options of routers for programs, such as name servers.
    public static var ipv6UserOption: Self { Self(rawValue: 20) }  // RTNLGRP_ND_USEROPT
    /// Phonet addresses.
    public static var phonetAddress: Self { Self(rawValue: 21) }  // RTNLGRP_PHONET_IFADDR
    /// Phonet routes.
    public static var phonetRoute: Self { Self(rawValue: 22) }  // RTNLGRP_PHONET_ROUTE
    /// Data center bridging.
    public static var dataCenterBridging: Self { Self(rawValue: 23) }  // RTNLGRP_DCB
    /// IPv4 settings of links.
    public static var ipv4Configuration: Self { Self(rawValue: 24) }  // RTNLGRP_IPV4_NETCONF
    /// IPv6 settings of links.
    public static var ipv6Configuration: Self { Self(rawValue: 25) }  // RTNLGRP_IPV6_NETCONF
    /// Multicast groups of bridges.
    public static var multicastDatabase: Self { Self(rawValue: 26) }  // RTNLGRP_MDB
    /// MPLS routes.
    public static var mplsRoute: Self { Self(rawValue: 27) }  // RTNLGRP_MPLS_ROUTE
    /// Ids of namespaces.
    public static var namespaceID: Self { Self(rawValue: 28) }  // RTNLGRP_NSID
    /// MPLS settings of links.
    public static var mplsConfiguration: Self { Self(rawValue: 29) }  // RTNLGRP_MPLS_NETCONF
    /// Packets without an IPv4 multicast route; takes the capability CAP_NET_ADMIN.
    public static var ipv4MulticastRouteReport: Self { Self(rawValue: 30) }  // RTNLGRP_IPV4_MROUTE_R
    /// Packets without an IPv6 multicast route; takes the capability CAP_NET_ADMIN.
    public static var ipv6MulticastRouteReport: Self { Self(rawValue: 31) }  // RTNLGRP_IPV6_MROUTE_R
    /// Next hop objects.
    public static var nextHop: Self { Self(rawValue: 32) }  // RTNLGRP_NEXTHOP
    /// VLANs of bridges.
    public static var bridgeVLAN: Self { Self(rawValue: 33) }  // RTNLGRP_BRVLAN
    /// MCTP addresses.
    public static var mctpAddress: Self { Self(rawValue: 34) }  // RTNLGRP_MCTP_IFADDR
    /// Network numbers that a tunnel filters.
    public static var tunnel: Self { Self(rawValue: 35) }  // RTNLGRP_TUNNEL
    /// Statistics that hardware takes.
    public static var statistics: Self { Self(rawValue: 36) }  // RTNLGRP_STATS
    /// IPv4 multicast addresses of links; since Linux 6.14.
    public static var ipv4MulticastAddress: Self { Self(rawValue: 37) }  // RTNLGRP_IPV4_MCADDR
    /// IPv6 multicast addresses of links; since Linux 6.14.
    public static var ipv6MulticastAddress: Self { Self(rawValue: 38) }  // RTNLGRP_IPV6_MCADDR
    /// IPv6 anycast addresses of links; since Linux 6.15.
    public static var ipv6AnycastAddress: Self { Self(rawValue: 39) }  // RTNLGRP_IPV6_ACADDR

    /// The groups of what ``RouteEvent`` decodes: links, addresses, routes, neighbours, rules, namespace ids.
    public static var decoded: [RouteGroup] {
        [
            .link, .ipv4Address, .ipv6Address, .ipv4Route, .ipv6Route, .mplsRoute, .ipv4MulticastRoute,
            .ipv6MulticastRoute, .neighbor, .ipv4Rule, .ipv6Rule, .namespaceID,
        ]
    }
}
