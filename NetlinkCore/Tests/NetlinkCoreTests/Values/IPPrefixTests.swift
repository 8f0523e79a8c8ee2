// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@Suite("IP addresses and prefixes") struct IPPrefixTests {
    @Test("an address of either kind is read by its form")
    func readsAddresses() {
        #expect(IPAddress.read("10.0.0.1") == .v4(IPv4Address(10, 0, 0, 1)))
        #expect(IPAddress.read("fe80::1") == .v6(IPv6Address(0xfe80, 0, 0, 0, 0, 0, 0, 1)))
        #expect(IPAddress.read("10.1") == nil && IPAddress.read("") == nil && IPAddress.read("default") == nil)
        #expect(("::1" as IPAddress).byteCount == 16 && ("1.1.1.1" as IPAddress).byteCount == 4)
        #expect(("::1" as IPAddress).family == .ipv6 && ("1.1.1.1" as IPAddress).family == .ipv4)
        #expect(("255.0.0.0" as IPAddress) < "::" && !(("::" as IPAddress) < "1.1.1.1"))
        #expect(("::1" as IPAddress).ipv4 == nil && ("::1" as IPAddress).ipv6 == .loopback)
        #expect(IPAddress(anyOf: .ipv6) == "::" && IPAddress(anyOf: .mpls) == nil)
        for text in ["127.0.0.9", "::1"] { #expect(IPAddress(text)?.isLoopback == true) }
        for text in ["224.0.0.9", "ff05::1"] { #expect(IPAddress(text)?.isMulticast == true) }
        for text in ["169.254.0.9", "fe80::1"] { #expect(IPAddress(text)?.isLinkLocal == true) }
        for text in ["0.0.0.0", "::"] { #expect(IPAddress(text)?.isUnspecified == true) }
    }

    @Test("a prefix keeps the bits behind its length")
    func keepsHostBits() throws {
        let prefix = try #require(IPPrefix.read("10.0.0.1/24"))
        #expect(prefix.description == "10.0.0.1/24" && prefix.address == "10.0.0.1" && prefix.length == 24)
        #expect(prefix.network == "10.0.0.0/24" && prefix.hasHostBits && !prefix.network.hasHostBits)
        #expect(prefix.mask == "255.255.255.0" && prefix.broadcast == "10.0.0.255")
        let long = try #require(IPPrefix.read("2001:db8:ffff::1/33"))
        #expect(long.network == "2001:db8:8000::/33" && long.mask == "ffff:ffff:8000::" && long.broadcast == nil)
    }

    @Test("a prefix without a length is of one address")
    func defaultsToFullLength() {
        #expect(IPPrefix.read("10.0.0.1") == "10.0.0.1/32" && IPPrefix.read("::1") == "::1/128")
        #expect(("10.0.0.1" as IPPrefix).isHost && !("10.0.0.1/31" as IPPrefix).isHost)
        #expect(("10.0.0.1" as IPPrefix).description == "10.0.0.1/32")
        #expect(("10.0.0.1" as IPPrefix).broadcast == nil && ("10.0.0.1/31" as IPPrefix).broadcast == nil)
    }

    @Test(
        "a prefix out of form is refused",
        arguments: [
            "10.0.0.1/33", "::/129", "10.0.0.1/", "/8", "", "/", "10.0.0.1/08", "10.0.0.1/+8", "10.0.0.1/-1",
            "10.0.0.1/8/8",
            "10.0.0.1/8 ", "10/8", "10.0.0.1/255.0.0.0", "::1/0x10", "10.0.0.1/1000", "10.0.0.1/256", "default",
        ])
    func refuses(text: String) {
        #expect(IPPrefix(text) == nil)
    }

    @Test("a length is checked against the family")
    func checksLength() {
        #expect(IPPrefix(IPv4Address.any, length: 33) == nil && IPPrefix(IPv4Address.any, length: -1) == nil)
        #expect(IPPrefix(IPv6Address.any, length: 129) == nil && IPPrefix(IPv6Address.any, length: 128) != nil)
        #expect(IPPrefix.anyIPv4 == "0.0.0.0/0" && IPPrefix.anyIPv6 == "::/0" && IPPrefix.anyIPv6.isAny)
    }

    @Test("a prefix contains what begins with it")
    func contains() {
        let prefix: IPPrefix = "10.9.8.7/16"
        #expect(prefix.contains("10.9.255.255" as IPAddress) && !prefix.contains("10.10.0.0" as IPAddress))
        #expect(!prefix.contains("::10.9.8.7" as IPAddress))
        #expect(
            prefix.contains("10.9.0.0/17" as IPPrefix) && prefix.contains(prefix)
                && !prefix.contains("10.9.0.0/15" as IPPrefix))
        #expect(IPPrefix.anyIPv6.contains("ff::" as IPAddress) && IPPrefix.anyIPv4.contains("255.1.1.1" as IPAddress))
        #expect(!IPPrefix.anyIPv6.contains("1.1.1.1" as IPAddress))
        #expect(("2001:db8::/65" as IPPrefix).contains("2001:db8::7fff:0:0:1" as IPAddress))
        #expect(!("2001:db8::/65" as IPPrefix).contains("2001:db8::8000:0:0:1" as IPAddress))
    }

    @Test("all lengths survive text, order and network")
    func roundTrips() {
        for length in 0...128 {
            let six = IPPrefix("2001:db8:1234:5678:9abc:def0:1234:5678" as IPv6Address, length: length)
            #expect(six.flatMap { IPPrefix($0.description) } == six)
            #expect(six.map { $0.contains($0.network) && $0.network.contains($0) && !$0.network.hasHostBits } == true)
            let four = IPPrefix("203.0.113.77" as IPv4Address, length: length)
            #expect((four == nil) == (length > 32))
            #expect(four.flatMap { IPPrefix($0.description) } == four)
        }
        #expect(("10.0.0.0/8" as IPPrefix) < "10.0.0.0/9" && ("10.0.0.0/30" as IPPrefix) < "10.0.0.1/8")
    }

    @Test("the short form leaves out a full length")
    func abbreviates() {
        func short(_ prefix: IPPrefix) -> String {
            var bytes: [UInt8] = []
            prefix.writeAbbreviated(to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
        #expect(short("10.0.0.1/32") == "10.0.0.1" && short("10.0.0.1/31") == "10.0.0.1/31")
        #expect(short("::1/128") == "::1" && short("::/0") == "::/0" && short("::1/32") == "::1/32")
    }

    @Test("a wrong literal traps") func trapsOnWrongLiteral() async {
        await #expect(processExitsWith: .failure) { _ = "10.0.0.0/33" as IPPrefix }
        await #expect(processExitsWith: .failure) { _ = "10.0.0" as IPAddress }
    }

    @Test("values are small")
    func sizes() {
        #expect(MemoryLayout<IPAddress>.size <= 17 && MemoryLayout<IPPrefix>.size <= 18)
    }
}
