// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@_spi(System) @testable import NetlinkCore

/// A packet capture taken apart.
struct CaptureFile: Equatable {
    struct Packet: Equatable {
        var capturedLength: UInt32
        var originalLength: UInt32
        var cookedHeader: [UInt8]
        var datagram: [UInt8]
    }
    var magic: UInt32
    var linkType: UInt32
    var snapshotLimit: UInt32
    var packets: [Packet] = []

    init(_ bytes: [UInt8]) throws(DecodeError) {
        let span = bytes.rawSpan
        magic = try span.load(at: 0)
        guard try span.load(at: 4, as: UInt16.self) == 2, try span.load(at: 6, as: UInt16.self) == 4 else {
            throw DecodeError(.invalidValue)
        }
        snapshotLimit = try span.load(at: 16)
        linkType = try span.load(at: 20)
        var offset = 24
        while offset < bytes.count {
            let captured = try span.load(at: offset + 8, as: UInt32.self)
            let end = offset + 16 + Int(captured)
            guard captured >= 16, end <= bytes.count else { throw DecodeError(.truncated) }
            packets.append(
                Packet(
                    capturedLength: captured, originalLength: try span.load(at: offset + 12),
                    cookedHeader: Array(bytes[(offset + 16)..<(offset + 32)]),
                    datagram: Array(bytes[(offset + 32)..<end])))
            offset = end
        }
    }
}

@Suite("Packet captures") struct PacketCaptureTests {
    /// `tcpdump -i nlm0 -w` of `ip link show lo` on an nlmon device, Linux 7.2: file header and first packet.
    static let nlmon = hex(
        """
        d4 c3 b2 a1 02 00 04 00 00 00 00 00 00 00 00 00 00 00 04 00 fd 00 00 00 a4 4d 01 6b 36 27 0c 00
        40 00 00 00 40 00 00 00 00 04 03 38 00 00 00 00 00 00 00 00 00 00 00 00 30 00 00 00 12 00 01 00
        a5 4d 01 6b 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 08 00 1d 00 09 00 00 00
        07 00 03 00 6c 6f 00 00
        """)

    @Test("look like those of an nlmon device") func likeNlmon() throws {
        let theirs = try CaptureFile(Self.nlmon)
        let datagram = theirs.packets[0].datagram
        let ours = try CaptureFile(
            PacketCapture.fileHeader
                + PacketCapture.packet(datagram, protocolNumber: 0, at: (seconds: 0x6b01_4da4, nanoseconds: 1)))
        #expect(ours.packets == theirs.packets)
        #expect(ours.linkType == theirs.linkType)
        #expect(ours.snapshotLimit == theirs.snapshotLimit)
        // Theirs has microseconds, ours nanoseconds.
        #expect(theirs.magic == 0xa1b2_c3d4)
        #expect(ours.magic == 0xa1b2_3c4d)
    }

    @Test("hold each datagram of a connection in order, with its protocol") func connection() throws {
        let bytes = Shared<[UInt8]>([])
        let capture = PacketCapture { more in bytes.change { $0 += more } }
        let kernel = FakeKernel.withItems(3)
        let connection = try BlockingConnection<ItemFamily>(opening: kernel.source, observer: capture)
        _ = try connection.dump(ListItems())
        let file = try CaptureFile(bytes.value)
        #expect(file.packets.count == 4)
        #expect(file.packets[0].datagram == kernel.requests[0].bytes)
        #expect(file.packets.map(\.datagram.count) == [24, 64, 32, 20])
        for packet in file.packets {
            #expect(packet.cookedHeader == hex("00 04 03 38 00 00 00 00 00 00 00 00 00 00 00 1f"))
            #expect(packet.capturedLength == packet.originalLength)
        }
    }

    @Test("cut what is longer than readers take, and say how long it was") func long() throws {
        let packet = PacketCapture.packet(
            Array(repeating: 7, count: 300_000), protocolNumber: 16, at: (seconds: 1, nanoseconds: 2))
        let file = try CaptureFile(PacketCapture.fileHeader + packet)
        #expect(file.packets[0].capturedLength == 262_144)
        #expect(file.packets[0].originalLength == 300_016)
    }

    @Test("are written to a file, and a file that cannot be made is an error") func file() throws {
        let path = "/tmp/netlink-capture-\(currentProcess()).pcap"
        defer { try? removeFile(path) }
        let capture = try PacketCapture(path: path)
        let connection = try BlockingConnection<ItemFamily>(opening: FakeKernel.withItems(1).source, observer: capture)
        _ = try connection.query(GetItem(index: 1))
        #expect(try CaptureFile(readFile(path)).packets.count == 3)
        let error = netlinkError { () throws(NetlinkError) in try PacketCapture(path: "/proc/none/x.pcap") }
        #expect(error?.code == .notFound)
        #expect(error?.object == "/proc/none/x.pcap")
    }

    @Test("times do not go back") func times() throws {
        let bytes = Shared<[UInt8]>([])
        let capture = PacketCapture { more in bytes.change { $0 += more } }
        let connection = try BlockingConnection<ItemFamily>(opening: FakeKernel.withItems(9).source, observer: capture)
        for _ in 0..<20 { _ = try connection.dump(ListItems()) }
        let file = bytes.value
        var offset = 24
        var last: (UInt32, UInt32) = (0, 0)
        while offset < file.count {
            let time = (
                try file.rawSpan.load(at: offset, as: UInt32.self),
                try file.rawSpan.load(at: offset + 4, as: UInt32.self)
            )
            #expect(time >= last)
            #expect(time.1 < 1_000_000_000)
            last = time
            offset += 16 + Int(try file.rawSpan.load(at: offset + 8, as: UInt32.self))
        }
        #expect(last.0 > 1_700_000_000)
    }
}
