// SPDX-License-Identifier: Apache-2.0

import CommandKit
import NetlinkCore
import NetlinkWireGuard
import Testing

@testable import WGCommand

/// Words of the command line and the values in them.
struct ArgumentTests {
    private func change(_ words: String...) throws -> WireGuardChange {
        var words = Words(words)
        return try SetCommand.parse(&words)
    }

    @Test func everyWordOfSetIsRead() throws {
        let privateKey = try TemporaryFile(Array("\(Sample.privateKey)\n".utf8))
        let presharedKey = try TemporaryFile(Array("\(Sample.presharedKey)\r\n \n".utf8))
        let change = try change(
            "private-key", privateKey.path, "listen-port", "51820", "fwmark", "0x1234", "peer", Sample.peer1,
            "preshared-key", presharedKey.path, "endpoint", "192.95.5.67:1234", "allowed-ips", "10.0.0.1,10.1.0.0/16",
            "persistent-keepalive", "25", "peer", Sample.peer2, "remove")
        #expect(change.privateKey == (try Sample.key(Sample.privateKey)))
        #expect(change.listenPort == 51820 && change.mark == 0x1234)
        #expect(change.peers.count == 2)
        #expect(change.peers[0].presharedKey == (try Sample.key(Sample.presharedKey)))
        #expect(change.peers[0].endpoint == WireGuardEndpoint("192.95.5.67", port: 1234))
        #expect(change.peers[0].allowedAddresses == ["10.0.0.1/32", "10.1.0.0/16"])
        #expect(change.peers[0].replacesAllowedAddresses && !change.peers[0].isRemoved)
        #expect(change.peers[0].keepalive == .seconds(25))
        #expect(change.peers[1].isRemoved && !change.peers[1].replacesAllowedAddresses)
    }

    @Test func aListOfAllowedAddressesReplacesAddsOrRemoves() throws {
        func peer(_ lists: String...) throws -> WireGuardPeerChange {
            var words = Words(["peer", Sample.peer1] + lists.flatMap { ["allowed-ips", $0] })
            return try SetCommand.parse(&words).peers[0]
        }
        #expect(try peer("").replacesAllowedAddresses)
        #expect(try peer("").allowedAddresses.isEmpty)
        #expect(try peer("10.0.0.0/8", "::/0").allowedAddresses == ["10.0.0.0/8", "::/0"])
        #expect(try !peer("10.0.0.0/8", "+::/0").replacesAllowedAddresses)
        #expect(try peer("+10.0.0.0/8", "::/0").replacesAllowedAddresses)
        #expect(try peer("-10.0.0.0/8").removedAllowedAddresses == ["10.0.0.0/8"])
    }

    @Test(arguments: [
        ["foo"], ["peer"], ["listen-port"], ["remove"], ["endpoint", "1.2.3.4:5"], ["PEER", Sample.peer1], [""],
        ["peer", Sample.peer1, "listen-port", "5"], ["peer", Sample.peer1, "endpoint"], ["pee", Sample.peer1],
    ]) func wordsThatDoNotFitAreNamed(words: [String]) {
        var line = Words(words)
        let word = words.count == 4 || words.count == 3 ? words[2] : words[0]
        #expect(refusal { _ = try SetCommand.parse(&line) } == "Invalid argument: \(word)")
    }

    @Test func numbersAreDigitsAlone() throws {
        func mark(_ text: String) -> UInt32? { try? Argument.mark(Array(text.utf8)) }
        #expect(mark("0") == 0 && mark("off") == 0 && mark("oFF") == 0)
        #expect(mark("010") == 10 && mark("0x010") == 16 && mark("4294967295") == .max && mark("0xFFFFFFFF") == .max)
        for text in ["", "0x", "0X1", "-1", "+1", " 1", "1 ", "4294967296", "0x100000000", "on", "offf", "1_0", "٣"] {
            #expect(mark(text) == nil, "\(text)")
        }
        func keepalive(_ text: String) -> Duration? { try? Argument.keepalive(Array(text.utf8)) }
        #expect(keepalive("OFF") == .zero && keepalive("65535") == .seconds(65535) && keepalive("007") == .seconds(7))
        for text in ["", "65536", "-1", "0x1", "1s", String(repeating: "9", count: 400)] {
            #expect(keepalive(text) == nil, "\(text)")
        }
    }

    @Test func portsAreNumbersAsTheCLibraryTakesThem() throws {
        func port(_ text: String) -> UInt16? { try? Argument.port(Array(text.utf8)) }
        #expect(port("51820") == 51820 && port(" 5") == 5 && port("+6") == 6)
        // Cut to sixteen bits, as there.
        #expect(port("70000") == 4464 && port("4294967301") == 5)
        for text in ["", "5 ", "foo", "-1", "99999999999999999999", "0x10", "+", "-", " "] {
            #expect(port(text) == nil, "\(text)")
        }
    }

    @Test func endpointsAreHostsWithPorts() throws {
        func endpoint(_ text: String) -> WireGuardEndpoint? { try? Endpoint.parse(Array(text.utf8)) }
        #expect(endpoint("1.2.3.4:5") == WireGuardEndpoint("1.2.3.4", port: 5))
        #expect(endpoint("[::1]:5") == WireGuardEndpoint("::1", port: 5))
        #expect(endpoint("::1:5") == WireGuardEndpoint("::1", port: 5))
        #expect(endpoint("[1.2.3.4]:7") == WireGuardEndpoint("1.2.3.4", port: 7))
        #expect(endpoint("[fe80::1%77]:5") == WireGuardEndpoint("fe80::1", port: 5, scope: 77))
        #expect(endpoint("1.2.3:5") == WireGuardEndpoint("1.2.0.3", port: 5))
        for text in ["", ":", "1.2.3.4", "1.2.3.4:", "[::1", "[::1]", "[::1]x:5", "[]:5", ":12", "a..b:5", "[::1%]:5"] {
            #expect(endpoint(text) == nil, "\(text)")
        }
    }

    @Test func numbersOfRetriesAreRead() throws {
        #expect(try Endpoint.retries(nil) == 15)
        #expect(try Endpoint.retries("infinity") == nil)
        for (text, number) in [("3", 3), ("0", 0), ("", 0), (" +7", 7), ("-0", 0), ("2147483647", 2_147_483_647)] {
            #expect(try Endpoint.retries(text) == number)
        }
        for text in ["x", "3x", "3 ", " ", "-", "-1", "0x1", "2147483648", "99999999999999999999", "Infinity"] {
            #expect(
                refusal { _ = try Endpoint.retries(text) }
                    == "Unable to parse WG_ENDPOINT_RESOLUTION_RETRIES: `\(text)'")
        }
    }

    @Test(arguments: [
        ("short", "Invalid length key in key file"), ("\n", "Invalid length key in key file"),
        (Sample.privateKey + "\nx", "Found trailing character in key file: `x'"),
        (" " + Sample.privateKey, "Found trailing character in key file: `='"),
        (
            "!" + Sample.privateKey.dropFirst(),
            "Key is not the correct length or format: `!\(Sample.privateKey.dropFirst())'"
        ),
    ]) func filesOfOtherThanAKeyAreRefused(text: String, message: String) throws {
        let file = try TemporaryFile(Array(text.utf8))
        #expect(refusal { _ = try KeyFile.read(Word(file.path)) } == message)
    }

    @Test func filesOfKeysAreRead() throws {
        let empty = try TemporaryFile([])
        #expect(try KeyFile.read(Word(empty.path)) == .zero)
        #expect(try KeyFile.read(Word("/dev/null")) == .zero)
        #expect(refusal { _ = try KeyFile.read(Word("/nosuch/file")) } == "fopen: No such file or directory")
        let bare = try TemporaryFile(Array(Sample.privateKey.utf8))
        #expect(try KeyFile.read(Word(bare.path)) == Sample.key(Sample.privateKey))
    }

    @Test func publicKeysAreThoseOfX25519() throws {
        // The example of wg(8), and of RFC 7748, section 6.1.
        #expect(
            KeyCommand.publicKey(of: try Sample.key(Sample.privateKey))?.description
                == "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=")
        #expect(
            KeyCommand.publicKey(of: try Sample.key("dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo="))?.description
                == "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=")
        #expect(
            KeyCommand.publicKey(of: try Sample.key("XasIfmJKikt54X+Lg4AO5m87sSkmGLb9HC+LJ/+I4Os="))?.description
                == "3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08=")
    }
}
