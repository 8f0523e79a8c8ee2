// SPDX-License-Identifier: Apache-2.0

// What is set and differs from a base: one encoder serves adding (no base) and updating (from what was read).
extension MessageWriter {
    /// Appends an integer attribute when it is set and differs from `old`.
    @inlinable public mutating func put<ID: AttributeID, T: FixedWidthInteger & BitwiseCopyable>(
        _ id: ID, _ value: T?, changing old: T?
    ) {
        if let value, value != old { put(id, value) }
    }

    /// Appends a big-endian integer attribute when it is set and differs from `old`.
    @inlinable public mutating func put<ID: AttributeID, T: FixedWidthInteger & BitwiseCopyable>(
        _ id: ID, bigEndian value: T?, changing old: T?
    ) {
        if let value, value != old { put(id, bigEndian: value) }
    }

    /// Appends a truth value as one byte when it is set and differs from `old`.
    @inlinable public mutating func put<ID: AttributeID>(_ id: ID, _ value: Bool?, changing old: Bool?) {
        if value != old { put(id, value) }
    }

    /// Appends terminated text when it is set and differs from `old`.
    public mutating func put<ID: AttributeID>(_ id: ID, _ value: String?, changing old: String?) {
        if value != old { put(id, value) }
    }

    /// Appends bytes when they are set and differ from `old`.
    public mutating func put<ID: AttributeID>(_ id: ID, _ value: [UInt8]?, changing old: [UInt8]?) {
        if value != old { put(id, value) }
    }

    /// Appends the raw value of an open set when it is set and differs from `old`.
    @inlinable public mutating func put<ID: AttributeID, T: RawRepresentable & Equatable>(
        _ id: ID, _ value: T?, changing old: T?
    ) where T.RawValue: FixedWidthInteger & BitwiseCopyable {
        if let value, value != old { put(id, value.rawValue) }
    }

    /// Appends the raw value of an open set, unless it is nil.
    @inlinable public mutating func put<ID: AttributeID, T: RawRepresentable>(_ id: ID, _ value: T?)
    where T.RawValue: FixedWidthInteger & BitwiseCopyable {
        if let value { put(id, value.rawValue) }
    }

    /// Appends an attribute that holds a fixed structure, zero but for what the closure stores.
    @inlinable public mutating func put<ID: AttributeID>(
        _ id: ID, structure byteCount: Int, _ body: (inout StructureWriter) -> Void
    ) {
        guard beginAttribute(id.rawValue, byteCount) else { return }
        structure(byteCount, body)
    }
}
