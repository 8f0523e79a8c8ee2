// SPDX-License-Identifier: Apache-2.0

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Opens the sockets that its arguments describe, prints a line when all are there, and keeps them until its parent ends.
///
///     open-sockets 'a = tcp' 'a bind 127.0.0.1 80' 'a listen 5' 'b = tcp' 'b connect 127.0.0.1 80' 'c accept a'
///
/// `many COUNT PORT` makes COUNT TCP sockets: connections of one listener, both ends of them.
@main struct OpenSockets {
    private static let kinds: [String: (family: Int32, type: Int32, ipProtocol: Int32)] = [
        "tcp": (AF_INET, 1, 0), "tcp6": (AF_INET6, 1, 0), "udp": (AF_INET, 2, 0), "udp6": (AF_INET6, 2, 0),
        "mptcp": (AF_INET, 1, 262), "mptcp6": (AF_INET6, 1, 262), "raw": (AF_INET, 3, -1), "raw6": (AF_INET6, 3, -1),
        "ping": (AF_INET, 2, 1),
        "unix": (AF_UNIX, 1, 0), "unix-dgram": (AF_UNIX, 2, 0), "unix-seqpacket": (AF_UNIX, 5, 0),
        "packet": (AF_PACKET, 3, -1), "packet-dgram": (AF_PACKET, 2, -1), "netlink": (AF_NETLINK, 3, -1),
        "vsock": (40, 1, 0), "vsock-dgram": (40, 2, 0),
    ]

    private static let options: [String: (level: Int32, option: Int32)] = [
        "reuseaddr": (SOL_SOCKET, 2), "priority": (SOL_SOCKET, 12), "mark": (SOL_SOCKET, 36),
        "keepalive": (SOL_SOCKET, 9),
        "rcvbuf": (SOL_SOCKET, 8), "sndbuf": (SOL_SOCKET, 7), "reuseport": (SOL_SOCKET, 15),
        "tos": (0, 1), "freebind": (0, 15), "transparent": (0, 19), "recverr": (0, 11), "hdrincl": (0, 3),
        "mcast_loop": (0, 34), "mcast_all": (0, 49), "nodefrag": (0, 22), "bind_no_port": (0, 24),
        "v6only": (41, 26), "tclass": (41, 67),
        "user_timeout": (6, 18), "keepidle": (6, 4), "keepintvl": (6, 5), "keepcnt": (6, 6), "maxseg": (6, 2),
        "cork": (6, 3), "pacing": (SOL_SOCKET, 47), "fastopen": (6, 23), "fanout": (263, 18), "auxdata": (263, 8),
        "origdev": (263, 9),
        "vnet_hdr": (263, 15), "version": (263, 10), "membership": (270, 1),
    ]

    private var sockets: [String: Int32] = [:]

    static func main() {
        var limit = rlimit(rlim_cur: 1 << 20, rlim_max: 1 << 20)
        _ = unsafe setrlimit(__rlimit_resource_t(7), &limit)
        var opener = OpenSockets()
        for line in CommandLine.arguments.dropFirst() { opener.run(line.split(separator: " ").map(String.init), line) }
        print("ready")
        fflush(nil)
        let parent = getppid()
        // Whoever started it may be killed without a word.
        while getppid() == parent { _ = poll(nil, 0, 200) }
    }

    private mutating func run(_ words: [String], _ line: String) {
        func word(_ index: Int) -> String {
            guard index < words.count else { fail("too short: \(line)") }
            return words[index]
        }
        func number(_ index: Int) -> Int {
            let text = word(index)
            let value = text.hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) : Int(text)
            guard let value else { fail("no number: \(line)") }
            return value
        }
        if word(0) == "many" { return many(number(1), port: UInt16(truncatingIfNeeded: number(2))) }
        if word(1) == "=" {
            guard let kind = Self.kinds[word(2)] else { fail("unknown kind: \(line)") }
            let ipProtocol =
                kind.ipProtocol >= 0
                ? kind.ipProtocol
                : kind.family == AF_PACKET ? Int32(UInt16(truncatingIfNeeded: number(3)).bigEndian) : Int32(number(3))
            sockets[word(0)] = check(socket(kind.family, kind.type, ipProtocol), line)
            return
        }
        if word(1) == "pair" {
            var pair: [Int32] = [0, 0]
            guard let kind = Self.kinds[word(3)] else { fail("unknown kind: \(line)") }
            unsafe check(socketpair(kind.family, kind.type, 0, &pair), line)
            sockets[word(0)] = pair[0]
            sockets[word(2)] = pair[1]
            return
        }
        guard let descriptor = sockets[word(1) == "accept" ? word(2) : word(0)] else { fail("no such socket: \(line)") }
        switch word(1) {
        case "accept": sockets[word(0)] = check(accept(descriptor, nil, nil), line)
        case "set": set(descriptor, word(2), word(3), line)
        case "bind": check(address(words, line).bind(descriptor), line)
        case "connect": check(address(words, line).connect(descriptor), line)
        case "connecting":
            // Begins to connect and does not wait for it.
            let flags = fcntl(descriptor, F_GETFL)
            _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
            _ = address(words, line).connect(descriptor)
            _ = fcntl(descriptor, F_SETFL, flags)
        case "listen": check(listen(descriptor, Int32(number(2))), line)
        case "send":
            let bytes = [UInt8](repeating: 0x78, count: number(2))
            unsafe check(Int32(truncatingIfNeeded: send(descriptor, bytes, bytes.count, 0)), line)
        case "receive":
            var bytes = [UInt8](repeating: 0, count: number(2))
            unsafe check(Int32(truncatingIfNeeded: recv(descriptor, &bytes, bytes.count, 0)), line)
        case "shutdown": check(shutdown(descriptor, Int32(number(2))), line)
        case "close":
            close(descriptor)
            sockets[word(0)] = nil
        case "settle": _ = poll(nil, 0, Int32(number(2)))
        case "reset":
            // Closing then ends the connection at once.
            var linger: [Int32] = [1, 0]
            unsafe check(setsockopt(descriptor, SOL_SOCKET, 13, &linger, 8), line)
        case "filter":
            attach(words.dropFirst(2).map { $0.split(separator: ":").compactMap { UInt32($0) } }, descriptor, line)
        case "ring":
            // Which of the two, and what is in a struct tpacket_req.
            var sizes = (3..<7).map { UInt32(truncatingIfNeeded: number($0)) }
            let option: Int32 = word(2) == "receive" ? 5 : 13
            unsafe check(setsockopt(descriptor, 263, option, &sizes, 16), line)
        case "sign": sign(descriptor, word(2), Array(word(3).utf8), line)
        default: fail("unknown action: \(line)")
        }
    }

    private func address(_ words: [String], _ line: String) -> SocketAddress {
        func number(_ index: Int) -> UInt32 { words.count > index ? UInt32(words[index]) ?? 0 : 0 }
        switch words.count > 2 ? words[2] : "" {
        case "": return .autobound
        case "link": return .packet(type: UInt16(truncatingIfNeeded: number(3)), link: number(4))
        case "netlink": return .netlink(port: number(3), groups: number(4))
        case "vsock": return .vsock(context: number(3), port: number(4))
        default:
            let port = words.count > 3 ? UInt16(words[3]) : nil
            guard let address = SocketAddress(words[2], port: port) else { fail("no address: \(line)") }
            return address
        }
    }

    private func set(_ descriptor: Int32, _ name: String, _ value: String, _ line: String) {
        // Options with text: the congestion control algorithm, the upper layer and the link.
        let texts: [String: (Int32, Int32)] = ["congestion": (6, 13), "ulp": (6, 31), "device": (SOL_SOCKET, 25)]
        if let (level, option) = texts[name] {
            unsafe check(setsockopt(descriptor, level, option, value, socklen_t(value.utf8.count)), line)
            return
        }
        guard let (level, option) = Self.options[name], var number = Int32(value) else {
            fail("unknown option: \(line)")
        }
        unsafe check(setsockopt(descriptor, level, option, &number, socklen_t(MemoryLayout<Int32>.size)), line)
    }

    /// Attaches a program whose instructions have four numbers each.
    private func attach(_ program: [[UInt32]], _ descriptor: Int32, _ line: String) {
        var instructions: [UInt64] = []
        for numbers in program {
            guard numbers.count == 4 else { fail("no instruction: \(line)") }
            // struct sock_filter: two bytes, one, one, four.
            var bytes: [UInt8] = []
            unsafe withUnsafeBytes(of: UInt16(truncatingIfNeeded: numbers[0])) { unsafe bytes += $0 }
            bytes += [UInt8(truncatingIfNeeded: numbers[1]), UInt8(truncatingIfNeeded: numbers[2])]
            unsafe withUnsafeBytes(of: numbers[3]) { unsafe bytes += $0 }
            unsafe bytes.withUnsafeBytes { unsafe instructions.append($0.loadUnaligned(as: UInt64.self)) }
        }
        unsafe instructions.withUnsafeMutableBytes { buffer in
            // struct sock_fprog: the count, and where they are.
            var header = [UInt(buffer.count / 8), UInt(bitPattern: buffer.baseAddress)]
            if UInt16(1).littleEndian != 1 { header[0] <<= UInt(UInt.bitWidth - 16) }
            unsafe check(setsockopt(descriptor, SOL_SOCKET, 26, &header, 16), line)
        }
    }

    /// Signs what goes to an address, and demands the same of what comes from there.
    private func sign(_ descriptor: Int32, _ address: String, _ key: [UInt8], _ line: String) {
        guard let peer = SocketAddress(address, port: 0) else { fail("no address: \(line)") }
        // struct tcp_md5sig: an address in 128 bytes, flags, a prefix length, the key's length, a link, the key.
        var request = peer.bytes + [UInt8](repeating: 0, count: 128 - peer.bytes.count) + [0, 0]
        unsafe withUnsafeBytes(of: UInt16(truncatingIfNeeded: key.count)) { unsafe request += $0 }
        request += [0, 0, 0, 0] + key.prefix(80) + [UInt8](repeating: 0, count: max(0, 80 - key.count))
        unsafe check(setsockopt(descriptor, 6, 14, request, socklen_t(request.count)), line)
    }

    private mutating func many(_ count: Int, port: UInt16) {
        let listener = check(socket(AF_INET, 1, 0), "listener")
        sockets["listener"] = listener
        set(listener, "reuseaddr", "1", "listener")
        check(address("0.0.0.0", port).bind(listener), "bind")
        check(listen(listener, 4096), "listen")
        for index in 0..<count / 2 {
            let client = check(socket(AF_INET, 1, 0), "client")
            // Fewer than the ports of one address for each address of the loopback network.
            let target = address("127.0.\(index / 20_000).1", port)
            check(target.connect(client), "connect")
            check(accept(listener, nil, nil), "accept")
        }
    }

    private func address(_ text: String, _ port: UInt16) -> SocketAddress {
        guard let address = SocketAddress(text, port: port) else { fail("no address: \(text)") }
        return address
    }

    @discardableResult
    private func check(_ result: Int32, _ what: String) -> Int32 {
        if result < 0 { fail("\(what): error \(errno)") }
        return result
    }
}

func fail(_ message: String) -> Never {
    let line = Array("open-sockets: \(message)\n".utf8)
    _ = unsafe write(2, line, line.count)
    exit(1)
}
