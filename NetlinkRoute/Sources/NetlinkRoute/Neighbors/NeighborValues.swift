// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// How well the hardware address of a neighbour is known.
///
/// Kernel: `ndm_state`, `u16`.
public struct NeighborState: OptionSet, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt16
    /// Takes any number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Asked for, not answered yet.
    public static var incomplete: Self { Self(rawValue: 1) }  // NUD_INCOMPLETE
    /// Confirmed a short while ago.
    public static var reachable: Self { Self(rawValue: 2) }  // NUD_REACHABLE
    /// Known, to be confirmed when used.
    public static var stale: Self { Self(rawValue: 4) }  // NUD_STALE
    /// Used while stale; waits for others to confirm it.
    public static var delay: Self { Self(rawValue: 8) }  // NUD_DELAY
    /// Asked again, not answered yet.
    public static var probe: Self { Self(rawValue: 16) }  // NUD_PROBE
    /// Nobody answered.
    public static var failed: Self { Self(rawValue: 32) }  // NUD_FAILED
    /// Never asked for, as on point-to-point links; of a bridge's entries, one that does not age.
    public static var noARP: Self { Self(rawValue: 64) }  // NUD_NOARP
    /// Set by hand, for good; of a bridge's entries, its own address.
    public static var permanent: Self { Self(rawValue: 128) }  // NUD_PERMANENT
    /// Nothing known.
    public static var none: Self { Self(rawValue: 0) }  // NUD_NONE
}

/// What kind of entry a neighbour is, and in which table.
///
/// Kernel: `ndm_flags`, `u8`.
public struct NeighborFlags: OptionSet, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Adding it starts to resolve it, as if it had been used.
    public static var use: Self { Self(rawValue: 1) }  // NTF_USE
    /// In the link's own forwarding table.
    public static var linkTable: Self { Self(rawValue: 2) }  // NTF_SELF
    /// In the forwarding table of the bridge of which the link is a port.
    public static var masterTable: Self { Self(rawValue: 4) }  // NTF_MASTER
    /// This host answers for the address.
    public static var proxy: Self { Self(rawValue: 8) }  // NTF_PROXY
    /// Put there by a program that learnt it, which also keeps it up to date.
    public static var externallyLearned: Self { Self(rawValue: 16) }  // NTF_EXT_LEARNED
    /// Handed to the hardware; reported only.
    public static var offloaded: Self { Self(rawValue: 32) }  // NTF_OFFLOADED
    /// Stays with its port when the address is seen elsewhere.
    public static var sticky: Self { Self(rawValue: 64) }  // NTF_STICKY
    /// A router (IPv6).
    public static var router: Self { Self(rawValue: 128) }  // NTF_ROUTER
}

/// More of ``NeighborFlags``.
///
/// Kernel: `NDA_FLAGS_EXT`, `u32`, since Linux 5.16.
public struct NeighborExtendedFlags: OptionSet, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt32
    /// Takes any number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The kernel keeps it reachable for a program.
    public static var managed: Self { Self(rawValue: 1) }  // NTF_EXT_MANAGED
    /// A host behind a locked bridge port that is not let in yet; reported only.
    public static var locked: Self { Self(rawValue: 2) }  // NTF_EXT_LOCKED
    /// A program vouches for it; the kernel asks for it again but never takes it away.
    public static var externallyValidated: Self { Self(rawValue: 4) }  // NTF_EXT_EXT_VALIDATED
}

/// When a neighbour was used and confirmed last.
///
/// Kernel: `NDA_CACHEINFO`, `struct nda_cacheinfo`; ages in hundredths of a second.
public struct NeighborCacheInformation: Hashable, Sendable {
    /// Hundredths of a second since it was confirmed.
    public var confirmed: UInt32
    /// Hundredths of a second since it was used.
    public var used: UInt32
    /// Hundredths of a second since it was changed.
    public var updated: UInt32
    /// How many hold it.
    public var references: UInt32

    /// Gives the ages and the number of holders.
    public init(confirmed: UInt32 = 0, used: UInt32 = 0, updated: UInt32 = 0, references: UInt32 = 0) {
        self.confirmed = confirmed
        self.used = used
        self.updated = updated
        self.references = references
    }

    @inline(__always)
    init(_ span: RawSpan) throws(DecodeError) {
        confirmed = try span.load(at: 0)  // struct nda_cacheinfo.ndm_confirmed
        used = try span.load(at: 4)  // struct nda_cacheinfo.ndm_used
        updated = try span.load(at: 8)  // struct nda_cacheinfo.ndm_updated
        references = try span.load(at: 12)  // struct nda_cacheinfo.ndm_refcnt
    }
}

/// How a bridge tells about the use of a forwarding entry.
///
/// Kernel: `NDA_FDB_EXT_ATTRS`, since Linux 5.14.
public struct ForwardingActivity: Hashable, Sendable {
    /// What is told.
    ///
    /// Kernel: `NFEA_ACTIVITY_NOTIFY`, `u8`.
    public var notification: Notification?
    /// Whether replacing the entry leaves its age as it is; never reported.
    ///
    /// Kernel: `NFEA_DONT_REFRESH`, a flag.
    public var doesNotRefresh: Bool

    /// What a bridge tells.
    public struct Notification: OptionSet, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt8
        /// Takes any number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Tells when the entry becomes active or inactive, even one that does not age.
        public static var active: Self { Self(rawValue: 1) }  // FDB_NOTIFY_BIT
        /// The entry is, or is to count as, inactive.
        public static var inactive: Self { Self(rawValue: 2) }  // FDB_NOTIFY_INACTIVE_BIT
    }

    /// Says what is told.
    public init(_ notification: Notification? = nil, doesNotRefresh: Bool = false) {
        self.notification = notification
        self.doesNotRefresh = doesNotRefresh
    }

    init(_ reader: consuming AttributeReader<ForwardingActivityAttribute>) throws(DecodeError) {
        self.init()
        while let attribute = try reader.next() {
            switch attribute.id {
            case .notification: notification = Notification(rawValue: try attribute.integer())
            case .doesNotRefresh: doesNotRefresh = true
            default: break
            }
        }
    }

    func encode(into writer: inout MessageWriter) {
        writer.nest(NeighborAttribute.activity) { writer in
            writer.put(ForwardingActivityAttribute.notification, notification)
            writer.put(flag: ForwardingActivityAttribute.doesNotRefresh, doesNotRefresh)
        }
    }
}
