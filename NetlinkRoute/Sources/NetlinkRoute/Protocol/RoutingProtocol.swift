// SPDX-License-Identifier: Apache-2.0

/// Who put a route, rule or neighbour there.
///
/// Kernel: `RTPROT_*`, `u8`. Numbers from 4 on mean nothing to the kernel.
public struct RoutingProtocol: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Not said.
    public static var unspecified: Self { Self(rawValue: 0) }  // RTPROT_UNSPEC
    /// ICMP redirects.
    public static var redirect: Self { Self(rawValue: 1) }  // RTPROT_REDIRECT
    /// The kernel.
    public static var kernel: Self { Self(rawValue: 2) }  // RTPROT_KERNEL
    /// Start-up scripts.
    public static var boot: Self { Self(rawValue: 3) }  // RTPROT_BOOT
    /// The administrator; `static` in iproute2.
    public static var administrator: Self { Self(rawValue: 4) }  // RTPROT_STATIC
    /// GateD.
    public static var gated: Self { Self(rawValue: 8) }  // RTPROT_GATED
    /// Router advertisements.
    public static var routerAdvertisement: Self { Self(rawValue: 9) }  // RTPROT_RA
    /// Merit MRT.
    public static var mrt: Self { Self(rawValue: 10) }  // RTPROT_MRT
    /// Zebra and FRR.
    public static var zebra: Self { Self(rawValue: 11) }  // RTPROT_ZEBRA
    /// BIRD.
    public static var bird: Self { Self(rawValue: 12) }  // RTPROT_BIRD
    /// DECnet routing.
    public static var dnrouted: Self { Self(rawValue: 13) }  // RTPROT_DNROUTED
    /// XORP.
    public static var xorp: Self { Self(rawValue: 14) }  // RTPROT_XORP
    /// Netsukuku.
    public static var ntk: Self { Self(rawValue: 15) }  // RTPROT_NTK
    /// A DHCP client.
    public static var dhcp: Self { Self(rawValue: 16) }  // RTPROT_DHCP
    /// A multicast routing daemon.
    public static var mrouted: Self { Self(rawValue: 17) }  // RTPROT_MROUTED
    /// Keepalived.
    public static var keepalived: Self { Self(rawValue: 18) }  // RTPROT_KEEPALIVED
    /// Babel.
    public static var babel: Self { Self(rawValue: 42) }  // RTPROT_BABEL
    /// OVN.
    public static var ovn: Self { Self(rawValue: 84) }  // RTPROT_OVN
    /// Open/R.
    public static var openr: Self { Self(rawValue: 99) }  // RTPROT_OPENR
    /// BGP.
    public static var bgp: Self { Self(rawValue: 186) }  // RTPROT_BGP
    /// IS-IS.
    public static var isis: Self { Self(rawValue: 187) }  // RTPROT_ISIS
    /// OSPF.
    public static var ospf: Self { Self(rawValue: 188) }  // RTPROT_OSPF
    /// RIP.
    public static var rip: Self { Self(rawValue: 189) }  // RTPROT_RIP
    /// EIGRP.
    public static var eigrp: Self { Self(rawValue: 192) }  // RTPROT_EIGRP
}
