// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import IPCommand

/// Starts `ip`; everything is in a library of its own, so that tests reach it.
@main enum Main {
    static func main() { System.exit(IPProgram.run(System.arguments())) }
}
