// SPDX-License-Identifier: Apache-2.0

@_spi(System) internal import NetlinkCore
internal import NetlinkRoute

/// Opens what the mirror of a namespace reads from.
struct MirrorSource {
    /// Opens the notifications and what asks for lists.
    let open: (Namespace) throws(NetlinkError) -> (TransportSource, any Sendable)
}

/// The mirrors of a scope, stepped without waiting and without making lists.
final class StoreDriver: @unchecked Sendable {
    /// What to do next.
    enum Step: Sendable {
        case tell(NetworkStoreEvent)
        case list(Namespace, any Sendable, ListingJob)
        case wait(until: Instant?)
    }

    /// How much of one namespace is read before the others have their turn.
    private static let turn = 256

    private let members: NamespaceMembers<NamespaceMirror>
    private let directory: StateDirectory
    private let options: NetworkStoreOptions
    private var waiting: [NetworkStoreEvent] = []
    private var position = 0
    private var busy: [NamespaceMirror] = []

    init(
        _ options: NetworkStoreOptions, of scope: NamespaceScope, _ directory: StateDirectory,
        open: @escaping (Namespace) throws(NetlinkError) -> (TransportSource, any Sendable)
    ) throws(NetlinkError) {
        self.options = options
        self.directory = directory
        let subscription = options.subscription
        let watch = { (namespace: Namespace) throws(NetlinkError) in
            let (source, connection) = try open(namespace)
            let reader = try EventReader<RouteNotification>(
                subscription.eventSubscription, over: source, where: subscription.condition)
            return NamespaceMirror(namespace, reader, connection, options)
        }
        members = try NamespaceMembers(scope, descriptor: { $0.descriptor }, open: watch)
        for mirror in members.all { directory.set(mirror.shared, for: mirror.namespace) }
    }

    var poll: PollSet { members.poll }

    func add(_ namespace: Namespace) throws(NetlinkError) { try members.add(namespace) }
    func remove(_ namespace: Namespace) { members.remove(namespace) }

    func close() {
        members.removeAll()
        busy.removeAll()
        waiting.removeAll()
        position = 0
    }

    func step() throws(NetlinkError) -> Step {
        while true {
            if position < waiting.count {
                defer { position += 1 }
                return .tell(waiting[position])
            }
            waiting.removeAll(keepingCapacity: true)
            position = 0
            let ready = try members.ready()
            tellScope()
            let left = busy.filter { mirror in !ready.contains { $0 === mirror } }
            busy.removeAll(keepingCapacity: true)
            for mirror in ready + left { try read(mirror) }
            let now = Instant.now
            for mirror in members.all {
                mirror.tellGathered(now: now)
                let job = try guarded(mirror) { (mirror) throws(NetlinkError) in try mirror.job(now: now) } ?? nil
                waiting += mirror.takeTold()
                if let job { return .list(mirror.namespace, mirror.connection, job) }
            }
            tellScope()
            if waiting.isEmpty, busy.isEmpty {
                let deadlines = members.all.compactMap(\.deadline) + [members.deadline].compactMap { $0 }
                return .wait(until: deadlines.min())
            }
        }
    }

    private func read(_ mirror: NamespaceMirror) throws(NetlinkError) {
        let isEmptied = try guarded(mirror) { (mirror) throws(NetlinkError) in try mirror.read(limit: Self.turn) }
        waiting += mirror.takeTold()
        if isEmptied == false { busy.append(mirror) }
    }

    /// A namespace that fails leaves the others as they are; it is an error where there are no others to come.
    private func guarded<R>(
        _ mirror: NamespaceMirror, _ body: (NamespaceMirror) throws(NetlinkError) -> R
    ) throws(NetlinkError) -> R? {
        do throws(NetlinkError) { return try body(mirror) } catch {
            try fail(mirror, error)
            return nil
        }
    }

    private func fail(_ mirror: NamespaceMirror, _ error: NetlinkError) throws(NetlinkError) {
        members.fail(mirror.namespace, error)
        if members.isEmpty { throw error }
    }

    /// Takes in how a list went.
    func finish(
        _ namespace: Namespace, _ job: ListingJob, _ result: Result<NetworkListing, NetlinkError>
    ) throws(NetlinkError) {
        // It may have lost its name meanwhile.
        guard let mirror = members.all.first(where: { $0.namespace == namespace }) else { return }
        switch result {
        case .success(let listing):
            _ = try guarded(mirror) { (mirror) throws(NetlinkError) in try mirror.finish(job, listing) }
        case .failure(let error):
            if !mirror.finish(job, failed: error) { try fail(mirror, error) }
        }
        waiting += mirror.takeTold()
    }

    private func tellScope() {
        for change in members.changes() {
            switch change {
            case .opened(let namespace):
                if let mirror = members.all.first(where: { $0.namespace == namespace }) {
                    directory.set(mirror.shared, for: namespace)
                }
                waiting.append(NetworkStoreEvent(.opened, in: namespace))
            case .closed(let namespace):
                directory.set(nil, for: namespace)
                waiting.append(NetworkStoreEvent(.closed, in: namespace))
            case .failed(let namespace, let error):
                directory.set(nil, for: namespace)
                waiting.append(NetworkStoreEvent(.failed(error), in: namespace))
            }
        }
    }
}

/// The states of all namespaces, for all that read them.
final class StateDirectory: Sendable {
    private let states = Lock<[Namespace: SharedState]>([:])

    func set(_ state: SharedState?, for namespace: Namespace) { states.withLock { $0[namespace] = state } }
    func state(of namespace: Namespace) -> SharedState? { states.withLock { $0[namespace] } }
    var namespaces: [Namespace] { states.withLock { Array($0.keys) } }

    var statistics: NetworkStoreStatistics {
        states.withLock { Array($0.values) }.map(\.statistics).reduce(into: NetworkStoreStatistics()) { sum, one in
            sum.notificationCount += one.notificationCount
            sum.overflowCount += one.overflowCount
            sum.listCount += one.listCount
            sum.interruptedListCount += one.interruptedListCount
            sum.inferredCount += one.inferredCount
            sum.divergenceCount += one.divergenceCount
            sum.malformedCount += one.malformedCount
        }
    }
}
