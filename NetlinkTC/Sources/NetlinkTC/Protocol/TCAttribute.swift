// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// Attributes of messages about queueing disciplines, classes, filters and chains.
struct TCAttribute: AttributeID {
    let rawValue: UInt16

    static var kindID: UInt16? { kind.rawValue }
    static func nest(in id: UInt16, kind: String) -> AttributeSchema? {
        id == options.rawValue ? TCSchema.options(of: kind) : nil
    }

    static var kind: Self { Self(rawValue: 1) }  // TCA_KIND
    static var options: Self { Self(rawValue: 2) }  // TCA_OPTIONS
    static var legacyStatistics: Self { Self(rawValue: 3) }  // TCA_STATS
    static var kindStatistics: Self { Self(rawValue: 4) }  // TCA_XSTATS
    static var estimator: Self { Self(rawValue: 5) }  // TCA_RATE
    static var filterCount: Self { Self(rawValue: 6) }  // TCA_FCNT
    // Nest: StatisticsAttribute
    static var statistics: Self { Self(rawValue: 7) }  // TCA_STATS2
    // Nest: SizeTableAttribute
    static var sizeTable: Self { Self(rawValue: 8) }  // TCA_STAB
    static var padding: Self { Self(rawValue: 9) }  // TCA_PAD
    static var showsInvisible: Self { Self(rawValue: 10) }  // TCA_DUMP_INVISIBLE
    static var chain: Self { Self(rawValue: 11) }  // TCA_CHAIN
    static var isOffloaded: Self { Self(rawValue: 12) }  // TCA_HW_OFFLOAD
    static var ingressBlock: Self { Self(rawValue: 13) }  // TCA_INGRESS_BLOCK
    static var egressBlock: Self { Self(rawValue: 14) }  // TCA_EGRESS_BLOCK
    static var dumpFlags: Self { Self(rawValue: 15) }  // TCA_DUMP_FLAGS
    static var warning: Self { Self(rawValue: 16) }  // TCA_EXT_WARN_MSG
}

/// Attributes inside `TCA_STATS2` and `TCA_ACT_STATS`.
struct StatisticsAttribute: AttributeID {
    let rawValue: UInt16

    static var basic: Self { Self(rawValue: 1) }  // TCA_STATS_BASIC
    static var rate: Self { Self(rawValue: 2) }  // TCA_STATS_RATE_EST
    static var queue: Self { Self(rawValue: 3) }  // TCA_STATS_QUEUE
    static var kind: Self { Self(rawValue: 4) }  // TCA_STATS_APP
    static var rate64: Self { Self(rawValue: 5) }  // TCA_STATS_RATE_EST64
    static var padding: Self { Self(rawValue: 6) }  // TCA_STATS_PAD
    static var basicHardware: Self { Self(rawValue: 7) }  // TCA_STATS_BASIC_HW
    static var packets64: Self { Self(rawValue: 8) }  // TCA_STATS_PKT64
}

/// Attributes inside `TCA_STAB`.
struct SizeTableAttribute: AttributeID {
    let rawValue: UInt16

    static var base: Self { Self(rawValue: 1) }  // TCA_STAB_BASE
    static var data: Self { Self(rawValue: 2) }  // TCA_STAB_DATA
}
