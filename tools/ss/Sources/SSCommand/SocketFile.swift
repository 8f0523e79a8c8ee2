// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkSockDiag

/// Internet sockets as /proc/net tells of them, for kernels that do not list them over netlink.
///
/// One line is a socket: its number, both ends, the state, both queues, the timer, its repetitions, the user, a count
/// and the file's number; all but the last ones are hexadecimal, addresses by words of the machine's own order.
enum SocketFile {
    /// The sockets of TCP, UDP or raw sockets in a family; nil where there is no such file.
    static func read(_ ipProtocol: InetProtocol, _ family: AddressFamily) -> [InetSocket]? {
        let name: StaticString
        switch ipProtocol {
        case .tcp: name = "tcp"
        case .udp: name = "udp"
        default: name = "raw"
        }
        guard let bytes = System.readFile("/proc/net/\(name)\(family == .ipv6 ? "6" : "")") else {
            // A kernel without IPv6 has no file for it and no socket in it.
            return family == .ipv6 && System.readFile("/proc/net/if_inet6") == nil ? [] : nil
        }
        return sockets(bytes, ipProtocol, family)
    }

    /// The sockets of a file's lines; what is no line of a socket is left out.
    static func sockets(_ bytes: [UInt8], _ ipProtocol: InetProtocol, _ family: AddressFamily) -> [InetSocket] {
        bytes.split(separator: 0x0a).dropFirst().compactMap { socket($0, ipProtocol, family) }
    }

    private static func socket(
        _ line: ArraySlice<UInt8>, _ ipProtocol: InetProtocol, _ family: AddressFamily
    ) -> InetSocket? {
        let fields = line.split { $0 == 0x20 || $0 == 0x3a }.map { String(decoding: $0, as: UTF8.self) }
        guard fields.count >= 14 else { return nil }
        guard let local = end(fields[1], fields[2], family), let remote = end(fields[3], fields[4], family),
            let state = UInt8(fields[5], radix: 16), let send = UInt32(fields[6], radix: 16),
            let receive = UInt32(fields[7], radix: 16), let timer = UInt8(fields[8], radix: 16),
            let user = UInt32(fields[11]), let inode = UInt32(fields[13])
        else { return nil }
        // The port of a raw socket is its protocol.
        let number = ipProtocol == .raw ? InetProtocol(rawValue: local.port) : ipProtocol
        var socket = InetSocket(number, family: family)
        socket.isRaw = ipProtocol == .raw
        socket.local = local
        socket.remote = remote
        socket.state = SocketState(rawValue: state)
        socket.sendQueue = send
        socket.receiveQueue = receive
        socket.timer = SocketTimer(rawValue: timer)
        // In ticks of which there are a hundred in a second.
        socket.expires = UInt32(fields[9], radix: 16).map { $0 &* 10 } ?? 0
        socket.retransmits = UInt8(truncatingIfNeeded: UInt32(fields[10], radix: 16) ?? 0)
        socket.user = user
        socket.inode = inode
        // To a filter they have no mark and no control group, as with iproute2.
        socket.mark = 0
        return socket
    }

    private static func end(_ address: String, _ port: String, _ family: AddressFamily) -> SocketEndpoint? {
        guard let port = UInt16(port, radix: 16), address.utf8.count == (family == .ipv6 ? 32 : 8) else { return nil }
        let digits = Array(address.utf8)
        var words: [UInt32] = []
        for start in stride(from: 0, to: digits.count, by: 8) {
            guard let word = UInt32(String(decoding: digits[start..<(start + 8)], as: UTF8.self), radix: 16) else {
                return nil
            }
            words.append(word)
        }
        guard family == .ipv6 else { return SocketEndpoint(.v4(IPv4Address(networkOrder: words[0])), port: port) }
        func pair(_ index: Int) -> UInt64 {
            UInt64(UInt32(bigEndian: words[index])) << 32 | UInt64(UInt32(bigEndian: words[index + 1]))
        }
        return SocketEndpoint(.v6(IPv6Address(high: pair(0), low: pair(2))), port: port)
    }
}
