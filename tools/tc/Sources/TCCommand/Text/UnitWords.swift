// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

extension Word {
    /// The word as a rate.
    var rate: Rate? { Rate(string) }
    /// The word as a size.
    var size: ByteCount? { ByteCount(string) }
    /// The word as a size that 32 bits hold.
    var size32: UInt32? { size.flatMap { UInt32(exactly: $0.rawValue) } }
    /// The word as a time of which microseconds are counted.
    var microseconds: UInt32? {
        Duration(tc: string, bare: .microseconds).flatMap { UInt32(exactly: $0.wholeMicroseconds) }
    }
    /// The word as a time of which nanoseconds are counted.
    var nanoseconds: Int64? { Duration(tc: string, bare: .nanoseconds)?.wholeNanoseconds }
    /// The word as a class or queueing discipline, as `1:10`.
    var handle: TCHandle? { TCHandle(string) }
}

extension Word {
    /// A size and the logarithm of how many bytes share an entry of a rate table, as `10k/8`.
    var sizeAndCell: (size: UInt32, log: UInt8?)? {
        let (size, cell) = split(at: "/")
        guard let count = size.size32 else { return nil }
        guard let cell else { return (count, nil) }
        guard let number = cell.number(Int32.self), number > 0, number & (number - 1) == 0 else { return nil }
        return (count, UInt8(number.trailingZeroBitCount))
    }

    /// The word as a rate, also as a part of a link's speed: `50%`.
    func rate(of device: Word?) -> Rate? {
        guard string.contains("%") else { return rate }
        func say(_ text: String) { CommandError(text, status: 1).report() }
        guard let device else {
            say("No device specified; specify device to rate limit by percentage")
            return nil
        }
        let file = "/sys/class/net/\(device.string)/speed"
        guard let text = System.readFile(file).map({ String(decoding: $0, as: UTF8.self) }) else {
            // Links of another namespace are not seen there.
            say("fopen \(file): No such file or directory")
            return nil
        }
        guard let speed = Int32(text.prefix { !$0.isWhitespace }), speed > 0 else {
            say("property \"speed\" in file \(file) is currently unknown")
            say("Failed to parse \(file)")
            return nil
        }
        let digits = string.dropLast()
        guard string.hasSuffix("%"), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2e }),
            let number = Double(digits)
        else {
            say("Specified rate value could not be read or is malformed")
            return nil
        }
        guard number <= 100 else {
            say("Invalid rate specified; should be between [0,100]% but is \(string)")
            return nil
        }
        return Rate(bytesPerSecond: UInt64(Double(speed) * 1_000_000 / 8 * number / 100))
    }
}
