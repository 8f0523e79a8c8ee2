// SPDX-License-Identifier: Apache-2.0

/// A file of `/etc/netns/NAME` that could not be shown in `/etc`, most often because there is no such file to cover.
public struct NamespaceMountFailure: Hashable, Sendable {
    /// The file that was to be shown.
    public let source: String
    /// Where.
    public let target: String
    /// Why it was not.
    public let error: SystemError
}

extension NamespaceMountFailure: CustomStringConvertible {
    /// What was to be shown where, and the C library's words for why not.
    public var description: String { "\(source) -> \(target): \(errorText(error.number))" }
}

/// The mounts with which a program in a namespace runs, found out before anything is changed.
@_spi(System) public struct NamespaceMountPlan: Sendable {
    private let name: String
    private let files: [(source: String, target: String)]

    /// Looks up which files the namespace of that name has in its configuration.
    public init(name: String, configuration: String = "/etc/netns") throws(SystemError) {
        guard NamespaceStore.isValid(name: name) else {
            throw SystemError(NetlinkError.Code.invalidArgument.rawValue, call: "mount")
        }
        self.name = name
        let folder = "\(configuration)/\(name)"
        let entries: [String]
        do throws(SystemError) { entries = try directoryEntries(folder) } catch {
            // Most namespaces have none.
            guard error.number == NetlinkError.Code.notFound.rawValue else { throw error }
            entries = []
        }
        files = entries.map { ("\(folder)/\($0)", "/etc/\($0)") }
    }

    /// Gives the calling thread, which is inside the network namespace, a mount namespace with the mounts in it.
    ///
    /// Only for threads that end there and for processes that are about to become another program. Mounts that the
    /// machine makes later still arrive; those made here do not leave.
    ///
    /// - Returns: what could not be shown; the rest is.
    public func apply() throws(SystemError) -> [NamespaceMountFailure] {
        try MountCalls.enterNew()
        try MountCalls.enslaveAll()
        // What shows through cannot be read-write when a read-only mount stays below.
        let isCovered = (try? MountCalls.detach("/sys")) != nil
        try MountCalls.mountDevices(source: name, isReadOnly: !isCovered && MountCalls.isReadOnly("/sys"))
        var failures: [NamespaceMountFailure] = []
        for file in files {
            do throws(SystemError) { try MountCalls.bind(file.source, to: file.target) } catch {
                failures.append(NamespaceMountFailure(source: file.source, target: file.target, error: error))
            }
        }
        return failures
    }
}

/// Moves this process, which must have a single thread, into a namespace for good, with the mounts of `ip netns exec`.
///
/// For tools that call ``execute(_:_:)`` next.
///
/// - Returns: the files that could not be shown in `/etc`.
@_spi(System) public func enterForExec(
    _ namespace: NamespaceHandle, name: String, configuration: String = "/etc/netns"
) throws(SystemError) -> [NamespaceMountFailure] {
    let plan = try NamespaceMountPlan(name: name, configuration: configuration)
    try NamespaceCalls.enter(namespace.descriptor)
    return try plan.apply()
}

/// Becomes another program, looked for in PATH when there is no slash in its name; returns only to throw.
@_spi(System) public func execute(_ program: String, _ arguments: [String]) throws(SystemError) -> Never {
    try ProcessCalls.execute(program, arguments: [program] + arguments)
}
