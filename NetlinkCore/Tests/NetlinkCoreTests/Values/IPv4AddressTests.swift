// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@Suite("IPv4 addresses") struct IPv4AddressTests {
    @Test("print as inet_ntop prints them")
    func printsLikeTheCLibrary() {
        var numbers = SeededNumbers(seed: 4)
        for _ in 0..<20_000 {
            let value = UInt32.random(in: 0...UInt32.max, using: &numbers) >> UInt32.random(in: 0..<32, using: &numbers)
            #expect(IPv4Address(rawValue: value).description == CLibraryText.text(value))
        }
        for octet in 0...255 as ClosedRange<UInt8> {
            #expect(IPv4Address(octet, 0, octet, 255).description == "\(octet).0.\(octet).255")
        }
    }

    @Test("read what inet_pton reads and nothing else")
    func readsLikeTheCLibrary() {
        var numbers = SeededNumbers(seed: 44)
        var accepted = 0
        for _ in 0..<40_000 {
            let valid = IPv4Address(rawValue: .random(in: 0...UInt32.max, using: &numbers)).description
            let text = numbers.mangled(valid, alphabet: Array("0123456789.. xa:/-+".utf8))
            let expected = CLibraryText.ipv4(text)
            #expect(IPv4Address(text)?.rawValue == expected, "\(text)")
            if expected != nil { accepted += 1 }
        }
        #expect(accepted > 10_000 && accepted < 39_000)
    }

    @Test(
        "refuse short, long, octal and spaced texts",
        arguments: [
            "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "01.2.3.4", "1.2.3.04", "00.0.0.0",
            "256.1.1.1",
            "1.2.3.4 ", " 1.2.3.4", "1.2.3.4/8", "0x1.2.3.4", "+1.2.3.4", "1.2.3.4\0", "1.2.3.4444444444444444",
            "１.2.3.4",
        ])
    func refuses(text: String) {
        #expect(IPv4Address(text) == nil)
        if !text.utf8.contains(0) { #expect(CLibraryText.ipv4(text) == nil) }
    }

    @Test("have their first octet in the highest bits")
    func hasNumericValue() {
        let address: IPv4Address = "192.0.2.1"
        #expect(address.rawValue == 0xc000_0201)
        #expect(address == IPv4Address(192, 0, 2, 1))
        #expect([0, 1, 2, 3].map { address.octets[$0] } == [192, 0, 2, 1] as [UInt8])
        #expect(IPv4Address(octets: address.octets) == address)
        #expect(MemoryLayout<IPv4Address>.size == 4)
    }

    @Test("come from and go to the wire as one integer")
    func convertsNetworkOrder() {
        let loaded = [192, 0, 2, 1].reversed().reduce(UInt32(0)) { $0 << 8 | $1 }.littleEndian
        #expect(IPv4Address(networkOrder: loaded) == "192.0.2.1")
        #expect(IPv4Address.read("192.0.2.1")?.networkOrder == loaded)
    }

    @Test("know the ranges they lie in")
    func classifies() {
        #expect(IPv4Address.any.isUnspecified && !IPv4Address.loopback.isUnspecified)
        #expect(("127.255.0.1" as IPv4Address).isLoopback && !("128.0.0.1" as IPv4Address).isLoopback)
        #expect(("224.0.0.1" as IPv4Address).isMulticast && ("239.9.9.9" as IPv4Address).isMulticast)
        #expect(!("240.0.0.1" as IPv4Address).isMulticast && !("223.9.9.9" as IPv4Address).isMulticast)
        #expect(("169.254.1.1" as IPv4Address).isLinkLocal && !("169.253.1.1" as IPv4Address).isLinkLocal)
        #expect(IPv4Address.broadcast.description == "255.255.255.255")
        #expect(("9.0.0.1" as IPv4Address) < "10.0.0.0" && ("200.0.0.0" as IPv4Address) > "10.0.0.0")
    }

    @Test("are masks when their ones come first")
    func convertsMasks() {
        for length in 0...32 { #expect(IPv4Address(maskLength: length)?.maskLength == length) }
        #expect(IPv4Address(maskLength: 20) == "255.255.240.0")
        #expect(IPv4Address(maskLength: 33) == nil && IPv4Address(maskLength: -1) == nil)
        #expect(("255.255.0.255" as IPv4Address).maskLength == nil && ("0.0.0.1" as IPv4Address).maskLength == nil)
    }

    @Test("trap in a wrong literal") func trapsOnWrongLiteral() async {
        await #expect(processExitsWith: .failure) { _ = "10.1" as IPv4Address }
    }

    @Test("append to what is there") func appends() {
        var bytes = Array("via ".utf8)
        IPv4Address.loopback.write(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "via 127.0.0.1")
    }
}
