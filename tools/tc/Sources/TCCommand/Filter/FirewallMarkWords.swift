// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

/// `fw`: the words and the text.
enum FirewallMarkWords {
    @Sendable
    static func parse(
        _ words: inout Words, _ filter: inout Filter, _ handle: Word?, _ session: inout Session
    ) throws(CommandError) {
        var kind = FirewallMarkFilter()
        if let handle {
            let (mark, mask) = handle.split(at: "/")
            guard let number = mark.number(UInt32.self) else { throw CommandError("Illegal \"handle\"", status: 1) }
            filter.handle = number
            if let mask {
                guard let bits = mask.number(UInt32.self) else {
                    throw CommandError("Illegal \"handle\" mask", status: 1)
                }
                kind.mask = bits
            }
        }
        if words.isEmpty { return }
        while let word = words.next() {
            switch word {
            case prefix("classid"), prefix("flowid"): kind.classID = try FilterWords.classID(&words, &session)
            case prefix("police"): kind.police = try FilterWords.police(&words, &session)
            case prefix("action"): kind.actions = try FilterWords.actions(&words, &session, "fw \"action\"")
            case "indev": kind.inputName = try FilterWords.interface(&words)
            case "help": throw Usage.error(.firewallMark, status: 1)
            default: throw FilterWords.unknown(word, .firewallMark)
            }
        }
        filter.kind = AnyFilterKind(kind)
    }

    @Sendable
    static func print(_ filter: Filter, _ session: inout Session) {
        guard let kind = filter.kind?.as(FirewallMarkFilter.self) else { return }
        if filter.handle != 0 || kind.mask != nil {
            let mask = kind.mask ?? .max
            session.output.beginObject("fw")
            session.output.hex("mark", filter.handle, prefix: "handle ")
            if session.output.isJSON {
                session.output.string("mask", Hexadecimal(UInt64(mask)))
            } else if mask != .max {
                session.output.hex(nil, mask, prefix: "/")
            }
            session.output.text(" ")
            session.output.endObject()
        }
        if let classID = kind.classID {
            session.output.string("classid", session.text(of: classID), prefix: "classid ", suffix: " ")
        }
        if let police = kind.police { PoliceWords.print(police, &session) }
        if let name = kind.inputName {
            session.output.string("indev", name.bytes, prefix: "input dev ", suffix: " ")
        }
        if !kind.actions.isEmpty {
            session.output.newline()
            ActionPrinter.print(kind.actions, &session)
        }
    }
}
