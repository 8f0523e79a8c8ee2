// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore
internal import NetlinkRoute

/// Measures the libraries in the namespace it is started in, which must be a fresh one.
@main enum Bench {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        let words = Array(arguments.filter { Int($0) == nil })
        let rounds = arguments.compactMap { Int($0) }.first ?? 21
        if words.first == "commands", words.count == 3 {
            return try await Commands.run(rounds: rounds, ours: words[1], reference: words[2])
        }
        let only = Set(words)
        if only.isEmpty || only.contains("requests") { try await Requests.run(rounds: rounds) }
        if only.isEmpty || only.contains("routes") { try await Routes.run(rounds: rounds) }
    }
}
