// SPDX-License-Identifier: Apache-2.0

/// Why an operation on a netlink connection failed, with everything the kernel said about it.
///
/// Callers test ``code`` or one of the named checks (``isNotFound``, ``isExisting``, …) and show ``description``.
public struct NetlinkError: Error, Sendable {
    /// The kernel's error number, or one of this library's own codes.
    public let code: Code
    // Behind one reference, so that an error is two words.
    private let details: Details?

    private struct Fields: Sendable {
        var operation: String?
        var object: String?
        var explanation: String?
        var acknowledgement: ExtendedAcknowledgement?
        var path: AttributePath?
        var decodeError: DecodeError?
        var capability: Capability?
        var problems: [FieldProblem] = []
        var partial: (any Sendable)?
    }

    private final class Details: Sendable {
        let fields: Fields
        init(_ fields: Fields) { self.fields = fields }
    }

    private init(_ code: Code, _ fields: Fields?) {
        self.code = code
        details = fields.map { Details($0) }
    }

    /// Makes an error; all but the code may be left out.
    public init(
        _ code: Code, operation: String? = nil, object: String? = nil, explanation: String? = nil,
        acknowledgement: ExtendedAcknowledgement? = nil, path: AttributePath? = nil,
        decodeError: DecodeError? = nil, partial: (any Sendable)? = nil
    ) {
        let isBare =
            operation == nil && object == nil && explanation == nil && acknowledgement == nil && path == nil
            && decodeError == nil && partial == nil
        let fields = Fields(
            operation: operation, object: object, explanation: explanation, acknowledgement: acknowledgement,
            path: path, decodeError: decodeError, capability: nil, partial: partial)
        self.init(code, isBare ? nil : fields)
    }

    /// The same error with some of its details changed.
    private func with(_ change: (inout Fields) -> Void) -> NetlinkError {
        var fields = details?.fields ?? Fields()
        change(&fields)
        return NetlinkError(code, fields)
    }

    @usableFromInline init(_ code: Code, explanation: String, path: [UInt16]) {
        self.init(code, explanation: explanation, path: AttributePath(numbers: path))
    }

    /// Malformed bytes from the kernel or a peer.
    public init(_ error: DecodeError, operation: String? = nil) {
        self.init(.malformedReply, operation: operation, decodeError: error)
    }

    /// What was being done, such as `add route`.
    public var operation: String? { details?.fields.operation }
    /// The object it was done to, such as `eth0` or `10.0.0.0/8`.
    public var object: String? { details?.fields.object }
    /// What this library adds in words.
    public var explanation: String? { details?.fields.explanation }
    /// What the kernel said beside the error number.
    public var acknowledgement: ExtendedAcknowledgement? { details?.fields.acknowledgement }
    /// The kernel's message, such as `Device does not exist`.
    public var message: String? { details?.fields.acknowledgement?.message }
    /// The attribute that is at fault, outermost nest first.
    public var path: AttributePath? { details?.fields.path ?? details?.fields.acknowledgement?.path }
    /// The fault in the bytes, for ``Code/malformedReply``.
    public var decodeError: DecodeError? { details?.fields.decodeError }
    /// What is wrong with the fields of a value that failed its `validate()`, nothing of which was sent.
    public var problems: [FieldProblem] { details?.fields.problems ?? [] }
    /// The elements that came before an interrupted dump ended, as `[Element]`.
    public var partial: (any Sendable)? { details?.fields.partial }

    /// The capability whose lack is the reason: where the kernel's rule is known, which it is of most requests that change
    /// something and of what is done with namespaces, and where the process does lack it.
    ///
    /// The process needs it in the user namespace that owns the network namespace. The kernel refuses with the same number
    /// (EPERM) for other reasons too, such as to delete what is in use; of those this is nil.
    public var missingCapability: Capability? { details?.fields.capability }

    /// The same error with the operation and object named, where they were not yet.
    public func naming(operation: String?, object: String? = nil) -> NetlinkError {
        if operation == nil, object == nil { return self }
        return with { fields in
            if fields.operation == nil { fields.operation = operation }
            if fields.object == nil { fields.object = object }
        }
    }

    /// The same error with what is wrong with single fields.
    func listing(_ problems: [FieldProblem]) -> NetlinkError { with { $0.problems = problems } }

    /// The same error with words of the caller's, and the attribute that they are about, where it had none.
    public func explained(_ explanation: String?, path: AttributePath? = nil) -> NetlinkError {
        if explanation == nil, path == nil { return self }
        return with { fields in
            if fields.explanation == nil { fields.explanation = explanation }
            if fields.path == nil { fields.path = path }
        }
    }

    /// The same error with what came before it.
    func carrying(_ partial: any Sendable) -> NetlinkError { with { $0.partial = partial } }

    /// The same error with the offsets that the kernel gave resolved to attributes of the request.
    func resolved(in request: RawSpan, schema: (UInt16) -> MessageSchema?) -> NetlinkError {
        guard var said = acknowledgement, said.offset != nil || said.missingType != nil,
            request.byteCount >= MessageHeader.byteCount
        else { return self }
        said.resolve(in: request, schema: schema(request.loadChecked(4, as: UInt16.self)))
        return with { $0.acknowledgement = said }
    }

    /// The same error with the capability that is missing, where it is a refusal and the process does lack it.
    func lacking(_ capability: Capability?, _ isLacking: (Capability) -> Bool) -> NetlinkError {
        guard let capability, code == .notPermitted, missingCapability == nil, isLacking(capability)
        else { return self }
        return with { $0.capability = capability }
    }
}

extension NetlinkError: Equatable {
    /// Two errors are equal when their code, operation, object and texts are.
    public static func == (a: NetlinkError, b: NetlinkError) -> Bool {
        a.code == b.code && a.operation == b.operation && a.object == b.object && a.explanation == b.explanation
            && a.acknowledgement == b.acknowledgement && a.path == b.path && a.decodeError == b.decodeError
            && a.missingCapability == b.missingCapability && a.problems == b.problems
    }
}

extension NetlinkError {
    /// The object does not exist (ENOENT, ESRCH, ENODEV, EADDRNOTAVAIL).
    public var isNotFound: Bool {
        code == .notFound || code == .noSuchEntry || code == .noDevice || code == .addressNotAvailable
    }
    /// The object exists already (EEXIST).
    public var isExisting: Bool { code == .exists }
    /// The kernel does not permit it (EPERM, EACCES); ``missingCapability`` names the capability if one is missing.
    public var isPermission: Bool { code == .notPermitted || code == .accessDenied }
    /// The object or the connection is in use (EBUSY, or too many requests wait here).
    public var isBusy: Bool { code == .busy }
    /// The kernel does not know the request or refuses it on this object (EOPNOTSUPP, EPROTONOSUPPORT, EAFNOSUPPORT).
    public var isNotSupported: Bool {
        code == .notSupported || code == .protocolNotSupported || code == .familyNotSupported
    }
    /// No such network device (ENODEV, ENXIO).
    public var isNoDevice: Bool { code == .noDevice || code == .noSuchDevice }
    /// The network or host cannot be reached (ENETUNREACH, EHOSTUNREACH).
    public var isUnreachable: Bool { code == .networkUnreachable || code == .hostUnreachable }
    /// A value is refused (EINVAL, ERANGE).
    public var isInvalid: Bool { code == .invalidArgument || code == .outOfRange }
    /// The deadline passed.
    public var isTimeout: Bool { code == .timedOut }
    /// The task was cancelled.
    public var isCancelled: Bool { code == .cancelled }
    /// The connection is closed.
    public var isClosed: Bool { code == .closed }
    /// The objects changed during the dump, more often than it was retried.
    public var isInterrupted: Bool { code == .interrupted }
}

extension NetlinkError: CustomStringConvertible {
    /// The value as text.
    public var description: String {
        var text = ""
        if let operation { text += operation }
        if let object { text += text.isEmpty ? object : " \(object)" }
        if !text.isEmpty { text += ": " }
        text += code.description
        if let explanation { text += ": \(explanation)" }
        if let missingCapability { text += ": needs \(missingCapability)" }
        if let message { text += ": \(message)" }
        if let path { text += " (attribute \(path))" }
        if let acknowledgement {
            if let missing = acknowledgement.missing { text += " (missing attribute \(missing))" }
            if let policy = acknowledgement.policy { text += " (\(policy))" }
        }
        if let decodeError { text += ": \(decodeError)" }
        return text
    }
}
