// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What actions of every kind have among their own options: number, verdict, users, times.
///
/// A kind reads and writes it in its `PARMS` attribute, with ``init(_:)`` and ``store(in:)``, and its `TM` attribute.
///
/// Kernel: the `tc_gen` fields at the beginning of `struct tc_gact` and others, `struct tcf_t`.
public struct ActionParameters: Hashable, Sendable {
    /// How many bytes these fields take at the beginning of a kind's structure.
    public static let byteCount = 20  // sizeof(struct tc_gact)

    /// The number among the actions of its kind; 0 lets the kernel choose one.
    public var index: UInt32
    /// Kept as it is; the kernel uses it for nothing.
    public var capabilities: UInt32
    /// What becomes of the packet.
    public var control: ActionControl
    /// How many hold it, as reported.
    public var references: Int32 = 0
    /// How many filters use it, as reported.
    public var bindings: Int32 = 0
    /// Since when it is there and when it was used, as reported.
    public var times: ActionTimes?

    /// Parameters to be sent.
    public init(index: UInt32 = 0, control: ActionControl = .pass, capabilities: UInt32 = 0) {
        self.index = index
        self.control = control
        self.capabilities = capabilities
    }

    /// Reads the beginning of a kind's structure.
    public init(_ span: RawSpan) throws(DecodeError) {
        index = try span.load(at: 0)  // struct tc_gact.index
        capabilities = try span.load(at: 4)  // struct tc_gact.capab
        control = ActionControl(rawValue: try span.load(at: 8))  // struct tc_gact.action
        references = try span.load(at: 12)  // struct tc_gact.refcnt
        bindings = try span.load(at: 16)  // struct tc_gact.bindcnt
    }

    /// Stores what is sent of them at the beginning of a kind's structure.
    public func store(in structure: inout StructureWriter) {
        structure.store(index, at: 0)  // struct tc_gact.index
        structure.store(capabilities, at: 4)  // struct tc_gact.capab
        structure.store(control.rawValue, at: 8)  // struct tc_gact.action
    }
}

/// Since when an action is there and when it was used, each as the time that has passed since.
///
/// Kernel: `struct tcf_t`, in 1/100 s.
public struct ActionTimes: Hashable, Sendable {
    /// How long ago it was made.
    public var installed: Duration
    /// How long ago a packet met it last; since it was made where none did.
    public var lastUsed: Duration
    /// When it ends; zero for never.
    public var expires: Duration
    /// How long ago a packet met it first; nil where none did.
    public var firstUsed: Duration?

    /// Puts times together.
    public init(installed: Duration, lastUsed: Duration, expires: Duration = .zero, firstUsed: Duration? = nil) {
        self.installed = installed
        self.lastUsed = lastUsed
        self.expires = expires
        self.firstUsed = firstUsed
    }

    /// Reads the kernel's structure; kernels before 4.8 leave out the last field.
    public init(_ span: RawSpan) throws(DecodeError) {
        installed = Self.duration(try span.load(at: 0))  // struct tcf_t.install
        lastUsed = Self.duration(try span.load(at: 8))  // struct tcf_t.lastuse
        expires = Self.duration(try span.load(at: 16))  // struct tcf_t.expires
        guard span.byteCount >= 32 else { return }  // sizeof(struct tcf_t)
        let first: UInt64 = try span.load(at: 24)  // struct tcf_t.firstuse
        firstUsed = first == 0 ? nil : Self.duration(first)
    }

    // Hundredths of a second, whatever the kernel's own clock is.
    private static func duration(_ ticks: UInt64) -> Duration { .milliseconds(10) * Int64(min(ticks, 1 << 56)) }
}
