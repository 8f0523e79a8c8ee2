// SPDX-License-Identifier: Apache-2.0

/// Memory that packets are read into and written from; allocated whole and touched only where packets were.
@_spi(System) @safe public struct PacketMemory: ~Copyable, @unchecked Sendable {
    private let memory: UnsafeMutableRawBufferPointer

    /// Sets memory aside.
    public init(byteCount: Int) {
        unsafe memory = .allocate(byteCount: Swift.max(byteCount, 1), alignment: 16)
    }

    deinit { unsafe memory.deallocate() }

    private func range(_ start: Int, _ count: Int) -> Range<Int> {
        let first = Swift.min(Swift.max(0, start), unsafe memory.count)
        return first..<first + Swift.min(Swift.max(0, count), unsafe memory.count - first)
    }

    /// Some of the bytes; as many as there are.
    @_lifetime(borrow self)
    public func bytes(from start: Int, count: Int) -> RawSpan {
        let range = range(start, count)
        let span = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: memory[range]))
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// Gives some of the bytes to the closure, which may change them.
    public mutating func withMutableBytes<R, E: Error>(
        from start: Int, count: Int, _ body: (inout MutableRawSpan) throws(E) -> R
    ) throws(E) -> R {
        let range = range(start, count)
        var span = unsafe MutableRawSpan(_unsafeBytes: UnsafeMutableRawBufferPointer(rebasing: memory[range]))
        return try body(&span)
    }

    /// Overwrites bytes; as many as there is room for.
    public mutating func copy(_ source: RawSpan, at start: Int) {
        let range = range(start, source.byteCount)
        unsafe source.withUnsafeBytes { source in
            unsafe UnsafeMutableRawBufferPointer(rebasing: memory[range])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[0..<range.count]))
        }
    }

    /// Overwrites bytes with others of this memory.
    public mutating func move(from start: Int, count: Int, to place: Int) {
        let source = range(start, count)
        let range = range(place, source.count)
        unsafe UnsafeMutableRawBufferPointer(rebasing: memory[range])
            .copyMemory(
                from: UnsafeRawBufferPointer(rebasing: memory[source.lowerBound..<source.lowerBound + range.count]))
    }

    /// Reads one packet to an offset; nil when none is there.
    @inline(__always)
    public mutating func receive(_ descriptor: Int32, at start: Int, count: Int) throws(SystemError) -> Int? {
        let range = range(start, count)
        var span = unsafe MutableRawSpan(_unsafeBytes: UnsafeMutableRawBufferPointer(rebasing: memory[range]))
        return try TunTapCalls.receive(descriptor, into: &span)
    }
}

/// A few zeros, of which some are overwritten: what stands in front of a packet.
@_spi(System) public struct HeaderBuffer: Sendable {
    private var words: [9 of UInt64] = .init(repeating: 0)
    /// How many bytes there are at most.
    public static let byteCount = 72
    /// Where offsets count from.
    public var base = 0

    /// Zeros.
    public init() {}

    /// Writes an integer in host byte order; nothing where it does not fit.
    public mutating func store<T: FixedWidthInteger & BitwiseCopyable>(_ value: T, at offset: Int) {
        let start = base + offset
        guard start >= 0, start + MemoryLayout<T>.size <= Self.byteCount else { return }
        unsafe withUnsafeMutableBytes(of: &words) { unsafe $0.storeBytes(of: value, toByteOffset: start, as: T.self) }
    }

    /// Gives the first bytes to the closure.
    public func withBytes<R, E: Error>(count: Int, _ body: (RawSpan) throws(E) -> R) throws(E) -> R {
        var words = words
        let result: Result<R, E> = unsafe withUnsafeBytes(of: &words) { bytes in
            let count = Swift.min(Swift.max(0, count), Self.byteCount)
            let span = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: bytes[0..<count]))
            do throws(E) { return .success(try body(span)) } catch { return .failure(error) }
        }
        return try result.get()
    }
}
