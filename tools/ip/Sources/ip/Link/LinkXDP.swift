// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkRoute

/// The XDP programs of a link.
enum LinkXDP {
    /// Prints the word in the first line that says how a program is attached.
    static func print(_ xdp: XDPState, in session: inout Session) {}

    /// Prints the lines that tell about programs.
    static func printPrograms(_ xdp: XDPState, in session: inout Session) {}
}
