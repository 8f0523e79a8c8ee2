// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkTC

/// `tbf`.
enum TBFOptions: QdiscOptions {
    static let help: StaticString = """
        Usage: ... tbf rate RATE burst BYTES[/CELL] { limit BYTES | latency TIME } [ peakrate RATE mtu BYTES[/CELL] ]
                       [ mpu BYTES ] [ overhead BYTES ] [ linklayer { ethernet | atm | adsl } ]
          rate      how fast it sends
          burst     what may be sent at once
          limit     bytes that may wait
          latency   how long a packet may wait, instead of limit
          peakrate  how fast bursts are sent {as fast as the link can}
          mtu       what may be sent at once at the peak rate
          mpu       the least that a packet counts {0}
          overhead  bytes that each packet takes beyond its own {0}
        """

    private struct Parts {
        var rate: Rate?
        var peakRate: Rate?
        var burst: UInt32?
        var burstLog: UInt8?
        var mtu: UInt32?
        var mtuLog: UInt8?
        var limit: UInt32?
        var latency: UInt32?
        var minimumPacketSize: UInt16 = 0
        var overhead: UInt16 = 0
        var linkLayer = LinkLayer.ethernet
    }

    static func parse(
        _ words: inout Words, _ place: TCPlace, _ session: inout Session
    ) throws(CommandError) -> TBFQdisc {
        var parts = Parts()
        let isBare = words.isEmpty
        while let word = words.next() {
            switch word {
            case prefix("limit"): try takeLimit(&words, &parts)
            case prefix("latency"):
                let value = try words.required()
                if parts.latency != nil { throw duplicate("latency") }
                if parts.limit != nil { throw exclusive("limit", "/latency") }
                guard let time = value.microseconds else { throw illegal("latency", value) }
                parts.latency = time
            case prefix("burst"), "buffer", "maxburst":
                let value = try words.required()
                if parts.burst != nil { throw duplicate("buffer/burst/maxburst") }
                guard let (size, log) = value.sizeAndCell else { throw illegal(word, value) }
                parts.burst = size
                parts.burstLog = log
            case "mtu", "minburst":
                let value = try words.required()
                if parts.mtu != nil { throw duplicate("mtu/minburst") }
                guard let (size, log) = value.sizeAndCell else { throw illegal(word, value) }
                parts.mtu = size
                parts.mtuLog = log
            case "mpu": parts.minimumPacketSize = try number(&words, "mpu")
            case "rate": parts.rate = try rate(&words, "rate", parts.rate, place)
            case prefix("peakrate"): parts.peakRate = try rate(&words, "peakrate", parts.peakRate, place)
            case prefix("overhead"): parts.overhead = try number(&words, "overhead")
            case prefix("linklayer"):
                let value = try words.required()
                guard let layer = LinkLayer(value.string) else { throw illegal("linklayer", value) }
                parts.linkLayer = layer
            case "help": throw CommandError(help, status: 1)
            default: throw refusal("tbf: unknown parameter \"\(word.string)\"")
            }
        }
        // To be removed or linked it needs no options.
        if isBare, place.verb == .delete || place.verb == .link {
            return TBFQdisc(rate: Rate(bytesPerSecond: 0), burst: 0, limit: 0)
        }
        return try make(parts)
    }

    private static func takeLimit(_ words: inout Words, _ parts: inout Parts) throws(CommandError) {
        let value = try words.required()
        if parts.limit != nil { throw duplicate("limit") }
        if parts.latency != nil { throw exclusive("latency", "limit") }
        guard let size = value.size32 else { throw illegal("limit", value) }
        parts.limit = size
    }

    private static func make(_ parts: Parts) throws(CommandError) -> TBFQdisc {
        var missing: [String] = []
        if parts.rate?.bytesPerSecond ?? 0 == 0 { missing.append("tbf: the \"rate\" parameter is mandatory.") }
        if parts.burst ?? 0 == 0 { missing.append("tbf: the \"burst\" parameter is mandatory.") }
        if parts.peakRate != nil, parts.mtu ?? 0 == 0 {
            missing.append("tbf: when \"peakrate\" is specified, \"mtu\" must also be specified.")
        }
        if parts.limit ?? 0 == 0, parts.latency ?? 0 == 0 {
            missing.append("tbf: either \"limit\" or \"latency\" is required.")
        }
        guard missing.isEmpty, let rate = parts.rate, let burst = parts.burst else {
            throw refusal(missing.joined(separator: "\n"))
        }
        var tbf = TBFQdisc(rate: rate, burst: ByteCount(burst), limit: parts.limit ?? 0)
        tbf.rate.linkLayer = parts.linkLayer
        tbf.rate.overhead = parts.overhead
        tbf.rate.minimumPacketSize = parts.minimumPacketSize
        tbf.rateCellLog = parts.burstLog
        tbf.maximumPacketSize = parts.mtu ?? 0
        if let peak = parts.peakRate, peak.bytesPerSecond > 0 {
            tbf.peakRate = tbf.rate
            tbf.peakRate?.rate = peak
            tbf.peakBurst = .bytes(ByteCount(parts.mtu ?? 0))
            tbf.peakCellLog = parts.mtuLog
        }
        if let latency = parts.latency, parts.limit == nil { tbf.setLatency(.microseconds(Int64(latency))) }
        return tbf
    }

    private static func number(_ words: inout Words, _ name: StaticString) throws(CommandError) -> UInt16 {
        let value = try words.required()
        guard let number = value.number(UInt16.self) else { throw illegal(Word("\(name)"), value) }
        return number
    }

    private static func rate(
        _ words: inout Words, _ name: String, _ present: Rate?, _ place: TCPlace
    ) throws(CommandError) -> Rate {
        let value = try words.required()
        if present != nil { throw duplicate(name) }
        guard let rate = value.rate(of: place.device) else { throw illegal(Word(name), value) }
        return rate
    }

    private static func illegal(_ name: String, _ value: Word) -> CommandError { illegal(Word(name), value) }
    private static func illegal(_ name: Word, _ value: Word) -> CommandError {
        CommandError("tbf: illegal value for \"\(name.string)\": \"\(value.string)\"", status: 1)
    }
    private static func duplicate(_ name: String) -> CommandError {
        CommandError("tbf: duplicate \"\(name)\" specification", status: 1)
    }
    private static func exclusive(_ first: String, _ second: String) -> CommandError {
        CommandError("tbf: specifying both \"\(first)\" and \"\(second)\" is not allowed", status: 1)
    }

    static func print(_ tbf: TBFQdisc, _ session: inout Session) {
        let clock = TickClock.system
        let isDetailed = session.options.details > 0
        session.rate("rate", tbf.rate.rate, prefix: "rate ", suffix: " ")
        printBurst(tbf.burst, tbf.rate, ("burst", "burst "), "burst_raw", &session)
        var latency = wait(tbf.limit, tbf.rate.rate, tbf.burst, clock)
        if let peak = tbf.peakRate {
            session.output.text("peakrate ")
            session.output.text(peak.rate.text(inPowersOf1024: session.options.iec))
            session.output.text(" ")
            if let burst = tbf.peakBurst, burst.ticks(at: peak.rate, clock: clock) != 0 || peak.minimumPacketSize != 0 {
                let key: (StaticString, StaticString) = isDetailed ? ("mtu", "mtu ") : ("minburst", "minburst ")
                printBurst(burst, peak, key, "mtu_raw", &session)
                latency = max(latency, wait(tbf.limit, peak.rate, burst, clock))
            }
        }
        if latency >= 0 {
            let time = UInt64(latency)
            if session.output.isJSON {
                session.output.jsonNumber("lat", time)
            } else {
                session.output.text("lat ")
                session.output.text(TimeText.microseconds(UInt32(truncatingIfNeeded: time)))
                session.output.text(" ")
            }
        }
        if session.options.raw || latency < 0 {
            session.size("limit", ByteCount(tbf.limit), prefix: "limit ", suffix: " ")
        }
        if tbf.rate.overhead != 0 {
            session.output.number("overhead", tbf.rate.overhead, prefix: "overhead ", suffix: " ")
        }
        if isDetailed || tbf.rate.linkLayer.rawValue > LinkLayer.ethernet.rawValue {
            session.output.string("linklayer", tbf.rate.linkLayer.description, prefix: "linklayer ", suffix: " ")
        }
    }

    // How long the last of a full queue waits, in microseconds; what the kernel cannot say is no trap.
    private static func wait(_ limit: UInt32, _ rate: Rate, _ burst: Burst, _ clock: TickClock) -> Double {
        guard rate.bytesPerSecond > 0 else { return 0 }
        let ticks = Double(burst.ticks(at: rate, clock: clock))
        let time = 1_000_000 * (Double(limit) / Double(rate.bytesPerSecond)) - clock.microseconds(ticks)
        return min(time, 0x1p62)
    }

    private static func printBurst(
        _ burst: Burst, _ specification: RateSpecification, _ key: (StaticString, StaticString),
        _ rawKey: StaticString, _ session: inout Session
    ) {
        let size = burst.bytes(at: specification.rate)
        if session.options.details > 0 {
            let text = "\(size)/\(UInt32(1) << UInt32(specification.cellLog & 31))"
            session.output.string(key.0, text, prefix: key.1, suffix: " ")
            session.size("mpu", ByteCount(specification.minimumPacketSize), prefix: "mpu ", suffix: " ")
        } else {
            session.size(key.0, size, prefix: key.1, suffix: " ")
        }
        if session.options.raw {
            let digits = QdiscPrinter.digits(burst.ticks(at: specification.rate))
            session.output.string(rawKey, session.output.isJSON ? digits : "[\(digits)] ")
        }
    }
}
