// SPDX-License-Identifier: Apache-2.0

@_spi(System) public import NetlinkCore
internal import NetlinkRoute

/// A mirror of one network namespace or of many, for tasks.
///
/// It subscribes, lists, and keeps up with what the kernel tells; it infers what the kernel does not tell, and checks
/// that with lists. What it tells are changes only: added, changed, removed, each with the object before and after.
/// When notifications are lost it says so, lists anew, and tells the difference.
///
/// ```swift
/// let store = try NetworkStore()
/// for try await event in store {
///     switch event.kind {
///     case .change(.route(.removed(let route)), let cause): print("gone", route, cause)
///     case .synchronized: print(store.state().links.count, "links")
///     default: break
///     }
/// }
/// ```
///
/// The store is as current as its reader: it takes in what there is when it is asked for the next event. One task at a
/// time reads; any may look at the states, add, remove and close.
public final class NetworkStore: AsyncSequence, Sendable {
    /// What it gives.
    public typealias Element = NetworkStoreEvent
    /// How it fails.
    public typealias Failure = NetlinkError

    private let directory = StateDirectory()
    private let turn: Turn<StoreDriver>
    private let first: Namespace

    /// Subscribes in each namespace of a scope; lists are made when the first event is asked for.
    ///
    /// - Throws: `NetlinkError` when a namespace that is named cannot be entered, or the subscription is refused there.
    public convenience init(
        of scope: NamespaceScope = .current, options: NetworkStoreOptions = NetworkStoreOptions()
    ) throws(NetlinkError) {
        try self.init(of: scope, options: options) { (namespace: Namespace) throws(NetlinkError) in
            let handle = try NamespaceHandle(namespace)
            return try MirrorOpener.sources(in: handle)
        }
    }

    /// Mirrors one namespace over transports of the caller's own.
    public convenience init(
        opening source: TransportSource, options: NetworkStoreOptions = NetworkStoreOptions()
    ) throws(NetlinkError) {
        try self.init(of: .current, options: options) { _ in (source, source) }
    }

    private init(
        of scope: NamespaceScope, options: NetworkStoreOptions,
        open: @escaping @Sendable (Namespace) throws(NetlinkError) -> (TransportSource, TransportSource)
    ) throws(NetlinkError) {
        first = scope.namespaces.first ?? .current
        let driver = try StoreDriver(options, of: scope, directory) { (namespace: Namespace) throws(NetlinkError) in
            let (events, lists) = try open(namespace)
            return (events, try RouteConnection(opening: lists, timeout: options.timeout))
        }
        turn = Turn(driver, driver.poll)
    }

    /// What is known of a namespace, of the scope's first one unless told otherwise; nothing of one that is not covered.
    ///
    /// A value: taking it costs nothing, but while it is kept the store's next change copies what it changes.
    public func state(of namespace: Namespace? = nil) -> NetworkState {
        directory.state(of: namespace ?? first)?.state ?? NetworkState()
    }

    /// Whether a namespace was listed whole, and again since notifications were last lost.
    public func isSynchronized(_ namespace: Namespace? = nil) -> Bool {
        directory.state(of: namespace ?? first)?.isSynchronized ?? false
    }

    /// The namespaces that are covered.
    public var namespaces: [Namespace] { directory.namespaces }

    /// What the store has done so far for the namespaces that are covered.
    public var statistics: NetworkStoreStatistics { directory.statistics }

    /// Covers a namespace from now on.
    ///
    /// - Throws: `NetlinkError` with code `closed` when the store was closed.
    public func add(_ namespace: Namespace) throws(NetlinkError) {
        try turn.change { (driver: StoreDriver) throws(NetlinkError) in try driver.add(namespace) }
    }

    /// Covers a namespace no longer.
    public func remove(_ namespace: Namespace) throws(NetlinkError) {
        try turn.use { (driver: StoreDriver) throws(NetlinkError) in driver.remove(namespace) }
    }

    /// Ends the sequence and closes its sockets; the states stay as they are.
    public func close() { turn.close { $0.close() } }

    /// The next event; nil when the store was closed.
    ///
    /// - Throws: `NetlinkError` with code `cancelled` when the task is cancelled; with another one when the only
    ///   namespace cannot be mirrored any more.
    public func next() async throws(NetlinkError) -> NetworkStoreEvent? {
        while true {
            if turn.isClosed { return nil }
            if Task.isCancelled { throw NetlinkError(.cancelled, operation: "mirror network") }
            switch try turn.use({ (driver: StoreDriver) throws(NetlinkError) in try driver.step() }) {
            case .tell(let event): return event
            case .list(let namespace, let connection, let job):
                let result = await list(job, connection)
                if case .failure(let error) = result, error.isCancelled { throw error }
                try turn.use { (driver: StoreDriver) throws(NetlinkError) in try driver.finish(namespace, job, result) }
            case .wait(let deadline): try await turn.wait(until: deadline)
            }
        }
    }

    private func list(_ job: ListingJob, _ connection: any Sendable) async -> Result<NetworkListing, NetlinkError> {
        guard let connection = connection as? RouteConnection else { return .failure(NetlinkError(.closed)) }
        do throws(NetlinkError) {
            switch job.subject {
            case .links: return .success(.links(try await connection.dump(.links)))
            case .addresses: return .success(.addresses(try await connection.dump(.addresses)))
            case .routes(let families):
                let routes = try await connection.dump(.routes(family: ListingJob.family(families)))
                return .success(.routes(routes, families: families))
            case .neighbors: return .success(.neighbors(try await connection.dump(.neighbors)))
            case .rules: return .success(.rules(try await connection.dump(.rules)))
            }
        } catch {
            return .failure(error)
        }
    }

    /// Begins with what comes next.
    public func makeAsyncIterator() -> Iterator { Iterator(store: self) }

    /// Gives the events as they come.
    public struct Iterator: AsyncIteratorProtocol {
        let store: NetworkStore

        /// The next event; nil when the store was closed.
        public mutating func next(isolation: isolated (any Actor)?) async throws(NetlinkError) -> NetworkStoreEvent? {
            try await store.next()
        }
        /// The next event; nil when the store was closed.
        public mutating func next() async throws(NetlinkError) -> NetworkStoreEvent? { try await store.next() }
    }
}

/// Opens the sockets of a mirror, all in the namespace of one handle.
enum MirrorOpener {
    static func sources(in handle: NamespaceHandle) throws(NetlinkError) -> (TransportSource, TransportSource) {
        let source = TransportSource { () throws(NetlinkError) in
            try NetlinkSocket.open(protocol: RouteProtocol.number, in: .descriptor(handle.descriptor))
        }
        return (source, source)
    }
}
