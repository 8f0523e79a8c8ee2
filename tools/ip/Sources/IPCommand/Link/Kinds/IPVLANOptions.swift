// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkRoute

/// `type ipvlan`.
enum IPVLANOptions: KindOptions {
    static let name: StaticString = "ipvlan"

    static let help: StaticString = """
        Usage: ... ipvlan [ mode MODE ] [ FLAG ]
               MODE: l3 | l3s | l2
               FLAG: bridge | private | vepa
               Without words: mode l3, bridge.
        """

    static func parse(
        _ words: inout Words, creates: Bool, _ session: inout Session
    ) throws(CommandError) -> IPVLANLink {
        try parse(&words) { (word: Word) in unknown(word, "option") }
    }

    static func print(_ kind: IPVLANLink, in session: inout Session) {
        if let mode = kind.mode { session.output.string("mode", modeName(mode), prefix: " mode ", suffix: " ") }
        guard let flags = kind.flags else { return }
        if flags.contains(.isolated) {
            session.output.flag("private", text: "private ")
        } else if flags.contains(.vepa) {
            session.output.flag("vepa", text: "vepa ")
        } else {
            session.output.flag("bridge", text: "bridge ")
        }
    }

    private static func modeName(_ mode: IPVLANLink.Mode) -> StaticString {
        switch mode {
        case .l2: "l2"
        case .l3: "l3"
        case .l3s: "l3s"
        default: "unknown"
        }
    }

    /// Reads the words that ipvlan and ipvtap share.
    static func parse(
        _ words: inout Words, unknown: (Word) -> CommandError
    ) throws(CommandError) -> IPVLANLink {
        var link = IPVLANLink()
        while let word = words.next() {
            switch word {
            case prefix("mode"):
                switch try words.required() {
                case "l2": link.mode = .l2
                case "l3": link.mode = .l3
                case "l3s": link.mode = .l3s
                default:
                    throw CommandError(
                        "Error: argument of \"mode\" must be either \"l2\", \"l3\" or \"l3s\"", status: 1)
                }
            // There can be but one of them.
            case prefix("private") where link.flags == nil: link.flags = .isolated
            case prefix("vepa") where link.flags == nil: link.flags = .vepa
            case prefix("bridge") where link.flags == nil: link.flags = []
            default: throw unknown(word)
            }
        }
        return link
    }
}

/// `type ipvtap`.
enum IPVTAPOptions: KindOptions {
    static let name: StaticString = "ipvtap"

    static let help: StaticString = """
        Usage: ... ipvtap [ mode MODE ] [ FLAG ]
               MODE: l3 | l3s | l2
               FLAG: bridge | private | vepa
               Without words: mode l3, bridge.
        """

    static func parse(
        _ words: inout Words, creates: Bool, _ session: inout Session
    ) throws(CommandError) -> IPVTAPLink {
        var link = IPVTAPLink()
        link.options = try IPVLANOptions.parse(&words) { (word: Word) in unknown(word, "option") }
        return link
    }

    static func print(_ kind: IPVTAPLink, in session: inout Session) { IPVLANOptions.print(kind.options, in: &session) }
}
