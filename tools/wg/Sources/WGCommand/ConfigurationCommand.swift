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
            for line in file.split(separator: 0x0a) { try reader.read(line) }
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

    /// Reads a line: white space does not count anywhere, and a comment begins with `#`.
    mutating func read(_ raw: ArraySlice<UInt8>) throws(CommandError) {
        var line = raw.prefix { $0 != UInt8(ascii: "#") }.filter { !KeyFile.isSpace($0) }
        defer { wipe(&line) }
        if line.isEmpty { return }
        var lowercase = line.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
        defer { wipe(&lowercase) }
        if lowercase == Array("[interface]".utf8) { return begin(.interface) }
        if lowercase == Array("[peer]".utf8) {
            begin(.peer)
            hasKey = false
            var peer = WireGuardPeerChange(.zero)
            peer.replacesAllowedAddresses = true
            change.peers.append(peer)
            return
        }
        guard let equals = line.firstIndex(of: UInt8(ascii: "=")), equals + 1 < line.count else {
            throw unrecognized(line)
        }
        let key = String(decoding: lowercase[..<equals], as: UTF8.self)
        var value = Array(line[(equals + 1)...])
        defer { wipe(&value) }
        switch (section, key) {
        case (.interface, "listenport"): change.listenPort = try Argument.port(value)
        case (.interface, "fwmark"): change.mark = try Argument.mark(value)
        case (.interface, "privatekey"): change.privateKey = try Argument.key(value)
        case (.peer, "publickey"):
            let publicKey = try Argument.publicKey(value)
            hasKey = true
            change.last { $0.publicKey = publicKey }
        case (.peer, "presharedkey"):
            let presharedKey = try Argument.key(value)
            change.last { $0.presharedKey = presharedKey }
        case (.peer, "allowedips"):
            try change.last { (peer: inout WireGuardPeerChange) throws(CommandError) in
                try Argument.allowedAddresses(value, into: &peer)
            }
        case (.peer, "endpoint"):
            let endpoint = try Endpoint.parse(value)
            change.last { $0.endpoint = endpoint }
        case (.peer, "persistentkeepalive"):
            let keepalive = try Argument.keepalive(value)
            change.last { $0.keepalive = keepalive }
        default: throw unrecognized(line)
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
