// SPDX-License-Identifier: Apache-2.0

extension NameTable.Kind {
    static let tables = Self(
        file: "rt_tables", limit: nil, folders: true, eager: true,
        builtIn: [
            (253, "default"),  // RT_TABLE_DEFAULT
            (254, "main"),  // RT_TABLE_MAIN
            (255, "local"),  // RT_TABLE_LOCAL
        ])

    static let protocols = Self(
        file: "rt_protos", limit: 255, folders: true,
        builtIn: [
            (0, "unspec"),  // RTPROT_UNSPEC
            (1, "redirect"),  // RTPROT_REDIRECT
            (2, "kernel"),  // RTPROT_KERNEL
            (3, "boot"),  // RTPROT_BOOT
            (4, "static"),  // RTPROT_STATIC
            (8, "gated"),  // RTPROT_GATED
            (9, "ra"),  // RTPROT_RA
            (10, "mrt"),  // RTPROT_MRT
            (11, "zebra"),  // RTPROT_ZEBRA
            (12, "bird"),  // RTPROT_BIRD
            (13, "dnrouted"),  // RTPROT_DNROUTED
            (14, "xorp"),  // RTPROT_XORP
            (15, "ntk"),  // RTPROT_NTK
            (16, "dhcp"),  // RTPROT_DHCP
            (18, "keepalived"),  // RTPROT_KEEPALIVED
            (42, "babel"),  // RTPROT_BABEL
            (186, "bgp"),  // RTPROT_BGP
            (187, "isis"),  // RTPROT_ISIS
            (188, "ospf"),  // RTPROT_OSPF
            (189, "rip"),  // RTPROT_RIP
            (192, "eigrp"),  // RTPROT_EIGRP
        ])

    static let scopes = Self(
        file: "rt_scopes", limit: 255,
        builtIn: [
            (0, "global"),  // RT_SCOPE_UNIVERSE
            (200, "site"),  // RT_SCOPE_SITE
            (253, "link"),  // RT_SCOPE_LINK
            (254, "host"),  // RT_SCOPE_HOST
            (255, "nowhere"),  // RT_SCOPE_NOWHERE
        ])

    static let realms = Self(file: "rt_realms", limit: 255, builtIn: [(0, "unknown")])

    static let dsfields = Self(
        file: "rt_dsfield", limit: 255, base: 16, form: .twoHexadecimalDigits, builtIn: [(0, "0")])

    static let groups = Self(file: "group", limit: nil, eager: true, builtIn: [(0, "default")])

    static let addressProtocols = Self(
        file: "rt_addrprotos", limit: 255, form: .hexadecimal, folders: true, eager: true,
        builtIn: [
            (1, "kernel_lo"),  // IFAPROT_KERNEL_LO
            (2, "kernel_ra"),  // IFAPROT_KERNEL_RA
            (3, "kernel_ll"),  // IFAPROT_KERNEL_LL
        ])

    /// Bits of a word, of which there are 32.
    static let protodownReasons = Self(
        file: "protodown_reasons", limit: 31, folders: true, foldersAlone: true, builtIn: [])
}
