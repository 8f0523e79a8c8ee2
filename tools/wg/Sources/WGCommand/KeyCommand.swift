// SPDX-License-Identifier: Apache-2.0

internal import CSodium
internal import CommandKit
@_spi(System) internal import NetlinkCore
internal import NetlinkWireGuard

/// `wg genkey`, `genpsk` and `pubkey`.
enum KeyCommand {
    static func generate(_ words: inout Words, _ command: String) throws(CommandError) -> Int32 {
        guard words.isEmpty else { throw Usage.error(command) }
        if System.isOpenToOthers(1) {
            WG.say("Warning: writing to world accessible file.\nConsider setting the umask to 077 and trying again.")
        }
        let key: WireGuardKey = command == "genpsk" ? .makePreshared() : .makePrivate()
        var text: [UInt8] = []
        key.write(to: &text)
        text.append(0x0a)
        defer { wipe(&text) }
        return System.write(text, to: 1) == 0 ? 0 : 1
    }

    static func derive(_ words: inout Words) throws(CommandError) -> Int32 {
        guard words.isEmpty else { throw Usage.error("pubkey") }
        var input = System.readAll(0) ?? []
        defer { wipe(&input) }
        guard input.count >= 44 else { throw CommandError(wrong, status: 1) }
        guard input.dropFirst(44).allSatisfy({ $0 == 0 || KeyFile.isSpace($0) }) else {
            throw CommandError("\(Usage.program): Trailing characters found after key", status: 1)
        }
        guard let key = WireGuardKey(ascii: input.prefix(44)), let publicKey = publicKey(of: key) else {
            throw CommandError(wrong, status: 1)
        }
        return WG.print("\(publicKey)\n")
    }

    private static var wrong: String { "\(Usage.program): Key is not the correct length or format" }

    /// The public key of a private one: the product of X25519 with its base point.
    static func publicKey(of key: WireGuardKey) -> WireGuardPublicKey? {
        var result = [UInt8](repeating: 0, count: WireGuardKey.byteCount)
        let bytes = key.bytes
        let status = unsafe bytes.withUnsafeBytes { scalar -> Int32 in
            guard let scalar = unsafe scalar.bindMemory(to: UInt8.self).baseAddress else { return -1 }
            return unsafe crypto_scalarmult_curve25519_base(&result, scalar)
        }
        return status == 0 ? WireGuardPublicKey(bytes: result) : nil
    }
}

/// Files that hold one key.
enum KeyFile {
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

    /// Reads a file whole; nil where it opens but cannot be read, as a folder.
    static func open(_ path: Word) throws(CommandError) -> [UInt8]? {
        do throws(SystemError) {
            let file = try openFile(path.string)
            return System.readAll(file.number)
        } catch {
            throw CommandError("fopen: \(String(decoding: System.errorText(error.number), as: UTF8.self))", status: 1)
        }
    }

    /// Reads a file of a key; an empty one stands for none.
    static func read(_ path: Word) throws(CommandError) -> WireGuardKey {
        var bytes = try open(path) ?? Array("folder".utf8)
        defer { wipe(&bytes) }
        if bytes.isEmpty { return .zero }
        guard bytes.count >= 44 else { throw CommandError("Invalid length key in key file", status: 1) }
        if let trailing = bytes.dropFirst(44).first(where: { !isSpace($0) }) {
            throw CommandError("Found trailing character in key file", quoting: [trailing])
        }
        bytes.removeLast(bytes.count - 44)
        return try Argument.key(bytes)
    }
}
