// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore
internal import NetlinkRoute

/// Single requests on warm connections.
enum Requests {
    static let count = 10_000

    static func run(rounds: Int) async throws {
        let blocking = try BlockingRouteConnection()
        let connection = try RouteConnection()
        let threaded = try RouteConnection(sending: .ownThread)
        let inline = try RouteConnection(sending: .inline)
        let pool = try ConnectionPool<RouteProtocol>(size: 4)
        let query = LinkQuery(.index(1), detail: .withoutStatistics)
        var comparison = Comparison("\(count) queries for one link")
        comparison.add("blocking") { for _ in 0..<count { _ = try blocking.query(query) } }
        comparison.add("asynchronous", target: 1.3) { for _ in 0..<count { _ = try await connection.query(query) } }
        comparison.add("64 tasks on one connection") {
            try await tasks(64) { for _ in 0..<(count / 64) { _ = try await connection.query(query) } }
        }
        comparison.add("64 tasks on a pool of 4") {
            try await tasks(64) { for _ in 0..<(count / 64) { _ = try await pool.query(query) } }
        }
        comparison.add("4 tasks, a connection each") {
            try await tasks(4) {
                let own = try RouteConnection()
                for _ in 0..<(count / 4) { _ = try await own.query(query) }
            }
        }
        try await comparison.run(rounds: min(rounds, 9), unit: "us each", divisor: Double(count) / 1000)

        var change = Link(index: 1)
        change.mtu = 65536
        let command = UpdateLink(change)
        var commands = Comparison("\(count) commands")
        commands.add("blocking") { for _ in 0..<count { try blocking.perform(command) } }
        commands.add("asynchronous", target: 1.3) { for _ in 0..<count { try await connection.perform(command) } }
        commands.add("asynchronous, own thread") { for _ in 0..<count { try await threaded.perform(command) } }
        commands.add("asynchronous, inline") { for _ in 0..<count { try await inline.perform(command) } }
        commands.add("one batch") {
            var batch = Batch<RouteProtocol>()
            for _ in 0..<count { try batch.append(command) }
            for case .failure(let error) in try blocking.perform(&batch) { throw error }
        }
        try await commands.run(rounds: min(rounds, 9), unit: "us each", divisor: Double(count) / 1000)
        for sending in [CommandSending.automatic, .ownThread, .inline] { try await beside(sending) }
    }

    private static func tasks(_ count: Int, _ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count { group.addTask { try await body() } }
            try await group.waitForAll()
        }
    }

    /// How long requests of other connections take while tasks delete many links.
    private static func beside(_ sending: CommandSending) async throws {
        let count = 300
        try Links.makePairs(count, "gone")
        let query = LinkQuery(.index(1), detail: .withoutStatistics)
        let quiet = try await times(query) { $0 < 2000 }
        let start = ContinuousClock.now
        let deleting = Task {
            // Two at a time, as many as a small machine's pool has threads.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for half in 0..<2 {
                    group.addTask {
                        let connection = try RouteConnection(sending: sending)
                        for number in 0..<(count / 2) {
                            try await connection.perform(RemoveLink(.name("gone\(number * 2 + half)x0")))
                        }
                    }
                }
                try await group.waitForAll()
            }
            return ContinuousClock.now
        }
        let isOver = Flag()
        let watcher = Task {
            defer { isOver.raise() }
            return try await deleting.value
        }
        let busy = try await times(query) { _ in !isOver.isRaised }
        let time = start.duration(to: try await watcher.value)
        print("\nqueries of another connection; two tasks delete \(count) pairs of links, sent \(sending) (\(time))")
        for (name, values) in [("nobody deletes", quiet), ("two delete", busy)] {
            let sorted = values.sorted()
            print(
                "  \(name.padded(to: 44)) \(sorted.count) queries, median \(Comparison.median(sorted).text(1)) us, 99 % "
                    + "\(sorted[sorted.count * 99 / 100].text(0)) us, worst \((sorted.last ?? 0).text(0)) us")
        }
    }

    private static func times(_ query: LinkQuery, while goesOn: (Int) -> Bool) async throws -> [Double] {
        let connection = try RouteConnection()
        var times: [Double] = []
        let clock = ContinuousClock()
        repeat {
            let start = clock.now
            _ = try await connection.query(query)
            let (seconds, attoseconds) = start.duration(to: clock.now).components
            times.append(Double(seconds) * 1e6 + Double(attoseconds) / 1e12)
        } while goesOn(times.count)
        return times
    }
}
