// SPDX-License-Identifier: Apache-2.0

/// The time of an event as `-t` and `-ts` print it before the event, in local time.
public struct Timestamp: TextWritable, Sendable {
    /// Seconds since 1970.
    public var seconds: Int
    /// Millionths of a second.
    public var microseconds: Int
    /// Whether the form is `[2026-11-21T07:30:45.520519] `, not a line `Timestamp: Sat Nov 21 07:30:44 2026 881422 usec`.
    public var isShort: Bool

    /// Puts a time together.
    public init(seconds: Int, microseconds: Int, isShort: Bool) {
        self.seconds = seconds
        self.microseconds = microseconds
        self.isShort = isShort
    }

    /// The present time.
    public static func now(isShort: Bool) -> Timestamp {
        let (seconds, microseconds) = System.timeOfDay()
        return Timestamp(seconds: seconds, microseconds: microseconds, isShort: isShort)
    }

    /// Appends the time in the zone of TZ, or of /etc/localtime.
    public func write(to bytes: inout [UInt8]) { write(System.localTime(seconds), to: &bytes) }

    func write(_ time: LocalTime, to bytes: inout [UInt8]) {
        if isShort {
            bytes.append(0x5b)
            bytes.append(padded: time.year, digits: 4)
            bytes.append(0x2d)
            bytes.append(padded: time.month, digits: 2)
            bytes.append(0x2d)
            bytes.append(padded: time.day, digits: 2)
            bytes.append(0x54)
            Self.clock(time, to: &bytes)
            bytes.append(0x2e)
            bytes.append(padded: microseconds, digits: 6)
            bytes.append("] ")
        } else {
            bytes.append("Timestamp: ")
            Self.name(time.weekday, in: "SunMonTueWedThuFriSat", to: &bytes)
            bytes.append(0x20)
            Self.name(time.month - 1, in: "JanFebMarAprMayJunJulAugSepOctNovDec", to: &bytes)
            bytes.append(0x20)
            bytes.append(padded: time.day, digits: 2, with: 0x20)
            bytes.append(0x20)
            Self.clock(time, to: &bytes)
            bytes.append(0x20)
            bytes.append(decimal: time.year)
            bytes.append(0x20)
            bytes.append(decimal: microseconds)
            bytes.append(" usec\n")
        }
    }

    private static func clock(_ time: LocalTime, to bytes: inout [UInt8]) {
        bytes.append(padded: time.hour, digits: 2)
        bytes.append(0x3a)
        bytes.append(padded: time.minute, digits: 2)
        bytes.append(0x3a)
        bytes.append(padded: time.second, digits: 2)
    }

    /// A name of three letters.
    private static func name(_ index: Int, in names: String, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: names.utf8.dropFirst(max(0, index) * 3).prefix(3))
    }
}

/// A time in the local zone.
struct LocalTime: Hashable, Sendable {
    var year: Int
    var month: Int
    var day: Int
    var hour: Int
    var minute: Int
    var second: Int
    /// 0 for Sunday.
    var weekday: Int
}
