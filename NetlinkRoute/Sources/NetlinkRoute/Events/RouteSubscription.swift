// SPDX-License-Identifier: Apache-2.0

@_spi(System) public import NetlinkCore

/// What to be told of, and how much of it may wait.
public struct RouteSubscription: Hashable, Sendable {
    /// The groups to join.
    public var groups: [RouteGroup]
    /// Whether changes in all namespaces that have an id in this one are told too; takes CAP_NET_BROADCAST.
    public var includesAllNamespaces: Bool
    /// How many bytes may wait to be read before changes are lost; nil for what the system gives.
    public var receiveBufferByteCount: Int?

    /// Asks for some groups, or all whose notifications are decoded.
    public init(
        _ groups: [RouteGroup] = RouteGroup.decoded, includesAllNamespaces: Bool = false,
        receiveBufferByteCount: Int? = 1 << 20
    ) {
        self.groups = groups
        self.includesAllNamespaces = includesAllNamespaces
        self.receiveBufferByteCount = receiveBufferByteCount
    }

    func open(in namespace: Namespace) throws(NetlinkError) -> NetlinkSocket {
        let socket = try NetlinkSocket.open(protocol: RouteProtocol.number, in: namespace)
        do throws(SystemError) {
            if let receiveBufferByteCount { try socket.setReceiveBuffer(receiveBufferByteCount) }
            if includesAllNamespaces { try socket.listenToAllNamespaces() }
            for group in groups { try socket.join(group: group.rawValue) }
        } catch {
            throw NetlinkError(error, operation: "subscribe to route events")
        }
        return socket
    }
}

/// Reads a subscription's socket without waiting.
struct RouteEventReader: ~Copyable {
    let socket: NetlinkSocket
    private var buffer = ReceiveBuffer()
    private var waiting: [RouteEventElement] = []

    init(_ socket: NetlinkSocket) { self.socket = socket }

    /// The next element that is there now.
    mutating func next() throws(NetlinkError) -> RouteEventElement? {
        while waiting.isEmpty {
            var namespaceID: NamespaceID?
            do throws(SystemError) {
                guard let count = try socket.receive(into: &buffer, namespaceID: &namespaceID) else { return nil }
                // The kernel builds none as large; what is cut is lost.
                if count > buffer.count { return .overflow }
                buffer.withReceived(count) { bytes in
                    // Taken from the end, so that each is moved once.
                    waiting = RouteEventElement.elements(of: bytes, from: namespaceID).reversed()
                }
            } catch {
                if error.number == NetlinkError.Code.noBufferSpace.rawValue { return .overflow }
                throw NetlinkError(error, operation: "receive route events")
            }
        }
        return waiting.popLast()
    }
}

/// The changes that rtnetlink tells of, for threads and tools.
///
/// Subscribed from the moment it is made: list the kernel's objects afterwards, and nothing is missed. One thread at a
/// time uses it.
public final class BlockingRouteEvents {
    private var reader: RouteEventReader

    /// Subscribes in a network namespace.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notPermitted` where the subscription takes a capability.
    public init(
        _ subscription: RouteSubscription = RouteSubscription(), in namespace: Namespace = .current
    ) throws(NetlinkError) {
        reader = RouteEventReader(try subscription.open(in: namespace))
    }

    /// A descriptor that polls readable when ``next(timeout:)`` need not wait.
    public var descriptor: Int32 { reader.socket.descriptor }

    /// The next element; nil when none comes within the time given.
    ///
    /// Without a time it waits for ever.
    ///
    /// - Throws: `NetlinkError` when the socket fails; lost changes are an element, not an error.
    public func next(timeout: Duration? = nil) throws(NetlinkError) -> RouteEventElement? {
        let deadline = timeout.map { Instant.now + $0 }
        while true {
            if let element = try reader.next() { return element }
            do throws(SystemError) {
                guard try waitReadable(descriptor, until: deadline) else { return nil }
            } catch {
                throw NetlinkError(error, operation: "receive route events")
            }
        }
    }
}

/// The changes that rtnetlink tells of, for tasks.
///
/// Subscribed from the moment it is made: list the kernel's objects afterwards, and nothing is missed. Iterators of one
/// value share its socket, and so the elements: use one. It ends by throwing, with `NetlinkError.Code.cancelled` when
/// the task is cancelled.
public struct RouteEvents: AsyncSequence, Sendable {
    /// What it gives.
    public typealias Element = RouteEventElement
    /// How it fails.
    public typealias Failure = NetlinkError

    private let socket: NetlinkSocket

    /// Subscribes in a network namespace.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notPermitted` where the subscription takes a capability.
    public init(
        _ subscription: RouteSubscription = RouteSubscription(), in namespace: Namespace = .current
    ) throws(NetlinkError) {
        socket = try subscription.open(in: namespace)
    }

    /// Begins with what comes next.
    public func makeAsyncIterator() -> Iterator { Iterator(state: Iterator.State(socket)) }

    /// Gives the elements as they come.
    public struct Iterator: AsyncIteratorProtocol {
        final class State {
            var reader: RouteEventReader
            init(_ socket: NetlinkSocket) { reader = RouteEventReader(socket) }
        }

        let state: State

        /// The next element.
        public mutating func next(isolation: isolated (any Actor)?) async throws(NetlinkError) -> RouteEventElement? {
            while true {
                if Task.isCancelled { throw NetlinkError(.cancelled, operation: "receive route events") }
                if let element = try state.reader.next() { return element }
                do throws(SystemError) {
                    _ = try await state.reader.socket.waitReadable(until: nil)
                } catch {
                    throw NetlinkError(error, operation: "receive route events")
                }
            }
        }

        /// The next element.
        public mutating func next() async throws(NetlinkError) -> RouteEventElement? {
            try await next(isolation: #isolation)
        }
    }
}
