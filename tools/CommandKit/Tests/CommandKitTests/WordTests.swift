// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CommandKit

struct WordTests {
    @Test func keywordsAreMatchedExactly() {
        let word = Word("dev")
        #expect(word == "dev")
        #expect(!(word == "de"))
        #expect(!(word == "device"))
        #expect(word != "oif")
        #expect(Word("") == "")
    }

    private func kind(_ text: String) -> Int {
        switch Word(text) {
        case "set": 1
        case prefix("show"), prefix("list"): 2
        case prefix("set"): 3
        case prefix("save", atLeast: 3): 4
        default: 0
        }
    }

    @Test(arguments: [
        ("set", 1), ("s", 2), ("sh", 2), ("show", 2), ("shows", 0), ("l", 2), ("lst", 0), ("se", 3), ("sa", 0),
        ("sav", 4),
        ("", 0), ("S", 0), ("settle", 0),
    ])
    func abbreviationsMeanTheFirstCaseThatFits(text: String, expected: Int) {
        #expect(kind(text) == expected)
    }

    @Test func partsShareTheBytes() {
        let word = Word("10.0.0.1/24")
        let (address, length) = word.split(at: "/")
        #expect(address == "10.0.0.1")
        #expect(length.map { $0 == "24" } == true)
        #expect(Word("10.0.0.1").split(at: "/").1 == nil)
        #expect(Word("/").split(at: "/") == (Word(""), Word("")))
        #expect(word.dropFirst(3).prefix(3) == "0.0")
        #expect(word.dropFirst(100).isEmpty)
        #expect(word.prefix(-1).isEmpty)
        #expect(word.dropFirst(-5) == word)
        #expect(word.hasPrefix("10."))
        #expect(!Word("1").hasPrefix("10."))
        #expect(word.firstIndex(of: 0x2f) == 8)
        #expect(word[0] == 0x31)
        #expect(word[11] == 0 && word[-1] == 0 && word[Int.max] == 0)
        #expect(word.bytes.count == 11 && word.bytes[10] == 0x34)
        #expect(length?.bytes.count == 2)
    }

    @Test func equalWordsHashAlikeWhereverTheyStand() {
        let a = Word("xdev").dropFirst()
        #expect(a == Word("dev"))
        #expect(a.hashValue == Word("dev").hashValue)
        #expect(a != Word("dex"))
        #expect(a.string == "dev" && a.array == Array("dev".utf8) && "\(a)" == "dev")
    }

    @Test func bytesThatAreNoTextSurvive() {
        let word = Word(bytes: [0x61, 0xff, 0x62])
        #expect(word.array == [0x61, 0xff, 0x62])
        #expect(word.string == "a\u{fffd}b")
        var error = Output(descriptor: nil)
        error.text(CommandError.noDevice(word).message)
        #expect(error.takeBytes() == Array("Cannot find device \"a".utf8) + [0xff] + Array("b\"".utf8))
    }
}

/// Expected values: `ip route add 10.5.0.0/16 dev d0 metric X` and the like, iproute2 6.15 on Linux 7.2.
struct NumberTests {
    @Test(
        arguments: [
            ("10", 10), ("0x10", 16), ("0X10", 16), ("010", 8), ("08", nil), ("0", 0), ("00", 0), ("-0", 0), ("+5", 5),
            (" 5", 5),
            ("5 ", nil), ("\t5", 5), ("5x", nil), ("0x", nil), ("", nil), ("-", nil), ("+", nil), ("-1", nil),
            ("--1", nil),
            ("4294967295", 4_294_967_295), ("4294967296", nil), ("-4294967295", nil), ("-4294967296", nil),
            ("-18446744073709551615", 1), ("-18446744073709551614", 2), ("-18446744069414584320", nil),
            ("18446744073709551615", nil), ("18446744073709551616", nil), ("99999999999999999999999", nil),
            ("-99999999999999999999999", nil), ("0xffffffff", 4_294_967_295), ("0x1ffffffff", nil), ("1e3", nil),
            ("1.5", nil),
            ("0b11", nil), ("0o17", nil), ("٣", nil), ("0xg", nil), ("\u{0b}\u{0c}\r\n7", 7),
        ] as [(String, UInt32?)])
    func unsignedNumbers(text: String, expected: UInt32?) {
        #expect(Word(text).number(UInt32.self) == expected)
    }

    @Test(
        arguments: [
            ("18446744073709551615", UInt64.max), ("18446744073709551616", nil), ("-1", UInt64.max),
            ("-2", UInt64.max - 1),
            ("-18446744073709551615", 1), ("-18446744073709551616", nil), ("0xffffffffffffffff", UInt64.max),
        ] as [(String, UInt64?)])
    func sixtyFourBitNumbersWrapTheirSign(text: String, expected: UInt64?) {
        #expect(Word(text).number(UInt64.self) == expected)
    }

    @Test(
        arguments: [
            ("1400", 1400), ("0x500", 1280), ("02400", 1280), ("2147483647", 2_147_483_647), ("2147483648", nil),
            ("-2147483648", -2_147_483_648), ("-2147483649", nil), ("4294967295", nil), ("9223372036854775808", nil),
            ("-5", -5),
            ("+1300", 1300), ("", nil), ("1300x", nil), ("-9223372036854775809", nil), ("-0", 0),
        ] as [(String, Int32?)])
    func signedNumbers(text: String, expected: Int32?) {
        #expect(Word(text).number(Int32.self) == expected)
    }

    @Test func smallRangesAreChecked() {
        #expect(Word("255").number(UInt8.self) == 255)
        #expect(Word("256").number(UInt8.self) == nil)
        #expect(Word("-18446744073709551614").number(UInt8.self) == 2)
        #expect(Word("65536").number(UInt16.self) == nil)
        #expect(Word("-128").number(Int8.self) == -128)
        #expect(Word("-129").number(Int8.self) == nil)
        #expect(Word("9223372036854775807").number(Int64.self) == Int64.max)
        #expect(Word("-9223372036854775808").number(Int64.self) == Int64.min)
    }

    @Test func otherBases() {
        #expect(Word("10").number(UInt8.self, base: 16) == 16)
        #expect(Word("0x1C").number(UInt8.self, base: 16) == 28)
        #expect(Word("fg").number(UInt8.self, base: 16) == nil)
        #expect(Word("010").number(UInt8.self, base: 10) == 10)
        #expect(Word("0x10").number(UInt8.self, base: 10) == nil)
    }

    @Test func leadingIntegersAreThoseOfAtoi() {
        #expect(Word("12x").leadingInteger == 12)
        #expect(Word("x").leadingInteger == 0)
        #expect(Word(" -7").leadingInteger == -7)
        #expect(Word("0x10").leadingInteger == 0)
    }

    @Test func noTextTraps() {
        var state: UInt64 = 1
        let letters = Array("0123456789abcdefxX+-. \tmspuEe\u{0}é".utf8)
        for _ in 0..<20_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int(state >> 60) * 2 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes.append(letters[Int(state >> 33) % letters.count])
            }
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let word = Word(bytes: bytes)
            let value = word.number(Int64.self)
            if let value, value >= 0 { #expect(word.number(UInt64.self) == UInt64(value)) }
            _ = word.leadingInteger
            _ = word.metricTime
            _ = word.fraction
        }
    }
}

/// Expected values: `ip route add 10.5.0.0/16 dev d0 rto_min X`, iproute2 6.15 on Linux 7.2.
struct MetricTimeTests {
    @Test(
        arguments: [
            ("100", 100), ("100ms", 100), ("100msec", 100), ("100msecs", 100), ("1s", 1000), ("1sec", 1000),
            ("1secs", 1000),
            ("2S", 2000), ("100MS", 100), ("0.5s", 500), ("1.5", 2), ("0.5ms", 1), ("1us", nil), ("1m", nil),
            ("1e3ms", nil),
            ("1e-1s", nil), ("5x", nil), ("", nil), ("ms", nil), ("-1", 1), ("-1s", 1), ("4294968", 4_294_968),
            ("5000000s", 705_032_705), ("0x10", 16), ("0x10ms", 16), ("010", 8), ("inf", nil), ("nan", nil), (" 5", 5),
            ("5 s", nil), ("1.s", 1000), (".5s", 500), ("1h", nil), ("0", 0), ("0.1", 1), ("0.9", 1), ("1.0", 1),
            ("1.1", 2),
            ("2.5", 3), ("-0.5", nil), ("-5s", 1), ("1.0001", 2), ("0.0001s", 1), ("4294967295", 4_294_967_295),
            ("4294967296", 1),
            ("4294967.295s", 4_294_967_295), ("1e5", nil), ("0x1p3", nil), ("0x1.8", 2), ("+5s", 5000), ("1,5s", nil),
            ("5seC", 5000),
            ("5secsx", nil), ("08", nil), ("08s", nil), ("09.5", 10), ("999.9", 1000), (".", nil), ("1.5.5", nil),
        ] as [(String, UInt32?)])
    func timesAreThoseOfTheReference(text: String, expected: UInt32?) {
        #expect(Word(text).metricTime?.value == expected)
    }

    @Test func onlyANumberWithoutUnitIsRaw() {
        // rtt 100 is 12ms, 100 eighths of one; rtt 100ms is 100ms
        #expect(Word("100").metricTime == MetricTime(value: 100, isRaw: true))
        #expect(Word("100ms").metricTime == MetricTime(value: 100, isRaw: false))
        #expect(Word("1.5e1").metricTime == MetricTime(value: 15, isRaw: true))
    }
}
