// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkSockDiag
import NetlinkTestSupport
import Testing

@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct SocketIntegrationTests {
    let fixture: NamespaceFixture
    let connection: BlockingSockDiagConnection

    init() throws {
        fixture = try NamespaceFixture()
        connection = try fixture.connect()
    }

    /// Sockets of all sorts of TCP, kept by the array.
    private func prepare() throws -> [TestSocket] { try Self.prepare(fixture) }

    /// The same in any fixture.
    static func prepare(_ fixture: NamespaceFixture) throws -> [TestSocket] {
        var sockets: [TestSocket] = []
        func add(_ socket: TestSocket) -> TestSocket {
            sockets.append(socket)
            return socket
        }
        let listener = add(try .tcp(fixture))
        try listener.bind("127.0.0.1", 80)
        try listener.listen()
        let both = add(try .tcp6(fixture))
        try both.bind("::", 8080)
        try both.listen(7)
        let only = add(try .tcp6(fixture))
        try only.set(41, 26, 1)
        try only.bind("::", 443)
        try only.listen()
        for (index, address) in ["127.0.0.1", "127.0.0.2", "127.1.0.1"].enumerated() {
            let client = add(try .tcp(fixture))
            try client.set(1, 36, Int32(index))
            if index > 0 { try client.bind(try #require(IPAddress(address)), UInt16(40_000 + index)) }
            try client.connect("127.0.0.1", index == 2 ? 8080 : 80)
            _ = add(try (index == 2 ? both : listener).accept())
        }
        let client = add(try .tcp6(fixture))
        try client.set(1, 25, "lo")
        try client.bind("::1", 40_010)
        try client.connect("::1", 443)
        _ = add(try only.accept())
        let idle = add(try .tcp(fixture))
        try idle.bind("127.0.0.1", 40_020)
        return sockets
    }

    @Test("lists TCP sockets with what was asked for, and nothing more") func listsTCP() throws {
        let kept = try prepare()
        let sockets = try connection.sockets(.tcp)
        #expect(sockets.count == 12)
        let plain = try #require(sockets.first { $0.local.port == 40_001 })
        #expect(plain.remote == SocketEndpoint("127.0.0.1", port: 80) && plain.mark == 1 && plain.tcp == nil)
        #expect(plain.socketMemory == nil && plain.congestionControl == nil && plain.inode != 0 && plain.cookie != 0)
        let parts: InetSocketParts = [
            .information, .socketMemory, .memory, .congestionControl, .trafficClass, .typeOfService,
        ]
        let whole = try connection.sockets(.tcp, family: .ipv4, in: SocketStates(.established), parts: parts)
        for socket in whole {
            #expect(
                socket.state == .established && socket.socketMemory != nil && socket.congestionControl?.isEmpty == false
            )
            #expect(socket.tcp?.congestionWindow != nil && socket.typeOfService == 0 && socket.unknown.isEmpty)
        }
        #expect(try connection.sockets(.tcp, in: SocketStates(.listening)).count == 3)
        #expect(try connection.sockets(.tcp, in: []).isEmpty)
        #expect(kept.count == 12)
    }

    static let expressions = [
        "sport = :80", "sport != :80", "dport > :1000 and dport < :9000", "src 127.0.0.1", "not src 127.0.0.1",
        "src 127.0.0.0/8", "not src 127.0.0.0/9", "src 0.0.0.0/0", "not src 0.0.0.0/0", "src [::/0]", "not src [::1]",
        "dst [::1]:443", "dev lo", "not dev lo", "fwmark 1", "not fwmark 0x1/0x1", "fwmark != 0",
        "( sport = :80 or sport = :443 ) and not dst 127.0.0.2",
        "not ( ( sport = :80 or dport = :80 ) and not ( src 127.0.0.2 or dst 127.0.0.2 ) )",
        "sport ge 40000 or not ( dport = :80 or dport = :8080 )", "not not not sport = :8080", "sport = :70000",
        "not sport = :70000", "src *:80 or dst *:8080", "src [::ffff:127.0.0.1]", "not src [::ffff:0:0/96]",
        "src unix:*",
        "not src unix:*", "sport le 80 and sport ge 80", "src 127.0.0.1:80 or src 127.1.0.1:40002",
    ]

    @Test("filters in the kernel as it does here", arguments: expressions) func filtersAlike(_ text: String) throws {
        let kept = try prepare()
        var parser = SocketExpressionParser()
        let resolver = try fixture.resolver()
        parser.indexOfLink = { try? resolver.index(of: .name($0)) }
        let filter = try parser.parse(text).filter
        let all = try connection.sockets(.tcp)
        let byKernel = try connection.sockets(.tcp, filter: filter)
        // What came was sorted out here as well, so that a kernel that let too much pass would show nowhere: ask it alone.
        let unchecked = try [AddressFamily.ipv4, .ipv6].flatMap { family in
            try connection.dump(Unchecked(base: .sockets(.tcp, family: family, filter: filter)))
        }
        let expected = Set(all.filter { filter.matches($0) == true }.map(\.cookie))
        #expect(Set(byKernel.map(\.cookie)) == expected)
        #expect(Set(unchecked.map(\.cookie)) == expected)
        #expect(kept.count == 12)
    }

    /// The same request, without looking at what comes.
    struct Unchecked: Dump {
        typealias Family = SockDiagProtocol
        let base: InetSocketDump
        var messageType: UInt16 { base.messageType }
        var operation: StaticString { base.operation }
        func encode(into writer: inout MessageWriter) { base.encode(into: &writer) }
        func decode(_ message: borrowing Message) throws(DecodeError) -> InetSocket? {
            try InetSocket(decoding: message, base.ipProtocol)
        }
    }

    @Test("tells by the kernel who was bound by itself") func findsAutobound() throws {
        let kept = try prepare()
        let bound = try connection.sockets(.tcp, filter: .isAutobound)
        let others = try connection.sockets(.tcp, filter: .not(.isAutobound))
        #expect(bound.contains { $0.remote.port == 80 && $0.local.port > 1024 })
        // Of those that were accepted the kernel says so too.
        let chosen: [UInt16] = [40_001, 40_002, 40_010, 40_020]
        #expect(bound.allSatisfy { !chosen.contains($0.local.port) && $0.state == .established })
        #expect(others.filter { $0.state == .listening }.count == 3 && others.contains { $0.local.port == 40_001 })
        #expect(bound.count + others.count == 12 && kept.count == 12)
    }

    @Test("finds one socket, and not another's") func findsOne() throws {
        let kept = try prepare()
        let listed = try #require(try connection.sockets(.tcp).first { $0.local.port == 40_001 })
        let found = try connection.socket(listed.id, parts: .information)
        #expect(found.cookie == listed.cookie && found.tcp != nil)
        var wrong = listed.id
        wrong.cookie = listed.cookie + 1_000_000
        #expect(throws: NetlinkError.self) { try connection.socket(wrong) }
        let nobody = InetSocketID(.tcp, local: SocketEndpoint("127.0.0.1", port: 9))
        #expect { try connection.socket(nobody) } throws: { ($0 as? NetlinkError)?.isNotFound == true }
        #expect(kept.count == 12)
    }

    @Test("closes sockets, and tells of them") func closes() throws {
        let events = try BlockingSocketEvents(.destroyedSockets(), in: fixture.namespace)
        var kept = try prepare()
        let closed = try connection.destroySockets(.tcp, filter: .localPort(.equal, 40_001))
        #expect(closed.map(\.local.port) == [40_001])
        let aborted: Int32 = 103  // ECONNABORTED
        #expect(kept[5].readError() == aborted)
        #expect(
            try connection.sockets(.tcp, in: SocketStates(.established), filter: .localPort(.equal, 40_001)).isEmpty)
        // It is gone for good when its process has closed it too.
        kept.removeAll()
        let event = try events.next(timeout: .seconds(5))
        guard case .notification(let gone) = event else {
            Issue.record("\(String(describing: event))")
            return
        }
        #expect(gone.socket.ipProtocol == .tcp && gone.socket.tcp != nil && gone.namespaceID == nil)
    }

    @Test("lists UDP and raw sockets") func listsDatagrams() throws {
        let udp = try TestSocket(fixture, 2, .datagram)
        try udp.bind("127.0.0.1", 53)
        let sender = try TestSocket(fixture, 2, .datagram)
        try sender.connect("127.0.0.1", 53)
        sender.send(100)
        let raw = try TestSocket(fixture, 2, .raw, 1)
        let sockets = try connection.sockets(.udp, parts: .socketMemory)
        #expect(sockets.count == 2)
        let receiver = try #require(sockets.first { $0.local.port == 53 })
        #expect(
            receiver.state == .closed && receiver.receiveQueue > 100
                && receiver.socketMemory?.receiveAllocated ?? 0 > 100)
        #expect(sockets.first { $0.remote.port == 53 }?.state == .established)
        let raws: [InetSocket]
        do throws(NetlinkError) { raws = try connection.sockets(.raw, family: .ipv4) } catch {
            // Not every kernel has the part for raw sockets.
            #expect(error.isNotFound && raw.descriptor >= 0)
            return
        }
        #expect(raws.map(\.local.port) == [1] && raws.map(\.ipProtocol.rawValue) == [1])
        // States count, though the kernel does not look at them.
        #expect(try connection.sockets(.raw, in: SocketStates(.established)).isEmpty)
        #expect(try connection.sockets(.raw, in: SocketStates(.closed)).map(\.local.port) == [1])
        // Of the same number as TCP, and no TCP socket for that.
        let other = try TestSocket(fixture, 2, .raw, 6)
        let found = try #require(try connection.sockets(.raw, filter: .localPort(.equal, 6)).first)
        #expect(found.isRaw && found.ipProtocol == .tcp && found.tcp == nil && other.descriptor >= 0)
        #expect(try connection.socket(found.id).cookie == found.cookie)
        try connection.destroy(found)
        #expect(try connection.sockets(.raw, family: .ipv4).map(\.local.port) == [1])
        #expect(raw.descriptor >= 0)
    }

    @Test("lists Unix, netlink and packet sockets") func listsOthers() throws {
        let unix = try TestSocket(fixture, 1, .stream)
        try unix.bind(unix: "\(fixture.handle.identity)")
        try unix.listen(3)
        let all: UnixSocketParts = [.name, .file, .peer, .pendingConnections, .queues, .memory, .user]
        let listed = try connection.unixSockets(parts: all)
        let found = try #require(listed.first { $0.state == .listening && $0.queues?.send == 3 })
        #expect(found.name?.isAbstract == true && found.user == 0 && found.memory != nil && found.file == nil)
        #expect(found.pendingConnections == [] && found.unknown.isEmpty)
        #expect(try connection.unixSockets(in: SocketStates(.established)).isEmpty)
        let pattern = SocketExpression.local(.unix(GlobPattern("@*")))
        #expect(try connection.unixSockets(filter: pattern).count == 1)
        #expect(try connection.unixSockets(filter: .not(pattern)).isEmpty)

        let netlink = try connection.netlinkSockets()
        #expect(netlink.contains { $0.netlinkProtocol == 4 && $0.port != 0 })
        #expect(try connection.dump(.netlinkSockets(4)).allSatisfy { $0.netlinkProtocol == 4 })

        let packet = try TestSocket(fixture, 17, .raw, Int32(UInt16(0x0800).bigEndian))
        let parts: PacketSocketParts = [.information, .memory, .memberships, .rings, .fanout, .program]
        let packets = try connection.packetSockets(parts: parts)
        #expect(packets.map(\.ethernetType) == [0x0800] && packets[0].memory != nil && packets[0].unknown.isEmpty)
        #expect(packets[0].information?.flags.contains(.isRunning) == true && packet.descriptor >= 0)
    }

    @Test("streams to tasks") func streams() async throws {
        let kept = try prepare()
        let tasks = try SockDiagConnection(in: fixture.namespace)
        var count = 0
        for try await _ in tasks.stream(.sockets(.tcp, family: .ipv4)) { count += 1 }
        #expect(count == 7)
        let some = try await tasks.sockets(.tcp, in: .connected, filter: .remotePort(.equal, 443))
        #expect(some.count == 1)
        #expect(try await tasks.socket(some[0].id).cookie == some[0].cookie)
        try await tasks.destroy(some[0])
        #expect(try await tasks.sockets(.tcp, in: SocketStates(.established), filter: .remotePort(.equal, 443)).isEmpty)
        #expect(kept.count == 12)
    }
}
