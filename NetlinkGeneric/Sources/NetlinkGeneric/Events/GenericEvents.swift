// SPDX-License-Identifier: Apache-2.0

@_spi(System) public import NetlinkCore

/// Which groups of a family to listen to, and how.
public struct GenericSubscription: Hashable, Sendable {
    /// The groups to join, by name; nil for all that the events name.
    public var groups: [String]?
    /// Whether changes in all namespaces that have an id in this one are told too; takes CAP_NET_BROADCAST.
    public var includesAllNamespaces: Bool
    /// How many bytes may wait to be read before events are lost; nil for what the system gives.
    public var receiveBufferByteCount: Int?

    /// Asks for some groups, or all.
    public init(
        groups: [String]? = nil, includesAllNamespaces: Bool = false, receiveBufferByteCount: Int? = 1 << 20
    ) {
        self.groups = groups
        self.includesAllNamespaces = includesAllNamespaces
        self.receiveBufferByteCount = receiveBufferByteCount
    }

    /// Opens a socket that is a member of the groups; groups are numbered when their family registers.
    func open<Event: GenericEvent>(
        _ type: Event.Type, in namespace: Namespace
    ) throws(NetlinkError) -> (socket: NetlinkSocket, family: FamilyDescription) {
        let family = try BlockingConnection<GenericController>(in: namespace).family(.name(Event.Family.name))
        var ids: [UInt32] = []
        for name in groups ?? Event.groups { ids.append(try family.group(name)) }
        let socket = try NetlinkSocket.open(protocol: Event.Family.number, in: namespace)
        do throws(SystemError) {
            if let receiveBufferByteCount { try socket.setReceiveBuffer(receiveBufferByteCount) }
            if includesAllNamespaces { try socket.listenToAllNamespaces() }
            for id in ids { try socket.join(group: id) }
        } catch {
            throw NetlinkError(error, operation: "subscribe to events", object: Event.Family.name)
        }
        return (socket, family)
    }
}

/// Reads a subscription's socket without waiting.
struct GenericEventReader<Event: GenericEvent>: ~Copyable {
    let socket: NetlinkSocket
    private let familyID: UInt16
    private var buffer = ReceiveBuffer()
    private var waiting: [GenericEventElement<Event>] = []

    init(_ socket: NetlinkSocket, familyID: UInt16) {
        self.socket = socket
        self.familyID = familyID
    }

    /// The next element that is there now.
    mutating func next() throws(NetlinkError) -> GenericEventElement<Event>? {
        while waiting.isEmpty {
            var namespaceID: NamespaceID?
            do throws(SystemError) {
                guard let count = try socket.receive(into: &buffer, namespaceID: &namespaceID) else { return nil }
                // The kernel builds none as large; what is cut is lost.
                if count > buffer.count { return .overflow }
                let familyID = familyID
                buffer.withReceived(count) { bytes in
                    // Taken from the end, so that each is moved once.
                    waiting = Self.elements(of: bytes, familyID, from: namespaceID).reversed()
                }
            } catch {
                if error.number == NetlinkError.Code.noBufferSpace.rawValue { return .overflow }
                throw NetlinkError(error, operation: "receive events", object: Event.Family.name)
            }
        }
        return waiting.popLast()
    }

    /// The elements of a datagram; a malformed message hides none of the others.
    static func elements(
        of datagram: RawSpan, _ familyID: UInt16, from namespaceID: NamespaceID?
    ) -> [GenericEventElement<Event>] {
        var elements: [GenericEventElement<Event>] = []
        var reader = MessageReader(datagram)
        while true {
            do throws(DecodeError) {
                guard let message = try reader.next() else { return elements }
                // The socket sends no requests: what is not the family's is a control message.
                guard message.header.type == familyID else { continue }
                if let event = try Event(decoding: message) { elements.append(.event(event, in: namespaceID)) }
            } catch {
                elements.append(.malformed(error))
            }
        }
    }
}

/// What a family tells its multicast groups, for threads and tools.
///
/// Subscribed from the moment it is made: read the kernel's objects afterwards, and nothing is missed. One thread at a
/// time uses it. A family that registers anew has new groups, which take a new subscription; ``FamilyEvent`` tells of that.
public final class BlockingGenericEvents<Event: GenericEvent> {
    private var reader: GenericEventReader<Event>

    /// Subscribes in a network namespace.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notFound` when the kernel does not have the family or the family
    ///   not the group, with `NetlinkError.Code.notPermitted` where the subscription takes a capability.
    public init(
        _ subscription: GenericSubscription = GenericSubscription(), of type: Event.Type = Event.self,
        in namespace: Namespace = .current
    ) throws(NetlinkError) {
        let (socket, family) = try subscription.open(Event.self, in: namespace)
        reader = GenericEventReader(socket, familyID: family.id)
    }

    /// A descriptor that polls readable when ``next(timeout:)`` need not wait.
    public var descriptor: Int32 { reader.socket.descriptor }

    /// The next element; nil when none comes within the time given.
    ///
    /// Without a time it waits for ever.
    ///
    /// - Throws: `NetlinkError` when the socket fails; lost events are an element, not an error.
    public func next(timeout: Duration? = nil) throws(NetlinkError) -> GenericEventElement<Event>? {
        let deadline = timeout.map { Instant.now + $0 }
        while true {
            if let element = try reader.next() { return element }
            do throws(SystemError) {
                guard try waitReadable(descriptor, until: deadline) else { return nil }
            } catch {
                throw NetlinkError(error, operation: "receive events", object: Event.Family.name)
            }
        }
    }
}

/// What a family tells its multicast groups, for tasks.
///
/// Subscribed from the moment it is made: read the kernel's objects afterwards, and nothing is missed. Iterators of one
/// value share its socket, and so the elements: use one. It ends by throwing, with `NetlinkError.Code.cancelled` when the
/// task is cancelled. A family that registers anew has new groups, which take a new subscription; ``FamilyEvent`` tells of
/// that.
public struct GenericEvents<Event: GenericEvent>: AsyncSequence, Sendable {
    /// What it gives.
    public typealias Element = GenericEventElement<Event>
    /// How it fails.
    public typealias Failure = NetlinkError

    private let socket: NetlinkSocket
    private let familyID: UInt16

    /// Subscribes in a network namespace.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notFound` when the kernel does not have the family or the family
    ///   not the group, with `NetlinkError.Code.notPermitted` where the subscription takes a capability.
    public init(
        _ subscription: GenericSubscription = GenericSubscription(), of type: Event.Type = Event.self,
        in namespace: Namespace = .current
    ) throws(NetlinkError) {
        let (socket, family) = try subscription.open(Event.self, in: namespace)
        self.socket = socket
        familyID = family.id
    }

    /// Begins with what comes next.
    public func makeAsyncIterator() -> Iterator { Iterator(state: Iterator.State(socket, familyID)) }

    /// Gives the elements as they come.
    public struct Iterator: AsyncIteratorProtocol {
        final class State {
            var reader: GenericEventReader<Event>
            init(_ socket: NetlinkSocket, _ familyID: UInt16) {
                reader = GenericEventReader(socket, familyID: familyID)
            }
        }

        let state: State

        /// The next element.
        public mutating func next(isolation: isolated (any Actor)?) async throws(NetlinkError) -> Element? {
            while true {
                if Task.isCancelled {
                    throw NetlinkError(.cancelled, operation: "receive events", object: Event.Family.name)
                }
                if let element = try state.reader.next() { return element }
                do throws(SystemError) {
                    _ = try await state.reader.socket.waitReadable(until: nil)
                } catch {
                    throw NetlinkError(error, operation: "receive events", object: Event.Family.name)
                }
            }
        }

        /// The next element.
        public mutating func next() async throws(NetlinkError) -> Element? { try await next(isolation: #isolation) }
    }
}
