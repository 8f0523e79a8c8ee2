// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore
internal import NetlinkRoute

/// Measures the libraries and the commands in the namespace it is started in, which must be a fresh one.
///
///     netlink-bench [ROUNDS] [requests] [routes] [neighbors] [links] [tuntap]
///     netlink-bench [ROUNDS] commands OURS REFERENCE
///     netlink-bench [ROUNDS] events
@main enum Bench {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == "peak", arguments.count == 2 {
            return try await Peak.run(arguments[1])
        }
        let words = arguments.filter { Int($0) == nil }
        let rounds = arguments.compactMap { Int($0) }.first ?? 11
        if words.first == "commands", words.count == 3 {
            return try await Commands.run(rounds: rounds, ours: words[1], reference: words[2])
        }
        if words == ["events"] { return try await Events.run(rounds: rounds) }
        func wants(_ name: String) -> Bool { words.isEmpty || words.contains(name) }
        if wants("requests") { try await Requests.run(rounds: rounds) }
        if wants("routes") { try await Tables.routes(rounds) }
        if wants("neighbors") { try await Tables.neighbors(rounds) }
        if wants("links") { try await Tables.links(rounds) }
        if wants("tuntap") { try await TunTap.run() }
    }
}
