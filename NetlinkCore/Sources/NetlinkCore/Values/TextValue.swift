// SPDX-License-Identifier: Apache-2.0

/// A value that its text says completely.
///
/// Conforming types get `description` and a `Codable` form, which is the text, from ``write(to:)`` and `init?(_:)`. One
/// that is `RawRepresentable` too forwards to ``decodingText(from:)`` and ``encodeText(to:)`` by hand, as the compiler
/// would otherwise make a form of its own.
public protocol TextValue: LosslessStringConvertible, Codable, Hashable, Sendable {
    /// Appends the text without making a `String` of it, for output in bulk.
    func write(to bytes: inout [UInt8])
}

extension TextValue {
    /// The text, as a `String`.
    public var description: String {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Decodes the value from its text.
    ///
    /// - Throws: `DecodingError.dataCorrupted` where the text is not one of this kind.
    public init(from decoder: any Decoder) throws { self = try Self.decodingText(from: decoder) }

    /// Encodes the value as its text.
    public func encode(to encoder: any Encoder) throws { try encodeText(to: encoder) }

    /// Decodes a value from its text, for types that write their `init(from:)` by hand.
    ///
    /// - Throws: `DecodingError.dataCorrupted` where the text is not one of this kind.
    public static func decodingText(from decoder: any Decoder) throws -> Self {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a valid \(Self.self): \(text)")
        }
        return value
    }

    /// Encodes the value as its text, for types that write their `encode(to:)` by hand.
    public func encodeText(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
