// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkTestSupport
import Testing

@testable import NetlinkSockDiag

// What iproute2 6.15 sends, captured at sendmsg; the command line stands beside each.
@Suite("Requests about sockets") struct RequestTests {
    static let zeros = String(repeating: "0", count: 96)

    @Test("for internet sockets are iproute2's") func listsInternetSockets() throws {
        // ss -4ta
        #expect(try InetSocketDump(.tcp, family: .ipv4).payloadDigits() == "02060000ff3f0000" + Self.zeros)
        // ss -6ta
        #expect(try InetSocketDump(.tcp, family: .ipv6).payloadDigits() == "0a060000ff3f0000" + Self.zeros)
        // ss -4u
        let established = SocketStates(.established)
        #expect(
            try InetSocketDump(.udp, family: .ipv4, states: established).payloadDigits() == "0211000002000000"
                + Self.zeros)
        // ss -4tl
        #expect(
            try InetSocketDump(.tcp, family: .ipv4, states: .listeningOrClosed).payloadDigits()
                == "0206000080040000" + Self.zeros)
        // ss -4wa
        #expect(try InetSocketDump(.raw, family: .ipv4).payloadDigits() == "02ff0000ff3f0000" + Self.zeros)
        // ss -4taiemop
        let parts: InetSocketParts = [
            .memory, .socketMemory, .information, .congestionDetails, .congestionControl,
        ]
        #expect(
            try InetSocketDump(.tcp, family: .ipv4, parts: parts).payloadDigits() == "02064f00ff3f0000" + Self.zeros)
        // ss -4ta --tos
        #expect(
            try InetSocketDump(.tcp, family: .ipv4, parts: [.typeOfService, .trafficClass]).payloadDigits()
                == "02063000ff3f0000" + Self.zeros)
        // ss -4Ma: the number of MPTCP does not fit into eight bits.
        #expect(
            try InetSocketDump(.mptcp, family: .ipv4).payloadDigits()
                == "02060000ff3f0000" + Self.zeros + "0800030006010000")
        // ss -4ua sport = :80
        #expect(
            try InetSocketDump(.udp, family: .ipv4, filter: .localPort(.equal, 80)).payloadDigits()
                == "02110000ff3f0000" + Self.zeros + "1400010007101400000000005000000000000000")
    }

    @Test("say ports outright, which the kernel looks at before it runs a program") func saysPorts() throws {
        func ports(_ filter: SocketExpression?, family: AddressFamily = .ipv4) throws -> String {
            let dump = InetSocketDump(.tcp, family: family, filter: filter)
            return String(try dump.payloadDigits().dropFirst(family == .unspecified ? 8 : 16).prefix(8))
        }
        let program = "1400010007101400000000005000000000000000"
        #expect(
            try InetSocketDump(.tcp, family: .ipv4, filter: .localPort(.equal, 80)).payloadDigits()
                == "02060000ff3f00000050" + Self.zeros.dropFirst(4) + program)
        for family in [AddressFamily.ipv4, .unspecified] {
            #expect(try ports(.localPort(.equal, 80), family: family) == "00500000")
            #expect(try ports(.remotePort(.equal, 4660), family: family) == "00001234")
            let both = SocketExpression.all([.local("10.0.0.0/8"), .remote(.internet(nil, port: 443))])
            #expect(try ports(both, family: family) == "000001bb")
            #expect(try ports(.not(.localPort(.equal, 80)), family: family) == "00000000")
            #expect(try ports(.any([.localPort(.equal, 80), .interface(1)]), family: family) == "00000000")
            #expect(try ports(.localPort(.atLeast, 80), family: family) == "00000000")
        }
    }

    @Test("for both families are one older request") func listsBothFamilies() throws {
        // ss -ta where the kernel does not take the newer one
        #expect(
            try InetSocketDump(.tcp, family: .unspecified).payloadDigits()
                == "02000000" + Self.zeros + "ff3f000000000000")
        #expect(
            try InetSocketDump(.tcp, family: .unspecified, parts: .information).payloadDigits().hasPrefix("02000002"))
        #expect(try InetSocketDump(.tcp, family: .unspecified).messageBytes()[4] == 18)
        #expect(try InetSocketDump(.dccp, family: .unspecified).messageBytes()[4] == 19)
        #expect(try InetSocketDump(.udp, family: .unspecified).messageBytes()[4] == 20)
        let kernel = FakeKernel { request in
            request.dump(
                [Replies.vegas, Replies.onlyIPv6].map {
                    FakeMessage(type: request.type, payload: Array($0[16...]))
                })
        }
        let connection = try BlockingSockDiagConnection(opening: kernel.source)
        #expect(try connection.sockets(.tcp).map(\.family) == [.ipv4, .ipv6])
    }

    @Test("each ask for one part alone") func asksForParts() throws {
        let parts: [(InetSocketParts, UInt8)] = [
            (.memory, 0x01), (.information, 0x02), (.congestionDetails, 0x04), (.congestionControl, 0x08),
            (.typeOfService, 0x10), (.trafficClass, 0x20), (.socketMemory, 0x40), (.shutdown, 0x80),
        ]
        for (part, bit) in parts {
            #expect(try InetSocketDump(.tcp, family: .ipv4, parts: part).messageBytes()[18] == bit)
        }
    }

    @Test("for other families are iproute2's") func listsOthers() throws {
        // ss -xa, -xae, -xam
        #expect(try UnixSocketDump().payloadDigits() == "01000000ff3f000000000000150000000000000000000000")
        var parts: UnixSocketParts = [.name, .peer, .queues]
        parts.formUnion([.file, .pendingConnections])
        #expect(try UnixSocketDump(parts: parts).payloadDigits() == "01000000ff3f0000000000001f0000000000000000000000")
        #expect(
            try UnixSocketDump(parts: [.name, .peer, .queues, .memory]).payloadDigits()
                == "01000000ff3f000000000000350000000000000000000000")
        #expect(try UnixSocketDump(parts: .user).messageBytes()[28] == 0x40)
        // ss -f netlink
        #expect(try NetlinkSocketDump().payloadDigits() == "10ff000000000000030000000000000000000000")
        #expect(
            try NetlinkSocketDump(netlinkProtocol: 4, parts: .flags).payloadDigits().hasPrefix("10040000000000000800"))
        // ss -0
        #expect(
            try PacketSocketDump(parts: [.information, .memory, .fanout, .rings, .program]).payloadDigits()
                == "11000000000000003d0000000000000000000000")
        // ss --vsock
        let states = SocketStates(rawValue: 0x3b37)
        #expect(
            try VSockSocketDump(states: states).payloadDigits() == "28000000373b000000000000000000000000000000000000")
    }

    @Test("ask for what their filter looks at") func asksForWhatFiltersNeed() throws {
        func unix(_ filter: SocketExpression) throws -> UInt8 {
            try UnixSocketDump(parts: [], filter: filter).messageBytes()[28]
        }
        #expect(try unix(.local(.unix(GlobPattern("*")))) == 0x01)
        #expect(try unix(.not(.all([.user(0), .remotePort(.equal, 1)]))) == 0x44)
        #expect(try unix(.any([.isAutobound])) == 0x01 && unix(.localPort(.equal, 1)) == 0)
        #expect(try PacketSocketDump(parts: [], filter: .interface(1)).messageBytes()[24] == 0x01)
        #expect(try PacketSocketDump(parts: []).messageBytes()[24] == 0)
    }

    @Test("about one socket carry its ends, link and cookie") func namesASocket() throws {
        var id = InetSocketID(
            .tcp, local: SocketEndpoint("10.0.0.1", port: 80), remote: SocketEndpoint("10.0.0.2", port: 4660),
            interface: 3, cookie: 0x0102_0304_0506_0708)
        let ends = "00501234 0a000001000000000000000000000000 0a000002000000000000000000000000 03000000"
        let body = "02060000ff3f0000" + ends + "0807060504030201"
        let query = InetSocketQuery(id)
        #expect(try digits(query.messageBytes().dropFirst(16)) == body.filter { $0 != " " })
        let command = DestroyInetSocket(id)
        #expect(try digits(command.messageBytes().dropFirst(16)) == body.filter { $0 != " " })
        #expect(try command.messageBytes()[4] == 21 && query.messageBytes()[4] == 20)
        id.cookie = nil
        #expect(try digits(InetSocketQuery(id, parts: .information).messageBytes().suffix(8)) == "ffffffffffffffff")
        let v6 = InetSocketID(.udp, local: SocketEndpoint("2001:db8::1", port: 53))
        #expect(
            try digits(InetSocketQuery(v6).messageBytes().dropFirst(16)).hasPrefix(
                "0a110000ff3f000000350000" + "20010db8000000000000000000000001" + "00000000000000000000000000000000"))
    }

    @Test("describe themselves in the kernel's names") func describes() {
        let dump = InetSocketDump(.tcp, family: .ipv4, filter: .localPort(.equal, 80))
        #expect("\(dump)".contains("SOCK_DIAG_BY_FAMILY") && "\(dump)".contains("INET_DIAG_REQ_BYTECODE"))
    }

    @Test("are sorted out here when the kernel sorts nothing out") func filtersAgain() throws {
        let kernel = FakeKernel { request in
            request.dump(
                [Replies.vegas, Replies.mapped, Replies.onlyIPv6].map {
                    FakeMessage(type: 20, payload: Array($0[16...]))
                })
        }
        let connection = try BlockingSockDiagConnection(opening: kernel.source)
        let all = try connection.dump(.sockets(.tcp, family: .ipv4))
        #expect(all.count == 3)
        let some = try connection.dump(.sockets(.tcp, family: .ipv4, filter: .localPort(.atLeast, 30_000)))
        #expect(some.map(\.local.port) == [40002])
        let none = try connection.dump(.sockets(.tcp, family: .ipv4, filter: .interface(9)))
        #expect(none.isEmpty)
    }

    @Test("that close many leave out what is gone") func closesMany() throws {
        let kernel = FakeKernel { request in
            if request.isDump {
                return request.dump(
                    [Replies.vegas, Replies.mapped].map { FakeMessage(type: 20, payload: Array($0[16...])) })
            }
            return request.payload.contains(23) ? request.error(.notFound) : request.acknowledge()
        }
        let connection = try BlockingSockDiagConnection(opening: kernel.source)
        let closed = try connection.destroySockets(.tcp, family: .ipv4, filter: .localPort(.atLeast, 1))
        #expect(closed.map(\.cookie) == [2])
        let refusing = FakeKernel { request in
            request.isDump
                ? request.dump([FakeMessage(type: 20, payload: Array(Replies.vegas[16...]))])
                : request.error(.notPermitted)
        }
        let powerless = try BlockingSockDiagConnection(opening: refusing.source)
        #expect(throws: NetlinkError.self) { try powerless.destroySockets(.tcp, family: .ipv4, filter: .all([])) }
    }
}

@Suite("Matching sockets") struct MatchingTests {
    @Test("judges addresses as the kernel does") func judgesAddresses() throws {
        let mapped = try DecodingTests.inet(Replies.mapped)
        let plain = try DecodingTests.inet(Replies.vegas)
        let v6 = try DecodingTests.inet(Replies.marked)
        #expect(SocketExpression.local("127.0.0.0/8").matches(mapped) == true)
        #expect(SocketExpression.local("127.0.0.0/8").matches(plain) == true)
        #expect(SocketExpression.local("127.0.0.0/8").matches(v6) == false)
        #expect(SocketExpression.local("0.0.0.0/0").matches(v6) == false)
        #expect(SocketExpression.local("::/0").matches(v6) == true)
        #expect(SocketExpression.local("::/0").matches(plain) == false)
        #expect(SocketExpression.local("::1/128").matches(v6) == true)
        #expect(SocketExpression.not(.local("127.0.0.0/8")).matches(mapped) == false)
    }

    @Test("has three answers") func hasThreeAnswers() throws {
        let socket = try DecodingTests.inet(Replies.vegas)
        let yes = SocketExpression.localPort(.equal, 40002)
        let no = SocketExpression.localPort(.equal, 1)
        #expect(SocketExpression.isAutobound.matches(socket) == nil)
        #expect(SocketExpression.not(.isAutobound).matches(socket) == nil)
        #expect(SocketExpression.all([.isAutobound, yes]).matches(socket) == nil)
        #expect(SocketExpression.all([.isAutobound, no]).matches(socket) == false)
        #expect(SocketExpression.any([.isAutobound, yes]).matches(socket) == true)
        #expect(SocketExpression.any([.isAutobound, no]).matches(socket) == nil)
        #expect(SocketExpression.all([]).matches(socket) == true && SocketExpression.any([]).matches(socket) == false)
    }

    @Test("compares ports, links, marks and groups") func comparesTheRest() throws {
        let socket = try DecodingTests.inet(Replies.marked)
        for (comparison, expected) in [
            (PortComparison.equal, false), (.notEqual, true), (.less, false), (.atMost, false), (.greater, true),
            (.atLeast, true),
        ] {
            #expect(SocketExpression.localPort(comparison, 40000).matches(socket) == expected)
            #expect(SocketExpression.remotePort(comparison, 21).matches(socket) == expected)
        }
        #expect(SocketExpression.localPort(.atMost, 40001).matches(socket) == true)
        #expect(
            SocketExpression.interface(1).matches(socket) == true
                && SocketExpression.interface(2).matches(socket) == false)
        #expect(SocketExpression.mark(7, mask: .max).matches(socket) == true)
        #expect(SocketExpression.mark(1, mask: 1).matches(socket) == true)
        #expect(SocketExpression.mark(8, mask: 15).matches(socket) == false)
        #expect(
            SocketExpression.cgroup(1).matches(socket) == true && SocketExpression.cgroup(2).matches(socket) == false)
        var unknown = socket
        unknown.mark = nil
        unknown.cgroupID = nil
        #expect(
            SocketExpression.mark(7, mask: .max).matches(unknown) == nil
                && SocketExpression.cgroup(1).matches(unknown) == nil)
    }

    @Test("knows other families' addresses") func knowsFamilies() throws {
        let unix = try DecodingTests.unix(Replies.unixListening)
        #expect(SocketExpression.local(.unix(GlobPattern("/RUN/*"))).matches(unix) == true)
        // Any address is one of theirs too.
        #expect(SocketExpression.local(.internet(nil, port: nil)).matches(unix) == true)
        #expect(SocketExpression.local(.internet(nil, port: 80)).matches(unix) == false)
        let packet = try DecodingTests.packet(Replies.packet)
        #expect(SocketExpression.local(.packet(ethernetType: 3, interface: 1)).matches(packet) == true)
        #expect(SocketExpression.local(.packet(ethernetType: 4, interface: nil)).matches(packet) == false)
        let netlink = try DecodingTests.netlink(Replies.netlink)
        #expect(SocketExpression.local(.netlink(protocol: 0, port: 777)).matches(netlink) == true)
        #expect(SocketExpression.local(.netlink(protocol: nil, port: 778)).matches(netlink) == false)
    }

    @Test(
        "with patterns",
        arguments: [
            ("*", "", true), ("*", "anything/at all", true), ("a?c", "abc", true), ("a?c", "ac", false),
            ("[a-c]x", "BX", true),
            ("[!a]x", "ax", false), ("[!a]x", "bx", true), ("\\*", "*", true), ("\\*", "a", false),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "a1b2", false), ("[", "[", true), ("[a", "[a", true), ("", "", true), ("", "x", false),
            ("abc", "ABC", true),
            ("*sock*", "/run/sock", true), ("/run/*", "/run/a/b", true), ("[]a]", "]", true),
        ])
    func matchesPatterns(_ pattern: String, _ text: String, _ expected: Bool) {
        #expect(GlobPattern(pattern).matches(text) == expected)
    }

    @Test("with many stars ends soon") func endsSoon() {
        let pattern = GlobPattern(String(repeating: "*a", count: 200) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 5000)))
    }
}
