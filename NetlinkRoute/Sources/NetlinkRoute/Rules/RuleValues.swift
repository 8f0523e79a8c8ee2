// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// What a rule does with the packets for which it holds.
///
/// Kernel: `action` of `struct fib_rule_hdr`, `FR_ACT_*`.
public struct RuleAction: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Not said; when removing, any.
    public static var unspecified: Self { Self(rawValue: 0) }  // FR_ACT_UNSPEC
    /// Looks in a table.
    public static var lookup: Self { Self(rawValue: 1) }  // FR_ACT_TO_TBL
    /// Goes on with the rule of another priority.
    public static var goto: Self { Self(rawValue: 2) }  // FR_ACT_GOTO
    /// Does nothing.
    public static var nop: Self { Self(rawValue: 3) }  // FR_ACT_NOP
    /// Drops silently.
    public static var blackhole: Self { Self(rawValue: 6) }  // FR_ACT_BLACKHOLE
    /// Drops, saying unreachable.
    public static var unreachable: Self { Self(rawValue: 7) }  // FR_ACT_UNREACHABLE
    /// Drops, saying prohibited.
    public static var prohibit: Self { Self(rawValue: 8) }  // FR_ACT_PROHIBIT
}

/// How a rule holds, and what became of it.
///
/// Kernel: `flags` of `struct fib_rule_hdr`, `FIB_RULE_*`.
public struct RuleFlags: OptionSet, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt32
    /// Takes any number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Cannot be removed; reported only.
    public static var permanent: Self { Self(rawValue: 1) }  // FIB_RULE_PERMANENT
    /// Holds for packets that do not fit.
    public static var inverted: Self { Self(rawValue: 2) }  // FIB_RULE_INVERT
    /// The rule to go on with is missing; reported only.
    public static var unresolved: Self { Self(rawValue: 4) }  // FIB_RULE_UNRESOLVED
    /// The link of arrival is missing; reported only.
    public static var inputDetached: Self { Self(rawValue: 8) }  // FIB_RULE_IIF_DETACHED
    /// The link of departure is missing; reported only.
    public static var outputDetached: Self { Self(rawValue: 16) }  // FIB_RULE_OIF_DETACHED
    /// Looks for a source address too.
    public static var findSourceAddress: Self { Self(rawValue: 65536) }  // FIB_RULE_FIND_SADDR

    /// The flags that the kernel only reports; they are never sent.
    public static var reported: Self { [.permanent, .unresolved, .inputDetached, .outputDetached] }
}

/// A number of which only some bits count.
///
/// Kernel: `FRA_FWMARK` and `FRA_FWMASK`, or `FRA_FLOWLABEL` and `FRA_FLOWLABEL_MASK`, `u32` each.
public struct RuleMark: Hashable, Sendable {
    /// What the bits are compared with.
    public var value: UInt32
    /// Which bits count; nil for all of them.
    public var mask: UInt32?

    /// Compares the bits of a mask.
    public init(_ value: UInt32, mask: UInt32? = nil) {
        self.value = value
        self.mask = mask
    }
}

/// A code point of differentiated services, of which perhaps only some bits count.
///
/// Kernel: `FRA_DSCP` and `FRA_DSCP_MASK`, `u8` each.
public struct RuleCodePoint: Hashable, Sendable {
    /// The code point, 0 to 63.
    public var value: UInt8
    /// Which bits count, nil for all of them; since Linux 6.15.
    public var mask: UInt8?

    /// Compares the bits of a mask.
    public init(_ value: UInt8, mask: UInt8? = nil) {
        self.value = value
        self.mask = mask
    }
}

/// Ports from one to another, or one port of which perhaps only some bits count.
///
/// Kernel: `struct fib_rule_port_range`, host byte order.
public struct RulePorts: Hashable, Sendable {
    /// The first port.
    public var first: UInt16
    /// The last port.
    public var last: UInt16
    /// Which bits count of a single port, nil for all of them.
    ///
    /// Since Linux 6.15, which reports it for each single port.
    public var mask: UInt16?

    /// All ports from one to another.
    public init(_ first: UInt16, through last: UInt16) {
        self.first = first
        self.last = last
    }

    /// One port.
    public init(_ port: UInt16, mask: UInt16? = nil) {
        first = port
        last = port
        self.mask = mask
    }

    init(_ span: RawSpan) throws(DecodeError) {
        first = try span.load(at: 0)  // struct fib_rule_port_range.start
        last = try span.load(at: 2)  // struct fib_rule_port_range.end
    }

    func encode(_ id: RuleAttribute, mask maskID: RuleAttribute, into writer: inout MessageWriter) {
        writer.put(id, structure: 4) { structure in  // sizeof(struct fib_rule_port_range)
            structure.store(first, at: 0)  // struct fib_rule_port_range.start
            structure.store(last, at: 2)  // struct fib_rule_port_range.end
        }
        writer.put(maskID, mask)
    }
}

/// Users from one to another.
///
/// Kernel: `struct fib_rule_uid_range`.
public struct RuleUsers: Hashable, Sendable {
    /// The first user's number.
    public var first: UInt32
    /// The last user's number.
    public var last: UInt32

    /// All users from one to another.
    public init(_ first: UInt32, through last: UInt32) {
        self.first = first
        self.last = last
    }

    init(_ span: RawSpan) throws(DecodeError) {
        first = try span.load(at: 0)  // struct fib_rule_uid_range.start
        last = try span.load(at: 4)  // struct fib_rule_uid_range.end
    }

    func encode(into writer: inout MessageWriter) {
        writer.put(RuleAttribute.users, structure: 8) { structure in  // sizeof(struct fib_rule_uid_range)
            structure.store(first, at: 0)  // struct fib_rule_uid_range.start
            structure.store(last, at: 4)  // struct fib_rule_uid_range.end
        }
    }
}
