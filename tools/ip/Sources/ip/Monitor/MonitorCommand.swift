// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// `ip monitor`.
enum MonitorCommand {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        throw IPObject.notYet("monitor")
    }
}
