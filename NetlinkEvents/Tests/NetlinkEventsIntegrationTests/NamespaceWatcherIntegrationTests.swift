// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore
import NetlinkEvents
import NetlinkTestSupport
import Synchronization
import Testing

@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaceMounts), "mounting namespaces"))
struct NamespaceWatcherIntegrationTests {
    private func folder() -> NamespaceStore {
        let time = timeOfDay()
        // Not below /tmp, which a test kernel has from its host: a folder made anew there may tell nobody.
        return NamespaceStore(directory: "/run/netlink-names-\(time.seconds)-\(time.nanoseconds)")
    }

    @Test("names that are there come first, then those that come and go, each once") func namesComeAndGo() throws {
        let store = folder()
        try store.create("old")
        defer { try? store.removeDirectory() }
        let watcher = try NamespaceWatcher(store)
        try store.create("between")
        // Listed and announced, but told once.
        let first = [try watcher.next(timeout: .seconds(5)), try watcher.next(timeout: .seconds(5))]
        #expect(Set(first) == [.added("old"), .added("between")])
        #expect(try watcher.next(timeout: .milliseconds(50)) == nil)
        try store.create("new")
        #expect(try watcher.next(timeout: .seconds(5)) == .added("new"))
        try store.delete("old")
        #expect(try watcher.next(timeout: .seconds(5)) == .removed("old"))
        #expect(watcher.names == ["between", "new"])
        for name in watcher.names { try store.delete(name) }
    }

    @Test("a folder that is not there yet is waited for, and again once it is gone") func folderComes() throws {
        let store = folder()
        let watcher = try NamespaceWatcher(store)
        #expect(try watcher.next(timeout: .milliseconds(20)) == nil)
        for round in 0..<3 {
            try store.create("n\(round)")
            #expect(try watcher.next(timeout: .seconds(5)) == .added("n\(round)"))
            try store.delete("n\(round)")
            #expect(try watcher.next(timeout: .seconds(5)) == .removed("n\(round)"))
            try store.removeDirectory()
            #expect(try watcher.next(timeout: .milliseconds(20)) == nil)
        }
    }

    @Test("a marker without a namespace is not told, but one that gets a namespace is") func markers() throws {
        let store = folder()
        try store.create("live")
        defer { try? store.removeDirectory() }
        _ = try createFile(store.path(of: "stale"))
        let watcher = try NamespaceWatcher(store)
        #expect(try watcher.next(timeout: .seconds(5)) == .added("live"))
        #expect(try watcher.next(timeout: .milliseconds(50)) == nil)
        try removeFile(store.path(of: "stale"))
        #expect(try watcher.next(timeout: .milliseconds(50)) == nil)
        try store.delete("live")
    }

    @Test("all names are told where they are asked for, whatever is behind them and however short they live")
    func names() throws {
        let store = folder()
        try store.create("live")
        defer { try? store.removeDirectory() }
        let watcher = try NamespaceWatcher(store, telling: .names)
        _ = try createFile(store.path(of: "marker"))
        #expect(
            try Set([watcher.next(timeout: .seconds(5)), watcher.next(timeout: .seconds(5))]) == [
                .added("live"), .added("marker"),
            ])
        #expect(try watcher.next(timeout: .milliseconds(20)) == nil)
        try removeFile(store.path(of: "marker"))
        try store.create("short")
        try store.delete("short")
        try store.delete("live")
        let told = try (0..<4).map { _ in try watcher.next(timeout: .seconds(5)) }
        #expect(told == [.removed("marker"), .added("short"), .removed("short"), .removed("live")])
        #expect(watcher.names.isEmpty)
    }

    @Test("a name taken away and given again to another namespace goes and comes") func reused() throws {
        let store = folder()
        try store.create("name")
        defer { try? store.removeDirectory() }
        let watcher = try NamespaceWatcher(store)
        #expect(try watcher.next(timeout: .seconds(5)) == .added("name"))
        try store.delete("name")
        try store.create("name")
        #expect(try watcher.next(timeout: .seconds(5)) == .removed("name"))
        #expect(try watcher.next(timeout: .seconds(5)) == .added("name"))
        try store.delete("name")
    }

    @Test("a task is told too, and cancelling ends its wait") func tasks() async throws {
        let store = folder()
        try store.create("one")
        let changes = NamespaceChanges(store)
        let seen = Mutex<[NamespaceChange]>([])
        let reader = Task { () async -> NetlinkError.Code? in
            do throws(NetlinkError) {
                for try await change in changes { seen.withLock { $0.append(change) } }
                return nil
            } catch {
                return error.code
            }
        }
        #expect(try await eventually { seen.withLock { $0 } == [.added("one")] })
        try store.create("two")
        try store.delete("one")
        // A name is told once its namespace is mounted, which may be after the other's end.
        #expect(try await eventually { Set(seen.withLock { $0.dropFirst() }) == [.added("two"), .removed("one")] })
        reader.cancel()
        #expect(await reader.value == .cancelled)
        try store.delete("two")
        try store.removeDirectory()
    }
}
