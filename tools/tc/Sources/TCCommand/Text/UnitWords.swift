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
        guard string.hasSuffix("%") else { return rate }
        guard let device, let number = Double(string.dropLast()), number >= 0, number <= 100 else { return nil }
        let file = "/sys/class/net/\(device.string)/speed"
        guard let text = System.readFile(file).map({ String(decoding: $0, as: UTF8.self) }) else {
            // Links of another namespace are not seen there.
            CommandError("fopen \(file): No such file or directory", status: 1).report()
            return nil
        }
        guard let speed = Int64(text.prefix { !$0.isWhitespace }), speed > 0 else {
            CommandError("property \"speed\" in file \(file) is currently unknown", status: 1).report()
            CommandError("Failed to parse \(file)", status: 1).report()
            return nil
        }
        return Rate(bytesPerSecond: UInt64(Double(speed) * 1_000_000 / 8 * number / 100))
    }
}
