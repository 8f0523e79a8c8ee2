// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkTC

/// `netem`.
enum NetemOptions: QdiscOptions {
    static let help: StaticString = """
        Usage: ... netem [ limit PACKETS ] [ delay TIME [ JITTER [ CORRELATION ] ] ] [ distribution NAME ]
                         [ loss [ random ] PERCENT [ CORRELATION ] ] [ loss state P13 [ P31 [ P32 [ P23 [ P14 ] ] ] ] ]
                         [ loss gemodel P [ R [ 1-H [ 1-K ] ] ] ] [ ecn ]
                         [ duplicate PERCENT [ CORRELATION ] ] [ corrupt PERCENT [ CORRELATION ] ]
                         [ reorder PERCENT [ CORRELATION ] ] [ gap PACKETS ]
                         [ rate RATE [ PACKETOVERHEAD [ CELLSIZE [ CELLOVERHEAD ] ] ] ]
                         [ slot LEAST [ MOST ] [ packets NUMBER ] [ bytes NUMBER ] ]
                         [ slot distribution NAME MEAN JITTER [ packets NUMBER ] [ bytes NUMBER ] ]
                         [ seed NUMBER ]
        NAME:  normal | pareto | paretonormal | the name of a file of numbers, FILE.dist
        """

    static func parse(
        _ words: inout Words, _ place: TCPlace, _ session: inout Session
    ) throws(CommandError) -> NetemQdisc {
        var netem = NetemQdisc()
        while let word = words.next() {
            if try parseDelays(word, &words, &netem) { continue }
            switch word {
            case prefix("limit"):
                guard let limit = try words.required().size32 else { throw illegal("limit") }
                netem.limit = limit
            case prefix("loss"), prefix("drop"):
                if netem.loss.map({ !NetemLossWords.isNone($0) }) == true { throw illegal("duplicate loss argument\n") }
                netem.loss = try NetemLossWords.parse(&words)
            case prefix("ecn"): netem.marksECN = true
            case prefix("reorder"):
                netem.reordering = try percentage(&words, "reorder")
                if words.isAtNumber { netem.reorderingCorrelation = try percentage(&words, "reorder") }
            case prefix("corrupt"):
                netem.corruption = try percentage(&words, "corrupt")
                if words.isAtNumber { netem.corruptionCorrelation = try percentage(&words, "corrupt") }
            case prefix("duplicate"):
                netem.duplication = try percentage(&words, "duplicate")
                if words.isAtNumber { netem.duplicationCorrelation = try percentage(&words, "duplicate") }
            case prefix("gap"):
                guard let gap = try words.required().number(UInt32.self) else { throw illegal("gap") }
                netem.gap = gap
            case prefix("rate"): netem.rate = try rate(&words, place)
            case "help": throw CommandError(help, status: 1)
            default: throw unknown(word)
            }
        }
        try finish(&netem)
        return netem
    }

    // The order of the words decides what an abbreviation means: these stand among the others so that no prefix clashes.
    private static func parseDelays(
        _ word: Word, _ words: inout Words, _ netem: inout NetemQdisc
    ) throws(CommandError) -> Bool {
        switch word {
        case prefix("latency"), prefix("delay"):
            // `limit` and `loss` come first for a bare `l`.
            if word == "l" { return false }
            netem.delay = try time(&words, "latency")
            if words.isAtNumber {
                netem.jitter = try time(&words, "latency")
                if words.isAtNumber { netem.delayCorrelation = try percentage(&words, "latency") }
            }
        case prefix("distribution"): netem.delayDistribution = try NetemDistributionFile.read(try words.required())
        case prefix("seed"):
            guard let seed = try words.required().number(UInt64.self, base: 10) else { throw illegal("seed") }
            netem.seed = seed
        case prefix("slot"): try NetemSlotWords.parse(&words, &netem)
        default: return false
        }
        return true
    }

    private static func finish(_ netem: inout NetemQdisc) throws(CommandError) {
        if netem.reordering != .zero {
            if netem.delay == .zero { throw refusal("reordering not possible without specifying some delay") }
            if netem.gap == 0 { netem.gap = 1 }
        } else if netem.gap > 0 {
            throw refusal("gap specified without reorder probability")
        }
        if netem.marksECN, netem.loss.map(NetemLossWords.isNone) ?? true {
            throw refusal("ecn requested without loss model")
        }
        if netem.delayDistribution != nil, netem.delay == .zero || netem.jitter == .zero {
            throw refusal("distribution specified but no latency and jitter values")
        }
    }

    static func illegal(_ name: String) -> CommandError { CommandError("Illegal \"\(name)\"", status: 1) }

    static func time(_ words: inout Words, _ name: String) throws(CommandError) -> Duration {
        guard let count = try words.required().nanoseconds else { throw illegal(name) }
        return .nanoseconds(count)
    }

    static func percentage(_ words: inout Words, _ name: String) throws(CommandError) -> Percentage {
        guard let value = Percentage(try words.required().string) else { throw illegal(name) }
        return value
    }

    private static func rate(_ words: inout Words, _ place: TCPlace) throws(CommandError) -> NetemRate {
        guard let value = try words.required().rate(of: place.device) else { throw illegal("rate") }
        var rate = NetemRate(value)
        guard words.isAtSignedNumber else { return rate }
        guard let overhead = try words.required().number(Int32.self) else { throw illegal("rate") }
        rate.packetOverhead = overhead
        if words.isAtNumber {
            guard let size = try words.required().number(UInt32.self) else { throw illegal("rate") }
            rate.cellSize = size
        }
        guard words.isAtSignedNumber else { return rate }
        guard let cellOverhead = try words.required().number(Int32.self) else { throw illegal("rate") }
        rate.cellOverhead = cellOverhead
        return rate
    }
}

extension Words {
    /// Whether a word that begins with a digit comes next.
    var isAtNumber: Bool { peek.map { (0x30...0x39).contains($0[0]) } ?? false }
    /// Whether a word that begins with a digit, or with a minus and a digit, comes next.
    var isAtSignedNumber: Bool {
        guard let word = peek else { return false }
        return isAtNumber || word[0] == 0x2d && (0x30...0x39).contains(word[1])
    }
}

/// `netem loss`.
enum NetemLossWords {
    static func parse(_ words: inout Words) throws(CommandError) -> NetemLoss {
        if words.isAtNumber { return try random(&words) }
        let word = try words.required()
        switch word {
        case "random": return try random(&words)
        case "state": return .states(try states(&words))
        case "gemodel": return .gilbertElliott(try gilbertElliott(&words))
        default: throw CommandError("Unknown loss parameter: \(word.string)", status: 1)
        }
    }

    /// Whether nothing is lost, which is as if nothing was said.
    static func isNone(_ loss: NetemLoss) -> Bool {
        guard case .random(let probability, _) = loss else { return false }
        return probability == .zero
    }

    private static func random(_ words: inout Words) throws(CommandError) -> NetemLoss {
        let probability = try NetemOptions.percentage(&words, "loss percent")
        guard words.isAtNumber else { return .random(probability) }
        return .random(probability, correlation: try NetemOptions.percentage(&words, "loss correlation"))
    }

    private static func states(_ words: inout Words) throws(CommandError) -> NetemLossStates {
        var states = NetemLossStates(p13: try NetemOptions.percentage(&words, "loss p13"))
        guard words.isAtNumber else { return states }
        states.p31 = try NetemOptions.percentage(&words, "loss p31")
        guard words.isAtNumber else { return states }
        states.p32 = try NetemOptions.percentage(&words, "loss p32")
        guard words.isAtNumber else { return states }
        states.p23 = try NetemOptions.percentage(&words, "loss p23")
        guard words.isAtNumber else { return states }
        states.p14 = try NetemOptions.percentage(&words, "loss p14")
        return states
    }

    // On the command line stand what is lost in the bad state and what passes not in the good one.
    private static func gilbertElliott(_ words: inout Words) throws(CommandError) -> NetemGilbertElliott {
        var model = NetemGilbertElliott(p: try NetemOptions.percentage(&words, "loss gemodel p"))
        guard words.isAtNumber else { return model }
        model.r = try NetemOptions.percentage(&words, "loss gemodel r")
        guard words.isAtNumber else { return model }
        model.h = try NetemOptions.percentage(&words, "loss gemodel h").rest
        guard words.isAtNumber else { return model }
        model.k1 = try NetemOptions.percentage(&words, "loss gemodel k")
        return model
    }
}

/// `netem slot`.
enum NetemSlotWords {
    static func parse(_ words: inout Words, _ netem: inout NetemQdisc) throws(CommandError) {
        var slot: NetemSlot
        if words.isAtNumber {
            let least = try NetemOptions.time(&words, "slot min_delay")
            slot = NetemSlot(from: least, to: least)
            if words.isAtNumber { slot.maximumDelay = try NetemOptions.time(&words, "slot max_delay") }
            if slot.maximumDelay < slot.minimumDelay { throw NetemOptions.illegal("slot max_delay") }
        } else {
            let word = try words.required()
            guard word == "distribution" else {
                throw CommandError("Unknown slot parameter: \(word.string)", status: 1)
            }
            netem.slotDistribution = try NetemDistributionFile.read(try words.required())
            let mean = try NetemOptions.time(&words, "slot delay")
            let jitter = try NetemOptions.time(&words, "slot jitter")
            if jitter <= .zero { throw CommandError("Non-positive jitter", status: 1) }
            slot = NetemSlot(mean: mean, jitter: jitter)
        }
        if words.take("packets") {
            guard let count = words.next()?.number(Int32.self) else { throw NetemOptions.illegal("slot packets") }
            slot.packetCount = count
        }
        if words.take("bytes") {
            guard let count = words.next()?.size.flatMap({ Int32(exactly: $0.rawValue) }) else {
                throw NetemOptions.illegal("slot bytes")
            }
            slot.byteCount = count
        }
        netem.slot = slot
    }
}

/// Distributions by name: those that are computed, and files.
enum NetemDistributionFile {
    private static let folders = [
        "/usr/lib/x86_64-linux-gnu/tc", "/usr/lib/aarch64-linux-gnu/tc", "/usr/lib64/tc", "/usr/lib/tc",
    ]

    static func read(_ name: Word) throws(CommandError) -> NetemDistribution {
        let given = System.environment("TC_LIB_DIR").map { String(decoding: $0, as: UTF8.self) }
        if given == nil, let known = NetemDistribution(named: name.string) { return known }
        let paths = (given.map { [$0] } ?? folders).map { "\($0)/\(name.string).dist" }
        for path in paths {
            guard let bytes = System.readFile(path) else { continue }
            let text = String(decoding: bytes, as: UTF8.self)
            if let table = NetemDistribution(parsing: text), !table.values.isEmpty { return table }
            let isLong = text.split(whereSeparator: \.isWhitespace).count > NetemDistribution.limit
            throw CommandError("\(path): \(isLong ? "too much data" : "no table of numbers")", status: 1)
        }
        if let known = NetemDistribution(named: name.string) { return known }
        let path = given.map { "\($0)/\(name.string).dist" } ?? "/usr/lib/x86_64-linux-gnu/tc//\(name.string).dist"
        throw CommandError(
            "No distribution data for \(name.string) (\(path): No such file or directory)", status: 1)
    }
}
