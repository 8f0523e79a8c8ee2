// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@_spi(System) @testable import NetlinkCore

/// All suites that need a real kernel and the right to make network namespaces.
///
/// One test at a time: some look at all threads and descriptors of the process.
@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
enum KernelIntegrationTests {
    /// A folder for a test's own store of namespaces, which is taken away with what is in it.
    static func withStore<R>(_ body: (NamespaceStore) async throws -> R) async throws -> R {
        let store = NamespaceStore(directory: freshPath())
        func clear() throws {
            for entry in try store.list() { try? store.delete(entry.name) }
            try? store.removeDirectory()
        }
        let result: R
        do {
            result = try await body(store)
        } catch {
            try clear()
            throw error
        }
        try clear()
        return result
    }

    /// A path at which nothing is.
    ///
    /// By time, not by process: a test kernel's processes have the same numbers each time, and share this machine's files.
    static func freshPath() -> String {
        let time = timeOfDay()
        return "/tmp/netlink-test-\(time.seconds)-\(time.nanoseconds)"
    }

    /// What the machine's own folder of names was before the first test that makes one there.
    private static let standardFolder = (
        exists: (try? directoryEntries(NamespaceStore.standardDirectory)) != nil, isMounted: isStandardFolderMounted
    )

    private static var isStandardFolderMounted: Bool {
        let mounts = (try? readFile("/proc/self/mountinfo", limit: 1 << 20)) ?? []
        return String(decoding: mounts, as: UTF8.self).contains(" \(NamespaceStore.standardDirectory) ")
    }

    /// Makes a name in the machine's own store.
    static func createStandard(_ name: String) throws(NetlinkError) -> NamespaceHandle {
        _ = standardFolder
        return try NamespaceStore.standard.create(name)
    }

    /// Takes it away again, and leaves the folder as it was before.
    static func forget(_ name: String) {
        try? NamespaceStore.standard.delete(name)
        if !standardFolder.exists {
            try? NamespaceStore.standard.removeDirectory()
        } else if !standardFolder.isMounted {
            try? MountCalls.remove(NamespaceStore.standardDirectory)
        }
    }

    /// The namespaces in which this process's threads are.
    static func threadNamespaces() throws -> Set<NamespaceIdentity> {
        let threads = try directoryEntries("/proc/self/task")
        // A thread that ends meanwhile has none.
        let handles = threads.compactMap { try? NamespaceHandle(.path("/proc/self/task/\($0)/ns/net")) }
        return Set(handles.map(\.identity))
    }

    /// The names without those of the links that some kernels put into every new namespace, such as `tunl0`.
    static func made(_ links: [TestLink]) throws -> [String] {
        let builtIn = try NamespaceFixture(loopback: false).connect(TestRoute.self).dump(TestLinkDump())
        let names = Set(builtIn.compactMap(\.name)).subtracting(["lo"])
        return links.compactMap(\.name).filter { !names.contains($0) }
    }

    static func descriptorCount() throws -> Int { try directoryEntries("/proc/self/fd").count }
}
