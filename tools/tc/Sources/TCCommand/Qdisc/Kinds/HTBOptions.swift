// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkTC

/// `htb`.
enum HTBOptions: QdiscOptions {
    static let help: StaticString = """
        Usage: ... htb [ default MINOR ] [ r2q NUMBER ] [ direct_qlen PACKETS ] [ offload ]
          default      the class of packets that no filter classifies, in hexadecimal {0}
          r2q          divides rates for the quantum of classes that are given none {10}
          direct_qlen  packets without a class that may wait {the link's queue length}
        """

    static func parse(
        _ words: inout Words, _ place: TCPlace, _ session: inout Session
    ) throws(CommandError) -> HTBQdisc {
        var htb = HTBQdisc()
        while let word = words.next() {
            switch word {
            case prefix("r2q"): htb.rateToQuantum = try number(&words, "r2q", base: 10)
            case prefix("default"): htb.defaultClass = try number(&words, "default", base: 16)
            case prefix("debug"): htb.debug = try debug(&words)
            case prefix("direct_qlen"): htb.directQueueLength = try number(&words, "direct_qlen", base: 10)
            case prefix("offload"): htb.isOffloaded = true
            default: throw unknown(word)
            }
        }
        return htb
    }

    private static func number(_ words: inout Words, _ name: String, base: Int) throws(CommandError) -> UInt32 {
        guard let value = try words.required().number(UInt32.self, base: base) else {
            throw refusal("Illegal \"\(name)\"")
        }
        return value
    }

    // Sixteen digits of two bits each, the first one lowest.
    private static func debug(_ words: inout Words) throws(CommandError) -> UInt32 {
        let word = try words.required()
        var bits: UInt32 = 0
        for index in 0..<16 where index < word.count {
            guard (0x30...0x33).contains(word[index]) else { break }
            bits |= UInt32(word[index] - 0x30) << UInt32(2 * index)
        }
        return bits
    }

    static func print(_ htb: HTBQdisc, _ session: inout Session) {
        session.output.number("r2q", htb.rateToQuantum, prefix: "r2q ", suffix: " ")
        session.output.hex("default", htb.defaultClass, prefix: "default ")
        session.output.number("direct_packets_stat", htb.directPacketCount ?? 0, prefix: " direct_packets_stat ")
        if session.options.details > 0 {
            let parts = "\(htb.version >> 16).\(htb.version & 0xffff)"
            session.output.string("ver", parts, prefix: " ver ")
        }
        if let length = htb.directQueueLength {
            session.output.number("direct_qlen", length, prefix: " direct_qlen ")
        }
        if htb.isOffloaded { session.output.flag("offload", text: " offload") }
    }
}
