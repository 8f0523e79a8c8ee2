// SPDX-License-Identifier: Apache-2.0

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// An address and a UDP port of the machine that is asked.
public struct DatagramAddress: Hashable, Sendable {
    /// Four or sixteen bytes.
    public var address: [UInt8]
    /// The port.
    public var port: UInt16
    /// The link that a link-local address belongs to.
    public var scope: UInt32

    /// Makes one.
    public init(_ address: [UInt8], port: UInt16, scope: UInt32 = 0) {
        self.address = address
        self.port = port
        self.scope = scope
    }

    // struct sockaddr_in or struct sockaddr_in6.
    fileprivate var bytes: [UInt8] {
        let family = UInt16(address.count == 4 ? AF_INET : AF_INET6)
        var bytes: [UInt8] = unsafe withUnsafeBytes(of: family) { unsafe [UInt8]($0) }
        bytes += [UInt8(port >> 8), UInt8(port & 255)]
        if address.count == 4 { return bytes + address + [UInt8](repeating: 0, count: 8) }
        bytes += [0, 0, 0, 0] + address
        return bytes + (unsafe withUnsafeBytes(of: scope) { unsafe [UInt8]($0) })
    }
}

extension System {
    /// Sends a datagram and waits for datagrams from where it went until one pleases or the time is over.
    public static func ask(
        _ server: DatagramAddress, _ question: [UInt8], milliseconds: Int32, isAnswer: ([UInt8]) -> Bool
    ) -> [UInt8]? {
        guard let descriptor = connected(to: server) else { return nil }
        defer { closeFile(descriptor) }
        let sent = unsafe question.withUnsafeBytes { unsafe transmit(descriptor, $0) }
        guard sent == question.count else { return nil }
        var clock = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &clock)
        let end = clock.tv_sec * 1000 + clock.tv_nsec / 1_000_000 + Int(milliseconds)
        while true {
            unsafe clock_gettime(CLOCK_MONOTONIC, &clock)
            let left = end - (clock.tv_sec * 1000 + clock.tv_nsec / 1_000_000)
            guard left > 0 else { return nil }
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&entry, 1, Int32(clamping: left)) > 0 else { continue }
            guard let datagram = read(descriptor, upTo: 1 << 16) else { return nil }
            if isAnswer(datagram) { return datagram }
        }
    }

    /// Whether there is a way to an address, as far as this machine's routes tell.
    public static func isReachable(_ address: DatagramAddress) -> Bool {
        guard let descriptor = connected(to: address) else { return false }
        closeFile(descriptor)
        return true
    }

    /// Waits.
    public static func sleep(milliseconds: Int32) { _ = poll(nil, 0, milliseconds) }

    /// Whether a descriptor is a file that others than its owner may touch.
    public static func isOpenToOthers(_ descriptor: Int32) -> Bool {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return false }
        return status.st_mode & S_IFMT == S_IFREG && status.st_mode & S_IRWXO != 0
    }

    private static func connected(to address: DatagramAddress) -> Int32? {
        guard address.address.count == 4 || address.address.count == 16 else { return nil }
        let family = address.address.count == 4 ? AF_INET : AF_INET6
        #if canImport(Musl)
        let type = SOCK_DGRAM | SOCK_CLOEXEC
        #else
        let type = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
        #endif
        let descriptor = socket(family, type, 0)
        guard descriptor >= 0 else { return nil }
        let failed = unsafe address.bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return true }
            return unsafe connect(descriptor, start.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count)) != 0
        }
        if failed {
            closeFile(descriptor)
            return nil
        }
        return descriptor
    }
}

private func transmit(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    unsafe send(descriptor, bytes.baseAddress, bytes.count, 0)
}
