// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// `ip link`.
enum LinkCommand {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        guard let word = words.next() else { return try LinkShow.run(&words, &session) }
        // The order decides what an abbreviation means; it is iproute2's.
        switch word {
        case prefix("add"): try LinkChange.run(.add, &words, &session)
        case prefix("set"), prefix("change"): try LinkChange.run(.set, &words, &session)
        case prefix("replace"): try LinkChange.run(.replace, &words, &session)
        case prefix("delete"): try LinkChange.run(.delete, &words, &session)
        case prefix("show"), prefix("lst"), prefix("list"), prefix("ls"): try LinkShow.run(&words, &session)
        case prefix("xstats"): throw IPObject.notYet("link xstats")
        case prefix("afstats"): throw IPObject.notYet("link afstats")
        case prefix("property"): try LinkProperty.run(&words, &session)
        case prefix("help"): try LinkHelp.run(&words, &session)
        default: throw .unknownCommand(word, help: "ip link help")
        }
    }
}
