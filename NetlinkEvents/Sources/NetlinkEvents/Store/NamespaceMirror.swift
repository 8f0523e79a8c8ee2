// SPDX-License-Identifier: Apache-2.0

@_spi(System) internal import NetlinkCore
internal import NetlinkRoute

/// What is known of a namespace, for all that read it.
final class SharedState: Sendable {
    private let lock = Lock((state: NetworkState(), statistics: NetworkStoreStatistics(), isSynchronized: false))

    var state: NetworkState { lock.withLock { $0.state } }
    var statistics: NetworkStoreStatistics { lock.withLock { $0.statistics } }
    var isSynchronized: Bool {
        get { lock.withLock { $0.isSynchronized } }
        set { lock.withLock { $0.isSynchronized = newValue } }
    }

    func update<R: Sendable>(_ body: (inout NetworkState) -> R) -> R { lock.withLock { body(&$0.state) } }
    func count(_ body: (inout NetworkStoreStatistics) -> Void) { lock.withLock { body(&$0.statistics) } }
}

/// A list that is to be made.
struct ListingJob {
    enum Subject {
        case links, addresses, neighbors, rules
        case routes(Set<AddressFamily>)
    }

    let subject: Subject
    /// Whether it checks what is thought to be known.
    let isCheck: Bool

    var kinds: NetworkKinds {
        switch subject {
        case .links: .links
        case .addresses: .addresses
        case .neighbors: .neighbors
        case .rules: .rules
        case .routes(let families): families.reduce(into: []) { $0.formUnion(NetworkKinds(routesOf: $1)) }
        }
    }

    /// The first of some kinds; links before what is on them.
    init?(firstOf kinds: NetworkKinds, isCheck: Bool) {
        self.isCheck = isCheck
        let families = kinds.routeFamilies
        if kinds.contains(.links) {
            subject = .links
        } else if kinds.contains(.addresses) {
            subject = .addresses
        } else if !families.isEmpty {
            subject = .routes(families)
        } else if kinds.contains(.neighbors) {
            subject = .neighbors
        } else if kinds.contains(.rules) {
            subject = .rules
        } else {
            return nil
        }
    }

    /// The family to ask for: one, or unspecified for all.
    static func family(_ families: Set<AddressFamily>) -> AddressFamily {
        families.count == 1 ? families.first ?? .unspecified : .unspecified
    }
}

/// The mirror of one namespace: subscribed first, listed then, and kept up with notifications.
///
/// It makes no lists itself: it says which are due and is given what they showed. A list and the notifications that came
/// while it was made are put together before anything is told, so that nothing is told twice, or as it was before.
final class NamespaceMirror {
    /// How much is read before a list, and after it, at most: under endless changes it must be made some time.
    private static let drainLimit = 1 << 16
    private static let firstRetry: Duration = .milliseconds(10)
    private static let lastRetry: Duration = .seconds(1)

    let namespace: Namespace
    let shared = SharedState()
    /// What asks for lists: a connection of one kind or the other.
    let connection: any Sendable
    private let options: NetworkStoreOptions
    private var reader: EventReader<RouteNotification>
    private var pending: NetworkKinds
    private var doubted: NetworkKinds = []
    private var checkAt: Instant?
    private var firstDoubt: Instant?
    private var retryAt: Instant?
    /// Whether notifications were lost and the socket not emptied since: until it is, the kernel loses more in silence.
    private var isCongested = false
    private var retryDelay = NamespaceMirror.firstRetry
    private var gathering = NeighborGathering()
    private(set) var told: [NetworkStoreEvent] = []

    init(
        _ namespace: Namespace, _ reader: consuming EventReader<RouteNotification>, _ connection: any Sendable,
        _ options: NetworkStoreOptions
    ) {
        self.namespace = namespace
        self.reader = reader
        self.connection = connection
        self.options = options
        pending = options.watched
    }

    var descriptor: Int32 { reader.descriptor }

    /// Takes what there is to tell.
    func takeTold() -> [NetworkStoreEvent] {
        defer { told.removeAll(keepingCapacity: true) }
        return told
    }

    private func tell(_ kind: NetworkStoreEvent.Kind) { told.append(NetworkStoreEvent(kind, in: namespace)) }

    private func tell(_ changes: [ObservedChange]) {
        for change in changes where options.kinds.contains(change.change.kind) {
            if let delay = options.neighborDelay, gathering.take(change, for: delay) { continue }
            tell(.change(change.change, cause: change.cause))
        }
    }

    private func tellGathered() {
        for change in gathering.takeAll() { tell(.change(change.change, cause: change.cause)) }
    }

    /// Tells what was held back, once it is due.
    func tellGathered(now: Instant) {
        if let dueAt = gathering.dueAt, dueAt <= now { tellGathered() }
    }

    // MARK: Notifications

    /// Reads at most so many elements and applies them; false when there are more.
    ///
    /// Changes of the kinds given are applied and not told.
    func read(limit: Int, silently kinds: NetworkKinds = []) throws(NetlinkError) -> Bool {
        for _ in 0..<limit {
            guard let element = try reader.next() else {
                isCongested = false
                return true
            }
            switch element {
            case .notification(let notification): apply(notification, silently: kinds)
            case .overflow: overflow()
            case .malformed(let error, let bytes):
                shared.count { $0.malformedCount += 1 }
                tell(.malformed(error, bytes))
            @unknown default: break
            }
        }
        return false
    }

    private func apply(_ notification: RouteNotification, silently kinds: NetworkKinds) {
        let (changes, doubts) = shared.update { state in
            let changes = state.apply(notification)
            defer { state.doubts = [] }
            return (changes, state.doubts)
        }
        let inferred = changes.count { $0.cause == .inferred }
        shared.count {
            $0.notificationCount += 1
            $0.inferredCount += inferred
        }
        if !doubts.isEmpty { doubt(doubts) }
        if changes.isEmpty { return }
        tell(kinds.isEmpty ? changes : changes.filter { !kinds.contains($0.change.kind) })
    }

    private func overflow() {
        isCongested = true
        shared.count { $0.overflowCount += 1 }
        tellGathered()
        // Said once: until all is listed anew, further losses change nothing.
        if pending != options.watched || shared.isSynchronized { tell(.overflow) }
        shared.isSynchronized = false
        pending = options.watched
        doubted = []
        checkAt = nil
        firstDoubt = nil
    }

    private func doubt(_ kinds: NetworkKinds) {
        guard let delay = options.checkDelay else { return }
        let kinds = kinds.intersection(options.watched)
        if kinds.isEmpty { return }
        doubted.formUnion(kinds)
        let now = Instant.now
        let first = firstDoubt ?? now
        firstDoubt = first
        // Ten times a delay that means never would be more than a duration has seconds for.
        checkAt = min(now + delay, first + (delay < .seconds(1 << 32) ? delay * 10 : delay))
    }

    // MARK: Lists

    /// When there is something to do though nothing comes; nil for never.
    var deadline: Instant? { [listDeadline, gathering.dueAt].compactMap { $0 }.min() }

    /// When a list is due; nil for none.
    private var listDeadline: Instant? {
        if !pending.isEmpty { return retryAt ?? Instant(nanoseconds: 0) }
        guard let checkAt, !doubted.isEmpty else { return nil }
        return max(checkAt, retryAt ?? checkAt)
    }

    /// The list that is due now, once what was announced before it is taken in.
    func job(now: Instant) throws(NetlinkError) -> ListingJob? {
        guard let listDeadline, listDeadline <= now else { return nil }
        _ = try read(limit: Self.drainLimit)
        if isCongested { return nil }
        if !pending.isEmpty { return ListingJob(firstOf: pending, isCheck: false) }
        return ListingJob(firstOf: doubted, isCheck: true)
    }

    /// Takes in what a list showed.
    func finish(_ job: ListingJob, _ listing: NetworkListing) throws(NetlinkError) {
        retryAt = nil
        retryDelay = Self.firstRetry
        shared.count { $0.listCount += 1 }
        let kinds = job.kinds
        if job.isCheck { settle(kinds) }
        let wanted = listing.filtered(by: options.filter)
        let (before, listed) = shared.update { state in
            let before = state
            state.replace(with: wanted)
            return (before, state)
        }
        pending.subtract(kinds)
        // What came while the list was made may be older than what it shows, or newer.
        _ = try read(limit: Self.drainLimit, silently: kinds)
        let changes = shared.state.differences(from: before, in: kinds)
        if job.isCheck, !changes.isEmpty {
            let unexplained = listed.differences(from: before, in: kinds).count
            shared.count { $0.divergenceCount += unexplained }
        }
        tell(changes.map { ObservedChange($0, cause: .listed) })
        if pending.isEmpty, !shared.isSynchronized {
            shared.isSynchronized = true
            tellGathered()
            tell(.synchronized)
        }
    }

    private func settle(_ kinds: NetworkKinds) {
        doubted.subtract(kinds)
        guard doubted.isEmpty else { return }
        checkAt = nil
        firstDoubt = nil
    }

    /// Takes in that a list could not be made: false when trying again is of no use.
    func finish(_ job: ListingJob, failed error: NetlinkError) -> Bool {
        let isTransient = error.isInterrupted || error.isBusy || error.code == .overrun || error.code == .noBufferSpace
        guard isTransient else { return false }
        if error.isInterrupted {
            shared.count { $0.interruptedListCount += 1 }
            // It may lack what did not change, so that it can add and not take away.
            if !job.isCheck, let partial = NetworkListing(partial: error.partial, job.subject) {
                let wanted = partial.filtered(by: options.filter)
                tell(shared.update { $0.merge(wanted) })
            }
        }
        retryAt = .now + retryDelay
        retryDelay = min(retryDelay * 2, Self.lastRetry)
        return true
    }
}

extension NetworkListing {
    /// The elements that an interrupted dump gave.
    fileprivate init?(partial: (any Sendable)?, _ subject: ListingJob.Subject) {
        switch (subject, partial) {
        case (.links, let links as [Link]): self = .links(links)
        case (.addresses, let addresses as [Address]): self = .addresses(addresses)
        case (.routes(let families), let routes as [Route]): self = .routes(routes, families: families)
        case (.neighbors, let neighbors as [Neighbor]): self = .neighbors(neighbors)
        case (.rules, let rules as [Rule]): self = .rules(rules)
        default: return nil
        }
    }

    /// What passes a filter.
    fileprivate func filtered(by filter: RouteFilter) -> NetworkListing {
        if filter.isEmpty { return self }
        switch self {
        case .links(let links): return .links(links.filter { filter.accepts($0) })
        case .addresses(let addresses): return .addresses(addresses.filter { filter.accepts($0) })
        case .routes(let routes, let families):
            return .routes(routes.filter { filter.accepts($0) }, families: families)
        case .neighbors(let neighbors): return .neighbors(neighbors.filter { filter.accepts($0) })
        case .rules(let rules): return .rules(rules.filter { filter.accepts($0) })
        }
    }
}

extension NetworkChange {
    /// The kind of object.
    public var kind: NetworkKinds {
        switch self {
        case .link: .links
        case .address: .addresses
        case .route(let change): NetworkKinds(routesOf: (change.after ?? change.before)?.family ?? .unspecified)
        case .neighbor: .neighbors
        case .rule: .rules
        }
    }
}
