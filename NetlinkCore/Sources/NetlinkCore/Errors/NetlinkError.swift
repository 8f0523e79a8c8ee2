// SPDX-License-Identifier: Apache-2.0

/// Why an operation on a netlink connection failed, with everything the kernel said about it.
///
/// Callers test ``code`` or one of the named checks (``isNotFound``, ``isExisting``, …) and show ``description``.
public struct NetlinkError: Error, Sendable {
    /// The kernel's error number, or one of this library's own codes.
    public let code: Code
    private let details: Details?

    private final class Details: Sendable {
        let operation: String?
        let object: String?
        let explanation: String?
        let acknowledgement: ExtendedAcknowledgement?
        let path: AttributePath?
        let decodeError: DecodeError?
        let partial: (any Sendable)?
        init(
            operation: String?, object: String?, explanation: String?, acknowledgement: ExtendedAcknowledgement?,
            path: AttributePath?, decodeError: DecodeError?, partial: (any Sendable)?
        ) {
            self.operation = operation
            self.object = object
            self.explanation = explanation
            self.acknowledgement = acknowledgement
            self.path = path
            self.decodeError = decodeError
            self.partial = partial
        }
    }

    /// Makes an error; all but the code may be left out.
    public init(
        _ code: Code, operation: String? = nil, object: String? = nil, explanation: String? = nil,
        acknowledgement: ExtendedAcknowledgement? = nil, path: AttributePath? = nil,
        decodeError: DecodeError? = nil, partial: (any Sendable)? = nil
    ) {
        self.code = code
        let isBare =
            operation == nil && object == nil && explanation == nil && acknowledgement == nil && path == nil
            && decodeError == nil && partial == nil
        details =
            isBare
            ? nil
            : Details(
                operation: operation, object: object, explanation: explanation, acknowledgement: acknowledgement,
                path: path, decodeError: decodeError, partial: partial)
    }

    @usableFromInline init(_ code: Code, explanation: String, path: [UInt16]) {
        self.init(code, explanation: explanation, path: AttributePath(numbers: path))
    }

    /// Malformed bytes from the kernel or a peer.
    public init(_ error: DecodeError, operation: String? = nil) {
        self.init(.malformedReply, operation: operation, decodeError: error)
    }

    /// What was being done, such as `add route`.
    public var operation: String? { details?.operation }
    /// The object it was done to, such as `eth0` or `10.0.0.0/8`.
    public var object: String? { details?.object }
    /// What this library adds in words.
    public var explanation: String? { details?.explanation }
    /// What the kernel said beside the error number.
    public var acknowledgement: ExtendedAcknowledgement? { details?.acknowledgement }
    /// The kernel's message, such as `Device does not exist`.
    public var message: String? { details?.acknowledgement?.message }
    /// The attribute that is at fault, outermost nest first.
    public var path: AttributePath? { details?.path ?? details?.acknowledgement?.path }
    /// The fault in the bytes, for ``Code/malformedReply``.
    public var decodeError: DecodeError? { details?.decodeError }
    /// The elements that came before an interrupted dump ended, as `[Element]`.
    public var partial: (any Sendable)? { details?.partial }

    /// The same error with the operation and object named, where they were not yet.
    public func naming(operation: String?, object: String? = nil) -> NetlinkError {
        if operation == nil, object == nil { return self }
        return NetlinkError(
            code, operation: self.operation ?? operation, object: self.object ?? object, explanation: explanation,
            acknowledgement: acknowledgement, path: details?.path, decodeError: decodeError, partial: partial)
    }

    /// The same error with what came before it.
    func carrying(_ partial: any Sendable) -> NetlinkError {
        NetlinkError(
            code, operation: operation, object: object, explanation: explanation, acknowledgement: acknowledgement,
            path: details?.path, decodeError: decodeError, partial: partial)
    }
}

extension NetlinkError: Equatable {
    /// Two errors are equal when their code, operation, object and texts are.
    public static func == (a: NetlinkError, b: NetlinkError) -> Bool {
        a.code == b.code && a.operation == b.operation && a.object == b.object && a.explanation == b.explanation
            && a.acknowledgement == b.acknowledgement && a.path == b.path && a.decodeError == b.decodeError
    }
}

extension NetlinkError {
    /// The object does not exist (ENOENT, ESRCH, ENODEV, EADDRNOTAVAIL).
    public var isNotFound: Bool {
        code == .notFound || code == .noSuchEntry || code == .noDevice || code == .addressNotAvailable
    }
    /// The object exists already (EEXIST).
    public var isExisting: Bool { code == .exists }
    /// The caller lacks a capability (EPERM, EACCES).
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
    public var description: String {
        var text = ""
        if let operation { text += operation }
        if let object { text += text.isEmpty ? object : " \(object)" }
        if !text.isEmpty { text += ": " }
        text += code.description
        if let explanation { text += ": \(explanation)" }
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
