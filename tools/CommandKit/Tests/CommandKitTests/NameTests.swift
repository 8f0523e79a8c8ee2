// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CommandKit

struct NameTableTests {
    private func names(isNumeric: Bool = false, local: String = "local", shared: String = "shared") -> Names {
        Names(isNumeric: isNumeric, files: NameFiles(local: fixture(local), shared: fixture(shared)))
    }

    private func string(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func builtInNamesNeedNoFile() {
        var names = names(local: "none", shared: "none")
        #expect(string(names.tables.name(254)) == "main")
        #expect(string(names.tables.name(1000)) == "1000")
        #expect(string(names.protocols.name(2)) == "kernel")
        #expect(string(names.protocols.name(192)) == "eigrp")
        #expect(string(names.protocols.name(17)) == "17")
        #expect(string(names.scopes.name(253)) == "link")
        #expect(string(names.scopes.name(100)) == "100")
        #expect(string(names.realms.name(0)) == "unknown")
        #expect(string(names.groups.name(0)) == "default")
        #expect(string(names.addressProtocols.name(3)) == "kernel_ll")
        #expect(string(names.addressProtocols.name(9)) == "0x9")
        #expect(string(names.dsfields.name(8)) == "0x08")
        #expect(string(names.protodownReasons.name(3)) == "3")
    }

    @Test func numericNamesAreNumbersInTheFormOfTheTable() {
        // ip -N route; ip -N -6 addr; ip -N route show … tos
        var names = names(isNumeric: true)
        #expect(string(names.tables.name(254)) == "254")
        #expect(string(names.protocols.name(2)) == "2")
        #expect(string(names.addressProtocols.name(3)) == "0x3")
        #expect(string(names.dsfields.name(0x10)) == "0x10")
        #expect(names.tables.number(Word("main")) == 254)
    }

    @Test func filesAreReadInTheReferencesOrder() {
        // strace ip route add … table nosuch: /etc file, then folders: the shared ones not hidden, the local ones
        var names = names()
        #expect(names.tables.number(Word("etctab")) == 100)
        #expect(string(names.tables.name(100)) == "renamed")
        #expect(names.tables.number(Word("renamed")) == 100)
        #expect(names.tables.number(Word("usrtab")) == nil)
        #expect(names.tables.number(Word("usrd")) == 202)
        #expect(string(names.tables.name(102)) == "etcd")
        #expect(names.tables.number(Word("overridden")) == 102)
        #expect(names.tables.number(Word("hiddenone")) == nil)
        #expect(names.tables.number(Word("hiding")) == 101)
        #expect(names.tables.number(Word("nosuffix")) == nil)
        #expect(names.tables.number(Word("hidden")) == nil)
        #expect(names.tables.number(Word("negative")) == nil)
        #expect(names.tables.hasName(101) && names.tables.hasName(300) && !names.tables.hasName(103))
    }

    @Test func oneNameForTwoNumbersIsTheOneWithTheLowerLastByte() {
        var names = names()
        #expect(names.tables.number(Word("dup")) == 300)
        #expect(names.tables.number(Word("local")) == 77)
        #expect(string(names.tables.name(255)) == "local")
    }

    @Test func namesComeBeforeNumbers() {
        var names = names()
        #expect(names.tables.number(Word("500")) == 6)
        #expect(names.tables.number(Word("six")) == 500)
        #expect(names.tables.number(Word("0x1f4")) == 500)
        #expect(names.tables.number(Word("0144")) == 100)
    }

    @Test(arguments: ["all", "unspec", "4294967296", "-1", "", "mai", "MAIN", "7 ", "x7", "0x", "-"])
    func otherWordsAreNoTables(word: String) {
        var names = names()
        #expect(names.tables.number(Word(word)) == nil)
        #expect(names.tables.number(Word(word)) == nil)
    }

    @Test func tablesWithALimitIgnoreWhatIsAbove() {
        var names = names()
        #expect(names.protocols.number(Word("toobig")) == nil)
        #expect(names.protocols.number(Word("okp")) == 200)
        #expect(names.protocols.number(Word("255")) == 255)
        #expect(names.protocols.number(Word("256")) == nil)
        #expect(names.protocols.number(Word("ovn")) == 84)
        #expect(names.protodownReasons.number(Word("31")) == 31)
        #expect(names.protodownReasons.number(Word("32")) == nil)
        #expect(names.protodownReasons.number(Word("toohigh")) == nil)
        #expect(names.protodownReasons.number(Word("mlag")) == 0)
        #expect(names.dsfields.number(Word("10")) == 0x10)
        #expect(names.dsfields.number(Word("EF")) == 0xb8)
        #expect(names.dsfields.number(Word("100")) == nil)
        #expect(names.realms.number(Word("300")) == nil)
        #expect(names.scopes.number(Word("host")) == 254)
    }

    @Test func aReplacedNameOfALimitedTableIsForgotten() {
        // rt_protos: 4 static2; ip route add … proto static: value is invalid
        var names = names()
        #expect(names.protocols.number(Word("static2")) == 4)
        #expect(names.protocols.number(Word("static")) == nil)
    }

    @Test func lazyTablesRenameWhatIsBuiltInOnlyOnceRead() {
        // ip route prints "proto static" for 4 until an unknown protocol makes it read the file
        var names = names()
        #expect(string(names.protocols.name(4)) == "static")
        #expect(string(names.protocols.name(200)) == "okp")
        #expect(string(names.protocols.name(4)) == "static2")
    }

    @Test func eagerTablesRenameAtOnce() {
        var names = names()
        #expect(string(names.addressProtocols.name(3)) == "my_ll")
        #expect(string(names.groups.name(0)) == "mydefault")
        #expect(string(names.groups.name(7)) == "seven")
        #expect(string(names.dsfields.name(0x10)) == "LD")
    }

    @Test func groupsAreIntsOfTheReference() {
        var names = names()
        #expect(names.groups.number(Word("4294967296")) == 0)
        #expect(names.groups.number(Word("4294967295")) == nil)
        #expect(names.groups.number(Word("-2")) == nil)
        #expect(names.groups.number(Word("0x10")) == 16)
        #expect(names.groups.number(Word("seven")) == 7)
    }
}

struct NameFilesTests {
    private func entries(_ text: String) -> ([String], corrupted: String?) {
        var entries: [String] = []
        let line = NameFiles.parse(Array(text.utf8)) { entries.append("\($0)=\(String(decoding: $1, as: UTF8.self))") }
        return (entries, line.map { String(decoding: $0, as: UTF8.self) })
    }

    /// What iproute2 6.15 reads from /etc/iproute2/rt_tables.
    @Test(arguments: [
        ("1 a b\n2 c\n", ["1=a", "2=c"]), ("1 a #b\n2 c\n", ["1=a", "2=c"]), ("1a\n2 c\n", ["1=a", "2=c"]),
        ("0x\n2 c\n", ["0=x", "2=c"]), ("0x g\n2 c\n", ["0=x", "2=c"]), ("0x5\n3 x\n", ["0=x5", "3=x"]),
        ("0xfffffffff hex\n0xffffffff hey\n0x-5 neg\n2 c\n", ["-1=hex", "-1=hey", "-5=neg", "2=c"]),
        ("+5 plus\n", ["5=plus"]),
        ("2147483648 big\n4294967296 zero\n99999999999999999999 huge\n", ["-2147483648=big", "0=zero", "-1=huge"]),
        ("  \n2 c\n", ["2=c"]), ("2 c\r\n", ["2=c"]), ("2\u{0b}c\n", ["2=c"]), ("09 nine\n", ["9=nine"]),
        ("0X9 nine\n", ["0=X9"]),
        ("# only\n\n \t# c\n3 three", ["3=three"]), ("\t2\ttab\n", ["2=tab"]),
    ])
    func linesAreReadAsTheReferenceReadsThem(text: String, expected: [String]) {
        let (entries, corrupted) = entries(text)
        // A blank line of spaces is no entry, and no corruption either.
        #expect(entries == expected)
        #expect(corrupted == nil)
    }

    @Test(arguments: [
        ("1 good\ngarbage line\n2 later\n", ["1=good"], "garbage line\n"), (" \tgarbage\n", [], "garbage\n"),
        ("1\n2 c\n", [], "1\n"), ("1 \n2 c\n", [], "1 \n"),
        ("\r\n2 c\n", [], "\r\n"), ("name 9", [], "name 9"),
    ])
    func readingStopsAtALineThatIsNone(text: String, expected: [String], line: String) {
        let (entries, corrupted) = entries(text)
        #expect(entries == expected)
        #expect(corrupted == line)
    }

    @Test func longLinesAreCut() {
        let (names, corrupted) = entries("3 " + String(repeating: "n", count: 600) + "\n4 four\n")
        #expect(names == ["3=" + String(repeating: "n", count: 509)])
        #expect(corrupted == String(repeating: "n", count: 91) + "\n")
    }
}

struct SystemNamesTests {
    private let names = SystemNames(folder: fixture("etc"))

    private func string(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    @Test func usersAndGroups() {
        #expect(string(names.user(65534)) == "nobody")
        #expect(string(names.user(7)) == "last")
        #expect(names.user(5) == nil)
        #expect(names.user(named: Word("root")) == 0)
        #expect(names.user(named: Word("bad")) == nil)
        #expect(string(names.group(5)) == "tty")
        #expect(names.group(named: Word("tty")) == 5)
        #expect(names.group(named: Word("")) == nil)
    }

    @Test func protocolsHaveSeveralNames() {
        #expect(string(names.ipProtocol(6)) == "tcp")
        #expect(names.ipProtocol(named: Word("TCP")) == 6)
        #expect(names.ipProtocol(named: Word("ipv6-icmp")) == 58)
        #expect(names.ipProtocol(named: Word("icmpv6")) == nil)
        #expect(names.ipProtocol(named: Word("pseudo")) == nil)
        #expect(names.ipProtocol(200) == nil)
    }

    @Test func servicesBelongToATransport() {
        #expect(string(names.service(53, transport: "udp")) == "domain")
        #expect(names.service(22, transport: "udp") == nil)
        #expect(string(names.service(22)) == "ssh")
        #expect(names.port(named: Word("www"), transport: "tcp") == 80)
        #expect(names.port(named: Word("bad")) == nil)
        #expect(names.port(named: Word("worse")) == nil)
    }

    @Test func missingFilesHaveNoNames() {
        let none = SystemNames(folder: fixture("none"))
        #expect(none.user(0) == nil && none.ipProtocol(6) == nil && none.port(named: Word("ssh")) == nil)
    }
}
