// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@Suite("Interface names and references") struct LinkReferenceTests {
    /// `ip link add name NAME type dummy`, Linux 7.2.
    @Test(
        "names that the kernel takes are taken",
        arguments: [
            "a", "abcdefghijklmno", "...", "-x", "12", "if5", "a@b", "a\"b", "%d", "ä", "a\u{7f}", "a\u{1}", "a\u{85}b",
        ])
    func takes(name: String) throws {
        let value = try #require(InterfaceName(name))
        #expect(value.description == name && value.byteCount == name.utf8.count && value.isValid)
        #expect(value.bytes == Array(name.utf8))
    }

    @Test(
        "names that the kernel refuses are refused",
        arguments: [
            "", "abcdefghijklmnop", "a/b", "a:b", "a b", ".", "..", "a\tb", "a\nb", "a\u{b}b", "à", "a\0", "\0",
        ])
    func refuses(name: String) {
        #expect(InterfaceName(name) == nil)
    }

    @Test("bytes from the kernel survive, valid UTF-8 or not")
    func keepsKernelBytes() {
        let name = InterfaceName(kernelBytes: [0x61, 0xff, 0x2f, 0, 0x62])
        #expect(name.bytes == [0x61, 0xff, 0x2f] && name.byteCount == 3 && !name.isValid)
        #expect(InterfaceName(kernelBytes: [0x61, 0xff].rawSpan).isValid)
        #expect(InterfaceName(kernelBytes: [0x61, 0xff, 0x2f, 0, 0x62].rawSpan) == name)
        let long = [UInt8](repeating: 0x78, count: 40)
        #expect(
            InterfaceName(kernelBytes: long).bytes.count == 15
                && InterfaceName(kernelBytes: long.rawSpan).byteCount == 15)
        #expect(InterfaceName(kernelBytes: []).byteCount == 0 && !InterfaceName(kernelBytes: []).isValid)
        #expect(InterfaceName(kernelBytes: []).description == "")
    }

    @Test("every length survives", arguments: 1...15)
    func roundTrips(count: Int) {
        let text = String("eth0.1234567890".prefix(count))
        #expect(InterfaceName(text)?.description == text && InterfaceName(text)?.byteCount == count)
    }

    @Test("names order by their bytes and are 16 bytes")
    func compares() {
        let names: [InterfaceName] = ["veth10", "lo", "veth1", "eth0", "eth0.100", "abcdefgh", "abcdefghi"]
        #expect(names.sorted().map(\.description) == names.map(\.description).sorted())
        #expect(MemoryLayout<InterfaceName>.size == 16)
    }

    @Test("indices are read and printed in decimal")
    func indices() {
        #expect(
            InterfaceIndex("7") == 7 && InterfaceIndex("7")?.description == "7"
                && InterfaceIndex(rawValue: -7).description == "-7")
        #expect(
            InterfaceIndex("") == nil && InterfaceIndex("+7") == nil && InterfaceIndex("7x") == nil
                && InterfaceIndex("2147483648") == nil)
        #expect(InterfaceIndex("-7") == InterfaceIndex(rawValue: -7))
        #expect(
            InterfaceIndex.loopback.isValid && !InterfaceIndex.none.isValid && !(-1 as InterfaceIndex).isValid
                && (1 as InterfaceIndex) < 2)
        for value in [0, 9, 10, 99, 100, Int32.max, Int32.min] {
            #expect(InterfaceIndex(rawValue: value).description == String(value))
        }
    }

    @Test("references are made of literals, names and numbers")
    func references() {
        #expect(("eth0" as LinkReference) == .name("eth0") && (2 as LinkReference) == .index(2))
        #expect(("eth0" as LinkReference).description == "eth0" && (2 as LinkReference).description == "if2")
        #expect(LinkReference.name("eth0" as InterfaceName) == "eth0")
        #expect(
            (2 as LinkReference).index == 2 && (2 as LinkReference).name == nil && ("2" as LinkReference).name == "2")
    }

    /// `ip link property add dev d0 altname NAME`, Linux 7.2: 127 bytes, `a:b`, `.` and bytes 0xa0 are taken.
    @Test(
        "references that could be are valid",
        arguments: ["eth0", "a:b", ".", "..", "à", "%d", "7", String(repeating: "x", count: 127)] as [String])
    func validates(name: String) throws {
        try LinkReference.name(name).validate()
    }

    @Test(
        "references that cannot be say why",
        arguments: [
            .name(""), .name("a/b"), .name("a b"), .name("a\0"), .name(String(repeating: "x", count: 128)), 0, -1,
        ] as [LinkReference])
    func refusesReference(reference: LinkReference) {
        let error = #expect(throws: NetlinkError.self) { try reference.validate() }
        #expect(error?.code == .invalidArgument)
    }

    @Test("a wrong name literal traps") func trapsOnWrongLiteral() async {
        await #expect(processExitsWith: .failure) { _ = "eth/0" as InterfaceName }
    }
}
