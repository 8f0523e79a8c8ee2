// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkTC

/// The names that iproute2 has for protocols above Ethernet.
enum EthernetProtocolNames {
    private static let names: [(name: String, number: UInt16)] = [
        ("loop", 0x60), ("pup", 0x200), ("pupat", 0x201), ("ip", 0x800), ("ipv4", 0x800), ("x25", 0x805),
        ("arp", 0x806), ("bpq", 0x8ff), ("ieeepup", 0xa00), ("ieeepupat", 0xa01), ("dec", 0x6000), ("dna_dl", 0x6001),
        ("dna_rc", 0x6002), ("dna_rt", 0x6003), ("lat", 0x6004), ("diag", 0x6005), ("cust", 0x6006), ("sca", 0x6007),
        ("teb", 0x6558), ("rarp", 0x8035), ("atalk", 0x809b), ("aarp", 0x80f3), ("802.1Q", 0x8100), ("ipx", 0x8137),
        ("ipv6", 0x86dd), ("mpls_uc", 0x8847), ("mpls_mc", 0x8848), ("atmmpoa", 0x884c), ("ppp_disc", 0x8863),
        ("ppp_ses", 0x8864), ("atmfate", 0x8884), ("profinet", 0x8892), ("aoe", 0x88a2), ("ethercat", 0x88a4),
        ("802.1ad", 0x88a8), ("tipc", 0x88ca), ("LLDP", 0x88cc), ("cfm", 0x8902), ("802_3", 0x1), ("ax25", 0x2),
        ("all", 0x3), ("802_2", 0x4), ("snap", 0x5), ("ddcmp", 0x6), ("wan_ppp", 0x7), ("ppp_mp", 0x8),
        ("localtalk", 0x9), ("can", 0xc), ("ppptalk", 0x10), ("tr_802_2", 0x11), ("mobitex", 0x15), ("control", 0x16),
        ("irda", 0x17), ("econet", 0x18),
    ]

    /// The name, or the number in brackets where there is none or `-N` asks for it.
    static func text(_ type: EthernetProtocol, isNumeric: Bool) -> String {
        let known = isNumeric ? nil : names.first { $0.number == type.rawValue }
        return known?.name ?? "[\(type.rawValue)]"
    }

    /// Reads a name in letters of either case, or a number.
    static func parse(_ word: Word) -> EthernetProtocol? {
        let text = word.string.lowercased()
        if let known = names.first(where: { $0.name.lowercased() == text }) {
            return EthernetProtocol(rawValue: known.number)
        }
        return word.number(UInt16.self).map { EthernetProtocol(rawValue: $0) }
    }
}
