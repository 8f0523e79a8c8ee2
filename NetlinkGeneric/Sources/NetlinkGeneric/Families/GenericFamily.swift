// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A family of generic netlink, to which connections and requests are typed.
///
/// The kernel numbers families when they register. A `Connection` of a family asks for the number with its first request
/// and keeps it; when the family has registered anew since (its module was loaded again) the request that the kernel
/// refuses is sent once more with the new number.
///
/// ```swift
/// enum TCPMetrics: GenericFamily {
///     static var name: String { "tcp_metrics" }
/// }
/// ```
public protocol GenericFamily: NetlinkProtocol {
    /// The name under which the kernel knows it, of at most 15 bytes.
    static var name: String { get }
    /// The version that requests carry; most families look at none.
    static var version: UInt8 { get }
    /// How many bytes of its own the family puts between the generic header and the attributes.
    static var userHeaderByteCount: Int { get }
    /// The attributes of its messages, for descriptions and the paths in errors.
    static var attributes: AttributeSchema? { get }
    /// Name and attributes of one command, where they differ from command to command.
    static func schema(ofCommand command: UInt8) -> MessageSchema?
}

extension GenericFamily {
    /// Generic netlink.
    public static var number: Int32 { 16 }  // NETLINK_GENERIC
    /// The version that requests carry.
    public static var version: UInt8 { 1 }
    /// None.
    public static var userHeaderByteCount: Int { 0 }
    /// Not known.
    public static var attributes: AttributeSchema? { nil }
    /// The same for all commands.
    public static func schema(ofCommand command: UInt8) -> MessageSchema? { nil }

    /// How many bytes stand in front of the attributes of its messages.
    public static var headerByteCount: Int { GenericHeader.byteCount + ((userHeaderByteCount + 3) & ~3) }

    /// Describes a command: its name, and its attributes where they are not ``attributes``.
    public static func describe(_ name: String, _ attributes: AttributeSchema? = Self.attributes) -> MessageSchema {
        MessageSchema(name, fixedByteCount: headerByteCount, attributes: attributes)
    }

    /// The controller's messages and the family's own, whose number is not fixed.
    public static func schema(of messageType: UInt16) -> MessageSchema? {
        if messageType == GenericController.messageType { return GenericController.schema }
        // Below it are the control messages, but for the number that stands for one not known yet.
        guard messageType > GenericController.messageType || messageType == assignedMessageType else { return nil }
        return MessageSchema(name, fixedByteCount: headerByteCount, attributes: attributes) { schema(ofCommand: $0) }
    }

    /// Asks the controller for the family's number.
    public static var messageTypeQuery: (any MessageTypeQuery)? { FamilyIDQuery<Self>() }
}

/// What stands in front of every message of generic netlink.
///
/// Kernel: `struct genlmsghdr`.
public struct GenericHeader: Hashable, Sendable {
    /// How many bytes it takes.
    public static let byteCount = 4  // sizeof(struct genlmsghdr)

    /// What is asked or told.
    public var command: UInt8
    /// The version of the family's interface.
    public var version: UInt8

    /// Makes one.
    public init(command: UInt8, version: UInt8) {
        self.command = command
        self.version = version
    }

    /// Reads it from a message.
    public init(decoding message: borrowing Message) throws(DecodeError) {
        command = try message.field(0)  // struct genlmsghdr.cmd
        version = try message.field(1)  // struct genlmsghdr.version
        guard message.payload.byteCount >= Self.byteCount else {
            throw DecodeError(.truncated, expected: Self.byteCount, actual: message.payload.byteCount)
        }
    }

    /// Writes it behind the message's header.
    public func encode(into writer: inout MessageWriter) {
        writer.structure(Self.byteCount) { s in
            s.store(command, at: 0)  // struct genlmsghdr.cmd
            s.store(version, at: 1)  // struct genlmsghdr.version
        }
    }
}
