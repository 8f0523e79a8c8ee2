// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
public import NetlinkRoute

/// A change of traffic control with what the message around it says.
public struct TrafficControlNotification: Hashable, Sendable, EventNotification {
    /// Rtnetlink.
    public typealias Family = RouteProtocol

    /// The change.
    public var event: TrafficControlEvent
    /// The flags of the message: of a filter or an action that is new, `create` and `exclusive`.
    public var flags: MessageFlags
    /// The sequence number of the request that caused it; 0 when the kernel itself did.
    public var sequence: UInt32
    /// The port id of the socket that caused it; 0 when the kernel itself did.
    public var port: UInt32
    /// The namespace, by its id in the socket's own, in which it happened; nil for the socket's own.
    public var namespaceID: NamespaceID?

    /// A change that nobody in particular caused.
    public init(_ event: TrafficControlEvent, namespaceID: NamespaceID? = nil) {
        self.event = event
        flags = []
        sequence = 0
        port = 0
        self.namespaceID = namespaceID
    }

    /// Reads a notification.
    public init(decoding message: borrowing Message, from namespaceID: NamespaceID? = nil) throws(DecodeError) {
        self.init(try TrafficControlEvent(decoding: message), namespaceID: namespaceID)
        flags = message.header.flags
        sequence = message.header.sequence
        port = message.header.port
    }
}

/// The changes of traffic control, for tasks.
///
/// ```swift
/// for try await element in try TrafficControlEvents(in: .current) {
///     if case .notification(let notification) = element { print(notification.event) }
/// }
/// ```
public typealias TrafficControlEvents = EventStream<TrafficControlNotification>

/// The changes of traffic control, for threads and tools.
public typealias BlockingTrafficControlEvents = BlockingEventStream<TrafficControlNotification>

extension RouteSubscription {
    /// The group of all changes of traffic control.
    public static var trafficControl: Self { Self([.trafficControl]) }

    fileprivate var trafficControlCondition: (@Sendable (TrafficControlNotification) -> Bool)? {
        if filter.isEmpty { return nil }
        let filter = filter
        return { filter.accepts($0.event) }
    }
}

extension EventStream where Notification == TrafficControlNotification {
    /// Subscribes in a network namespace.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notPermitted` where the subscription takes a capability.
    public init(
        _ subscription: RouteSubscription = .trafficControl, in namespace: Namespace = .current
    ) throws(NetlinkError) {
        try self.init(subscription.eventSubscription, in: namespace, where: subscription.trafficControlCondition)
    }

    /// Subscribes over a transport of the caller's own.
    public init(_ subscription: RouteSubscription, over source: TransportSource) throws(NetlinkError) {
        try self.init(subscription.eventSubscription, over: source, where: subscription.trafficControlCondition)
    }
}

extension BlockingEventStream where Notification == TrafficControlNotification {
    /// Subscribes in a network namespace.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notPermitted` where the subscription takes a capability.
    public convenience init(
        _ subscription: RouteSubscription = .trafficControl, in namespace: Namespace = .current
    ) throws(NetlinkError) {
        try self.init(subscription.eventSubscription, in: namespace, where: subscription.trafficControlCondition)
    }

    /// Subscribes over a transport of the caller's own.
    public convenience init(_ subscription: RouteSubscription, over source: TransportSource) throws(NetlinkError) {
        try self.init(subscription.eventSubscription, over: source, where: subscription.trafficControlCondition)
    }
}
