// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkEvents
import NetlinkRoute
import NetlinkTestSupport
import Testing

@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct StoreChurnIntegrationTests {
    let fixture: NamespaceFixture

    init() throws { fixture = try NamespaceFixture() }

    private func compare(_ store: BlockingNetworkStore, _ churn: StoreChurn, _ round: Int) throws -> Bool {
        var differences: [NetworkChange] = []
        // The kernel's watch of carriers, and of duplicate IPv6 addresses, go on for a second or two.
        for _ in 0..<4 {
            differences = try churn.listed().differences(from: store.state())
            if differences.isEmpty { return store.isSynchronized() }
            try store.settle(quiet: .milliseconds(800))
        }
        for change in differences.prefix(3) { Issue.record("round \(round): \(change)") }
        return false
    }

    @Test("under churn that overflows the socket a hundred times the store equals a list at rest, every time")
    func overflowing() throws {
        let churn = try StoreChurn(fixture, pairs: 3)
        var options = NetworkStoreOptions()
        options.receiveBufferByteCount = 4096
        options.checkDelay = .milliseconds(20)
        let store = try BlockingNetworkStore(of: .one(fixture.namespace), options: options)
        try store.settle()
        var rounds = 0
        while store.statistics.overflowCount < 100, rounds < 400 {
            rounds += 1
            // Some of it is read meanwhile, so that lists fall between changes.
            for _ in 0..<4 {
                try churn.burst(60)
                for _ in 0..<Int.random(in: 0...100) { _ = try store.next(timeout: .zero) }
            }
            try store.settle()
            guard try compare(store, churn, rounds) else { break }
        }
        #expect(store.statistics.overflowCount >= 100)
    }

    @Test("without losses the store equals a list at rest, removals included that nobody announced")
    func inferring() throws {
        let churn = try StoreChurn(fixture, pairs: 3)
        var options = NetworkStoreOptions()
        options.receiveBufferByteCount = 8 << 20
        options.checkDelay = .milliseconds(20)
        let store = try BlockingNetworkStore(of: .one(fixture.namespace), options: options)
        try store.settle()
        for round in 1...60 {
            try churn.burst(120)
            try store.settle()
            guard try compare(store, churn, round) else { break }
        }
        #expect(store.statistics.inferredCount > 0)
    }
}
