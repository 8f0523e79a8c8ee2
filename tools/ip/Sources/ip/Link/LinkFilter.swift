// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// Which links `ip link show` lists.
struct LinkFilter {
    /// The one link that is named.
    var device: Word?
    /// Whether the link is up; nil for both.
    var isUp: Bool?
    var group: UInt32?
    /// The master; number 0 for links without one.
    var master: InterfaceIndex?
    /// The kind of the link, or of a port as `KIND_slave`.
    var kind: Word?
    var showsVirtualFunctions = true
    /// Addresses have labels and links none, so that this leaves nothing.
    var hasLabel = false

    /// Whether a link is listed.
    func accepts(_ link: Link) -> Bool {
        if hasLabel { return false }
        if let isUp, link.flags.contains(.up) != isUp { return false }
        if let group, link.group != group { return false }
        if let master, (link.master ?? .none) != master { return false }
        guard let kind else { return true }
        guard let port = portKind else { return link.kind?.name == kind.string }
        return link.portKind?.name == port
    }

    /// The kind of port that is asked for.
    var portKind: String? {
        guard let kind else { return nil }
        let suffix: StaticString = "_slave"
        let length = kind.count - suffix.utf8CodeUnitCount
        return length >= 0 && kind.dropFirst(length) == suffix ? kind.prefix(length).string : nil
    }
}
