// SPDX-License-Identifier: Apache-2.0

@_spi(System) public import NetlinkCore

/// Moves the whole command, which has no other thread yet, into a namespace.
public enum NamespaceEntry {
    /// The first thing that a command does: gives up what capabilities its file has, unless it runs as root.
    public static func dropCapabilities() throws(CommandError) {
        do throws(SystemError) { try Capabilities.dropInherited() } catch { throw CommandError("", status: 1) }
    }

    /// Enters the namespace of `-n`, which is a name below /run/netns; give it to `GlobalOptions.parse(…, entering:)`.
    public static func enter(_ name: Word) throws(CommandError) {
        try enter(try open(name.string), name: name.string)
    }

    /// Opens the namespace of a name, which like iproute2 is put behind /run/netns/ whatever it is.
    public static func open(_ name: String) throws(CommandError) -> NamespaceHandle {
        do throws(NetlinkError) {
            return try NamespaceHandle(.path("\(NamespaceStore.standardDirectory)/\(name)"))
        } catch {
            throw refusal(name, isOpen: error.code == .invalidArgument, error)
        }
    }

    /// Enters an open namespace, with the mounts of its name.
    public static func enter(_ handle: NamespaceHandle, name: String) throws(CommandError) {
        do throws(SystemError) {
            for failure in try enterForExec(handle, name: name) { report(failure) }
        } catch {
            throw refusal(name, isOpen: true, NetlinkError(error))
        }
    }

    /// Prints that a file of /etc/netns could not be mounted.
    public static func report(_ failure: NamespaceMountFailure) {
        CommandError("Bind \(failure) failed", status: 0).report()
    }

    private static func refusal(_ name: String, isOpen: Bool, _ error: NetlinkError) -> CommandError {
        let text =
            isOpen ? "setting the network namespace \"\(name)\" failed" : "Cannot open network namespace \"\(name)\""
        return CommandError("\(text): \(error.code)", status: 255, endsBatch: true)
    }
}
