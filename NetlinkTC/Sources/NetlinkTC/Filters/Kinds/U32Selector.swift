// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// What a u32 filter compares, and where the next table's filters look.
///
/// Kernel: `TCA_U32_SEL`, `struct tc_u32_sel`.
public struct U32Selector: Hashable, Sendable {
    /// The most words that are compared.
    public static let keyLimit = 128

    /// What is done beside comparing.
    public var flags: Flags = []
    /// How far the word at ``variableOffset`` is shifted to the right to give an offset.
    ///
    /// Kernel: `offshift`.
    public var offsetShift: UInt8 = 0
    /// Which bits of the word at ``variableOffset`` count.
    ///
    /// Kernel: `offmask`, big-endian.
    public var offsetMask: UInt16 = 0
    /// How far behind the filters of the next table look.
    ///
    /// Kernel: `off`.
    public var fixedOffset: UInt16 = 0
    /// Where a further offset stands in the packet.
    ///
    /// Kernel: `offoff`.
    public var variableOffset: Int16 = 0
    /// Where the word stands whose bits choose the bucket of the next table.
    ///
    /// Kernel: `hoff`.
    public var hashOffset: Int16 = 0
    /// Which bits choose the bucket of the next table.
    ///
    /// Kernel: `hmask`, big-endian.
    public var hashMask: UInt32 = 0
    /// The words that are compared.
    public var keys: [U32Key] = []

    /// Compares words.
    public init(_ keys: [U32Key] = []) { self.keys = keys }

    /// What is done beside comparing.
    public struct Flags: OptionSet, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt8
        /// Takes any number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Filtering ends with this filter.
        public static var terminal: Self { Self(rawValue: 1) }  // TC_U32_TERMINAL
        /// The next table's filters look from ``U32Selector/fixedOffset`` on.
        public static var offset: Self { Self(rawValue: 2) }  // TC_U32_OFFSET
        /// The next table's filters look from an offset on that stands in the packet.
        public static var variableOffset: Self { Self(rawValue: 4) }  // TC_U32_VAROFFSET
        /// What was looked at is behind the next table's filters.
        public static var eat: Self { Self(rawValue: 8) }  // TC_U32_EAT
    }

    static let headerByteCount = 16  // sizeof(struct tc_u32_sel)

    /// Compares a further word, together with one at the same place if there is one; false where they contradict.
    @discardableResult
    public mutating func insert(_ key: U32Key) -> Bool {
        for index in keys.indices
        where keys[index].offset == key.offset && keys[index].offsetMask == key.offsetMask {
            guard (key.value ^ keys[index].value) & key.mask & keys[index].mask == 0 else { return false }
            keys[index].value |= key.value
            keys[index].mask |= key.mask
            return true
        }
        guard keys.count < Self.keyLimit else { return false }
        keys.append(key)
        return true
    }

    init(decoding span: RawSpan) throws(DecodeError) {
        flags = Flags(rawValue: try span.load(at: 0))  // struct tc_u32_sel.flags
        offsetShift = try span.load(at: 1)  // struct tc_u32_sel.offshift
        let count: UInt8 = try span.load(at: 2)  // struct tc_u32_sel.nkeys
        offsetMask = UInt16(bigEndian: try span.load(at: 4))  // struct tc_u32_sel.offmask
        fixedOffset = try span.load(at: 6)  // struct tc_u32_sel.off
        variableOffset = try span.load(at: 8)  // struct tc_u32_sel.offoff
        hashOffset = try span.load(at: 10)  // struct tc_u32_sel.hoff
        hashMask = UInt32(bigEndian: try span.load(at: 12))  // struct tc_u32_sel.hmask
        for index in 0..<Int(count) {
            let start = Self.headerByteCount + index * U32Key.byteCount
            keys.append(try U32Key(decoding: span.bytes(from: start, count: U32Key.byteCount)))
        }
    }

    func encode(into writer: inout MessageWriter) {
        guard keys.count <= Self.keyLimit else {
            return writer.fail(
                NetlinkError(
                    .invalidArgument, explanation: "\(keys.count) words to compare; \(Self.keyLimit) are the most"))
        }
        let byteCount = Self.headerByteCount + keys.count * U32Key.byteCount
        writer.put(U32Attribute.selector, structure: byteCount) { structure in
            structure.store(flags.rawValue, at: 0)  // struct tc_u32_sel.flags
            structure.store(offsetShift, at: 1)  // struct tc_u32_sel.offshift
            structure.store(UInt8(keys.count), at: 2)  // struct tc_u32_sel.nkeys
            structure.store(offsetMask.bigEndian, at: 4)  // struct tc_u32_sel.offmask
            structure.store(fixedOffset, at: 6)  // struct tc_u32_sel.off
            structure.store(variableOffset, at: 8)  // struct tc_u32_sel.offoff
            structure.store(hashOffset, at: 10)  // struct tc_u32_sel.hoff
            structure.store(hashMask.bigEndian, at: 12)  // struct tc_u32_sel.hmask
            for (index, key) in keys.enumerated() {
                key.store(in: &structure, at: Self.headerByteCount + index * U32Key.byteCount)
            }
        }
    }
}

/// A word of the packet that is compared.
///
/// Kernel: `struct tc_u32_key`; value and mask are big-endian there, as the packet's bytes.
public struct U32Key: Hashable, Sendable {
    /// What the word is compared with; as a number, so that the first byte of the packet is the highest.
    public var value: UInt32
    /// Which bits of the word count.
    public var mask: UInt32
    /// Where the word stands, in bytes from the network header on; a multiple of 4, negative for what is before it.
    public var offset: Int32
    /// Which bits of the offset that the table before has found are added; -1 for all, which is `nexthdr+`.
    public var offsetMask: Int32

    /// Compares the bits of a word that a mask selects.
    public init(_ value: UInt32, mask: UInt32, at offset: Int32, behindHeader: Bool = false) {
        self.value = value & mask
        self.mask = mask
        self.offset = offset
        offsetMask = behindHeader ? -1 : 0
    }

    /// Compares bits of two bytes, which stand in one word of the packet.
    public init(half value: UInt16, mask: UInt16, at offset: Int32, behindHeader: Bool = false) {
        let shift: UInt32 = offset & 3 < 2 ? 16 : 0
        self.init(
            UInt32(value) << shift, mask: UInt32(mask) << shift, at: offset & ~3, behindHeader: behindHeader)
    }

    /// Compares bits of one byte.
    public init(byte value: UInt8, mask: UInt8, at offset: Int32, behindHeader: Bool = false) {
        let shift = UInt32(24 - 8 * (offset & 3))
        self.init(
            UInt32(value) << shift, mask: UInt32(mask) << shift, at: offset & ~3, behindHeader: behindHeader)
    }

    static let byteCount = 16  // sizeof(struct tc_u32_key)

    init(decoding span: RawSpan) throws(DecodeError) {
        mask = UInt32(bigEndian: try span.load(at: 0))  // struct tc_u32_key.mask
        value = UInt32(bigEndian: try span.load(at: 4))  // struct tc_u32_key.val
        offset = try span.load(at: 8)  // struct tc_u32_key.off
        offsetMask = try span.load(at: 12)  // struct tc_u32_key.offmask
    }

    func store(in structure: inout StructureWriter, at start: Int) {
        structure.store(mask.bigEndian, at: start + 0)  // struct tc_u32_key.mask
        structure.store(value.bigEndian, at: start + 4)  // struct tc_u32_key.val
        structure.store(offset, at: start + 8)  // struct tc_u32_key.off
        structure.store(offsetMask, at: start + 12)  // struct tc_u32_key.offmask
    }
}
