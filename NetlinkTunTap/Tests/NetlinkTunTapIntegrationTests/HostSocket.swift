// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkTestSupport

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A socket of the host's in a test's namespace, which talks to whoever is behind the device: for pings or datagrams.
final class HostSocket: Sendable {
    private let descriptor: Int32

    enum Kind: Sendable {
        /// ICMP, with the IP header in front of what is received.
        case ping
        /// UDP, bound to a port.
        case datagrams(port: UInt16)
    }

    init(_ kind: Kind, in fixture: NamespaceFixture) throws {
        descriptor = try fixture.handle.run { () throws(SystemError) -> Int32 in
            let number: Int32
            switch kind {
            case .ping: number = socket(AF_INET, Self.raw, 1)
            case .datagrams: number = socket(AF_INET, Self.datagram, 0)
            }
            guard number >= 0 else { throw SystemError(errno, call: "socket") }
            return number
        }.get()
        guard case .datagrams(let port) = kind else { return }
        var address = Self.address(.any, port)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(descriptor, $0, size) }
        }
        guard status == 0 else { throw SystemError(errno, call: "bind") }
    }

    deinit { close(descriptor) }

    #if canImport(Musl)
    private static let raw = SOCK_RAW | SOCK_CLOEXEC
    private static let datagram = SOCK_DGRAM | SOCK_CLOEXEC
    #else
    private static let raw = Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue)
    private static let datagram = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
    #endif

    private static func address(_ address: IPv4Address, _ port: UInt16) -> sockaddr_in {
        var result = sockaddr_in()
        result.sin_family = sa_family_t(AF_INET)
        result.sin_port = port.bigEndian
        result.sin_addr.s_addr = address.networkOrder
        return result
    }

    func send(_ bytes: [UInt8], to destination: IPv4Address, port: UInt16 = 0) throws(SystemError) {
        var address = Self.address(destination, port)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let sent = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe sendto(descriptor, bytes, bytes.count, 0, $0, size)
            }
        }
        guard sent == bytes.count else { throw SystemError(errno, call: "sendto") }
    }

    /// What comes next; nil when nothing comes in time.
    func receive(milliseconds: Int32 = 5000) -> [UInt8]? {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&entry, 1, milliseconds) > 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 70_000)
        let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
        return count < 0 ? nil : Array(bytes.prefix(count))
    }

    /// Sends an echo request and returns whether the answer with the same number and payload came.
    func ping(_ destination: IPv4Address, number: UInt16, payload: [UInt8]) throws(SystemError) -> Bool {
        let high = UInt8(number >> 8)
        let low = UInt8(truncatingIfNeeded: number)
        var request: [UInt8] = [8, 0, 0, 0, 0x4e, 0x4c, high, low] + payload
        let sum = internetChecksum(request)
        request[2] = UInt8(sum >> 8)
        request[3] = UInt8(truncatingIfNeeded: sum)
        try send(request, to: destination)
        // The socket sees every ICMP message of the host.
        for _ in 0..<50 {
            guard let received = receive() else { return false }
            let message = Array(received.dropFirst(Int(received.first ?? 0) & 15 * 4))
            if message.count == request.count, message[0] == 0, Array(message[4...]) == Array(request[4...]) {
                return internetChecksum(message) == 0
            }
        }
        return false
    }
}

/// The checksum of IP, ICMP and, with their pseudo headers, UDP and TCP.
func internetChecksum(_ bytes: some Sequence<UInt8>) -> UInt16 {
    var sum: UInt32 = 0
    var isHigh = true
    for byte in bytes {
        sum += isHigh ? UInt32(byte) << 8 : UInt32(byte)
        isHigh.toggle()
    }
    while sum >> 16 != 0 { sum = sum & 0xffff + sum >> 16 }
    return ~UInt16(truncatingIfNeeded: sum)
}
