// SPDX-License-Identifier: Apache-2.0

/// Reads notifications from a socket, a datagram at a time, and never waits.
///
/// Streams and stores are loops around it. What was not read stays in the kernel's buffer, which is bounded: a slow reader
/// costs no memory, it gets an ``EventElement/overflow``.
public struct EventReader<Notification: EventNotification>: ~Copyable {
    @usableFromInline var socket: EventSocket
    @usableFromInline let isWanted: (@Sendable (Notification) -> Bool)?
    @usableFromInline var waiting: [EventElement<Notification>] = []
    @usableFromInline var position = 0

    /// Subscribes in a network namespace.
    public init(
        _ subscription: EventSubscription, in namespace: Namespace,
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
        self.init(try subscription.open(over: source), isWanted)
    }

    init(_ transport: any Transport, _ isWanted: (@Sendable (Notification) -> Bool)?) {
        socket = EventSocket(transport)
        self.isWanted = isWanted
    }

    /// A descriptor that polls readable when ``next()`` may have something to give.
    public var descriptor: Int32 { socket.transport.descriptor }

    /// How many datagrams that did not come from the kernel were dropped.
    public var foreignDatagramCount: Int { socket.transport.foreignDatagramCount }

    // Inlinable so that it is specialised where the notification's type is known.
    /// The next element that is there now; nil when there is none.
    ///
    /// - Throws: ``NetlinkError`` when the socket fails; lost notifications are an element, not an error.
    @inlinable public mutating func next() throws(NetlinkError) -> EventElement<Notification>? {
        while true {
            while position < waiting.count {
                // Most datagrams have one notification: the last is moved, not copied.
                let isLast = position == waiting.count - 1
                let element = isLast ? waiting.removeLast() : waiting[position]
                position += 1
                if let isWanted, case .notification(let notification) = element, !isWanted(notification) { continue }
                return element
            }
            guard try receive() else { return nil }
        }
    }

    /// Reads one datagram for a caller that knows what is in it; false when there is none.
    ///
    /// The closure gets nil where notifications were lost. What ``next()`` has read but not given is passed over.
    @_spi(System) public mutating func receive(
        _ take: (consuming RawSpan?, NamespaceID?) -> Void
    ) throws(NetlinkError) -> Bool {
        switch try socket.receive() {
        case .nothing: return false
        case .overflow: take(nil, nil)
        case .datagram(let count, let namespaceID):
            socket.buffer.withReceived(count) { bytes in take(bytes, namespaceID) }
        }
        return true
    }

    /// Reads one datagram; false when there is none.
    @inlinable mutating func receive() throws(NetlinkError) -> Bool {
        waiting.removeAll(keepingCapacity: true)
        position = 0
        switch try socket.receive() {
        case .nothing: return false
        case .overflow: waiting.append(.overflow)
        case .datagram(let count, let namespaceID):
            socket.buffer.withReceived(count) { bytes in
                Notification.appendElements(of: bytes, from: namespaceID, to: &waiting)
            }
        }
        return true
    }
}

/// What an ``EventReader`` reads from, whatever the notifications are.
@usableFromInline struct EventSocket: ~Copyable {
    @usableFromInline enum Received {
        case nothing
        /// Notifications were lost.
        case overflow
        /// So many bytes, from a namespace.
        case datagram(Int, NamespaceID?)
    }

    let transport: any Transport
    @usableFromInline var buffer = ReceiveBuffer(byteCount: EventReaderLimits.datagramByteCount)
    private let process = currentProcess()

    init(_ transport: any Transport) { self.transport = transport }

    /// Reads one datagram.
    @usableFromInline mutating func receive() throws(NetlinkError) -> Received {
        guard process == currentProcess() else { throw NetlinkError(.forked, operation: "receive events") }
        var namespaceID: NamespaceID?
        do throws(SystemError) {
            guard let count = try transport.receive(into: &buffer, namespaceID: &namespaceID) else { return .nothing }
            // The kernel builds none as large; what is cut is lost.
            return count <= buffer.count ? .datagram(count, namespaceID) : .overflow
        } catch {
            guard error.number == NetlinkError.Code.noBufferSpace.rawValue else {
                throw NetlinkError(error, operation: "receive events")
            }
            return .overflow
        }
    }

    /// Waits until there is something to read; false when the deadline passes.
    @usableFromInline borrowing func wait(until deadline: Deadline) throws(NetlinkError) -> Bool {
        do throws(SystemError) { return try waitReadable(transport.descriptor, until: deadline.instant) } catch {
            throw NetlinkError(error, operation: "receive events")
        }
    }

    /// When to stop waiting.
    @usableFromInline struct Deadline {
        let instant: Instant?
        @usableFromInline init(_ timeout: Duration?) { instant = timeout.map { Instant.now + $0 } }
    }
}

enum EventReaderLimits {
    /// Larger than any notification: a message of a link with all its virtual functions is the largest.
    static let datagramByteCount = 1 << 20
}
