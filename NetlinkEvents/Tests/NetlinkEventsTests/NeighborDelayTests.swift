// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

@testable import NetlinkEvents

@Suite("Changes of neighbours that are held back") struct NeighborDelayTests {
    private let kernel = FakeKernel { $0.isDump ? $0.dump([]) : $0.error(.notSupported) }

    private func open(_ delay: Duration?) throws -> BlockingNetworkStore {
        var options = NetworkStoreOptions()
        options.kinds = [.neighbors, .rules]
        options.neighborDelay = delay
        let store = try BlockingNetworkStore(opening: kernel.source, options: options)
        _ = try read(store, for: .milliseconds(20))
        return store
    }

    private func neighbor(_ number: UInt8, _ state: NeighborState = .reachable) -> Neighbor {
        var neighbor = Neighbor(.v4(IPv4Address(10, 0, 0, number)), at: "02:00:00:00:00:01", on: 3)
        neighbor.state = state
        return neighbor
    }

    private func tell(_ neighbor: Neighbor, isGone: Bool = false) {
        kernel.notify(FakeMessage(type: isGone ? 29 : 28) { AddNeighbor(neighbor).encode(into: &$0) })
    }

    /// What comes until nothing does for a while, in short: `+1`, `~2`, `-3`.
    private func read(_ store: BlockingNetworkStore, for time: Duration) throws -> [String] {
        var told: [String] = []
        while let event = try store.next(timeout: time) {
            switch event.kind {
            case .change(.neighbor(let change), _):
                let sign = change.before == nil ? "+" : change.after == nil ? "-" : "~"
                let address = (change.after ?? change.before)?.destination?.description ?? ""
                told.append(sign + address.suffix(1))
            case .change(.rule, _): told.append("rule")
            case .overflow: told.append("overflow")
            case .synchronized: told.append("synchronized")
            default: break
            }
        }
        return told
    }

    @Test("of each neighbour only the outcome is told, in the order of their first changes") func outcomes() throws {
        let store = try open(.milliseconds(600))
        tell(neighbor(1))
        tell(neighbor(2))
        tell(neighbor(1), isGone: true)
        tell(neighbor(3))
        tell(neighbor(2, .stale))
        #expect(try store.next(timeout: .milliseconds(20)) == nil)
        // The state is not held back.
        #expect(store.state().neighbors.count == 2)
        #expect(try read(store, for: .milliseconds(1200)) == ["+2", "+3"])

        tell(neighbor(2, .reachable))
        tell(neighbor(3), isGone: true)
        tell(neighbor(2, .stale))
        tell(neighbor(4))
        tell(neighbor(3, .permanent))
        // The second neighbour is as it was.
        #expect(try read(store, for: .milliseconds(1200)) == ["~3", "+4"])
        tell(neighbor(4), isGone: true)
        #expect(try read(store, for: .milliseconds(1200)) == ["-4"])
    }

    @Test("a neighbour that comes and goes all the time is told once, or not at all") func flapping() throws {
        let store = try open(.milliseconds(600))
        for _ in 0..<50 {
            tell(neighbor(1))
            tell(neighbor(2))
            tell(neighbor(1), isGone: true)
            tell(neighbor(2), isGone: true)
        }
        tell(neighbor(2, .stale))
        #expect(try read(store, for: .milliseconds(1200)) == ["+2"])
    }

    @Test("what is not of neighbours is told at once, and each change without a delay") func others() throws {
        let store = try open(.seconds(60))
        tell(neighbor(1))
        kernel.notify(
            FakeMessage(type: 32) { AddRule(Rule(.ipv4, lookup: 100, priority: 5)).encode(into: &$0) })
        #expect(try read(store, for: .milliseconds(30)) == ["rule"])
        let prompt = try open(nil)
        tell(neighbor(1, .stale))
        tell(neighbor(1))
        #expect(try read(prompt, for: .milliseconds(30)) == ["+1", "~1"])
    }

    @Test("what was held back is told before the store says that it knows all") func order() throws {
        let store = try open(.seconds(60))
        tell(neighbor(1))
        #expect(try read(store, for: .milliseconds(30)) == [])
        kernel.send(.receiveFailure(.noBufferSpace))
        // The list shows that it is gone.
        #expect(try read(store, for: .milliseconds(100)) == ["+1", "overflow", "-1", "synchronized"])
    }
}
