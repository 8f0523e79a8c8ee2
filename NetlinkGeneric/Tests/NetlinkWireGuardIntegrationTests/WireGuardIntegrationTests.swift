// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkGeneric
import NetlinkTestSupport
import NetlinkWireGuard
import Testing

@Suite(.serialized, .enabled(if: TestEnvironment.has(.linkKind("wireguard")), "links of kind wireguard"))
struct WireGuardIntegrationTests {
    let fixture: NamespaceFixture
    let connection: BlockingWireGuardConnection

    init() throws {
        fixture = try NamespaceFixture()
        try fixture.addLink("wg0", kind: "wireguard")
        connection = try fixture.connect()
    }

    private func key(_ number: Int) throws -> WireGuardPublicKey {
        var bytes = [UInt8](repeating: 7, count: 32)
        bytes[0] = UInt8(number & 255)
        bytes[1] = UInt8(number >> 8)
        return try #require(WireGuardPublicKey(bytes: bytes))
    }

    /// The order of peers is the kernel's; a new device's listening port is zero.
    private func comparable(_ device: WireGuardDevice) -> WireGuardDevice {
        var copy = device.settings
        copy.peers.sort { $0.publicKey < $1.publicKey }
        for index in copy.peers.indices { copy.peers[index].allowedAddresses.sort() }
        return copy
    }

    private func full() throws -> WireGuardDevice {
        var device = WireGuardDevice()
        device.privateKey = .makePrivate()
        device.listenPort = 51820
        device.mark = 0x10
        var first = WireGuardPeer(try key(1))
        first.presharedKey = .makePreshared()
        first.endpoint = WireGuardEndpoint("192.0.2.1", port: 1)
        first.keepalive = .seconds(65535)
        first.allowedAddresses = ["10.0.0.0/8", "10.1.0.0/16", "2001:db8::/32", "0.0.0.0/0", "::/0", "10.1.1.1/32"]
        first.protocolVersion = 1
        var second = WireGuardPeer(try key(2))
        second.endpoint = WireGuardEndpoint("2001:db8::1", port: 65535)
        second.keepalive = .zero
        second.protocolVersion = 1
        device.peers = [first, second]
        return device
    }

    @Test("what is set is read back, and what is read can be set") func roundTrip() throws {
        let wanted = try full()
        try connection.replace("wg0", with: wanted)
        let read = try connection.device("wg0")
        #expect(comparable(read) == comparable(wanted))
        #expect(read.name == "wg0")
        #expect(read.index == (try fixture.index(of: "wg0")))
        #expect(read.publicKey != nil)
        #expect(read.peers.allSatisfy { $0.state?.receivedByteCount == 0 && $0.state?.lastHandshake == nil })
        try connection.replace("wg0", with: WireGuardDevice())
        let empty = try connection.device("wg0")
        #expect(empty.privateKey == nil && empty.publicKey == nil && empty.peers.isEmpty && empty.mark == 0)
        try connection.replace("wg0", with: read)
        #expect(comparable(try connection.device("wg0")) == comparable(read))
        #expect(try connection.ensure("wg0", is: read).isEmpty)
    }

    @Test("each change does what it says and leaves the rest") func changes() throws {
        try connection.replace("wg0", with: try full())
        func peer() throws -> WireGuardPeer? { try connection.device("wg0")[key(1)] }
        func change(_ body: (inout WireGuardPeerChange) -> Void) throws {
            var change = WireGuardPeerChange(try key(1))
            body(&change)
            try connection.update("wg0", WireGuardChange(peers: [change]))
        }
        let before = try #require(try peer())
        try change { $0.keepalive = .seconds(5) }
        #expect(try peer()?.keepalive == .seconds(5))
        #expect(try peer()?.allowedAddresses == before.allowedAddresses)
        #expect(try peer()?.presharedKey == before.presharedKey)
        try change { $0.presharedKey = .zero }
        #expect(try peer()?.presharedKey == nil)
        try change { $0.endpoint = WireGuardEndpoint("192.0.2.9", port: 9) }
        #expect(try peer()?.endpoint == WireGuardEndpoint("192.0.2.9", port: 9))
        try change { $0.allowedAddresses = ["172.16.0.0/12"] }
        #expect(try peer()?.allowedAddresses.count == before.allowedAddresses.count + 1)
        if try connection.wireGuardCapabilities().removesAllowedAddresses == true {
            try change { $0.removedAllowedAddresses = ["172.16.0.0/12", "10.0.0.0/8"] }
            #expect(try peer()?.allowedAddresses.count == before.allowedAddresses.count - 1)
        }
        try change {
            $0.allowedAddresses = ["172.16.5.1/12"]
            $0.replacesAllowedAddresses = true
        }
        // The kernel clears the host's bits.
        #expect(try peer()?.allowedAddresses == ["172.16.0.0/12"])
        try connection.remove(try key(1), of: "wg0")
        #expect(try peer() == nil)
        try change { $0.updatesOnly = true }
        #expect(try peer() == nil)
        try change { _ in }
        #expect(try peer() != nil)
        try connection.remove(try key(9), of: "wg0")
        var settings = WireGuardChange()
        settings.mark = 0
        settings.listenPort = 7
        try connection.update("wg0", settings)
        let device = try connection.device("wg0")
        #expect(device.mark == 0 && device.listenPort == 7 && device.privateKey != nil && device.peers.count == 2)
        settings = WireGuardChange()
        settings.privateKey = .zero
        settings.replacesPeers = true
        try connection.update("wg0", settings)
        #expect(try connection.device("wg0").privateKey == nil)
        #expect(try connection.device("wg0").peers.isEmpty)
    }

    @Test("thousands of peers and addresses are set in pieces and read in pieces") func many() async throws {
        var wanted = WireGuardDevice()
        wanted.privateKey = .makePrivate()
        wanted.listenPort = 1000
        wanted.mark = 0
        wanted.peers = try (0..<3000).map { number in
            var peer = WireGuardPeer(try key(number))
            peer.keepalive = .zero
            peer.protocolVersion = 1
            peer.endpoint = WireGuardEndpoint(.v4(IPv4Address(rawValue: 0x0a00_0000 + UInt32(number))), port: 7)
            let count = number == 1500 ? 4000 : 1
            peer.allowedAddresses = (0..<count).map {
                IPPrefix(.v6(IPv6Address(high: 0xfd00_0000_0000_0000 + UInt64(number), low: UInt64($0))))
            }
            return peer
        }
        let shared = try WireGuardConnection(in: fixture.namespace)
        try await shared.replace("wg0", with: wanted)
        let read = try await shared.device("wg0")
        #expect(read.peers.count == 3000)
        #expect(comparable(read) == comparable(wanted))
        #expect(try connection.device("wg0") == read)
        // Half of them go, and one address of another.
        var half = read
        half.peers.removeAll { $0.publicKey.bytes[0] % 2 == 0 }
        try await shared.ensure("wg0", is: half)
        #expect(try await shared.device("wg0").peers.count == 1500)
    }

    @Test("ten thousand peers with several addresses each are set and read back") func tenThousand() throws {
        var wanted = WireGuardDevice()
        wanted.privateKey = .makePrivate()
        wanted.listenPort = 1000
        wanted.mark = 0
        wanted.peers = try (0..<10_000).map { number in
            var peer = WireGuardPeer(try key(number))
            peer.keepalive = .zero
            peer.protocolVersion = 1
            peer.presharedKey = .makePreshared()
            peer.allowedAddresses = (0..<3).map {
                IPPrefix(.v4(IPv4Address(rawValue: 0x0a00_0000 + UInt32(4 * number + $0))))
            }
            return peer
        }
        try connection.replace("wg0", with: wanted)
        let read = try connection.device("wg0")
        #expect(read.peers.count == 10_000)
        #expect(comparable(read) == comparable(wanted))
        #expect(try connection.ensure("wg0", is: read).isEmpty)
    }

    /// Everything that is done with a key; nothing of it is left when this returns.
    @inline(never) private func use(_ memory: ProcessMemory) async throws {
        let key = try #require(memory.key)
        var peer = WireGuardPeer(try self.key(1))
        peer.presharedKey = key
        var device = WireGuardDevice()
        device.peers = [peer]
        try connection.replace("wg0", with: device)
        let shared = try WireGuardConnection(in: fixture.namespace)
        try await shared.replace("wg0", with: device)
        for try await piece in shared.stream(.device("wg0")) { #expect(piece.peers.first?.presharedKey == key) }
        // A refused command, whose error the kernel could answer with the whole request.
        #expect(throws: NetlinkError.self) { try connection.replace("lo", with: device) }
        var batch = Batch<WireGuard>()
        try batch.append(SetWireGuardDevice("wg0", WireGuardChange(replacingWith: device)))
        try batch.append(SetWireGuardDevice("lo", WireGuardChange(replacingWith: device)))
        _ = try await shared.perform(batch)
        var read = try connection.device("wg0")
        #expect(read == (try await shared.device("wg0")))
        #expect(read.peers[0].presharedKey == key && read.hashValue != 0)
        _ = "\(read) \(String(reflecting: read)) \(WireGuardChange(replacingWith: read))"
        _ = "\(SetWireGuardDevice("wg0", WireGuardChange(replacingWith: read)))"
        read.peers[0].presharedKey = nil
        try connection.ensure("wg0", is: read)
        // Large enough for writers and buffers to grow.
        device.peers = try (0..<600).map { number in
            var peer = WireGuardPeer(try self.key(number))
            peer.presharedKey = key
            return peer
        }
        try connection.replace("wg0", with: device)
        let many = try await shared.device("wg0")
        #expect(many.peers.allSatisfy { $0.presharedKey == key })
        #expect(try !memory.places().isEmpty)
        shared.close()
    }

    @Test("keys are nowhere in memory when they are released") func secrets() async throws {
        let memory = try ProcessMemory()
        #expect(try memory.places() == [])
        try await use(memory)
        connection.close()
        // A thread of the connection may be about to let go of what it did.
        #expect(try await eventually { try memory.places() == [] })
    }

    @Test("links are listed by kind, and other links are refused") func links() async throws {
        try fixture.addLink("wg1", kind: "wireguard")
        try fixture.addVeth("v0", "v1")
        try fixture.addAlternativeName("a-name-that-is-longer-than-fifteen", to: "wg1")
        let shared = try WireGuardConnection(in: fixture.namespace)
        #expect(try await shared.interfaces().map(\.name) == ["wg0", "wg1"])
        #expect(try await shared.devices().map(\.name) == ["wg0", "wg1"])
        #expect(try connection.device("a-name-that-is-longer-than-fifteen").name == "wg1")
        #expect(try await shared.device(.index(try fixture.index(of: "wg1"))).name == "wg1")
        do throws(NetlinkError) { _ = try connection.device("v0") } catch { #expect(error.isNotSupported) }
        do throws(NetlinkError) { _ = try connection.device("nosuch") } catch { #expect(error.isNoDevice) }
        do throws(NetlinkError) { try await shared.update("nosuch", WireGuardChange()) } catch {
            #expect(error.isNoDevice)
            #expect(error.object == "nosuch")
        }
    }

    @Test("the kernel says what it accepts, and what is wrong with a request") func policy() throws {
        let capabilities = try connection.wireGuardCapabilities()
        #expect(capabilities.family.has(command: 1))
        #expect(capabilities.updatesOnly == true)
        var change = WireGuardChange()
        change.unknown.keep(UnknownAttribute(rawType: 77, payload: [1]))
        let command = SetWireGuardDevice("wg0", change)
        do throws(NetlinkError) {
            try connection.perform(command)
        } catch {
            let explained = error.explained(by: capabilities.family.policy?.problem(in: command))
            #expect(explained.path?.elements.map(\.number) == [77])
        }
        let good = SetWireGuardDevice("wg0", WireGuardChange(replacingWith: try full()))
        #expect(capabilities.family.policy?.problem(in: good) == nil)
    }
}
