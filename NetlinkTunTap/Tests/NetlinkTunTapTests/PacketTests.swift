// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore
import Testing

@testable import NetlinkTunTap

@Suite("Packets") struct PacketTests {
    private static let full = PacketLayout(hasInformation: true, offloadHeaderByteCount: 12)

    // The macros of the tests take neither what cannot be copied nor what cannot escape.
    private static func offload(of batch: borrowing PacketBatch, _ index: Int) -> OffloadHeader? {
        batch.packet(at: index).offload
    }

    private static func information(of batch: borrowing PacketBatch, _ index: Int) -> PacketInformation? {
        batch.packet(at: index).information
    }

    private static func whole(of batch: borrowing PacketBatch, _ index: Int) -> [UInt8] {
        batch.whole(at: index).array
    }

    private static func counts(of batch: borrowing PacketBatch) -> [Int] { [batch.count, batch.droppedCount] }

    private static func bytes(of batch: borrowing PacketBatch) -> [[UInt8]] {
        var all: [[UInt8]] = []
        batch.forEachPacket { (packet: borrowing Packet) in all.append(packet.bytes.array) }
        return all
    }

    @Test("what stands in front of a packet is written as the kernel lays it out, and read back") func headers() throws
    {
        var offload = OffloadHeader()
        offload.flags = [.needsChecksum]
        offload.segmentation = .tcp4.notifyingCongestion
        offload.headerByteCount = 0x1234
        offload.segmentByteCount = 1448
        offload.checksumStart = 20
        offload.checksumOffset = 16
        offload.bufferCount = 3
        var batch = PacketBatch(capacity: 2, packetByteCount: 100, layout: Self.full)
        let isAdded = batch.append([0x60, 1, 2].rawSpan, offload: offload)
        #expect(isAdded)
        let whole = Self.whole(of: batch, 0)
        // struct tun_pi with the protocol in network order, struct virtio_net_hdr_v1 in host order, the packet.
        #if _endian(little)
        #expect(
            whole == [
                0, 0, 0x86, 0xdd, 1, 0x81, 0x34, 0x12, 0xa8, 5, 20, 0, 16, 0, 3, 0, 0x60, 1, 2,
            ])
        #else
        #expect(
            whole == [
                0, 0, 0x86, 0xdd, 1, 0x81, 0x12, 0x34, 5, 0xa8, 0, 20, 0, 16, 0, 3, 0x60, 1, 2,
            ])
        #endif
        #expect(Self.offload(of: batch, 0) == offload)
        #expect(Self.information(of: batch, 0) == PacketInformation(protocolNumber: 0x86dd))
        #expect(Self.information(of: batch, 0)?.isCut == false)
        #expect(Self.bytes(of: batch) == [[0x60, 1, 2]])
        // Unless told the protocol is found out, and nothing is left to do.
        batch.append([0x45, 0].rawSpan)
        #expect(Self.information(of: batch, 1)?.protocolNumber == 0x0800)
        #expect(Self.offload(of: batch, 1) == OffloadHeader())
    }

    @Test("without headers a packet is only itself") func bare() {
        var batch = PacketBatch(capacity: 1, packetByteCount: 10)
        batch.append([1, 2, 3].rawSpan, information: PacketInformation(protocolNumber: 7))
        #expect(Self.whole(of: batch, 0) == [1, 2, 3])
        #expect(Self.information(of: batch, 0) == nil && Self.offload(of: batch, 0) == nil)
        batch.setOffload(OffloadHeader(), at: 0)
        #expect(Self.whole(of: batch, 0) == [1, 2, 3])
    }

    @Test("a batch takes as many packets of as many bytes as it was made for") func limits() {
        var batch = PacketBatch(capacity: 3, packetByteCount: 4)
        var taken = [batch.append([1, 2, 3, 4, 5].rawSpan)]
        for number in 0..<4 as Range<UInt8> { taken.append(batch.append([number].rawSpan)) }
        #expect(taken == [false, true, true, true, false])
        var isFull = batch.isFull
        #expect(isFull)
        #expect(Self.bytes(of: batch) == [[0], [1], [2]])
        batch.removeAll()
        isFull = batch.isFull
        let isEmpty = batch.isEmpty
        #expect(!isFull && isEmpty)
        batch.append([1, 2, 3, 4].rawSpan)
        #expect(Self.bytes(of: batch) == [[1, 2, 3, 4]])
        let least = PacketBatch(capacity: 0, packetByteCount: -5)
        let (capacity, count) = (least.capacity, least.packetByteCount)
        #expect(capacity == 1 && count == 1)
        let most = PacketBatch(
            capacity: .max, packetByteCount: .max, layout: PacketLayout(offloadHeaderByteCount: .max))
        let (mostPackets, mostBytes) = (most.capacity, most.packetByteCount)
        #expect(mostPackets == 1023 && mostBytes == 1 << 20)
        #expect(PacketLayout(offloadHeaderByteCount: -1).headerByteCount == 0)
    }

    @Test("packets are changed where they are, and left out") func changing() {
        var batch = PacketBatch(capacity: 5, packetByteCount: 8, layout: Self.full)
        for number in 0..<5 as Range<UInt8> { batch.append([number, number, number].rawSpan) }
        batch.withMutableBytes(at: 1) { bytes in bytes.storeBytes(of: 0x77, toByteOffset: 1, as: UInt8.self) }
        var offload = OffloadHeader()
        offload.checksumStart = 99
        batch.setOffload(offload, at: 3)
        batch.filter { (packet: borrowing Packet) in packet.bytes.array[0] % 2 == 1 }
        #expect(Self.bytes(of: batch) == [[1, 0x77, 1], [3, 3, 3]])
        #expect(Self.offload(of: batch, 1) == offload && Self.offload(of: batch, 0) == OffloadHeader())
        #expect(Self.information(of: batch, 1)?.protocolNumber == 0x0800)
        var mixed = PacketBatch(capacity: 3, packetByteCount: 20)
        for count in [3, 20, 7] { mixed.append([UInt8](repeating: UInt8(count), count: count).rawSpan) }
        mixed.filter { (packet: borrowing Packet) in packet.byteCount != 3 }
        #expect(Self.bytes(of: mixed).map(\.count) == [20, 7])
        #expect(Self.bytes(of: mixed).map(\.first) == [20, 7])
    }

    @Test("packets too long for a batch, and pieces too short to be packets, are dropped and counted") func dropped()
        throws
    {
        // Datagrams of a pair of sockets stand for a device's packets.
        let pair = try DatagramPair()
        for count in [4, 5, 3, 100, 16, 2] { try pair.send([UInt8](repeating: UInt8(count), count: count)) }
        var batch = PacketBatch(capacity: 4, packetByteCount: 12, layout: PacketLayout(hasInformation: true))
        try batch.fill(from: pair.descriptor)
        #expect(Self.counts(of: batch) == [3, 3])
        #expect(Self.bytes(of: batch) == [[], [5], [UInt8](repeating: 16, count: 12)])
        try batch.fill(from: pair.descriptor)
        #expect(Self.counts(of: batch) == [0, 0])
        // A flood of them does not hold the batch.
        for _ in 0..<40 { try pair.send([1]) }
        try batch.fill(from: pair.descriptor)
        #expect(Self.counts(of: batch) == [0, 8])
    }
}
