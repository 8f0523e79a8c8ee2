// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// The protocol by which the kernel tells of its objects.
public enum UeventProtocol: NetlinkProtocol {
    /// `NETLINK_KOBJECT_UEVENT`.
    public static var number: Int32 { 15 }  // NETLINK_KOBJECT_UEVENT
}

extension Uevent: EventNotification {
    /// The protocol of uevents.
    public typealias Family = UeventProtocol

    /// Fails: uevents are no netlink messages.
    public init(decoding message: borrowing Message, from namespaceID: NamespaceID?) throws(DecodeError) {
        throw DecodeError(.invalidValue)
    }

    /// Reads a datagram, which is one event.
    public static func appendElements(
        of datagram: RawSpan, from namespaceID: NamespaceID?, to elements: inout [EventElement<Uevent>]
    ) {
        do throws(DecodeError) {
            var event = try Uevent(decoding: datagram)
            event.namespaceID = namespaceID
            elements.append(.notification(event))
        } catch {
            elements.append(.malformed(error, datagram.array))
        }
    }
}

/// The kernel's uevents, for tasks.
///
/// Only what the kernel itself sends is received. A network namespace is told of its own links; the first one is told of
/// everything else.
public typealias Uevents = EventStream<Uevent>

/// The kernel's uevents, for threads and tools.
public typealias BlockingUevents = BlockingEventStream<Uevent>

/// What to be told of, and how much of it may wait.
public struct UeventSubscription: Hashable, Sendable {
    private static let kernelGroup: UInt32 = 1
    /// Only objects of these subsystems; nil for all.
    public var subsystems: Set<String>?
    /// How many bytes may wait to be read before events are lost; nil for what the system gives.
    public var receiveBufferByteCount: Int?

    /// Asks for all events, or those of some subsystems.
    public init(subsystems: Set<String>? = nil, receiveBufferByteCount: Int? = 1 << 20) {
        self.subsystems = subsystems
        self.receiveBufferByteCount = receiveBufferByteCount
    }

    var eventSubscription: EventSubscription {
        EventSubscription([Self.kernelGroup], receiveBufferByteCount: receiveBufferByteCount)
    }

    var condition: (@Sendable (Uevent) -> Bool)? {
        guard let subsystems else { return nil }
        return { $0.subsystem.map(subsystems.contains) ?? false }
    }
}

extension EventStream where Notification == Uevent {
    /// Subscribes in a network namespace.
    public init(
        _ subscription: UeventSubscription = UeventSubscription(), in namespace: Namespace = .current
    ) throws(NetlinkError) {
        try self.init(subscription.eventSubscription, in: namespace, where: subscription.condition)
    }
}

extension BlockingEventStream where Notification == Uevent {
    /// Subscribes in a network namespace.
    public convenience init(
        _ subscription: UeventSubscription = UeventSubscription(), in namespace: Namespace = .current
    ) throws(NetlinkError) {
        try self.init(subscription.eventSubscription, in: namespace, where: subscription.condition)
    }
}
