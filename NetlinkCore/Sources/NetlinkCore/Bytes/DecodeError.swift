// SPDX-License-Identifier: Apache-2.0

/// Bytes that do not have the form their message or attribute requires.
///
/// Thrown by the pure codecs. A connection wraps it in a ``NetlinkError`` with code ``NetlinkError/Code/malformedReply``.
public struct DecodeError: Error, Hashable, Sendable {
    /// What is wrong with the bytes.
    public struct Reason: RawRepresentable, Hashable, Sendable {
        /// A number of this library's own.
        public let rawValue: UInt8
        /// Takes any number.
        @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Fewer bytes than the value needs.
        public static let truncated = Reason(rawValue: 1)
        /// A length field below its own header or beyond its container.
        public static let invalidLength = Reason(rawValue: 2)
        /// A length that no value of this kind has.
        public static let unexpectedLength = Reason(rawValue: 3)
        /// Nests deeper than readers follow.
        public static let tooDeep = Reason(rawValue: 4)
        /// A value outside what its kind allows.
        public static let invalidValue = Reason(rawValue: 5)
    }

    /// What is wrong.
    public let reason: Reason
    /// The attribute in whose payload the fault lies, without flag bits, where one is known.
    public let attribute: UInt16?
    /// How many bytes were needed, or the offending length field.
    public let expected: Int
    /// How many bytes there were.
    public let actual: Int

    /// Describes malformed bytes.
    @inlinable public init(_ reason: Reason, attribute: UInt16? = nil, expected: Int = 0, actual: Int = 0) {
        self.reason = reason
        self.attribute = attribute
        self.expected = expected
        self.actual = actual
    }
}

extension DecodeError: CustomStringConvertible {
    /// The value as text.
    public var description: String {
        let place = attribute.map { " in attribute \($0)" } ?? ""
        return switch reason {
        case .truncated: "\(expected) bytes needed, \(actual) there\(place)"
        case .invalidLength: "length \(expected) does not fit in \(actual) bytes\(place)"
        case .unexpectedLength: "\(actual) bytes where \(expected) belong\(place)"
        case .tooDeep: "nested deeper than \(expected)\(place)"
        case .invalidValue: "value out of range\(place)"
        default: "malformed\(place)"
        }
    }
}
