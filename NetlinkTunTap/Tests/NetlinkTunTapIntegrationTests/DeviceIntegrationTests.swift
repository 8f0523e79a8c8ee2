// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import NetlinkTunTap
import Testing

@Suite(.serialized, .enabled(if: TunTapBench.isAvailable, "tun devices")) struct DeviceIntegrationTests {
    let bench: TunTapBench
    var connection: BlockingRouteConnection { bench.connection }

    init() throws { bench = try TunTapBench() }

    /// Opens a device, looks at it, and lets it go.
    private func withDevice(
        _ configuration: TunTapConfiguration, _ body: (borrowing TunTapDevice) throws -> Void = { _ in }
    ) throws {
        let device = try bench.open(configuration)
        try body(device)
    }

    private func exists(_ name: InterfaceName) -> Bool { (try? connection.link(.name(name))) != nil }

    @Test("names are given, completed or chosen") func names() throws {
        let given = try bench.open(TunTapConfiguration(.tun, name: "given"))
        let first = try bench.open(TunTapConfiguration(.tun, name: "vpn%d"))
        let second = try bench.open(TunTapConfiguration(.tap, name: "vpn%d"))
        let chosen = try bench.open(TunTapConfiguration())
        #expect(given.name == "given" && first.name == "vpn0" && second.name == "vpn1" && chosen.name == "tun0")
        #expect(try bench.link("vpn0")?.type == .tun && bench.link("vpn1")?.type == .tap)
        var numbered = TunTapConfiguration(.tun, name: "seven")
        numbered.index = 777
        let device = try bench.open(numbered)
        #expect(try connection.link("seven").index == 777 && device.name == "seven")
        #expect(try connection.links(kind: "tun").count == 5)
        let long = try bench.open(TunTapConfiguration(.tun, name: "fifteen-letters"))
        #expect(long.name == "fifteen-letters" && exists("fifteen-letters"))
    }

    @Test("a device is gone with its last descriptor, and one that persists is not") func lifetime() throws {
        try withDevice(TunTapConfiguration(.tun, name: "t0")) { _ in #expect(exists("t0")) }
        #expect(!exists("t0"))
        let closed = try bench.open(TunTapConfiguration(.tun, name: "t1"))
        closed.close()
        #expect(!exists("t1"))
        var lasting = TunTapConfiguration(.tun, name: "t2")
        lasting.isPersistent = true
        lasting.owner = 1000
        lasting.group = 0
        lasting.isMultiQueue = true
        lasting.hasPacketInformation = true
        lasting.hasOffloadHeader = true
        try withDevice(lasting) { device in
            let status = try device.status()
            #expect(status.name == "t2")
            #expect(status.flags == [.tun, .multiQueue, .offloadHeader, .persistent])
        }
        let state = try #require(try bench.link("t2"))
        #expect(state.isPersistent == true && state.owner == 1000 && state.group == 0 && state.type == .tun)
        #expect(state.isMultiQueue == true && state.hasPacketInformation == true && state.hasOffloadHeader == true)
        #expect(state.queueCount == 0)
        try withDevice(lasting) { device in
            try device.setOwner(7)
            try device.setGroup(9)
            #expect(try bench.link("t2")?.owner == 7 && bench.link("t2")?.group == 9)
            try device.setPersistent(false)
            #expect(exists("t2"))
        }
        #expect(!exists("t2"))
    }

    @Test("what stands in the way of opening is said") func refusals() throws {
        func refusal(_ configuration: TunTapConfiguration) -> NetlinkError? {
            #expect(throws: NetlinkError.self) { try withDevice(configuration) }
        }
        let single = try bench.open(TunTapConfiguration(.tun, name: "t0"))
        let busy = refusal(TunTapConfiguration(.tun, name: "t0"))
        #expect(busy?.isBusy == true && busy?.operation == "open device" && busy?.object == "t0")
        var several = TunTapConfiguration(.tun, name: "t0")
        several.isMultiQueue = true
        #expect(refusal(several)?.isInvalid == true)
        several.name = "t1"
        let device = try bench.open(several)
        several.isExclusive = true
        #expect(refusal(several)?.explanation == "there is one of this name")
        #expect(refusal(TunTapConfiguration(.tap, name: "t1"))?.isInvalid == true)
        #expect(refusal(TunTapConfiguration(.tun, name: "lo")) != nil)
        let one = #expect(throws: NetlinkError.self) { _ = try single.openQueue() }
        #expect(one?.isInvalid == true && one?.operation == "open queue")
        #expect(device.name == "t1")
        let missing = #expect(throws: NetlinkError.self) {
            _ = try TunTapDevice(TunTapConfiguration(), in: .name("no-such-namespace"))
        }
        #expect(missing?.isNotFound == true)
    }

    @Test("a device lands in the namespace asked for, and its queues follow where it goes") func namespaces()
        async throws
    {
        var configuration = TunTapConfiguration(.tun, name: "t0")
        configuration.isMultiQueue = true
        let device = try await TunTapDevice.open(configuration, in: bench.fixture.namespace)
        #expect(exists("t0"))
        #expect(try BlockingRouteConnection().links().contains { $0.name == "t0" } == false)
        #expect(try device.deviceNamespace() == bench.fixture.handle)
        let other = try NamespaceFixture()
        var moved = Link(index: try connection.link("t0").index)
        moved.name = "t9"
        try connection.update(moved, to: LinkTarget(.descriptor(other.handle.descriptor)))
        #expect(!exists("t0"))
        #expect(try device.deviceNamespace() == other.handle)
        #expect(try device.status().name == "t9")
        let queue = try device.openQueue()
        #expect(queue.name == "t9" && !exists("t9"))
        let link = try other.connect(RouteProtocol.self).link("t9")
        #expect(link.kind?.as(TunLink.self)?.state.queueCount == 2)
    }

    @Test("settings of an open device are carried out") func settings() throws {
        let device = try bench.open(TunTapConfiguration(.tap, name: "t0"))
        try device.setCarrier(false)
        try bench.setUp("t0")
        #expect(try connection.link("t0").carrier == false)
        try device.setCarrier(true)
        #expect(try connection.link("t0").carrier == true)
        try device.setSendBufferByteCount(100_000)
        #expect(try device.sendBufferByteCount() == 100_000)
        let offloads = #expect(throws: NetlinkError.self) { try device.setOffloads(.checksum) }
        #expect(offloads?.isInvalid == true)
        // A link that is up keeps its type.
        let type = #expect(throws: NetlinkError.self) { try device.setHardwareType(512) }
        #expect(type?.isBusy == true)
        let tun = try bench.open(TunTapConfiguration(.tun, name: "t1"))
        try tun.setHardwareType(512)
        #expect(try connection.link("t1").type.rawValue == 512)
        #expect(try TunTapDevice.supportedFlags().isSuperset(of: [.tun, .tap, .noPacketInformation, .multiQueue]))
        var silent = TunTapConfiguration(.tap, name: "t2")
        silent.beginsWithoutCarrier = true
        let quiet = try bench.open(silent)
        var up = Link(name: quiet.name)
        up.isUp = true
        try connection.update(up)
        #expect(try connection.link("t2").carrier == false)
    }

    @Test("a filter lets through frames for its addresses alone") func filter() throws {
        let device = try bench.open(TunTapConfiguration(.tap, name: "t0"))
        try bench.setUp("t0")
        let link = try connection.link("t0").index
        for number in 2...3 as ClosedRange<UInt8> {
            let address = HardwareAddress(bytes: [2, 0, 0, 0, 0, number])
            try connection.add(Neighbor(.v4(IPv4Address(10, 9, 0, number)), at: address, on: link))
        }
        try device.setFilter(["02:00:00:00:00:02"])
        let socket = try HostSocket(.datagrams(port: 4000), in: bench.fixture)
        for host in ["10.9.0.2", "10.9.0.3"] as [IPv4Address] { try socket.send([5], to: host, port: 9) }
        var batch = device.makeBatch()
        try Responder.receiveDatagrams(device, into: &batch, isTap: true)
        #expect(batch.count == 1)
        #expect(batch.packet(at: 0).bytes.bytes(from: 0, count: 6).array == [2, 0, 0, 0, 0, 2])
        try device.setFilter([])
        for host in ["10.9.0.2", "10.9.0.3"] as [IPv4Address] { try socket.send([5], to: host, port: 9) }
        try Responder.receiveDatagrams(device, into: &batch, isTap: true)
        #expect(batch.count == 2)
        let short = try #require(HardwareAddress(bytes: [1, 2] as [UInt8]))
        #expect(throws: NetlinkError.self) { try device.setFilter([short]) }
    }

    @Test("waiting ends by time, by cancelling, and when the device goes") func ends() async throws {
        // The link is down, and so nothing comes.
        let shared = SharedDevice(try bench.open(TunTapConfiguration(.tun, name: "t0")))
        var batch = shared.device.makeBatch()
        let late = #expect(throws: NetlinkError.self) {
            try shared.device.receive(into: &batch, timeout: .milliseconds(10))
        }
        #expect(late?.isTimeout == true && late?.operation == "receive" && late?.object == "t0")
        let waiting = Task {
            var batch = shared.device.makeBatch()
            return try await shared.device.receive(into: &batch)
        }
        waiting.cancel()
        let cancelled = await #expect(throws: NetlinkError.self) { try await waiting.value }
        #expect(cancelled?.isCancelled == true)
        let orphan = Task {
            var batch = shared.device.makeBatch()
            return try await shared.device.receive(into: &batch, timeout: .seconds(20))
        }
        try connection.remove("t0")
        let gone = await #expect(throws: NetlinkError.self) { try await orphan.value }
        #expect(gone?.isNoDevice == true && gone?.explanation == "the device is gone")
        let sending = #expect(throws: NetlinkError.self) { try shared.device.send([0x45].rawSpan) }
        #expect(sending?.isNoDevice == true)
        let settings = #expect(throws: NetlinkError.self) { try shared.device.status() }
        #expect(settings?.isNoDevice == true)
    }

    @Test("packets that the kernel does not take are errors, and those too long are counted") func limits() throws {
        let device = try bench.open(TunTapConfiguration(.tun, name: "t0"))
        let down = #expect(throws: NetlinkError.self) { try device.send([0x45, 0].rawSpan) }
        #expect(down?.code == .inputOutput)
        try bench.setUp("t0")
        let garbage = #expect(throws: NetlinkError.self) { try device.send([0x12, 0x34].rawSpan) }
        #expect(garbage?.isInvalid == true && garbage?.operation == "send")
        let socket = try HostSocket(.datagrams(port: 4000), in: bench.fixture)
        for count in [10, 500, 20] { try socket.send([UInt8](repeating: 1, count: count), to: "10.9.0.2", port: 9) }
        var batch = device.makeBatch(capacity: 8, packetByteCount: 100)
        try Responder.receiveDatagrams(device, into: &batch)
        #expect(batch.count == 2 && batch.droppedCount == 1)
        var wrong = PacketBatch(layout: PacketLayout(hasInformation: true))
        let layout = #expect(throws: NetlinkError.self) { try device.receiveAvailable(into: &wrong) }
        #expect(layout?.isInvalid == true)
    }

    @Test("packets go from one device to another, whatever stands in front of them there") func forwarding() throws {
        var configuration = TunTapConfiguration(.tun, name: "a0")
        configuration.hasPacketInformation = true
        let from = try bench.open(configuration)
        try bench.setUp("a0")
        let other = try TunTapBench()
        configuration.hasOffloadHeader = true
        configuration.name = "b0"
        let to = try other.open(configuration)
        try other.setUp("b0")
        let sender = try HostSocket(.datagrams(port: 4000), in: bench.fixture)
        // Both hosts have the address 10.9.0.1; what is sent to 10.9.0.2 is readdressed on the way.
        let receiver = try HostSocket(.datagrams(port: 4001), in: other.fixture)
        try sender.send([1, 2, 3], to: "10.9.0.2", port: 4001)
        var batch = from.makeBatch()
        try Responder.receiveDatagrams(from, into: &batch)
        batch.withMutableBytes(at: 0) { (bytes: inout MutableRawSpan) in
            // Source and destination change places, which keeps both checksums.
            for offset in 0..<4 {
                let source = (try? bytes.bytes.load(at: 12 + offset, as: UInt8.self)) ?? 0
                let destination = (try? bytes.bytes.load(at: 16 + offset, as: UInt8.self)) ?? 0
                bytes.storeBytes(of: destination, toByteOffset: 12 + offset, as: UInt8.self)
                bytes.storeBytes(of: source, toByteOffset: 16 + offset, as: UInt8.self)
            }
        }
        try to.send(batch)
        #expect(receiver.receive() == [1, 2, 3])
    }

    @Test("a device without room makes writers wait, and readers find what was written") func room() async throws {
        let shared = SharedDevice(try bench.open(TunTapConfiguration(.tun, name: "t0")))
        try bench.setUp("t0")
        let socket = try HostSocket(.datagrams(port: 4000), in: bench.fixture)
        try shared.device.setSendBufferByteCount(1)
        #expect(try shared.device.sendBufferByteCount() == 1)
        // The kernel takes one packet at a time: one that nobody reads keeps the next waiting.
        var full = 0
        let packet: [UInt8] = Self.datagram
        while full < 1000, try shared.device.trySend(packet.rawSpan) { full += 1 }
        if full < 1000 {
            let waiting = Task {
                var batch = shared.device.makeBatch()
                batch.append(packet.rawSpan)
                try await shared.device.send(batch, timeout: .seconds(5))
            }
            while socket.receive(milliseconds: 100) != nil {}
            try await waiting.value
        }
        #expect(full > 0)
    }

    /// A UDP datagram without a checksum from 10.9.0.2 to port 4000 of 10.9.0.1.
    private static let datagram: [UInt8] = {
        var header: [UInt8] = [0x45, 0, 0, 29, 0, 0, 0x40, 0, 64, 17, 0, 0, 10, 9, 0, 2, 10, 9, 0, 1]
        let sum = internetChecksum(header)
        header[10] = UInt8(sum >> 8)
        header[11] = UInt8(truncatingIfNeeded: sum)
        return header + [0x13, 0x88, 0x0f, 0xa0, 0, 9, 0, 0, 5]
    }()

    @Test("who has a device open is found") func users() throws {
        let device = try bench.open(TunTapConfiguration(.tun, name: "t-users0"))
        let users = TunTapDevice.users(of: device.name)
        #expect(users.map(\.pid) == [currentProcess()])
        #expect(users.first?.command.isEmpty == false && users.first?.descriptorCount == 1)
        #expect(TunTapDevice.users(of: "t-users").isEmpty)
    }
}
