// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkWireGuard

/// `wg set`.
enum SetCommand {
    static func run(_ words: inout Words) throws(CommandError) -> Int32 {
        guard let name = words.next(), !words.isEmpty else { throw Usage.error("set") }
        let change = try parse(&words)
        try Kernel("Unable to modify interface").update(name, change)
        return 0
    }

    static func parse(_ words: inout Words) throws(CommandError) -> WireGuardChange {
        var change = WireGuardChange()
        while let keyword = words.next() {
            let isInPeer = !change.peers.isEmpty
            // A word of the other section, or without its value, is as unknown as any.
            func value() throws(CommandError) -> Word {
                guard let value = words.next() else { throw invalid(keyword) }
                return value
            }
            switch keyword {
            case "listen-port" where !isInPeer: change.listenPort = try Argument.port(try value().array)
            case "fwmark" where !isInPeer: change.mark = try Argument.mark(try value().array)
            case "private-key" where !isInPeer: change.privateKey = try KeyFile.read(try value())
            case "peer":
                change.peers.append(WireGuardPeerChange(try Argument.publicKey(try value().array)))
            case "remove" where isInPeer: change.last { $0.isRemoved = true }
            case "endpoint" where isInPeer:
                let endpoint = try Endpoint.parse(try value().array)
                change.last { $0.endpoint = endpoint }
            case "allowed-ips" where isInPeer:
                let text = try value().array.filter { !KeyFile.isSpace($0) }
                try change.last { (peer: inout WireGuardPeerChange) throws(CommandError) in
                    try Argument.allowedAddresses(text, into: &peer)
                }
            case "persistent-keepalive" where isInPeer:
                let keepalive = try Argument.keepalive(try value().array)
                change.last { $0.keepalive = keepalive }
            case "preshared-key" where isInPeer:
                let key = try KeyFile.read(try value())
                change.last { $0.presharedKey = key }
            default: throw invalid(keyword)
            }
        }
        return change
    }

    private static func invalid(_ word: Word) -> CommandError {
        CommandError(Array("Invalid argument: ".utf8) + word.array, status: 1)
    }
}

extension WireGuardChange {
    /// Changes the peer that was named last.
    mutating func last<E: Error>(_ body: (inout WireGuardPeerChange) throws(E) -> Void) throws(E) {
        if let index = peers.indices.last { try body(&peers[index]) }
    }
}
