// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// `tc chain`.
enum ChainCommand {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        throw CommandError("\"chain\" is not supported yet.", status: 1)
    }
}
