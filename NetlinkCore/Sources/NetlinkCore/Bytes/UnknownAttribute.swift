// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

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
    private static let limit = Atomic<Int>(64 * 1024)

    /// How many bytes of one object, headers counted, are kept at most; what is beyond is counted in ``droppedByteCount``.
    ///
    /// 64 KiB unless set; holds for everything that this process reads from then on.
    public static var byteLimit: Int {
        get { limit.load(ordering: .relaxed) }
        set { limit.store(Swift.min(Swift.max(0, newValue), Int(UInt32.max)), ordering: .relaxed) }
    }

    // An absent array costs nothing to copy; an empty one costs a call.
    private var kept: [UnknownAttribute]?
    private var keptByteCount: UInt32 = 0
    private var dropped: UInt32 = 0
    /// How many bytes were not kept because of ``byteLimit``.
    public var droppedByteCount: Int { Int(dropped) }

    /// None.
    public init() {}

    /// The attributes in the order in which they came.
    public var elements: [UnknownAttribute] { kept ?? [] }
    /// Whether there is none.
    public var isEmpty: Bool { kept == nil }

    /// Keeps a copy of an attribute.
    public mutating func keep<ID: AttributeID>(_ attribute: borrowing Attribute<ID>) {
        // Before anything is copied: a hostile message may have thousands of them.
        guard takes(attribute.payload.byteCount) else { return }
        append(UnknownAttribute(rawType: attribute.rawType, payload: attribute.payload.array))
    }

    /// Keeps an attribute.
    public mutating func keep(_ attribute: UnknownAttribute) {
        if takes(attribute.payload.count) { append(attribute) }
    }

    private mutating func takes(_ byteCount: Int) -> Bool {
        let more = byteCount + AttributeTypeBits.headerByteCount
        guard more <= Self.byteLimit - Int(keptByteCount) else {
            dropped = UInt32(clamping: Int(dropped) + more)
            return false
        }
        keptByteCount += UInt32(clamping: more)
        return true
    }

    private mutating func append(_ attribute: UnknownAttribute) {
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
