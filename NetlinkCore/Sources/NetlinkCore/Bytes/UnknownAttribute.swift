// SPDX-License-Identifier: Apache-2.0

/// An attribute that no type here models, kept so that it can go back to the kernel.
public struct UnknownAttribute: Hashable, Sendable {
    /// The type field as it came, with flag bits.
    public var rawType: UInt16
    /// The value's bytes, without padding.
    public var payload: [UInt8]

    /// Makes one.
    public init(rawType: UInt16, payload: [UInt8]) {
        self.rawType = rawType
        self.payload = payload
    }

    /// The attribute's number, without flag bits.
    public var number: UInt16 { rawType & AttributeTypeBits.number }
}

/// The attributes of one object that no type here models, bounded in size.
///
/// Empty for nearly every object, and then without an allocation.
public struct UnknownAttributes: Hashable, Sendable {
    /// How many bytes, headers counted, are kept at most; what is beyond is counted in ``droppedByteCount``.
    public static let byteLimit = 64 * 1024

    // An absent array costs nothing to copy; an empty one costs a call.
    private var kept: [UnknownAttribute]?
    /// How many bytes were not kept because of ``byteLimit``.
    public private(set) var droppedByteCount: Int = 0

    /// None.
    public init() {}

    /// The attributes in the order in which they came.
    public var elements: [UnknownAttribute] { kept ?? [] }
    /// Whether there is none.
    public var isEmpty: Bool { kept == nil }

    /// Keeps a copy of an attribute.
    public mutating func keep<ID: AttributeID>(_ attribute: borrowing Attribute<ID>) {
        keep(UnknownAttribute(rawType: attribute.rawType, payload: attribute.payload.array))
    }

    /// Keeps an attribute.
    public mutating func keep(_ attribute: UnknownAttribute) {
        let held = elements.reduce(0) { $0 + $1.payload.count + 4 }
        let more = attribute.payload.count + 4
        guard held + more <= Self.byteLimit else {
            droppedByteCount += more
            return
        }
        if kept == nil { kept = [] }
        kept?.append(attribute)
    }
}

extension MessageWriter {
    /// Appends attributes as they came.
    public mutating func put(_ unknown: UnknownAttributes) {
        if unknown.isEmpty { return }
        for attribute in unknown.elements { put(rawType: attribute.rawType, attribute.payload) }
    }
}
