// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

extension System {
    /// Sends a datagram to port 53 of an address and gives what comes back from there to the closure, until it takes one or
    /// the time is over; false when nothing was taken.
    static func exchangeDatagrams(
        _ question: [UInt8], with server: String, milliseconds: Int, _ take: ([UInt8]) -> Bool
    ) -> Bool {
        let domainPort: UInt16 = 53
        let parts = server.split(separator: "%", maxSplits: 1)
        guard let first = parts.first, let address = IPAddress(String(first)) else { return false }
        let scope = parts.count > 1 ? scopeNumber(String(parts[1])) : 0
        guard let descriptor = connectedSocket(to: address, port: domainPort, scope: scope) else { return false }
        defer { closeFile(descriptor) }
        guard write(question, to: descriptor) == 0 else { return false }
        let end = monotonicMilliseconds() + milliseconds
        while true {
            let rest = end - monotonicMilliseconds()
            guard rest > 0 else { return false }
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&entry, 1, Int32(clamping: rest))
            if ready < 0, errno == EINTR { continue }
            // An error of the socket, such as a port that nobody listens at, ends it too.
            guard ready > 0, let reply = read(descriptor, upTo: 4096) else { return false }
            if take(reply) { return true }
        }
    }

    private static func scopeNumber(_ text: String) -> UInt32 {
        if let number = UInt32(text) { return number }
        return unsafe if_nametoindex(text)
    }

    private static func monotonicMilliseconds() -> Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
    }

    /// A socket that only hears what comes from the address and port.
    private static func connectedSocket(to address: IPAddress, port: UInt16, scope: UInt32) -> Int32? {
        let octets = address.octets
        let family = octets.count == 4 ? AF_INET : AF_INET6
        #if canImport(Musl)
        let type = SOCK_DGRAM | SOCK_CLOEXEC
        #else
        let type = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
        #endif
        let descriptor = socket(family, type, 0)
        guard descriptor >= 0 else { return nil }
        let isConnected: Bool
        if octets.count == 4 {
            var name = sockaddr_in()
            name.sin_family = sa_family_t(AF_INET)
            name.sin_port = port.bigEndian
            unsafe withUnsafeMutableBytes(of: &name.sin_addr) { unsafe $0.copyBytes(from: octets) }
            isConnected = unsafe withUnsafePointer(to: &name) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
        } else {
            var name = sockaddr_in6()
            name.sin6_family = sa_family_t(AF_INET6)
            name.sin6_port = port.bigEndian
            name.sin6_scope_id = scope
            unsafe withUnsafeMutableBytes(of: &name.sin6_addr) { unsafe $0.copyBytes(from: octets) }
            isConnected = unsafe withUnsafePointer(to: &name) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size)) == 0
                }
            }
        }
        guard isConnected else {
            closeFile(descriptor)
            return nil
        }
        return descriptor
    }
}
