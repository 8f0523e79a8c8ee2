// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkTC

// Rates, sizes and times: in text with units, in JSON as numbers of bytes, microseconds and nanoseconds.
extension Session {
    /// Prints a rate, in JSON as bytes in a second.
    mutating func rate(_ key: StaticString, _ rate: Rate, prefix: StaticString = "", suffix: StaticString = "") {
        if output.isJSON {
            output.jsonNumber(key, rate.bytesPerSecond)
        } else {
            output.text(prefix)
            output.text(rate.text(inPowersOf1024: options.iec))
            output.text(suffix)
        }
    }

    /// Prints a size.
    mutating func size(_ key: StaticString, _ size: ByteCount, prefix: StaticString = "", suffix: StaticString = "") {
        if output.isJSON {
            output.jsonNumber(key, size.rawValue)
        } else {
            output.text(prefix)
            output.text(size.description)
            output.text(suffix)
        }
    }

    /// Prints a time that the kernel keeps in microseconds.
    mutating func microseconds(
        _ key: StaticString, _ count: UInt32, prefix: StaticString = "", suffix: StaticString = ""
    ) {
        if output.isJSON {
            output.jsonNumber(key, count)
        } else {
            output.text(prefix)
            output.text(TimeText.microseconds(count))
            output.text(suffix)
        }
    }
}

/// Times as tc prints them: three digits and a unit.
enum TimeText {
    static func microseconds(_ count: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        if count >= 1_000_000 {
            SixDigits(Double(count) / 1_000_000, digits: 3).write(to: &bytes)
            return bytes + Array("s".utf8)
        }
        if count >= 1000 {
            SixDigits(Double(count) / 1000, digits: 3).write(to: &bytes)
            return bytes + Array("ms".utf8)
        }
        return Array("\(count)us".utf8)
    }

    static func nanoseconds(_ count: Int64) -> [UInt8] {
        var bytes: [UInt8] = []
        let units: [(Int64, StaticString)] = [(1_000_000_000, "s"), (1_000_000, "ms"), (1000, "us")]
        for (unit, name) in units where count >= unit {
            SixDigits(Double(count) / Double(unit), digits: 3).write(to: &bytes)
            name.write(to: &bytes)
            return bytes
        }
        return Array("\(count)ns".utf8)
    }
}
