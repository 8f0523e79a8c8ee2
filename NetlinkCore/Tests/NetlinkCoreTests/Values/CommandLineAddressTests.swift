// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

/// What was sent or printed when the words below were given to `ip` 6.15 under Linux 7.2 and strace:
/// `ip [-4 | -6] route add to WORD dev v0`, for plain addresses `ip [-4 | -6] neigh add WORD lladdr … dev v0`.
@Suite("Addresses on a command line") struct CommandLineAddressTests {
    /// Words and what stood in `rtm_dst_len` and `RTA_DST`.
    static let prefixes: [(word: String, sent: IPPrefix)] = [
        ("0", "0.0.0.0/32"), ("0/0", "0.0.0.0/0"), ("10", "10.0.0.0/32"), ("10/8", "10.0.0.0/8"),
        ("10.1", "10.1.0.0/32"), ("10.1/16", "10.1.0.0/16"), ("127.1/8", "127.1.0.0/8"), ("10.1.2", "10.1.2.0/32"),
        ("10.1.2/24", "10.1.2.0/24"), ("10.1.2.3", "10.1.2.3/32"), ("010.1", "8.1.0.0/32"), ("0x0a.1", "10.1.0.0/32"),
        ("0xa.0xb", "10.11.0.0/32"), ("0X0A.0X01", "10.1.0.0/32"), ("00000000000000010.1", "8.1.0.0/32"),
        ("0000000012.1", "10.1.0.0/32"), ("+10.1", "10.1.0.0/32"), (" 10.1", "10.1.0.0/32"), ("10. 2", "10.2.0.0/32"),
        ("1.2.3.4/0x18", "1.2.3.4/24"), ("1.2.3.4/030", "1.2.3.4/24"), ("1.2.3.4/+8", "1.2.3.4/8"),
        ("10.3/ 16", "10.3.0.0/16"), ("1.2.3.4/255.255.255.0", "1.2.3.4/24"), ("1.2.3.4/0.0.0.0", "1.2.3.4/0"),
        ("1.2.3.4/255.255", "1.2.3.4/16"), ("1.2.3.4/255.0", "1.2.3.4/8"), ("10/255.255.0.0", "10.0.0.0/16"),
        ("10.1/default", "10.1.0.0/0"), ("10.1/any", "10.1.0.0/0"), ("10.8/all", "10.8.0.0/0"),
        ("dead:beef::/32", "dead:beef::/32"), ("dead:beef::1", "dead:beef::1/128"), ("::/0", "::/0"),
        ("::1.2.3.4", "::1.2.3.4/128"), ("dead:beef::/255.0.0.0", "dead:beef::/8"), ("::", "::/128"),
        ("::0001", "::1/128"), ("::ffff:1.2.3.4", "::ffff:1.2.3.4/128"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8/128"),
    ]

    /// Words that were refused with `Error: any valid prefix is expected rather than "WORD".`.
    static let wrongPrefixes: [(word: String, problem: AddressSyntaxError.Problem)] = [
        ("10.", .malformed), ("10./8", .malformed), (".10", .malformed), ("10.1.2.3.", .malformed),
        ("10.1.2.3.4", .malformed), ("10..1", .malformed), ("256.1.1.1", .octetOutOfRange),
        ("10.256", .octetOutOfRange), ("08.1", .malformed), ("0x", .malformed), ("1.2.3.4/", .malformedLength),
        ("1.2.3.4/33", .lengthOutOfRange), ("1.2.3.4/-1", .malformedLength), ("1.2.3.4/255.255.0.255", .maskHasGaps),
        ("1.2.3.4/255", .lengthOutOfRange), ("1.2.3.4/8x", .malformedLength), ("default/8", .malformedLength),
        ("default/0", .malformedLength), ("any/0", .malformedLength), ("all/0", .malformedLength),
        ("0x0a010203", .octetOutOfRange), ("167772161", .octetOutOfRange), ("10.65536", .octetOutOfRange),
        ("-10.1", .malformed), ("inet", .malformed), ("1.2.3.4x", .malformed), ("dead:beef::/129", .lengthOutOfRange),
        ("::1.2.3", .malformed), ("dead:beef::/ffff::", .malformedLength), ("dead::beef::1", .malformed),
        (":", .malformed), (":1", .malformed), ("1:", .malformed), ("dead", .malformed), ("fe80::1%v0", .malformed),
        ("fe80::1%lo/64", .malformed), ("default%v0", .malformed), ("aa:bb:cc:dd:ee:ff", .malformed),
        ("1/2/3", .malformedLength), ("10.0.0.1/24/8", .malformedLength), ("/8", .malformed), ("/", .malformed),
        ("::00001", .malformed), ("1.2.3.4/08", .malformedLength), ("1.2.3.4/4294967304", .lengthOutOfRange),
        ("1.2.3.4/0x", .malformedLength), ("def", .malformed), ("DEFAULT", .malformed), ("10.4 /16", .malformed),
        ("10.0/16 ", .malformedLength), ("10.0 ", .malformed), ("", .malformed),
    ]

    @Test("a prefix is read as ip reads it", arguments: prefixes)
    func readsPrefix(word: String, sent: IPPrefix) throws {
        let hasLength = word.contains("/")
        #expect(try PrefixArgument(parsing: word) == .prefix(sent, hasLength: hasLength))
        #expect(try PrefixArgument(parsing: word, family: sent.family) == .prefix(sent, hasLength: hasLength))
        #expect(try PrefixArgument(parsing: word, family: .unspecified) == .prefix(sent, hasLength: hasLength))
    }

    @Test("a prefix of the other family is refused in ip's words", arguments: prefixes)
    func refusesOtherFamily(word: String, sent: IPPrefix) {
        let other: AddressFamily = sent.family == .ipv4 ? .ipv6 : .ipv4
        let error = #expect(throws: AddressSyntaxError.self) { try PrefixArgument(parsing: word, family: other) }
        #expect(error?.problem == .wrongFamily)
        #expect(error?.description == "\(other) prefix is expected rather than \"\(word)\".")
    }

    @Test("a wrong prefix is refused in ip's words", arguments: wrongPrefixes)
    func refusesPrefix(word: String, problem: AddressSyntaxError.Problem) {
        let error = #expect(throws: AddressSyntaxError.self) { try PrefixArgument(parsing: word) }
        #expect(error?.problem == problem)
        #expect(error?.description == "any valid prefix is expected rather than \"\(word)\".")
    }

    @Test("default, any and all are told apart")
    func readsWords() throws {
        #expect(try PrefixArgument(parsing: "default") == .default)
        #expect(try PrefixArgument(parsing: "default", family: .ipv4) == .prefix("0.0.0.0/0", hasLength: true))
        #expect(try PrefixArgument(parsing: "default", family: .ipv6) == .prefix("::/0", hasLength: true))
        #expect(try PrefixArgument(parsing: "default", family: .bridge) == .default)
        for word in ["any", "all"] {
            for family in [nil, .ipv4, .ipv6, .bridge] as [AddressFamily?] {
                #expect(try PrefixArgument(parsing: word, family: family) == .any)
                #expect(try AddressArgument(parsing: word, family: family) == .any)
            }
        }
        #expect(PrefixArgument.default.prefix(in: .ipv6) == "::/0" && PrefixArgument.any.prefix(in: .ipv6) == nil)
        #expect(try PrefixArgument(parsing: "1/8").prefix(in: .ipv6) == "1.0.0.0/8")
    }

    /// `ip -B route add 1.2.3.4`, `ip -M route add 1.2.3.4`, `ip -0 route add 1.2.3.4`.
    @Test("other families refuse in ip's words")
    func refusesUnderOtherFamilies() {
        func message(_ word: String, _ family: AddressFamily) -> String? {
            #expect(throws: AddressSyntaxError.self) { try PrefixArgument(parsing: word, family: family) }?.description
        }
        #expect(message("1.2.3.4", .bridge) == "bridge prefix is expected rather than \"1.2.3.4\".")
        #expect(message("1.2.3.4", .mpls) == "mpls prefix is expected rather than \"1.2.3.4\".")
        #expect(message("any", .mpls) == "mpls prefix is expected rather than \"any\".")
        #expect(message("1.2.3.4", .packet) == "\"1.2.3.4\" may be inet prefix, but it is not allowed in this context.")
    }

    @Test("an address is read as ip reads it", arguments: prefixes.filter { !$0.word.contains("/") })
    func readsAddress(word: String, sent: IPPrefix) throws {
        #expect(try AddressArgument(parsing: word) == .address(sent.address))
        #expect(try AddressArgument(parsing: word, family: sent.family) == .address(sent.address))
    }

    /// `ip neigh add 1.2.3.4/24 …`, `ip route add 3.3.3.3 via fe80::1`.
    @Test("a wrong address is refused in ip's words")
    func refusesAddress() {
        func message(_ word: String, _ family: AddressFamily?) -> String? {
            #expect(throws: AddressSyntaxError.self) { try AddressArgument(parsing: word, family: family) }?.description
        }
        #expect(message("1.2.3.4/24", nil) == "any valid address is expected rather than \"1.2.3.4/24\".")
        #expect(message("1.2.3.4%v0", nil) == "any valid address is expected rather than \"1.2.3.4%v0\".")
        #expect(message("fe80::1x", nil) == "any valid address is expected rather than \"fe80::1x\".")
        #expect(message("fe80::1", .ipv4) == "inet address is expected rather than \"fe80::1\".")
        #expect(message("10.1", .ipv6) == "inet6 address is expected rather than \"10.1\".")
        #expect(message("1.2.3.4", .bridge) == "bridge address is expected rather than \"1.2.3.4\".")
    }

    @Test("default as an address is zeros of the place's family")
    func readsDefaultAddress() throws {
        #expect(try AddressArgument(parsing: "default", family: .ipv6) == .address("::"))
        let unknown = try AddressArgument(parsing: "default")
        #expect(unknown == .default && unknown.address(in: .ipv4) == "0.0.0.0")
        #expect(AddressArgument.any.address(in: .ipv4) == nil)
    }

    @Test("no text traps or hangs")
    func survivesNoise() {
        var numbers = SeededNumbers(seed: 5)
        let alphabet = Array("0123456789abcdefxX.:/+- \t%defaultanylall\0\u{e9}".utf8)
        for _ in 0..<50_000 {
            let count = Int.random(in: 0...24, using: &numbers)
            let text = String(
                decoding: (0..<count).map { _ in alphabet.randomElement(using: &numbers) ?? 0 }, as: UTF8.self)
            if case .prefix(let prefix, hasLength: _)? = try? PrefixArgument(parsing: text) {
                #expect(IPPrefix(prefix.description) == prefix)
            }
            if case .address(let address)? = try? AddressArgument(parsing: text) {
                #expect(IPAddress(address.description) == address)
            }
            if let address = try? HardwareAddress(parsing: text) {
                #expect(HardwareAddress(address.description) == address)
            }
            _ = InterfaceName(text)
        }
    }
}
