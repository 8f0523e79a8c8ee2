// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

/// The words of one kind of filter: how they are read and printed.
struct FilterEntry: Sendable {
    /// The kernel's name of the kind.
    let name: String
    /// Reads the words behind the kind's name; what a handle means is the kind's affair.
    let parse: @Sendable (inout Words, inout Filter, _ handle: Word?, inout Session) throws(CommandError) -> Void
    /// Prints the options of a filter.
    let print: @Sendable (Filter, inout Session) -> Void
}

/// The kinds of filter that the command line makes.
enum FilterTable {
    // A kind is one line here and one file.
    static let entries: [FilterEntry] = [
        FilterEntry(name: "fw", parse: FirewallMarkWords.parse, print: FirewallMarkWords.print),
        FilterEntry(name: "matchall", parse: MatchAllWords.parse, print: MatchAllWords.print),
        FilterEntry(name: "u32", parse: U32Words.parse, print: U32Printer.print),
    ]

    static func entry(_ name: String) -> FilterEntry? { entries.first { $0.name == name } }

    /// Kinds of iproute2 that cannot be made here yet; they are listed, got and removed.
    static let others: Set<String> = ["basic", "bpf", "cgroup", "flow", "flower", "route"]
}
