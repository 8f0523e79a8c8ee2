// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What is done with packets that a filter finds.
///
/// A filter holds a list of actions. One without ``index`` is made for it; one with an index is shared with others, and
/// made where there is none of the number.
///
/// ```swift
/// var filter = Filter(on: "eth0", at: .ingress, kind: MatchAllFilter(actions: [Action(GenericAction(), control: .drop)]))
/// ```
///
/// Kernel: `TCA_ACT_*` within `TCA_ACT_TAB`.
public struct Action: Hashable, Sendable {
    /// The most actions that a list may have.
    public static let listLimit = 32  // TCA_ACT_MAX_PRIO

    /// The kind with its options.
    public var kind: AnyActionKind
    /// The number among the actions of its kind; nil lets the kernel choose one.
    ///
    /// Kernel: `index` in the kind's parameters.
    public var index: UInt32?
    /// What becomes of the packet then; nil for what is usual for the kind.
    ///
    /// Kernel: `action` in the kind's parameters.
    public var control: ActionControl?
    /// Bytes that mean something to whoever made the action, at most 16.
    ///
    /// Kernel: `TCA_ACT_COOKIE`.
    public var cookie: [UInt8]?
    /// How it works.
    ///
    /// Kernel: `TCA_ACT_FLAGS`, `struct nla_bitfield32`.
    public var flags: ActionFlags?
    /// What hardware shall count, empty for nothing; nil for anything.
    ///
    /// Kernel: `TCA_ACT_HW_STATS`, `struct nla_bitfield32`; since Linux 5.7.
    public var hardwareStatistics: HardwareStatistics?
    /// What the kernel only reports; never sent.
    public var state = State()
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// An action of a kind.
    public init(_ kind: some ActionKind, control: ActionControl? = nil, index: UInt32? = nil) {
        self.kind = AnyActionKind(kind)
        self.control = control
        self.index = index
    }

    /// An action of a kind that may be unknown.
    public init(_ kind: AnyActionKind, control: ActionControl? = nil, index: UInt32? = nil) {
        self.kind = kind
        self.control = control
        self.index = index
    }

    /// What the kernel reports of an action.
    public struct State: Hashable, Sendable {
        /// How many hold it: filters, and the table when it was made there.
        public var references: Int32 = 0
        /// How many filters use it.
        public var bindings: Int32 = 0
        /// Since when it is there and when it was used.
        public var times: ActionTimes?
        /// What it has counted.
        ///
        /// Kernel: `TCA_ACT_STATS`.
        public var statistics: TCStatistics?
        /// What hardware counts; nil where no filter that hardware could execute uses it.
        ///
        /// Kernel: `TCA_ACT_USED_HW_STATS`; since Linux 5.7.
        public var usedHardwareStatistics: HardwareStatistics?
        /// How many devices execute it; nil where it is not the action's own.
        ///
        /// Kernel: `TCA_ACT_IN_HW_COUNT`; since Linux 5.16.
        public var hardwareCount: UInt32?

        /// Nothing reported.
        public init() {}
    }

    /// The action without what the kernel only reports.
    public var settings: Action {
        var copy = self
        copy.state = State()
        copy.kind = kind.settings
        return copy
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        if let cookie, cookie.count > 16 {  // TC_COOKIE_MAX_SIZE
            validation.add("cookie", "a cookie of \(cookie.count) bytes; 16 is the most")
        }
        validation.include("kind") { () throws(NetlinkError) in try kind.validate() }
        try validation.finish(operation: "\(kind.name) action")
    }
}

/// How an action works, of which only the selected flags are meant.
public struct ActionFlags: Hashable, Sendable {
    /// The flags that are set.
    public var value: FlagSet
    /// The flags that are meant.
    public var selector: FlagSet

    /// Sets flags.
    public init(_ value: FlagSet, among selector: FlagSet? = nil) {
        self.value = value
        self.selector = selector ?? value
    }

    /// What an action can be told.
    ///
    /// Kernel: `TCA_ACT_FLAGS_*`.
    public struct FlagSet: OptionSet, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt32
        /// Takes any number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Count for all processors together: less memory, slower.
        public static var withoutProcessorCounters: Self { Self(rawValue: 1) }  // TCA_ACT_FLAGS_NO_PERCPU_STATS
        /// Hardware does not execute it.
        public static var skipHardware: Self { Self(rawValue: 2) }  // TCA_ACT_FLAGS_SKIP_HW
        /// Only hardware executes it.
        public static var skipSoftware: Self { Self(rawValue: 4) }  // TCA_ACT_FLAGS_SKIP_SW
    }
}

/// What hardware counts of an action.
///
/// Kernel: `TCA_ACT_HW_STATS_*`.
public struct HardwareStatistics: OptionSet, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt32
    /// Takes any number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Counted at the moment of asking.
    public static var immediate: Self { Self(rawValue: 1) }  // TCA_ACT_HW_STATS_IMMEDIATE
    /// Counted now and then.
    public static var delayed: Self { Self(rawValue: 2) }  // TCA_ACT_HW_STATS_DELAYED

    /// All that the kernel knows.
    static var all: Self { [.immediate, .delayed] }
}
