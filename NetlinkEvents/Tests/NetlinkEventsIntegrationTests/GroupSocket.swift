// SPDX-License-Identifier: Apache-2.0

import NetlinkCore

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A netlink socket that sends to a group, as any program with the right can.
final class GroupSocket: Sendable {
    private let descriptor: Int32

    init(protocol number: Int32) throws(SystemError) {
        #if canImport(Musl)
        let type = SOCK_RAW
        #else
        let type = Int32(SOCK_RAW.rawValue)
        #endif
        descriptor = socket(AF_NETLINK, type, number)
        guard descriptor >= 0 else { throw SystemError(errno, call: "socket") }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8], toGroup group: UInt32) throws(SystemError) {
        var address = Address(groups: group)
        let size = socklen_t(MemoryLayout<Address>.size)
        let count = unsafe withUnsafeBytes(of: &address) { address in
            unsafe sendto(
                descriptor, bytes, bytes.count, 0, address.baseAddress?.assumingMemoryBound(to: sockaddr.self), size)
        }
        guard count == bytes.count else { throw SystemError(errno, call: "sendto") }
    }

    /// Kernel: `struct sockaddr_nl`.
    private struct Address {
        var family = UInt16(AF_NETLINK)
        var padding: UInt16 = 0
        var port: UInt32 = 0
        var groups: UInt32
    }
}
