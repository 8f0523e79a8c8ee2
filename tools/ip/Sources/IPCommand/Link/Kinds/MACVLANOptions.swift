// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `type macvlan`.
enum MACVLANOptions: KindOptions {
    static let name: StaticString = "macvlan"

    static let help: StaticString = """
        Usage: ... macvlan [ mode MODE ] [ flag FLAG ] [ macaddr CHANGE ] [ bcqueuelen NUMBER ] [ bclim NUMBER ]
               MODE:   private | vepa | bridge | passthru | source
               FLAG:   null | nopromisc | nodst
               CHANGE: add LLADDR | del LLADDR | set LLADDR... | flush     (mode source)
        """

    static func parse(
        _ words: inout Words, creates: Bool, _ session: inout Session
    ) throws(CommandError) -> MACVLANLink {
        try MACVLANWords.read(&words, name: name, help: help) { (word: Word) in unknown(word, "option") }
    }

    static func print(_ kind: MACVLANLink, in session: inout Session) {
        let modes: [(MACVLANLink.Mode, StaticString)] = [
            (.isolated, "private"), (.vepa, "vepa"), (.bridge, "bridge"), (.passthru, "passthru"), (.source, "source"),
        ]
        if let mode = kind.mode {
            session.output.option("mode", text: modes.first { $0.0 == mode }?.1 ?? "unknown")
        }
        if kind.flags?.contains(.notPromiscuous) == true { session.output.flag("nopromisc", text: "nopromisc ") }
        if kind.flags?.contains(.ignoresDestination) == true { session.output.flag("nodst", text: "nodst ") }
        session.output.option("bcqueuelen", kind.broadcastQueueLength)
        session.output.option("usedbcqueuelen", kind.state.usedBroadcastQueueLength)
        session.output.option("bclim", kind.broadcastCutoff)
        guard kind.mode == .source, let count = kind.state.sourceAddressCount else { return }
        session.output.number("macaddr_count", count, prefix: "remotes (", suffix: ") ")
        guard let addresses = kind.sourceAddresses, !addresses.isEmpty else { return }
        session.output.beginArray("macaddr_data")
        for address in addresses { session.output.string(nil, address, suffix: " ") }
        session.output.endArray()
    }
}

/// `type macvtap`.
enum MACVTAPOptions: KindOptions {
    static let name: StaticString = "macvtap"

    static let help: StaticString = """
        Usage: ... macvtap [ mode MODE ] [ flag FLAG ] [ macaddr CHANGE ] [ bcqueuelen NUMBER ] [ bclim NUMBER ]
               MODE:   private | vepa | bridge | passthru | source
               FLAG:   null | nopromisc | nodst
               CHANGE: add LLADDR | del LLADDR | set LLADDR... | flush     (mode source)
        """

    static func parse(
        _ words: inout Words, creates: Bool, _ session: inout Session
    ) throws(CommandError) -> MACVTAPLink {
        var link = MACVTAPLink()
        link.options = try MACVLANWords.read(&words, name: name, help: help) { (word: Word) in unknown(word, "option") }
        return link
    }

    static func print(_ kind: MACVTAPLink, in session: inout Session) {
        MACVLANOptions.print(kind.options, in: &session)
    }
}

/// The words that macvlan and macvtap share.
private enum MACVLANWords {
    static func read(
        _ words: inout Words, name: StaticString, help: StaticString, unknown: (Word) -> CommandError
    ) throws(CommandError) -> MACVLANLink {
        var link = MACVLANLink()
        while let word = words.next() {
            switch word {
            case prefix("mode"): link.mode = try mode(&words)
            case prefix("flag"): link.flags = try flags(&words)
            case prefix("macaddr"): try readAddresses(&words, &link, help)
            case prefix("nopromisc"): link.flags = (link.flags ?? []).union(.notPromiscuous)
            case prefix("nodst"): link.flags = (link.flags ?? []).union(.ignoresDestination)
            case prefix("bcqueuelen"):
                let word = try words.required()
                guard let length = word.number(UInt32.self) else {
                    throw CommandError(
                        "Error: argument of \"bcqueuelen\" must be a positive integer [0-4294967295], not \"\(word.string)\"",
                        status: 1)
                }
                link.broadcastQueueLength = length
            case "bclim":
                let word = try words.required()
                guard let limit = word.number(Int32.self) else {
                    throw CommandError("Error: illegal value for \"bclim\": \"\(word.string)\"", status: 1)
                }
                link.broadcastCutoff = limit
            default: throw unknown(word)
            }
        }
        if link.flags?.contains(.notPromiscuous) == true, link.mode != .passthru {
            throw CommandError("\(name): nopromisc flag only valid in passthru mode\n\(help)", status: 1)
        }
        return link
    }

    private static func mode(_ words: inout Words) throws(CommandError) -> MACVLANLink.Mode {
        let word = try words.required()
        switch word {
        case "private": return .isolated
        case "vepa": return .vepa
        case "bridge": return .bridge
        case "passthru": return .passthru
        case "source": return .source
        default:
            throw CommandError(
                "Error: argument of \"mode\" must be \"private\", \"vepa\", \"bridge\", \"passthru\" or \"source\", "
                    + "not \"\(word.string)\"", status: 1)
        }
    }

    private static func flags(_ words: inout Words) throws(CommandError) -> MACVLANLink.Flags {
        let word = try words.required()
        switch word {
        case "nopromisc": return .notPromiscuous
        case "nodst": return .ignoresDestination
        case "null": return []
        default:
            throw CommandError(
                "Error: argument of \"flag\" must be \"nopromisc\", \"nodst\" or \"null\", not \"\(word.string)\"",
                status: 1)
        }
    }

    private static func readAddresses(
        _ words: inout Words, _ link: inout MACVLANLink, _ help: StaticString
    ) throws(CommandError) {
        switch try words.required() {
        case "add": link.sourceChange = .add(try LinkWords.address(&words))
        case "del": link.sourceChange = .remove(try LinkWords.address(&words))
        case "flush": link.sourceChange = .removeAll
        case "set":
            var addresses: [HardwareAddress] = []
            while let word = words.peek, let address = HardwareAddress(word.string), address.byteCount == 6 {
                addresses.append(address)
                words.position += 1
            }
            link.sourceAddresses = addresses
        default: throw CommandError(help, status: 1)
        }
    }
}
