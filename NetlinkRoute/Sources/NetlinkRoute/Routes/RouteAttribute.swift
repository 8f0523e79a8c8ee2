// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// Attributes of a route message.
struct RouteAttribute: AttributeID {
    let rawValue: UInt16

    static var destination: Self { Self(rawValue: 1) }  // RTA_DST
    static var source: Self { Self(rawValue: 2) }  // RTA_SRC
    static var inputInterface: Self { Self(rawValue: 3) }  // RTA_IIF
    static var outputInterface: Self { Self(rawValue: 4) }  // RTA_OIF
    static var gateway: Self { Self(rawValue: 5) }  // RTA_GATEWAY
    static var priority: Self { Self(rawValue: 6) }  // RTA_PRIORITY
    static var preferredSource: Self { Self(rawValue: 7) }  // RTA_PREFSRC
    // Nest: RouteMetricAttribute
    static var metrics: Self { Self(rawValue: 8) }  // RTA_METRICS
    static var multipath: Self { Self(rawValue: 9) }  // RTA_MULTIPATH
    static var realms: Self { Self(rawValue: 11) }  // RTA_FLOW
    static var cacheInformation: Self { Self(rawValue: 12) }  // RTA_CACHEINFO
    static var table: Self { Self(rawValue: 15) }  // RTA_TABLE
    static var mark: Self { Self(rawValue: 16) }  // RTA_MARK
    static var multicastStatistics: Self { Self(rawValue: 17) }  // RTA_MFC_STATS
    static var via: Self { Self(rawValue: 18) }  // RTA_VIA
    static var newDestination: Self { Self(rawValue: 19) }  // RTA_NEWDST
    static var preference: Self { Self(rawValue: 20) }  // RTA_PREF
    static var encapsulationType: Self { Self(rawValue: 21) }  // RTA_ENCAP_TYPE
    static var encapsulation: Self { Self(rawValue: 22) }  // RTA_ENCAP
    static var expires: Self { Self(rawValue: 23) }  // RTA_EXPIRES
    static var padding: Self { Self(rawValue: 24) }  // RTA_PAD
    static var user: Self { Self(rawValue: 25) }  // RTA_UID
    static var ttlPropagation: Self { Self(rawValue: 26) }  // RTA_TTL_PROPAGATE
    static var ipProtocol: Self { Self(rawValue: 27) }  // RTA_IP_PROTO
    static var sourcePort: Self { Self(rawValue: 28) }  // RTA_SPORT
    static var destinationPort: Self { Self(rawValue: 29) }  // RTA_DPORT
    static var nextHopID: Self { Self(rawValue: 30) }  // RTA_NH_ID
    static var flowLabel: Self { Self(rawValue: 31) }  // RTA_FLOWLABEL
}

/// Attributes inside `RTA_METRICS`.
struct RouteMetricAttribute: AttributeID {
    let rawValue: UInt16

    static var lock: Self { Self(rawValue: 1) }  // RTAX_LOCK
    static var mtu: Self { Self(rawValue: 2) }  // RTAX_MTU
    static var window: Self { Self(rawValue: 3) }  // RTAX_WINDOW
    static var roundTripTime: Self { Self(rawValue: 4) }  // RTAX_RTT
    static var roundTripVariance: Self { Self(rawValue: 5) }  // RTAX_RTTVAR
    static var slowStartThreshold: Self { Self(rawValue: 6) }  // RTAX_SSTHRESH
    static var congestionWindow: Self { Self(rawValue: 7) }  // RTAX_CWND
    static var advertisedSegment: Self { Self(rawValue: 8) }  // RTAX_ADVMSS
    static var reordering: Self { Self(rawValue: 9) }  // RTAX_REORDERING
    static var hopLimit: Self { Self(rawValue: 10) }  // RTAX_HOPLIMIT
    static var initialCongestionWindow: Self { Self(rawValue: 11) }  // RTAX_INITCWND
    static var features: Self { Self(rawValue: 12) }  // RTAX_FEATURES
    static var minimumRetransmission: Self { Self(rawValue: 13) }  // RTAX_RTO_MIN
    static var initialReceiveWindow: Self { Self(rawValue: 14) }  // RTAX_INITRWND
    static var quickAcknowledge: Self { Self(rawValue: 15) }  // RTAX_QUICKACK
    static var congestionAlgorithm: Self { Self(rawValue: 16) }  // RTAX_CC_ALGO
    static var fastOpenNoCookie: Self { Self(rawValue: 17) }  // RTAX_FASTOPEN_NO_COOKIE
}
