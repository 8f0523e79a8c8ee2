// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// The name of a hardware type as it stands behind `link/`; `[290]` for one that has none.
struct HardwareName: TextWritable {
    let type: HardwareType
    var isNumeric = false

    func write(to bytes: inout [UInt8]) {
        if !isNumeric, let name = Self.name(type.rawValue) { return name.write(to: &bytes) }
        bytes.append(0x5b)
        InterfaceIndex(rawValue: Int32(type.rawValue)).write(to: &bytes)
        bytes.append(0x5d)
    }

    private static func name(_ number: UInt16) -> StaticString? {
        switch number {
        case 1: "ether"  // ARPHRD_ETHER
        case 772: "loopback"  // ARPHRD_LOOPBACK
        case 65534: "none"  // ARPHRD_NONE
        default: rare.first { $0.0 == number }?.1
        }
    }

    private static let rare: [(UInt16, StaticString)] = [
        (0, "netrom"),  // ARPHRD_NETROM
        (2, "eether"),  // ARPHRD_EETHER
        (3, "ax25"),  // ARPHRD_AX25
        (4, "pronet"),  // ARPHRD_PRONET
        (5, "chaos"),  // ARPHRD_CHAOS
        (6, "ieee802"),  // ARPHRD_IEEE802
        (7, "arcnet"),  // ARPHRD_ARCNET
        (8, "atalk"),  // ARPHRD_APPLETLK
        (15, "dlci"),  // ARPHRD_DLCI
        (19, "atm"),  // ARPHRD_ATM
        (23, "metricom"),  // ARPHRD_METRICOM
        (24, "ieee1394"),  // ARPHRD_IEEE1394
        (32, "infiniband"),  // ARPHRD_INFINIBAND
        (256, "slip"),  // ARPHRD_SLIP
        (257, "cslip"),  // ARPHRD_CSLIP
        (258, "slip6"),  // ARPHRD_SLIP6
        (259, "cslip6"),  // ARPHRD_CSLIP6
        (260, "rsrvd"),  // ARPHRD_RSRVD
        (264, "adapt"),  // ARPHRD_ADAPT
        (270, "rose"),  // ARPHRD_ROSE
        (271, "x25"),  // ARPHRD_X25
        (272, "hwx25"),  // ARPHRD_HWX25
        (280, "can"),  // ARPHRD_CAN
        (512, "ppp"),  // ARPHRD_PPP
        (513, "hdlc"),  // ARPHRD_HDLC
        (516, "lapb"),  // ARPHRD_LAPB
        (517, "ddcmp"),  // ARPHRD_DDCMP
        (518, "rawhdlc"),  // ARPHRD_RAWHDLC
        (768, "ipip"),  // ARPHRD_TUNNEL
        (769, "tunnel6"),  // ARPHRD_TUNNEL6
        (770, "frad"),  // ARPHRD_FRAD
        (771, "skip"),  // ARPHRD_SKIP
        (773, "ltalk"),  // ARPHRD_LOCALTLK
        (774, "fddi"),  // ARPHRD_FDDI
        (775, "bif"),  // ARPHRD_BIF
        (776, "sit"),  // ARPHRD_SIT
        (777, "ip/ddp"),  // ARPHRD_IPDDP
        (778, "gre"),  // ARPHRD_IPGRE
        (779, "pimreg"),  // ARPHRD_PIMREG
        (780, "hippi"),  // ARPHRD_HIPPI
        (781, "ash"),  // ARPHRD_ASH
        (782, "econet"),  // ARPHRD_ECONET
        (783, "irda"),  // ARPHRD_IRDA
        (784, "fcpp"),  // ARPHRD_FCPP
        (785, "fcal"),  // ARPHRD_FCAL
        (786, "fcpl"),  // ARPHRD_FCPL
        // A fabric's ports have the twelve numbers behind its own.
        (787, "fcfb0"), (788, "fcfb1"), (789, "fcfb2"), (790, "fcfb3"), (791, "fcfb4"), (792, "fcfb5"),
        (793, "fcfb6"), (794, "fcfb7"), (795, "fcfb8"), (796, "fcfb9"), (797, "fcfb10"), (798, "fcfb11"),
        (799, "fcfb12"),
        (800, "tr"),  // ARPHRD_IEEE802_TR
        (801, "ieee802.11"),  // ARPHRD_IEEE80211
        (802, "ieee802.11/prism"),  // ARPHRD_IEEE80211_PRISM
        (803, "ieee802.11/radiotap"),  // ARPHRD_IEEE80211_RADIOTAP
        (804, "ieee802.15.4"),  // ARPHRD_IEEE802154
        (805, "ieee802.15.4/monitor"),  // ARPHRD_IEEE802154_MONITOR
        (820, "phonet"),  // ARPHRD_PHONET
        (821, "phonet_pipe"),  // ARPHRD_PHONET_PIPE
        (822, "caif"),  // ARPHRD_CAIF
        (823, "gre6"),  // ARPHRD_IP6GRE
        (824, "netlink"),  // ARPHRD_NETLINK
        (825, "6lowpan"),  // ARPHRD_6LOWPAN
        (65535, "void"),  // ARPHRD_VOID
    ]
}

/// A hardware address as a link of a type shows it: a tunnel's as an IP address.
struct HardwareText: TextWritable {
    let address: HardwareAddress
    let type: HardwareType

    func write(to bytes: inout [UInt8]) {
        switch type {
        case .ethernet, .loopback: address.write(to: &bytes)
        case .tunnel, .sit, .gre: if !writeIPv4(&bytes) { address.write(to: &bytes) }
        case .tunnel6, .ip6gre: if !writeIPv6(&bytes) { address.write(to: &bytes) }
        default: address.write(to: &bytes)
        }
    }

    private func writeIPv4(_ bytes: inout [UInt8]) -> Bool {
        guard address.byteCount == IPv4Address.byteCount else { return false }
        IPv4Address(address[0], address[1], address[2], address[3]).write(to: &bytes)
        return true
    }

    private func writeIPv6(_ bytes: inout [UInt8]) -> Bool {
        guard address.byteCount == IPv6Address.byteCount else { return false }
        var octets = [16 of UInt8](repeating: 0)
        for index in 0..<IPv6Address.byteCount { octets[index] = address[index] }
        IPv6Address(octets: octets).write(to: &bytes)
        return true
    }
}
