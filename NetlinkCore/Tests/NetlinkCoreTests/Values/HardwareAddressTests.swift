// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@Suite("Hardware addresses") struct HardwareAddressTests {
    @Test("print two lower-case digits a byte")
    func prints() {
        #expect(HardwareAddress(0x02, 0, 0xab, 0xcd, 0x0e, 0xff).description == "02:00:ab:cd:0e:ff")
        #expect(HardwareAddress().description == "" && HardwareAddress.read("") == HardwareAddress())
        #expect(HardwareAddress(IPv4Address(10, 0, 0, 1)).description == "0a:00:00:01")
    }

    @Test("any length up to 32 survives text and bytes", arguments: 0...32)
    func roundTrips(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 200) }
        let address = try #require(HardwareAddress(bytes: bytes))
        #expect(address.byteCount == count && address.bytes == bytes)
        #expect(HardwareAddress(address.description) == address)
        #expect(HardwareAddress(bytes: bytes.rawSpan) == address)
        #expect(try count == 0 || HardwareAddress(parsing: address.description) == address)
        #expect((0..<count).map { address[$0] } == bytes)
    }

    @Test("more than 32 bytes are refused")
    func refusesTooMany() {
        let bytes = [UInt8](repeating: 1, count: 33)
        #expect(HardwareAddress(bytes: bytes) == nil && HardwareAddress(bytes: bytes.rawSpan) == nil)
        let text = bytes.map { _ in "01" }.joined(separator: ":")
        #expect(HardwareAddress(text) == nil)
        #expect(#expect(throws: AddressSyntaxError.self) { try HardwareAddress(parsing: text) }?.problem == .tooLong)
    }

    @Test(
        "a text out of form is refused",
        arguments: [
            "aa:", ":aa", "aa::bb", ":", "aa-bb", "aabb.ccdd", "aaa", "g0", "a:100", " aa", "aa ", "0x2:1", "aa:b\0",
        ])
    func refuses(text: String) {
        #expect(HardwareAddress(text) == nil)
    }

    /// `ip neigh add 1.2.3.4 lladdr WORD dev v0`, the bytes of NDA_LLADDR; ip 6.15, Linux 7.2.
    static let accepted: [(word: String, sent: [UInt8])] = [
        ("aa:bb:cc:dd:ee:ff", [0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff]),
        ("AA:BB:CC:DD:EE:FF", [0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff]),
        ("a:b:c:d:e:f", [0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f]), ("2:0:0:0:0:1", [2, 0, 0, 0, 0, 1]),
        ("aa:bb:cc:dd:ee", [0xaa, 0xbb, 0xcc, 0xdd, 0xee]),
        ("aa:bb:cc:dd:ee:ff:00:11", [0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0, 0x11]),
        ("aa", [0xaa]), ("0", [0]), ("1.2.3.4", [1, 2, 3, 4]), ("10.1", [10, 1, 0, 0]),
        ("0aa:bb:cc:dd:ee:ff", [0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff]),
        ("0x2:bb:cc:dd:ee:ff", [2, 0xbb, 0xcc, 0xdd, 0xee, 0xff]),
        ("+2:1:1:1:1:1", [2, 1, 1, 1, 1, 1]), ("00000002:0:0:0:0:1", [2, 0, 0, 0, 0, 1]),
        (" 2:1:1:1:1:1", [2, 1, 1, 1, 1, 1]),
        ("2: 1:1:1:1:1", [2, 1, 1, 1, 1, 1]), ("2:1:1:1:1:1 ", [2, 1, 1, 1, 1, 1]),
    ]

    @Test("a word is read as ip reads it", arguments: accepted)
    func readsWord(word: String, sent: [UInt8]) throws {
        #expect(try HardwareAddress(parsing: word).bytes == sent)
    }

    /// The same command's `"TEXT" is invalid lladdr.`.
    static let refused: [(word: String, text: String)] = [
        ("aa:", ""), (":aa", ""), ("aa::bb", ""), ("aa:bb:cc:dd:ee:ff:", ""), ("::", ""), (":", ""), ("", ""),
        ("aabb.ccdd.eeff", "aabb.ccdd.eeff"), ("aabbccddeeff", "aabbccddeeff"), ("aa:bb:cc:dd:ee:100", "100"),
        ("-2:1:1:1:1:1", "-2"), ("gg:bb:cc:dd:ee:ff", "gg"), ("default", "default"), ("x", "x"),
    ]

    @Test("a wrong word is refused in ip's words", arguments: refused)
    func refusesWord(word: String, text: String) {
        let error = #expect(throws: AddressSyntaxError.self) { try HardwareAddress(parsing: word) }
        #expect(error?.description == "\"\(text)\" is invalid lladdr.")
    }

    /// Here `ip` takes the digits before the wrong character and sends fewer or other bytes than were written.
    @Test(
        "what ip would cut short is refused",
        arguments: ["aa-bb-cc-dd-ee-ff", "ag:bb:cc:dd:ee:ff", "any", "100000001:1:1:1:1:1"])
    func refusesTrailingCharacters(word: String) {
        #expect(throws: AddressSyntaxError.self) { try HardwareAddress(parsing: word) }
    }

    @Test("equal bytes are equal and hash alike, other lengths are not")
    func compares() {
        let a: HardwareAddress = "02:00:00:00:00:01"
        #expect(
            a == HardwareAddress(bytes: [2, 0, 0, 0, 0, 1]) && a != "02:00:00:00:00:01:00" && a != "02:00:00:00:00:02")
        #expect(Set([a, "2:0:0:0:0:1", "02:00:00:00:00:02"]).count == 2)
        #expect(a < "02:00:00:00:00:02" && a < "02:00:00:00:00:01:00" && ("01" as HardwareAddress) < a && !(a < a))
        #expect(HardwareAddress.read("00:00")?.isZero == true && HardwareAddress().isZero && !a.isZero)
    }

    @Test("flags are bits of the first byte")
    func flags() {
        #expect(HardwareAddress.broadcast.isMulticast && ("01:00:5e:00:00:01" as HardwareAddress).isMulticast)
        #expect(
            ("02:00:00:00:00:01" as HardwareAddress).isLocallyAdministered
                && !("00:1b:21:00:00:01" as HardwareAddress).isLocallyAdministered)
        #expect(!HardwareAddress().isMulticast && !HardwareAddress().isLocallyAdministered)
    }

    @Test("are at most 40 bytes") func size() {
        #expect(MemoryLayout<HardwareAddress>.stride <= 40)
    }

    @Test("trap in a wrong literal or index") func traps() async {
        await #expect(processExitsWith: .failure) { _ = "aa-bb" as HardwareAddress }
        await #expect(processExitsWith: .failure) { _ = HardwareAddress.broadcast[6] }
    }
}
