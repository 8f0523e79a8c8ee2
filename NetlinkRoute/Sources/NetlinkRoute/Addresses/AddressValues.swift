// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What is asked of an address, and what became of it.
///
/// Kernel: `ifa_flags`, `u8`, or `IFA_FLAGS`, `u32`.
public struct AddressFlags: OptionSet, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt32
    /// Takes any number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Another address of the link has the same prefix and comes before (IPv4); reported only.
    public static var secondary: Self { Self(rawValue: 1) }  // IFA_F_SECONDARY
    /// Made for privacy and to be replaced soon (IPv6); reported only, the same bit as ``secondary``.
    public static var temporary: Self { Self(rawValue: 1) }  // IFA_F_TEMPORARY
    /// No duplicate address detection (IPv6).
    public static var noDuplicateDetection: Self { Self(rawValue: 2) }  // IFA_F_NODAD
    /// Usable while duplicate address detection runs (IPv6).
    public static var optimistic: Self { Self(rawValue: 4) }  // IFA_F_OPTIMISTIC
    /// Another host has the address (IPv6); reported only.
    public static var duplicated: Self { Self(rawValue: 8) }  // IFA_F_DADFAILED
    /// The home address of a mobile host (IPv6).
    public static var home: Self { Self(rawValue: 16) }  // IFA_F_HOMEADDRESS
    /// The preferred lifetime is over; reported only.
    public static var deprecated: Self { Self(rawValue: 32) }  // IFA_F_DEPRECATED
    /// Duplicate address detection runs (IPv6); reported only.
    public static var tentative: Self { Self(rawValue: 64) }  // IFA_F_TENTATIVE
    /// Never ends; reported only, follows from the lifetimes.
    public static var permanent: Self { Self(rawValue: 128) }  // IFA_F_PERMANENT
    /// Temporary addresses are made of this one (IPv6, prefix length 64).
    public static var manageTemporary: Self { Self(rawValue: 256) }  // IFA_F_MANAGETEMPADDR
    /// No route to the prefix is made.
    public static var noPrefixRoute: Self { Self(rawValue: 512) }  // IFA_F_NOPREFIXROUTE
    /// The multicast group with this address is joined.
    public static var multicastAutojoin: Self { Self(rawValue: 1024) }  // IFA_F_MCAUTOJOIN
    /// Made by the kernel of a secret that never changes (IPv6); reported only.
    public static var stablePrivacy: Self { Self(rawValue: 2048) }  // IFA_F_STABLE_PRIVACY

    /// The flags that the kernel only reports; they are never sent.
    public static var reported: Self {
        [.secondary, .duplicated, .deprecated, .tentative, .permanent, .stablePrivacy]
    }
}

/// How long an address may still be used.
///
/// Kernel: `ifa_valid` and `ifa_prefered`, seconds, `u32`.
public struct AddressLifetime: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt32
    /// Takes any number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Without end.
    public static var forever: Self { Self(rawValue: .max) }

    /// A number of seconds; 4294967295 is ``forever``.
    public static func seconds(_ seconds: UInt32) -> Self { Self(rawValue: seconds) }

    /// The time left; nil when it has no end.
    public var duration: Duration? { self == .forever ? nil : .seconds(Int64(rawValue)) }
}

extension AddressLifetime: Comparable {
    /// Orders by length.
    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// Who put an address there; since Linux 5.18.
///
/// Kernel: `IFA_PROTO`, `u8`. Numbers from 4 on mean nothing to the kernel.
public struct AddressProtocol: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Not said.
    public static var unspecified: Self { Self(rawValue: 0) }  // IFAPROT_UNSPEC
    /// The kernel, on the loopback.
    public static var kernelLoopback: Self { Self(rawValue: 1) }  // IFAPROT_KERNEL_LO
    /// The kernel, of a router's advertisement.
    public static var kernelRouterAdvertisement: Self { Self(rawValue: 2) }  // IFAPROT_KERNEL_RA
    /// The kernel, for the link.
    public static var kernelLinkLocal: Self { Self(rawValue: 3) }  // IFAPROT_KERNEL_LL
}

/// What the kernel only reports about an address.
public struct AddressState: Hashable, Sendable {
    /// When it was made, in hundredths of a second since the machine started.
    ///
    /// Kernel: `cstamp` of `IFA_CACHEINFO`, `u32`, which wraps after 497 days.
    public var created: UInt32?
    /// When it was changed last, in hundredths of a second since the machine started.
    ///
    /// Kernel: `tstamp` of `IFA_CACHEINFO`, `u32`.
    public var updated: UInt32?
    /// The multicast group that a message about groups is about.
    ///
    /// Kernel: `IFA_MULTICAST`.
    public var multicast: IPAddress?
    /// The namespace, by its id in this one, in which the address is, when another was asked about.
    ///
    /// Kernel: `IFA_TARGET_NETNSID`, `s32`.
    public var namespaceID: NamespaceID?

    /// Nothing reported.
    public init() {}
}
