// SPDX-License-Identifier: Apache-2.0

@_spi(System) public import NetlinkCore
public import NetlinkRoute

/// The changes in many network namespaces as one stream, for tasks.
///
/// Each says where it happened. Unless others are asked for, the groups are `RouteGroup.merged`. Namespaces of a folder of
/// names are covered from when they get a name until they lose it; ``add(_:)`` and ``remove(_:)`` cover others. One task
/// at a time reads; any may add, remove and close.
///
/// ```swift
/// for try await event in try NetworkEvents(of: .everywhere) {
///     if case .route(let notification) = event.kind { print(event.namespace, notification.event) }
/// }
/// ```
///
/// Where only events are wanted of all namespaces that have an id in this one, a subscription that
/// `RouteSubscription.includesAllNamespaces` costs one socket for all of them.
public final class NetworkEvents: AsyncSequence, Sendable {
    /// What it gives.
    public typealias Element = NetworkEvent
    /// How it fails.
    public typealias Failure = NetlinkError

    private let turn: Turn<NetworkEventMerger>

    /// Subscribes in each namespace of a scope.
    ///
    /// - Throws: `NetlinkError` when a namespace that is named cannot be entered, or the subscription is refused there.
    public init(
        _ subscription: RouteSubscription = RouteSubscription(RouteGroup.merged), of scope: NamespaceScope = .current
    ) throws(NetlinkError) {
        let merger = try NetworkEventMerger(subscription, of: scope)
        turn = Turn(merger, merger.poll)
    }

    /// Subscribes over a transport of the caller's own, which stands for the current namespace.
    public init(
        _ subscription: RouteSubscription = RouteSubscription(RouteGroup.merged), opening source: TransportSource
    ) throws(NetlinkError) {
        let merger = try NetworkEventMerger(subscription, of: .current, opening: source)
        turn = Turn(merger, merger.poll)
    }

    /// Covers a namespace from now on.
    ///
    /// - Throws: `NetlinkError` with code `closed` when the stream was closed.
    public func add(_ namespace: Namespace) throws(NetlinkError) {
        try turn.change { (merger: NetworkEventMerger) throws(NetlinkError) in try merger.add(namespace) }
    }

    /// Covers a namespace no longer; its socket, which keeps it alive, is closed.
    public func remove(_ namespace: Namespace) throws(NetlinkError) {
        try turn.use { (merger: NetworkEventMerger) throws(NetlinkError) in merger.remove(namespace) }
    }

    /// Ends the stream and closes its sockets.
    public func close() { turn.close { $0.close() } }

    /// The next event; nil when the stream was closed.
    ///
    /// - Throws: `NetlinkError` with code `cancelled` when the task is cancelled; with another one when the only namespace
    ///   cannot be read any more.
    public func next() async throws(NetlinkError) -> NetworkEvent? {
        while true {
            if turn.isClosed { return nil }
            if Task.isCancelled { throw NetlinkError(.cancelled, operation: "receive events") }
            let (event, deadline) = try turn.use {
                (merger: NetworkEventMerger) throws(NetlinkError) -> (NetworkEvent?, Instant?) in
                (try merger.next(), merger.deadline)
            }
            if let event { return event }
            try await turn.wait(until: deadline)
        }
    }

    /// Begins with what comes next.
    public func makeAsyncIterator() -> Iterator { Iterator(events: self) }

    /// Gives the events as they come.
    public struct Iterator: AsyncIteratorProtocol {
        let events: NetworkEvents

        /// The next event; nil when the stream was closed.
        public mutating func next(isolation: isolated (any Actor)?) async throws(NetlinkError) -> NetworkEvent? {
            try await events.next()
        }
        /// The next event; nil when the stream was closed.
        public mutating func next() async throws(NetlinkError) -> NetworkEvent? { try await events.next() }
    }
}

/// The changes in many network namespaces as one stream, for threads and tools.
///
/// As ``NetworkEvents``; one thread at a time uses it.
public final class BlockingNetworkEvents {
    private let merger: NetworkEventMerger

    /// Subscribes in each namespace of a scope.
    ///
    /// - Throws: `NetlinkError` when a namespace that is named cannot be entered, or the subscription is refused there.
    public init(
        _ subscription: RouteSubscription = RouteSubscription(RouteGroup.merged), of scope: NamespaceScope = .current
    ) throws(NetlinkError) {
        merger = try NetworkEventMerger(subscription, of: scope)
    }

    /// Subscribes over a transport of the caller's own, which stands for the current namespace.
    public init(
        _ subscription: RouteSubscription = RouteSubscription(RouteGroup.merged), opening source: TransportSource
    ) throws(NetlinkError) {
        merger = try NetworkEventMerger(subscription, of: .current, opening: source)
    }

    /// Covers a namespace from now on.
    public func add(_ namespace: Namespace) throws(NetlinkError) { try merger.add(namespace) }

    /// Covers a namespace no longer; its socket, which keeps it alive, is closed.
    public func remove(_ namespace: Namespace) { merger.remove(namespace) }

    /// The next event; nil when none comes within the time given.
    ///
    /// Without a time it waits for ever.
    ///
    /// - Throws: `NetlinkError` when the only namespace cannot be read any more.
    public func next(timeout: Duration? = nil) throws(NetlinkError) -> NetworkEvent? {
        if let event = try merger.next() { return event }
        if timeout == .zero { return nil }
        let end = timeout.map { Instant.now + $0 }
        while true {
            do throws(SystemError) {
                _ = try waitReadable(
                    merger.poll.descriptor, until: [end, merger.deadline].compactMap { $0 }.min())
            } catch {
                throw NetlinkError(error, operation: "receive events")
            }
            if let event = try merger.next() { return event }
            if let end, end <= .now { return nil }
        }
    }
}
