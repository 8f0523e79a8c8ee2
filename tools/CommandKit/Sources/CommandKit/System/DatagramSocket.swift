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
    /// Sends datagrams and gives each that comes back from where they went to the closure, until it takes one or the time
    /// is over; false when nothing was taken.
    @discardableResult
    static func exchange(
        _ questions: [[UInt8]], with server: DatagramAddress, milliseconds: Int, take: ([UInt8]) -> Bool
    ) -> Bool {
        // Only what comes from the address and port is heard.
        guard let descriptor = connected(to: server, .datagram) else { return false }
        defer { closeFile(descriptor) }
        for question in questions {
            let sent = unsafe question.withUnsafeBytes { unsafe transmit(descriptor, $0) }
            guard sent == question.count else { return false }
        }
        let end = monotonicMilliseconds() + milliseconds
        // An error of the socket, such as a port that nobody listens at, ends it too.
        while wait(descriptor, POLLIN, until: end), let reply = read(descriptor, upTo: 1 << 16) {
            if take(reply) { return true }
        }
        return false
    }

    /// Asks one question over a stream, where each message follows its length of two bytes; nil for no whole answer.
    static func exchangeLong(_ question: [UInt8], with server: DatagramAddress, milliseconds: Int) -> [UInt8]? {
        let end = monotonicMilliseconds() + milliseconds
        guard question.count <= 0xffff, let descriptor = connected(to: server, .stream) else { return nil }
        defer { closeFile(descriptor) }
        let whole = [UInt8(question.count >> 8), UInt8(question.count & 255)] + question
        guard wait(descriptor, POLLOUT, until: end) else { return nil }
        let sent = unsafe whole.withUnsafeBytes { unsafe transmit(descriptor, $0) }
        guard sent == whole.count else { return nil }
        var answer: [UInt8] = []
        while true {
            if answer.count >= 2 {
                let length = Int(answer[0]) << 8 | Int(answer[1])
                if answer.count >= 2 + length { return Array(answer[2..<2 + length]) }
            }
            guard wait(descriptor, POLLIN, until: end), let more = read(descriptor, upTo: 1 << 16), !more.isEmpty else {
                return nil
            }
            answer += more
        }
    }

    /// Whether there is a way to an address, as far as this machine's routes tell.
    public static func isReachable(_ address: DatagramAddress) -> Bool {
        guard let descriptor = connected(to: address, .datagram) else { return false }
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

    private static func monotonicMilliseconds() -> Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
    }

    /// Waits until something can be read or written; false when the time is over.
    private static func wait(_ descriptor: Int32, _ events: Int32, until end: Int) -> Bool {
        while true {
            let rest = end - monotonicMilliseconds()
            guard rest > 0 else { return false }
            var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            let ready = unsafe poll(&entry, 1, Int32(clamping: rest))
            if ready > 0 { return true }
            if ready < 0, errno != EINTR { return false }
        }
    }

    private enum SocketKind {
        case datagram
        /// Connects while it is waited for.
        case stream

        var type: Int32 {
            #if canImport(Musl)
            let flags = SOCK_CLOEXEC
            return self == .datagram ? SOCK_DGRAM | flags : SOCK_STREAM | flags | SOCK_NONBLOCK
            #else
            let flags = SOCK_CLOEXEC.rawValue
            return Int32(
                self == .datagram ? SOCK_DGRAM.rawValue | flags : SOCK_STREAM.rawValue | flags | SOCK_NONBLOCK.rawValue)
            #endif
        }
    }

    private static func connected(to address: DatagramAddress, _ kind: SocketKind) -> Int32? {
        guard address.address.count == 4 || address.address.count == 16 else { return nil }
        let family = address.address.count == 4 ? AF_INET : AF_INET6
        let descriptor = socket(family, kind.type, 0)
        guard descriptor >= 0 else { return nil }
        let failed = unsafe address.bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return true }
            let name = unsafe start.assumingMemoryBound(to: sockaddr.self)
            return unsafe connect(descriptor, name, socklen_t(bytes.count)) != 0 && errno != EINPROGRESS
        }
        if failed {
            closeFile(descriptor)
            return nil
        }
        return descriptor
    }
}

private func transmit(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    unsafe send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
}
