// SPDX-License-Identifier: Apache-2.0

/// The number of a link within its namespace, from 1 on.
///
/// Kernel: `ifi_index`, `RTA_OIF` and their like, `int`.
public struct InterfaceIndex: RawRepresentable, TextValue {
    /// The kernel's number.
    public let rawValue: Int32
    /// Takes any number.
    @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }

    /// Zero, which stands for no link.
    @inlinable public static var none: Self { Self(rawValue: 0) }
    /// The loopback link of every namespace.
    @inlinable public static var loopback: Self { Self(rawValue: 1) }

    /// Whether the kernel could have given this number to a link.
    @inlinable public var isValid: Bool { rawValue > 0 }

    /// Reads a decimal number without a plus sign.
    public init?(_ text: String) {
        guard text.utf8.first != ASCII.plus, let number = Int32(text) else { return nil }
        self.init(rawValue: number)
    }

    /// Appends the decimal number.
    public func write(to bytes: inout [UInt8]) { bytes.append(decimal: rawValue) }

    /// Decodes a number.
    public init(from decoder: any Decoder) throws {
        self.init(rawValue: try decoder.singleValueContainer().decode(Int32.self))
    }

    /// Encodes a number, not a text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

extension InterfaceIndex: Comparable {
    /// Orders by number.
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

extension InterfaceIndex: ExpressibleByIntegerLiteral {
    /// Takes a literal.
    @inlinable public init(integerLiteral value: Int32) { self.init(rawValue: value) }
}
