// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CommandKit

/// Expected values: `ip -h -s link` and `ip -h -iec -s link` of iproute2 6.15, with the kernel's counters replaced on the way.
struct HumanNumberTests {
    @Test(
        arguments: [
            (0, "0", "0"), (999, "999", "999"), (1000, "1.00k", "1000"), (1004, "1.00k", "1004"),
            (1005, "1.00k", "1005"),
            (1006, "1.01k", "1006"), (1023, "1.02k", "1023"), (1024, "1.02k", "1.00ki"), (1030, "1.03k", "1.01ki"),
            (9989, "9.99k", "9.75ki"),
            (9995, "9.99k", "9.76ki"), (9999, "10.00k", "9.76ki"), (10000, "10.0k", "9.77ki"),
            (10234, "10.2k", "9.99ki"),
            (10235, "10.2k", "10.00ki"), (10239, "10.2k", "10.00ki"), (10240, "10.2k", "10.0ki"),
            (99949, "99.9k", "97.6ki"),
            (99950, "100.0k", "97.6ki"), (99999, "100.0k", "97.7ki"), (100000, "100k", "97.7ki"),
            (100500, "100k", "98.1ki"),
            (100501, "101k", "98.1ki"), (102391, "102k", "100.0ki"), (102400, "102k", "100ki"),
            (999499, "999k", "976ki"),
            (999500, "1000k", "976ki"), (999999, "1000k", "977ki"), (1_000_000, "1.00M", "977ki"),
            (1_048_575, "1.05M", "1024ki"),
            (1_048_576, "1.05M", "1.00Mi"), (1_053_819, "1.05M", "1.01Mi"), (9_999_999_999, "10.00G", "9.31Gi"),
            (99_999_999_999, "100.0G", "93.1Gi"), (999_999_999_999, "1000G", "931Gi"),
            (1_000_000_000_000, "1.00T", "931Gi"),
            (1_099_511_627_775, "1.10T", "1024Gi"), (1_099_511_627_776, "1.10T", "1.00Ti"),
            (1_125_899_906_842_623, "1.13P", "1024Ti"),
            (1_125_899_906_842_624, "1.13P", "1.00Pi"), (999_999_999_999_999, "1000T", "909Ti"),
            (10_995_116_277_760_000, "11.0P", "9.77Pi"),
            (1_152_921_504_606_846_975, "1.15E", "1024Pi"), (1_152_921_504_606_846_976, "1.15E", "1.00Ei"),
            (5_000_000_000_000_000_000, "5.00E", "4.34Ei"), (18_446_744_073_709_551_615, "18.4E", "16.0Ei"),
            (1245, "1.25k", "1.22ki"), (1255, "1.25k", "1.23ki"), (12450, "12.4k", "12.2ki"),
            (124_500, "124k", "122ki"), (2505, "2.50k", "2.45ki"),
        ] as [(UInt64, String, String)])
    func countsAreThoseOfTheReference(value: UInt64, decimal: String, binary: String) {
        #expect(text(HumanNumber(value)) == decimal)
        #expect(text(HumanNumber(value, iec: true)) == binary)
    }
}

struct TimestampTests {
    private let time = LocalTime(year: 2026, month: 11, day: 21, hour: 7, minute: 30, second: 44, weekday: 6)

    private func print(_ stamp: Timestamp, _ time: LocalTime) -> String {
        var bytes: [UInt8] = []
        stamp.write(time, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func bothFormsAreThoseOfTheReference() {
        // ip -t monitor link; ip -ts monitor link
        let long = Timestamp(seconds: 0, microseconds: 32083, isShort: false)
        #expect(print(long, time) == "Timestamp: Sat Nov 21 07:30:44 2026 32083 usec\n")
        let short = Timestamp(seconds: 0, microseconds: 32083, isShort: true)
        #expect(print(short, time) == "[2026-11-21T07:30:44.032083] ")
    }

    @Test func daysBelowTenArePadded() {
        var time = time
        time.day = 1
        time.month = 2
        time.weekday = 0
        #expect(
            print(Timestamp(seconds: 0, microseconds: 0, isShort: false), time).hasPrefix("Timestamp: Sun Feb  1 07:"))
        #expect(print(Timestamp(seconds: 0, microseconds: 0, isShort: true), time).hasPrefix("[2026-02-01T07:"))
    }

    @Test func localTimeIsWithinADayOfUniversalTime() {
        // 2026-11-21 12:00 UTC: the same month in every zone, the same minute in the whole ones.
        let time = System.localTime(1_795_262_400)
        #expect(time.year == 2026 && time.month == 11 && (20...22).contains(time.day))
        #expect(Timestamp.now(isShort: true).seconds > 1_700_000_000)
    }
}
