// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore
import NetlinkEvents
import NetlinkRoute
import NetlinkTestSupport
import Synchronization
import Testing

@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaceMounts), "mounting namespaces"))
struct NamespacesIntegrationTests {
    let folder: NamespaceStore

    init() {
        let time = timeOfDay()
        folder = NamespaceStore(directory: "/tmp/netlink-many-\(time.seconds)-\(time.nanoseconds)")
    }

    private func clear() {
        for entry in (try? folder.list()) ?? [] { try? folder.delete(entry.name) }
        try? folder.removeDirectory()
    }

    private func place(_ name: String) -> Namespace { .path(folder.path(of: name)) }

    private func addRule(_ priority: UInt32, in name: String) throws {
        let connection = try BlockingRouteConnection(in: place(name))
        try connection.add(Rule(.ipv4, lookup: 100, priority: priority))
    }

    /// What comes until nothing does, in short.
    private func read(_ events: BlockingNetworkEvents) throws -> [String] {
        var told: [String] = []
        while let event = try events.next(timeout: .milliseconds(150)) {
            let name = event.namespace.description.split(separator: "/").last ?? ""
            switch event.kind {
            case .opened: told.append("\(name) opened")
            case .closed: told.append("\(name) closed")
            case .route(let notification):
                if case .rule(let rule) = notification.event { told.append("\(name) \(rule.priority ?? 0)") }
            default: told.append("\(name) \(event.kind)")
            }
        }
        return told
    }

    @Test("one stream tells what happens in namespaces that come and go, and where") func growing() throws {
        defer { clear() }
        try folder.create("a")
        let own = try NamespaceFixture()
        let events = try BlockingNetworkEvents(
            RouteSubscription([.ipv4Rule]), of: NamespaceScope([own.namespace], names: folder))
        #expect(try Set(read(events)) == ["descriptor \(own.handle.descriptor) opened", "a opened"])
        try folder.create("b")
        #expect(try read(events) == ["b opened"])
        try addRule(1, in: "a")
        try addRule(2, in: "b")
        try own.connect(RouteProtocol.self).add(Rule(.ipv4, lookup: 100, priority: 3))
        #expect(
            try Set(read(events)) == ["a 1", "b 2", "descriptor \(own.handle.descriptor) 3"])
        try folder.delete("a")
        #expect(try read(events) == ["a closed"])
        try addRule(4, in: "b")
        #expect(try read(events) == ["b 4"])
        events.remove(own.namespace)
        try own.connect(RouteProtocol.self).add(Rule(.ipv4, lookup: 100, priority: 5))
        #expect(try read(events) == ["descriptor \(own.handle.descriptor) closed"])
    }

    @Test("a namespace whose name is gone is not kept alive") func letGo() async throws {
        defer { clear() }
        try folder.create("gone")
        let own = try NamespaceFixture()
        try await own.handle.setID(of: place("gone"), to: 5)
        let events = try BlockingNetworkEvents(of: NamespaceScope([], names: folder))
        #expect(try read(events) == ["gone opened"])
        try folder.delete("gone")
        #expect(try read(events) == ["gone closed"])
        // The id goes with the namespace, once nothing holds it any more.
        #expect(try await eventually { try own.handle.ids() == [] })
    }

    @Test("a busy namespace does not keep the others waiting, and none is missed") func many() throws {
        defer { clear() }
        for index in 0..<8 { try folder.create("n\(index)") }
        let events = try BlockingNetworkEvents(
            RouteSubscription([.ipv4Rule]), of: NamespaceScope([], names: folder))
        #expect(try read(events).count == 8)
        var batch = Batch<RouteProtocol>()
        for priority in 1...500 as ClosedRange<UInt32> {
            try batch.append(AddRule(Rule(.ipv4, lookup: 100, priority: priority)))
        }
        _ = try BlockingRouteConnection(in: place("n0")).perform(&batch)
        for index in 1..<8 { try addRule(1, in: "n\(index)") }
        let told = try read(events)
        #expect(told.count == 507)
        let last = try #require(told.lastIndex { !$0.hasPrefix("n0") })
        #expect(last < 400)
    }

    @Test("tasks read one stream of many namespaces, others add to it and close it") func tasks() async throws {
        defer { clear() }
        try folder.create("a")
        let own = try NamespaceFixture()
        let events = try NetworkEvents(RouteSubscription([.ipv4Rule]), of: NamespaceScope([], names: folder))
        let seen = Mutex<Set<Namespace>>([])
        let opened = Mutex<Set<Namespace>>([])
        let reader = Task {
            for try await event in events {
                switch event.kind {
                case .opened: opened.withLock { _ = $0.insert(event.namespace) }
                case .route: seen.withLock { _ = $0.insert(event.namespace) }
                default: break
                }
            }
        }
        #expect(try await eventually { opened.withLock { $0 } == [place("a")] })
        try events.add(own.namespace)
        try own.connect(RouteProtocol.self).add(Rule(.ipv4, lookup: 100, priority: 3))
        try addRule(1, in: "a")
        #expect(try await eventually { seen.withLock { $0 } == [own.namespace, place("a")] })
        events.close()
        try await reader.value
    }

    @Test("a store mirrors namespaces that come and go, each by itself") func mirrored() async throws {
        defer { clear() }
        try folder.create("a")
        try addRule(7, in: "a")
        var options = NetworkStoreOptions()
        options.kinds = [.rules, .links]
        let store = try NetworkStore(of: NamespaceScope([], names: folder), options: options)
        let reader = Task { () async throws -> Int in
            var changes = 0
            for try await event in store { if case .change = event.kind { changes += 1 } }
            return changes
        }
        #expect(try await eventually { store.isSynchronized(place("a")) })
        #expect(store.state(of: place("a")).rules.contains { $0.priority == 7 })
        #expect(store.state(of: place("a")).link(named: "lo") != nil)
        try folder.create("b")
        #expect(try await eventually { store.isSynchronized(place("b")) })
        try addRule(8, in: "b")
        #expect(try await eventually { store.state(of: place("b")).rules.contains { $0.priority == 8 } })
        #expect(!store.state(of: place("a")).rules.contains { $0.priority == 8 })
        try folder.delete("a")
        #expect(try await eventually { store.namespaces == [place("b")] })
        #expect(store.state(of: place("a")).links.isEmpty)
        store.close()
        #expect(try await reader.value > 8)
    }

    @Test("a namespace that does not exist is an error that says so") func missing() {
        let scope = NamespaceScope.one(.name("no-such-namespace"))
        #expect(throws: NetlinkError.self) { try NetworkEvents(of: scope) }
        let error = #expect(throws: NetlinkError.self) { try NetworkStore(of: scope) }
        #expect(error?.isNotFound == true)
    }
}
