// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// `ip address`.
enum AddressCommand {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        throw IPObject.notYet("address")
    }
}
