// SPDX-License-Identifier: Apache-2.0

/// One of a link's IPv4 options, which are also files below `/proc/sys/net/ipv4/conf`.
///
/// Kernel: `IPV4_DEVCONF_*`.
public struct IPv4LinkOption: LinkOption {
    /// The kernel's number.
    public let rawValue: UInt16
    /// Takes any number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Whether packets are forwarded.
    public static var forwarding: Self { Self(rawValue: 1) }  // IPV4_DEVCONF_FORWARDING
    /// Whether multicast packets are forwarded; set by multicast routing daemons only.
    public static var multicastForwarding: Self { Self(rawValue: 2) }  // IPV4_DEVCONF_MC_FORWARDING
    /// Whether ARP requests for hosts behind other links are answered.
    public static var proxyARP: Self { Self(rawValue: 3) }  // IPV4_DEVCONF_PROXY_ARP
    /// Whether ICMP redirects are taken.
    public static var acceptRedirects: Self { Self(rawValue: 4) }  // IPV4_DEVCONF_ACCEPT_REDIRECTS
    /// Whether ICMP redirects are taken to known gateways only.
    public static var secureRedirects: Self { Self(rawValue: 5) }  // IPV4_DEVCONF_SECURE_REDIRECTS
    /// Whether ICMP redirects are sent.
    public static var sendRedirects: Self { Self(rawValue: 6) }  // IPV4_DEVCONF_SEND_REDIRECTS
    /// Whether all networks of the link are on one medium.
    public static var sharedMedia: Self { Self(rawValue: 7) }  // IPV4_DEVCONF_SHARED_MEDIA
    /// Whether packets must come in where answers leave: 0 no, 1 strictly, 2 loosely.
    public static var reversePathFilter: Self { Self(rawValue: 8) }  // IPV4_DEVCONF_RP_FILTER
    /// Whether packets with a source route are taken.
    public static var acceptSourceRoute: Self { Self(rawValue: 9) }  // IPV4_DEVCONF_ACCEPT_SOURCE_ROUTE
    /// Whether packets from 0.x.x.x are accepted for a relay; not implemented.
    public static var bootpRelay: Self { Self(rawValue: 10) }  // IPV4_DEVCONF_BOOTP_RELAY
    /// Whether packets with impossible addresses are logged.
    public static var logMartians: Self { Self(rawValue: 11) }  // IPV4_DEVCONF_LOG_MARTIANS
    /// A number for programs.
    public static var tag: Self { Self(rawValue: 12) }  // IPV4_DEVCONF_TAG
    /// Whether ARP is answered only where packets to the asker leave.
    public static var arpFilter: Self { Self(rawValue: 13) }  // IPV4_DEVCONF_ARPFILTER
    /// The medium, for proxy ARP between links: 0 the only one, -1 unknown.
    public static var mediumID: Self { Self(rawValue: 14) }  // IPV4_DEVCONF_MEDIUM_ID
    /// Whether IPsec is off.
    public static var noTransforms: Self { Self(rawValue: 15) }  // IPV4_DEVCONF_NOXFRM
    /// Whether IPsec policies are off.
    public static var noPolicy: Self { Self(rawValue: 16) }  // IPV4_DEVCONF_NOPOLICY
    /// The IGMP version; 0 for the network's.
    public static var igmpVersion: Self { Self(rawValue: 17) }  // IPV4_DEVCONF_FORCE_IGMP_VERSION
    /// Which source address ARP requests have: 0 any, 1 the target's network's if possible, 2 the best.
    public static var arpAnnounce: Self { Self(rawValue: 18) }  // IPV4_DEVCONF_ARP_ANNOUNCE
    /// To which targets ARP requests are answered, 0 to 8.
    public static var arpIgnore: Self { Self(rawValue: 19) }  // IPV4_DEVCONF_ARP_IGNORE
    /// Whether a secondary address becomes primary when that is removed.
    public static var promoteSecondaries: Self { Self(rawValue: 20) }  // IPV4_DEVCONF_PROMOTE_SECONDARIES
    /// Whether unasked ARP makes neighbours: 0 no, 1 yes, 2 of the same network.
    public static var arpAccept: Self { Self(rawValue: 21) }  // IPV4_DEVCONF_ARP_ACCEPT
    /// Whether ARP is sent when the link comes up or its address changes.
    public static var arpNotify: Self { Self(rawValue: 22) }  // IPV4_DEVCONF_ARP_NOTIFY
    /// Whether packets with a local source address are taken.
    public static var acceptLocal: Self { Self(rawValue: 23) }  // IPV4_DEVCONF_ACCEPT_LOCAL
    /// Whether the mark counts in reverse path lookups.
    public static var sourceMark: Self { Self(rawValue: 24) }  // IPV4_DEVCONF_SRC_VMARK
    /// Whether ARP requests are answered for hosts on the same link.
    public static var proxyARPPrivateVLAN: Self { Self(rawValue: 25) }  // IPV4_DEVCONF_PROXY_ARP_PVLAN
    /// Whether loopback addresses may be routed.
    public static var routeLocalnet: Self { Self(rawValue: 26) }  // IPV4_DEVCONF_ROUTE_LOCALNET
    /// The time between unasked IGMPv2 reports, in milliseconds.
    public static var igmpV2Interval: Self { Self(rawValue: 27) }  // IPV4_DEVCONF_IGMPV2_UNSOLICITED_REPORT_INTERVAL
    /// The time between unasked IGMPv3 reports, in milliseconds.
    public static var igmpV3Interval: Self { Self(rawValue: 28) }  // IPV4_DEVCONF_IGMPV3_UNSOLICITED_REPORT_INTERVAL
    /// Whether routes are not used while the link has no carrier.
    public static var ignoreRoutesWithLinkDown: Self { Self(rawValue: 29) }  // IPV4_DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN
    /// Whether unicast packets in multicast frames are dropped.
    public static var dropUnicastInMulticast: Self { Self(rawValue: 30) }  // IPV4_DEVCONF_DROP_UNICAST_IN_L2_MULTICAST
    /// Whether unasked ARP is dropped.
    public static var dropGratuitousARP: Self { Self(rawValue: 31) }  // IPV4_DEVCONF_DROP_GRATUITOUS_ARP
    /// Whether directed broadcasts are forwarded.
    public static var broadcastForwarding: Self { Self(rawValue: 32) }  // IPV4_DEVCONF_BC_FORWARDING
    /// Whether neighbours are forgotten when the carrier is lost.
    public static var arpEvictWithoutCarrier: Self { Self(rawValue: 33) }  // IPV4_DEVCONF_ARP_EVICT_NOCARRIER
}
