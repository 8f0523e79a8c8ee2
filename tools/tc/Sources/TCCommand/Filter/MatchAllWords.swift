// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

/// `matchall`: the words and the text.
enum MatchAllWords {
    @Sendable
    static func parse(
        _ words: inout Words, _ filter: inout Filter, _ handle: Word?, _ session: inout Session
    ) throws(CommandError) {
        if let handle { filter.handle = handle.leadingUnsigned }
        if words.isEmpty { return }
        var kind = MatchAllFilter()
        var flags: FilterFlags = []
        while let word = words.next() {
            switch word {
            case prefix("classid"), "flowid": kind.classID = try FilterWords.classID(&words, &session)
            case prefix("action"): kind.actions = try FilterWords.actions(&words, &session)
            case "skip_hw": try set(.skipHardware, &words, &flags)
            case "skip_sw": try set(.skipSoftware, &words, &flags)
            case "help": throw Usage.error(.matchAll, status: 1)
            default: throw FilterWords.unknown(word, .matchAll)
            }
        }
        if !flags.isEmpty { kind.flags = flags }
        filter.kind = AnyFilterKind(kind)
    }

    private static func set(
        _ flag: FilterFlags, _ words: inout Words, _ flags: inout FilterFlags
    ) throws(CommandError) {
        // iproute2 wants another word behind it.
        if words.isEmpty { throw .incomplete }
        flags.insert(flag)
    }

    @Sendable
    static func print(_ filter: Filter, _ session: inout Session) {
        guard let kind = filter.kind?.as(MatchAllFilter.self) else { return }
        if filter.handle != 0 {
            if session.output.isJSON {
                session.output.jsonNumber("handle", filter.handle)
            } else {
                session.output.hex(nil, filter.handle, prefix: "handle ", suffix: " ")
            }
        }
        if let classID = kind.classID {
            session.output.string("flowid", session.text(of: classID), prefix: "flowid ", suffix: " ")
        }
        if let flags = kind.flags {
            print(flags, .skipHardware, "skip_hw", &session)
            print(flags, .skipSoftware, "skip_sw", &session)
            if flags.contains(.inHardware) {
                print(flags, .inHardware, "in_hw", &session)
            } else {
                print(flags, .notInHardware, "not_in_hw", &session)
            }
        }
        if session.options.statistics > 0, let count = kind.hitCount {
            session.output.number("rule_hit", count, prefix: " (rule hit ", suffix: ")")
        }
        ActionPrinter.print(kind.actions, &session)
    }

    private static func print(
        _ flags: FilterFlags, _ flag: FilterFlags, _ name: StaticString, _ session: inout Session
    ) {
        guard flags.contains(flag) else { return }
        // A line of its own even with -o, as in iproute2.
        session.output.endLine()
        session.output.text("  ")
        session.output.flag(name)
        session.output.text(name)
    }
}

extension Word {
    /// The number at the beginning as C's strtoul reads it, cut to 32 bits; 0 where there is none.
    var leadingUnsigned: UInt32 {
        for length in stride(from: count, to: 0, by: -1) {
            if let number = prefix(length).number(UInt64.self) { return UInt32(truncatingIfNeeded: number) }
        }
        return 0
    }
}
