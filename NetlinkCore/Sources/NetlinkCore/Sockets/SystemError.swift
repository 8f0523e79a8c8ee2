// SPDX-License-Identifier: Apache-2.0

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A system call that failed.
public struct SystemError: Error, Hashable, Sendable {
    /// The error number.
    public let number: Int32
    /// The call, such as `socket`.
    public let call: String

    /// Names a failed call.
    public init(_ number: Int32, call: String) {
        self.number = number
        self.call = call
    }

    /// The call that just failed in this thread.
    @_spi(System) public static func last(_ call: String) -> SystemError { SystemError(errno, call: call) }
}

extension SystemError: CustomStringConvertible {
    /// The value as text.
    public var description: String { "\(call): \(errorText(number))" }
}

extension NetlinkError {
    /// A failed system call as an error of the operation it was part of.
    public init(_ error: SystemError, operation: String? = nil, object: String? = nil) {
        self.init(error, operation: operation, object: object) { !Capabilities.isEffective($0) }
    }

    init(
        _ error: SystemError, operation: String? = nil, object: String? = nil, lacking isLacking: (Capability) -> Bool
    ) {
        let isNamespaceCall = ["setns", "unshare", "mount", "umount2"].contains(error.call)
        self = NetlinkError(
            Code(rawValue: error.number), operation: operation, object: object, explanation: "\(error.call) failed"
        ).lacking(isNamespaceCall ? .systemAdministration : nil, isLacking)
    }
}

/// The C library's words for an error number.
@_spi(System) public func errorText(_ number: Int32) -> String {
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    return unsafe String(cString: text)
}
