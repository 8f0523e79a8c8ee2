// SPDX-License-Identifier: Apache-2.0

@_spi(System) public import NetlinkCore

/// A name of a namespace that came or went.
@nonexhaustive
public enum NamespaceChange: Hashable, Sendable {
    /// A namespace has this name now, or had it when watching began.
    case added(String)
    /// The name is gone; the namespace lives on while something uses it.
    case removed(String)
}

/// Names that come and go in a folder of network namespaces, those that are there already first.
///
/// Nothing is missed and nothing told twice between listing and watching. Unless all names are asked for, a name is told once
/// a namespace is bound to it, a moment after its file was made; stale markers never are. The folder need not exist yet.
public final class NamespaceWatcher {
    private static let firstRetryNanoseconds: UInt64 = 1_000_000
    private static let notADirectory: Int32 = 20  // ENOTDIR
    private static let retryLimit: UInt64 = 10

    /// Which names are told.
    @nonexhaustive
    public enum Subject: Hashable, Sendable {
        /// Those of namespaces; one that is bound to another namespace goes and comes.
        case namespaces
        /// All in the folder, whatever is behind them, from when their file is made.
        case names
    }

    /// The folder watched.
    public let store: NamespaceStore
    /// Which names are told.
    public let subject: Subject
    private let watch: DirectoryWatch
    private var directory: Int32?
    private var parent: Int32?
    /// Those told to be there; nil where it does not matter what is behind them.
    private var known: [String: NamespaceIdentity?] = [:]
    private var pending: [String: Retry] = [:]
    private var waiting: [NamespaceChange] = []
    private var mustScan = true

    /// A name whose file is there but no namespace on it yet.
    private struct Retry {
        var at: Instant
        var attempts: UInt64
    }

    /// Begins to watch.
    ///
    /// - Throws: `NetlinkError` when the system lets no more files be watched.
    public init(
        _ store: NamespaceStore = .standard, telling subject: Subject = .namespaces
    ) throws(NetlinkError) {
        self.store = store
        self.subject = subject
        do throws(SystemError) { watch = try DirectoryWatch() } catch {
            throw NetlinkError(error, operation: "watch namespaces", object: store.directory)
        }
    }

    /// A descriptor that polls readable when something may have changed.
    public var descriptor: Int32 { watch.descriptor }

    /// When to look again though the descriptor is not readable; nil for never.
    var deadline: Instant? { pending.values.map(\.at).min() }

    /// The names that were told to be there and are not gone.
    public var names: [String] { known.keys.sorted() }

    /// The next change that is there now; nil when there is none.
    ///
    /// - Throws: `NetlinkError` when the folder cannot be watched or read.
    public func poll() throws(NetlinkError) -> NamespaceChange? {
        do throws(SystemError) {
            if mustScan { try scan() }
            while waiting.isEmpty, let event = try watch.next() { try take(event) }
            if waiting.isEmpty { retry() }
        } catch {
            throw NetlinkError(error, operation: "watch namespaces", object: store.directory)
        }
        return waiting.isEmpty ? nil : waiting.removeFirst()
    }

    /// The next change, or nil when none comes within the time given.
    ///
    /// Without a time it waits for ever.
    public func next(timeout: Duration? = nil) throws(NetlinkError) -> NamespaceChange? {
        let end = timeout.map { Instant.now + $0 }
        while true {
            if let change = try poll() { return change }
            if let end, end <= .now { return nil }
            do throws(SystemError) {
                _ = try waitReadable(descriptor, until: [end, deadline].compactMap { $0 }.min())
            } catch {
                throw NetlinkError(error, operation: "watch namespaces", object: store.directory)
            }
        }
    }

    /// Reads the folder anew, once watching it has begun.
    private func scan() throws(SystemError) {
        mustScan = false
        try watchFolder()
        var names: [String] = []
        do throws(SystemError) { names = try directoryEntries(store.directory) } catch {
            guard error.number == NetlinkError.Code.notFound.rawValue else { throw error }
        }
        let there = Set(names)
        for name in known.keys.sorted() where !there.contains(name) { remove(name) }
        pending = pending.filter { there.contains($0.key) }
        for name in names { look(at: name) }
    }

    /// Watches the folder, or while there is none the one in which it will be made.
    private func watchFolder() throws(SystemError) {
        if let added = try added(store.directory) {
            directory = added
            if let parent { watch.remove(parent) }
            parent = nil
            return
        }
        directory = nil
        var path = store.directory
        while let slash = path.lastIndex(of: "/") {
            path = slash == path.startIndex ? "/" : String(path[..<slash])
            if let added = try added(path) {
                if let parent, parent != added { watch.remove(parent) }
                parent = added
                // It may have been made between the two attempts.
                if let added = try self.added(store.directory) { directory = added }
                return
            }
            if path == "/" { return }
        }
    }

    private func added(_ path: String) throws(SystemError) -> Int32? {
        do throws(SystemError) { return try watch.add(path) } catch {
            let code = NetlinkError.Code(rawValue: error.number)
            if code == .notFound || error.number == Self.notADirectory { return nil }
            throw error
        }
    }

    private func take(_ event: DirectoryWatch.Event) throws(SystemError) {
        if event.isOverflow || (event.isEnd && event.directory == directory) {
            return try scan()
        }
        if event.directory == parent {
            // Something was made where the folder, or a folder on the way to it, may be.
            return try scan()
        }
        guard event.directory == directory else { return }
        let name = String(decoding: event.name, as: UTF8.self)
        if event.isDeletion { remove(name) }
        if event.isCreation { look(at: name) }
    }

    private func remove(_ name: String) {
        pending[name] = nil
        if known.removeValue(forKey: name) != nil { waiting.append(.removed(name)) }
    }

    private func look(at name: String) {
        guard subject == .namespaces else {
            if known.updateValue(nil, forKey: name) == nil { waiting.append(.added(name)) }
            return
        }
        let path = store.path(of: name)
        if let identity = mountedNamespace(path) {
            pending[name] = nil
            if let before = known[name], before == identity { return }
            remove(name)
            known[name] = identity
            waiting.append(.added(name))
        } else {
            let attempts = (pending[name]?.attempts ?? 0) + 1
            // The file is made first and the namespace mounted on it; what never is one is a marker left behind.
            pending[name] =
                attempts > Self.retryLimit
                ? nil
                : Retry(
                    at: Instant.now + .nanoseconds(Int64(Self.firstRetryNanoseconds << (attempts - 1))),
                    attempts: attempts)
        }
    }

    private func retry() {
        let now = Instant.now
        for (name, retry) in pending where retry.at <= now { look(at: name) }
    }
}

/// Names that come and go in a folder of network namespaces, for tasks; those that are there already come first.
///
/// It throws `NetlinkError.Code.cancelled` when the task is cancelled.
public struct NamespaceChanges: AsyncSequence, Sendable {
    /// What it gives.
    public typealias Element = NamespaceChange
    /// How it fails.
    public typealias Failure = NetlinkError

    private let store: NamespaceStore

    /// Watches a folder, from when it is iterated on.
    public init(_ store: NamespaceStore = .standard) { self.store = store }

    /// Begins to watch.
    public func makeAsyncIterator() -> Iterator { Iterator(store: store) }

    /// Gives the changes as they come.
    public struct Iterator: AsyncIteratorProtocol {
        let store: NamespaceStore
        private var watcher: (NamespaceWatcher, PollSet)?

        init(store: NamespaceStore) { self.store = store }

        private mutating func begin() throws(NetlinkError) -> (NamespaceWatcher, PollSet) {
            if let watcher { return watcher }
            let begun = try NamespaceWatcher(store)
            do throws(SystemError) {
                let poll = try PollSet()
                try poll.add(begun.descriptor, as: 0)
                watcher = (begun, poll)
                return (begun, poll)
            } catch {
                throw NetlinkError(error, operation: "watch namespaces")
            }
        }

        /// The next change.
        public mutating func next(
            isolation: isolated (any Actor)?
        ) async throws(NetlinkError) -> NamespaceChange? {
            let (watcher, poll) = try begin()
            while true {
                if Task.isCancelled { throw NetlinkError(.cancelled, operation: "watch namespaces") }
                if let change = try watcher.poll() { return change }
                do throws(SystemError) {
                    try await poll.wait(until: watcher.deadline) { false }
                } catch {
                    throw NetlinkError(error, operation: "watch namespaces")
                }
            }
        }

        /// The next change.
        public mutating func next() async throws(NetlinkError) -> NamespaceChange? {
            try await next(isolation: #isolation)
        }
    }
}
