// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// Attributes of a message about actions.
struct ActionMessageAttribute: AttributeID {
    let rawValue: UInt16

    // Nest: [ActionAttribute]
    static var table: Self { Self(rawValue: 1) }  // TCA_ROOT_TAB
    static var flags: Self { Self(rawValue: 2) }  // TCA_ROOT_FLAGS
    static var count: Self { Self(rawValue: 3) }  // TCA_ROOT_COUNT
    static var timeDelta: Self { Self(rawValue: 4) }  // TCA_ROOT_TIME_DELTA
    static var warning: Self { Self(rawValue: 5) }  // TCA_ROOT_EXT_WARN_MSG
}

/// Attributes of one action.
struct ActionAttribute: AttributeID {
    let rawValue: UInt16

    static var kindID: UInt16? { kind.rawValue }
    static func nest(in id: UInt16, kind: String) -> AttributeSchema? {
        id == options.rawValue ? ActionKinds.schema(of: kind) : nil
    }

    static var kind: Self { Self(rawValue: 1) }  // TCA_ACT_KIND
    static var options: Self { Self(rawValue: 2) }  // TCA_ACT_OPTIONS
    static var index: Self { Self(rawValue: 3) }  // TCA_ACT_INDEX
    // Nest: StatisticsAttribute
    static var statistics: Self { Self(rawValue: 4) }  // TCA_ACT_STATS
    static var padding: Self { Self(rawValue: 5) }  // TCA_ACT_PAD
    static var cookie: Self { Self(rawValue: 6) }  // TCA_ACT_COOKIE
    static var flags: Self { Self(rawValue: 7) }  // TCA_ACT_FLAGS
    static var hardwareStatistics: Self { Self(rawValue: 8) }  // TCA_ACT_HW_STATS
    static var usedHardwareStatistics: Self { Self(rawValue: 9) }  // TCA_ACT_USED_HW_STATS
    static var hardwareCount: Self { Self(rawValue: 10) }  // TCA_ACT_IN_HW_COUNT
}

/// The fixed header of a message about actions.
enum ActionHeader {
    static let byteCount = 4  // sizeof(struct tcamsg)

    static func encode(into writer: inout MessageWriter) {
        // Whatever is sent can be described, and the path of an attribute that the kernel refuses named.
        TCSchema.register()
        writer.structure(byteCount) { _ in }
    }
}
