// SPDX-License-Identifier: Apache-2.0

/// Reads notifications from a socket, a datagram at a time, and never waits.
///
/// Streams and stores are loops around it. What was not read stays in the kernel's buffer, which is bounded: a slow reader
/// costs no memory, it gets an ``EventElement/overflow``.
public struct EventReader<Notification: EventNotification>: ~Copyable {
    let transport: any Transport
    private let isWanted: (@Sendable (Notification) -> Bool)?
    private var buffer = ReceiveBuffer(byteCount: EventReaderLimits.datagramByteCount)
    private var waiting: [EventElement<Notification>] = []
    private var position = 0
    private let process = currentProcess()

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
        self.transport = transport
        self.isWanted = isWanted
    }

    /// A descriptor that polls readable when ``next()`` may have something to give.
    public var descriptor: Int32 { transport.descriptor }

    /// The next element that is there now; nil when there is none.
    ///
    /// - Throws: ``NetlinkError`` when the socket fails; lost notifications are an element, not an error.
    public mutating func next() throws(NetlinkError) -> EventElement<Notification>? {
        while true {
            while position < waiting.count {
                let element = waiting[position]
                position += 1
                if let isWanted, case .notification(let notification) = element, !isWanted(notification) { continue }
                return element
            }
            guard try receive() else { return nil }
        }
    }

    /// Reads one datagram; false when there is none.
    private mutating func receive() throws(NetlinkError) -> Bool {
        guard process == currentProcess() else { throw NetlinkError(.forked, operation: "receive events") }
        waiting.removeAll(keepingCapacity: true)
        position = 0
        var namespaceID: NamespaceID?
        do throws(SystemError) {
            guard let count = try transport.receive(into: &buffer, namespaceID: &namespaceID) else { return false }
            // The kernel builds none as large; what is cut is lost.
            guard count <= buffer.count else {
                waiting.append(.overflow)
                return true
            }
            buffer.withReceived(count) { bytes in
                Notification.appendElements(of: bytes, from: namespaceID, to: &waiting)
            }
        } catch {
            guard error.number == NetlinkError.Code.noBufferSpace.rawValue else {
                throw NetlinkError(error, operation: "receive events")
            }
            waiting.append(.overflow)
        }
        return true
    }
}

enum EventReaderLimits {
    /// Larger than any notification: a message of a link with all its virtual functions is the largest.
    static let datagramByteCount = 1 << 20
}
