// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkTC

/// Words that queueing disciplines and classes have in common.
enum QdiscWords {
    /// The names of the kinds that the command line makes, for the help.
    static var kindNames: String { QdiscTable.entries.map(\.name).joined(separator: " | ") }

    /// `handle 1:`: a major part of 16 bits; the minor part is left out or ignored, as in iproute2.
    static func qdisc(_ word: Word) -> TCHandle? {
        if word == "none" { return .unspecified }
        let (major, _) = word.split(at: ":")
        guard !major.isEmpty, let number = major.number(UInt16.self, base: 16) else { return nil }
        return TCHandle(number)
    }

    /// `estimator INTERVAL TIME`.
    static func estimator(_ words: inout Words) throws(CommandError) -> RateEstimator {
        guard let interval = try words.required().microseconds else {
            throw .invalid(Word("invalid estimator interval"), "estimator")
        }
        guard let constant = try words.required().microseconds else {
            throw .invalid(Word("invalid estimator time constant"), "estimator")
        }
        guard
            let estimator = RateEstimator(
                interval: .microseconds(Int64(interval)), timeConstant: .microseconds(Int64(constant)))
        else {
            throw CommandError("Error: estimator parameters are out of range.", status: 255)
        }
        return estimator
    }

    /// `stab`: the words of a size table, up to one that is none of them.
    static func sizeTable(_ words: inout Words) throws(CommandError) -> SizeTable {
        var layer = LinkLayer.unaware
        var overhead: Int32 = 0
        var minimum: UInt32 = 0
        var mtu: UInt32 = 0
        var count: UInt32 = 0
        var isEmpty = true
        loop: while let word = words.peek {
            switch word {
            case prefix("mtu"): mtu = try number(&words, "mtu", "invalid mtu")
            case prefix("mpu"): minimum = try number(&words, "mpu", "invalid mpu")
            case prefix("overhead"):
                words.position += 1
                guard let value = try words.required().number(Int32.self) else {
                    throw .invalid(Word("invalid overhead"), "overhead")
                }
                overhead = value
            case prefix("tsize"): count = try number(&words, "tsize", "invalid table size")
            case prefix("linklayer"):
                words.position += 1
                guard let value = LinkLayer(try words.required().string) else {
                    throw .invalid(Word("invalid linklayer"), "linklayer")
                }
                layer = value
            case "help": throw Usage.error(.sizeTable, status: 255)
            default: break loop
            }
            isEmpty = false
        }
        if isEmpty { throw CommandError("", status: 255) }
        return SizeTable(
            linkLayer: layer, overhead: overhead, minimumPacketSize: minimum, mtu: mtu, entryCount: count)
    }

    private static func number(_ words: inout Words, _ name: String, _ text: String) throws(CommandError) -> UInt32 {
        words.position += 1
        guard let value = try words.required().number(UInt32.self) else { throw .invalid(Word(text), name) }
        return value
    }
}
