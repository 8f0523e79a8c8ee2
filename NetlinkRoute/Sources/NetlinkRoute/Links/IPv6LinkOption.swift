// SPDX-License-Identifier: Apache-2.0

/// One of a link's IPv6 options, which are also files below `/proc/sys/net/ipv6/conf`.
///
/// Kernel: `DEVCONF_*`.
public struct IPv6LinkOption: LinkOption {
    /// The kernel's number.
    public let rawValue: UInt16
    /// Takes any number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Whether packets are forwarded.
    public static var forwarding: Self { Self(rawValue: 0) }  // DEVCONF_FORWARDING
    /// The hop limit of packets.
    public static var hopLimit: Self { Self(rawValue: 1) }  // DEVCONF_HOPLIMIT
    /// The MTU for IPv6.
    public static var mtu: Self { Self(rawValue: 2) }  // DEVCONF_MTU6
    /// Whether router advertisements are taken: 0 no, 1 when not forwarding, 2 always.
    public static var acceptRA: Self { Self(rawValue: 3) }  // DEVCONF_ACCEPT_RA
    /// Whether redirects are taken.
    public static var acceptRedirects: Self { Self(rawValue: 4) }  // DEVCONF_ACCEPT_REDIRECTS
    /// Whether addresses are made from advertised prefixes.
    public static var autoconfiguration: Self { Self(rawValue: 5) }  // DEVCONF_AUTOCONF
    /// How many probes duplicate address detection sends.
    public static var dadTransmits: Self { Self(rawValue: 6) }  // DEVCONF_DAD_TRANSMITS
    /// How many router solicitations are sent, -1 for any number.
    public static var routerSolicitations: Self { Self(rawValue: 7) }  // DEVCONF_RTR_SOLICITS
    /// The time between router solicitations, in milliseconds.
    public static var routerSolicitationInterval: Self { Self(rawValue: 8) }  // DEVCONF_RTR_SOLICIT_INTERVAL
    /// The time before the first router solicitation, in milliseconds.
    public static var routerSolicitationDelay: Self { Self(rawValue: 9) }  // DEVCONF_RTR_SOLICIT_DELAY
    /// Whether temporary addresses are made: 0 no, 1 yes, 2 and preferred.
    public static var temporaryAddresses: Self { Self(rawValue: 10) }  // DEVCONF_USE_TEMPADDR
    /// How long temporary addresses are valid, in seconds.
    public static var temporaryValidLifetime: Self { Self(rawValue: 11) }  // DEVCONF_TEMP_VALID_LFT
    /// How long temporary addresses are preferred, in seconds.
    public static var temporaryPreferredLifetime: Self { Self(rawValue: 12) }  // DEVCONF_TEMP_PREFERED_LFT
    /// How often a temporary address is tried.
    public static var regenerationRetries: Self { Self(rawValue: 13) }  // DEVCONF_REGEN_MAX_RETRY
    /// How much earlier temporary addresses end at most, in seconds.
    public static var maximumDesynchronization: Self { Self(rawValue: 14) }  // DEVCONF_MAX_DESYNC_FACTOR
    /// How many addresses are made from advertisements; 0 for any number.
    public static var maximumAddresses: Self { Self(rawValue: 15) }  // DEVCONF_MAX_ADDRESSES
    /// The MLD version; 0 for the network's.
    public static var mldVersion: Self { Self(rawValue: 16) }  // DEVCONF_FORCE_MLD_VERSION
    /// Whether default routers are taken from advertisements.
    public static var acceptRADefaultRouter: Self { Self(rawValue: 17) }  // DEVCONF_ACCEPT_RA_DEFRTR
    /// Whether prefixes are taken from advertisements.
    public static var acceptRAPrefixes: Self { Self(rawValue: 18) }  // DEVCONF_ACCEPT_RA_PINFO
    /// Whether router preferences are taken from advertisements.
    public static var acceptRARouterPreference: Self { Self(rawValue: 19) }  // DEVCONF_ACCEPT_RA_RTR_PREF
    /// The time between probes of a router, in milliseconds.
    public static var routerProbeInterval: Self { Self(rawValue: 20) }  // DEVCONF_RTR_PROBE_INTERVAL
    /// The longest prefix of routes taken from advertisements.
    public static var acceptRARouteMaximumLength: Self { Self(rawValue: 21) }  // DEVCONF_ACCEPT_RA_RT_INFO_MAX_PLEN
    /// Whether solicitations of proxied neighbours are answered.
    public static var proxyNDP: Self { Self(rawValue: 22) }  // DEVCONF_PROXY_NDP
    /// Whether addresses can be used while duplicates are looked for.
    public static var optimisticDAD: Self { Self(rawValue: 23) }  // DEVCONF_OPTIMISTIC_DAD
    /// Whether packets with a routing header are taken.
    public static var acceptSourceRoute: Self { Self(rawValue: 24) }  // DEVCONF_ACCEPT_SOURCE_ROUTE
    /// Whether multicast packets are forwarded; set by multicast routing daemons only.
    public static var multicastForwarding: Self { Self(rawValue: 25) }  // DEVCONF_MC_FORWARDING
    /// Whether IPv6 is off.
    public static var disabled: Self { Self(rawValue: 26) }  // DEVCONF_DISABLE_IPV6
    /// Whether duplicates are looked for: 0 no, 1 yes, 2 and IPv6 is turned off for one.
    public static var acceptDAD: Self { Self(rawValue: 27) }  // DEVCONF_ACCEPT_DAD
    /// Whether the target's hardware address is always in advertisements.
    public static var forceTargetAddressOption: Self { Self(rawValue: 28) }  // DEVCONF_FORCE_TLLAO
    /// Whether advertisements are sent when the link comes up or its address changes.
    public static var neighborNotify: Self { Self(rawValue: 29) }  // DEVCONF_NDISC_NOTIFY
    /// The time between unasked MLDv1 reports, in milliseconds.
    public static var mldV1Interval: Self { Self(rawValue: 30) }  // DEVCONF_MLDV1_UNSOLICITED_REPORT_INTERVAL
    /// The time between unasked MLDv2 reports, in milliseconds.
    public static var mldV2Interval: Self { Self(rawValue: 31) }  // DEVCONF_MLDV2_UNSOLICITED_REPORT_INTERVAL
    /// Whether fragmented neighbour discovery is dropped.
    public static var suppressFragmentedDiscovery: Self { Self(rawValue: 32) }  // DEVCONF_SUPPRESS_FRAG_NDISC
    /// Whether advertisements of this host are taken.
    public static var acceptRAFromLocal: Self { Self(rawValue: 33) }  // DEVCONF_ACCEPT_RA_FROM_LOCAL
    /// Whether optimistic addresses may be source addresses.
    public static var useOptimistic: Self { Self(rawValue: 34) }  // DEVCONF_USE_OPTIMISTIC
    /// Whether the MTU is taken from advertisements.
    public static var acceptRAMTU: Self { Self(rawValue: 35) }  // DEVCONF_ACCEPT_RA_MTU
    /// Not reported: the secret is read and written elsewhere.
    public static var stableSecret: Self { Self(rawValue: 36) }  // DEVCONF_STABLE_SECRET
    /// Whether source addresses are those of the link only.
    public static var useLinkAddressesOnly: Self { Self(rawValue: 37) }  // DEVCONF_USE_OIF_ADDRS_ONLY
    /// The least hop limit taken from advertisements.
    public static var acceptRAMinimumHopLimit: Self { Self(rawValue: 38) }  // DEVCONF_ACCEPT_RA_MIN_HOP_LIMIT
    /// Whether routes are not used while the link has no carrier.
    public static var ignoreRoutesWithLinkDown: Self { Self(rawValue: 39) }  // DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN
    /// Whether unicast packets in multicast frames are dropped.
    public static var dropUnicastInMulticast: Self { Self(rawValue: 40) }  // DEVCONF_DROP_UNICAST_IN_L2_MULTICAST
    /// Whether unasked neighbour advertisements are dropped.
    public static var dropUnsolicitedAdvertisements: Self { Self(rawValue: 41) }  // DEVCONF_DROP_UNSOLICITED_NA
    /// Whether addresses stay when the link goes down: 1 yes, -1 no, 0 as the namespace says.
    public static var keepAddressesOnDown: Self { Self(rawValue: 42) }  // DEVCONF_KEEP_ADDR_ON_DOWN
    /// The longest time between router solicitations, in milliseconds.
    public static var routerSolicitationLimit: Self { Self(rawValue: 43) }  // DEVCONF_RTR_SOLICIT_MAX_INTERVAL
    /// Whether packets with a segment routing header are taken.
    public static var segmentRouting: Self { Self(rawValue: 44) }  // DEVCONF_SEG6_ENABLED
    /// Whether segment routing headers must be signed: 0 if there is a signature, 1 always, -1 never.
    public static var segmentRoutingHMAC: Self { Self(rawValue: 45) }  // DEVCONF_SEG6_REQUIRE_HMAC
    /// Whether looped-back probes are told from duplicates.
    public static var enhancedDAD: Self { Self(rawValue: 46) }  // DEVCONF_ENHANCED_DAD
    /// How link-local addresses are made, as ``IPv6LinkSettings/addressGenerationMode``.
    public static var addressGenerationMode: Self { Self(rawValue: 47) }  // DEVCONF_ADDR_GEN_MODE
    /// Whether IPsec policies are off.
    public static var disablePolicy: Self { Self(rawValue: 48) }  // DEVCONF_DISABLE_POLICY
    /// The shortest prefix of routes taken from advertisements.
    public static var acceptRARouteMinimumLength: Self { Self(rawValue: 49) }  // DEVCONF_ACCEPT_RA_RT_INFO_MIN_PLEN
    /// The traffic class of neighbour discovery.
    public static var discoveryTrafficClass: Self { Self(rawValue: 50) }  // DEVCONF_NDISC_TCLASS
    /// Whether packets with an RPL source route are taken.
    public static var rplSegments: Self { Self(rawValue: 51) }  // DEVCONF_RPL_SEG_ENABLED
    /// The metric of default routes from advertisements.
    public static var raDefaultRouterMetric: Self { Self(rawValue: 52) }  // DEVCONF_RA_DEFRTR_METRIC
    /// Whether in-situ measurement is taken.
    public static var ioam: Self { Self(rawValue: 53) }  // DEVCONF_IOAM6_ENABLED
    /// The link's number in in-situ measurement.
    public static var ioamID: Self { Self(rawValue: 54) }  // DEVCONF_IOAM6_ID
    /// The link's wide number in in-situ measurement.
    public static var ioamWideID: Self { Self(rawValue: 55) }  // DEVCONF_IOAM6_ID_WIDE
    /// Whether neighbours are forgotten when the carrier is lost.
    public static var evictNeighborsWithoutCarrier: Self { Self(rawValue: 56) }  // DEVCONF_NDISC_EVICT_NOCARRIER
    /// Whether unasked advertisements make neighbours: 0 no, 1 yes, 2 of the same network.
    public static var acceptUntracked: Self { Self(rawValue: 57) }  // DEVCONF_ACCEPT_UNTRACKED_NA
    /// The shortest lifetime taken from advertisements, in seconds.
    public static var acceptRAMinimumLifetime: Self { Self(rawValue: 58) }  // DEVCONF_ACCEPT_RA_MIN_LFT
    /// Whether packets are forwarded whatever the namespace says.
    public static var forceForwarding: Self { Self(rawValue: 59) }  // DEVCONF_FORCE_FORWARDING
}
