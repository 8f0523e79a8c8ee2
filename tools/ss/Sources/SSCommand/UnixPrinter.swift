// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkSockDiag

extension UnixSocket {
    /// The table that holds it.
    var table: SocketTable {
        switch type {
        case .datagram: .unixDatagram
        case .sequencedPacket: .unixSequencedPacket
        default: .unixStream
        }
    }
}

extension Listing {
    /// Prints a Unix socket as a line.
    func print(_ socket: UnixSocket) {
        let netid: StaticString =
            switch socket.table {
            case .unixDatagram: "u_dgr"
            case .unixSequencedPacket: "u_seq"
            default: "u_str"
            }
        begin(netid, socket.state, receive: socket.queues?.receive ?? 0, send: socket.queues?.send ?? 0)
        if let name = socket.name { table.bytes += name.text } else { table.bytes.append("*") }
        table.bytes.append(" ")
        table.end()
        table.bytes.append(decimal: socket.inode)
        table.end()
        table.bytes.append("* ")
        table.end()
        table.bytes.append(decimal: socket.peer ?? 0)
        table.end()
        endProcesses(socket.inode)
        if options.showsMemory, let memory = socket.memory { append(memory) }
        if options.showsDetails {
            if let user = socket.user, user != 0 { append(" uid:", user) }
            if let shutdown = socket.shutdown { append(shutdown) }
            if let file = socket.file {
                append(" ino:", file.inode)
                append(" dev:", file.device >> 20)
                append("/", file.device & 0xf_ffff)
            }
            if let pending = socket.pendingConnections {
                table.bytes.append(" peers:")
                for inode in pending { append(" ", inode) }
            }
        }
        table.end()
    }
}
