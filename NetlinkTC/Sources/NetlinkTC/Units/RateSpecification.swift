// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// A rate as shapers and policers keep it: with how packets are counted on the wire.
///
/// Kernel: `struct tc_ratespec`, with a 64-bit rate in an attribute of its own where 32 bits are too few.
public struct RateSpecification: Hashable, Sendable {
    /// The rate.
    public var rate: Rate
    /// How packets take room on the wire.
    public var linkLayer: LinkLayer
    /// Bytes that each packet takes beyond its own.
    public var overhead: UInt16
    /// The least that a packet counts, in bytes.
    public var minimumPacketSize: UInt16
    /// The logarithm of how many bytes share an entry of the rate table; computed when the table is.
    public var cellLog: UInt8
    /// Whence packets' sizes are counted in the rate table.
    public var cellAlign: Int16

    /// A rate of which every byte of a packet counts.
    public init(
        _ rate: Rate, linkLayer: LinkLayer = .ethernet, overhead: UInt16 = 0, minimumPacketSize: UInt16 = 0
    ) {
        self.rate = rate
        self.linkLayer = linkLayer
        self.overhead = overhead
        self.minimumPacketSize = minimumPacketSize
        cellLog = 0
        cellAlign = 0
    }

    static let byteCount = 12  // sizeof(struct tc_ratespec)

    /// Reads the structure at an offset.
    init(_ span: RawSpan, at offset: Int) throws(DecodeError) {
        let span = span.bytes(from: offset)
        cellLog = try span.load(at: 0)  // struct tc_ratespec.cell_log
        let layer: UInt8 = try span.load(at: 1)  // struct tc_ratespec.linklayer
        linkLayer = LinkLayer(rawValue: layer & LinkLayer.mask)
        overhead = try span.load(at: 2)  // struct tc_ratespec.overhead
        cellAlign = try span.load(at: 4)  // struct tc_ratespec.cell_align
        minimumPacketSize = try span.load(at: 6)  // struct tc_ratespec.mpu
        rate = Rate(bytesPerSecond: UInt64(try span.load(at: 8, as: UInt32.self)))  // struct tc_ratespec.rate
    }

    /// Writes the structure at an offset; a rate that 32 bits cannot hold as the greatest that they can.
    func store(into structure: inout StructureWriter, at offset: Int) {
        structure.store(cellLog, at: offset + 0)  // struct tc_ratespec.cell_log
        structure.store(linkLayer.rawValue & LinkLayer.mask, at: offset + 1)  // struct tc_ratespec.linklayer
        structure.store(overhead, at: offset + 2)  // struct tc_ratespec.overhead
        structure.store(cellAlign, at: offset + 4)  // struct tc_ratespec.cell_align
        structure.store(minimumPacketSize, at: offset + 6)  // struct tc_ratespec.mpu
        structure.store(rate.saturated, at: offset + 8)  // struct tc_ratespec.rate
    }
}

/// How many ticks packets of every size take at a rate.
///
/// Kernels of these days compute this themselves, but learn from it how packets are counted, and policers must have it.
///
/// Kernel: 256 times `__u32`, `TC_RTAB_SIZE`.
public struct RateTable: Hashable, Sendable {
    /// The entries, in ticks.
    public var entries: [UInt32]

    static let byteCount = 1024  // TC_RTAB_SIZE

    /// Computes the table of a rate, and sets the fields of the specification that say how.
    ///
    /// - Parameters:
    ///   - specification: The rate; its cell size and alignment are set.
    ///   - mtu: The largest packet, in bytes; 0 for 2047.
    ///   - cellLog: The logarithm of how many bytes share an entry; nil for the least with which the largest fits.
    ///   - clock: In whose ticks.
    public init(
        _ specification: inout RateSpecification, mtu: UInt32 = 0, cellLog: UInt8? = nil, clock: TickClock = .system
    ) {
        let mtu = mtu == 0 ? 2047 : mtu
        var log = cellLog ?? 0
        if cellLog == nil { while mtu >> log > 255 { log += 1 } }
        let spec = specification
        entries = (1...256).map { index in
            let count = log < 56 ? UInt64(index) << log : .max
            let size = spec.linkLayer.size(of: count, minimum: UInt32(spec.minimumPacketSize))
            return clock.ticks(sending: size, at: spec.rate)
        }
        specification.cellLog = log
        specification.cellAlign = -1
    }

    /// Reads a table; nil where it is none.
    init?(_ span: RawSpan) {
        guard span.byteCount >= Self.byteCount else { return nil }
        var read: [UInt32] = []
        for index in 0..<256 {
            guard let entry = try? span.load(at: index * 4, as: UInt32.self) else { return nil }
            read.append(entry)
        }
        entries = read
    }

    /// Writes the table as an attribute.
    func encode<ID: AttributeID>(_ id: ID, into writer: inout MessageWriter) {
        let entries = entries
        writer.put(id, structure: Self.byteCount) { structure in
            for (index, entry) in entries.prefix(256).enumerated() { structure.store(entry, at: index * 4) }
        }
    }
}
