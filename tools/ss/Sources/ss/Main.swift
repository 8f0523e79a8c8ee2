// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import SSCommand

/// Starts `ss`; everything is in a library of its own, so that tests reach it.
@main enum Main {
    static func main() {
        System.exit(
            SSProgram.run(Array(CommandLine.arguments.dropFirst()), program: CommandLine.arguments.first ?? "ss"))
    }
}
