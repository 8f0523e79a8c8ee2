// SPDX-License-Identifier: Apache-2.0

/// What a subscription gives.
@nonexhaustive
public enum EventElement<Notification: EventNotification>: Sendable {
    /// Something happened.
    case notification(Notification)
    /// Notifications were lost: what is known of the kernel's objects must be listed anew.
    case overflow
    /// A message that could not be read, as the kernel's bytes with its header; the ones around it were.
    case malformed(DecodeError, [UInt8])
}

extension EventElement {
    /// What a datagram had besides notifications.
    @inlinable public init(_ fault: NotificationFault) {
        switch fault {
        case .overflow: self = .overflow
        case .malformed(let error, let bytes): self = .malformed(error, bytes)
        }
    }
}

extension EventElement: Equatable where Notification: Equatable {}
extension EventElement: Hashable where Notification: Hashable {}

/// A type that notifications of a protocol are read as.
///
/// Conform to it to get ``EventStream`` and ``BlockingEventStream`` for a protocol of your own.
public protocol EventNotification: Sendable {
    /// The protocol.
    associatedtype Family: NetlinkProtocol

    /// Reads one message.
    ///
    /// `namespaceID` is the namespace in which it happened, by its id in the socket's own; nil for the socket's own.
    ///
    /// - Throws: ``DecodeError`` when the message is not what its type says; the stream goes on behind it.
    init(decoding message: borrowing Message, from namespaceID: NamespaceID?) throws(DecodeError)

    /// Reads a datagram and appends what is in it.
    ///
    /// By default a datagram is a row of messages; protocols that send something else say so here.
    static func appendElements(
        of datagram: RawSpan, from namespaceID: NamespaceID?, to elements: inout [EventElement<Self>])
}

extension EventNotification {
    /// Reads the messages of a datagram: control messages are passed over, but an overrun is told.
    @inlinable
    public static func appendElements(
        of datagram: RawSpan, from namespaceID: NamespaceID?, to elements: inout [EventElement<Self>]
    ) {
        MessageReader.readNotifications(of: datagram) {
            elements.append(EventElement($0))
        } reading: {
            (message: borrowing Message) throws(DecodeError) in
            elements.append(.notification(try Self(decoding: message, from: namespaceID)))
        }
    }

    /// The elements of a datagram.
    public static func elements(of datagram: RawSpan, from namespaceID: NamespaceID? = nil) -> [EventElement<Self>] {
        var elements: [EventElement<Self>] = []
        appendElements(of: datagram, from: namespaceID, to: &elements)
        return elements
    }
}

extension MessageHeader {
    /// The header as it stands in front of a message.
    public var bytes: [UInt8] {
        var writer = MessageWriter(capacity: Self.byteCount)
        writer.append(length)
        writer.append(type)
        writer.append(flags.rawValue)
        writer.append(sequence)
        writer.append(port)
        return writer.bytes.array
    }
}
