// SPDX-License-Identifier: Apache-2.0

internal import CNetlink

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The system calls about mounts, all of them in the mount namespace of the calling thread.
enum MountCalls {
    private static let readOnly: UInt = 1  // MS_RDONLY
    private static let bind: UInt = 4096  // MS_BIND
    private static let recursive: UInt = 16_384  // MS_REC
    private static let slave: UInt = 0x80000  // MS_SLAVE
    private static let shared: UInt = 0x100000  // MS_SHARED
    private static let namespaceFileSystem: Int64 = 0x6e73_6673  // NSFS_MAGIC
    private static let mountNamespace: Int32 = 0x20000  // CLONE_NEWNS
    private static let detach: Int32 = 2  // MNT_DETACH
    private static let noFollow: Int32 = 8  // UMOUNT_NOFOLLOW

    /// Shows a file or a directory at another place.
    static func bind(_ source: String, to target: String, recursively: Bool = false) throws(SystemError) {
        try mount(source, target, type: nil, bind | (recursively ? recursive : 0))
    }

    /// Lets mounts below a mount point spread to the mount namespaces made from this one.
    static func share(_ path: String) throws(SystemError) { try mount("", path, type: nil, shared | recursive) }

    /// Keeps mounts made from here on in this mount namespace, while those of its origin still arrive.
    static func enslaveAll() throws(SystemError) { try mount("", "/", type: nil, slave | recursive) }

    /// Mounts the devices of this thread's network namespace.
    static func mountDevices(source: String, isReadOnly: Bool) throws(SystemError) {
        try mount(source, "/sys", type: "sysfs", isReadOnly ? readOnly : 0)
    }

    /// Takes a mount away, at once from the tree, and from memory when it is no longer used.
    ///
    /// A symbolic link is not followed, so that what it points to stays mounted.
    static func detach(_ path: String) throws(SystemError) { try unmount(path, detach | noFollow) }

    /// Takes away a mount that nothing uses.
    static func remove(_ path: String) throws(SystemError) { try unmount(path, noFollow) }

    /// Gives the calling thread a mount namespace of its own; only for threads that end there.
    static func enterNew() throws(SystemError) {
        guard unshare(mountNamespace) == 0 else { throw .last("unshare") }
    }

    /// Whether what is mounted at a path is a namespace of any kind.
    static func isNamespace(_ path: String) -> Bool {
        var status = statfs()
        guard !path.utf8.contains(0), unsafe statfs(path, &status) == 0 else { return false }
        return Int64(status.f_type) == namespaceFileSystem
    }

    /// Whether the file system at a path can only be read.
    static func isReadOnly(_ path: String) -> Bool {
        var status = statvfs()
        guard !path.utf8.contains(0), unsafe statvfs(path, &status) == 0 else { return false }
        return UInt(status.f_flag) & readOnly != 0
    }

    private static func mount(_ source: String, _ target: String, type: String?, _ flags: UInt) throws(SystemError) {
        try checkPath(source, call: "mount")
        try checkPath(target, call: "mount")
        guard CMountCalls.mounted(source, target, type, flags) else { throw .last("mount") }
    }

    private static func unmount(_ path: String, _ flags: Int32) throws(SystemError) {
        try checkPath(path, call: "umount2")
        guard unsafe umount2(path, flags) == 0 else { throw .last("umount2") }
    }
}

// Named apart from the C function, which needs no module name then under either C library.
private enum CMountCalls {
    static func mounted(_ source: String, _ target: String, _ type: String?, _ flags: UInt) -> Bool {
        guard let type else { return unsafe mount(source, target, nil, flags, nil) == 0 }
        return unsafe mount(source, target, type, flags, nil) == 0
    }
}
