// SPDX-License-Identifier: Apache-2.0

/// What the kernel accepts as an attribute's value.
///
/// Kernel: the nest `NL_POLICY_TYPE_ATTR_*`, in rejections and in policy dumps.
public struct AttributePolicy: Hashable, Sendable {
    /// The kind of value.
    public struct ValueType: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt32
        /// Takes any number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        /// Rejected whatever it holds.
        public static var invalid: Self { Self(rawValue: 0) }  // NL_ATTR_TYPE_INVALID
        /// No value; presence counts.
        public static var flag: Self { Self(rawValue: 1) }  // NL_ATTR_TYPE_FLAG
        /// An unsigned byte.
        public static var u8: Self { Self(rawValue: 2) }  // NL_ATTR_TYPE_U8
        /// Two unsigned bytes.
        public static var u16: Self { Self(rawValue: 3) }  // NL_ATTR_TYPE_U16
        /// Four unsigned bytes.
        public static var u32: Self { Self(rawValue: 4) }  // NL_ATTR_TYPE_U32
        /// Eight unsigned bytes.
        public static var u64: Self { Self(rawValue: 5) }  // NL_ATTR_TYPE_U64
        /// A signed byte.
        public static var s8: Self { Self(rawValue: 6) }  // NL_ATTR_TYPE_S8
        /// Two signed bytes.
        public static var s16: Self { Self(rawValue: 7) }  // NL_ATTR_TYPE_S16
        /// Four signed bytes.
        public static var s32: Self { Self(rawValue: 8) }  // NL_ATTR_TYPE_S32
        /// Eight signed bytes.
        public static var s64: Self { Self(rawValue: 9) }  // NL_ATTR_TYPE_S64
        /// Bytes.
        public static var binary: Self { Self(rawValue: 10) }  // NL_ATTR_TYPE_BINARY
        /// Text.
        public static var string: Self { Self(rawValue: 11) }  // NL_ATTR_TYPE_STRING
        /// Text with a NUL at its end.
        public static var terminatedString: Self { Self(rawValue: 12) }  // NL_ATTR_TYPE_NUL_STRING
        /// Attributes.
        public static var nested: Self { Self(rawValue: 13) }  // NL_ATTR_TYPE_NESTED
        /// Numbered nests.
        public static var nestedArray: Self { Self(rawValue: 14) }  // NL_ATTR_TYPE_NESTED_ARRAY
        /// Thirty-two selectable flags.
        public static var bitfield32: Self { Self(rawValue: 15) }  // NL_ATTR_TYPE_BITFIELD32
        /// A signed integer of four or eight bytes.
        public static var signed: Self { Self(rawValue: 16) }  // NL_ATTR_TYPE_SINT
        /// An unsigned integer of four or eight bytes.
        public static var unsigned: Self { Self(rawValue: 17) }  // NL_ATTR_TYPE_UINT
    }

    /// The kind of value.
    public var type: ValueType?
    /// The least value of a signed integer.
    public var minimumSigned: Int64?
    /// The greatest value of a signed integer.
    public var maximumSigned: Int64?
    /// The least value of an unsigned integer.
    public var minimum: UInt64?
    /// The greatest value of an unsigned integer.
    public var maximum: UInt64?
    /// The least length in bytes.
    public var minimumLength: UInt32?
    /// The greatest length in bytes.
    public var maximumLength: UInt32?
    /// Which policy of a policy dump holds inside the nest.
    public var nestedPolicy: UInt32?
    /// The greatest attribute number inside the nest.
    public var nestedMaximum: UInt32?
    /// The flags of a bitfield that are known.
    public var bitfieldMask: UInt32?
    /// The bits of an unsigned integer that may be set.
    public var mask: UInt64?

    /// Anything goes.
    public init() {}

    /// Reads a policy nest.
    init(_ reader: consuming AttributeReader<PolicyAttribute>) throws(DecodeError) {
        while let attribute = try reader.next() {
            switch attribute.id {
            case .type: type = ValueType(rawValue: try attribute.integer())
            case .minimumSigned: minimumSigned = try attribute.integer()
            case .maximumSigned: maximumSigned = try attribute.integer()
            case .minimum: minimum = try attribute.integer()
            case .maximum: maximum = try attribute.integer()
            case .minimumLength: minimumLength = try attribute.integer()
            case .maximumLength: maximumLength = try attribute.integer()
            case .nestedPolicy: nestedPolicy = try attribute.integer()
            case .nestedMaximum: nestedMaximum = try attribute.integer()
            case .bitfieldMask: bitfieldMask = try attribute.integer()
            case .mask: mask = try attribute.integer()
            default: break
            }
        }
    }

    /// Reads a policy from the payload of its nest.
    public init(decoding payload: RawSpan) throws(DecodeError) { try self.init(AttributeReader(payload)) }
}

extension AttributePolicy: CustomStringConvertible {
    /// The value as text.
    public var description: String {
        var parts: [String] = []
        if minimum != nil || maximum != nil {
            parts.append("allowed \(minimum.map(String.init) ?? "")...\(maximum.map(String.init) ?? "")")
        }
        if minimumSigned != nil || maximumSigned != nil {
            parts.append("allowed \(minimumSigned.map(String.init) ?? "")...\(maximumSigned.map(String.init) ?? "")")
        }
        if let mask { parts.append("allowed bits 0x\(String(mask, radix: 16))") }
        if let bitfieldMask { parts.append("allowed flags 0x\(String(bitfieldMask, radix: 16))") }
        if minimumLength != nil || maximumLength != nil {
            parts.append("length \(minimumLength.map(String.init) ?? "0")...\(maximumLength.map(String.init) ?? "")")
        }
        if type == .invalid { parts.append("not accepted") }
        return parts.isEmpty ? "type \(type?.rawValue ?? 0)" : parts.joined(separator: ", ")
    }
}

struct PolicyAttribute: AttributeID {
    let rawValue: UInt16
    static var type: Self { Self(rawValue: 1) }  // NL_POLICY_TYPE_ATTR_TYPE
    static var minimumSigned: Self { Self(rawValue: 2) }  // NL_POLICY_TYPE_ATTR_MIN_VALUE_S
    static var maximumSigned: Self { Self(rawValue: 3) }  // NL_POLICY_TYPE_ATTR_MAX_VALUE_S
    static var minimum: Self { Self(rawValue: 4) }  // NL_POLICY_TYPE_ATTR_MIN_VALUE_U
    static var maximum: Self { Self(rawValue: 5) }  // NL_POLICY_TYPE_ATTR_MAX_VALUE_U
    static var minimumLength: Self { Self(rawValue: 6) }  // NL_POLICY_TYPE_ATTR_MIN_LENGTH
    static var maximumLength: Self { Self(rawValue: 7) }  // NL_POLICY_TYPE_ATTR_MAX_LENGTH
    static var nestedPolicy: Self { Self(rawValue: 8) }  // NL_POLICY_TYPE_ATTR_POLICY_IDX
    static var nestedMaximum: Self { Self(rawValue: 9) }  // NL_POLICY_TYPE_ATTR_POLICY_MAXTYPE
    static var bitfieldMask: Self { Self(rawValue: 10) }  // NL_POLICY_TYPE_ATTR_BITFIELD32_MASK
    static var mask: Self { Self(rawValue: 12) }  // NL_POLICY_TYPE_ATTR_MASK
}
