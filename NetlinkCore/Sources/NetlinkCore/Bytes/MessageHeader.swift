// SPDX-License-Identifier: Apache-2.0

/// The sixteen bytes in front of every netlink message.
///
/// Kernel: `struct nlmsghdr`, host byte order.
public struct MessageHeader: Hashable, Sendable {
    /// How many bytes the header takes.
    public static let byteCount = 16  // sizeof(struct nlmsghdr)

    /// Length of the message with its header, in bytes.
    public var length: UInt32
    /// What the message is: a control message below 16, else the protocol's own.
    public var type: UInt16
    /// Request, multi-part and operation flags.
    public var flags: MessageFlags
    /// The number that ties replies to a request.
    public var sequence: UInt32
    /// The port id of the socket that asked; 0 for the kernel.
    public var port: UInt32

    /// Makes a header.
    @inlinable public init(length: UInt32, type: UInt16, flags: MessageFlags, sequence: UInt32, port: UInt32) {
        self.length = length
        self.type = type
        self.flags = flags
        self.sequence = sequence
        self.port = port
    }

    /// Whether a header in the datagram, be it that of a malformed message, satisfies the condition.
    ///
    /// A datagram that has none could be anyone's, and satisfies every condition.
    static func any(in datagram: RawSpan, where condition: (MessageHeader) -> Bool) -> Bool {
        guard datagram.byteCount >= byteCount else { return true }
        var rest = datagram
        while rest.byteCount >= byteCount {
            let header = MessageHeader(checked: rest)
            if condition(header) { return true }
            let length = Int(header.length)
            guard length >= byteCount, length <= rest.byteCount else { return false }
            rest = rest.bytes(from: aligned(length))
        }
        return false
    }

    /// Reads a header from bytes that are known to hold one.
    @inlinable @inline(__always)
    init(checked span: RawSpan) {
        length = span.loadChecked(0, as: UInt32.self)  // struct nlmsghdr.nlmsg_len
        type = span.loadChecked(4, as: UInt16.self)  // struct nlmsghdr.nlmsg_type
        flags = MessageFlags(rawValue: span.loadChecked(6, as: UInt16.self))  // struct nlmsghdr.nlmsg_flags
        sequence = span.loadChecked(8, as: UInt32.self)  // struct nlmsghdr.nlmsg_seq
        port = span.loadChecked(12, as: UInt32.self)  // struct nlmsghdr.nlmsg_pid
    }
}

/// Flags of a message header.
///
/// The upper byte means different things for get, new and delete requests, and for replies.
public struct MessageFlags: OptionSet, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt16
    /// Takes any number.
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The message is a request.
    @inlinable public static var request: Self { Self(rawValue: 0x1) }  // NLM_F_REQUEST
    /// One of several messages, ended by a done message.
    @inlinable public static var multipart: Self { Self(rawValue: 0x2) }  // NLM_F_MULTI
    /// Asks for an acknowledgement.
    @inlinable public static var acknowledge: Self { Self(rawValue: 0x4) }  // NLM_F_ACK
    /// Asks for the notification that the change causes.
    @inlinable public static var echo: Self { Self(rawValue: 0x8) }  // NLM_F_ECHO
    /// The objects changed while they were dumped.
    @inlinable public static var dumpInterrupted: Self { Self(rawValue: 0x10) }  // NLM_F_DUMP_INTR
    /// The dump obeyed the request's filter.
    @inlinable public static var dumpFiltered: Self { Self(rawValue: 0x20) }  // NLM_F_DUMP_FILTERED

    /// Get: return the whole table.
    @inlinable public static var root: Self { Self(rawValue: 0x100) }  // NLM_F_ROOT
    /// Get: return all that match.
    @inlinable public static var match: Self { Self(rawValue: 0x200) }  // NLM_F_MATCH
    /// Get: return all objects.
    @inlinable public static var dump: Self { Self(rawValue: 0x300) }  // NLM_F_DUMP

    /// New: replace what exists.
    @inlinable public static var replace: Self { Self(rawValue: 0x100) }  // NLM_F_REPLACE
    /// New: fail when it exists.
    @inlinable public static var exclusive: Self { Self(rawValue: 0x200) }  // NLM_F_EXCL
    /// New: create when it does not exist.
    @inlinable public static var create: Self { Self(rawValue: 0x400) }  // NLM_F_CREATE
    /// New: add behind those that exist.
    @inlinable public static var append: Self { Self(rawValue: 0x800) }  // NLM_F_APPEND

    /// Delete: do not delete recursively.
    @inlinable public static var nonRecursive: Self { Self(rawValue: 0x100) }  // NLM_F_NONREC
    /// Delete: delete many at once.
    @inlinable public static var bulk: Self { Self(rawValue: 0x200) }  // NLM_F_BULK

    /// Acknowledgement: the request is not echoed.
    @inlinable public static var capped: Self { Self(rawValue: 0x100) }  // NLM_F_CAPPED
    /// Acknowledgement: extended attributes follow.
    @inlinable public static var acknowledgementAttributes: Self { Self(rawValue: 0x200) }  // NLM_F_ACK_TLVS
}

/// The message types below 16, which mean the same in every protocol.
public struct ControlMessageType: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt16
    /// Takes any number.
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Nothing; to be ignored.
    @inlinable public static var noOperation: Self { Self(rawValue: 0x1) }  // NLMSG_NOOP
    /// An error, or an acknowledgement when its number is 0.
    @inlinable public static var error: Self { Self(rawValue: 0x2) }  // NLMSG_ERROR
    /// The end of a dump.
    @inlinable public static var done: Self { Self(rawValue: 0x3) }  // NLMSG_DONE
    /// Data was lost.
    @inlinable public static var overrun: Self { Self(rawValue: 0x4) }  // NLMSG_OVERRUN
    /// The first number that belongs to a protocol.
    @inlinable public static var firstProtocolType: UInt16 { 0x10 }  // NLMSG_MIN_TYPE
}
