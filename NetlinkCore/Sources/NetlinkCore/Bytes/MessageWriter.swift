// SPDX-License-Identifier: Apache-2.0

/// Writes messages and their attributes into one growing buffer.
///
/// What does not fit (an attribute over 65,535 bytes, a message over the limit) is remembered and thrown once by
/// ``finish()``, so that encoders need no `try`. After a failure nothing more is written.
@safe public struct MessageWriter: ~Copyable {
    @usableFromInline var base: UnsafeMutableRawPointer
    @usableFromInline var capacity: Int
    /// How many bytes were written.
    public var count: Int { written }
    @usableFromInline var written = 0
    /// How many bytes may be written.
    public let limit: Int
    // What was written is overwritten with zeros before its memory is given up.
    let isSecret: Bool
    @usableFromInline var messageStart = 0
    @usableFromInline var failure: NetlinkError?
    // Where the nests that are open began, so that a failure names its path.
    var openNests: [Int] = []

    /// Makes an empty writer that takes at most `limit` bytes.
    public init(capacity: Int = 4096, limit: Int = 1 << 20) {
        self.init(capacity: capacity, limit: limit, isSecret: false)
    }

    init(capacity: Int = 4096, limit: Int = 1 << 20, isSecret: Bool) {
        let first = Swift.max(64, Swift.min(capacity, limit))
        unsafe base = .allocate(byteCount: first, alignment: 16)
        self.capacity = first
        self.limit = Swift.max(64, limit)
        self.isSecret = isSecret
    }

    deinit {
        if isSecret { unsafe wipeMemory(base, written) }
        unsafe base.deallocate()
    }

    /// What was written so far.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get { unsafe _overrideLifetime(RawSpan(_unsafeStart: base, byteCount: count), borrowing: self) }
    }

    /// Forgets everything written, and any failure.
    public mutating func removeAll() {
        giveBack(from: 0)
        messageStart = 0
        failure = nil
        openNests.removeAll(keepingCapacity: true)
    }

    /// Forgets everything from `start` on, and any failure.
    mutating func truncate(to start: Int) {
        giveBack(from: Swift.min(count, start))
        failure = nil
        openNests.removeAll(keepingCapacity: true)
    }

    /// Takes back what was written from `start` on.
    mutating func giveBack(from start: Int) {
        if isSecret { unsafe wipeMemory(base + start, written - start) }
        written = start
    }

    /// Makes `finish()` throw this error, unless an earlier one stands.
    public mutating func fail(_ error: NetlinkError) {
        if failure == nil { failure = error }
    }

    /// Throws the first failure since the beginning.
    public mutating func finish() throws(NetlinkError) {
        if let failure { throw failure }
    }

    /// Begins a message; its length is set by ``endMessage()``.
    public mutating func beginMessage(type: UInt16, flags: MessageFlags, sequence: UInt32, port: UInt32 = 0) {
        messageStart = count
        append(UInt32(0))
        append(type)
        append(flags.rawValue)
        append(sequence)
        append(port)
    }

    /// Ends the message that was begun, padding it to four bytes.
    public mutating func endMessage() {
        guard failure == nil else { return }
        store(UInt32(truncatingIfNeeded: count - messageStart), at: messageStart)
        append(zeros: aligned(count) - count)
    }

    /// Sets fields of the header of a message that was written.
    mutating func patch(sequence: UInt32?, flags: MessageFlags?, assignedType: UInt16? = nil, at start: Int) {
        precondition(start >= 0 && start <= count - MessageHeader.byteCount, "no message there")
        if let sequence { store(sequence, at: start + 8) }
        if let assignedType, bytes.loadChecked(start + 4, as: UInt16.self) == 0 { store(assignedType, at: start + 4) }
        if let flags { store(bytes.loadChecked(start + 6, as: UInt16.self) | flags.rawValue, at: start + 6) }
    }

    /// Makes room for `more` bytes; false, with the failure remembered, when the limit forbids it.
    @inlinable @inline(__always)
    mutating func reserve(_ more: Int) -> Bool {
        if failure == nil, count &+ more <= capacity { return true }
        return grow(more)
    }

    @usableFromInline mutating func grow(_ more: Int) -> Bool {
        guard failure == nil else { return false }
        guard more <= limit - count else {
            failure = NetlinkError(
                .messageTooLong, explanation: "a message over the limit of \(limit) bytes", path: openPath)
            return false
        }
        let wanted = Swift.min(limit, Swift.max(capacity * 2, count + more))
        let next = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 16)
        unsafe next.copyMemory(from: base, byteCount: count)
        if isSecret { unsafe wipeMemory(base, count) }
        unsafe base.deallocate()
        unsafe base = next
        capacity = wanted
        return true
    }

    // Offsets are checked by callers: each lies in what was written.
    @inlinable @inline(__always)
    mutating func store<T: FixedWidthInteger & BitwiseCopyable>(_ value: T, at offset: Int) {
        unsafe base.storeBytes(of: value, toByteOffset: offset, as: T.self)
    }

    /// Appends an integer in host byte order, without padding.
    @inlinable @inline(__always)
    public mutating func append<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) {
        guard reserve(MemoryLayout<T>.size) else { return }
        store(value, at: count)
        written &+= MemoryLayout<T>.size
    }

    /// Appends zero bytes.
    @inlinable public mutating func append(zeros: Int) {
        guard zeros > 0, reserve(zeros) else { return }
        unsafe (base + count).initializeMemory(as: UInt8.self, repeating: 0, count: zeros)
        written &+= zeros
    }

    /// Appends bytes as they are, without padding.
    @inlinable public mutating func append(_ bytes: RawSpan) {
        guard bytes.byteCount > 0, reserve(bytes.byteCount) else { return }
        unsafe bytes.withUnsafeBytes {
            guard let source = $0.baseAddress else { return }
            unsafe (base + written).copyMemory(from: source, byteCount: $0.count)
        }
        written &+= bytes.byteCount
    }

    /// Appends a fixed structure of `byteCount` bytes, zero but for what the closure stores, and pads it.
    @inlinable public mutating func structure(_ byteCount: Int, _ body: (inout StructureWriter) -> Void) {
        let size = aligned(byteCount)
        guard reserve(size) else { return }
        unsafe (base + count).initializeMemory(as: UInt8.self, repeating: 0, count: size)
        var writer = unsafe StructureWriter(base: base + count, byteCount: byteCount)
        body(&writer)
        written &+= size
    }

    /// The attributes whose nests are open, outermost first, by number.
    @usableFromInline var openPath: [UInt16] {
        openNests.compactMap { start in
            start + 4 <= count ? bytes.loadChecked(start + 2, as: UInt16.self) & AttributeTypeBits.number : nil
        }
    }
}

/// Fills in the fields of a fixed structure, each at its offset.
@safe public struct StructureWriter: ~Copyable {
    @usableFromInline let base: UnsafeMutableRawPointer
    @usableFromInline let byteCount: Int

    @inlinable init(base: UnsafeMutableRawPointer, byteCount: Int) {
        unsafe self.base = unsafe base
        self.byteCount = byteCount
    }

    /// Stores an integer in host byte order; an offset outside the structure is a programming mistake and traps.
    @inlinable @inline(__always)
    public mutating func store<T: FixedWidthInteger & BitwiseCopyable>(_ value: T, at offset: Int) {
        precondition(offset >= 0 && offset <= byteCount - MemoryLayout<T>.size, "field outside its structure")
        unsafe base.storeBytes(of: value, toByteOffset: offset, as: T.self)
    }

    /// Stores bytes, cut at the structure's end.
    @inlinable public mutating func store(_ bytes: RawSpan, at offset: Int) {
        precondition(offset >= 0 && offset <= byteCount, "field outside its structure")
        for index in 0..<Swift.min(bytes.byteCount, byteCount - offset) {
            store(bytes.loadChecked(index, as: UInt8.self), at: offset + index)
        }
    }
}
