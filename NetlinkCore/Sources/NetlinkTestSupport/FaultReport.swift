// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// An error or acknowledgement message, in every form that a kernel can give it.
///
/// Kernel: `NLMSG_ERROR` with `struct nlmsgerr` and the attributes `NLMSGERR_ATTR_*`.
public struct FaultReport: Sendable {
    /// The error; number 0 is success.
    public var code: NetlinkError.Code
    /// The kernel's words.
    public var message: String?
    /// Where in the request the attribute at fault stands.
    public var offset: UInt32?
    /// Bytes that identify what was created.
    public var cookie: [UInt8]?
    /// What the kernel's policy allows.
    public var policy: AttributePolicy?
    /// A required attribute that is missing.
    public var missing: UInt16?
    /// Where the nest stands in which it is missing.
    public var missingNest: UInt32?
    /// Whether only the request's header comes back; a kernel asked for that sends nothing else.
    public var isCapped = true

    /// A report without details.
    public init(_ code: NetlinkError.Code) { self.code = code }

    /// The message, about a request.
    public func message(about request: FakeRequest) -> FakeMessage {
        let isWhole = !isCapped && code.rawValue != 0
        var writer = MessageWriter()
        writer.append(-code.rawValue)
        writer.append(request.bytes.rawSpan.bytes(from: 0, count: isWhole ? .max : MessageHeader.byteCount))
        let before = writer.count
        writer.put(ReportAttribute.message, message)
        writer.put(ReportAttribute.offset, offset)
        writer.put(ReportAttribute.cookie, cookie)
        writer.put(ReportAttribute.missing, missing.map(UInt32.init))
        writer.put(ReportAttribute.missingNest, missingNest)
        if let policy { writer.nest(ReportAttribute.policy) { policy.encode(into: &$0) } }
        var flags: MessageFlags = isWhole ? [] : .capped
        if writer.count > before { flags.insert(.acknowledgementAttributes) }
        return FakeMessage(type: ControlMessageType.error.rawValue, flags: flags, payload: writer.bytes.array)
    }
}

struct ReportAttribute: AttributeID {
    let rawValue: UInt16
    static var message: Self { Self(rawValue: 1) }  // NLMSGERR_ATTR_MSG
    static var offset: Self { Self(rawValue: 2) }  // NLMSGERR_ATTR_OFFS
    static var cookie: Self { Self(rawValue: 3) }  // NLMSGERR_ATTR_COOKIE
    static var policy: Self { Self(rawValue: 4) }  // NLMSGERR_ATTR_POLICY
    static var missing: Self { Self(rawValue: 5) }  // NLMSGERR_ATTR_MISS_TYPE
    static var missingNest: Self { Self(rawValue: 6) }  // NLMSGERR_ATTR_MISS_NEST
}

extension AttributePolicy {
    fileprivate func encode(into writer: inout MessageWriter) {
        writer.put(PolicyReportAttribute.type, type?.rawValue)
        writer.put(PolicyReportAttribute.minimumSigned, minimumSigned)
        writer.put(PolicyReportAttribute.maximumSigned, maximumSigned)
        writer.put(PolicyReportAttribute.minimum, minimum)
        writer.put(PolicyReportAttribute.maximum, maximum)
        writer.put(PolicyReportAttribute.minimumLength, minimumLength)
        writer.put(PolicyReportAttribute.maximumLength, maximumLength)
        writer.put(PolicyReportAttribute.nestedPolicy, nestedPolicy)
        writer.put(PolicyReportAttribute.nestedMaximum, nestedMaximum)
        writer.put(PolicyReportAttribute.bitfieldMask, bitfieldMask)
        writer.put(PolicyReportAttribute.mask, mask)
    }
}

struct PolicyReportAttribute: AttributeID {
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
