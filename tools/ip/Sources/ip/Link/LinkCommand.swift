// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// `ip link`.
enum LinkCommand {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        guard let word = words.next() else { return try LinkShow.run(&words, &session) }
        switch word {
        case prefix("show"), "lst", "list": try LinkShow.run(&words, &session)
        case prefix("help"): throw Usage.error(.link, status: 255)
        default: throw .unknownCommand(word, help: "ip link help")
        }
    }
}
