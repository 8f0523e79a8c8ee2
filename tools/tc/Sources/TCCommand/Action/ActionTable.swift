// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

/// The words of one kind of action: how they are read and printed.
struct ActionEntry: Sendable {
    /// The kernel's name of the kind.
    let name: String
    /// Reads the words from the kind's name on.
    let parse: @Sendable (inout Words, inout Session) throws(CommandError) -> Action
    /// Prints the kind's own part of an action.
    let print: @Sendable (Action, inout Session) -> Void
}

/// The kinds of action that the command line makes.
enum ActionTable {
    // A kind is one line here and one file.
    static let entries: [ActionEntry] = [
        ActionEntry(name: "gact", parse: GenericActionWords.parse, print: GenericActionWords.print),
        ActionEntry(name: "mirred", parse: MirredWords.parse, print: MirredWords.print),
        ActionEntry(name: "police", parse: PoliceWords.parse, print: PoliceWords.print),
    ]

    static func entry(_ name: String) -> ActionEntry? { entries.first { $0.name == name } }

    /// Kinds of iproute2 that cannot be made here yet; they are listed, got and removed.
    static let others: Set<String> = [
        "bpf", "connmark", "csum", "ct", "ctinfo", "gate", "ife", "mpls", "nat", "pedit", "sample", "simple", "skbedit",
        "skbmod", "tunnel_key", "vlan",
    ]

    static func isKnown(_ name: String) -> Bool { entry(name) != nil || others.contains(name) }
}
