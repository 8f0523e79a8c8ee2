// SPDX-License-Identifier: Apache-2.0

/// The numbers of the attributes that may stand in one nest.
///
/// Each nest has a type of its own, so that a number is never read in the wrong place. Unknown numbers survive.
public protocol AttributeID: RawRepresentable<UInt16>, Hashable, Sendable {
    /// Takes any number.
    init(rawValue: UInt16)
    /// The kernel's name for this number, such as `IFLA_MTU`.
    var kernelName: String? { get }
    /// Whether the value is a key, which descriptions and traces leave out.
    var isSecret: Bool { get }
    /// What stands inside the attribute, where it is a nest.
    static func nest(in id: UInt16) -> AttributeSchema?
    /// The attribute whose text says what stands inside a sibling, such as `IFLA_INFO_KIND`.
    static var kindID: UInt16? { get }
    /// What stands inside the attribute when the sibling ``kindID`` has this text.
    static func nest(in id: UInt16, kind: String) -> AttributeSchema?
}

extension AttributeID {
    /// None unless the type has names.
    public var kernelName: String? { nil }
    /// No unless the type says otherwise.
    public var isSecret: Bool { false }
    /// Nothing that is known unless the type says so.
    public static func nest(in id: UInt16) -> AttributeSchema? { nil }
    /// None unless the type has one.
    public static var kindID: UInt16? { nil }
    /// Nothing that is known unless the type says so.
    public static func nest(in id: UInt16, kind: String) -> AttributeSchema? { nil }
}

/// Bits of an attribute's type field that are not part of its number.
@usableFromInline enum AttributeTypeBits {
    @inlinable static var nested: UInt16 { 0x8000 }  // NLA_F_NESTED
    @inlinable static var networkByteOrder: UInt16 { 0x4000 }  // NLA_F_NET_BYTEORDER
    @inlinable static var number: UInt16 { 0x3fff }
    @inlinable static var headerByteCount: Int { 4 }  // sizeof(struct nlattr)
}

/// One attribute, in place.
public struct Attribute<ID: AttributeID>: ~Escapable {
    /// The type field as it stands in the message, with flag bits.
    public let rawType: UInt16
    /// The value's bytes, without padding.
    public let payload: RawSpan

    @inlinable @inline(__always) @_lifetime(copy payload)
    init(rawType: UInt16, payload: RawSpan) {
        self.rawType = rawType
        self.payload = payload
    }

    /// Which attribute this is, without flag bits.
    @inlinable public var id: ID {
        @inline(__always) get { ID(rawValue: rawType & AttributeTypeBits.number) }
    }
    /// Whether the sender marked it as a nest; older families do not.
    @inlinable public var isMarkedNested: Bool { rawType & AttributeTypeBits.nested != 0 }

    /// The value as an integer in host byte order; a longer payload is read by its first bytes.
    @inlinable @inline(__always)
    public func integer<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type = T.self) throws(DecodeError) -> T {
        guard payload.byteCount >= MemoryLayout<T>.size else { throw truncated(MemoryLayout<T>.size) }
        return payload.loadChecked(0, as: T.self)
    }

    /// The value as an integer in network byte order.
    @inlinable @inline(__always)
    public func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type = T.self) throws(DecodeError) -> T {
        T(bigEndian: try integer(T.self))
    }

    /// The value of a variable-width integer, which takes four bytes or eight.
    @inlinable public func unsigned() throws(DecodeError) -> UInt64 {
        switch payload.byteCount {
        case 4: UInt64(payload.loadChecked(0, as: UInt32.self))
        case 8: payload.loadChecked(0, as: UInt64.self)
        default: throw DecodeError(.unexpectedLength, attribute: id.rawValue, expected: 8, actual: payload.byteCount)
        }
    }

    /// The value of a variable-width signed integer, which takes four bytes or eight.
    @inlinable public func signed() throws(DecodeError) -> Int64 {
        switch payload.byteCount {
        case 4: Int64(payload.loadChecked(0, as: Int32.self))
        case 8: payload.loadChecked(0, as: Int64.self)
        default: throw DecodeError(.unexpectedLength, attribute: id.rawValue, expected: 8, actual: payload.byteCount)
        }
    }

    /// The value as text, up to the first NUL.
    @inlinable public func string() -> String { payload.text }

    /// The value as a selector and values of 32 flags.
    ///
    /// Kernel: `struct nla_bitfield32`.
    @inlinable public func bitfield() throws(DecodeError) -> Bitfield32 {
        guard payload.byteCount >= 8 else { throw truncated(8) }
        return Bitfield32(
            value: payload.loadChecked(0, as: UInt32.self),  // struct nla_bitfield32.value
            selector: payload.loadChecked(4, as: UInt32.self))  // struct nla_bitfield32.selector
    }

    /// The attributes inside.
    @inlinable @inline(__always) @_lifetime(copy self)
    public func nested<Inner: AttributeID>(_ type: Inner.Type = Inner.self) -> AttributeReader<Inner> {
        AttributeReader(payload)
    }

    @inlinable func truncated(_ needed: Int) -> DecodeError {
        DecodeError(.truncated, attribute: id.rawValue, expected: needed, actual: payload.byteCount)
    }
}

/// Thirty-two flags of which only the selected ones are meant.
///
/// Kernel: `struct nla_bitfield32`.
public struct Bitfield32: Hashable, Sendable {
    /// The flags.
    public var value: UInt32
    /// Which flags are meant.
    public var selector: UInt32
    /// Makes a bitfield.
    @inlinable public init(value: UInt32, selector: UInt32) {
        self.value = value
        self.selector = selector
    }
}

/// Walks the attributes of a message or a nest, in place.
///
/// After bytes that cannot be an attribute it throws once and is at its end.
public struct AttributeReader<ID: AttributeID>: ~Escapable {
    @usableFromInline var remaining: RawSpan

    /// Begins at the first attribute.
    @inlinable @inline(__always) @_lifetime(copy span)
    public init(_ span: RawSpan) { remaining = span }

    /// The next attribute, or nil at the end.
    ///
    /// - Throws: ``DecodeError`` when the rest is not an attribute.
    @inlinable @inline(__always) @_lifetime(copy self)
    public mutating func next() throws(DecodeError) -> Attribute<ID>? {
        let available = remaining.byteCount
        guard available >= 4 else {
            if available == 0 { return nil }
            remaining = remaining.slice(available, available)
            throw DecodeError(.truncated, expected: 4, actual: available)
        }
        let length = Int(remaining.loadChecked(0, as: UInt16.self))  // struct nlattr.nla_len
        let type = remaining.loadChecked(2, as: UInt16.self)  // struct nlattr.nla_type
        guard length >= 4, length <= available else {
            remaining = remaining.slice(available, available)
            throw DecodeError(.invalidLength, attribute: type & 0x3fff, expected: length, actual: available)
        }
        let attribute = Attribute<ID>(rawType: type, payload: remaining.slice(4, length))
        remaining = remaining.slice(Swift.min(aligned(length), available), available)
        return attribute
    }
}
