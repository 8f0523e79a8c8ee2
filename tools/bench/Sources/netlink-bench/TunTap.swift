// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore
internal import NetlinkRoute
internal import NetlinkTunTap

/// Packets that a program writes to one tun device, the kernel forwards, and the program reads from another.
enum TunTap {
    private final class Queue: Sendable {
        let device: TunTapDevice
        init(_ device: consuming TunTapDevice) { self.device = device }
    }

    static func run() async throws {
        print("Packets through tun devices, forwarded from one to another, 1,400 bytes each")
        let one = try await measure(queues: 1)
        let four = try await measure(queues: 4)
        print("  one queue    \(one / 1000) k packets/s, \(one * 1400 * 8 / 1_000_000) Mbit/s")
        print("  four queues  \(four / 1000) k packets/s, \(four * 1400 * 8 / 1_000_000) Mbit/s")
        print("  four to one  \(Double(four * 100 / max(one, 1)) / 100)")
    }

    // Networks for measuring, away from the routes that other parts of the run leave behind.
    private static func open(_ count: Int, _ address: IPPrefix) throws -> [Queue] {
        var configuration = TunTapConfiguration()
        configuration.isMultiQueue = true
        var queues = [Queue(try TunTapDevice(configuration))]
        for _ in 1..<max(1, count) { queues.append(Queue(try queues[0].device.openQueue())) }
        let connection = try BlockingRouteConnection()
        let index = try connection.link(.name(queues[0].device.name)).index
        try connection.add(Address(address, on: index))
        var change = Link(index: index)
        change.isUp = true
        change.families = LinkFamilies()
        change.families?.ipv4.options[.forwarding] = 1
        change.transmitQueueLength = 10_000
        try connection.update(change)
        return queues
    }

    /// Packets a second.
    private static func measure(queues count: Int) async throws -> Int {
        let from = try open(count, "198.18.0.1/24")
        let to = try open(count, "198.19.0.1/24")
        let clock = ContinuousClock()
        let end = clock.now + .seconds(2)
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for (number, queue) in from.enumerated() {
                group.addTask {
                    var batch = queue.device.makeBatch()
                    for port in 0..<64 { batch.append(packet(port: UInt16(1000 + number * 64 + port)).rawSpan) }
                    while clock.now < end {
                        try await queue.device.send(batch)
                        await Task.yield()
                    }
                    return 0
                }
            }
            for queue in to {
                group.addTask {
                    var batch = queue.device.makeBatch(capacity: 256)
                    var received = 0
                    while clock.now < end {
                        try queue.device.receiveAvailable(into: &batch)
                        received += batch.count
                        if batch.isEmpty { await Task.yield() }
                    }
                    return received
                }
            }
            var sum = 0
            for try await received in group { sum += received }
            return sum / 2
        }
    }

    /// A UDP datagram without a checksum from 198.18.0.2 to 198.19.0.2.
    private static func packet(port: UInt16) -> [UInt8] {
        var header: [UInt8] = [0x45, 0, 0x05, 0x78, 0, 0, 0x40, 0, 64, 17, 0, 0, 198, 18, 0, 2, 198, 19, 0, 2]
        var sum: UInt32 = 0
        for index in stride(from: 0, to: 20, by: 2) { sum += UInt32(header[index]) << 8 + UInt32(header[index + 1]) }
        while sum >> 16 != 0 { sum = sum & 0xffff + sum >> 16 }
        header[10] = UInt8(~sum >> 8 & 0xff)
        header[11] = UInt8(~sum & 0xff)
        let ports: [UInt8] = [UInt8(port >> 8), UInt8(port & 0xff), 0x13, 0x88]
        return header + ports + [0x05, 0x64, 0, 0] + [UInt8](repeating: 0, count: 1372)
    }
}
