// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkSockDiag

@Suite("Filter text") struct ParserTests {
    static var parser: SocketExpressionParser {
        var parser = SocketExpressionParser()
        parser.portOfService = { name throws(SocketExpressionSyntaxError) in
            if name == "both" { throw SocketExpressionSyntaxError(ambiguousPort: name) }
            return ["http": 80, "ssh": 22][name]
        }
        parser.addressesOfHost = { name, family in
            name == "host" ? ["192.0.2.1", "2001:db8::1"].filter { family == nil || $0.family == family } : []
        }
        parser.indexOfLink = { ["lo": 1, "eth0": 2][$0] }
        parser.cgroupID = { $0 == "/a" ? 77 : nil }
        parser.ethernetType = { ["ip": 0x0800][$0] }
        parser.netlinkProtocol = { ["route": 0][$0] }
        return parser
    }

    func parse(_ text: String) throws -> SocketExpression { try Self.parser.parse(text).filter }

    // Computed: to the leak sanitizer the boxes of a recursive value that only a global holds are lost.
    static var meanings: [(String, SocketExpression)] {
        [
            ("", .all([])),
            ("sport = :80", .local(.internet(nil, port: 80))),
            ("sport http", .local(.internet(nil, port: 80))),
            ("sport != :80", .not(.local(.internet(nil, port: 80)))),
            ("dport neq 0x50", .not(.remote(.internet(nil, port: 80)))),
            ("dport = 010", .remote(.internet(nil, port: 8))),
            ("dport gt :ssh", .remotePort(.greater, 22)),
            ("dport >= 1024", .remotePort(.atLeast, 1024)),
            ("sport lt 10", .localPort(.less, 10)),
            ("sport <= 10", .localPort(.atMost, 10)),
            ("sport > *", .localPort(.greater, 65535)),
            ("sport = *", .local(.internet(nil, port: nil))),
            ("sport = :70000", .any([])),
            ("sport != :70000", .not(.any([]))),
            ("sport < :70000", .all([])),
            ("sport > :70000", .any([])),
            ("src 10.0.0.1", .local(.internet("10.0.0.1/32", port: nil))),
            ("src = 10.0.0.1:80", .local(.internet("10.0.0.1/32", port: 80))),
            ("dst eq 10/8", .remote(.internet("10.0.0.0/8", port: nil))),
            ("dst 10.0.0.0/8:http", .remote(.internet("10.0.0.0/8", port: 80))),
            ("src [::1]", .local(.internet("::1/128", port: nil))),
            ("src [2001:db8::/32]:80", .local(.internet("2001:db8::/32", port: 80))),
            ("src *:80", .local(.internet(nil, port: 80))),
            ("src :80", .local(.internet(nil, port: 80))),
            ("src any", .local(.internet(nil, port: nil))),
            ("src inet:10.0.0.1", .local(.internet("10.0.0.1/32", port: nil))),
            ("src inet6:[::1]:22", .local(.internet("::1/128", port: 22))),
            ("src inet:host", .local(.internet("192.0.2.1/32", port: nil))),
            (
                "dst host:80",
                .any([.remote(.internet("192.0.2.1/32", port: 80)), .remote(.internet("2001:db8::1/128", port: 80))])
            ),
            ("dev lo", .interface(1)), ("dev = eth0", .interface(2)), ("dev != lo", .not(.interface(1))),
            ("fwmark 5", .mark(5, mask: .max)), ("fwmark = 0x1/0x3", .mark(1, mask: 3)),
            ("fwmark != 5/7", .not(.mark(5, mask: 7))), ("cgroup /a", .cgroup(77)), ("cgroup != /a", .not(.cgroup(77))),
            ("autobound", .isAutobound), ("not autobound", .not(.isAutobound)), ("! autobound", .not(.isAutobound)),
            ("not not autobound", .not(.not(.isAutobound))),
            ("autobound autobound", .all([.isAutobound, .isAutobound])),
            ("autobound and dev lo or dev eth0", .any([.all([.isAutobound, .interface(1)]), .interface(2)])),
            ("autobound && ( dev lo || dev eth0 )", .all([.isAutobound, .any([.interface(1), .interface(2)])])),
            ("autobound & dev lo | dev eth0", .any([.all([.isAutobound, .interface(1)]), .interface(2)])),
            ("not autobound dev lo", .all([.not(.isAutobound), .interface(1)])),
            ("src unix:/tmp/*", .local(.unix(GlobPattern("/tmp/*")))),
            ("src unix:/a\\ b\\*", .local(.unix(GlobPattern("/a b*")))),
            ("src unix:a\\\\*", .local(.unix(GlobPattern("a\\*")))),
            ("sport > unix:x", .all([])), ("sport <= unix:x", .any([])),
            ("sport > netlink:route:5", .localPort(.greater, 5)),
            ("src link:ip:eth0", .local(.packet(ethernetType: 0x800, interface: 2))),
            ("src link:*:2", .local(.packet(ethernetType: nil, interface: 2))),
            ("src netlink:route:kernel", .local(.netlink(protocol: 0, port: 0))),
            ("src netlink:4:-1", .local(.netlink(protocol: 4, port: .max))),
            ("dst vsock:2:1234", .remote(.vsock(context: 2, port: 1234))),
            ("src vsock:*:*", .local(.vsock(context: nil, port: nil))),
        ]
    }

    @Test("means what it says", arguments: meanings.map(\.0)) func means(_ text: String) throws {
        let expected = Self.meanings.first { $0.0 == text }?.1
        #expect(try parse(text) == expected)
    }

    static let wrong: [(String, SocketExpressionSyntaxError.Reason)] = [
        ("foo", .notAnAddress), ("sport", .unexpectedWord), ("sport =", .unexpectedWord), ("src", .unexpectedWord),
        ("sport = :80 )", .unexpectedWord), ("( sport = :80", .unexpectedWord), ("()", .notAnAddress),
        ("( )", .unexpectedWord), ("not", .unexpectedWord), ("and", .unexpectedWord),
        ("sport = :80 and", .unexpectedWord),
        ("sport = :80 or or sport = :81", .unexpectedWord), ("sport = :80 foo", .notAPort),
        ("10.0.0.1", .unexpectedWord),
        ("src 10.0.0.1 10.0.0.2", .unexpectedWord), ("src != 10.0.0.1", .unexpectedWord),
        ("src > 10.0.0.1", .unexpectedWord), ("src 300.1.1.1", .notAnAddress), ("src 10.0.0.0/33", .notAnAddress),
        ("src 10.0.0.0/-1", .notAnAddress), ("src nosuch", .notAnAddress), ("src [::1", .malformedAddress),
        ("src [::1]x", .notAPort), ("src inet6:10.0.0.1", .notAnAddress), ("src inet:[::1]", .notAnAddress),
        ("dport = nosuch", .notAPort), ("dport = :both", .ambiguousPort), ("dport = 10.0.0.1:80", .notAPort),
        ("dev nosuch", .noSuchDevice), ("dev", .unexpectedWord), ("dev lo nosuch", .noSuchDevice),
        ("fwmark x", .notAMark), ("fwmark 1/", .notAMark), ("fwmark 1/x", .notAMark), ("fwmark -1", .notAMark),
        ("fwmark 0x1ffffffff", .notAMark), ("fwmark 1 y", .notAMark), ("cgroup /b", .noSuchCgroup),
        ("cgroup /a /b", .noSuchCgroup), ("autobound foo", .notAnAddress), ("src link:nosuch", .malformedAddress),
        ("src link:ip:nosuch", .malformedAddress), ("src netlink:nosuch", .malformedAddress),
        ("src netlink:route:x", .malformedAddress), ("src vsock:x", .malformedAddress),
        ("src vsock:1:x", .malformedAddress),
    ]

    @Test("has patterns as a shell has, whatever the case")
    func matchesPatterns() {
        let holding: [(String, String)] = [
            ("*", ""), ("*", "/any"), ("/RUN/*", "/run/x"), ("/run/[[:alpha:]]bc", "/run/Abc"), ("[]]q", "]q"),
            ("[!]]q", "-q"), ("[a-]q", "-q"), ("[A-C]BC", "abc"), ("a[]-]b", "a]b"), ("[a/]bc", "Abc"),
            ("?dot", ".dot"),
            ("a\\*", "a*"), ("[[:digit:][:space:]x]", " "), ("[[:punct:]]", "!"), ("[[:xdigit:]]", "F"), ("[", "["),
            ("[[:nosuch:]", ":"), ("[^[:digit:]]", "x"), ("**a**", "bab"), ("[[:cntrl:]]", "\u{1}"),
            ("[[:upper:]]", "a"),
        ]
        for (pattern, name) in holding { #expect(GlobPattern(pattern).matches(name), "\(pattern) \(name)") }
        let others: [(String, String)] = [
            ("", "a"), ("a", ""), ("?", ""), ("[^a]bc", "Abc"), ("[z-a]bc", "abc"), ("a\\*", "ab"), ("[!-]q", "-q"),
            ("[[:digit:]]", "x"), ("/run/[", "/run/"), ("br[x", "brx"), ("[[:graph:]]", " "), ("*a", "ab"),
        ]
        for (pattern, name) in others { #expect(!GlobPattern(pattern).matches(name), "\(pattern) \(name)") }
        // No pattern takes more than the product of the lengths.
        let stars = GlobPattern(String(repeating: "*a", count: 2_000) + "b")
        #expect(!stars.matches(String(repeating: "a", count: 10_000)))
    }

    @Test("is refused whole", arguments: wrong.map(\.0)) func refuses(_ text: String) {
        let expected = Self.wrong.first { $0.0 == text }?.1
        do {
            let parsed = try parse(text)
            Issue.record("taken for \(parsed)")
        } catch {
            #expect((error as? SocketExpressionSyntaxError)?.reason == expected)
            #expect("\(error)".isEmpty == false)
        }
    }

    @Test("of any words neither traps nor runs for ever") func survivesAnything() {
        let vocabulary = [
            "(", ")", "and", "or", "not", "!", "=", "!=", ">", "src", "dst", "sport", "dport", "dev", "fwmark",
            "cgroup",
            "autobound", "lo", ":80", "10.0.0.1", "[::1]", "*", "unix:a", "link:", "", "\u{0}", "é", "[", ":", "/",
            "0x", "-",
        ]
        var random = SystemRandomNumberGenerator()
        for _ in 0..<5000 {
            let words = (0..<Int.random(in: 0...12, using: &random)).map { _ in vocabulary.randomElement() ?? "" }
            _ = try? Self.parser.parse(words)
        }
    }

    @Test("nested too deeply is refused") func refusesDepth() {
        for word in ["(", "not"] {
            let words = Array(repeating: word, count: 100_000) + ["autobound"]
            #expect(throws: SocketExpressionSyntaxError.self) { try Self.parser.parse(words) }
        }
        // What is long but flat is not deep.
        #expect(throws: Never.self) {
            try Self.parser.parse(Array(repeating: "autobound", count: 100_000))
        }
    }

    @Test("tells the families that it names, and reads what follows in the last") func tellsFamilies() throws {
        let parsed = try Self.parser.parse("src inet:10.0.0.1 or src inet6:[::1]")
        #expect(parsed.families == [.ipv4, .ipv6])
        var parser = Self.parser
        parser.family = .unix
        #expect(try parser.parse("src foo").filter == .local(.unix(GlobPattern("foo"))))
        parser.family = .ipv4
        #expect(throws: SocketExpressionSyntaxError.self) { try parser.parse("src [::1]") }
        #expect(try parser.parse("src inet6:[::1]").families == [.ipv6])
    }

    @Test("has states by name") func namesStates() {
        #expect(SocketStates(named: "all")?.rawValue == 0x3fff)
        #expect(SocketStates(named: "connected")?.rawValue == 0x3b7f)
        #expect(SocketStates(named: "synchronized")?.rawValue == 0x3b7b)
        #expect(SocketStates(named: "bucket")?.rawValue == 0x48)
        #expect(SocketStates(named: "big")?.rawValue == 0x3fb7)
        #expect(SocketStates(named: "listening")?.rawValue == 1 << 10)
        #expect(SocketStates(named: "established")?.rawValue == 1 << 1)
        #expect(SocketStates(named: "bound-inactive")?.rawValue == 1 << 13)
        #expect(SocketStates(named: "nosuch") == nil)
        #expect(SocketStates(named: "new-syn-recv") == nil)
        for number in UInt8(1)...11 {
            let state = SocketState(rawValue: number)
            #expect(SocketStates(named: state.description) == SocketStates(state))
        }
        #expect(SocketStates(SocketState(rawValue: 200)).isEmpty)
    }
}
