// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@Suite("IPv6 addresses") struct IPv6AddressTests {
    /// Groups of which many are zero, small or ffff, so that every form of the text comes up.
    private static func random(using numbers: inout SeededNumbers) -> IPv6Address {
        let zeros = UInt8.random(in: 0...UInt8.max, using: &numbers)
        var address = IPv6Address.any
        for index in 0..<8 {
            var group = UInt64.random(in: 0...0xffff, using: &numbers) >> UInt64.random(in: 0..<16, using: &numbers)
            if UInt8.random(in: 0..<8, using: &numbers) == 0 { group = 0xffff }
            if zeros >> index & 1 == 1 { group = 0 }
            address.high = address.high << 16 | address.low >> 48
            address.low = address.low << 16 | group
        }
        return address
    }

    @Test("print as inet_ntop prints them")
    func printsLikeTheCLibrary() {
        var numbers = SeededNumbers(seed: 6)
        for _ in 0..<40_000 {
            let address = Self.random(using: &numbers)
            #expect(address.description == CLibraryText.text(address.high, address.low))
        }
    }

    @Test("print every pattern of zero groups as inet_ntop does", arguments: [0x1, 0xffff, 0xabc] as [UInt64])
    func printsZeroRuns(group: UInt64) {
        for pattern in 0..<256 as Range<UInt64> {
            var address = IPv6Address.any
            for index in 0..<8 as Range<UInt64> {
                address.high = address.high << 16 | address.low >> 48
                address.low = address.low << 16 | (pattern >> index & 1) * group
            }
            #expect(address.description == CLibraryText.text(address.high, address.low))
            #expect(IPv6Address(address.description) == address)
        }
    }

    @Test("read what inet_pton reads and nothing else")
    func readsLikeTheCLibrary() {
        var numbers = SeededNumbers(seed: 66)
        var accepted = 0
        for _ in 0..<60_000 {
            var valid = Self.random(using: &numbers).description
            if Bool.random(using: &numbers) {
                let tail = IPv4Address(rawValue: .random(in: 0...UInt32.max, using: &numbers))
                valid = valid.split(separator: ":", omittingEmptySubsequences: false).dropLast(2).joined(separator: ":")
                valid += (valid.hasSuffix(":") ? "" : ":") + tail.description
            }
            let text = numbers.mangled(valid, alphabet: Array("0123456789abcdefABCDEF::::.. g%/".utf8))
            let expected = CLibraryText.ipv6(text)
            let ours = IPv6Address(text)
            #expect(ours?.high == expected?.high && ours?.low == expected?.low, "\(text)")
            if expected != nil { accepted += 1 }
        }
        #expect(accepted > 10_000 && accepted < 55_000)
    }

    @Test("read short texts of all their characters as inet_pton does")
    func readsAllShortTexts() {
        let alphabet: [Character] = [":", "1", "f", ".", "0", "g"]
        var texts: [String] = [""]
        for _ in 0..<6 {
            texts = texts.flatMap { text in alphabet.map { text + String($0) } }
            for text in texts {
                let expected = CLibraryText.ipv6(text)
                let ours = IPv6Address(text)
                if ours?.high != expected?.high || ours?.low != expected?.low { Issue.record("\(text)") }
            }
        }
    }

    @Test(
        "print known forms",
        arguments: [
            ("::", "::"), ("0:0:0:0:0:0:0:1", "::1"), ("2001:DB8::1", "2001:db8::1"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
            ("1:0:0:2:0:0:3:4", "1::2:0:0:3:4"), ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
            ("::ffff:102:304", "::ffff:1.2.3.4"), ("::102:304", "::1.2.3.4"), ("::1:0", "::0.1.0.0"),
            ("::ffff", "::ffff"),
            ("::fffe:102:304", "::fffe:102:304"), ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
            ("::ffff:0:0", "::ffff:0.0.0.0"),
        ])
    func printsKnownForms(text: String, expected: String) {
        #expect(IPv6Address(text)?.description == expected)
    }

    @Test(
        "refuse what is no address",
        arguments: [
            "", ":", ":::", "1", "1:", ":1", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8",
            "12345::",
            "::00001", "::1%eth0", "[::1]", "::g", "::1.2.3", "::1.2.3.4.5", "::01.2.3.4", "1:2:3:4:5:6:7:1.2.3.4",
            "1:2:3:4:5::6:1.2.3.4", "1.2.3.4", "1.2.3.4::", "::1.2.3.4:5", "::1 ", " ::1", "::1/64", "::1\0",
        ])
    func refuses(text: String) {
        #expect(IPv6Address(text) == nil)
        if !text.utf8.contains(0) { #expect(CLibraryText.ipv6(text) == nil) }
    }

    @Test("have their first groups in the high half")
    func hasNumericValue() {
        let address: IPv6Address = "2001:db8:1:2:3:4:5:6"
        #expect(address == IPv6Address(0x2001, 0xdb8, 1, 2, 3, 4, 5, 6))
        #expect(address.high == 0x2001_0db8_0001_0002 && address.low == 0x0003_0004_0005_0006)
        let octets = (0..<16).map { address.octets[$0] }
        #expect(octets == [0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6])
        #expect(IPv6Address(octets: address.octets) == address)
        #expect(IPv6Address(networkOrder: address.networkOrder.high, address.networkOrder.low) == address)
        #expect(address.networkOrder.high == UInt64(0x2001_0db8_0001_0002).bigEndian)
        #expect(MemoryLayout<IPv6Address>.size == 16)
    }

    @Test("know the ranges they lie in")
    func classifies() {
        #expect(IPv6Address.any.isUnspecified && IPv6Address.loopback.isLoopback && !("::2" as IPv6Address).isLoopback)
        #expect(("ff02::1" as IPv6Address).isMulticast && !("fe02::1" as IPv6Address).isMulticast)
        #expect(("fe80::1" as IPv6Address).isLinkLocal && ("febf::1" as IPv6Address).isLinkLocal)
        #expect(!("fec0::1" as IPv6Address).isLinkLocal && !("fe7f::1" as IPv6Address).isLinkLocal)
        #expect(IPv6Address(mapping: "1.2.3.4").description == "::ffff:1.2.3.4")
        #expect(
            ("::ffff:1.2.3.4" as IPv6Address).mappedIPv4 == "1.2.3.4" && ("::1.2.3.4" as IPv6Address).mappedIPv4 == nil)
        #expect(("::ffff:ffff:ffff:ffff" as IPv6Address) < "1::" && ("1::1" as IPv6Address) < "1::2")
    }

    @Test("make masks of every length")
    func makesMasks() {
        for length in 0...128 {
            let mask = IPv6Address(maskLength: length)
            #expect(mask.map { $0.high.nonzeroBitCount + $0.low.nonzeroBitCount } == length)
            #expect(
                mask.map { (~$0.high).leadingZeroBitCount + (length < 64 ? 0 : (~$0.low).leadingZeroBitCount) }
                    == length)
        }
        #expect(IPv6Address(maskLength: 129) == nil && IPv6Address(maskLength: -1) == nil)
    }

    @Test("trap in a wrong literal") func trapsOnWrongLiteral() async {
        await #expect(processExitsWith: .failure) { _ = "1::2::3" as IPv6Address }
    }
}
