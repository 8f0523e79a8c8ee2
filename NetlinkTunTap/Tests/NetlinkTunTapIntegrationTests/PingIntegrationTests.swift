// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import NetlinkTunTap
import Testing

@Suite(.serialized, .enabled(if: TunTapBench.isAvailable, "tun devices")) struct PingIntegrationTests {
    static let layouts: [TunTapConfiguration] = {
        func configuration(_ change: (inout TunTapConfiguration) -> Void) -> TunTapConfiguration {
            var configuration = TunTapConfiguration()
            change(&configuration)
            return configuration
        }
        return [
            configuration { _ in }, configuration { $0.hasPacketInformation = true },
            configuration { $0.hasOffloadHeader = true },
            configuration {
                $0.hasOffloadHeader = true
                $0.offloadHeaderByteCount = 12
                $0.hasPacketInformation = true
                $0.offloads = [.checksum, .tcp4, .tcp6, .congestionNotification]
            },
            configuration { $0.usesBatchedReceive = true },
        ]
    }()

    @Test("a ping is answered by a task of this program, whatever stands in front of packets", arguments: layouts)
    func asynchronous(_ configuration: TunTapConfiguration) async throws {
        let bench = try TunTapBench()
        let shared = SharedDevice(try await TunTapDevice.open(configuration, in: bench.fixture.namespace))
        try bench.setUp(shared.device.name)
        let socket = try HostSocket(.ping, in: bench.fixture)
        let answering = Task {
            var batch = shared.device.makeBatch()
            var count = 0
            while count < 20 {
                try await shared.device.receive(into: &batch, timeout: .seconds(10))
                Responder.answer(&batch)
                count += batch.count
                try await shared.device.send(batch)
            }
            return count
        }
        for number in 0..<20 as Range<UInt16> {
            let payload = [UInt8](repeating: UInt8(number), count: Int(number) * 60)
            let isAnswered = try await bench.fixture.handle.run {
                try socket.ping("10.9.0.2", number: number, payload: payload)
            }.get()
            #expect(isAnswered, "\(number)")
        }
        #expect(try await answering.value == 20)
    }

    @Test("a ping is answered by a thread, from a frame of a tap device") func frames() async throws {
        let bench = try TunTapBench()
        let device = try bench.open(TunTapConfiguration(.tap, name: "tap%d"))
        #expect(device.name == "tap0")
        try bench.setUp(device.name)
        // The host behind the device answers for itself; its neighbour entry saves an ARP responder.
        let address: HardwareAddress = "02:00:00:00:00:02"
        let link = try bench.connection.link("tap0").index
        try bench.connection.add(Neighbor("10.9.0.2", at: address, on: link))
        let socket = try HostSocket(.ping, in: bench.fixture)
        let shared = SharedDevice(device)
        // Threads of their own: one that waits must not hold one of the task pool, of which there may be one only.
        let handle = bench.fixture.handle
        async let pings = handle.run {
            try (1...3 as ClosedRange<UInt16>).map { try socket.ping("10.9.0.2", number: $0, payload: [1, 2, 3]) }
        }
        try await handle.run { try Self.answerThree(shared, address) }.get()
        #expect(try await pings.get() == [true, true, true])
    }

    private static func answerThree(_ shared: SharedDevice, _ address: HardwareAddress) throws(NetlinkError) {
        var batch = shared.device.makeBatch(capacity: 4)
        var count = 0
        while count < 3 {
            try shared.device.receive(into: &batch, timeout: .seconds(10))
            Responder.answer(&batch, isTap: true, address: address)
            count += batch.count
            try shared.device.send(batch, timeout: .seconds(1))
        }
    }

    @Test("the queues of a device share its flows") func queues() async throws {
        let bench = try TunTapBench()
        var configuration = TunTapConfiguration()
        configuration.isMultiQueue = true
        let first = try bench.open(configuration)
        try bench.setUp(first.name)
        let queues = [
            SharedDevice(try first.openQueue()), SharedDevice(try first.openQueue()), SharedDevice(first),
        ]
        let name = queues[0].name
        #expect(queues.allSatisfy { $0.name == name })
        #expect(try bench.link(name)?.queueCount == 3)
        let socket = try HostSocket(.datagrams(port: 4000), in: bench.fixture)
        for port in 0..<200 as Range<UInt16> { try socket.send([1], to: "10.9.0.2", port: 5000 + port) }
        var counts: [Int] = []
        for queue in queues {
            var batch = queue.device.makeBatch(capacity: 256)
            try queue.device.receiveAvailable(into: &batch)
            Responder.keepDatagrams(&batch)
            counts.append(batch.count)
        }
        #expect(counts.reduce(0, +) == 200 && counts.allSatisfy { $0 > 0 }, "\(counts)")

        // One that is switched off gets none.
        try queues[0].device.setQueueEnabled(false)
        #expect(try bench.link(name)?.disabledQueueCount == 1)
        for port in 0..<200 as Range<UInt16> { try socket.send([1], to: "10.9.0.2", port: 5000 + port) }
        var batch = queues[0].device.makeBatch(capacity: 512)
        try queues[0].device.receiveAvailable(into: &batch)
        let timeout = await #expect(throws: NetlinkError.self) {
            try await queues[0].device.receive(into: &batch, timeout: .milliseconds(20))
        }
        #expect(timeout?.isTimeout == true)
        try queues[0].device.setQueueEnabled(true)
        #expect(try bench.link(name)?.disabledQueueCount == 0)
    }

    @Test("unfinished packets say what is left to do") func offloads() throws {
        let bench = try TunTapBench()
        var configuration = TunTapConfiguration()
        configuration.hasOffloadHeader = true
        configuration.offloads = .checksum
        let device = try bench.open(configuration)
        try bench.setUp(device.name)
        let socket = try HostSocket(.datagrams(port: 4000), in: bench.fixture)
        try socket.send([1, 2, 3, 4], to: "10.9.0.2", port: 53)
        var batch = device.makeBatch()
        try Responder.receiveDatagrams(device, into: &batch)
        // IPv4 without options; the checksum of UDP is at 6 in its header.
        let (count, offload) = Self.first(of: batch)
        #expect(count == 32 && offload?.flags == .needsChecksum)
        #expect(offload?.checksumStart == 20 && offload?.checksumOffset == 6)
        // Without the offload the kernel finishes packets itself.
        try device.setOffloads([])
        try socket.send([1, 2, 3, 4], to: "10.9.0.2", port: 53)
        try Responder.receiveDatagrams(device, into: &batch)
        #expect(Self.first(of: batch).offload?.flags.contains(.needsChecksum) == false)
    }

    private static func first(of batch: borrowing PacketBatch) -> (count: Int, offload: OffloadHeader?) {
        let packet = batch.packet(at: 0)
        return (packet.byteCount, packet.offload)
    }

    @Test("a train of datagrams written at once arrives as many", .enabled(if: Self.cutsTrains, "UDP segmentation"))
    func segmentation() throws {
        let bench = try TunTapBench()
        var configuration = TunTapConfiguration()
        configuration.hasOffloadHeader = true
        let device = try bench.open(configuration)
        try bench.setUp(device.name)
        let socket = try HostSocket(.datagrams(port: 4000), in: bench.fixture)
        var offload = OffloadHeader()
        offload.flags = .needsChecksum
        offload.segmentation = .udp
        offload.headerByteCount = 28
        offload.segmentByteCount = 100
        offload.checksumStart = 20
        offload.checksumOffset = 6
        let payload = (0..<250).map { UInt8($0) }
        try device.send(datagram(payload, to: 4000).rawSpan, offload: offload)
        let parts = [socket.receive(), socket.receive(), socket.receive()]
        #expect(parts.map { $0?.count } == [100, 100, 50])
        #expect(parts.compactMap(\.self).flatMap(\.self) == payload)
        // One that is finished goes through as it is.
        var finished = datagram([7, 8], to: 4000)
        finished[26] = 0
        finished[27] = 0
        try device.send(finished.rawSpan)
        #expect(socket.receive() == [7, 8])
    }

    static let cutsTrains = TestEnvironment.has(
        TestEnvironment.Feature("UDP segmentation") {
            guard let bench = try? TunTapBench() else { return false }
            var configuration = TunTapConfiguration()
            configuration.hasOffloadHeader = true
            configuration.offloads = [.checksum, .udp4, .udp6]
            return (try? bench.open(configuration).name) != nil
        })

    /// A UDP datagram from 10.9.0.2 whose checksum is that of its pseudo header, as for one that is left to compute.
    private func datagram(_ payload: [UInt8], to port: UInt16) -> [UInt8] {
        let length = UInt16(8 + payload.count)
        func bytes(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)] }
        let addresses: [UInt8] = [10, 9, 0, 2, 10, 9, 0, 1]
        var header: [UInt8] = [0x45, 0] + bytes(length + 20) + [0, 0, 0x40, 0, 64, 17, 0, 0] + addresses
        let sum = internetChecksum(header)
        header[10] = UInt8(sum >> 8)
        header[11] = UInt8(truncatingIfNeeded: sum)
        let pseudo = ~internetChecksum(addresses + [0, 17] + bytes(length))
        return header + bytes(5000) + bytes(port) + bytes(length) + bytes(pseudo) + payload
    }
}
