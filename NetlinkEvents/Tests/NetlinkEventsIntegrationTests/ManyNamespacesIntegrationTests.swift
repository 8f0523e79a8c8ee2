// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore
import NetlinkEvents
import NetlinkRoute
import NetlinkTestSupport
import Testing

/// A stream over many namespaces: what it costs, what it survives, and how it ends.
@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaceMounts), "mounting namespaces"))
struct ManyNamespacesIntegrationTests {
    let folder: NamespaceStore

    init() {
        let time = timeOfDay()
        folder = NamespaceStore(directory: "/tmp/netlink-hundred-\(time.seconds)-\(time.nanoseconds)")
    }

    private func clear() {
        for entry in (try? folder.list()) ?? [] { try? folder.delete(entry.name) }
        try? folder.removeDirectory()
    }

    private func place(_ name: String) -> Namespace { .path(folder.path(of: name)) }

    private static func count(in path: String) throws -> Int { try directoryEntries(path).count }

    /// Whether there are no more entries than that, at once or soon: other suites run beside this one.
    private static func settles(_ path: String, at most: Int) async throws -> Bool {
        try await eventually { try count(in: path) <= most }
    }

    private func addRules(_ priorities: ClosedRange<UInt32>, in namespace: Namespace) throws {
        let connection = try BlockingRouteConnection(in: namespace)
        var batch = Batch<RouteProtocol>()
        for priority in priorities { try batch.append(AddRule(Rule(.ipv4, lookup: 100, priority: priority))) }
        _ = try connection.perform(&batch)
    }

    /// What came of a namespace.
    private struct Told: Equatable {
        var opened = 0
        var closed = 0
        var priorities: [UInt32] = []
        var overflows = 0
        var failures: [NetlinkError.Code] = []

        mutating func take(_ kind: NetworkEvent.Kind) {
            switch kind {
            case .opened: opened += 1
            case .closed: closed += 1
            case .overflow: overflows += 1
            case .failed(let code): failures.append(code)
            case .route(let notification):
                if case .rule(let rule) = notification.event { priorities.append(rule.priority ?? 0) }
            default: break
            }
        }
    }

    /// What comes until nothing does, by namespace.
    private func read(
        _ events: BlockingNetworkEvents, quiet: Duration = .milliseconds(200)
    ) throws -> [Namespace: Told] {
        var told: [Namespace: Told] = [:]
        while let event = try events.next(timeout: quiet) { told[event.namespace, default: Told()].take(event.kind) }
        return told
    }

    @Test("a hundred namespaces cost a descriptor each and no thread; overflow in one is told of that one alone")
    func hundred() async throws {
        defer { clear() }
        let names = (0..<100).map { "n\($0)" }
        for name in names { try folder.create(name) }
        // Threads and descriptors that belong to the process for good come first.
        _ = try BlockingNetworkEvents(of: NamespaceScope([place("n0")], names: folder)).next()
        let before = try Self.count(in: "/proc/self/fd")
        let threads = try Self.count(in: "/proc/self/task")
        do {
            let events = try BlockingNetworkEvents(
                RouteSubscription([.ipv4Rule], receiveBufferByteCount: 4096), of: NamespaceScope([], names: folder))
            let opened = try read(events)
            #expect(opened.count == 100 && opened.values.allSatisfy { $0 == Told(opened: 1) })
            #expect(try await Self.settles("/proc/self/fd", at: before + 104))
            #expect(try await Self.settles("/proc/self/task", at: threads))

            try addRules(1...500, in: place("n7"))
            for name in names where name != "n7" { try addRules(1...1, in: place(name)) }
            let told = try read(events)
            for name in names where name != "n7" { #expect(told[place(name)] == Told(priorities: [1]), "\(name)") }
            let flooded = told[place("n7")]
            #expect(flooded?.overflows == 1 && (1..<500).contains(flooded?.priorities.count ?? 0))
            // It goes on.
            try addRules(1000...1000, in: place("n7"))
            #expect(try read(events) == [place("n7"): Told(priorities: [1000])])

            for name in names { try folder.delete(name) }
            let closed = try read(events)
            #expect(closed.count == 100 && closed.values.allSatisfy { $0 == Told(closed: 1) })
            #expect(try await Self.settles("/proc/self/fd", at: before + 4))
        }
        #expect(try await Self.settles("/proc/self/fd", at: before))
        #expect(try await Self.settles("/proc/self/task", at: threads))
    }

    @Test("namespaces that come and go while the stream begins and reads are each opened and closed once")
    func churning() async throws {
        defer { clear() }
        let folder = folder
        try folder.create("first")
        let churn = Task {
            for round in 0..<40 {
                for index in 0..<3 { try folder.create("n\(index)-\(round)") }
                for index in 0..<2 { try folder.delete("n\(index)-\(round)") }
            }
        }
        let events = try BlockingNetworkEvents(RouteSubscription([.ipv4Rule]), of: NamespaceScope([], names: folder))
        var told: [Namespace: Told] = [:]
        for (namespace, more) in try read(events, quiet: .milliseconds(500)) { told[namespace] = more }
        try await churn.value
        for (namespace, more) in try read(events) {
            told[namespace, default: Told()].opened += more.opened
            told[namespace, default: Told()].closed += more.closed
            told[namespace, default: Told()].failures += more.failures
        }
        #expect(told.values.allSatisfy { $0.failures.isEmpty && $0.opened == 1 && $0.closed <= 1 })
        let open = Set(told.filter { $0.value.closed == 0 }.map(\.key))
        #expect(try open == Set(folder.list().map { place($0.name) }))
        #expect(open.count == 41)
    }

    @Test("a name that gets another namespace is closed and opened") func replaced() throws {
        defer { clear() }
        try folder.create("a")
        let events = try BlockingNetworkEvents(RouteSubscription([.ipv4Rule]), of: NamespaceScope([], names: folder))
        #expect(try read(events) == [place("a"): Told(opened: 1)])
        try folder.delete("a")
        try folder.create("a")
        #expect(try read(events) == [place("a"): Told(opened: 1, closed: 1)])
        try addRules(5...5, in: place("a"))
        #expect(try read(events) == [place("a"): Told(priorities: [5])])
    }

    @Test("cancelling ends a wait, another task goes on, and closing ends the stream for good") func ends() async throws
    {
        let own = try NamespaceFixture()
        let events = try NetworkEvents(RouteSubscription([.ipv4Rule]), of: .one(own.namespace))
        #expect(try await events.next()?.kind == .opened)
        let waiting = Task { () async -> NetlinkError.Code? in
            do throws(NetlinkError) {
                _ = try await events.next()
                return nil
            } catch {
                return error.code
            }
        }
        try await Task.sleep(for: .milliseconds(50))
        waiting.cancel()
        #expect(await waiting.value == .cancelled)
        try addRules(3...3, in: own.namespace)
        guard case .route = try await events.next()?.kind else {
            Issue.record("no event")
            return
        }
        let last = Task { try await events.next() }
        try await Task.sleep(for: .milliseconds(50))
        let before = try Self.count(in: "/proc/self/fd")
        events.close()
        #expect(try await last.value == nil)
        #expect(try await events.next() == nil)
        // The socket is gone with it, and none is opened any more.
        #expect(try await Self.settles("/proc/self/fd", at: before - 1))
        let late = #expect(throws: NetlinkError.self) { try events.add(own.namespace) }
        #expect(late?.isClosed == true)
    }

    @Test("a store that is closed lets go of its sockets and keeps its states") func closedStore() async throws {
        let own = try NamespaceFixture()
        let before = try Self.count(in: "/proc/self/fd")
        var options = NetworkStoreOptions()
        options.kinds = .links
        let store = try NetworkStore(of: .one(own.namespace), options: options)
        while !store.isSynchronized() { _ = try await store.next() }
        store.close()
        #expect(try await store.next() == nil)
        #expect(store.state().link(named: "lo") != nil)
        // What waits for sockets stays as long as the store.
        #expect(try await Self.settles("/proc/self/fd", at: before + 1))
        #expect(throws: NetlinkError.self) { try store.add(own.namespace) }
    }

    @Test("the operations of asynchronous sequences work on it") func combined() async throws {
        let own = try NamespaceFixture()
        let events = try NetworkEvents(RouteSubscription([.ipv4Rule]), of: .one(own.namespace))
        try addRules(1...20, in: own.namespace)
        let priorities = events.compactMap { event -> UInt32? in
            guard case .route(let notification) = event.kind, case .rule(let rule) = notification.event else {
                return nil
            }
            return rule.priority
        }
        var found: [UInt32] = []
        for try await priority in priorities.filter({ $0 % 2 == 0 }).prefix(5) { found.append(priority) }
        #expect(found == [2, 4, 6, 8, 10])
    }

    @Test("a namespace is named by path, by process or by descriptor") func named() throws {
        defer { clear() }
        let handle = try folder.create("a")
        let child = try handle.spawn(NamespaceCommand("sleep", ["60"]))
        defer { try? child.send(signal: 9) }
        let names: [Namespace] = [place("a"), .pid(child.pid), .descriptor(handle.descriptor)]
        let events = try BlockingNetworkEvents(RouteSubscription([.ipv4Rule]), of: NamespaceScope(names))
        try addRules(5...5, in: place("a"))
        #expect(
            try read(events) == Dictionary(uniqueKeysWithValues: names.map { ($0, Told(opened: 1, priorities: [5])) }))
    }

    @Test("events of all namespaces come with ids, of which the folder knows the names") func byID() throws {
        defer { clear() }
        let own = try NamespaceFixture()
        for (index, name) in ["a", "b", "c"].enumerated() {
            try folder.create(name)
            if name != "c" { try own.handle.setID(of: place(name), to: NamespaceID(rawValue: Int32(index) + 4)) }
        }
        try folder.attach(place("a"), as: "also-a")
        let names = try folder.names(byIDIn: own.namespace).mapValues { Set($0) }
        #expect(names == [4: ["a", "also-a"], 5: ["b"]])
        let events = try BlockingNetworkEvents(
            RouteSubscription([.ipv4Rule], includesAllNamespaces: true), of: .one(own.namespace))
        for name in ["a", "b", "c"] { try addRules(1...1, in: place(name)) }
        var told: [Set<String>?] = []
        while let event = try events.next(timeout: .milliseconds(200)) {
            guard case .route(let notification) = event.kind else { continue }
            told.append(notification.namespaceID.flatMap { names[$0] })
        }
        #expect(told == [["a", "also-a"], ["b"]])
        #expect(throws: NetlinkError.self) { try folder.names(byIDIn: .name("no-such-namespace")) }
    }
}
