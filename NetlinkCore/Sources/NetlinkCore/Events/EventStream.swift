// SPDX-License-Identifier: Apache-2.0

/// Notifications as they come, for tasks.
///
/// Subscribed from the moment it is made: list the kernel's objects afterwards, and nothing is missed. Iterators of one
/// value share its socket, and so the elements: use one at a time. It ends when it is closed, and throws
/// ``NetlinkError/Code/cancelled`` when the task is cancelled.
///
/// What is not read waits in the kernel, up to the size of the receive buffer; what does not fit is lost, and said to be
/// by an ``EventElement/overflow``.
public struct EventStream<Notification: EventNotification>: AsyncSequence, Sendable {
    /// What it gives.
    public typealias Element = EventElement<Notification>
    /// How it fails.
    public typealias Failure = NetlinkError

    private let source: EventSource
    private let isWanted: (@Sendable (Notification) -> Bool)?

    /// Subscribes in a network namespace.
    ///
    /// The closure, where there is one, leaves notifications out that the subscription's filter may let through.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/notPermitted`` where the subscription takes a capability, with
    ///   ``NetlinkError/Code/notFound`` when the namespace does not exist.
    public init(
        _ subscription: EventSubscription, in namespace: Namespace = .current,
        where isWanted: (@Sendable (Notification) -> Bool)? = nil
    ) throws(NetlinkError) {
        try self.init(
            subscription, over: TransportSource(protocol: Notification.Family.number, in: namespace), where: isWanted)
    }

    /// Subscribes over a transport of the caller's own.
    public init(
        _ subscription: EventSubscription, over source: TransportSource,
        where isWanted: (@Sendable (Notification) -> Bool)? = nil
    ) throws(NetlinkError) {
        self.source = EventSource(try subscription.open(over: source))
        self.isWanted = isWanted
    }

    /// Ends the stream: an iterator that waits, and every later one, gives nil.
    public func close() { source.close() }

    /// How many datagrams that did not come from the kernel were dropped.
    public var foreignDatagramCount: Int { source.transport.foreignDatagramCount }

    /// Begins with what comes next.
    public func makeAsyncIterator() -> Iterator { Iterator(source, isWanted) }

    /// Gives the elements as they come.
    public struct Iterator: AsyncIteratorProtocol {
        @usableFromInline final class State {
            @usableFromInline var reader: EventReader<Notification>
            init(_ reader: consuming EventReader<Notification>) { self.reader = reader }
        }

        @usableFromInline let source: EventSource
        @usableFromInline let state: State

        init(_ source: EventSource, _ isWanted: (@Sendable (Notification) -> Bool)?) {
            self.source = source
            state = State(EventReader(source.transport, isWanted))
        }

        /// The next element; nil when the stream was closed.
        @inlinable public mutating func next(
            isolation: isolated (any Actor)?
        ) async throws(NetlinkError) -> EventElement<Notification>? {
            while true {
                if source.isClosed { return nil }
                if Task.isCancelled { throw NetlinkError(.cancelled, operation: "receive events") }
                if let element = try state.reader.next() { return element }
                try await source.wait()
            }
        }

        /// The next element; nil when the stream was closed.
        @inlinable public mutating func next() async throws(NetlinkError) -> EventElement<Notification>? {
            try await next(isolation: #isolation)
        }
    }
}

/// A subscribed socket and whether it was closed.
@usableFromInline final class EventSource: Sendable {
    let transport: any Transport
    private let closed = Lock(false)

    init(_ transport: any Transport) { self.transport = transport }

    @usableFromInline var isClosed: Bool {
        closed.withLock { $0 }
    }

    func close() {
        closed.withLock { $0 = true }
        Poller.shared.cancelWaits(on: transport.descriptor)
    }

    /// Suspends until something is there, the stream is closed or the task is cancelled.
    @usableFromInline func wait() async throws(NetlinkError) {
        do throws(SystemError) {
            _ = try await Poller.shared.wait(transport.descriptor, until: nil) { self.isClosed }
        } catch {
            throw NetlinkError(error, operation: "receive events")
        }
    }
}
