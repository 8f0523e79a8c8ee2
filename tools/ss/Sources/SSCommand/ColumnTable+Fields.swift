// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkSockDiag

// What every line begins with; written as part of the table, for it is what very many sockets have.
extension ColumnTable {
    private static let states: [StaticString] = [
        "UNKNOWN", "ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "UNCONN", "CLOSE-WAIT",
        "LAST-ACK", "LISTEN", "CLOSING", "UNDEF", "UNDEF",
    ]

    /// The columns in front of the addresses.
    mutating func begin(_ netid: StaticString, _ state: SocketState, receive: UInt32, send: UInt32) {
        if shows(.netid) {
            bytes.append(netid)
            end()
        }
        if shows(.state) {
            bytes.append(Int(state.rawValue) < Self.states.count ? Self.states[Int(state.rawValue)] : "UNDEF")
            end()
        }
        guard shows(.receiveQueue) else { return }
        appendQueue(receive)
        appendQueue(send)
    }

    /// A number in six places at least, which the columns have without a header too; all bits set are -1.
    private mutating func appendQueue(_ queue: UInt32) {
        var number = queue
        var limit: UInt32 = 10
        if Int32(bitPattern: queue) < 0 {
            bytes.append(0x2d)
            number = ~queue &+ 1
            limit = 1
        }
        bytes.append(decimal: number)
        for _ in 1..<6 {
            if number < limit { bytes.append(0x20) }
            limit *= 10
        }
        end()
    }

    /// The columns of both addresses and ports.
    mutating func appendEnds(_ socket: InetSocket, _ transport: StaticString, _ names: SocketNames) {
        let isRaw = socket.isRaw
        let isIPv6Only = socket.isIPv6Only == true
        let local = socket.local
        appendAddress(local.address, isIPv6Only, names)
        if let interface = socket.interface {
            bytes.append("%")
            bytes += names.links.name(of: interface)
        }
        bytes.append(0x3a)
        end()
        names.append(port: local.port, transport: transport, isRaw: isRaw, to: &bytes)
        end()
        let remote = socket.remote
        appendAddress(remote.address, isIPv6Only, names)
        bytes.append(0x3a)
        end()
        names.append(port: remote.port, transport: transport, isRaw: isRaw, to: &bytes)
        end()
    }

    private mutating func appendAddress(_ address: IPAddress, _ isIPv6Only: Bool, _ names: SocketNames) {
        if names.resolvesHosts, !address.isUnspecified, let host = names.host(address) {
            bytes += host
            return
        }
        switch address {
        case .v4(let address): address.write(to: &bytes)
        case .v6(let address):
            if !isIPv6Only, address.isUnspecified { return bytes.append(0x2a) }
            bytes.append(0x5b)
            address.write(to: &bytes)
            bytes.append(0x5d)
        }
    }
}
