// SPDX-License-Identifier: Apache-2.0

@_spi(System) public import NetlinkCore
internal import NetlinkRoute

/// A mirror of one network namespace or of many, for threads and tools.
///
/// As ``NetworkStore``; one thread at a time uses it.
public final class BlockingNetworkStore {
    private let directory = StateDirectory()
    private let driver: StoreDriver
    private let first: Namespace

    /// Subscribes in each namespace of a scope; lists are made when the first event is asked for.
    ///
    /// - Throws: `NetlinkError` when a namespace that is named cannot be entered, or the subscription is refused there.
    public init(
        of scope: NamespaceScope = .current, options: NetworkStoreOptions = NetworkStoreOptions()
    ) throws(NetlinkError) {
        first = scope.namespaces.first ?? .current
        driver = try StoreDriver(options, of: scope, directory) { (namespace: Namespace) throws(NetlinkError) in
            let (events, lists) = try MirrorOpener.sources(in: try NamespaceHandle(namespace))
            return (events, BlockingLister(try BlockingRouteConnection(opening: lists, timeout: options.timeout)))
        }
    }

    /// Mirrors one namespace over transports of the caller's own.
    public init(
        opening source: TransportSource, options: NetworkStoreOptions = NetworkStoreOptions()
    ) throws(NetlinkError) {
        first = .current
        driver = try StoreDriver(options, of: .current, directory) { (_: Namespace) throws(NetlinkError) in
            (source, BlockingLister(try BlockingRouteConnection(opening: source, timeout: options.timeout)))
        }
    }

    /// What is known of a namespace, of the scope's first one unless told otherwise; nothing of one that is not covered.
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
    public func add(_ namespace: Namespace) throws(NetlinkError) { try driver.add(namespace) }

    /// Covers a namespace no longer.
    public func remove(_ namespace: Namespace) { driver.remove(namespace) }

    /// A descriptor that polls readable when ``next(timeout:)`` may have something to give.
    ///
    /// Checks are due by time, too: ask at least every second.
    public var descriptor: Int32 { driver.poll.descriptor }

    /// The next event; nil when none comes within the time given.
    ///
    /// Without a time it waits for ever.
    ///
    /// - Throws: `NetlinkError` when the only namespace cannot be mirrored any more.
    public func next(timeout: Duration? = nil) throws(NetlinkError) -> NetworkStoreEvent? {
        let end = timeout.map { Instant.now + $0 }
        while true {
            switch try driver.step() {
            case .tell(let event): return event
            case .list(let namespace, let lister, let job):
                let result = (lister as? BlockingLister)?.list(job) ?? .failure(NetlinkError(.closed))
                try driver.finish(namespace, job, result)
            case .wait(let deadline):
                if let end, end <= .now { return nil }
                do throws(SystemError) {
                    _ = try waitReadable(driver.poll.descriptor, until: [end, deadline].compactMap { $0 }.min())
                } catch {
                    throw NetlinkError(error, operation: "mirror network")
                }
            }
        }
    }
}

/// Makes lists over a connection that one thread at a time uses, as the store it belongs to.
private final class BlockingLister: @unchecked Sendable {
    private let connection: BlockingRouteConnection

    init(_ connection: BlockingRouteConnection) { self.connection = connection }

    func list(_ job: ListingJob) -> Result<NetworkListing, NetlinkError> {
        do throws(NetlinkError) {
            switch job.subject {
            case .links: return .success(.links(try connection.dump(.links)))
            case .addresses: return .success(.addresses(try connection.dump(.addresses)))
            case .routes(let families):
                let routes = try connection.dump(.routes(family: ListingJob.family(families)))
                return .success(.routes(routes, families: families))
            case .neighbors: return .success(.neighbors(try connection.dump(.neighbors)))
            case .rules: return .success(.rules(try connection.dump(.rules)))
            }
        } catch {
            return .failure(error)
        }
    }
}
