// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkTC

/// The classes of `htb`.
enum HTBClassOptions: ClassOptions {
    static let help: StaticString = """
        Usage: ... htb rate RATE [ ceil RATE ] [ burst BYTES[/CELL] ] [ cburst BYTES[/CELL] ] [ prio NUMBER ]
                       [ quantum BYTES ] [ mtu BYTES ] [ mpu BYTES ] [ overhead BYTES ]
                       [ linklayer { ethernet | atm | adsl } ]
          rate      what it has for itself
          ceil      up to which it borrows {rate}
          burst     what may be sent at once at its rate {mtu}
          cburst    what may be sent at once at its ceiling {mtu}
          prio      classes of a lower number borrow first {0}
          quantum   what it sends in its turn when it borrows {rate / r2q}
          mtu       the largest packet {1600}
          mpu       the least that a packet counts {0}
          overhead  bytes that each packet takes beyond its own {0}
        """

    static func parse(
        _ words: inout Words, _ place: TCPlace, _ session: inout Session
    ) throws(CommandError) -> HTBClass {
        var parts = Parts()
        while let word = words.next() {
            switch word {
            case prefix("prio"): parts.htb.priority = try number(&words, "prio", base: 10)
            case prefix("mtu"): parts.htb.maximumPacketSize = try number(&words, "mtu", base: 10)
            case prefix("mpu"): parts.minimumPacketSize = try number(&words, "mpu", base: 10)
            case prefix("overhead"): parts.overhead = try number(&words, "overhead", base: 10)
            case prefix("linklayer"):
                guard let layer = LinkLayer(try words.required().string) else { throw refusal("Illegal \"linklayer\"") }
                parts.linkLayer = layer
            case prefix("quantum"): parts.htb.quantum = try number(&words, "quantum", base: 10)
            case prefix("burst"), "buffer", "maxburst":
                (parts.htb.burst, parts.htb.rateCellLog) = try burst(&words, "burst")
            case prefix("cburst"), "cbuffer", "cmaxburst":
                (parts.htb.ceilingBurst, parts.htb.ceilingCellLog) = try burst(&words, "cburst")
            case "ceil":
                let value = try words.required()
                if parts.ceiling != nil { throw CommandError("Double \"ceil\" spec", status: 1) }
                parts.ceiling = try rate(value, "ceil", place)
            case "rate":
                let value = try words.required()
                if parts.rate != nil { throw CommandError("Double \"rate\" spec", status: 1) }
                parts.rate = try rate(value, "rate", place)
            case "help": throw CommandError(help, status: 1)
            default: throw refusal("What is \"\(word.string)\"?")
            }
        }
        return try parts.make()
    }

    private struct Parts {
        var htb = HTBClass(rate: Rate(bytesPerSecond: 0))
        var rate: Rate?
        var ceiling: Rate?
        var overhead: UInt16 = 0
        var minimumPacketSize: UInt16 = 0
        var linkLayer = LinkLayer.ethernet

        func make() throws(CommandError) -> HTBClass {
            guard let rate, rate.bytesPerSecond > 0 else { throw CommandError("\"rate\" is required.", status: 1) }
            var result = htb
            var ceiling = ceiling ?? rate
            if ceiling.bytesPerSecond == 0 { ceiling = rate }
            result.rate = RateSpecification(
                rate, linkLayer: linkLayer, overhead: overhead, minimumPacketSize: minimumPacketSize)
            result.ceiling = RateSpecification(
                ceiling, linkLayer: linkLayer, overhead: overhead, minimumPacketSize: minimumPacketSize)
            return result
        }
    }

    private static func number<T: FixedWidthInteger>(
        _ words: inout Words, _ name: String, base: Int
    ) throws(CommandError) -> T {
        guard let value = try words.required().number(T.self, base: base) else {
            throw refusal("Illegal \"\(name)\"")
        }
        return value
    }

    private static func burst(_ words: inout Words, _ name: String) throws(CommandError) -> (Burst?, UInt8?) {
        guard let (size, log) = try words.required().sizeAndCell else { throw refusal("Illegal \"\(name)\"") }
        return (size == 0 ? nil : .bytes(ByteCount(size)), log)
    }

    private static func rate(_ word: Word, _ name: String, _ place: TCPlace) throws(CommandError) -> Rate {
        guard let rate = word.rate(of: place.device) else { throw refusal("Illegal \"\(name)\"") }
        return rate
    }

    static func print(_ htb: HTBClass, _ session: inout Session) {
        let isDetailed = session.options.details > 0
        if htb.level == 0 {
            session.output.number("prio", Int32(bitPattern: htb.priority), prefix: "prio ", suffix: " ")
            if isDetailed {
                session.output.number("quantum", Int32(bitPattern: htb.quantum), prefix: "quantum ", suffix: " ")
            }
        }
        session.rate("rate", htb.rate.rate, prefix: "rate ", suffix: " ")
        if htb.rate.overhead != 0 {
            session.output.number("overhead", htb.rate.overhead, prefix: "overhead ", suffix: " ")
        }
        session.rate("ceil", htb.ceiling.rate, prefix: "ceil ", suffix: " ")
        if isDetailed || htb.rate.linkLayer.rawValue > LinkLayer.ethernet.rawValue {
            session.output.string(
                "linklayer", htb.rate.linkLayer.description, prefix: "linklayer ", suffix: " ")
        }
        printBurst(htb.burst, htb.rate, "burst", "burst_cell", "mpu_rate", &session, suffix: " ")
        printBurst(htb.ceilingBurst, htb.ceiling, "cburst", "cburst_cell", "mpu_ceil", &session, suffix: "")
        if isDetailed {
            session.output.number("level", Int32(bitPattern: htb.level ?? 0), prefix: "level ", suffix: " ")
        }
        if session.options.raw {
            printRaw("buffer", htb.burst?.ticks(at: htb.rate.rate) ?? 0, &session)
            printRaw("cbuffer", htb.ceilingBurst?.ticks(at: htb.ceiling.rate) ?? 0, &session)
        }
    }

    private static func printBurst(
        _ burst: Burst?, _ specification: RateSpecification, _ key: StaticString, _ cellKey: StaticString,
        _ minimumKey: StaticString, _ session: inout Session, suffix: StaticString
    ) {
        let size = burst?.bytes(at: specification.rate) ?? 0
        if session.options.details > 0 {
            session.output.text(key)
            session.output.text(" ")
            session.size(key, size)
            session.output.number(cellKey, UInt32(1) << UInt32(specification.cellLog & 31), prefix: "/")
            session.size(minimumKey, ByteCount(specification.minimumPacketSize), prefix: "mpu ", suffix: " ")
        } else {
            session.output.text(key)
            session.output.text(" ")
            session.size(key, size, suffix: suffix)
        }
    }

    private static func printRaw(_ key: StaticString, _ ticks: UInt32, _ session: inout Session) {
        session.output.text(key)
        session.output.text(" ")
        if session.output.isJSON {
            session.output.jsonString(key, "[\(QdiscPrinter.digits(ticks))]")
        } else {
            session.output.text("[\(QdiscPrinter.digits(ticks))] ")
        }
    }

    static func print(statistics: TCStatistics, _ session: inout Session) -> Bool {
        guard let counted = statistics.of(HTBClassStatistics.self) else { return false }
        session.output.number("lended", counted.lends, prefix: " lended: ")
        session.output.number("borrowed", counted.borrows, prefix: " borrowed: ")
        session.output.number("giants", counted.giants, prefix: " giants: ")
        session.output.newline()
        session.output.number("tokens", counted.tokens, prefix: " tokens: ")
        session.output.number("ctokens", counted.ceilingTokens, prefix: " ctokens: ")
        session.output.newline()
        return true
    }
}
