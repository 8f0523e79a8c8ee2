// SPDX-License-Identifier: Apache-2.0

/// A folder of named network namespaces: the machine's, as `ip netns` keeps them, or one of the caller's own.
///
/// A name is a file on which the namespace is mounted, which keeps it alive. The standard store is the one in which
/// ``Namespace/name(_:)`` looks; a namespace of another is opened with ``Namespace/path(_:)`` and ``path(of:)``. All
/// methods take the capability `CAP_SYS_ADMIN` but those that only list.
public struct NamespaceStore: Hashable, Sendable {
    /// Where `ip netns` binds names; `/var/run` is a link to `/run`.
    public static let standardDirectory = "/run/netns"
    /// The machine's namespaces.
    public static let standard = NamespaceStore(directory: standardDirectory)

    /// The folder.
    public let directory: String

    /// Uses a folder, which ``create(_:)`` and ``attach(_:as:)`` make when it is missing.
    public init(directory: String) { self.directory = directory }

    /// Whether a name can be a file in the folder.
    public static func isValid(name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".." && name.utf8.count <= 255
            && !name.utf8.contains(where: { $0 == 0x2f || $0 == 0 })
    }

    /// Where a name is bound.
    public func path(of name: String) -> String { "\(directory)/\(name)" }

    // MARK: Making and removing

    /// Makes a namespace with a name, as `ip netns add` does; only its loopback link is in it, and down.
    ///
    /// The calling thread stays where it is. When it fails nothing is left behind.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/exists`` when the name is taken, be it by a stale marker.
    @discardableResult
    public func create(_ name: String) throws(NetlinkError) -> NamespaceHandle {
        try binding(name, operation: "create namespace") { (path) throws(SystemError) in
            try Self.bindNew(to: path)
        }
    }

    /// Gives a namespace that exists a name, as `ip netns attach` does.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/exists`` when the name is taken, with
    ///   ``NetlinkError/Code/notFound`` when there is no such namespace.
    @discardableResult
    public func attach(_ namespace: Namespace, as name: String) throws(NetlinkError) -> NamespaceHandle {
        let handle = try NamespaceHandle(namespace)
        return try binding(name, operation: "attach namespace") { (path) throws(SystemError) in
            try Self.bind(handle, to: path)
            return handle
        }
    }

    /// Takes a name away, or a stale marker; the namespace lives on while something uses it.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/notFound`` when there is no such name.
    public func delete(_ name: String) throws(NetlinkError) {
        try check(name, operation: "delete namespace")
        try Self.remove(path(of: name), name)
    }

    /// Takes a folder of the caller's own away when no name is in it.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/busy`` while there are names.
    public func removeDirectory() throws(NetlinkError) {
        do throws(SystemError) { try removeUnusedDirectory() } catch {
            throw NetlinkError(error, operation: "remove folder of namespaces", object: directory)
        }
    }

    /// Makes a namespace bound to a path of the caller's choice, where no file may be yet.
    @discardableResult
    public static func create(atPath path: String) throws(NetlinkError) -> NamespaceHandle {
        do throws(SystemError) {
            return try marking(path) { () throws(SystemError) in try bindNew(to: path) }
        } catch {
            throw NetlinkError(error, operation: "create namespace", object: path)
        }
    }

    /// Takes away what ``create(atPath:)`` made.
    public static func delete(atPath path: String) throws(NetlinkError) { try remove(path, path) }

    private static func remove(_ path: String, _ object: String) throws(NetlinkError) {
        do throws(SystemError) {
            // A file may carry several mounts; under propagation a peer's mount may even arrive meanwhile.
            for _ in 0..<16 {
                // Other mounts and what a link points to are not ours to take away.
                guard MountCalls.isNamespace(path), (try? MountCalls.detach(path)) != nil else { break }
            }
            try removeFile(path)
        } catch {
            throw NetlinkError(error, operation: "delete namespace", object: object)
        }
    }

    private func check(_ name: String, operation: String) throws(NetlinkError) {
        guard Self.isValid(name: name) else {
            throw NetlinkError(
                .invalidArgument, operation: operation, object: name, explanation: "not a name of a namespace")
        }
    }

    private func binding(
        _ name: String, operation: String, _ bind: (String) throws(SystemError) -> NamespaceHandle
    ) throws(NetlinkError) -> NamespaceHandle {
        try check(name, operation: operation)
        let path = path(of: name)
        do throws(SystemError) {
            let isNew = try makeDirectory(directory)
            do throws(SystemError) {
                try shareDirectory()
                return try Self.marking(path) { () throws(SystemError) in try bind(path) }
            } catch {
                if isNew { try? removeUnusedDirectory() }
                throw error
            }
        } catch {
            throw NetlinkError(error, operation: operation, object: name)
        }
    }

    /// Makes the folder a mount point whose mounts spread, so that a name deleted here is gone in every mount namespace.
    private func shareDirectory() throws(SystemError) {
        // Two processes that find it not yet mounted would mount it twice.
        try withLockedDirectory(directory) { () throws(SystemError) in
            do throws(SystemError) {
                try MountCalls.share(directory)
            } catch {
                guard error.number == NetlinkError.Code.invalidArgument.rawValue else { throw error }
                try MountCalls.bind(directory, to: directory, recursively: true)
                try MountCalls.share(directory)
            }
        }
    }

    // Fails where another process has put a name meanwhile, which is right.
    private func removeUnusedDirectory() throws(SystemError) {
        // While names are in it, taking the mount away would hide them.
        if try !directoryEntries(directory).isEmpty {
            throw SystemError(NetlinkError.Code.busy.rawValue, call: "rmdir")
        }
        try? MountCalls.remove(directory)
        try removeEmptyDirectory(directory)
    }

    /// Makes the file that is to carry the mount, and removes it when the mount fails.
    private static func marking(
        _ path: String, _ bind: () throws(SystemError) -> NamespaceHandle
    ) throws(SystemError) -> NamespaceHandle {
        try createMarker(path)
        do throws(SystemError) { return try bind() } catch {
            try? removeFile(path)
            throw error
        }
    }

    private static func bindNew(to path: String) throws(SystemError) -> NamespaceHandle {
        try Thread.run { () throws(SystemError) -> NamespaceHandle in
            try NamespaceCalls.enterNew()
            let handle = try NamespaceHandle.ofThread()
            try MountCalls.bind(NamespaceHandle.threadPath, to: path)
            return handle
        }.get()
    }

    // From the descriptor: a process or a name may be another's by now.
    private static func bind(_ handle: NamespaceHandle, to path: String) throws(SystemError) {
        try MountCalls.bind("/proc/thread-self/fd/\(handle.descriptor)", to: path)
    }

    // MARK: Listing

    /// A name in a store.
    public struct Entry: Hashable, Sendable {
        /// The name.
        public let name: String
        /// What tells its namespace apart; nil for a stale marker: any file that is not a network namespace.
        public let identity: NamespaceIdentity?
        /// Whether a namespace is bound to the name.
        public var isLive: Bool { identity != nil }
    }

    /// The names in the order of the folder, which is on most systems the newest first; none when there is no folder.
    public func list() throws(NetlinkError) -> [Entry] {
        let names: [String]
        do throws(SystemError) { names = try directoryEntries(directory) } catch {
            if error.number == NetlinkError.Code.notFound.rawValue { return [] }
            throw NetlinkError(error, operation: "list namespaces", object: directory)
        }
        return names.map { name in
            let path = path(of: name)
            // Other files are not even opened: devices may act on it.
            let handle = MountCalls.isNamespace(path) ? try? NamespaceHandle(.path(path)) : nil
            return Entry(name: name, identity: handle?.identity)
        }
    }

    /// The names that a namespace has, in the order of the folder, as `ip netns identify` finds them.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/notFound`` when there is no such process or namespace.
    public func names(of namespace: Namespace) throws(NetlinkError) -> [String] {
        let identity = try NamespaceHandle(namespace).identity
        return try list().filter { $0.identity == identity }.map(\.name)
    }

    /// The processes whose first thread is in the namespace of that name, as `ip netns pids` lists them.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/notFound`` when there is no such name; in a stale marker is no
    ///   process.
    public func pids(in name: String) throws(NetlinkError) -> [Int32] {
        try check(name, operation: "list processes")
        let identity: NamespaceIdentity
        do throws(SystemError) { identity = try NamespaceIdentity(ofPath: path(of: name)) } catch {
            throw NetlinkError(error, operation: "list processes", object: name)
        }
        return try identity.pids()
    }
}
