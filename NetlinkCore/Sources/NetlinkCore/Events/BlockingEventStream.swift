// SPDX-License-Identifier: Apache-2.0

/// Notifications as they come, for threads and tools.
///
/// Subscribed from the moment it is made: list the kernel's objects afterwards, and nothing is missed. One thread at a
/// time uses it; the socket closes with the last reference.
public final class BlockingEventStream<Notification: EventNotification> {
    @usableFromInline var reader: EventReader<Notification>

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
        reader = try EventReader(subscription, in: namespace, where: isWanted)
    }

    /// Subscribes over a transport of the caller's own.
    public init(
        _ subscription: EventSubscription, over source: TransportSource,
        where isWanted: (@Sendable (Notification) -> Bool)? = nil
    ) throws(NetlinkError) {
        reader = try EventReader(subscription, over: source, where: isWanted)
    }

    /// A descriptor that polls readable when ``next(timeout:)`` may not have to wait.
    public var descriptor: Int32 { reader.descriptor }

    /// How many datagrams that did not come from the kernel were dropped.
    public var foreignDatagramCount: Int { reader.foreignDatagramCount }

    /// The next element; nil when none comes within the time given.
    ///
    /// Without a time it waits for ever.
    ///
    /// - Throws: ``NetlinkError`` when the socket fails; lost notifications are an element, not an error.
    @inlinable public func next(timeout: Duration? = nil) throws(NetlinkError) -> EventElement<Notification>? {
        if let element = try reader.next() { return element }
        if timeout == .zero { return nil }
        let deadline = EventSocket.Deadline(timeout)
        while try reader.socket.wait(until: deadline) {
            if let element = try reader.next() { return element }
        }
        return nil
    }
}
