// SPDX-License-Identifier: Apache-2.0

@_spi(System) public import NetlinkCore
public import NetlinkRoute

/// The reading side of a merged stream, which never waits.
final class NetworkEventMerger: @unchecked Sendable {
    private final class Source {
        let namespace: Namespace
        var reader: EventReader<MergedNotification>
        init(_ namespace: Namespace, _ reader: consuming EventReader<MergedNotification>) {
            self.namespace = namespace
            self.reader = reader
        }
    }

    /// How much of one namespace is read before the others have their turn.
    private static let turn = 64

    private let members: NamespaceMembers<Source>
    private var waiting: [NetworkEvent] = []
    private var position = 0
    /// Those of which elements may be left though their socket is not readable.
    private var busy: [Source] = []
    /// Why the last namespace could not be read any more, until it is thrown.
    private var end: NetlinkError?

    init(
        _ subscription: RouteSubscription, of scope: NamespaceScope, opening source: TransportSource? = nil
    ) throws(NetlinkError) {
        let open = { (namespace: Namespace) throws(NetlinkError) in
            let (asked, condition) = (subscription.eventSubscription, subscription.filter.mergedCondition)
            if let source { return Source(namespace, try EventReader(asked, over: source, where: condition)) }
            return Source(namespace, try EventReader(asked, in: namespace, where: condition))
        }
        members = try NamespaceMembers(scope, descriptor: { $0.reader.descriptor }, open: open)
    }

    var poll: PollSet { members.poll }
    var deadline: Instant? { members.deadline }
    func add(_ namespace: Namespace) throws(NetlinkError) { try members.add(namespace) }
    func remove(_ namespace: Namespace) { members.remove(namespace) }

    func close() {
        members.removeAll()
        busy.removeAll()
        waiting.removeAll()
        position = 0
    }

    func next() throws(NetlinkError) -> NetworkEvent? {
        if position >= waiting.count { try refill() }
        guard position < waiting.count else {
            guard let error = end else { return nil }
            end = nil
            throw error
        }
        defer { position += 1 }
        return waiting[position]
    }

    private func refill() throws(NetlinkError) {
        waiting.removeAll(keepingCapacity: true)
        position = 0
        let ready = try members.ready()
        tellScope()
        let left = busy.filter { source in !ready.contains { $0 === source } }
        busy.removeAll(keepingCapacity: true)
        for source in ready + left { read(source) }
        tellScope()
    }

    private func tellScope() {
        for change in members.changes() {
            switch change {
            case .opened(let namespace): waiting.append(NetworkEvent(.opened, in: namespace))
            case .closed(let namespace): waiting.append(NetworkEvent(.closed, in: namespace))
            case .failed(let namespace, let error): waiting.append(NetworkEvent(.failed(error.code), in: namespace))
            }
        }
    }

    private func read(_ source: Source) {
        do throws(NetlinkError) {
            for _ in 0..<Self.turn {
                guard let element = try source.reader.next() else { return }
                let kind: NetworkEvent.Kind
                switch element {
                case .notification(let notification): kind = notification.kind
                case .overflow: kind = .overflow
                case .malformed(let error, let bytes): kind = .malformed(error, bytes)
                @unknown default: continue
                }
                waiting.append(NetworkEvent(kind, in: source.namespace))
            }
            busy.append(source)
        } catch {
            members.fail(source.namespace, error)
            // A namespace that fails leaves the others as they are; it is the end where there are none.
            if members.isEmpty { end = error }
        }
    }
}

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
        let end = timeout.map { Instant.now + $0 }
        while true {
            if let event = try merger.next() { return event }
            if let end, end <= .now { return nil }
            do throws(SystemError) {
                _ = try waitReadable(
                    merger.poll.descriptor, until: [end, merger.deadline].compactMap { $0 }.min())
            } catch {
                throw NetlinkError(error, operation: "receive events")
            }
        }
    }
}
