// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import TCCommand

/// Starts `tc`; everything is in a library of its own, so that tests reach it.
@main enum Main {
    static func main() { System.exit(TCProgram.run(System.arguments())) }
}
