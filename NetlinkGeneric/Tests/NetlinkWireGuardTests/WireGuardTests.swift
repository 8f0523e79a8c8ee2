// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkGeneric
import NetlinkTestSupport
import NetlinkWireGuard
import Testing

extension SetWireGuardDevice {
    /// What follows the message's header.
    func payload() throws -> [UInt8] { Array(try messageBytes().dropFirst(16)) }
}

enum Sample {
    static let peer1 = WireGuardPublicKey(stringLiteral: Capture.peer1)
    static let peer2 = WireGuardPublicKey(stringLiteral: Capture.peer2)
    static let peer3 = WireGuardPublicKey(stringLiteral: Capture.peer3)

    static func key(_ text: String) throws -> WireGuardKey { try #require(WireGuardKey(base64: text)) }

    /// What the captured `wg set` says.
    static func change() throws -> WireGuardChange {
        var change = WireGuardChange()
        change.privateKey = try key(Capture.privateKey)
        change.listenPort = 51820
        change.mark = 0x1234
        var first = WireGuardPeerChange(peer1)
        first.presharedKey = try key(Capture.presharedKey)
        first.endpoint = WireGuardEndpoint("192.95.5.67", port: 1234)
        first.allowedAddresses = ["10.192.122.3/32", "10.192.124.0/24"]
        first.replacesAllowedAddresses = true
        first.keepalive = .seconds(25)
        var second = WireGuardPeerChange(peer2)
        second.endpoint = WireGuardEndpoint("2607:5300:60:6b0::c05f:543", port: 2468)
        second.allowedAddresses = ["fd00::/64"]
        second.replacesAllowedAddresses = true
        change.peers = [first, second, .removing(peer3)]
        return change
    }

    /// A kernel that has one device and answers its dump with these messages.
    static func kernel(_ messages: [[UInt8]], perDatagram: Int = 1) -> FakeKernel {
        FakeKernel { request in
            switch request.type {
            case 16:
                return request.object(
                    FakeMessage(
                        type: 16,
                        payload: hex(
                            "01 02 00 00 0e 00 02 00 77 69 72 65 67 75 61 72 64 00 00 00 06 00 01 00 1c 00 00 00"))
                )
            case 28 where request.isDump:
                return request.dump(messages.map { FakeMessage(type: 28, payload: $0) }, perDatagram: perDatagram)
            case 28: return request.acknowledge()
            default: return request.error(.notSupported)
            }
        }
    }
}

@Suite("A device of WireGuard") struct DeviceTests {
    private func check(_ device: WireGuardDevice) throws {
        #expect(device.name == "wg0")
        #expect(device.index == 19)
        #expect(device.listenPort == 51820)
        #expect(device.mark == 0x1234)
        #expect(device.privateKey == (try Sample.key(Capture.privateKey)))
        #expect(device.publicKey?.description == Capture.publicKey)
        #expect(device.peers.count == 2)
        #expect(device.unknown.isEmpty)
        let first = try #require(device[Sample.peer1])
        #expect(first.presharedKey == (try Sample.key(Capture.presharedKey)))
        #expect(first.endpoint == WireGuardEndpoint("192.95.5.67", port: 1234))
        #expect(first.keepalive == .seconds(25))
        #expect(first.allowedAddresses == ["10.192.122.3/32", "10.192.124.0/24"])
        #expect(first.protocolVersion == 1)
        #expect(first.state?.lastHandshake == nil)
        #expect(first.state?.receivedByteCount == 0)
        #expect(first.state?.sentByteCount == 0)
        #expect(first.unknown.isEmpty && first.otherAllowedAddresses.isEmpty)
        let second = try #require(device[Sample.peer2])
        #expect(second.presharedKey == nil)
        #expect(second.endpoint == WireGuardEndpoint("2607:5300:60:6b0::c05f:543", port: 2468))
        #expect(second.keepalive == .zero)
        #expect(second.allowedAddresses == ["fd00::/64"])
    }

    @Test("is read as the kernel sends it, by both connections") func read() async throws {
        let kernel = Sample.kernel([Capture.show])
        let blocking = try BlockingWireGuardConnection(opening: kernel.source)
        try check(try blocking.device("wg0"))
        #expect(kernel.requests[1].payload == Capture.showRequest)
        let connection = try WireGuardConnection(opening: kernel.source)
        try check(try await connection.device("wg0"))
        for try await piece in connection.stream(.device("wg0")) { try check(piece) }
        _ = try await connection.dump(.device(7))
        #expect(kernel.requests.last?.payload == hex("00 01 00 00 08 00 01 00 07 00 00 00"))
    }

    @Test("is put together when it comes in several messages", arguments: [1, 2, 5]) func merged(count: Int) throws {
        // A peer goes on under its key alone; the device's settings are repeated, its private key is not.
        let head = hex("00 01 00 00 06 00 06 00 6c ca 00 00 08 00 01 00 13 00 00 00 08 00 02 00 77 67 30 00")
        func more(_ key: WireGuardPublicKey, _ last: UInt8) -> [UInt8] {
            head + hex("50 00 08 80 4c 00 00 80 24 00 01 00") + key.bytes
                + hex("24 00 09 80 20 00 00 80 05 00 03 00 20 00 00 00 06 00 01 00 02 00 00 00 08 00 02 00 0a 01 00")
                + [last] + hex("04 00 63 00")
        }
        let messages = [
            Capture.show, more(Sample.peer2, 1), more(Sample.peer2, 2), more(Sample.peer3, 3), more(Sample.peer3, 4),
        ]
        let kernel = Sample.kernel(messages, perDatagram: count)
        let device = try BlockingWireGuardConnection(opening: kernel.source).device("wg0")
        #expect(device.peers.map(\.publicKey) == [Sample.peer1, Sample.peer2, Sample.peer3])
        #expect(device.peers[1].allowedAddresses == ["fd00::/64", "10.1.0.1/32", "10.1.0.2/32"])
        #expect(device.peers[2].allowedAddresses == ["10.1.0.3/32", "10.1.0.4/32"])
        #expect(device.privateKey == (try Sample.key(Capture.privateKey)))
        // Each of these addresses has an attribute that is not known here.
        #expect(device.peers[2].otherAllowedAddresses.elements.count == 2)
    }

    @Test("cut short at any byte never traps", arguments: 0..<Capture.show.count) func truncated(count: Int) throws {
        let kernel = Sample.kernel([Array(Capture.show.prefix(count))])
        do throws(NetlinkError) { _ = try BlockingWireGuardConnection(opening: kernel.source).device("wg0") } catch {
            #expect(error.code == .malformedReply)
        }
    }

    @Test("with any byte changed never traps", arguments: 0..<Capture.show.count) func changed(position: Int) throws {
        for value in [0, 1, 0x7f, 0xff] as [UInt8] {
            var bytes = Capture.show
            bytes[position] = value
            let kernel = Sample.kernel([bytes, bytes])
            _ = try? BlockingWireGuardConnection(opening: kernel.source).device("wg0")
        }
    }

    @Test("hostile kernels never trap", arguments: HostileScript.all + HostileScript.objects(of: 28, after: 4))
    func hostile(script: HostileScript) throws {
        // The family is found; what the script does, it does to the dump and to commands.
        let kernel = FakeKernel { request in
            request.type == 16
                ? request.object(FakeMessage(type: 16, payload: hex("01 02 00 00 06 00 01 00 1c 00 00 00")))
                : script.answer(request)
        }
        let connection = try BlockingWireGuardConnection(opening: kernel.source, timeout: .milliseconds(20))
        _ = try? connection.device("wg0")
        try? connection.update("wg0", WireGuardChange())
        #expect(kernel.requests.contains { $0.type == 28 })
    }

    @Test("keeps what is not known, and a handshake's time only where it is one") func unknown() throws {
        let key = "24 00 01 00 " + Sample.peer1.bytes.map { String($0, radix: 16) }.joined(separator: " ")
        let message = hex(
            """
            00 01 00 00 08 00 63 00 01 00 00 00 70 00 08 80 6c 00 00 80 14 00 06 00 05 00 00 00 00 00 00 00
            01 00 00 00 00 00 00 00 \(key) 08 00 5f 00 07 00 00 00 14 00 04 00 63 00 00 00 00 00 00 00
            00 00 00 00 00 00 00 00 14 00 06 00 09 00 00 00 00 00 00 00 00 ca 9a 3b 00 00 00 00
            """)
        let kernel = Sample.kernel([message])
        let device = try BlockingWireGuardConnection(opening: kernel.source).device("wg0")
        #expect(device.unknown.elements.map(\.number) == [99])
        #expect(device.peers[0].unknown.elements.map(\.number) == [95, 4])
        // A thousand million nanoseconds are no fraction of a second.
        #expect(device.peers[0].state?.lastHandshake == .seconds(5) + .nanoseconds(1))
        #expect(device.peers[0].endpoint == nil)
        let bytes = try SetWireGuardDevice("wg0", WireGuardChange(replacingWith: device)).payload()
        #expect(bytes.firstRange(of: hex("08 00 63 00 01 00 00 00")) != nil)
        #expect(bytes.firstRange(of: hex("08 00 5f 00 07 00 00 00")) != nil)
    }

    @Test("that does not answer is an error") func silent() throws {
        let kernel = Sample.kernel([])
        do throws(NetlinkError) {
            _ = try BlockingWireGuardConnection(opening: kernel.source).device("wg0")
            Issue.record("no error")
        } catch {
            #expect(error.code == .noReply)
            #expect(error.object == "wg0")
        }
    }

    @Test("is set by what was read from it") func roundTrip() throws {
        let kernel = Sample.kernel([Capture.show])
        let connection = try BlockingWireGuardConnection(opening: kernel.source)
        let device = try connection.device("wg0")
        let change = WireGuardChange(replacingWith: device)
        #expect(change.replacesPeers)
        #expect(change.peers.map(\.publicKey) == [Sample.peer1, Sample.peer2])
        #expect(change.peers[0].keepalive == .seconds(25))
        try connection.replace("wg0", with: device)
        #expect(kernel.requests.last?.payload == (try SetWireGuardDevice("wg0", change).payload()))
        // Nothing differs, so nothing is sent.
        kernel.forgetRequests()
        #expect(try connection.ensure("wg0", is: device).isEmpty)
        #expect(kernel.requests.count == 1)
    }
}

@Suite("A change of WireGuard") struct ChangeTests {
    @Test("is sent as the reference tool sends it") func captured() throws {
        #expect(try SetWireGuardDevice("wg0", Sample.change()).payload() == Capture.set)
        var configuration = WireGuardChange()
        configuration.privateKey = try Sample.key(Capture.privateKey)
        configuration.listenPort = 0
        configuration.mark = 0
        configuration.replacesPeers = true
        var peer = WireGuardPeer(Sample.peer1)
        peer.allowedAddresses = ["10.0.0.1/32"]
        configuration.peers = [WireGuardPeerChange(peer)]
        #expect(try SetWireGuardDevice("wg0", configuration).payload() == Capture.setConfiguration)
    }

    @Test("sends each option, and nothing that is not set") func options() throws {
        let head = 4 + 8
        func body(_ write: (inout WireGuardPeerChange) -> Void) throws -> [UInt8] {
            var change = WireGuardPeerChange(Sample.peer1)
            write(&change)
            let bytes = try SetWireGuardDevice("wg0", WireGuardChange(peers: [change])).payload()
            return Array(bytes.dropFirst(head + 8 + 36))
        }
        #expect(try body { _ in }.isEmpty)
        #expect(try body { $0.isRemoved = true } == hex("08 00 03 00 01 00 00 00"))
        #expect(try body { $0.replacesAllowedAddresses = true } == hex("08 00 03 00 02 00 00 00"))
        #expect(try body { $0.updatesOnly = true } == hex("08 00 03 00 04 00 00 00"))
        #expect(
            try body {
                $0.isRemoved = true
                $0.updatesOnly = true
            } == hex("08 00 03 00 05 00 00 00"))
        #expect(try body { $0.keepalive = .zero } == hex("06 00 05 00 00 00 00 00"))
        #expect(try body { $0.keepalive = .seconds(65535) } == hex("06 00 05 00 ff ff 00 00"))
        #expect(try body { $0.protocolVersion = 1 } == hex("08 00 0a 00 01 00 00 00"))
        #expect(try body { $0.presharedKey = .zero } == hex("24 00 02 00") + [UInt8](repeating: 0, count: 32))
        #expect(
            try body { $0.endpoint = WireGuardEndpoint("fe80::1", port: 5, scope: 7, flowInformation: 0x1_0203) }
                == hex(
                    "20 00 04 00 0a 00 00 05 00 01 02 03 fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 01 07 00 00 00"))
        #expect(
            try body { $0.removedAllowedAddresses = ["10.0.0.0/8"] }
                == hex(
                    """
                    28 00 09 80 24 00 00 80 06 00 01 00 02 00 00 00 08 00 02 00 0a 00 00 00 05 00 03 00 08 00 00 00
                    08 00 04 00 01 00 00 00
                    """))
        func device(_ write: (inout WireGuardChange) -> Void) throws -> [UInt8] {
            var change = WireGuardChange()
            write(&change)
            return Array(try SetWireGuardDevice("wg0", change).payload().dropFirst(head))
        }
        #expect(try device { _ in }.isEmpty)
        #expect(try device { $0.listenPort = 0 } == hex("06 00 06 00 00 00 00 00"))
        #expect(try device { $0.mark = 0 } == hex("08 00 07 00 00 00 00 00"))
        #expect(try device { $0.replacesPeers = true } == hex("08 00 05 00 01 00 00 00"))
        #expect(try device { $0.privateKey = .zero } == hex("24 00 03 00") + [UInt8](repeating: 0, count: 32))
        #expect(
            try SetWireGuardDevice(9, WireGuardChange()).payload() == hex("01 01 00 00 08 00 01 00 09 00 00 00"))
    }

    @Test(
        "that cannot be is refused before anything is sent",
        arguments: [
            Duration.seconds(65536), .milliseconds(1500), .seconds(-1),
        ]) func invalid(keepalive: Duration) throws
    {
        let kernel = Sample.kernel([])
        let connection = try BlockingWireGuardConnection(opening: kernel.source)
        var change = WireGuardPeerChange(Sample.peer1)
        change.keepalive = keepalive
        #expect(throws: NetlinkError.self) { try connection.update("wg0", WireGuardChange(peers: [change])) }
        #expect(throws: NetlinkError.self) {
            try connection.perform(SetWireGuardDevice("wg0", WireGuardChange(peers: [change])))
        }
        #expect(!kernel.requests.contains { $0.type == 28 })
    }

    private func key(_ number: Int) throws -> WireGuardPublicKey {
        var bytes = [UInt8](repeating: 0, count: 32)
        bytes[0] = UInt8(number & 255)
        bytes[1] = UInt8(number >> 8)
        return try #require(WireGuardPublicKey(bytes: bytes))
    }

    @Test("that is too large is split between peers and inside them", arguments: [1024, 4096, 32 * 1024, 1 << 20])
    func split(limit: Int) throws {
        var change = try Sample.change()
        change.replacesPeers = true
        change.peers = try (0..<400).map { number in
            var peer = WireGuardPeerChange(try key(number))
            peer.presharedKey = change.privateKey
            peer.endpoint = WireGuardEndpoint("fe80::1", port: 1)
            peer.keepalive = .seconds(1)
            peer.replacesAllowedAddresses = true
            peer.updatesOnly = number % 2 == 1
            // Every eighth has more addresses than a message holds.
            let count = number % 8 == 0 ? 300 : number % 3
            peer.allowedAddresses = (0..<count).map {
                IPPrefix(.v6(IPv6Address(high: UInt64(number), low: UInt64($0))))
            }
            peer.removedAllowedAddresses = number == 16 ? ["10.0.0.0/8", "11.0.0.0/8"] : []
            return peer
        }
        let commands = change.commands(for: "wg0", byteLimit: limit)
        for (index, command) in commands.enumerated() {
            #expect(try command.messageBytes().count <= Swift.min(limit, 60 * 1024))
            #expect(command.change.replacesPeers == (index == 0))
            #expect((command.change.privateKey != nil) == (index == 0))
            #expect(command.change.listenPort == (index == 0 ? 51820 : nil))
            #expect(!command.change.peers.isEmpty)
        }
        // Each peer's parts follow each other, the first with its settings, all with what they may not make.
        var parts: [WireGuardPublicKey: [WireGuardPeerChange]] = [:]
        for peer in commands.flatMap(\.change.peers) { parts[peer.publicKey, default: []].append(peer) }
        for peer in change.peers {
            let found = try #require(parts[peer.publicKey])
            #expect(found.flatMap(\.allowedAddresses) == peer.allowedAddresses)
            #expect(found.flatMap(\.removedAllowedAddresses) == peer.removedAllowedAddresses)
            for (index, part) in found.enumerated() {
                #expect(part.replacesAllowedAddresses == (index == 0))
                #expect((part.presharedKey != nil) == (index == 0))
                #expect((part.endpoint != nil) == (index == 0))
                #expect((part.keepalive != nil) == (index == 0))
                #expect(part.updatesOnly == peer.updatesOnly)
            }
        }
        #expect(commands.count > 1)
        #expect(try Sample.change().commands(for: "wg0").count == 1)
    }

    @Test("from one state to another is the least that differs") func difference() throws {
        let kernel = Sample.kernel([Capture.show])
        let old = try BlockingWireGuardConnection(opening: kernel.source).device("wg0")
        #expect(WireGuardChange(from: old, to: old).isEmpty)
        var new = old
        new.peers[0].keepalive = nil
        new.peers[0].allowedAddresses.append("10.9.0.0/16")
        new.peers[1] = WireGuardPeer(Sample.peer3)
        new.listenPort = 7
        new.mark = nil
        let change = WireGuardChange(from: old, to: new)
        #expect(change.privateKey == nil && change.mark == nil && !change.replacesPeers)
        #expect(change.listenPort == 7)
        #expect(change.peers.map(\.publicKey) == [Sample.peer2, Sample.peer1, Sample.peer3])
        #expect(change.peers[0].isRemoved)
        #expect(change.peers[1].keepalive == .zero)
        #expect(change.peers[1].allowedAddresses == ["10.9.0.0/16"])
        #expect(!change.peers[1].replacesAllowedAddresses && change.peers[1].updatesOnly)
        #expect(!change.peers[2].updatesOnly)
        new = old
        new.peers[0].allowedAddresses.removeFirst()
        new.peers[0].presharedKey = nil
        let less = WireGuardChange(from: old, to: new)
        #expect(less.peers.count == 1)
        #expect(less.peers[0].replacesAllowedAddresses)
        #expect(less.peers[0].allowedAddresses == ["10.192.124.0/24"])
        #expect(less.peers[0].presharedKey == .zero)
        #expect(less.peers[0].endpoint == nil)
    }
}
