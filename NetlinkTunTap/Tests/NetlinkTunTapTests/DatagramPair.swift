// SPDX-License-Identifier: Apache-2.0

import NetlinkCore

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Two sockets of which one reads, datagram by datagram, what is written to the other.
final class DatagramPair {
    let descriptor: Int32
    private let other: Int32

    init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        #if canImport(Musl)
        let type = SOCK_DGRAM | SOCK_NONBLOCK
        #else
        let type = Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue)
        #endif
        guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw SystemError(errno, call: "socketpair") }
        descriptor = ends[0]
        other = ends[1]
    }

    deinit {
        close(descriptor)
        close(other)
    }

    func send(_ bytes: [UInt8]) throws(SystemError) {
        guard unsafe write(other, bytes, bytes.count) == bytes.count else { throw SystemError(errno, call: "write") }
    }
}
