// SPDX-License-Identifier: Apache-2.0

internal import CNetlink

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The capabilities of the calling thread, which are the process's unless it takes care that they differ.
@_spi(System) public enum Capabilities {
    private static let version: UInt32 = 0x2008_0522  // _LINUX_CAPABILITY_VERSION_3
    private static let netAdmin: UInt32 = 12  // CAP_NET_ADMIN

    /// Gives up all capabilities that a program with file capabilities got, unless it runs as root or its caller meant it
    /// to have them.
    ///
    /// What a caller passes on is inheritable; such a caller may run this program for its own purposes.
    public static func dropInherited() throws(SystemError) {
        guard getuid() != 0, geteuid() != 0 else { return }
        guard try read().0.inheritable & 1 << netAdmin == 0 else { return }
        try dropAll()
    }

    /// Gives up all capabilities of the calling thread.
    static func dropAll() throws(SystemError) {
        var header = cnetlink_capability_header(version: version, process: 0)
        let words = (cnetlink_capability_word(), cnetlink_capability_word())
        let isSet = unsafe withUnsafeBytes(of: words) { buffer in
            unsafe cnetlink_set_capabilities(
                &header, buffer.baseAddress?.assumingMemoryBound(to: cnetlink_capability_word.self))
        }
        guard isSet == 0 else { throw .last("capset") }
    }

    /// Whether the calling thread has a capability in its own user namespace; yes where that cannot be found out.
    static func isEffective(_ capability: Capability) -> Bool {
        guard capability.rawValue < 64, let words = try? read() else { return true }
        let word = capability.rawValue < 32 ? words.0 : words.1
        return word.effective & 1 << (capability.rawValue % 32) != 0
    }

    private static func read() throws(SystemError) -> (cnetlink_capability_word, cnetlink_capability_word) {
        var header = cnetlink_capability_header(version: version, process: 0)
        var words = (cnetlink_capability_word(), cnetlink_capability_word())
        let isRead = unsafe withUnsafeMutableBytes(of: &words) { buffer in
            unsafe cnetlink_get_capabilities(
                &header, buffer.baseAddress?.assumingMemoryBound(to: cnetlink_capability_word.self))
        }
        guard isRead == 0 else { throw .last("capget") }
        return words
    }
}
