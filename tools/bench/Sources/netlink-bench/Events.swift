// SPDX-License-Identifier: Apache-2.0

@_spi(System) internal import NetlinkCore
internal import NetlinkEvents
internal import NetlinkRoute

/// Reading what the kernel tells: how many changes in a second, and how soon after the change.
enum Events {
    private static let routeCount: UInt32 = 10_000
    private static let latencyCount = 1000

    static func run(rounds: Int) async throws {
        let connection = try BlockingRouteConnection()
        let subscription = RouteSubscription([.ipv4Route], receiveBufferByteCount: 64 << 20)
        var reading = Comparison("\(8 * routeCount) changes of routes read from a full buffer")
        let floor = try NetlinkSocket.open(protocol: RouteProtocol.number, in: .current)
        try floor.subscribe(subscription.eventSubscription)
        reading.add(
            "recvmsg alone, nothing looked at", before: { try churn(connection) },
            body: {
                var buffer = ReceiveBuffer()
                while try floor.receive(into: &buffer) != nil {}
            })
        let blocking = try BlockingRouteEvents(subscription)
        reading.add(
            "BlockingRouteEvents", before: { try churn(connection) },
            body: {
                while try blocking.next(timeout: .zero) != nil {}
            })
        let merged = try BlockingNetworkEvents(subscription)
        reading.add(
            "BlockingNetworkEvents", before: { try churn(connection) },
            body: {
                while try merged.next(timeout: .zero) != nil {}
            })
        var options = NetworkStoreOptions()
        options.receiveBufferByteCount = 64 << 20
        let store = try BlockingNetworkStore(options: options)
        while try store.next(timeout: .milliseconds(100)) != nil {}
        reading.add(
            "BlockingNetworkStore", before: { try churn(connection) },
            body: {
                while try store.next(timeout: .zero) != nil {}
            })
        try await reading.run(rounds: rounds)
        try await latency(connection)
    }

    /// Adds routes and removes them.
    private static func churn(_ connection: BlockingRouteConnection) throws {
        for isAdding in [true, false] {
            var batch = Batch<RouteProtocol>()
            for number in 0..<routeCount {
                guard let prefix = IPPrefix(.v4(IPv4Address(rawValue: 0x0a00_0000 | number << 8)), length: 24) else {
                    continue
                }
                var route = Route(to: prefix)
                route.type = .blackhole
                if isAdding { try batch.append(AddRoute(route)) } else { try batch.append(RemoveRoute(route)) }
            }
            _ = try connection.perform(&batch)
        }
    }

    /// From before a change is sent until a task that waits for it has it.
    private static func latency(_ connection: BlockingRouteConnection) async throws {
        let stream = try RouteEvents(RouteSubscription([.ipv4Rule]))
        let merged = try NetworkEvents()
        let store = try NetworkStore()
        print("\nFrom sending a change until a waiting task has it (\(latencyCount) changes)")
        try await measure("RouteEvents", connection) { arrived in
            for try await element in stream {
                guard case .notification(let notification) = element, case .rule = notification.event else { continue }
                if !arrived() { return }
            }
        }
        try await measure("NetworkEvents", connection) { arrived in
            for try await event in merged {
                guard case .route(let notification) = event.kind, case .rule = notification.event else { continue }
                if !arrived() { return }
            }
        }
        try await measure("NetworkStore", connection) { arrived in
            for try await event in store {
                guard case .change(.rule(.added), .announced) = event.kind else { continue }
                if !arrived() { return }
            }
        }
    }

    private static func measure(
        _ name: String, _ connection: BlockingRouteConnection,
        _ read: @escaping @Sendable (() -> Bool) async throws -> Void
    ) async throws {
        let times = Times()
        let reader = Task { try await read { times.arrive() < latencyCount } }
        try await Task.sleep(for: .milliseconds(100))
        for _ in 0..<latencyCount {
            let rule = Rule(.ipv4, lookup: 100, priority: 77)
            times.send()
            try connection.perform(AddRule(rule))
            // The reader has gone back to wait by then.
            try await Task.sleep(for: .microseconds(300))
            times.pause()
            try connection.perform(RemoveRule(rule))
            try await Task.sleep(for: .microseconds(300))
        }
        reader.cancel()
        _ = try? await reader.value
        let sorted = times.found.sorted()
        guard !sorted.isEmpty else { return }
        func micro(_ index: Int) -> String { (Double(sorted[min(index, sorted.count - 1)]) / 1e3).text(1) }
        print(
            "  \(name.padded(to: 44)) median \(micro(sorted.count / 2)) µs, 99 in 100 below \(micro(sorted.count * 99 / 100)) µs"
        )
    }

    private final class Times: Sendable {
        private let state = Lock((sent: Instant?.none, found: [UInt64]()))

        var found: [UInt64] { state.withLock { $0.found } }
        func send() { state.withLock { $0.sent = .now } }
        func pause() { state.withLock { $0.sent = nil } }
        /// How many have arrived.
        func arrive() -> Int {
            let now = Instant.now
            return state.withLock { state in
                if let sent = state.sent {
                    state.found.append(now.nanoseconds - sent.nanoseconds)
                    state.sent = nil
                }
                return state.found.count
            }
        }
    }
}
