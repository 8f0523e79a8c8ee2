// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import WGCommand

/// Starts `wg`; everything is in a library of its own, so that tests reach it.
@main enum Main {
    static func main() { System.exit(WG.run(System.arguments())) }
}
