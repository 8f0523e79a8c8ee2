// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkRoute

/// The virtual functions of a link.
enum LinkFunctions {
    static func print(_ link: Link, in session: inout Session) {}
}
