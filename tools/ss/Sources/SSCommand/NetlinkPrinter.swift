// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkSockDiag

extension Listing {
    /// Prints a netlink socket as a line.
    func print(_ socket: NetlinkProtocolSocket) {
        begin(
            "nl", socket.state, receive: socket.memory?.receiveAllocated ?? 0, send: socket.memory?.sendAllocated ?? 0)
        if options.isNumeric {
            table.bytes.append(decimal: socket.netlinkProtocol)
        } else {
            table.bytes += NetlinkProtocolNames.name(socket.netlinkProtocol)
        }
        table.bytes.append(":")
        table.end()
        appendPort(Int32(bitPattern: socket.port))
        table.end()
        table.bytes.append("*")
        table.end()
        table.end()
        endProcesses(socket.inode)
        table.end()
    }

    /// A port id: the process that most likely has it, where there is one of that number.
    private func appendPort(_ port: Int32) {
        if port == -1 { return table.bytes.append("*") }
        if options.isNumeric {
            table.bytes += "\(port)".utf8
        } else if port == 0 {
            table.bytes.append("kernel")
        } else if port > 0, let name = ProcessTable.name(of: port) {
            table.bytes += name
            table.bytes += "/\(port)".utf8
        } else {
            table.bytes += "\(port)".utf8
        }
    }
}

/// The names of netlink protocols.
enum NetlinkProtocolNames {
    private static let names: [UInt8: StaticString] = [
        0: "rtnl", 2: "usersock", 3: "fw", 4: "tcpdiag", 5: "nflog", 6: "xfrm", 7: "selinux", 8: "iscsi", 9: "audit",
        10: "fiblookup", 11: "connector", 12: "nft", 13: "ip6fw", 14: "dec-rt", 15: "uevent", 16: "genl",
        18: "scsi-trans", 19: "ecryptfs", 20: "rdma", 21: "crypto",
    ]

    static func name(_ number: UInt8) -> [UInt8] {
        names[number].map { Array($0.description.utf8) } ?? Array("\(number)".utf8)
    }

    static func number(_ name: String) -> UInt8? { names.first { $0.value.description == name }?.key }
}
