// SPDX-License-Identifier: Apache-2.0

extension RawSpan {
    /// Reads an integer in host byte order at an offset that need not be aligned.
    ///
    /// - Throws: ``DecodeError`` with ``DecodeError/Reason/truncated`` when the span ends before the integer does.
    @inlinable @inline(__always)
    public func load<T: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int, as type: T.Type = T.self
    ) throws(DecodeError) -> T {
        let size = MemoryLayout<T>.size
        guard offset >= 0, byteCount >= size, offset <= byteCount - size else {
            throw DecodeError(.truncated, expected: size, actual: Swift.max(0, byteCount - Swift.max(0, offset)))
        }
        return unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: T.self)
    }

    /// The integer at an offset whose bounds the caller has checked.
    @inlinable @inline(__always)
    func loadChecked<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as type: T.Type = T.self) -> T {
        unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: T.self)
    }

    /// The bytes from `start` up to `end`, whose bounds the caller has checked.
    @inlinable @inline(__always) @_lifetime(copy self)
    func slice(_ start: Int, _ end: Int) -> RawSpan {
        unsafe extracting(unchecked: start..<end)
    }

    /// The bytes from `offset` on, at most `count` of them; empty when the offset lies behind the end.
    @inlinable @_lifetime(copy self)
    public func bytes(from offset: Int, count: Int = .max) -> RawSpan {
        let start = Swift.min(Swift.max(0, offset), byteCount)
        return slice(start, start + Swift.min(Swift.max(0, count), byteCount - start))
    }

    /// A copy of the bytes.
    @inlinable public var array: [UInt8] {
        unsafe withUnsafeBytes { unsafe [UInt8]($0) }
    }

    /// The text up to the first NUL, or to the end where there is none; invalid UTF-8 is repaired.
    @inlinable public var text: String {
        let bytes = slice(0, textByteCount)
        return unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes up to the first NUL, or to the end where there is none.
    @inlinable public var textBytes: [UInt8] { slice(0, textByteCount).array }

    @inlinable var textByteCount: Int {
        var end = 0
        while end < byteCount, loadChecked(end, as: UInt8.self) != 0 { end += 1 }
        return end
    }

    /// Whether two spans hold the same bytes.
    @inlinable public func isEqual(to other: RawSpan) -> Bool {
        guard byteCount == other.byteCount else { return false }
        for offset in 0..<byteCount
        where loadChecked(offset, as: UInt8.self) != other.loadChecked(offset, as: UInt8.self) {
            return false
        }
        return true
    }
}

extension [UInt8] {
    /// The elements as bytes that the readers take.
    @inlinable public var rawSpan: RawSpan {
        @_lifetime(borrow self)
        get { unsafe self.span.bytes }
    }
}

extension Array where Element: FixedWidthInteger & BitwiseCopyable {
    /// Appends the integers that stand one after the other in a span, in host byte order; bytes that are not a whole one
    /// are left out.
    @inlinable public mutating func append(integersOf span: RawSpan) {
        let more = span.byteCount / MemoryLayout<Element>.size
        // Appending none to an empty array writes its count, in the one that all empty arrays share.
        guard more > 0 else { return }
        append(addingCapacity: more) { (out: inout OutputSpan<Element>) in
            unsafe out.withUnsafeMutableBufferPointer { buffer, count in
                let size = MemoryLayout<Element>.size
                guard let start = buffer.baseAddress else { return }
                let target = unsafe UnsafeMutableRawPointer(start + count)
                unsafe span.withUnsafeBytes { bytes in
                    guard let source = bytes.baseAddress else { return }
                    unsafe target.copyMemory(from: source, byteCount: more * size)
                }
                count += more
            }
        }
    }
}

/// Rounds a length up to the four bytes to which messages and attributes are aligned.
@inlinable @inline(__always)
func aligned(_ length: Int) -> Int { (length &+ 3) & ~3 }
