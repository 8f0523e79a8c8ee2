// SPDX-License-Identifier: Apache-2.0

/// An open network namespace, which lives as long as the handle, whatever becomes of its name.
///
/// What needs a thread inside the namespace gets one that is made for it and ends there: no thread that runs other work
/// ever changes namespace.
public final class NamespaceHandle: Sendable {
    let file: OwnedDescriptor
    /// What tells namespaces apart.
    public let identity: NamespaceIdentity

    /// The descriptor, for as long as the handle lives.
    public var descriptor: Int32 { file.number }

    /// Opens a namespace.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/notFound`` when there is none of that name or process, with
    ///   ``NetlinkError/Code/invalidArgument`` when the file is not a network namespace, such as the marker that a
    ///   namespace leaves behind when the machine's mounts are lost.
    public convenience init(_ namespace: Namespace) throws(NetlinkError) {
        do throws(SystemError) {
            try self.init(opened: Self.open(namespace))
        } catch {
            throw NetlinkError(error, operation: "open namespace", object: namespace.description)
        }
    }

    private init(opened: consuming FileDescriptor) throws(SystemError) {
        identity = try NamespaceIdentity(of: opened.number)
        file = OwnedDescriptor(owning: opened.release())
    }

    /// Makes a network namespace without a name, which is gone when nothing uses it any more.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/notPermitted`` without the capability `CAP_SYS_ADMIN`.
    public static func anonymous() throws(NetlinkError) -> NamespaceHandle {
        do throws(SystemError) {
            return try Thread.run { () throws(SystemError) -> NamespaceHandle in
                try NamespaceCalls.enterNew()
                return try ofThread()
            }.get()
        } catch {
            throw NetlinkError(error, operation: "create namespace")
        }
    }

    /// The namespace of the calling thread; the process's file is that of its first thread.
    static func ofThread() throws(SystemError) -> NamespaceHandle {
        try NamespaceHandle(opened: openFile(threadPath))
    }

    /// Where the kernel shows the calling thread's namespace.
    static var threadPath: String { "/proc/thread-self/ns/net" }

    private static func open(_ namespace: Namespace) throws(SystemError) -> FileDescriptor {
        switch namespace {
        case .current: return try openFile(threadPath)
        case .name(let name):
            guard NamespaceStore.isValid(name: name) else {
                throw SystemError(NetlinkError.Code.invalidArgument.rawValue, call: "open")
            }
            return try checked(NamespaceCalls.open(NamespaceStore.standard.path(of: name)))
        case .path(let path): return try checked(NamespaceCalls.open(path))
        case .pid(let pid):
            guard pid > 0 else { throw SystemError(NetlinkError.Code.notFound.rawValue, call: "open") }
            return try openFile("/proc/\(pid)/ns/net")
        case .descriptor(let number): return try checked(duplicate(number))
        }
    }

    // A stale marker is an ordinary file; other namespaces lie on the same file system.
    private static func checked(_ file: consuming FileDescriptor) throws(SystemError) -> FileDescriptor {
        guard NamespaceCalls.isNetworkNamespace(file.number) else {
            throw SystemError(NetlinkError.Code.invalidArgument.rawValue, call: "setns")
        }
        return file
    }

    /// Runs the closure on a thread that is inside the namespace, made for this and gone afterwards.
    ///
    /// The calling thread waits. What the closure opens (sockets, files below `/proc/thread-self/net` and
    /// `/proc/sys/net`) belongs to the namespace; what it starts with its own threads or tasks does not. The thread blocks
    /// signals.
    ///
    /// - Returns: what the closure returned or threw.
    /// - Throws: ``NetlinkError`` when the namespace cannot be entered: another one than the caller's takes the capability
    ///   `CAP_SYS_ADMIN`.
    public func run<T: Sendable, E: Error>(
        _ body: @escaping @Sendable () throws(E) -> T
    ) throws(NetlinkError) -> Result<T, E> {
        try Self.entering { () throws(SystemError) in
            try Thread.run { () throws(SystemError) in try self.inside(body) }
        }
    }

    /// Runs the closure on a thread that is inside the namespace, made for this and gone afterwards.
    ///
    /// The task waits, and no thread of the task pool does. Cancelling the task does not end the closure: it must be
    /// synchronous and should be short.
    ///
    /// - Returns: what the closure returned or threw.
    /// - Throws: ``NetlinkError`` when the namespace cannot be entered: another one than the caller's takes the capability
    ///   `CAP_SYS_ADMIN`.
    public func run<T: Sendable, E: Error>(
        _ body: @escaping @Sendable () throws(E) -> T
    ) async throws(NetlinkError) -> Result<T, E> {
        do throws(SystemError) {
            return try await Thread.run { () throws(SystemError) in try self.inside(body) }.get()
        } catch {
            throw NetlinkError(error, operation: "enter namespace")
        }
    }

    private func inside<T: Sendable, E: Error>(
        _ body: @Sendable () throws(E) -> T
    ) throws(SystemError) -> Result<T, E> {
        try enter()
        do throws(E) { return .success(try body()) } catch { return .failure(error) }
    }

    private static func entering<T>(
        _ body: () throws(SystemError) -> Result<T, SystemError>
    ) throws(NetlinkError) -> T {
        do throws(SystemError) { return try body().get() } catch {
            throw NetlinkError(error, operation: "enter namespace")
        }
    }

    private var isCurrent: Bool { (try? NamespaceIdentity(ofCurrent: ())) == identity }

    /// Moves the calling thread, which is made for this and ends there, into the namespace.
    func enter() throws(SystemError) {
        // An unprivileged process may not even enter the namespace it is in.
        if !isCurrent { try NamespaceCalls.enter(descriptor) }
    }

    /// Opens a netlink socket inside the namespace.
    func openSocket(protocol number: Int32) throws(SystemError) -> NetlinkSocket {
        if isCurrent { return try NetlinkSocket(protocol: number) }
        return try Thread.run { () throws(SystemError) -> NetlinkSocket in
            try self.enter()
            return try NetlinkSocket(protocol: number)
        }.get()
    }

    /// The processes whose first thread is in the namespace, in the order of `/proc`.
    public func pids() throws(NetlinkError) -> [Int32] { try identity.pids() }
}

extension NamespaceHandle: Hashable {
    /// Whether both are the same namespace.
    public static func == (a: NamespaceHandle, b: NamespaceHandle) -> Bool { a.identity == b.identity }
    /// Hashes what tells namespaces apart.
    public func hash(into hasher: inout Hasher) { hasher.combine(identity) }
}

extension TransportSource {
    /// Opens sockets of the kernel in a namespace, all of them in the same one.
    init(protocol number: Int32, in namespace: Namespace) throws(NetlinkError) {
        if case .current = namespace {
            // Without /proc the namespace has no handle; sockets are then opened by whatever thread asks.
            self.init(protocol: number, in: try? NamespaceHandle(.current))
        } else {
            self.init(protocol: number, in: try NamespaceHandle(namespace))
        }
    }

    private init(protocol number: Int32, in handle: NamespaceHandle?) {
        self.init(probes: ProbeAnswers(of: handle?.identity)) { () throws(NetlinkError) in
            do throws(SystemError) {
                if let handle { return try handle.openSocket(protocol: number) }
                return try NetlinkSocket(protocol: number)
            } catch {
                throw NetlinkError(error, operation: "open netlink socket")
            }
        } sibling: {
            TransportSource(protocol: $0, in: handle)
        }
    }
}
