// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import NetlinkTC

// What tc of iproute2 6.15 makes of these texts, and prints for these numbers.
@Suite("Units") struct UnitTests {
    @Test(
        "rates are read as tc reads them",
        arguments: [
            ("8", 1), ("1kbit", 125), ("1Kbit", 125), ("10MBIT", 1_250_000), ("1gbit", 125_000_000),
            ("1tbit", 125_000_000_000), ("1kibit", 128), ("1mibit", 131_072), ("1gibit", 134_217_728),
            ("1bps", 1), ("1kbps", 1000), ("1mbps", 1_000_000), ("1gibps", 1 << 30), ("1.5mbit", 187_500),
            ("1e3kbit", 125_000), (" 8bit", 1), ("0x10", 2), ("1234567bit", 154_320), (".5kbit", 62), ("5.", 0),
        ] as [(String, UInt64)])
    func rates(text: String, bytes: UInt64) { #expect(Rate(text)?.bytesPerSecond == bytes) }

    @Test(
        "what is no rate is refused",
        arguments: ["", "mbit", "1mbits", "1 mbit", "1kb", "-1mbit", "nan", "inf", "1e30gbit", "1..5", "x"])
    func noRates(text: String) { #expect(Rate(text) == nil) }

    @Test(
        "rates are printed as tc prints them",
        arguments: [
            (0, "0bit", "0bit"), (125, "1Kbit", "1000bit"), (154_320, "1234Kbit", "1205Kibit"),
            (134_217_728, "1073Mbit", "1Gibit"), (1_000_000_000, "8Gbit", "7629Mibit"),
            (6_250_000_000, "50Gbit", "47683Mibit"), (12_500_000_000, "100Gbit", "95367Mibit"),
            (1125, "9Kbit", "9000bit"), (187, "1496bit", "1496bit"),
        ] as [(UInt64, String, String)])
    func rateTexts(bytes: UInt64, decimal: String, binary: String) {
        let rate = Rate(bytesPerSecond: bytes)
        #expect(rate.description == decimal)
        #expect(rate.text(inPowersOf1024: true) == binary)
    }

    @Test(
        "sizes are read as tc reads them",
        arguments: [
            ("1500", 1500), ("15k", 15_360), ("15Kb", 15_360), ("1m", 1 << 20), ("2GB", 2 << 30), ("8kbit", 1024),
            ("1mbit", 131_072), ("1gbit", 1 << 27), ("1.5k", 1536), ("0", 0),
        ] as [(String, UInt64)])
    func sizes(text: String, bytes: UInt64) { #expect(ByteCount(text)?.rawValue == bytes) }

    @Test("what is no size is refused", arguments: ["", "k", "1x", "-1", "1kib", "1e40", "5 k"])
    func noSizes(text: String) { #expect(ByteCount(text) == nil) }

    @Test(
        "sizes are printed as tc prints them",
        arguments: [
            (1600, "1600b"), (1024, "1Kb"), (5120, "5Kb"), (10_239, "10Kb"), (1_048_576, "1Mb"), (1_048_800, "1Mb"),
            (1_514_000, "1514000b"), (0, "0b"), (11_578_000, "11578000b"), (33_554_432, "32Mb"),
        ] as [(UInt64, String)])
    func sizeTexts(bytes: UInt64, text: String) { #expect(ByteCount(rawValue: bytes).description == text) }

    @Test("percentages are read within 0 and 100") func percentages() {
        #expect(Percentage("25%")?.rawValue == 0x4000_0000)
        #expect(Percentage("0.1")?.rawValue == 0x0041_8937)
        #expect(Percentage("100") == .whole)
        #expect(Percentage("0") == .zero)
        for text in ["101", "-1", "x", "", "5 %", "nan"] { #expect(Percentage(text) == nil, "\(text)") }
        #expect(Percentage(150) == .whole && Percentage(-1) == .zero && Percentage(.nan) == .zero)
    }

    @Test("bare times count microseconds or nanoseconds, by the option") func times() {
        #expect(Duration(tc: "100", bare: .microseconds) == .microseconds(100))
        #expect(Duration(tc: "100", bare: .nanoseconds) == .nanoseconds(100))
        #expect(Duration(tc: "1.5ms", bare: .microseconds) == .microseconds(1500))
        #expect(Duration(tc: "1.5us", bare: .nanoseconds) == .nanoseconds(1500))
        #expect(Duration(tc: "3SECS", bare: .nanoseconds) == .seconds(3))
        #expect(Duration(tc: "3ns", bare: .nanoseconds) == .nanoseconds(3))
        #expect(Duration(tc: "3ns", bare: .microseconds) == nil)
        for text in ["", "ms", "1min", "-1ms", "1e30s"] {
            #expect(Duration(tc: text, bare: .microseconds) == nil, "\(text)")
        }
    }

    @Test("the clock is read from the kernel's four numbers") func clock() {
        #expect(TickClock(psched: "000003e8 00000040 000f4240 3b9aca00\n") == .usual)
        #expect(TickClock(psched: "000003e8 00000000 000f4240 3b9aca00") == nil)
        #expect(TickClock(psched: "hello") == nil)
        #expect(TickClock.usual.ticks(sending: 10_240, at: .megabits(1)) == 1_280_000)
        #expect(TickClock.usual.bytes(sentIn: 1_280_000, at: .megabits(1)) == 10_240)
        #expect(TickClock.usual.ticks(sending: .max, at: Rate(bytesPerSecond: 1)) == .max)
        #expect(TickClock.usual.ticks(sending: 1, at: Rate(bytesPerSecond: 0)) == .max)
    }

    @Test("cells of DSL take 53 bytes each") func cells() {
        #expect(LinkLayer.atm.size(of: 48, minimum: 0) == 53)
        #expect(LinkLayer.atm.size(of: 49, minimum: 0) == 106)
        #expect(LinkLayer.ethernet.size(of: 10, minimum: 64) == 64)
        #expect(LinkLayer.atm.size(of: .max, minimum: 0) == .max)
    }

    @Test("estimators the kernel has not are none") func estimators() {
        #expect(
            RateEstimator(interval: .seconds(1), timeConstant: .seconds(8)) == RateEstimator(interval: 0, logarithm: 3))
        #expect(RateEstimator(interval: .seconds(10), timeConstant: .seconds(80)) == nil)
        #expect(RateEstimator(interval: .seconds(1), timeConstant: .microseconds(1)) == nil)
    }

    @Test("a size table of hostile numbers ends") func sizeTables() {
        let table = SizeTable(linkLayer: .atm, minimumPacketSize: .max, mtu: .max, entryCount: .max)
        #expect(table.entries.count == 32_765)
        #expect(SizeTable(overhead: 5).entries.isEmpty)
        #expect(SizeTable(linkLayer: .atm, entryCount: 1).entries.count == 1)
    }

    // FNV-1a of the tables in iproute2 6.15's normal.dist, pareto.dist and paretonormal.dist.
    @Test("distributions are computed as those that come with iproute2")
    func distributions() {
        func digest(_ table: NetemDistribution) -> UInt64 {
            table.values.reduce(0xcbf2_9ce4_8422_2325) { hash, value in
                [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)].reduce(hash) {
                    ($0 ^ UInt64($1)) &* 0x100_0000_01b3
                }
            }
        }
        #expect(digest(.normal) == 0x3f19_8b60_14c3_b3b8)
        #expect(digest(.pareto) == 0x209e_1d3c_8618_19fa)
        #expect(digest(.paretoNormal) == 0x468c_e9c9_62a5_ecf9)
    }

    @Test("distributions are read from files of numbers") func distributionFiles() {
        #expect(NetemDistribution(parsing: "# a comment\n 1 -2\t3\n\n4")?.values == [1, -2, 3, 4])
        #expect(NetemDistribution(parsing: "1 2 # the rest\r\n0x10 010\t-32768")?.values == [1, 2, 16, 8, -32768])
        #expect(NetemDistribution(parsing: "1 x") == nil)
        for wrong in ["1 32768", "-32769", "--1", "0x", "08", "1.5", "-"] {
            #expect(NetemDistribution(parsing: wrong) == nil)
        }
        #expect(NetemDistribution(parsing: String(repeating: "1 ", count: 16_385)) == nil)
        #expect(NetemDistribution(named: "experimental") == nil)
    }
}
