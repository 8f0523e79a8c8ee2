// SPDX-License-Identifier: Apache-2.0

extension NetlinkError {
    /// An error number of the kernel, or one of this library's own below zero.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The kernel's error number, or this library's own below zero.
        public let rawValue: Int32
        /// Takes any number.
        @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }

        /// The kernel's error number; nil for this library's own codes.
        public var errorNumber: Int32? { rawValue > 0 ? rawValue : nil }

        /// The connection was closed.
        public static let closed = Code(rawValue: -1)
        /// The objects changed while they were dumped, and retrying did not help.
        public static let interrupted = Code(rawValue: -2)
        /// The kernel's answer does not have the form it should.
        public static let malformedReply = Code(rawValue: -3)
        /// The kernel acknowledged a query without answering it.
        public static let noReply = Code(rawValue: -4)
        /// A dump was larger than its limit.
        public static let limitExceeded = Code(rawValue: -5)
        /// The connection was opened by the process that this one was forked from.
        public static let forked = Code(rawValue: -6)
        /// Data was lost on the way from the kernel.
        public static let overrun = Code(rawValue: -7)

        /// Not permitted: a capability is missing, or the object is in use or otherwise protected.
        public static var notPermitted: Code { Code(rawValue: 1) }  // EPERM
        /// No such object.
        public static var notFound: Code { Code(rawValue: 2) }  // ENOENT
        /// No such entry (routes, rules, processes).
        public static var noSuchEntry: Code { Code(rawValue: 3) }  // ESRCH
        /// A signal interrupted the call.
        public static var interruptedCall: Code { Code(rawValue: 4) }  // EINTR
        /// Input or output failed.
        public static var inputOutput: Code { Code(rawValue: 5) }  // EIO
        /// No such device or address.
        public static var noSuchDevice: Code { Code(rawValue: 6) }  // ENXIO
        /// Too many elements.
        public static var argumentListTooLong: Code { Code(rawValue: 7) }  // E2BIG
        /// The descriptor is not open.
        public static var badDescriptor: Code { Code(rawValue: 9) }  // EBADF
        /// Nothing there now.
        public static var wouldBlock: Code { Code(rawValue: 11) }  // EAGAIN
        /// The kernel has no memory for it.
        public static var outOfMemory: Code { Code(rawValue: 12) }  // ENOMEM
        /// Access is denied.
        public static var accessDenied: Code { Code(rawValue: 13) }  // EACCES
        /// In use; also: too many requests wait on the connection.
        public static var busy: Code { Code(rawValue: 16) }  // EBUSY
        /// Exists already.
        public static var exists: Code { Code(rawValue: 17) }  // EEXIST
        /// Crosses a boundary.
        public static var crossDevice: Code { Code(rawValue: 18) }  // EXDEV
        /// No such network device.
        public static var noDevice: Code { Code(rawValue: 19) }  // ENODEV
        /// The kernel refuses a value, or it failed `validate()`.
        public static var invalidArgument: Code { Code(rawValue: 22) }  // EINVAL
        /// The process has no descriptor left.
        public static var tooManyOpenFiles: Code { Code(rawValue: 24) }  // EMFILE
        /// No room left.
        public static var noSpace: Code { Code(rawValue: 28) }  // ENOSPC
        /// The other end is gone.
        public static var brokenPipe: Code { Code(rawValue: 32) }  // EPIPE
        /// Outside the range that the kernel's policy allows.
        public static var outOfRange: Code { Code(rawValue: 34) }  // ERANGE
        /// A name is too long.
        public static var nameTooLong: Code { Code(rawValue: 36) }  // ENAMETOOLONG
        /// No data.
        public static var noData: Code { Code(rawValue: 61) }  // ENODATA
        /// A value does not fit.
        public static var overflow: Code { Code(rawValue: 75) }  // EOVERFLOW
        /// A message is too long, to send or to receive.
        public static var messageTooLong: Code { Code(rawValue: 90) }  // EMSGSIZE
        /// Unknown socket option.
        public static var noProtocolOption: Code { Code(rawValue: 92) }  // ENOPROTOOPT
        /// The kernel does not have the protocol.
        public static var protocolNotSupported: Code { Code(rawValue: 93) }  // EPROTONOSUPPORT
        /// The kernel does not support the operation.
        public static var notSupported: Code { Code(rawValue: 95) }  // EOPNOTSUPP
        /// The kernel does not have the address family.
        public static var familyNotSupported: Code { Code(rawValue: 97) }  // EAFNOSUPPORT
        /// The address is in use.
        public static var addressInUse: Code { Code(rawValue: 98) }  // EADDRINUSE
        /// The address is not there.
        public static var addressNotAvailable: Code { Code(rawValue: 99) }  // EADDRNOTAVAIL
        /// The device is down.
        public static var networkDown: Code { Code(rawValue: 100) }  // ENETDOWN
        /// No route leads there.
        public static var networkUnreachable: Code { Code(rawValue: 101) }  // ENETUNREACH
        /// Nobody listens: the kernel does not have the protocol or module.
        public static var connectionRefused: Code { Code(rawValue: 111) }  // ECONNREFUSED
        /// Messages were lost, or the kernel has no buffer.
        public static var noBufferSpace: Code { Code(rawValue: 105) }  // ENOBUFS
        /// Connected already.
        public static var alreadyConnected: Code { Code(rawValue: 106) }  // EISCONN
        /// Not connected.
        public static var notConnected: Code { Code(rawValue: 107) }  // ENOTCONN
        /// The deadline passed.
        public static var timedOut: Code { Code(rawValue: 110) }  // ETIMEDOUT
        /// The host cannot be reached.
        public static var hostUnreachable: Code { Code(rawValue: 113) }  // EHOSTUNREACH
        /// The handle no longer names anything.
        public static var stale: Code { Code(rawValue: 116) }  // ESTALE
        /// The task was cancelled.
        public static var cancelled: Code { Code(rawValue: 125) }  // ECANCELED
    }
}

extension NetlinkError.Code: CustomStringConvertible {
    /// The C library's words for the number, such as `File exists`.
    public var description: String {
        switch self {
        case .closed: "Connection closed"
        case .interrupted: "Dump was interrupted"
        case .malformedReply: "Malformed reply"
        case .noReply: "No reply"
        case .limitExceeded: "Limit exceeded"
        case .forked: "Connection belongs to the parent process"
        case .overrun: "Data was lost"
        default: errorText(rawValue)
        }
    }
}
