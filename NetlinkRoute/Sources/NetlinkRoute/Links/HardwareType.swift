// SPDX-License-Identifier: Apache-2.0

/// What kind of hardware, or pretence of it, a link is.
///
/// Kernel: `ifi_type`, `u16`.
public struct HardwareType: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt16
    /// Takes any number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// NET/ROM; also what a link to be made has.
    public static var netrom: Self { Self(rawValue: 0) }  // ARPHRD_NETROM
    /// Ethernet.
    public static var ethernet: Self { Self(rawValue: 1) }  // ARPHRD_ETHER
    /// InfiniBand.
    public static var infiniband: Self { Self(rawValue: 32) }  // ARPHRD_INFINIBAND
    /// Controller area network.
    public static var can: Self { Self(rawValue: 280) }  // ARPHRD_CAN
    /// Point-to-point protocol.
    public static var ppp: Self { Self(rawValue: 512) }  // ARPHRD_PPP
    /// IP packets without a link header.
    public static var rawIP: Self { Self(rawValue: 519) }  // ARPHRD_RAWIP
    /// IPv4 in IPv4.
    public static var tunnel: Self { Self(rawValue: 768) }  // ARPHRD_TUNNEL
    /// In IPv6.
    public static var tunnel6: Self { Self(rawValue: 769) }  // ARPHRD_TUNNEL6
    /// Loopback.
    public static var loopback: Self { Self(rawValue: 772) }  // ARPHRD_LOOPBACK
    /// IPv6 in IPv4.
    public static var sit: Self { Self(rawValue: 776) }  // ARPHRD_SIT
    /// GRE over IPv4.
    public static var gre: Self { Self(rawValue: 778) }  // ARPHRD_IPGRE
    /// GRE over IPv6.
    public static var ip6gre: Self { Self(rawValue: 823) }  // ARPHRD_IP6GRE
    /// Wireless LAN.
    public static var ieee80211: Self { Self(rawValue: 801) }  // ARPHRD_IEEE80211
    /// Netlink monitor.
    public static var netlink: Self { Self(rawValue: 824) }  // ARPHRD_NETLINK
    /// No link header at all.
    public static var none: Self { Self(rawValue: 65534) }  // ARPHRD_NONE
    /// Nothing is known.
    public static var void: Self { Self(rawValue: 65535) }  // ARPHRD_VOID
}
