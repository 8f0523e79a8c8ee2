// SPDX-License-Identifier: Apache-2.0

@_spi(System) internal import NetlinkCore

/// Packets side by side in memory that is set aside once: read into it, looked at, changed and written from it.
///
/// ```swift
/// var batch = device.makeBatch()
/// while true {
///     try device.receive(into: &batch)
///     batch.forEachPacket { packet in print(packet.byteCount) }
/// }
/// ```
public struct PacketBatch: ~Copyable, Sendable {
    private var memory: PacketMemory
    /// How many bytes each packet has with its headers.
    private var lengths: [Int]
    /// What stands in front of packets.
    public let layout: PacketLayout
    /// How many packets fit.
    public let capacity: Int
    /// How many bytes a packet may have.
    public let packetByteCount: Int
    /// How many packets there are.
    public private(set) var count = 0
    /// How many packets were dropped when the batch was last read into, because they had more than ``packetByteCount``
    /// bytes.
    public private(set) var droppedCount = 0

    private static let byteLimit = 1 << 30

    // A byte more than a packet may have, so that one that was cut is noticed.
    private var slotByteCount: Int { layout.headerByteCount + packetByteCount + 1 }

    /// Sets memory aside.
    ///
    /// - Parameters:
    ///   - capacity: how many packets fit; at least 1, and at most what fits into 1 GiB.
    ///   - packetByteCount: how many bytes a packet may have: the link's MTU, for frames 18 more, and 65,535 with
    ///     segmentation offloads.
    ///   - layout: what stands in front of packets, which is the device's to say.
    public init(capacity: Int = 64, packetByteCount: Int = 2048, layout: PacketLayout = PacketLayout()) {
        self.packetByteCount = max(1, min(packetByteCount, 1 << 20))
        self.layout = layout
        let slotByteCount = layout.headerByteCount + self.packetByteCount + 1
        self.capacity = max(1, min(capacity, Self.byteLimit / slotByteCount))
        lengths = [Int](repeating: 0, count: self.capacity)
        memory = PacketMemory(byteCount: self.capacity * slotByteCount)
    }

    /// Whether there is no packet.
    public var isEmpty: Bool { count == 0 }
    /// Whether no further packet fits.
    public var isFull: Bool { count == capacity }

    /// Takes out all packets.
    public mutating func removeAll() {
        count = 0
        droppedCount = 0
    }

    /// One of the packets, counted from 0; an index from ``count`` on is a programming mistake.
    @_lifetime(borrow self)
    public func packet(at index: Int) -> Packet { Packet(whole(at: index), layout) }

    /// A packet with what stands in front of it.
    @_lifetime(borrow self)
    func whole(at index: Int) -> RawSpan {
        precondition(index >= 0 && index < count, "no such packet")
        return memory.bytes(from: index * slotByteCount, count: lengths[index])
    }

    /// Looks at each packet in turn.
    public func forEachPacket<E: Error>(_ body: (borrowing Packet) throws(E) -> Void) throws(E) {
        for index in 0..<count { try body(packet(at: index)) }
    }

    /// Changes the bytes of a packet where they are, not their number.
    public mutating func withMutableBytes<R, E: Error>(
        at index: Int, _ body: (inout MutableRawSpan) throws(E) -> R
    ) throws(E) -> R {
        precondition(index >= 0 && index < count, "no such packet")
        let headers = layout.headerByteCount
        return try memory.withMutableBytes(
            from: index * slotByteCount + headers, count: lengths[index] - headers, body)
    }

    /// Changes what is left to do to a packet; nothing where the device has no offload header.
    public mutating func setOffload(_ offload: OffloadHeader, at index: Int) {
        precondition(index >= 0 && index < count, "no such packet")
        guard layout.offloadHeaderByteCount > 0 else { return }
        let start = index * slotByteCount + layout.informationByteCount
        var header = HeaderBuffer()
        offload.encode(into: &header, layout)
        let count = layout.offloadHeaderByteCount
        header.withBytes(count: count) { memory.copy($0, at: start) }
    }

    /// Appends a copy of a packet.
    ///
    /// - Parameters:
    ///   - packet: the packet.
    ///   - information: its protocol, where the device wants it; nil finds out what an IP packet is.
    ///   - offload: what is left to do to it, where the device wants that; nil for nothing.
    /// - Returns: whether it fits.
    @discardableResult
    public mutating func append(
        _ packet: RawSpan, information: PacketInformation? = nil, offload: OffloadHeader? = nil
    ) -> Bool {
        guard !isFull, packet.byteCount <= packetByteCount else { return false }
        let headers = HeaderBuffer(layout, information, offload, of: packet)
        let start = count * slotByteCount
        headers.withBytes(count: layout.headerByteCount) { memory.copy($0, at: start) }
        memory.copy(packet, at: start + layout.headerByteCount)
        lengths[count] = layout.headerByteCount + packet.byteCount
        count += 1
        return true
    }

    /// Takes out the packets for which the closure says false; the others keep their order.
    public mutating func filter<E: Error>(_ isKept: (borrowing Packet) throws(E) -> Bool) throws(E) {
        var kept = 0
        for index in 0..<count where try isKept(packet(at: index)) {
            if kept != index { move(index, to: kept) }
            kept += 1
        }
        count = kept
    }

    private mutating func move(_ index: Int, to place: Int) {
        memory.move(from: index * slotByteCount, count: lengths[index], to: place * slotByteCount)
        lengths[place] = lengths[index]
    }

    /// Reads packets until there are no more or the batch is full; the bound keeps a flood of dropped ones from holding it.
    mutating func fill(from descriptor: Int32) throws(SystemError) {
        removeAll()
        var left = capacity * 2
        while count < capacity, left > 0 {
            left -= 1
            guard let length = try memory.receive(descriptor, at: count * slotByteCount, count: slotByteCount) else {
                return
            }
            if length == slotByteCount || length < layout.headerByteCount {
                droppedCount += 1
            } else {
                lengths[count] = length
                count += 1
            }
        }
    }
}
