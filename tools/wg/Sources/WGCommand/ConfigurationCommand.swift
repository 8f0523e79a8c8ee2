// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
@_spi(System) internal import NetlinkCore
internal import NetlinkWireGuard

/// `wg setconf`, `addconf` and `syncconf`.
enum ConfigurationCommand {
    enum Mode: String {
        case replace = "setconf"
        case add = "addconf"
        case synchronize = "syncconf"
    }

    static func run(_ words: inout Words, _ mode: Mode) throws(CommandError) -> Int32 {
        guard let name = words.next(), let path = words.next(), words.isEmpty else {
            throw Usage.error(mode.rawValue)
        }
        var file = try KeyFile.open(path) ?? []
        defer { wipe(&file) }
        var reader = ConfigurationReader(isWhole: mode != .add)
        do throws(CommandError) {
            try reader.read(lines: file)
        } catch {
            error.report()
            throw CommandError("Configuration parsing error", status: 1)
        }
        var change = reader.change
        if let problem = reader.problem {
            WG.say(problem)
            throw CommandError("Invalid configuration", status: 1)
        }
        let kernel = try Kernel("Unable to modify interface")
        // Where the file has no peer, none is left to be undisturbed.
        change.replacesPeers = mode == .replace || mode == .synchronize && change.peers.isEmpty
        if mode == .synchronize, !change.peers.isEmpty { try synchronize(&change, name, kernel) }
        try kernel.update(name, change)
        return 0
    }

    /// Removes the peers that the file does not name, each by itself: those that it names go on undisturbed.
    private static func synchronize(
        _ change: inout WireGuardChange, _ name: Word, _ kernel: Kernel
    ) throws(CommandError) {
        let device: WireGuardDevice
        do throws(NetlinkError) { device = try kernel.device(name) } catch {
            throw Kernel.error("Unable to retrieve current interface configuration", error)
        }
        let named = Set(change.peers.map(\.publicKey))
        change.peers =
            device.peers.filter { !named.contains($0.publicKey) }.map { .removing($0.publicKey) } + change.peers
    }
}

/// Reads the lines of a configuration file.
struct ConfigurationReader {
    private enum Section {
        case none
        case interface
        case peer
    }

    private(set) var change = WireGuardChange()
    private var section = Section.none
    // Whether the last peer's key was read; the key of zeros stands there until then.
    private var hasKey = true
    private var isMissingKey = false

    /// Begins; a file that is the whole configuration unsets what it does not name.
    init(isWhole: Bool) {
        guard isWhole else { return }
        change.privateKey = .zero
        change.listenPort = 0
        change.mark = 0
    }

    /// What is wrong with the whole.
    var problem: String? { isMissingKey || !hasKey ? "A peer is missing a public key" : nil }

    /// Reads the lines of a file.
    mutating func read(lines file: [UInt8]) throws(CommandError) {
        var line: [UInt8] = []
        defer { wipe(&line) }
        var start = 0
        while start < file.count {
            var end = start
            while end < file.count, file[end] != 0x0a { end += 1 }
            // White space does not count anywhere, and a comment begins with `#`.
            line.append(addingCapacity: end - start) { (out: inout OutputSpan<UInt8>) in
                for index in start..<end {
                    let byte = file[index]
                    if byte == UInt8(ascii: "#") { break }
                    if byte > 0x20 || !KeyFile.isSpace(byte) { out.append(byte) }
                }
            }
            if !line.isEmpty { try read(line) }
            line.removeAll(keepingCapacity: true)
            start = end + 1
        }
    }

    private enum Key: CaseIterable {
        case listenPort, mark, privateKey, publicKey, presharedKey, allowedAddresses, endpoint, keepalive

        var name: String {
            switch self {
            case .listenPort: "listenport"
            case .mark: "fwmark"
            case .privateKey: "privatekey"
            case .publicKey: "publickey"
            case .presharedKey: "presharedkey"
            case .allowedAddresses: "allowedips"
            case .endpoint: "endpoint"
            case .keepalive: "persistentkeepalive"
            }
        }

        var section: Section {
            switch self {
            case .listenPort, .mark, .privateKey: .interface
            default: .peer
            }
        }
    }

    /// Whether the first bytes of a line are this name, in letters of either case.
    private static func begins(_ line: [UInt8], _ count: Int, _ name: String) -> Bool {
        guard count == name.utf8.count else { return false }
        var index = 0
        for letter in name.utf8 {
            let byte = line[index]
            guard ((0x41...0x5a).contains(byte) ? byte | 0x20 : byte) == letter else { return false }
            index += 1
        }
        return true
    }

    /// Reads a line without white space and comment.
    private mutating func read(_ line: [UInt8]) throws(CommandError) {
        if Self.begins(line, line.count, "[interface]") { return begin(.interface) }
        if Self.begins(line, line.count, "[peer]") {
            begin(.peer)
            hasKey = false
            var peer = WireGuardPeerChange(.zero)
            peer.replacesAllowedAddresses = true
            change.peers.append(peer)
            return
        }
        guard let equals = line.firstIndex(of: UInt8(ascii: "=")), equals + 1 < line.count,
            let key = Key.allCases.first(where: { $0.section == section && Self.begins(line, equals, $0.name) })
        else { throw unrecognized(line) }
        var value = Array(line[(equals + 1)...])
        defer { wipe(&value) }
        switch key {
        case .listenPort: change.listenPort = try Argument.port(value)
        case .mark: change.mark = try Argument.mark(value)
        case .privateKey: change.privateKey = try Argument.key(value)
        case .publicKey:
            let publicKey = try Argument.publicKey(value)
            hasKey = true
            change.last { $0.publicKey = publicKey }
        case .presharedKey:
            let presharedKey = try Argument.key(value)
            change.last { $0.presharedKey = presharedKey }
        case .allowedAddresses:
            try change.last { (peer: inout WireGuardPeerChange) throws(CommandError) in
                try Argument.allowedAddresses(value, into: &peer)
            }
        case .endpoint:
            let endpoint = try Endpoint.parse(value)
            change.last { $0.endpoint = endpoint }
        case .keepalive:
            let keepalive = try Argument.keepalive(value)
            change.last { $0.keepalive = keepalive }
        }
    }

    private mutating func begin(_ next: Section) {
        if !hasKey { isMissingKey = true }
        hasKey = true
        section = next
    }

    private func unrecognized(_ line: [UInt8]) -> CommandError {
        CommandError("Line unrecognized", quoting: line)
    }
}
