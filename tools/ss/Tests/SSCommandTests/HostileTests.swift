// SPDX-License-Identifier: Apache-2.0

import CommandKit
import NetlinkCore
import NetlinkSockDiag
import NetlinkTestSupport
import Testing

@testable import SSCommand

@Suite("Hostile names and tables") struct HostileTests {
    /// Names that Unix sockets may have: any bytes.
    static let names: [[UInt8]] = [
        Array("/run/plain".utf8), Array("/run/\"quoted\\".utf8), Array("/run/new\nline\ttab\r".utf8),
        Array("/run/é🦆".utf8), [0x2f, 0xff, 0xfe, 0x80], [0], [0, 0, 1, 0x22, 0], [0, 0x41, 0x0a, 0x42],
        (UInt8(1)...255).map { $0 }, [0x2f, 0xe2, 0x82], Array(repeating: 0x5c, count: 107), [],
        Array("/x\",\"state\":\"forged".utf8), Array("/\u{2028}\u{0}".utf8), [0x2f, 0x7f, 0x1b, 0x5b, 0x32, 0x4a],
    ]

    @Test("of any bytes are valid JSON, and tell themselves apart", arguments: ["-xaj", "-xajemp", "-xa --pretty"])
    func areValidJSON(_ line: String) throws {
        let kernel = FakeKernel.listing([1: Self.names.map { unixSocket($0) }])
        let outcome = ss(line, kernel)
        var checker = JSONChecker(Array(outcome.output.utf8))
        let isValid = checker.isValid()
        #expect(isValid, "\(outcome.output)")
        #expect(checker.objects >= Self.names.count * 3)
        #expect(!outcome.output.contains("\"state\":\"forged"))
        #expect(outcome.output.contains("\"name_hex\"") && outcome.output.contains("\\u0001"))
    }

    @Test("are printed as their bytes in text, as iproute2 does") func areBytesInText() {
        let kernel = FakeKernel.listing([1: [unixSocket([0, 0x61, 0, 0x62]), unixSocket(Array("/run/é\0rest".utf8))]])
        let lines = ss("-xaHn", kernel).lines
        #expect(lines.count == 2 && lines[0].contains("@a@b 77") && lines[1].contains("/run/é 77"))
    }

    @Test("of any options is valid JSON")
    func isValidForAllOptions() {
        for options in ["-j", "-je", "-jo", "-jm", "-ji", "-jiemo", "-j --tos --inet-sockopt --cgroup", "-ji --pretty"]
        {
            let outcome = ss("-tan \(options)", ListingTests.kernel)
            var checker = JSONChecker(Array(outcome.output.utf8))
            let isValid = checker.isValid()
            #expect(isValid, "\(outcome.output)")
            #expect(outcome.output.contains("\"netid\""))
        }
        #expect(ss("-tanj").output == "[]\n" || ss("-tanj").output == "[ ]\n")
    }

    @Test("of older kernels are read, line by line, and anything else is passed over") func readsTables() {
        let text = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
              16: 0100007F:00FF 0100007F:0000 01 00000002:0000000A 02:000000C8 00000003  1000        0 133843 2 000000004c491f73 0
             157: 00000000:002F 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 133841 2 00000000f09cc341 0
             158: 00000000:002F 00000000
             159: XX000000:002F 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 133841 2 0 0
             160: 0000000000:002F 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 133841 2 0 0
             161: 00000000:1002F 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 133841 2 0 0
            """
        let sockets = SocketFile.sockets(Array(text.utf8), .raw, .ipv4)
        // These are tables of a little-endian machine.
        guard UInt16(1).littleEndian == 1 else { return }
        #expect(sockets.map(\.local) == [SocketEndpoint("127.0.0.1", port: 255), SocketEndpoint("0.0.0.0", port: 47)])
        #expect(sockets[0].state == .established && sockets[0].sendQueue == 2 && sockets[0].receiveQueue == 10)
        #expect(sockets[0].user == 1000 && sockets[0].inode == 133_843 && sockets[0].timer == .keepalive)
        #expect(sockets[0].expires == 2000 && sockets[0].retransmits == 3)
        let v6 = """
            header
              209: B80D0120000000000000000001000000:003A 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 133842 2 00000000bfb488d7 0
            """
        #expect(SocketFile.sockets(Array(v6.utf8), .udp, .ipv6).map(\.local.description) == ["[2001:db8::1]:58"])
        #expect(SocketFile.sockets([], .udp, .ipv6).isEmpty && SocketFile.sockets([0x0a, 0xff], .udp, .ipv6).isEmpty)
    }
}

/// A strict reader of JSON that keeps nothing.
struct JSONChecker {
    private let bytes: [UInt8]
    private var position = 0
    private(set) var objects = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether the text is one value in valid UTF-8, and nothing else.
    mutating func isValid() -> Bool {
        guard String(validating: bytes, as: UTF8.self) != nil, value(0) else { return false }
        skip()
        return position == bytes.count
    }

    private mutating func skip() {
        while position < bytes.count, [0x20, 0x0a, 0x0d, 0x09].contains(bytes[position]) { position += 1 }
    }

    private mutating func take(_ character: Character) -> Bool {
        skip()
        guard position < bytes.count, bytes[position] == character.asciiValue else { return false }
        position += 1
        return true
    }

    private mutating func value(_ depth: Int) -> Bool {
        guard depth < 16 else { return false }
        if take("{") {
            objects += 1
            return elements("}") { checker in checker.string() && checker.take(":") && checker.value(depth + 1) }
        }
        if take("[") { return elements("]") { checker in checker.value(depth + 1) } }
        if position < bytes.count, bytes[position] == 0x22 { return string() }
        let start = position
        while position < bytes.count, !" \n,]}".utf8.contains(bytes[position]) { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        return ["true", "false", "null"].contains(word) || UInt64(word).map { "\($0)" == word } == true
    }

    private mutating func elements(_ end: Character, _ element: (inout Self) -> Bool) -> Bool {
        if take(end) { return true }
        repeat {
            guard element(&self) else { return false }
        } while take(",")
        return take(end)
    }

    private mutating func string() -> Bool {
        guard take("\"") else { return false }
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == 0x22 { return true }
            guard byte >= 0x20 else { return false }
            guard byte == 0x5c else { continue }
            guard position < bytes.count else { return false }
            let letter = bytes[position]
            position += 1
            if letter == UInt8(ascii: "u") {
                let digits = bytes[position...].prefix(4)
                guard digits.count == 4, UInt16(String(decoding: digits, as: UTF8.self), radix: 16) != nil else {
                    return false
                }
                position += 4
            } else if !"\"\\/bfnrt".utf8.contains(letter) {
                return false
            }
        }
        return false
    }
}
