// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

/// `police`: the words and the text.
enum PoliceWords {
    /// What has been read so far.
    private struct Reading {
        var kind = PoliceAction()
        var control = ActionControl.reclassify
        var index: UInt32?
        var rate: Rate?
        var peakRate: Rate?
        var burst: UInt32?
        var mtu: UInt32?
        var minimum: UInt16 = 0
        var overhead: UInt16 = 0
        var layer = LinkLayer.ethernet
        var isEmpty = true

        /// A limit of zero is none, as if it had not been said.
        mutating func forgetZeros() {
            if index == 0 { index = nil }
            if rate?.bytesPerSecond == 0 { rate = nil }
            if peakRate?.bytesPerSecond == 0 { peakRate = nil }
            if burst == 0 { burst = nil }
            if mtu == 0 { mtu = nil }
            if kind.averageRate?.bytesPerSecond == 0 { kind.averageRate = nil }
            if kind.packetRate == 0 { kind.packetRate = nil }
            if kind.packetBurst == 0 { kind.packetBurst = nil }
        }
    }

    static func parse(_ words: inout Words, _ session: inout Session) throws(CommandError) -> Action {
        _ = words.take("police")
        guard !words.isEmpty else { throw .incomplete }
        var reading = Reading()
        while let word = words.peek {
            guard try parse(word, &words, &reading) else { break }
            reading.isEmpty = false
        }
        if reading.isEmpty { throw CommandError("", status: 255) }
        reading.forgetZeros()
        return try finish(reading)
    }

    /// Takes one option; false where the word is none.
    private static func parse(
        _ word: Word, _ words: inout Words, _ reading: inout Reading
    ) throws(CommandError) -> Bool {
        switch word {
        case prefix("index"):
            words.position += 1
            let value = try words.required()
            guard let index = value.number(UInt32.self, base: 10) else { throw .invalid(value, "index") }
            reading.index = index
        case prefix("burst"), prefix("buffer"), "maxburst":
            words.position += 1
            let value = try words.required()
            if reading.burst != nil { throw .duplicate("buffer/burst", value) }
            guard let (size, log) = value.sizeAndCell else { throw .invalid(value, "buffer") }
            reading.burst = size
            reading.kind.cellLog = log
        case "mtu", prefix("minburst"):
            words.position += 1
            let value = try words.required()
            if reading.mtu != nil { throw .duplicate("mtu/minburst", value) }
            guard let (size, log) = value.sizeAndCell else { throw .invalid(value, "mtu") }
            reading.mtu = size
            reading.kind.peakCellLog = log
        case "mpu":
            words.position += 1
            let value = try words.required()
            guard let size = value.size32 else { throw .invalid(value, "mpu") }
            reading.minimum = UInt16(truncatingIfNeeded: size)
        case "rate":
            words.position += 1
            reading.rate = try rate(&words, "rate", reading.rate)
        case "avrate":
            words.position += 1
            reading.kind.averageRate = try rate(&words, "avrate", reading.kind.averageRate)
        case prefix("peakrate"):
            words.position += 1
            reading.peakRate = try rate(&words, "peakrate", reading.peakRate)
        case prefix("reclassify"), prefix("drop"), prefix("shot"), prefix("continue"), prefix("pass"), prefix("ok"),
            prefix("pipe"), prefix("goto"):
            guard let control = try VerdictWords.parse(&words) else { return false }
            reading.control = control
        case "conform-exceed":
            words.position += 1
            let (exceeding, conforming) = try verdicts(&words)
            reading.control = exceeding
            reading.kind.conforming = conforming ?? reading.kind.conforming
        case prefix("overhead"):
            words.position += 1
            let value = try words.required()
            guard let count = value.number(UInt16.self, base: 10) else { throw .invalid(value, "overhead") }
            reading.overhead = count
        case prefix("linklayer"):
            words.position += 1
            reading.layer = try layer(try words.required())
        case "pkts_rate":
            words.position += 1
            let value = try words.required()
            if reading.kind.packetRate != nil { throw .duplicate("pkts_rate", value) }
            guard let count = value.number(UInt64.self) else { throw .invalid(value, "pkts_rate") }
            reading.kind.packetRate = count
        case "pkts_burst":
            words.position += 1
            let value = try words.required()
            if reading.kind.packetBurst != nil { throw .duplicate("pkts_burst", value) }
            guard let count = value.number(UInt64.self) else { throw .invalid(value, "pkts_burst") }
            reading.kind.packetBurst = count
        case "help":
            var error = Usage.error(.police, status: 255)
            error.endsBatch = true
            throw error
        default: return false
        }
        return true
    }

    private static func rate(
        _ words: inout Words, _ name: String, _ earlier: Rate?
    ) throws(CommandError) -> Rate {
        let value = try words.required()
        if earlier != nil { throw .duplicate(name, value) }
        guard let rate = value.rate else { throw .invalid(value, name) }
        return rate
    }

    private static func layer(_ word: Word) throws(CommandError) -> LinkLayer {
        switch word {
        case prefix("ethernet"): .ethernet
        case prefix("atm"), prefix("adsl"): .atm
        default: throw .invalid(word, "linklayer")
        }
    }

    /// `EXCEED[/CONFORM]`, each a word or a number.
    private static func verdicts(
        _ words: inout Words
    ) throws(CommandError) -> (exceeding: ActionControl, conforming: ActionControl?) {
        let word = try words.required()
        let (first, second) = word.split(at: "/")
        if second == nil, let verdict = VerdictWords.word(first), verdict.chain != nil || verdict.jumpCount != nil {
            words.position -= 1
            return (try VerdictWords.parse(&words) ?? verdict, nil)
        }
        guard let exceeding = verdict(first) else {
            throw CommandError(second == nil ? "Bad action type \(first.string)" : "", status: 255)
        }
        guard let second else { return (exceeding, nil) }
        guard let conforming = verdict(second) else { throw CommandError("", status: 255) }
        return (exceeding, conforming)
    }

    private static func verdict(_ word: Word) -> ActionControl? {
        VerdictWords.word(word) ?? word.number(Int32.self).map { ActionControl(rawValue: $0) }
    }

    private static func finish(_ reading: Reading) throws(CommandError) -> Action {
        var kind = reading.kind
        if reading.rate != nil, kind.averageRate != nil { throw CommandError("", status: 255) }
        if reading.rate == nil, kind.averageRate == nil, reading.index == nil, reading.mtu == nil,
            kind.packetRate == nil
        {
            throw CommandError("'rate' or 'avrate' or 'mtu' or 'pkts_rate' MUST be specified.", status: 255)
        }
        if reading.rate != nil, kind.packetRate != nil {
            throw CommandError("'rate' and 'pkts_rate' are not allowed in same action.", status: 255)
        }
        if reading.rate != nil, reading.burst == nil { throw CommandError("'burst' requires 'rate'.", status: 255) }
        if kind.packetRate != nil, kind.packetBurst == nil {
            throw CommandError("'pkts_burst' requires 'pkts_rate'.", status: 255)
        }
        if reading.peakRate != nil {
            if reading.rate == nil { throw CommandError("'peakrate' requires 'rate'.", status: 255) }
            if reading.mtu == nil {
                throw CommandError("'mtu' is required, if 'peakrate' is requested.", status: 255)
            }
        }
        func specification(_ rate: Rate) -> RateSpecification {
            RateSpecification(
                rate, linkLayer: reading.layer, overhead: reading.overhead, minimumPacketSize: reading.minimum)
        }
        kind.rate = reading.rate.map(specification)
        kind.peakRate = reading.peakRate.map(specification)
        kind.burst = reading.burst.map { .bytes(ByteCount($0)) }
        kind.mtu = reading.mtu
        return Action(kind, control: reading.control, index: reading.index)
    }

    static func print(_ action: Action, _ session: inout Session) {
        session.output.jsonString("kind", "police")
        guard let kind = action.kind.as(PoliceAction.self) else { return session.output.text("police ") }
        session.output.text(" police ")
        if session.output.isJSON {
            session.output.jsonNumber("index", action.index ?? 0)
        } else {
            session.output.text(Hexadecimal(UInt64(action.index ?? 0), digits: 1))
            session.output.text(" ")
            printRates(kind, &session)
        }
        if let rate = kind.packetRate {
            session.output.number("pkts_rate", rate, prefix: "pkts_rate ", suffix: " ")
            session.output.number("pkts_burst", kind.packetBurst ?? 0, prefix: "pkts_burst ", suffix: " ")
        }
        session.output.text("action ")
        VerdictWords.print(action.control ?? .reclassify, &session)
        if let conforming = kind.conforming, conforming != .pass {
            VerdictWords.print(conforming, prefix: "/", &session)
        }
        session.output.text(" ")
        session.output.number("overhead", kind.rate?.overhead ?? 0, prefix: "overhead ", suffix: "b ")
        let layer = kind.rate?.linkLayer ?? .unaware
        if session.options.details > 0 || layer.rawValue > LinkLayer.ethernet.rawValue {
            session.output.string(
                "linklayer", layer == .unaware ? "unspec" : layer.description, prefix: "linklayer ", suffix: " ")
        }
        session.output.newline()
        session.output.number("ref", action.state.references, prefix: "\tref ")
        session.output.number("bind", action.state.bindings, prefix: " bind ", suffix: " ")
        ActionPrinter.printTimes(action, &session)
        session.output.newline()
    }

    /// Rates and sizes, which iproute2 prints in text only.
    private static func printRates(_ kind: PoliceAction, _ session: inout Session) {
        let rate = kind.rate?.rate ?? Rate(bytesPerSecond: 0)
        session.rate("rate", rate, prefix: "rate ", suffix: " ")
        let burst = kind.rate == nil ? 0 : kind.burst?.bytes(at: rate) ?? 0
        session.size("burst", burst, prefix: "burst ", suffix: " ")
        session.size("mtu", ByteCount(kind.mtu ?? 0), prefix: "mtu ", suffix: " ")
        if session.options.raw {
            let ticks = kind.rate == nil ? 0 : kind.burst?.ticks(at: rate) ?? 0
            session.output.text("[\(Self.padded(ticks))] ")
        }
        if let peak = kind.peakRate { session.rate("peakrate", peak.rate, prefix: "peakrate ", suffix: " ") }
        if let average = kind.averageRate { session.rate("avrate", average, prefix: "avrate ", suffix: " ") }
    }

    private static func padded(_ number: UInt32) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
