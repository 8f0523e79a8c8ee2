// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// `tc filter`.
enum FilterCommand {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        throw CommandError("\"filter\" is not supported yet.", status: 1)
    }
}
