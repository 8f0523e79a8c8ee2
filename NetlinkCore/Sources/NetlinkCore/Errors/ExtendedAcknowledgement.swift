// SPDX-License-Identifier: Apache-2.0

/// What the kernel says about a request beside its error number.
///
/// Kernel: the attributes `NLMSGERR_ATTR_*` behind `struct nlmsgerr` and behind the number of a done message.
public struct ExtendedAcknowledgement: Hashable, Sendable {
    /// The kernel's words; with error number 0 a warning.
    public var message: String?
    /// Where in the request the attribute at fault stands, from the start of its header, in bytes.
    public var offset: UInt32?
    /// Bytes that identify what was created, for families that return some.
    public var cookie: [UInt8]?
    /// What the kernel's policy allows for the attribute at fault.
    public var policy: AttributePolicy?
    /// The number of a required attribute that is missing.
    public var missingType: UInt16?
    /// Where the nest stands in which it is missing; nil for the message itself.
    public var missingNest: UInt32?
    /// The attribute at fault, resolved in the request.
    public internal(set) var path: AttributePath?
    /// The missing attribute with the nests around it.
    public internal(set) var missing: AttributePath?

    /// Nothing said.
    public init() {}

    /// Reads what the attributes say; ones that are malformed are skipped, since the error number counts.
    init(attributes span: RawSpan) {
        var reader = AttributeReader<AcknowledgementAttribute>(span)
        do throws(DecodeError) {
            while let attribute = try reader.next() {
                switch attribute.id {
                case .message: message = attribute.string()
                case .offset: offset = try? attribute.integer()
                case .cookie: cookie = attribute.payload.array
                case .policy: policy = try? AttributePolicy(attribute.nested())
                case .missingType:
                    missingType = (try? attribute.integer(UInt32.self)).map { UInt16(truncatingIfNeeded: $0) }
                case .missingNest: missingNest = try? attribute.integer()
                default: break
                }
            }
        } catch {}
    }

    /// Whether the kernel said anything.
    public var isEmpty: Bool { self == ExtendedAcknowledgement() }

    /// Resolves offsets to attribute paths in the request that was sent.
    mutating func resolve(in request: RawSpan, schema: MessageSchema?) {
        let schema = schema?.specific(to: request.bytes(from: MessageHeader.byteCount))
        if let offset { path = AttributePath(offset: Int(offset), in: request, schema: schema) }
        guard let missingType else { return }
        let container = missingNest.flatMap { AttributePath(offset: Int($0), in: request, schema: schema) }
        missing = (container ?? AttributePath(schema: schema)).appending(missingType)
    }
}

struct AcknowledgementAttribute: AttributeID {
    let rawValue: UInt16
    static var message: Self { Self(rawValue: 1) }  // NLMSGERR_ATTR_MSG
    static var offset: Self { Self(rawValue: 2) }  // NLMSGERR_ATTR_OFFS
    static var cookie: Self { Self(rawValue: 3) }  // NLMSGERR_ATTR_COOKIE
    // Nest: PolicyAttribute
    static var policy: Self { Self(rawValue: 4) }  // NLMSGERR_ATTR_POLICY
    static var missingType: Self { Self(rawValue: 5) }  // NLMSGERR_ATTR_MISS_TYPE
    static var missingNest: Self { Self(rawValue: 6) }  // NLMSGERR_ATTR_MISS_NEST
}
