// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// How packets are counted by a queueing discipline whose link takes more, or less, than their bytes.
///
/// Set it on a ``Qdisc`` for DSL and the like; shapers then count what goes over the wire.
///
/// Kernel: `TCA_STAB`, `struct tc_sizespec` and a table of `__u16`.
public struct SizeTable: Hashable, Sendable {
    /// How packets take room on the wire.
    public var linkLayer: LinkLayer
    /// Bytes that each packet takes beyond its own; may be below zero.
    public var overhead: Int32
    /// The least that a packet counts, in bytes.
    public var minimumPacketSize: UInt32
    /// The largest packet of the table, in bytes; 0 for 2047, or for no table.
    public var mtu: UInt32
    /// How many entries the table has; 0 for 512, or for no table.
    public var entryCount: UInt32
    /// The logarithm of how many bytes share an entry.
    public var cellLog: UInt8 = 0
    /// The logarithm of how many bytes an entry counts.
    public var sizeLog: UInt8 = 0
    /// Whence packets' sizes are counted in the table.
    public var cellAlign: Int16 = 0
    /// The entries; written, but not told by the kernel.
    public var entries: [UInt16] = []

    /// A way of counting; the table that it takes is computed.
    ///
    /// None is needed where only the overhead counts. A table that is asked for with more than 65,536 entries, or a
    /// packet of more than 2^32 bytes, is cut.
    public init(
        linkLayer: LinkLayer = .unaware, overhead: Int32 = 0, minimumPacketSize: UInt32 = 0, mtu: UInt32 = 0,
        entryCount: UInt32 = 0
    ) {
        self.linkLayer = linkLayer
        self.overhead = overhead
        self.minimumPacketSize = minimumPacketSize
        self.mtu = 0
        self.entryCount = 0
        if linkLayer.rawValue <= LinkLayer.ethernet.rawValue, minimumPacketSize == 0 { return }
        self.mtu = mtu == 0 ? 2047 : mtu
        self.entryCount = entryCount == 0 ? 512 : min(entryCount, Self.entryLimit)
        computeEntries()
    }

    // An attribute holds no more.
    private static var entryLimit: UInt32 { 32_765 }

    private mutating func computeEntries() {
        while mtu >> cellLog > entryCount - 1 { cellLog += 1 }
        let sizes = (1...entryCount).map { linkLayer.size(of: UInt64($0) << cellLog, minimum: minimumPacketSize) }
        let largest = sizes.max() ?? 0
        while largest >> sizeLog > UInt64(UInt16.max) { sizeLog += 1 }
        entries = sizes.map { UInt16(truncatingIfNeeded: $0 >> sizeLog) }
        cellAlign = -1
    }

    static let byteCount = 24  // sizeof(struct tc_sizespec)

    init(decoding data: RawSpan) throws(DecodeError) {
        self.init()
        var reader = AttributeReader<SizeTableAttribute>(data)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .base: try decodeBase(attribute.payload)
            case .data:
                entries = []
                for index in 0..<attribute.payload.byteCount / 2 {
                    entries.append(try attribute.payload.load(at: index * 2))
                }
            default: break
            }
        }
    }

    private mutating func decodeBase(_ span: RawSpan) throws(DecodeError) {
        cellLog = try span.load(at: 0)  // struct tc_sizespec.cell_log
        sizeLog = try span.load(at: 1)  // struct tc_sizespec.size_log
        cellAlign = try span.load(at: 2)  // struct tc_sizespec.cell_align
        overhead = try span.load(at: 4)  // struct tc_sizespec.overhead
        let layer = try span.load(at: 8, as: UInt32.self)  // struct tc_sizespec.linklayer
        linkLayer = LinkLayer(rawValue: UInt8(truncatingIfNeeded: layer))
        minimumPacketSize = try span.load(at: 12)  // struct tc_sizespec.mpu
        mtu = try span.load(at: 16)  // struct tc_sizespec.mtu
        entryCount = try span.load(at: 20)  // struct tc_sizespec.tsize
    }

    /// Writes the contents of the attribute.
    func encode(into writer: inout MessageWriter) {
        var table = self
        // The kernel does not tell the table: one that was read is computed again.
        if entries.isEmpty, entryCount > 0 {
            table = SizeTable(
                linkLayer: linkLayer, overhead: overhead, minimumPacketSize: minimumPacketSize, mtu: mtu,
                entryCount: entryCount)
        }
        writer.put(SizeTableAttribute.base, structure: Self.byteCount) { structure in
            structure.store(table.cellLog, at: 0)  // struct tc_sizespec.cell_log
            structure.store(table.sizeLog, at: 1)  // struct tc_sizespec.size_log
            structure.store(table.cellAlign, at: 2)  // struct tc_sizespec.cell_align
            structure.store(table.overhead, at: 4)  // struct tc_sizespec.overhead
            structure.store(UInt32(table.linkLayer.rawValue), at: 8)  // struct tc_sizespec.linklayer
            structure.store(table.minimumPacketSize, at: 12)  // struct tc_sizespec.mpu
            structure.store(table.mtu, at: 16)  // struct tc_sizespec.mtu
            structure.store(table.entryCount, at: 20)  // struct tc_sizespec.tsize
        }
        guard !table.entries.isEmpty else { return }
        writer.put(SizeTableAttribute.data, structure: table.entries.count * 2) { structure in
            for (index, entry) in table.entries.enumerated() { structure.store(entry, at: index * 2) }
        }
    }
}
