// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkRoute

// Messages of iproute2 6.15 and of Linux 7.2, captured at the C library's sendmsg and recvmsg.
@Suite("Rules") struct RuleTests {
    static func message(_ command: some Command<RouteProtocol>) throws -> CapturedMessage {
        try CapturedMessage(try command.messageBytes(), headerByteCount: 12)
    }

    static func rules(_ digits: String) throws -> [Rule] {
        try CapturedMessage.readingAll(captured(digits)) { (message: borrowing Message) throws(DecodeError) in
            try Rule(decoding: message)
        }
    }

    /// A command line, what it sends, and the rule that it means.
    struct Example: Sendable, CustomTestStringConvertible {
        var words: String
        var bytes: String
        var rule: Rule

        init(_ words: String, _ bytes: String, _ rule: Rule, _ change: (inout Rule) -> Void = { _ in }) {
            self.words = words
            self.bytes = bytes
            self.rule = rule
            change(&self.rule)
        }

        var testDescription: String { words }
    }

    static let examples: [Example] = [
        Example(
            "pref 100 from 10.0.0.0/8 to 192.0.2.0/24 tos 0x10 lookup 100",
            """
            34000000200005069d53016b000000000218081064000001000000000800060064000000080002000a00000008000100c0000200
            """, Rule(.ipv4, lookup: 100, priority: 100)
        ) { rule in
            rule.source = "10.0.0.0/8"
            rule.destination = "192.0.2.0/24"
            rule.typeOfService = 0x10
        },
        Example(
            "pref 101 fwmark 0x10/0xff iif d0 oif nosuch lookup 1000",
            """
            50000000200005069d53016b00000000020000000000000100000000080006006500000008000a001000000008001000ff000000
            07000300643000000b0011006e6f73756368000008000f00e8030000
            """, Rule(.ipv4, lookup: 1000, priority: 101)
        ) { rule in
            rule.mark = RuleMark(0x10, mask: 0xff)
            rule.inputName = "d0"
            rule.outputName = "nosuch"
        },
        Example(
            "pref 102 not from 10.1.0.0/16 blackhole",
            "2c000000200005069d53016b000000000200100000000006020000000800060066000000080002000a010000",
            Rule(.ipv4, .blackhole, priority: 102)
        ) { rule in
            rule.isInverted = true
            rule.source = "10.1.0.0/16"
        },
        Example(
            "pref 103 uidrange 100-200 ipproto tcp sport 80 dport 1000-2000 unreachable",
            """
            48000000200005069d53016b0000000002000000000000070000000008000600670000000c00140064000000c800000005001600
            06000000080017005000500008001800e803d007
            """, Rule(.ipv4, .unreachable, priority: 103)
        ) { rule in
            rule.users = RuleUsers(100, through: 200)
            rule.ipProtocol = 6
            rule.sourcePorts = RulePorts(80)
            rule.destinationPorts = RulePorts(1000, through: 2000)
        },
        Example(
            "pref 104 goto 200",
            "2c000000200005069d53016b00000000020000000000000200000000080006006800000008000400c8000000",
            Rule(.ipv4, .goto, priority: 104)
        ) { $0.target = 200 },
        Example(
            "pref 105 nop", "24000000200005069d53016b000000000200000000000003000000000800060069000000",
            Rule(.ipv4, .nop, priority: 105)),
        Example(
            "pref 106 prohibit", "24000000200005069d53016b00000000020000000000000800000000080006006a000000",
            Rule(.ipv4, .prohibit, priority: 106)),
        Example(
            "pref 107 tun_id 77 lookup 5 suppress_prefixlength 0 suppress_ifgroup 3 protocol 9",
            """
            48000000200005069d53016b00000000020000000500000100000000080006006b0000000c000c00000000000000004d08000e00
            0000000008000d00030000000500150009000000
            """, Rule(.ipv4, lookup: 5, priority: 107)
        ) { rule in
            rule.tunnelID = 77
            rule.suppressedPrefixLength = 0
            rule.suppressedGroup = 3
            rule.origin = .routerAdvertisement
        },
        Example(
            "pref 108 l3mdev",
            "2c000000200005069d53016b00000000020000000000000100000000080006006c0000000500130001000000",
            Rule(.ipv4, .lookup, priority: 108)
        ) { $0.isL3Master = true },
        Example(
            "pref 109 lookup 5 realms 3/4",
            "2c000000200005069d53016b00000000020000000500000100000000080006006d00000008000b0004000300",
            Rule(.ipv4, lookup: 5, priority: 109)
        ) { $0.realms = RouteRealms(source: 3, destination: 4) },
        Example(
            "pref 110 dscp 0x10 lookup 5",
            "2c000000200005069d53016b00000000020000000500000100000000080006006e0000000500190010000000",
            Rule(.ipv4, lookup: 5, priority: 110)
        ) { $0.dscp = RuleCodePoint(0x10) },
        Example(
            "pref 111 sport 0x50/0xff0 lookup 5",
            """
            34000000200005069d53016b00000000020000000500000100000000080006006f000000080017005000500006001c00f00f0000
            """, Rule(.ipv4, lookup: 5, priority: 111)
        ) { $0.sourcePorts = RulePorts(0x50, mask: 0xff0) },
        Example(
            "pref 112 dport 80/0xff lookup 5",
            """
            34000000200005069d53016b000000000200000005000001000000000800060070000000080018005000500006001d00ff000000
            """, Rule(.ipv4, lookup: 5, priority: 112)
        ) { $0.destinationPorts = RulePorts(80, mask: 0xff) },
        Example(
            "pref 113 dscp 0x10/0x18 lookup 5",
            """
            34000000200005069d53016b000000000200000005000001000000000800060071000000050019001000000005001e0018000000
            """, Rule(.ipv4, lookup: 5, priority: 113)
        ) { $0.dscp = RuleCodePoint(0x10, mask: 0x18) },
        Example(
            "-6 pref 114 flowlabel 0x123/0xfff lookup 5",
            """
            34000000200005069e53016b000000000a0000000500000100000000080006007200000008001a000000012308001b0000000fff
            """, Rule(.ipv6, lookup: 5, priority: 114)
        ) { $0.flowLabel = RuleMark(0x123, mask: 0xfff) },
        Example(
            "-6 pref 115 from 2001:db8::/32 to 2001:db9::/48 lookup 5",
            """
            4c000000200005069e53016b000000000a302000050000010000000008000600730000001400020020010db80000000000000000
            000000001400010020010db9000000000000000000000000
            """, Rule(.ipv6, lookup: 5, priority: 115)
        ) { rule in
            rule.source = "2001:db8::/32"
            rule.destination = "2001:db9::/48"
        },
        Example(
            "from 10.9.9.9 lookup main", "24000000200005069e53016b0000000002002000fe00000100000000080002000a090909",
            Rule(.ipv4, lookup: .main)
        ) { $0.source = "10.9.9.9/32" },
    ]

    @Test("`ip rule add` in its forms is sent byte by byte", arguments: examples)
    func adding(_ example: Example) throws {
        let wanted = try CapturedMessage(captured(example.bytes), headerByteCount: 12)
        #expect(try Self.message(AddRule(example.rule)) == wanted)
    }

    @Test("`ip rule delete` in its forms is sent byte by byte") func removing() throws {
        // ip rule delete pref 100
        #expect(
            try Self.message(RemoveRule(Rule(.ipv4, priority: 100)))
                == CapturedMessage(
                    captured("24000000210005009e53016b000000000200000000000000000000000800060064000000"),
                    headerByteCount: 12))
        // ip rule delete pref 102 not from 10.1.0.0/16 blackhole
        var rule = Rule(.ipv4, .blackhole, priority: 102)
        rule.flags = [.inverted, .unresolved, .inputDetached, .outputDetached, .permanent]
        rule.source = "10.1.0.0/16"
        #expect(
            try Self.message(RemoveRule(rule))
                == CapturedMessage(
                    captured(
                        "2c000000210005009e53016b000000000200100000000006020000000800060066000000080002000a010000"),
                    headerByteCount: 12))
    }

    @Test("a list asks for a family and nothing else, as the kernel wants it") func listing() throws {
        // ip -4 rule show
        #expect(
            try CapturedMessage(try RuleDump.rules(family: .ipv4).messageBytes(), headerByteCount: 12)
                == CapturedMessage(
                    captured("1c000000220001039e53016b00000000020000000000000000000000"), headerByteCount: 12))
    }

    // ip rule show, of the rules above, as the kernel sends them.
    static let listed = """
        34000000200002009e53016ba300000002000000ff0000010000000008000f00ff00000008000e00ffffffff05001500020000004400
        0000200002009e53016ba300000002002000fe0000010000000008000f00fe00000008000e00ffffffff050015000000000008000600
        63000000080002000a09090960000000200002009e53016ba300000002000000fc0000011000000008000f00e803000008000e00ffff
        ffff050015000000000007000300643000000b0011006e6f737563680000080006006500000008000a001000000008001000ff000000
        68000000200002009e53016ba300000002000000000000070000000008000f000000000008000e00ffffffff05001500000000000800
        0600670000000c00140064000000c8000000080017005000500006001c00ffff000008001800e803d007050016000600000044000000
        200002009e53016ba300000002000000000000020400000008000f000000000008000e00ffffffff0500150000000000080006006800
        000008000400c800000050000000200002009e53016ba300000002000000050000010000000008000f000500000008000e0000000000
        0500150009000000080006006b0000000c000c00000000000000004d08000d000300000044000000200002009e53016ba30000000200
        0000000000010000000008000f000000000008000e00ffffffff0500150000000000080006006c000000050013000100000044000000
        200002009e53016ba300000002000000050000010000000008000f000500000008000e00ffffffff0500150000000000080006006d00
        000008000b00040003004c000000200002009e53016ba300000002000000050000010000000008000f000500000008000e00ffffffff
        0500150000000000080006006e000000050019001000000005001e003f0000004c000000200002009e53016ba3000000020000000500
        00010000000008000f000500000008000e00ffffffff0500150000000000080006006f000000080017005000500006001c00f00f0000
        4c000000200002009e53016ba50000000a000000050000010000000008000f000500000008000e00ffffffff05001500000000000800
        06007200000008001a000000012308001b0000000fff
        """

    @Test("what the kernel sends is read whole") func decoding() throws {
        let rules = try Self.rules(Self.listed)
        try #require(rules.count == 11)
        #expect(rules[0].priority == 0 && rules[0].table == .local && rules[0].origin == .kernel)
        #expect(rules[0].action == .lookup && rules[0].suppressedPrefixLength == nil && rules[0].source == nil)
        #expect(rules[1].source == "10.9.9.9/32" && rules[1].priority == 99 && rules[1].table == .main)
        #expect(rules[2].table == 1000 && rules[2].mark == RuleMark(0x10, mask: 0xff))
        #expect(rules[2].inputName == "d0" && rules[2].outputName == "nosuch" && rules[2].flags == .outputDetached)
        #expect(rules[2].settings.flags.isEmpty)
        #expect(rules[3].action == .unreachable && rules[3].users == RuleUsers(100, through: 200))
        #expect(rules[3].ipProtocol == 6 && rules[3].sourcePorts == RulePorts(80, mask: 0xffff))
        #expect(rules[3].destinationPorts == RulePorts(1000, through: 2000))
        #expect(rules[4].action == .goto && rules[4].target == 200 && rules[4].flags == .unresolved)
        #expect(rules[5].tunnelID == 77 && rules[5].suppressedGroup == 3 && rules[5].suppressedPrefixLength == 0)
        #expect(rules[5].origin == .routerAdvertisement)
        #expect(rules[6].isL3Master == true && rules[6].table == .unspecified)
        #expect(rules[7].realms == RouteRealms(source: 3, destination: 4))
        #expect(rules[8].dscp == RuleCodePoint(0x10, mask: 0x3f))
        #expect(rules[9].sourcePorts == RulePorts(0x50, mask: 0xff0))
        #expect(rules[10].family == .ipv6 && rules[10].flowLabel == RuleMark(0x123, mask: 0xfff))
        #expect(rules.allSatisfy { $0.unknown.isEmpty })
    }

    @Test("unknown attributes are kept and go back") func unknown() throws {
        let strange = UnknownAttribute(rawType: 77, payload: [1, 2, 3])
        let bytes = appending(strange, to: captured(Self.examples[0].bytes))
        let rule = try CapturedMessage.reading(bytes) { (message: borrowing Message) throws(DecodeError) in
            try Rule(decoding: message)
        }
        #expect(rule.unknown.elements == [strange])
        #expect(try Self.message(AddRule(rule)).attributes.contains(strange))
    }

    @Test("every truncation is read or refused, never more", arguments: examples)
    func truncation(_ example: Example) throws {
        for bytes in truncations(of: captured(example.bytes)) {
            do {
                _ = try CapturedMessage.reading(bytes) { (message: borrowing Message) throws(DecodeError) in
                    try Rule(decoding: message)
                }
            } catch {
                #expect(error is DecodeError)
            }
        }
    }

    @Test("a prefix longer than its address, and an address of odd length, are malformed") func hostilePrefixes() {
        var bytes = captured(Self.examples[0].bytes)
        bytes[18] = 33
        #expect(throws: DecodeError.self) {
            try CapturedMessage.reading(bytes) { (message: borrowing Message) throws(DecodeError) in
                try Rule(decoding: message)
            }
        }
        let odd = appending(UnknownAttribute(rawType: 2, payload: [1, 2, 3]), to: captured(Self.examples[4].bytes))
        #expect(throws: DecodeError.self) {
            try CapturedMessage.reading(odd) { (message: borrowing Message) throws(DecodeError) in
                try Rule(decoding: message)
            }
        }
    }
}
