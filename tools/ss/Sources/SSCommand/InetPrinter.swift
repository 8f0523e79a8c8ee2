// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkSockDiag

extension InetSocket {
    /// The name of its kind; the protocol of a raw socket only where it has one of the names.
    var netid: StaticString {
        switch ipProtocol {
        case .tcp: "tcp"
        case .udp: "udp"
        case .sctp: "sctp"
        case .dccp: "dccp"
        case .mptcp: "mptcp"
        case InetProtocol(rawValue: 58): "icmp6"
        default: "???"
        }
    }
}

extension Listing {
    /// Prints an internet socket as a line, or as two with what `-i` and the like tell.
    func print(_ socket: InetSocket, _ transport: StaticString) {
        begin(socket.netid, socket.state, receive: socket.receiveQueue, send: socket.sendQueue)
        table.appendEnds(socket, transport, names)
        endProcesses(socket.inode)
        appendDetails(socket)
        table.end()
    }

    private func appendDetails(_ socket: InetSocket) {
        if options.showsTimers, socket.timer != .off { append(socket.timer, socket) }
        if options.showsDetails {
            appendIdentity(user: socket.user, inode: socket.inode, cookie: socket.cookie)
            if let mark = socket.mark, mark != 0 {
                table.bytes.append(" fwmark:0x")
                table.bytes.append(hexadecimal: mark)
            }
            if let id = socket.cgroupID {
                table.bytes.append(" cgroup:")
                table.bytes += names.cgroupPath(id)
            }
            if socket.family == .ipv6, let isIPv6Only = socket.isIPv6Only {
                table.bytes.append(isIPv6Only ? " v6only:1" : " v6only:0")
            }
            if let shutdown = socket.shutdown { append(shutdown) }
        }
        if options.showsTOS { appendServiceType(socket) }
        if options.showsCgroup, let id = socket.cgroupID {
            table.bytes.append(" cgroup:")
            table.bytes += names.cgroupPath(id)
        }
        if options.showsInetOptions, let set = socket.options { append(set) }
        let showsInformation = options.showsInformation && socket.ipProtocol != .udp
        guard options.showsMemory || showsInformation else { return }
        if !options.isOneLine { table.bytes.append("\n\t") }
        if options.showsMemory { appendMemory(socket) }
        if options.showsInformation { TCPPrinter.append(socket, self) }
    }

    private func append(_ timer: SocketTimer, _ socket: InetSocket) {
        table.bytes.append(" timer:(")
        switch timer {
        case .retransmission: table.bytes.append("on")
        case .keepalive: table.bytes.append("keepalive")
        case .timeWait: table.bytes.append("timewait")
        case .windowProbe: table.bytes.append("persist")
        default: table.bytes.append("unknown")
        }
        table.bytes.append(",")
        appendTime(socket.expires)
        append(",", socket.retransmits)
        table.bytes.append(")")
    }

    /// A time in milliseconds as `2min30sec`, `5.200sec`, `040ms`: the greater it is, the rougher.
    private func appendTime(_ milliseconds: UInt32) {
        let minutes = milliseconds / 60_000
        var seconds = milliseconds / 1000 % 60
        var rest = milliseconds % 1000
        if minutes > 0 {
            append("", minutes)
            table.bytes.append("min")
            rest = 0
            if minutes > 9 { seconds = 0 }
        }
        if seconds > 9 { rest = 0 }
        if seconds > 0 {
            append("", seconds)
            table.bytes.append(rest > 0 ? "." : "sec")
        }
        guard rest > 0 else { return }
        if rest < 100 { table.bytes.append("0") }
        if rest < 10 { table.bytes.append("0") }
        append("", rest)
        table.bytes.append(seconds > 0 ? "sec" : "ms")
    }

    private func appendServiceType(_ socket: InetSocket) {
        func append(_ label: StaticString, _ value: UInt32?) {
            guard let value else { return }
            table.bytes.append(label)
            if value != 0 { table.bytes.append("0x") }
            table.bytes.append(hexadecimal: value)
        }
        append(" tos:", socket.typeOfService.map { UInt32($0) })
        append(" tclass:", socket.trafficClass.map { UInt32($0) })
        append(" class_id:", socket.classID)
    }

    /// The names of options, as `--inet-sockopt` shows them.
    static let inetOptionNames: [(InetSocketOptions, StaticString)] = [
        (.queuesErrors, "recverr"), (.isConnectionOriented, "is_icsk"), (.bindsFreely, "freebind"),
        (.includesHeader, "hdrincl"), (.loopsMulticast, "mc_loop"), (.isTransparent, "transparent"),
        (.receivesAllMulticast, "mc_all"), (.keepsFragments, "nodefrag"), (.bindsWithoutPort, "bind_addr_no_port"),
        (.queuesExtendedErrors, "recverr_rfc4884"), (.defersConnecting, "defer_connect"),
    ]

    private func append(_ set: InetSocketOptions) {
        table.bytes.append(options.isOneLine ? " inet-sockopt: (" : "\n\tinet-sockopt: (")
        for (option, name) in Self.inetOptionNames where set.contains(option) {
            table.bytes.append(" ")
            table.bytes.append(name)
        }
        table.bytes.append(")")
    }

    private func appendMemory(_ socket: InetSocket) {
        if let memory = socket.socketMemory {
            append(memory)
        } else if let memory = socket.memory {
            append(" mem:(r", memory.received)
            append(",w", memory.queued)
            append(",f", memory.forward)
            append(",t", memory.sent)
            table.bytes.append(")")
        }
    }
}
