// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// Attributes of a rule message.
struct RuleAttribute: AttributeID {
    let rawValue: UInt16

    static var destination: Self { Self(rawValue: 1) }  // FRA_DST
    static var source: Self { Self(rawValue: 2) }  // FRA_SRC
    static var inputName: Self { Self(rawValue: 3) }  // FRA_IIFNAME
    static var target: Self { Self(rawValue: 4) }  // FRA_GOTO
    static var priority: Self { Self(rawValue: 6) }  // FRA_PRIORITY
    static var mark: Self { Self(rawValue: 10) }  // FRA_FWMARK
    static var realms: Self { Self(rawValue: 11) }  // FRA_FLOW
    static var tunnelID: Self { Self(rawValue: 12) }  // FRA_TUN_ID
    static var suppressedGroup: Self { Self(rawValue: 13) }  // FRA_SUPPRESS_IFGROUP
    static var suppressedPrefixLength: Self { Self(rawValue: 14) }  // FRA_SUPPRESS_PREFIXLEN
    static var table: Self { Self(rawValue: 15) }  // FRA_TABLE
    static var markMask: Self { Self(rawValue: 16) }  // FRA_FWMASK
    static var outputName: Self { Self(rawValue: 17) }  // FRA_OIFNAME
    static var padding: Self { Self(rawValue: 18) }  // FRA_PAD
    static var l3Master: Self { Self(rawValue: 19) }  // FRA_L3MDEV
    static var users: Self { Self(rawValue: 20) }  // FRA_UID_RANGE
    static var origin: Self { Self(rawValue: 21) }  // FRA_PROTOCOL
    static var ipProtocol: Self { Self(rawValue: 22) }  // FRA_IP_PROTO
    static var sourcePorts: Self { Self(rawValue: 23) }  // FRA_SPORT_RANGE
    static var destinationPorts: Self { Self(rawValue: 24) }  // FRA_DPORT_RANGE
    static var dscp: Self { Self(rawValue: 25) }  // FRA_DSCP
    static var flowLabel: Self { Self(rawValue: 26) }  // FRA_FLOWLABEL
    static var flowLabelMask: Self { Self(rawValue: 27) }  // FRA_FLOWLABEL_MASK
    static var sourcePortMask: Self { Self(rawValue: 28) }  // FRA_SPORT_MASK
    static var destinationPortMask: Self { Self(rawValue: 29) }  // FRA_DPORT_MASK
    static var dscpMask: Self { Self(rawValue: 30) }  // FRA_DSCP_MASK
}

/// The fixed header of a rule message.
struct RuleHeader: Hashable, Sendable {
    static let byteCount = 12  // sizeof(struct fib_rule_hdr)

    var family = AddressFamily.unspecified
    var destinationLength: UInt8 = 0
    var sourceLength: UInt8 = 0
    var typeOfService: UInt8 = 0
    var table: UInt8 = 0
    var action: UInt8 = 0
    var flags: UInt32 = 0

    init() {}

    init(_ message: borrowing Message) throws(DecodeError) {
        family = AddressFamily(rawValue: try message.field(0, UInt8.self))  // struct fib_rule_hdr.family
        destinationLength = try message.field(1, UInt8.self)  // struct fib_rule_hdr.dst_len
        sourceLength = try message.field(2, UInt8.self)  // struct fib_rule_hdr.src_len
        typeOfService = try message.field(3, UInt8.self)  // struct fib_rule_hdr.tos
        table = try message.field(4, UInt8.self)  // struct fib_rule_hdr.table
        action = try message.field(7, UInt8.self)  // struct fib_rule_hdr.action
        flags = try message.field(8, UInt32.self)  // struct fib_rule_hdr.flags
    }

    func encode(into writer: inout MessageWriter) {
        writer.structure(Self.byteCount) { structure in
            structure.store(family.rawValue, at: 0)  // struct fib_rule_hdr.family
            structure.store(destinationLength, at: 1)  // struct fib_rule_hdr.dst_len
            structure.store(sourceLength, at: 2)  // struct fib_rule_hdr.src_len
            structure.store(typeOfService, at: 3)  // struct fib_rule_hdr.tos
            structure.store(table, at: 4)  // struct fib_rule_hdr.table
            structure.store(action, at: 7)  // struct fib_rule_hdr.action
            structure.store(flags, at: 8)  // struct fib_rule_hdr.flags
        }
    }
}
