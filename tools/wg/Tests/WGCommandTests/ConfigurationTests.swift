// SPDX-License-Identifier: Apache-2.0

import CommandKit
import NetlinkCore
import NetlinkWireGuard
import Testing

@testable import WGCommand

/// Configuration files; what wireguard-tools 1.0.20210914 makes of the same is compared by tools/compare.
struct ConfigurationTests {
    private func reader(_ text: String, isWhole: Bool = true) throws -> ConfigurationReader {
        try reader(Array(text.utf8), isWhole: isWhole)
    }

    private func reader(_ bytes: [UInt8], isWhole: Bool = true) throws -> ConfigurationReader {
        var reader = ConfigurationReader(isWhole: isWhole)
        try reader.read(lines: bytes)
        return reader
    }

    private func change(_ text: String, isWhole: Bool = true) throws -> WireGuardChange {
        try reader(text, isWhole: isWhole).change
    }

    @Test func everyKeyIsRead() throws {
        let change = try change(
            """
            [Interface]
            PrivateKey = \(Sample.privateKey)
            ListenPort = 51820
            FwMark = 0x1234

            [Peer]
            PublicKey = \(Sample.peer1)
            PresharedKey = \(Sample.presharedKey)
            AllowedIPs = 10.192.122.3/32, 10.192.124.0/24
            AllowedIPs = fd00::/64
            Endpoint = 192.95.5.67:1234
            PersistentKeepalive = 25

            [Peer]
            PublicKey = \(Sample.peer2)
            Endpoint = [2607:5300:60:6b0::c05f:543]:2468
            """)
        #expect(change.privateKey == (try Sample.key(Sample.privateKey)))
        #expect(change.listenPort == 51820)
        #expect(change.mark == 0x1234)
        #expect(!change.replacesPeers)
        #expect(change.peers.count == 2)
        let first = change.peers[0]
        #expect(first.publicKey == (try Sample.publicKey(Sample.peer1)))
        #expect(first.presharedKey == (try Sample.key(Sample.presharedKey)))
        #expect(first.allowedAddresses == ["10.192.122.3/32", "10.192.124.0/24", "fd00::/64"])
        #expect(first.endpoint == WireGuardEndpoint("192.95.5.67", port: 1234))
        #expect(first.keepalive == .seconds(25))
        #expect(first.replacesAllowedAddresses)
        let second = change.peers[1]
        #expect(second.endpoint == WireGuardEndpoint("2607:5300:60:6b0::c05f:543", port: 2468))
        #expect(second.presharedKey == nil && second.keepalive == nil && second.allowedAddresses.isEmpty)
        #expect(second.replacesAllowedAddresses)
    }

    @Test func aWholeConfigurationUnsetsWhatItDoesNotName() throws {
        let whole = try change("[Interface]\n")
        #expect(whole.privateKey == .zero && whole.listenPort == 0 && whole.mark == 0)
        let added = try change("[Interface]\n", isWhole: false)
        #expect(added.privateKey == nil && added.listenPort == nil && added.mark == nil)
        #expect(added.isEmpty)
        // An empty file is a configuration too.
        #expect(try change("").listenPort == 0)
    }

    @Test func whiteSpaceCaseAndCommentsDoNotCount() throws {
        let change = try change(
            "# a comment\r\n  [ InterFace ]\t\r\n Private Key=\(Sample.privateKey)#x\n\u{b}LISTENPORT\u{c}=\t7 \r\n"
                + "#[Peer]\n[PEER] # here\npublickey = \(Sample.peer1)\nallowedips=10.0.0.0 / 8 ,\t::/0\r\n"
                + "PersistentKeepAlive = OFF\n#FwMark=1")
        #expect(change.listenPort == 7)
        #expect(change.privateKey == (try Sample.key(Sample.privateKey)))
        #expect(change.peers.map(\.allowedAddresses) == [["10.0.0.0/8", "::/0"]])
        #expect(change.peers[0].keepalive == .zero)
    }

    @Test func theLastValueCounts() throws {
        let change = try change("[Interface]\nListenPort=1\nFwMark=2\n[Interface]\nListenPort=3\nFwMark=off\n")
        #expect(change.listenPort == 3 && change.mark == 0)
    }

    @Test(arguments: [
        "foo", "[Foo]", "[Interface", "Interface]", "[]", "=", "=1", "PrivateKey=\(Sample.privateKey)",
        "[Interface]\nFoo=1", "[Interface]\nListenPort", "[Interface]\nListenPort=", "[Interface]\n=7",
        "[Interface]\nPublicKey=\(Sample.peer1)", "[Interface]\nAllowedIPs=10.0.0.1", "[Peer]\nListenPort=1",
        "[Peer]\nPrivateKey=\(Sample.privateKey)", "[Peer]\nEndpoint =", "[Interface]\nListenPort#=1",
    ]) func whatIsNotKnownIsNamed(text: String) throws {
        let line = text.split(separator: "\n").last.map { $0.prefix { $0 != "#" } } ?? ""
        let bare = line.filter { $0 != " " }
        #expect(refusal { _ = try reader(text) } == "Line unrecognized: `\(bare)'")
    }

    @Test(arguments: [
        ("[Interface]\nListenPort=foo", "Servname not supported for ai_socktype: `foo'"),
        (
            "[Interface]\nListenPort=99999999999999999999",
            "Servname not supported for ai_socktype: `99999999999999999999'"
        ),
        ("[Interface]\nFwMark=0x100000000", "Fwmark is neither 0/off nor 0-0xffffffff: `0x100000000'"),
        ("[Interface]\nPrivateKey=abc", "Key is not the correct length or format: `abc'"),
        ("[Peer]\nAllowedIPs=10.0.0.0/33", "AllowedIP is not in the correct format: `10.0.0.0/33'"),
        ("[Peer]\nAllowedIPs=10.0.0.1,,10.0.0.2", "Unable to parse IP address: `'"),
        ("[Peer]\nPersistentKeepalive=65536", "Persistent keepalive interval is neither 0/off nor 1-65535: `65536'"),
        ("[Peer]\nEndpoint=1.2.3.4", "Unable to find port of endpoint: `1.2.3.4'"),
        ("[Peer]\nEndpoint=[::1:5", "Unable to find matching brace of endpoint: `[::1:5'"),
    ]) func wrongValuesAreNamed(text: String, message: String) throws {
        #expect(refusal { _ = try reader(text) } == message)
    }

    @Test(arguments: [
        "[Peer]", "[Peer]\nAllowedIPs=10.0.0.1", "[Peer]\n[Peer]\nPublicKey=\(Sample.peer1)",
        "[Peer]\nPublicKey=\(Sample.peer1)\n[Peer]\n[Interface]",
    ]) func aPeerWithoutAKeyIsAProblem(text: String) throws {
        #expect(try reader(text).problem == "A peer is missing a public key")
    }

    @Test func aPeerMayHaveTheKeyOfZeros() throws {
        let zeros = String(repeating: "A", count: 43) + "="
        let reader = try reader("[Peer]\nPublicKey=\(zeros)\n")
        #expect(reader.problem == nil)
        #expect(reader.change.peers.map(\.publicKey) == [.zero])
    }

    @Test func linesOfAnyLengthAreRead() throws {
        let many = (0..<20_000).map { "10.\($0 >> 8).\($0 & 255).0/24" }.joined(separator: ",")
        let text = "[Peer]\nPublicKey=\(Sample.peer1)\nAllowedIPs=\(many)\n"
        #expect(try change(text).peers[0].allowedAddresses.count == 20_000)
        #expect(refusal { _ = try reader(String(repeating: "x", count: 1 << 20)) }?.utf8.count == (1 << 20) + 21)
        #expect(try change(String(repeating: " ", count: 1 << 20)).peers.isEmpty)
    }

    @Test func signsChangeTheListInsteadOfReplacingIt() throws {
        func peer(_ list: String) throws -> WireGuardPeerChange {
            try change("[Peer]\nPublicKey=\(Sample.peer1)\nAllowedIPs=\(list)\n").peers[0]
        }
        let added = try peer("+10.0.0.0/8, + fd00::/16")
        #expect(!added.replacesAllowedAddresses)
        #expect(added.allowedAddresses == ["10.0.0.0/8", "fd00::/16"] && added.removedAllowedAddresses.isEmpty)
        let removed = try peer("-10.0.0.0/8,-10.1.0.0/16")
        #expect(!removed.replacesAllowedAddresses && removed.allowedAddresses.isEmpty)
        #expect(removed.removedAllowedAddresses == ["10.0.0.0/8", "10.1.0.0/16"])
        // Of the same address the last counts, whatever its host's bits.
        #expect(try peer("+10.0.0.0/8,-10.0.0.1/8").allowedAddresses.isEmpty)
        #expect(try peer("-10.0.0.0/8,+10.0.0.1/8").removedAllowedAddresses.isEmpty)
        for list in ["+", "-", "++10.0.0.1", "+-10.0.0.1", "10.0.0.1+"] {
            #expect(refusal { _ = try peer(list) }?.hasPrefix("Unable to parse IP address") == true)
        }
    }

    @Test func anyBytesAreReadWithoutATrap() {
        let whole =
            "[Interface]\nPrivateKey=\(Sample.privateKey)\nListenPort=5\nFwMark=0x1\n[Peer]\nPublicKey=\(Sample.peer1)\n"
            + "AllowedIPs=10.0.0.0/8,::/0\nPersistentKeepalive=1\n#\r\n"
        // No endpoint: a changed one would be a host's name, or a service that is tried again for a minute.
        let text = Array(whole.utf8)
        var generator = SystemRandomNumberGenerator()
        let others: [UInt8] = [0, 0x0a, 0x0d, 0x20, 0x23, 0x2b, 0x2c, 0x2d, 0x2f, 0x3d, 0x5b, 0x5d, 0x80, 0xff]
        for _ in 0..<5_000 {
            var bytes = text
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[place] = others.randomElement(using: &generator) ?? 0
            }
            bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator))
            _ = try? reader(bytes)
        }
    }
}
