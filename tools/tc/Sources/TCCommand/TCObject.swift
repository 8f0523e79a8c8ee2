// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// The objects of `tc` and what runs them.
enum TCObject {
    /// Runs a command line whose first word names the object.
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        guard let word = words.next() else { return Usage.print(.general) }
        // The order decides what an abbreviation means; it is iproute2's.
        switch word {
        case prefix("qdisc"): try QdiscCommand.run(&words, &session)
        case prefix("class"): try ClassCommand.run(&words, &session)
        case prefix("filter"): try FilterCommand.run(&words, &session)
        case prefix("chain"): try ChainCommand.run(&words, &session)
        case prefix("actions"): try ActionCommand.run(&words, &session)
        case prefix("monitor"): try MonitorCommand.run(&words, &session)
        case prefix("exec"): throw CommandError("\"exec\" is not supported yet.", status: 1)
        case prefix("help"): Usage.print(.general)
        default:
            throw CommandError("Object \"\(word.string)\" is unknown, try \"tc help\".", status: 255)
        }
    }
}
