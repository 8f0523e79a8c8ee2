// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkTunTap

/// Answers pings in place: what a host behind the device would do.
enum Responder {
    /// Turns echo requests into replies and leaves out everything else.
    static func answer(_ batch: inout PacketBatch, isTap: Bool = false, address: HardwareAddress? = nil) {
        let start = isTap ? 14 : 0
        batch.filter { (packet: borrowing Packet) in isRequest(packet.bytes, start) }
        for index in 0..<batch.count {
            batch.withMutableBytes(at: index) { (bytes: inout MutableRawSpan) in reply(&bytes, start, address) }
        }
    }

    /// Leaves out what the host says by itself: everything but UDP over IPv4.
    static func keepDatagrams(_ batch: inout PacketBatch, isTap: Bool = false) {
        batch.filter { (packet: borrowing Packet) in
            let bytes = packet.bytes.bytes(from: isTap ? 14 : 0, count: 20).array
            return bytes.count == 20 && bytes[0] == 0x45 && bytes[9] == 17
        }
    }

    /// Reads until there is a datagram.
    static func receiveDatagrams(
        _ device: borrowing TunTapDevice, into batch: inout PacketBatch, isTap: Bool = false
    ) throws(NetlinkError) {
        repeat {
            try device.receive(into: &batch, timeout: .seconds(5))
            keepDatagrams(&batch, isTap: isTap)
        } while batch.isEmpty && batch.droppedCount == 0
    }

    private static func isRequest(_ bytes: RawSpan, _ start: Int) -> Bool {
        let packet = bytes.bytes(from: start).array
        guard packet.count >= 28, packet[0] >> 4 == 4, packet[9] == 1 else { return false }
        let header = Int(packet[0] & 15) * 4
        return packet.count >= header + 8 && packet[header] == 8
    }

    private static func reply(_ bytes: inout MutableRawSpan, _ start: Int, _ own: HardwareAddress?) {
        func byte(_ offset: Int) -> UInt8 { bytes.byte(at: offset) }
        let header = start + Int(byte(start) & 15) * 4
        if let own {
            for index in 0..<6 {
                bytes.set(byte(6 + index), at: index)
                bytes.set(own.bytes[index], at: 6 + index)
            }
        }
        for index in 0..<4 {
            let source = byte(start + 12 + index)
            bytes.set(byte(start + 16 + index), at: start + 12 + index)
            bytes.set(source, at: start + 16 + index)
        }
        bytes.set(0, at: header)
        // The type went from 8 to 0, and the checksum's first byte goes the other way.
        let sum = UInt32(byte(header + 2)) << 8 + UInt32(byte(header + 3)) + 0x0800
        let folded = sum & 0xffff + sum >> 16
        bytes.set(UInt8(truncatingIfNeeded: folded >> 8), at: header + 2)
        bytes.set(UInt8(truncatingIfNeeded: folded), at: header + 3)
    }
}

extension MutableRawSpan {
    fileprivate func byte(at offset: Int) -> UInt8 { (try? bytes.load(at: offset, as: UInt8.self)) ?? 0 }
    fileprivate mutating func set(_ byte: UInt8, at offset: Int) {
        storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
    }
}
