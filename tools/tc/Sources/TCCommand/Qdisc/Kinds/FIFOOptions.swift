// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkTC

/// What `pfifo`, `bfifo` and `pfifo_head_drop` have in common.
enum FIFOWords {
    static let help: StaticString = """
        Usage: ... { pfifo | bfifo | pfifo_head_drop } [ limit NUMBER ]
          limit  packets, or with bfifo bytes, that may wait {the link's queue length}
        """

    static func parse(_ words: inout Words, _ name: String) throws(CommandError) -> UInt32? {
        var limit: UInt32?
        while let word = words.next() {
            switch word {
            case "limit":
                let value = try words.required()
                guard let size = value.size32 else {
                    throw CommandError("\(name): Illegal value for \"limit\": \"\(value.string)\"", status: 1)
                }
                limit = size
            case "help": throw CommandError(help, status: 1)
            default: throw CommandError("\(name): unknown parameter \"\(word.string)\"\n\(help)", status: 1)
            }
        }
        return limit
    }
}

/// `pfifo`.
enum PFIFOOptions: QdiscOptions {
    static var help: StaticString { FIFOWords.help }

    static func parse(
        _ words: inout Words, _ place: TCPlace, _ session: inout Session
    ) throws(CommandError) -> PFIFOQdisc {
        PFIFOQdisc(limit: try FIFOWords.parse(&words, "pfifo"))
    }

    static func print(_ queue: PFIFOQdisc, _ session: inout Session) {
        if let limit = queue.limit { session.output.number("limit", limit, prefix: "limit ", suffix: "p") }
    }
}

/// `bfifo`.
enum BFIFOOptions: QdiscOptions {
    static var help: StaticString { FIFOWords.help }

    static func parse(
        _ words: inout Words, _ place: TCPlace, _ session: inout Session
    ) throws(CommandError) -> BFIFOQdisc {
        BFIFOQdisc(limit: try FIFOWords.parse(&words, "bfifo"))
    }

    static func print(_ queue: BFIFOQdisc, _ session: inout Session) {
        if let limit = queue.limit { session.size("limit", ByteCount(limit), prefix: "limit ") }
    }
}

/// `pfifo_head_drop`.
enum PFIFOHeadDropOptions: QdiscOptions {
    static var help: StaticString { FIFOWords.help }

    static func parse(
        _ words: inout Words, _ place: TCPlace, _ session: inout Session
    ) throws(CommandError) -> PFIFOHeadDropQdisc {
        PFIFOHeadDropQdisc(limit: try FIFOWords.parse(&words, "pfifo_head_drop"))
    }

    static func print(_ queue: PFIFOHeadDropQdisc, _ session: inout Session) {
        if let limit = queue.limit { session.output.number("limit", limit, prefix: "limit ", suffix: "p") }
    }
}
