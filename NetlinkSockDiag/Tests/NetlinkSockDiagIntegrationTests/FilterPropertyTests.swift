// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkSockDiag
import NetlinkTestSupport
import Testing

/// Random filters over real sockets, judged by code that shares nothing with the library's.
@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct FilterPropertyIntegrationTests {
    let fixture: NamespaceFixture
    let connection: BlockingSockDiagConnection

    init() throws {
        fixture = try NamespaceFixture()
        connection = try fixture.connect()
    }

    // MARK: What a filter means, bit by bit

    private static func bytes(_ address: IPAddress) -> [UInt8] {
        switch address {
        case .v4(let address): octets(UInt64(address.rawValue) << 32, 4)
        case .v6(let address): octets(address.high, 8) + octets(address.low, 8)
        }
    }

    private static func octets(_ number: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
    }

    private static func begins(_ address: IPAddress, _ prefix: IPPrefix) -> Bool {
        var bits = bytes(address)
        let wanted = bytes(prefix.address)
        if bits.count == 16, wanted.count == 4 {
            guard bits[0..<10].allSatisfy({ $0 == 0 }), bits[10] == 255, bits[11] == 255 else { return false }
            bits.removeFirst(12)
        }
        guard bits.count == wanted.count else { return false }
        for index in 0..<Int(prefix.length) {
            let difference = bits[index / 8] ^ wanted[index / 8]
            if difference & (0x80 >> UInt8(index % 8)) != 0 { return false }
        }
        return true
    }

    private static func isLike(_ end: SocketEndpoint, _ pattern: SocketAddressPattern) -> Bool {
        guard case .internet(let prefix, let port) = pattern else { return false }
        if let port, port != end.port { return false }
        if let prefix { return begins(end.address, prefix) }
        return true
    }

    private static func compares(_ port: UInt16, _ comparison: PortComparison, _ other: UInt16) -> Bool {
        switch comparison {
        case .equal: port == other
        case .notEqual: port != other
        case .less: port < other
        case .atMost: port <= other
        case .greater: port > other
        case .atLeast: port >= other
        }
    }

    private static func isMeant(_ socket: InetSocket, _ filter: SocketExpression) -> Bool {
        switch filter {
        case .all(let filters): filters.filter { !isMeant(socket, $0) }.isEmpty
        case .any(let filters): !filters.filter { isMeant(socket, $0) }.isEmpty
        case .not(let filter): !isMeant(socket, filter)
        case .local(let pattern): isLike(socket.local, pattern)
        case .remote(let pattern): isLike(socket.remote, pattern)
        case .localPort(let comparison, let port): compares(socket.local.port, comparison, port)
        case .remotePort(let comparison, let port): compares(socket.remote.port, comparison, port)
        case .interface(let index): socket.interface?.rawValue ?? 0 == index.rawValue
        case .mark(let mark, let mask): (socket.mark ?? 0) & mask == mark
        case .user(let user): socket.user == user
        default: false
        }
    }

    private static func namesUser(_ filter: SocketExpression) -> Bool {
        switch filter {
        case .all(let filters), .any(let filters): filters.contains(where: namesUser)
        case .not(let filter): namesUser(filter)
        case .user: true
        default: false
        }
    }

    // MARK: Random filters

    private static let ports: [UInt16] = [0, 1, 80, 443, 8080, 40_001, 40_002, 40_010, 65_534, 65_535]
    private static let addresses: [IPAddress] = [
        "127.0.0.1", "127.0.0.2", "127.1.0.1", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1", "::ffff:0.0.0.0", "8000::1",
    ]

    private static func random(_ depth: Int, _ source: inout SplitMix) -> SocketExpression {
        func pick<T>(_ list: [T]) -> T { list[Int(truncatingIfNeeded: source.next() % UInt64(list.count))] }
        func number(_ limit: UInt64) -> UInt64 { source.next() % limit }
        guard depth > 0, number(4) != 0 else { return atom(&source) }
        switch number(3) {
        case 0: return .not(random(depth - 1, &source))
        case 1: return .all((0..<number(4)).map { _ in random(depth - 1, &source) })
        default: return .any((0..<number(4)).map { _ in random(depth - 1, &source) })
        }
    }

    private static func atom(_ source: inout SplitMix) -> SocketExpression {
        func number(_ limit: Int) -> Int { Int(truncatingIfNeeded: source.next() % UInt64(limit)) }
        func port() -> UInt16 { ports[number(ports.count)] }
        func pattern() -> SocketAddressPattern {
            let address = addresses[number(addresses.count)]
            let prefix = IPPrefix(address, length: number((address.family == .ipv6 ? 128 : 32) + 1))
            return .internet(number(4) == 0 ? nil : prefix, port: number(3) == 0 ? port() : nil)
        }
        let comparisons = PortComparison.allCases
        switch number(10) {
        case 0, 1: return .local(pattern())
        case 2, 3: return .remote(pattern())
        case 4, 5: return .localPort(comparisons[number(comparisons.count)], port())
        case 6: return .remotePort(comparisons[number(comparisons.count)], port())
        case 7: return .interface(InterfaceIndex(rawValue: Int32(1 + number(2))))
        case 8: return .mark(UInt32(number(4)), mask: UInt32(number(4)))
        default: return number(2) == 0 ? .user(UInt32(number(2))) : .local(.unix(GlobPattern("*")))
        }
    }

    /// Numbers that are the same in every run, from a seed.
    private struct SplitMix {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }

    @Test("means what it says, and the kernel never holds back what it means", arguments: 1...8)
    func meansWhatItSays(_ seed: Int) throws {
        let kept = try SocketIntegrationTests.prepare(fixture)
        let all = try connection.sockets(.tcp)
        #expect(all.count == 12)
        var source = SplitMix(state: UInt64(seed))
        var exact = 0
        for _ in 0..<60 {
            let filter = Self.random(5, &source)
            let meant = Set(all.filter { Self.isMeant($0, filter) }.map(\.cookie))
            #expect(Set(try connection.sockets(.tcp, filter: filter).map(\.cookie)) == meant, "\(filter)")
            let passed = try [AddressFamily.ipv4, .ipv6].flatMap { family in
                try connection.dump(
                    SocketIntegrationTests.Unchecked(base: .sockets(.tcp, family: family, filter: filter)))
            }
            #expect(meant.isSubset(of: Set(passed.map(\.cookie))), "\(filter)")
            guard !Self.namesUser(filter) else { continue }
            exact += 1
            #expect(Set(passed.map(\.cookie)) == meant, "\(filter)")
        }
        #expect(exact > 10 && kept.count == 12)
    }

    @Test("of the largest size that the kernel takes is applied by it, and beyond that size here")
    func takesLargePrograms() throws {
        let kept = try SocketIntegrationTests.prepare(fixture)
        let meant = try connection.sockets(.tcp).filter { $0.local.port == 80 }.count
        #expect(meant > 0)
        // Twenty bytes for each: up to the kernel's limit, and beyond it.
        for count in [100, 3_200, 3_276, 3_277, 3_300, 10_000] {
            let ports = (0..<count - 1).map { SocketExpression.localPort(.equal, UInt16(1_000 + $0)) }
            let wide = SocketExpression.any(ports + [.localPort(.equal, 80)])
            #expect(try connection.sockets(.tcp, filter: wide).count { $0.local.port == 80 } == meant, "any \(count)")
            let others = (0..<count - 1).map { SocketExpression.localPort(.notEqual, UInt16(1_000 + $0)) }
            let narrow = SocketExpression.all(others + [.localPort(.equal, 80)])
            #expect(try connection.sockets(.tcp, filter: narrow).count == meant, "all \(count)")
        }
        #expect(kept.count == 12)
    }

    @Test("finds the sockets of a user, of every kind that has one") func findsUsers() throws {
        let kept = try SocketIntegrationTests.prepare(fixture)
        let user = try #require(try connection.sockets(.tcp).first?.user)
        let unix = try TestSocket(fixture, 1, .stream)
        try unix.bind(unix: "user \(fixture.handle.identity)")
        let mine = try connection.allSockets([.tcp, .unix, .netlink], filter: .user(user))
        #expect(mine.tcp.count == 12 && mine.unix.count == 1 && mine.netlink.isEmpty)
        let others = try connection.allSockets([.tcp, .unix, .netlink], filter: .not(.user(user)))
        #expect(others.count == 0 && kept.count == 12)
    }

    @Test("lists all kinds at once, and says which it could not") func listsAll() async throws {
        let kept = try SocketIntegrationTests.prepare(fixture)
        let packet = try TestSocket(fixture, 17, .raw, Int32(UInt16(0x0800).bigEndian))
        let udp = try TestSocket(fixture, 2, .datagram)
        try udp.bind("127.0.0.1", 53)
        let listing = try connection.allSockets()
        #expect(listing.tcp.count == 12 && listing.udp.count == 1 && listing.packet.count == 1)
        #expect(!listing.netlink.isEmpty && listing.unlisted.isDisjoint(with: [.tcp, .udp, .unix, .netlink, .packet]))
        let tasks = try SockDiagConnection(in: fixture.namespace)
        let again = try await tasks.allSockets([.tcp, .udp, .packet])
        #expect(
            again.tcp.map(\.cookie) == listing.tcp.map(\.cookie) && again.udp.map(\.cookie) == listing.udp.map(\.cookie)
        )
        #expect(again.packet.count == 1 && again.netlink.isEmpty && again.count == 14)
        let some = try connection.allSockets(in: SocketStates(.listening), filter: .localPort(.equal, 80))
        #expect(some.tcp.count == 1 && some.count == 1 && packet.descriptor >= 0 && kept.count == 12)
        // Without a part of the kernel for them, or with: never an error.
        #expect(listing.unlisted.contains(.raw) || listing.raw.isEmpty)
    }
}
