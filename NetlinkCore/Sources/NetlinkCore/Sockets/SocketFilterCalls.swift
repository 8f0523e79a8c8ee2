// SPDX-License-Identifier: Apache-2.0

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

extension NetlinkSocket {
    /// Makes the kernel run a program on each datagram before it is put into the buffer, in place of the one before.
    ///
    /// - Throws: ``SystemError`` when the kernel finds the program wrong.
    public func attach(_ filter: SocketFilter) throws(SystemError) {
        let code = filter.bytes
        guard let count = UInt16(exactly: filter.instructions.count) else {
            throw SystemError(EINVAL, call: "setsockopt")
        }
        let status = unsafe code.withUnsafeBytes { code in
            // struct sock_fprog on 64-bit systems: the count, and behind padding the address.
            var program: [2 of UInt64] = [0, 0]
            return unsafe withUnsafeMutableBytes(of: &program) { program in
                unsafe program.storeBytes(of: count, toByteOffset: 0, as: UInt16.self)
                unsafe program.storeBytes(of: UInt(bitPattern: code.baseAddress), toByteOffset: 8, as: UInt.self)
                return unsafe setsockopt(
                    descriptor, SOL_SOCKET, SO_ATTACH_FILTER, program.baseAddress, socklen_t(program.count))
            }
        }
        guard status == 0 else { throw .last("setsockopt") }
    }

    /// Lets every datagram through again.
    public func detachFilter() throws(SystemError) {
        try Self.setOption(descriptor, level: SOL_SOCKET, option: SO_DETACH_FILTER, 0)
    }
}
