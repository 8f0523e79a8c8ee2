// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// The protocol of a frame's payload, in host byte order.
///
/// Kernel: `ETH_P_*`.
public struct EthernetProtocol: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt16
    /// Takes any number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Not said.
    public static var unspecified: Self { Self(rawValue: .zero) }
    /// All of them.
    public static var all: Self { Self(rawValue: 0x3) }  // ETH_P_ALL
    /// IPv4.
    public static var ipv4: Self { Self(rawValue: 0x800) }  // ETH_P_IP
    /// IPv6.
    public static var ipv6: Self { Self(rawValue: 0x86dd) }  // ETH_P_IPV6
    /// ARP.
    public static var arp: Self { Self(rawValue: 0x806) }  // ETH_P_ARP
    /// Customer VLAN tags.
    public static var dot1Q: Self { Self(rawValue: 0x8100) }  // ETH_P_8021Q
    /// Service VLAN tags.
    public static var dot1AD: Self { Self(rawValue: 0x88a8) }  // ETH_P_8021AD
    /// MPLS.
    public static var mpls: Self { Self(rawValue: 0x8847) }  // ETH_P_MPLS_UC
    /// 802.3 frames with a length instead of a protocol.
    public static var dot3: Self { Self(rawValue: 0x1) }  // ETH_P_802_3
}
