// SPDX-License-Identifier: Apache-2.0

@_spi(System) public import NetlinkCore

extension FamilyPolicy {
    /// What is wrong with a command's message by the kernel's own policy, before or after it is sent.
    ///
    /// - Returns: nil where nothing is, which is not to say that the kernel accepts it.
    public func problem<C: GenericRequest & Command>(in request: C) -> NetlinkError? {
        problem(in: request, .command)
    }

    /// What is wrong with a query's message by the kernel's own policy, before or after it is sent.
    ///
    /// - Returns: nil where nothing is, which is not to say that the kernel accepts it.
    public func problem<Q: GenericRequest & Query>(in request: Q) -> NetlinkError? {
        problem(in: request, .query)
    }

    /// What is wrong with a dump's message by the kernel's own policy, before or after it is sent.
    ///
    /// - Returns: nil where nothing is, which is not to say that the kernel accepts it.
    public func problem<D: GenericRequest & Dump>(in request: D) -> NetlinkError? {
        problem(in: request, .dump)
    }

    private func problem<R: GenericRequest>(in request: R, _ kind: RequestKind) -> NetlinkError? {
        do throws(NetlinkError) {
            return try request.withEncodedMessage(kind) { bytes in
                let start = MessageHeader.byteCount + R.Family.headerByteCount
                var check = PolicyCheck(policies: policies)
                if let level = attributes(of: request.command, isDump: kind == .dump) {
                    check.check(bytes.bytes(from: start), at: start, level)
                }
                guard let found = check.found else { return nil }
                let path = AttributePath(
                    offset: found.offset, in: bytes, schema: R.Family.schema(of: R.Family.assignedMessageType))
                return NetlinkError(
                    found.code, operation: "\(request.operation)", object: request.object, explanation: found.text,
                    path: path)
            }
        } catch {
            return error.naming(operation: "\(request.operation)", object: request.object)
        }
    }
}

/// Walks a message beside the kernel's policy for it, as the kernel does.
struct PolicyCheck {
    /// How deep nests are followed.
    static let depthLimit = 16

    struct Finding {
        var offset: Int
        var code: NetlinkError.Code
        var text: String
    }

    let policies: [UInt32: [UInt16: AttributePolicy]]
    private(set) var found: Finding?

    init(policies: [UInt32: [UInt16: AttributePolicy]]) { self.policies = policies }

    /// Checks the attributes of a message or nest, which begin `offset` bytes after the message.
    mutating func check(_ span: RawSpan, at offset: Int, _ level: [UInt16: AttributePolicy], depth: Int = 0) {
        var start = 0
        var reader = AttributeReader<RawAttributeID>(span)
        while found == nil, let attribute = try? reader.next() {
            let place = offset + start
            start += (attribute.payload.byteCount + 4 + 3) & ~3
            guard let policy = level[attribute.id.rawValue], policy.type != .invalid else {
                found = Finding(
                    offset: place, code: .invalidArgument, text: "this kernel does not accept the attribute")
                return
            }
            check(attribute.payload, at: place, policy, depth)
        }
    }

    private mutating func check(_ payload: RawSpan, at place: Int, _ policy: AttributePolicy, _ depth: Int) {
        guard let type = policy.type else { return }
        if let problem = Self.lengthProblem(payload.byteCount, type, policy) {
            found = Finding(offset: place, code: .outOfRange, text: problem)
            return
        }
        switch type {
        case .nested, .nestedArray:
            guard depth < Self.depthLimit, let level = policy.nestedPolicy.flatMap({ policies[$0] }) else { return }
            if type == .nested { return check(payload, at: place + 4, level, depth: depth + 1) }
            var start = 0
            var reader = AttributeReader<RawAttributeID>(payload)
            while found == nil, let element = try? reader.next() {
                check(element.payload, at: place + 4 + start + 4, level, depth: depth + 1)
                start += (element.payload.byteCount + 4 + 3) & ~3
            }
        default:
            if let problem = Self.valueProblem(payload, type, policy) {
                found = Finding(offset: place, code: .outOfRange, text: problem)
            }
        }
    }

    private static func lengthProblem(
        _ count: Int, _ type: AttributePolicy.ValueType, _ policy: AttributePolicy
    ) -> String? {
        let exact: Int? =
            switch type {
            case .flag: 0
            case .u8, .s8: 1
            case .u16, .s16: 2
            case .u32, .s32: 4
            case .u64, .s64, .bitfield32: 8
            default: nil
            }
        if let exact, count != exact { return "\(count) bytes where the kernel wants \(exact)" }
        if let least = policy.minimumLength, count < Int(clamping: least) {
            return "\(count) bytes where the kernel wants at least \(least)"
        }
        // The terminating NUL of text is not counted.
        let most = policy.maximumLength.map { Int(clamping: $0) + (type == .terminatedString ? 1 : 0) }
        if let most, count > most { return "\(count) bytes where the kernel takes at most \(most)" }
        return nil
    }

    private static func valueProblem(
        _ payload: RawSpan, _ type: AttributePolicy.ValueType, _ policy: AttributePolicy
    ) -> String? {
        switch type {
        case .s8, .s16, .s32, .s64, .signed:
            guard let value = signed(payload) else { return nil }
            if value < policy.minimumSigned ?? .min || value > policy.maximumSigned ?? .max {
                return "\(value): \(policy)"
            }
        case .u8, .u16, .u32, .u64, .unsigned:
            guard let value = unsigned(payload) else { return nil }
            if value < policy.minimum ?? 0 || value > policy.maximum ?? .max { return "\(value): \(policy)" }
            if let mask = policy.mask, value & ~mask != 0 { return "0x\(String(value, radix: 16)): \(policy)" }
        case .bitfield32:
            guard let selector = try? payload.load(at: 4, as: UInt32.self) else { return nil }
            if let mask = policy.bitfieldMask, selector & ~mask != 0 {
                return "0x\(String(selector, radix: 16)): \(policy)"
            }
        default: break
        }
        return nil
    }

    private static func unsigned(_ payload: RawSpan) -> UInt64? {
        switch payload.byteCount {
        case 1: (try? payload.load(at: 0, as: UInt8.self)).map { UInt64($0) }
        case 2: (try? payload.load(at: 0, as: UInt16.self)).map { UInt64($0) }
        case 4: (try? payload.load(at: 0, as: UInt32.self)).map { UInt64($0) }
        case 8: try? payload.load(at: 0, as: UInt64.self)
        default: nil
        }
    }

    private static func signed(_ payload: RawSpan) -> Int64? {
        switch payload.byteCount {
        case 1: (try? payload.load(at: 0, as: Int8.self)).map { Int64($0) }
        case 2: (try? payload.load(at: 0, as: Int16.self)).map { Int64($0) }
        case 4: (try? payload.load(at: 0, as: Int32.self)).map { Int64($0) }
        case 8: try? payload.load(at: 0, as: Int64.self)
        default: nil
        }
    }
}
