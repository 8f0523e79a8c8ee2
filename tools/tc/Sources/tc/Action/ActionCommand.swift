// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// `tc action`.
enum ActionCommand {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        throw CommandError("\"action\" is not supported yet.", status: 1)
    }
}
