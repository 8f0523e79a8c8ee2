// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What rtnetlink is to tell of, and how much of it may wait.
public struct RouteSubscription: Hashable, Sendable {
    /// The groups to join.
    public var groups: [RouteGroup]
    /// Whether changes in all namespaces that have an id in this one are told too; takes CAP_NET_BROADCAST.
    public var includesAllNamespaces: Bool
    /// How many bytes may wait to be read before changes are lost; nil for what the system gives.
    public var receiveBufferByteCount: Int?
    /// What of the groups' changes is wanted; the kernel keeps from the socket what is not.
    public var filter: RouteFilter

    /// Asks for some groups, or all whose notifications are decoded.
    public init(
        _ groups: [RouteGroup] = RouteGroup.decoded, includesAllNamespaces: Bool = false,
        receiveBufferByteCount: Int? = 1 << 20, filter: RouteFilter = RouteFilter()
    ) {
        self.groups = groups
        self.includesAllNamespaces = includesAllNamespaces
        self.receiveBufferByteCount = receiveBufferByteCount
        self.filter = filter
    }

    /// The same in the terms of sockets.
    public var eventSubscription: EventSubscription {
        EventSubscription(
            groups.map(\.rawValue), includesAllNamespaces: includesAllNamespaces,
            receiveBufferByteCount: receiveBufferByteCount, filter: filter.socketFilter)
    }

    /// Whether a change passes the filter; nil when all do.
    ///
    /// The kernel's filter lets through what it cannot judge, so that changes are looked at again.
    public var condition: (@Sendable (RouteNotification) -> Bool)? {
        if filter.isEmpty { return nil }
        let filter = filter
        return { filter.accepts($0.event) }
    }
}

/// What a subscription to rtnetlink gives.
public typealias RouteEventElement = EventElement<RouteNotification>

/// The changes that rtnetlink tells of, for threads and tools.
public typealias BlockingRouteEvents = BlockingEventStream<RouteNotification>

/// The changes that rtnetlink tells of, for tasks.
public typealias RouteEvents = EventStream<RouteNotification>

extension EventStream where Notification == RouteNotification {
    /// Subscribes in a network namespace.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notPermitted` where the subscription takes a capability.
    public init(
        _ subscription: RouteSubscription = RouteSubscription(), in namespace: Namespace = .current
    ) throws(NetlinkError) {
        try self.init(subscription.eventSubscription, in: namespace, where: subscription.condition)
    }

    /// Subscribes over a transport of the caller's own.
    public init(_ subscription: RouteSubscription, over source: TransportSource) throws(NetlinkError) {
        try self.init(subscription.eventSubscription, over: source, where: subscription.condition)
    }
}

extension BlockingEventStream where Notification == RouteNotification {
    /// Subscribes in a network namespace.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notPermitted` where the subscription takes a capability.
    public convenience init(
        _ subscription: RouteSubscription = RouteSubscription(), in namespace: Namespace = .current
    ) throws(NetlinkError) {
        try self.init(subscription.eventSubscription, in: namespace, where: subscription.condition)
    }

    /// Subscribes over a transport of the caller's own.
    public convenience init(_ subscription: RouteSubscription, over source: TransportSource) throws(NetlinkError) {
        try self.init(subscription.eventSubscription, over: source, where: subscription.condition)
    }
}
