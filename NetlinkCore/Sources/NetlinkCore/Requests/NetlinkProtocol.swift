// SPDX-License-Identifier: Apache-2.0

/// A netlink protocol, to which a connection is typed.
public protocol NetlinkProtocol: Sendable {
    /// The protocol's number, such as that of `NETLINK_ROUTE`.
    static var number: Int32 { get }
    /// What is known of a message type, for descriptions and for the attribute paths of errors.
    static func schema(of messageType: UInt16) -> MessageSchema?
    /// Asks for the message type of this protocol's requests, where the kernel assigns it at run time; nil where types are
    /// fixed.
    ///
    /// The families of generic netlink are numbered when they register. Their requests have the type
    /// ``assignedMessageType``, and connections ask once and put the number in its place.
    static var messageTypeQuery: (any MessageTypeQuery)? { get }
    /// Whether messages carry keys: connections then overwrite their buffers after each exchange.
    static var carriesSecrets: Bool { get }
}

/// A query for the number that the kernel assigned to a protocol's messages.
public protocol MessageTypeQuery: Query where Reply == UInt16 {}

extension NetlinkProtocol {
    /// What is known of a message type.
    public static func schema(of messageType: UInt16) -> MessageSchema? { nil }
    /// None unless the kernel assigns the number.
    public static var messageTypeQuery: (any MessageTypeQuery)? { nil }
    /// No unless the protocol says otherwise.
    public static var carriesSecrets: Bool { false }

    /// The type of a request whose number the kernel assigns; never sent as it is.
    public static var assignedMessageType: UInt16 { 0 }
}
