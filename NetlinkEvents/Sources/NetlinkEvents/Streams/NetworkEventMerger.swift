// SPDX-License-Identifier: Apache-2.0

@_spi(System) internal import NetlinkCore
internal import NetlinkRoute
internal import NetlinkTC

/// The reading side of a merged stream, which never waits.
final class NetworkEventMerger: @unchecked Sendable {
    // One value, so that reading an event is one access to check for exclusivity.
    private var reading: Reading

    init(
        _ subscription: RouteSubscription, of scope: NamespaceScope, opening source: TransportSource? = nil
    ) throws(NetlinkError) {
        let open = { (namespace: Namespace) throws(NetlinkError) in
            let asked = subscription.eventSubscription
            if let source { return Source(namespace, try EventReader(asked, over: source)) }
            return Source(namespace, try EventReader(asked, in: namespace))
        }
        reading = Reading(
            members: try NamespaceMembers(scope, descriptor: { $0.reader.descriptor }, open: open),
            filter: subscription.filter.isEmpty ? nil : subscription.filter)
    }

    var poll: PollSet { reading.members.poll }
    var deadline: Instant? { reading.members.deadline }
    func add(_ namespace: Namespace) throws(NetlinkError) { try reading.members.add(namespace) }
    func remove(_ namespace: Namespace) { reading.members.remove(namespace) }
    func next() throws(NetlinkError) -> NetworkEvent? { try reading.next() }
    func close() { reading.close() }
}

private final class Source {
    let namespace: Namespace
    var reader: EventReader<RouteNotification>
    init(_ namespace: Namespace, _ reader: consuming EventReader<RouteNotification>) {
        self.namespace = namespace
        self.reader = reader
    }
}

private struct Reading {
    /// How many datagrams are read of each namespace before it is looked which others have some.
    private static var turnLength: Int { 64 }

    let members: NamespaceMembers<Source>
    /// What the kernel's filter may let through; nil where everything is wanted.
    private let filter: RouteFilter?
    private var waiting: [NetworkEvent] = []
    private var position = 0
    /// Those that may have more to read.
    private var busy: [Source] = []
    private var turnsLeft = 0
    /// Why the last namespace could not be read any more, until it is thrown.
    private var end: NetlinkError?

    init(members: NamespaceMembers<Source>, filter: RouteFilter?) {
        self.members = members
        self.filter = filter
    }

    mutating func close() {
        members.removeAll()
        busy.removeAll()
        waiting.removeAll()
        position = 0
    }

    mutating func next() throws(NetlinkError) -> NetworkEvent? {
        if position == waiting.count { try refill() }
        guard position < waiting.count else {
            guard let error = end else { return nil }
            end = nil
            throw error
        }
        // Most datagrams have one notification: the last is moved, not copied.
        if position == waiting.count - 1 { return waiting.removeLast() }
        position += 1
        return waiting[position - 1]
    }

    /// Reads until something waits to be given or nothing is there, or for a turn when nothing that comes is wanted.
    private mutating func refill() throws(NetlinkError) {
        if !waiting.isEmpty { waiting.removeAll(keepingCapacity: true) }
        position = 0
        readInTurns()
        guard waiting.isEmpty else { return }
        turnsLeft = Self.turnLength
        for source in try members.ready() where !busy.contains(where: { $0 === source }) { busy.append(source) }
        tellScope()
        if waiting.isEmpty { readInTurns() }
    }

    /// Reads a datagram of each in turn, so that no namespace keeps another waiting.
    private mutating func readInTurns() {
        while waiting.isEmpty, !busy.isEmpty, turnsLeft > 0 {
            turnsLeft -= 1
            var index = 0
            while index < busy.count {
                if read(busy[index]) { index += 1 } else { busy.remove(at: index) }
            }
            if busy.isEmpty { tellScope() }
        }
    }

    private mutating func tellScope() {
        for change in members.changes() {
            switch change {
            case .opened(let namespace): waiting.append(NetworkEvent(.opened, in: namespace))
            case .closed(let namespace): leave(namespace, .closed)
            case .failed(let namespace, let error): leave(namespace, .failed(error.code))
            }
        }
    }

    private mutating func leave(_ namespace: Namespace, _ kind: NetworkEvent.Kind) {
        busy.removeAll { $0.namespace == namespace }
        waiting.append(NetworkEvent(kind, in: namespace))
    }

    /// Reads one datagram; false when there is none.
    private mutating func read(_ source: Source) -> Bool {
        do throws(NetlinkError) {
            return try source.reader.receive { (bytes: consuming RawSpan?, namespaceID: NamespaceID?) in
                guard let bytes else { return waiting.append(NetworkEvent(.overflow, in: source.namespace)) }
                append(bytes, from: namespaceID, source.namespace)
            }
        } catch {
            members.fail(source.namespace, error)
            // A namespace that fails leaves the others as they are; it is the end where there are none.
            if members.isEmpty { end = error }
            return false
        }
    }

    private mutating func append(_ datagram: RawSpan, from namespaceID: NamespaceID?, _ namespace: Namespace) {
        MessageReader.readNotifications(of: datagram) { fault in
            switch fault {
            case .overflow: waiting.append(NetworkEvent(.overflow, in: namespace))
            case .malformed(let error, let bytes):
                waiting.append(NetworkEvent(.malformed(error, bytes), in: namespace))
            }
        } reading: { (message: borrowing Message) throws(DecodeError) in
            try append(message, from: namespaceID, namespace)
        }
    }

    /// Has the layer that knows a message's type read it.
    private mutating func append(
        _ message: borrowing Message, from namespaceID: NamespaceID?, _ namespace: Namespace
    ) throws(DecodeError) {
        if RouteMessageType(rawValue: message.header.type).isTrafficControl {
            let notification = try TrafficControlNotification(decoding: message, from: namespaceID)
            if let filter, !filter.accepts(notification.event) { return }
            waiting.append(NetworkEvent(.trafficControl(notification), in: namespace))
        } else {
            let notification = try RouteNotification(decoding: message, from: namespaceID)
            if let filter, !filter.accepts(notification.event) { return }
            waiting.append(NetworkEvent(.route(notification), in: namespace))
        }
    }
}
