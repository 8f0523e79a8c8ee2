// SPDX-License-Identifier: Apache-2.0

extension MessageWriter {
    /// Writes an attribute's header; false when there is no room for it and its payload.
    @inlinable @inline(__always)
    mutating func beginAttribute(_ rawType: UInt16, _ byteCount: Int) -> Bool {
        guard byteCount <= 65_531 else {
            tooLong(rawType, byteCount)
            return false
        }
        // What a client appended in front of it may have any length.
        if count & 3 != 0 { pad() }
        guard reserve(aligned(byteCount &+ 4)) else { return false }
        store(UInt16(truncatingIfNeeded: byteCount &+ 4), at: count)
        store(rawType, at: count &+ 2)
        written &+= 4
        return true
    }

    @usableFromInline mutating func tooLong(_ rawType: UInt16, _ byteCount: Int) {
        fail(
            NetlinkError(
                .messageTooLong, explanation: "an attribute of \(byteCount) bytes; 65531 is the most",
                path: openPath + [rawType & AttributeTypeBits.number]))
    }

    @inlinable @inline(__always) mutating func pad() {
        let end = aligned(count)
        // Room for the padding is there already, but behind what was appended without an attribute around it.
        guard count < end, reserve(end &- count) else { return }
        while count < end {
            store(UInt8(0), at: count)
            written &+= 1
        }
    }

    /// Appends an integer attribute in host byte order.
    @inlinable @inline(__always)
    public mutating func put<ID: AttributeID, T: FixedWidthInteger & BitwiseCopyable>(_ id: ID, _ value: T) {
        guard beginAttribute(id.rawValue, MemoryLayout<T>.size) else { return }
        store(value, at: count)
        written &+= MemoryLayout<T>.size
        pad()
    }

    /// Appends an integer attribute in host byte order, unless the value is nil.
    @inlinable @inline(__always)
    public mutating func put<ID: AttributeID, T: FixedWidthInteger & BitwiseCopyable>(_ id: ID, _ value: T?) {
        if let value { put(id, value) }
    }

    /// Appends an integer attribute in network byte order.
    @inlinable public mutating func put<ID: AttributeID, T: FixedWidthInteger & BitwiseCopyable>(
        _ id: ID, bigEndian value: T?
    ) {
        if let value { put(id, value.bigEndian) }
    }

    /// Appends a variable-width integer: four bytes when the value fits, else eight.
    @inlinable public mutating func put<ID: AttributeID>(_ id: ID, unsigned value: UInt64?) {
        guard let value else { return }
        if let narrow = UInt32(exactly: value) { put(id, narrow) } else { put(id, value) }
    }

    /// Appends a variable-width signed integer: four bytes when the value fits, else eight.
    @inlinable public mutating func put<ID: AttributeID>(_ id: ID, signed value: Int64?) {
        guard let value else { return }
        if let narrow = Int32(exactly: value) { put(id, narrow) } else { put(id, value) }
    }

    /// Appends a truth value as one byte, unless it is nil.
    @inlinable public mutating func put<ID: AttributeID>(_ id: ID, _ value: Bool?) {
        if let value { put(id, value ? UInt8(1) : UInt8(0)) }
    }

    /// Appends text with a terminating NUL, unless it is nil.
    ///
    /// Text with a NUL inside makes ``finish()`` throw: the kernel would read only a part of it.
    public mutating func put<ID: AttributeID>(_ id: ID, _ text: String?) {
        guard let text else { return }
        putText(id.rawValue, text, terminated: true)
    }

    /// Appends text without a NUL.
    public mutating func put<ID: AttributeID>(_ id: ID, unterminated text: String?) {
        guard let text else { return }
        putText(id.rawValue, text, terminated: false)
    }

    private mutating func putText(_ type: UInt16, _ text: String, terminated: Bool) {
        let utf8 = text.utf8
        guard !utf8.contains(0) else {
            fail(NetlinkError(.invalidArgument, explanation: "text with a NUL inside", path: openPath + [type]))
            return
        }
        guard beginAttribute(type, utf8.count + (terminated ? 1 : 0)) else { return }
        for byte in utf8 {
            store(byte, at: count)
            written += 1
        }
        if terminated {
            store(UInt8(0), at: count)
            written += 1
        }
        pad()
    }

    /// Appends an attribute of bytes, unless they are nil.
    public mutating func put<ID: AttributeID>(_ id: ID, _ bytes: [UInt8]?) {
        if let bytes { put(rawType: id.rawValue, bytes) }
    }

    /// Appends an attribute of bytes.
    public mutating func put<ID: AttributeID>(_ id: ID, _ bytes: RawSpan) {
        guard beginAttribute(id.rawValue, bytes.byteCount) else { return }
        append(bytes)
        pad()
    }

    /// Appends an attribute by its type field, with flag bits as given.
    public mutating func put(rawType: UInt16, _ bytes: [UInt8]) {
        guard beginAttribute(rawType, bytes.count) else { return }
        append(bytes.rawSpan)
        pad()
    }

    /// Appends an attribute without a value when the flag is set.
    @inlinable public mutating func put<ID: AttributeID>(flag id: ID, _ isSet: Bool = true) {
        if isSet { _ = beginAttribute(id.rawValue, 0) }
    }

    /// Appends a bitfield attribute.
    @inlinable public mutating func put<ID: AttributeID>(_ id: ID, _ bits: Bitfield32?) {
        guard let bits, beginAttribute(id.rawValue, 8) else { return }
        append(bits.value)
        append(bits.selector)
    }

    /// Appends a nest that the closure fills, marked as one unless `marked` is false, as older families want it.
    ///
    /// Bytes that the closure appends without an attribute around them count in the nest's length as they are; what
    /// follows them, inside the nest or behind it, is padded to four bytes.
    @inlinable public mutating func nest<ID: AttributeID, E: Error>(
        _ id: ID, marked: Bool = true, _ body: (inout MessageWriter) throws(E) -> Void
    ) throws(E) {
        try nest(rawType: id.rawValue | (marked ? AttributeTypeBits.nested : 0), body)
    }

    /// Appends a nest that the closure fills, or nothing where it writes nothing.
    public mutating func nestUnlessEmpty<ID: AttributeID, E: Error>(
        _ id: ID, marked: Bool = true, _ body: (inout MessageWriter) throws(E) -> Void
    ) throws(E) {
        pad()
        let start = count
        try nest(id, marked: marked, body)
        if failure == nil, count == start + AttributeTypeBits.headerByteCount { written = start }
    }

    /// Appends a nest by its type field; arrays number their elements this way.
    @inlinable public mutating func nest<E: Error>(
        rawType: UInt16, _ body: (inout MessageWriter) throws(E) -> Void
    ) throws(E) {
        guard let start = beginNest(rawType) else { return }
        do throws(E) {
            try body(&self)
        } catch {
            dropNest(start)
            throw error
        }
        endNest(start)
    }

    /// Takes back a nest whose body threw.
    @usableFromInline mutating func dropNest(_ start: Int) {
        if failure == nil { giveBack(from: start) }
        openNests.removeLast()
    }

    @usableFromInline mutating func beginNest(_ rawType: UInt16) -> Int? {
        pad()
        let start = count
        guard beginAttribute(rawType, 0) else { return nil }
        openNests.append(start)
        return start
    }

    @usableFromInline mutating func endNest(_ start: Int) {
        if failure == nil {
            let length = count - start
            if length > 65_535 {
                let path = openPath
                fail(
                    NetlinkError(
                        .messageTooLong, explanation: "a nest of \(length) bytes; 65535 is the most", path: path))
            } else {
                store(UInt16(truncatingIfNeeded: length), at: start)
                pad()
            }
        }
        openNests.removeLast()
    }
}
