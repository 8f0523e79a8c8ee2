// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `ip link property`.
enum LinkProperty {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        guard let word = words.next() else { throw LinkHelp.error(status: 255) }
        switch word {
        case prefix("add"): try change(removes: false, &words, &session)
        case prefix("del"): try change(removes: true, &words, &session)
        case prefix("help"): throw LinkHelp.error(status: 255)
        default: throw CommandError("Operator required", status: 255, endsBatch: true)
        }
    }

    private static func change(
        removes: Bool, _ words: inout Words, _ session: inout Session
    ) throws(CommandError) {
        var device: Word?
        var names: [String] = []
        while let word = words.next() {
            switch word {
            case prefix("altname"):
                let name = try words.required()
                guard LinkWords.isName(name, limit: .max) else {
                    throw .invalid(name, "not a valid altname")
                }
                names.append(name.string)
            default:
                var name = word
                if word == "dev" {
                    name = try words.required()
                } else if word.isPrefix(of: "help") {
                    throw LinkHelp.error(status: 255)
                }
                if device != nil { throw .garbage(name, orDuplicate: "dev") }
                device = name
            }
        }
        guard let device else {
            throw CommandError(
                "Not enough of information: \"dev\" argument is required.", status: 255, endsBatch: true)
        }
        let link = LinkReference.index(try session.index(of: device))
        var command: AlternativeNames = removes ? .removing(names, from: link) : .adding(names, to: link)
        command.isChecked = false
        try session.perform(command)
        session.links.forget()
    }
}
