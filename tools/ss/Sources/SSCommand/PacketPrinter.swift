// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkSockDiag

extension Listing {
    /// Prints a packet socket as a line, or as two with `-e` and `-b`.
    func print(_ socket: PacketSocket) {
        begin(
            socket.type == .raw ? "p_raw" : "p_dgr", .closed, receive: socket.memory?.receiveAllocated ?? 0,
            send: socket.memory?.sendAllocated ?? 0)
        table.bytes += EthernetTypes.name(socket.ethernetType, isNumeric: options.isNumeric)
        table.bytes.append(":")
        table.end()
        if let interface = socket.boundInterface {
            table.bytes += names.links.name(of: interface)
        } else {
            table.bytes.append("*")
        }
        table.end()
        table.bytes.append("*")
        table.end()
        table.end()
        endProcesses(socket.inode)
        if options.showsDetails {
            appendIdentity(user: socket.user ?? 0, inode: socket.inode, cookie: socket.cookie)
            appendSetup(socket)
        }
        if options.showsPrograms, let program = socket.program?.instructions { append(program) }
        if options.showsMemory, let memory = socket.memory { append(memory) }
        table.end()
    }

    /// The names of what is set, as `-e` shows them.
    static let packetFlagNames: [(PacketSocketFlags, StaticString)] = [
        (.isRunning, "running"), (.auxiliaryData, "auxdata"), (.originalLink, "origdev"), (.virtualHeader, "vnethdr"),
        (.dropsMalformed, "loss"),
    ]

    private func appendSetup(_ socket: PacketSocket) {
        guard let information = socket.information else { return }
        table.bytes.append(options.isOneLine ? " " : "\n\t")
        append("ver:", information.version)
        append(" cpy_thresh:", information.copyThreshold)
        table.bytes.append(" flags( ")
        for (flag, name) in Self.packetFlagNames where information.flags.contains(flag) {
            table.bytes.append(name)
            table.bytes.append(" ")
        }
        if information.flags.isEmpty { table.bytes.append("0 ") }
        table.bytes.append(")")
        append("ring_rx(", socket.receiveRing)
        append("ring_tx(", socket.sendRing)
        if let fanout = socket.fanout {
            let kinds: [StaticString] = ["hash", "lb", "cpu", "roll", "random", "qm", "cbpf", "ebpf"]
            table.bytes.append(options.isOneLine ? " fanout(" : "\n\tfanout(")
            append("id:", fanout & 0xffff)
            table.bytes.append(",")
            let kind = Int(fanout >> 16 & 0xff)
            table.bytes.append("type:")
            if kind < kinds.count { table.bytes.append(kinds[kind]) } else { table.bytes.append(decimal: fanout >> 16) }
            table.bytes.append(")")
        }
    }

    private func append(_ label: StaticString, _ ring: PacketRing?) {
        guard let ring else { return }
        table.bytes.append(options.isOneLine ? " " : "\n\t")
        table.bytes.append(label)
        append("blk_size:", ring.blockSize)
        append(",blk_nr:", ring.blockCount)
        append(",frm_size:", ring.frameSize)
        append(",frm_nr:", ring.frameCount)
        append(",tmo:", ring.retireTimeout)
        append(",features:0x", ring.features)
        table.bytes.append(")")
    }

    private func append(_ program: [SocketFilter.Instruction]) {
        append(options.isOneLine ? " bpf filter (" : "\n\tbpf filter (", UInt32(truncatingIfNeeded: program.count))
        table.bytes.append("): ")
        for instruction in program {
            table.bytes.append(instruction.code < 16 ? " 0x0" : " 0x")
            table.bytes.append(hexadecimal: instruction.code)
            append(" ", instruction.jumpTrue)
            append(" ", instruction.jumpFalse)
            append(" ", instruction.operand)
            table.bytes.append(",")
        }
    }

    /// Prints a socket between a virtual machine and its host.
    func print(_ socket: VSockSocket) {
        begin(socket.type == .datagram ? "v_dgr" : "v_str", socket.state, receive: 0, send: 0)
        appendVSock(socket.localContext, ":")
        appendVSock(socket.localPort, "")
        appendVSock(socket.remoteContext, ":")
        appendVSock(socket.remotePort, "")
        endProcesses(socket.inode)
        table.end()
    }

    private func appendVSock(_ number: UInt32, _ suffix: StaticString) {
        if number == .max { table.bytes.append("*") } else { table.bytes.append(decimal: number) }
        table.bytes.append(suffix)
        table.end()
    }
}

/// The names of Ethernet types.
enum EthernetTypes {
    private static let all: UInt16 = 3  // ETH_P_ALL
    private static let names: [UInt16: StaticString] = [
        3: "*", 0x0060: "loop", 0x0200: "pup", 0x0201: "pupat", 0x0800: "ip", 0x0805: "x25", 0x0806: "arp",
        0x08ff: "bpq", 0x0a00: "ieeepup", 0x0a01: "ieeepupat", 0x6000: "dec", 0x6001: "dna_dl", 0x6002: "dna_rc",
        0x6003: "dna_rt", 0x6004: "lat", 0x6005: "diag", 0x6006: "cust", 0x6007: "sca", 0x8035: "rarp",
        0x809b: "atalk", 0x80f3: "aarp", 0x8137: "ipx", 0x86dd: "ipv6", 0x8863: "ppp_disc", 0x8864: "ppp_ses",
        0x884c: "atmmpoa", 0x8884: "atmfate", 0x8100: "802.1Q", 0x88a8: "802.1ad", 0x88cc: "LLDP",
        0x8847: "mpls_uc", 0x8848: "mpls_mc", 0x88ca: "tipc", 0x894f: "nsh", 0x88f7: "ptp",
    ]

    static func name(_ number: UInt16, isNumeric: Bool) -> [UInt8] {
        let name = isNumeric && number != all ? nil : names[number]
        return name.map { Array($0.description.utf8) } ?? Array("[\(number)]".utf8)
    }

    static func number(_ name: String) -> UInt16? {
        names.first { $0.key != all && $0.value.description.lowercased() == name.lowercased() }?.key
    }
}
