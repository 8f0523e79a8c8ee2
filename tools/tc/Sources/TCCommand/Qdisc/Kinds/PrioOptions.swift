// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkTC

/// `prio`.
enum PrioOptions: QdiscOptions {
    static let help: StaticString = """
        Usage: ... prio [ bands NUMBER ] [ priomap BAND... ]
          bands    how many bands there are {3}
          priomap  the bands of the 16 priorities {1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1}
        """

    static func parse(
        _ words: inout Words, _ place: TCPlace, _ session: inout Session
    ) throws(CommandError) -> PrioQdisc {
        var bands = PriorityBands()
        var position: Int?
        while let word = words.next() {
            switch word {
            case "bands":
                if position != nil { CommandError(help, status: 1).report() }
                guard let count = try words.required().number(Int32.self, base: 10) else {
                    throw CommandError("Illegal \"bands\"", status: 1)
                }
                bands.count = count
            case "priomap":
                if position != nil { throw CommandError("Error: duplicate priomap", status: 1) }
                position = 0
            // Kernels since 2.6.27 have one without classes for this; they ignore the word, and so do we.
            case "multiqueue": break
            case "help": throw CommandError(help, status: 1)
            default:
                guard let index = position else { throw unknown(word) }
                guard let band = word.number(UInt32.self, base: 10) else {
                    throw CommandError("Illegal \"priomap\" element", status: 1)
                }
                if Int64(band) >= Int64(bands.count) {
                    throw CommandError("\"priomap\" element is out of bands", status: 1)
                }
                if index >= PriorityBands.priorityCount {
                    throw CommandError("\"priomap\" index > TC_PRIO_MAX=15", status: 1)
                }
                bands.map[index] = UInt8(truncatingIfNeeded: band)
                position = index + 1
            }
        }
        return PrioQdisc(bands: bands)
    }

    static func print(_ prio: PrioQdisc, _ session: inout Session) { print(prio.bands, &session) }

    static func print(_ bands: PriorityBands, _ session: inout Session) {
        session.output.number("bands", bands.count, prefix: "bands ", suffix: " ")
        session.output.beginArray("priomap", text: "priomap")
        for band in bands.map { session.output.number(nil, band, prefix: " ") }
        session.output.endArray()
        session.output.jsonBool("multiqueue", false)
    }
}

/// `pfifo_fast`.
enum PFIFOFastOptions: QdiscOptions {
    static let help: StaticString = "Usage: ... pfifo_fast"

    static func parse(
        _ words: inout Words, _ place: TCPlace, _ session: inout Session
    ) throws(CommandError) -> PFIFOFastQdisc {
        if !words.isEmpty {
            throw CommandError("qdisc 'pfifo_fast' does not support option parsing", status: 255)
        }
        return PFIFOFastQdisc()
    }

    static func print(_ queue: PFIFOFastQdisc, _ session: inout Session) {
        if let bands = queue.bands { PrioOptions.print(bands, &session) }
    }
}
