// SPDX-License-Identifier: Apache-2.0

/// One message, in place in the datagram it came in.
public struct Message: ~Escapable {
    /// Its header.
    public let header: MessageHeader
    /// What follows the header.
    public let payload: RawSpan

    @inlinable @inline(__always) @_lifetime(copy payload)
    init(header: MessageHeader, payload: RawSpan) {
        self.header = header
        self.payload = payload
    }

    /// Reads a field of the fixed header that follows the message header, at its offset there.
    @inlinable @inline(__always)
    public func field<T: FixedWidthInteger & BitwiseCopyable>(
        _ offset: Int, _ type: T.Type = T.self
    ) throws(DecodeError) -> T {
        try payload.load(at: offset, as: T.self)
    }

    /// The attributes behind a fixed header of `fixed` bytes.
    ///
    /// - Throws: ``DecodeError`` when the payload is shorter than the fixed header.
    @inlinable @inline(__always) @_lifetime(copy self)
    public func attributes<ID: AttributeID>(
        of type: ID.Type = ID.self, after fixed: Int
    ) throws(DecodeError) -> AttributeReader<ID> {
        guard fixed >= 0, payload.byteCount >= fixed else {
            throw DecodeError(.truncated, expected: fixed, actual: payload.byteCount)
        }
        let start = Swift.min(aligned(fixed), payload.byteCount)
        return AttributeReader(payload.slice(start, payload.byteCount))
    }
}

/// Splits a datagram into its messages, in place.
///
/// After bytes that cannot be a message it throws once and is at its end.
public struct MessageReader: ~Escapable {
    // All of it, to find out whose it is when it turns out to be malformed.
    @usableFromInline let datagram: RawSpan
    @usableFromInline var remaining: RawSpan

    /// Begins at the first message of a datagram.
    @inlinable @_lifetime(copy datagram)
    public init(_ datagram: RawSpan) {
        self.datagram = datagram
        remaining = datagram
    }

    /// Whether all messages were read.
    @inlinable public var isAtEnd: Bool { remaining.byteCount == 0 }

    /// The next message, or nil at the end.
    ///
    /// - Throws: ``DecodeError`` when the rest of the datagram is not a message.
    @inlinable @inline(__always) @_lifetime(copy self)
    public mutating func next() throws(DecodeError) -> Message? {
        let available = remaining.byteCount
        guard available >= MessageHeader.byteCount else {
            if available == 0 { return nil }
            remaining = remaining.slice(available, available)
            throw DecodeError(.truncated, expected: MessageHeader.byteCount, actual: available)
        }
        let header = MessageHeader(checked: remaining)
        let length = Int(header.length)
        guard length >= MessageHeader.byteCount, length <= available else {
            remaining = remaining.slice(available, available)
            throw DecodeError(.invalidLength, expected: length, actual: available)
        }
        let message = Message(header: header, payload: remaining.slice(MessageHeader.byteCount, length))
        remaining = remaining.slice(Swift.min(aligned(length), available), available)
        return message
    }
}
