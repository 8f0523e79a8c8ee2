// SPDX-License-Identifier: Apache-2.0

/// Writes what a connection sends and receives as a packet capture, as one of an `nlmon` device would look.
///
/// Wireshark and tcpdump open it. The file is in the host's byte order with times in nanoseconds; each packet is a
/// netlink datagram behind the sixteen bytes of a cooked header, whose fields are in network byte order.
public final class PacketCapture: ConnectionObserver {
    /// Longer datagrams are cut in the file: readers refuse longer packets.
    static let snapshotLimit = 262_144
    /// The file format's number for netlink packets, `LINKTYPE_NETLINK`.
    static let linkType: UInt32 = 253
    /// Length of the cooked header.
    static let cookedByteCount = 16

    // What an nlmon device's packets are marked as, whichever way they go.
    private static let packetType: UInt16 = 4  // PACKET_OUTGOING
    private static let hardwareType: UInt16 = 824  // ARPHRD_NETLINK

    private let file: Lock<@Sendable ([UInt8]) -> Void>

    /// Makes a capture file; one that is there is replaced.
    ///
    /// - Throws: ``NetlinkError`` when the file cannot be written.
    public convenience init(path: String) throws(NetlinkError) {
        let file: OwnedDescriptor
        do throws(SystemError) {
            file = OwnedDescriptor(owning: try createFile(path).release())
        } catch {
            throw NetlinkError(error, operation: "open capture file", object: path)
        }
        self.init { bytes in try? writeAll(bytes, to: file.number) }
    }

    /// Gives the file's bytes to the closure: its header at once, then each packet as it comes.
    public init(_ write: @escaping @Sendable ([UInt8]) -> Void) {
        file = Lock(write)
        write(Self.fileHeader)
    }

    /// Writes the datagram.
    public func sent(_ datagram: [UInt8], on wire: ObservedWire) { record(datagram, wire) }
    /// Writes the datagram.
    public func received(_ datagram: [UInt8], on wire: ObservedWire) { record(datagram, wire) }
    /// Writes nothing.
    public func finished(_ operation: String, after duration: Duration, error: NetlinkError?) {}

    private func record(_ datagram: [UInt8], _ wire: ObservedWire) {
        // The time is taken inside the lock, so that times in the file never go back.
        file.withLock { write in
            write(Self.packet(datagram, protocolNumber: wire.protocolNumber, at: timeOfDay()))
        }
    }

    static var fileHeader: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(host: 0xa1b2_3c4d as UInt32)  // nanosecond times, host byte order
        bytes.append(host: 2 as UInt16)  // version 2.4
        bytes.append(host: 4 as UInt16)
        bytes.append(host: 0 as UInt32)  // times are UTC
        bytes.append(host: 0 as UInt32)
        bytes.append(host: UInt32(snapshotLimit))
        bytes.append(host: linkType)
        return bytes
    }

    static func packet(
        _ datagram: [UInt8], protocolNumber: Int32, at time: (seconds: Int64, nanoseconds: Int64)
    ) -> [UInt8] {
        let kept = Swift.min(datagram.count, snapshotLimit - cookedByteCount)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32 + kept)
        bytes.append(host: UInt32(truncatingIfNeeded: time.seconds))
        bytes.append(host: UInt32(truncatingIfNeeded: time.nanoseconds))
        bytes.append(host: UInt32(cookedByteCount + kept))
        bytes.append(host: UInt32(clamping: cookedByteCount + datagram.count))
        bytes.append(host: packetType.bigEndian)
        bytes.append(host: hardwareType.bigEndian)
        bytes.append(contentsOf: repeatElement(0, count: 10))
        bytes.append(host: UInt16(truncatingIfNeeded: protocolNumber).bigEndian)
        bytes.append(contentsOf: datagram.prefix(kept))
        return bytes
    }
}

extension [UInt8] {
    /// Appends an integer in host byte order.
    fileprivate mutating func append<T: FixedWidthInteger>(host value: T) {
        #if _endian(little)
        let bytes = value
        for shift in stride(from: 0, to: T.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: bytes >> T(shift))) }
        #else
        for shift in stride(from: T.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> T(shift)))
        }
        #endif
    }
}
