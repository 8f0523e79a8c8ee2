// SPDX-License-Identifier: Apache-2.0

internal import CNetlink

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A descriptor that is closed when its last owner is gone.
@_spi(System) public final class OwnedDescriptor: Sendable {
    /// The number.
    public let number: Int32
    /// Takes over an open descriptor.
    public init(owning number: Int32) { self.number = number }
    deinit { closeDescriptor(number) }
}

/// The system calls about network namespaces.
enum NamespaceCalls {
    private static let network: Int32 = 0x4000_0000  // CLONE_NEWNET

    /// Moves the calling thread into a network namespace; only for threads that end there.
    static func enter(_ descriptor: Int32) throws(SystemError) {
        guard setns(descriptor, network) == 0 else { throw .last("setns") }
    }

    /// Moves the calling thread into a new network namespace; only for threads that end there.
    static func enterNew() throws(SystemError) {
        guard unshare(network) == 0 else { throw .last("unshare") }
    }

    /// Opens a file that may turn out to be anything, without waiting for a writer of a named pipe.
    static func open(_ path: String) throws(SystemError) -> FileDescriptor {
        try openFile(path, flags: O_NONBLOCK | O_NOCTTY)
    }

    static func identity(_ descriptor: Int32) throws(SystemError) -> (UInt64, UInt64) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .last("fstat") }
        return (UInt64(status.st_dev), UInt64(status.st_ino))
    }

    static func identity(ofPath path: String) throws(SystemError) -> (UInt64, UInt64) {
        try checkPath(path, call: "stat")
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw .last("stat") }
        return (UInt64(status.st_dev), UInt64(status.st_ino))
    }

    /// Whether a descriptor is a network namespace, by its file system and its type there.
    static func isNetworkNamespace(_ descriptor: Int32) -> Bool {
        // Only files of the namespace file system know the call.
        let getType: UInt = 0xb703  // NS_GET_NSTYPE
        return ioctl(descriptor, getType) == network
    }
}
