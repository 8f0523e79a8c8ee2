// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore
internal import NetlinkRoute

/// Single requests on a warm connection.
enum Requests {
    static let count = 10_000

    static func run(rounds: Int) async throws {
        let blocking = try BlockingRouteConnection()
        let connection = try RouteConnection()
        let inline = try RouteConnection(sending: .inline)
        let query = LinkQuery(.index(1), detail: .withoutStatistics)
        var comparison = Comparison("\(count) queries for one link")
        comparison.add("blocking") { for _ in 0..<count { _ = try blocking.query(query) } }
        comparison.add("asynchronous") { for _ in 0..<count { _ = try await connection.query(query) } }
        comparison.add("64 tasks on one connection") {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<64 {
                    group.addTask { for _ in 0..<(count / 64) { _ = try await connection.query(query) } }
                }
                try await group.waitForAll()
            }
        }
        try await comparison.run(rounds: min(rounds, 9), unit: "us each", divisor: Double(count) / 1000)

        var change = Link(index: 1)
        change.mtu = 65536
        let command = UpdateLink(change)
        var commands = Comparison("\(count) commands")
        commands.add("blocking") { for _ in 0..<count { try blocking.perform(command) } }
        commands.add("asynchronous, own thread") { for _ in 0..<count { try await connection.perform(command) } }
        commands.add("asynchronous, inline") { for _ in 0..<count { try await inline.perform(command) } }
        try await commands.run(rounds: min(rounds, 9), unit: "us each", divisor: Double(count) / 1000)
    }
}
