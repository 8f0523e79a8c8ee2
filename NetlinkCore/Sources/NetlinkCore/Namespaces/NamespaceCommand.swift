// SPDX-License-Identifier: Apache-2.0

/// A program to be started in a namespace, for the `spawn` methods of ``NamespaceHandle``.
public struct NamespaceCommand: Hashable, Sendable {
    /// The program: a path, or a name that is looked for in this process's PATH.
    public var program: String
    /// What follows the program's name on its command line.
    public var arguments: [String]
    /// All of its environment; nil gives it this process's.
    public var environment: [String: String]?
    /// Where it reads from.
    public var input: StandardStream
    /// Where it writes to.
    public var output: StandardStream
    /// Where it writes errors to.
    public var errors: StandardStream
    /// What it sees of the file system.
    public var mounts: NamespaceMounts

    /// Describes a program to be started; what is not said it shares with this process.
    public init(
        _ program: String, _ arguments: [String] = [], environment: [String: String]? = nil,
        input: StandardStream = .inherited, output: StandardStream = .inherited, errors: StandardStream = .inherited,
        mounts: NamespaceMounts = .shared
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.input = input
        self.output = output
        self.errors = errors
        self.mounts = mounts
    }
}

/// One of a child's standard descriptors.
@nonexhaustive public enum StandardStream: Hashable, Sendable {
    /// This process's.
    case inherited
    /// Empty to read from, and what is written is lost.
    case null
    /// An open descriptor, which stays the caller's; the child has a duplicate.
    case descriptor(Int32)
}

/// What a child in a network namespace sees of the file system.
@nonexhaustive public enum NamespaceMounts: Hashable, Sendable {
    /// What this process sees; `/sys` shows the devices of the namespace in which it was mounted.
    case shared
    /// What `ip netns exec` shows: `/sys` of the namespace, and over files in `/etc` those that the folder
    /// `/etc/netns/NAME` has, such as its own `resolv.conf`; in a mount namespace of the child's own.
    case netns(String, configuration: String = "/etc/netns")
}

extension NamespaceHandle {
    /// Starts a program that is inside the namespace from its first instruction on.
    ///
    /// The calling thread waits until the program runs, on a thread made for it which sets up what the program needs and
    /// ends. Descriptors that are not close-on-exec are inherited, as with every new process, and so are ignored signals; no signal
    /// is blocked in it.
    ///
    /// - Throws: ``NetlinkError`` with ``NetlinkError/Code/notFound`` when there is no such program, with
    ///   ``NetlinkError/Code/notPermitted`` when the namespace is another one or mounts are wanted, and the capability
    ///   `CAP_SYS_ADMIN` is missing.
    public func spawn(_ command: NamespaceCommand) throws(NetlinkError) -> ChildProcess {
        do throws(SystemError) {
            let job = try SpawnJob(command, in: self)
            return try Thread.run { () throws(SystemError) in try job.start() }.get()
        } catch {
            throw NetlinkError(error, operation: "start in namespace", object: command.program)
        }
    }

    /// Starts a program that is inside the namespace from its first instruction on.
    ///
    /// The task waits until the program runs, and no thread of the task pool does. See the synchronous form.
    public func spawn(_ command: NamespaceCommand) async throws(NetlinkError) -> ChildProcess {
        do throws(SystemError) {
            let job = try SpawnJob(command, in: self)
            return try await Thread.run { () throws(SystemError) in try job.start() }.get()
        } catch {
            throw NetlinkError(error, operation: "start in namespace", object: command.program)
        }
    }
}

/// Everything that a child needs, found out before any thread is made.
private struct SpawnJob: Sendable {
    let namespace: NamespaceHandle
    let program: String
    let arguments: [String]
    let environment: [String]?
    let descriptors: [OwnedDescriptor?]
    let plan: NamespaceMountPlan?

    init(_ command: NamespaceCommand, in namespace: NamespaceHandle) throws(SystemError) {
        self.namespace = namespace
        program = command.program
        arguments = [command.program] + command.arguments
        environment = try Self.variables(command.environment)
        var descriptors: [OwnedDescriptor?] = []
        for stream in [command.input, command.output, command.errors] { descriptors.append(try Self.open(stream)) }
        self.descriptors = descriptors
        switch command.mounts {
        case .shared: plan = nil
        case .netns(let name, let configuration):
            plan = try NamespaceMountPlan(name: name, configuration: configuration)
        }
    }

    private static func variables(_ environment: [String: String]?) throws(SystemError) -> [String]? {
        guard let environment else { return nil }
        for name in environment.keys where name.isEmpty || name.utf8.contains(0x3d) {
            throw SystemError(NetlinkError.Code.invalidArgument.rawValue, call: "posix_spawn")
        }
        return environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    // All of them above the standard ones, so that none is overwritten before it is used.
    private static func open(_ stream: StandardStream) throws(SystemError) -> OwnedDescriptor? {
        switch stream {
        case .inherited: return nil
        case .null:
            let null = try openNull()
            return OwnedDescriptor(owning: try duplicate(null.number).release())
        case .descriptor(let number): return OwnedDescriptor(owning: try duplicate(number).release())
        }
    }

    /// Runs on a thread that ends afterwards.
    func start() throws(SystemError) -> ChildProcess {
        try namespace.enter()
        let failures = try plan?.apply() ?? []
        let pid = try ProcessCalls.spawn(
            program, arguments: arguments, environment: environment, descriptors: descriptors.map { $0?.number })
        return ChildProcess(pid, mountFailures: failures)
    }
}
