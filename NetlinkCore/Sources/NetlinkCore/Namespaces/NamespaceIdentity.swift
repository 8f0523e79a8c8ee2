// SPDX-License-Identifier: Apache-2.0

/// What tells two network namespaces apart: the device and inode of their file.
///
/// Valid as long as the namespace lives; the kernel may give a later one the same inode.
public struct NamespaceIdentity: Hashable, Sendable {
    /// The device of the namespace file system.
    public let device: UInt64
    /// The inode, which `/proc/PID/ns/net` shows as `net:[INODE]`.
    public let inode: UInt64

    init(of descriptor: Int32) throws(SystemError) {
        (device, inode) = try NamespaceCalls.identity(descriptor)
    }

    init(ofPath path: String) throws(SystemError) {
        (device, inode) = try NamespaceCalls.identity(ofPath: path)
    }

    init(ofCurrent: Void) throws(SystemError) { try self.init(ofPath: NamespaceHandle.threadPath) }

    /// The processes whose first thread is in the namespace, in the order of `/proc`.
    ///
    /// Those that end meanwhile are left out, and so are those that the caller may not look at.
    func pids() throws(NetlinkError) -> [Int32] {
        let entries: [String]
        do throws(SystemError) { entries = try directoryEntries("/proc") } catch {
            throw NetlinkError(error, operation: "list processes")
        }
        return entries.compactMap { entry in
            guard let pid = Int32(entry), (try? NamespaceIdentity(ofPath: "/proc/\(pid)/ns/net")) == self else {
                return nil
            }
            return pid
        }
    }
}

/// The namespace that is mounted at a path; nil where none is.
@_spi(System) public func mountedNamespace(_ path: String) -> NamespaceIdentity? {
    MountCalls.isNamespace(path) ? try? NamespaceIdentity(ofPath: path) : nil
}
