// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

@testable import NetlinkEvents

/// A kernel of rules, which a store mirrors.
private final class RuleKernel: Sendable {
    let rules = FakeStore(new: 32, delete: 33, get: 34) { Array($0[12...]) }
    let kernel: FakeKernel

    init() {
        let rules = rules
        kernel = FakeKernel { rules.answer($0) ?? ($0.isDump ? $0.dump([]) : $0.error(.notSupported)) }
    }

    static func message(_ priority: UInt32, isGone: Bool = false) -> FakeMessage {
        var rule = Rule(.ipv4, lookup: 100, priority: priority)
        rule.origin = .kernel
        return FakeMessage(type: isGone ? 33 : 32) { AddRule(rule).encode(into: &$0) }
    }

    /// Adds a rule, with its notification or without.
    func add(_ priority: UInt32, announced: Bool = true) throws {
        let connection = try BlockingRouteConnection(opening: kernel.source)
        var rule = Rule(.ipv4, lookup: 100, priority: priority)
        rule.origin = .kernel
        try connection.perform(AddRule(rule))
        if announced { kernel.notify(Self.message(priority)) }
    }
}

private final class Counter: Sendable {
    private let count = Lock(0)

    /// 0, then 1, and so on.
    func next() -> Int {
        count.withLock { count in
            defer { count += 1 }
            return count
        }
    }
}

@Suite("Network stores") struct NetworkStoreTests {
    private let rules = RuleKernel()

    private func options(_ check: Duration? = nil) -> NetworkStoreOptions {
        var options = NetworkStoreOptions()
        options.kinds = .rules
        options.checkDelay = check
        return options
    }

    private func open(_ check: Duration? = nil) throws -> BlockingNetworkStore {
        try BlockingNetworkStore(opening: rules.kernel.source, options: options(check))
    }

    /// What comes until nothing does, in short: `+7 listed`, `synchronized`.
    private func read(_ store: BlockingNetworkStore, for time: Duration = .milliseconds(20)) throws -> [String] {
        var told: [String] = []
        let limit = ContinuousClock.now + .seconds(5)
        while true {
            guard let event = try store.next(timeout: time) else {
                // A busy machine may take longer over a list.
                if store.isSynchronized() || ContinuousClock.now > limit { break }
                continue
            }
            switch event.kind {
            case .change(.rule(let change), let cause):
                let sign = change.before == nil ? "+" : change.after == nil ? "-" : "~"
                told.append("\(sign)\((change.after ?? change.before)?.priority ?? 0) \(cause)")
            case .change: told.append("other change")
            case .synchronized: told.append("synchronized")
            case .overflow: told.append("overflow")
            case .malformed: told.append("malformed")
            case .opened: told.append("opened")
            case .closed: told.append("closed")
            case .failed(let error): told.append("failed \(error.code)")
            @unknown default: told.append("?")
            }
        }
        return told
    }

    @Test("what is there comes first, then that it is all, then what happens") func listThenWatch() throws {
        try rules.add(1, announced: false)
        let store = try open()
        #expect(try read(store) == ["opened", "+1 listed", "synchronized"])
        try rules.add(2)
        #expect(try read(store) == ["+2 announced"])
        #expect(store.state().rules.map(\.priority) == [1, 2] && store.isSynchronized())
    }

    @Test("what is made between subscribing and listing is told once") func noDouble() throws {
        let store = try open()
        try rules.add(1)
        #expect(try read(store) == ["opened", "+1 announced", "synchronized"])
        #expect(store.state().rules.count == 1)
    }

    @Test("a notification that comes while the list is made, and is in it, is told once") func during() throws {
        let rules = rules.rules
        let kernel = FakeKernel { request in
            guard request.isDump else { return rules.answer(request) ?? request.error(.notSupported) }
            // It was made before the list and is told behind it.
            return request.dump([RuleKernel.message(1)]) + request.notification(RuleKernel.message(1))
        }
        let store = try BlockingNetworkStore(opening: kernel.source, options: options())
        kernel.notify(RuleKernel.message(1))
        let told = try read(store)
        #expect(told.filter { $0.hasPrefix("+1") }.count == 1 && told.last == "synchronized")
    }

    @Test("lost notifications are told, then what changed meanwhile, then that all is known again") func overflow()
        throws
    {
        try rules.add(1, announced: false)
        let store = try open()
        _ = try read(store)
        try rules.add(2, announced: false)
        rules.kernel.send(.receiveFailure(.noBufferSpace))
        rules.kernel.send(.receiveFailure(.noBufferSpace))
        #expect(try read(store) == ["overflow", "+2 listed", "synchronized"])
        #expect(store.statistics.overflowCount == 2 && store.isSynchronized())
    }

    @Test("a notification that does not fit makes a list, whose difference is told") func doubt() throws {
        try rules.add(1, announced: false)
        let store = try open(.milliseconds(5))
        _ = try read(store)
        try rules.add(2, announced: false)
        // Of a rule with another table: what is known of it is not what is gone.
        rules.kernel.notify(
            FakeMessage(type: 33) { AddRule(Rule(.ipv4, lookup: 7, priority: 1)).encode(into: &$0) })
        #expect(try read(store, for: .milliseconds(60)) == ["+2 listed"])
        #expect(store.statistics.divergenceCount == 1)
    }

    @Test("a malformed message is told, and mirroring goes on") func malformed() throws {
        let store = try open()
        _ = try read(store)
        rules.kernel.notify(FakeMessage(type: 32, payload: [2, 0]), RuleKernel.message(9))
        #expect(try read(store) == ["malformed", "+9 announced"])
    }

    @Test("a list that changes interrupt is made again; what it showed is there meanwhile") func interrupted() throws {
        let asked = Counter()
        let kernel = FakeKernel { request in
            let objects = [RuleKernel.message(1), RuleKernel.message(2)]
            return request.dump(objects, interruptedAt: asked.next() < 9 ? 1 : nil)
        }
        let store = try BlockingNetworkStore(opening: kernel.source, options: options())
        let told = try read(store, for: .milliseconds(200))
        #expect(told.first == "opened" && told.last == "synchronized")
        #expect(told.count == 4 && Set(told).isSuperset(of: ["+1 listed", "+2 listed"]))
        #expect(store.statistics.interruptedListCount == 1)
    }

    @Test("a list that the kernel refuses ends a store of one namespace") func refused() throws {
        let kernel = FakeKernel { $0.error(.notPermitted) }
        let store = try BlockingNetworkStore(opening: kernel.source, options: options())
        let error = #expect(throws: NetlinkError.self) { while try store.next(timeout: .seconds(1)) != nil {} }
        #expect(error?.isPermission == true)
    }

    @Test("what a filter does not want is neither mirrored nor told") func filtered() throws {
        try rules.add(1, announced: false)
        var options = options()
        options.filter = RouteFilter(tables: [7])
        let store = try BlockingNetworkStore(opening: rules.kernel.source, options: options)
        rules.kernel.notify(RuleKernel.message(2))
        #expect(try read(store) == ["opened", "synchronized"])
        #expect(store.state().rules.isEmpty)
    }

    @Test("a task is told too, closing ends the sequence, and the state stays") func tasks() async throws {
        try rules.add(1, announced: false)
        let store = try NetworkStore(opening: rules.kernel.source, options: options())
        let reader = Task { () async throws -> Int in
            var count = 0
            for try await _ in store { count += 1 }
            return count
        }
        while store.state().rules.isEmpty || !store.isSynchronized() { try await Task.sleep(for: .milliseconds(5)) }
        try rules.add(2)
        while store.state().rules.count < 2 { try await Task.sleep(for: .milliseconds(5)) }
        store.close()
        #expect(try await reader.value >= 3)
        #expect(try await store.next() == nil)
        #expect(store.state().rules.count == 2)
    }

    @Test("cancelling ends the wait, and another task goes on") func cancelled() async throws {
        let store = try NetworkStore(opening: rules.kernel.source, options: options())
        let reader = Task { () async -> NetlinkError.Code? in
            do throws(NetlinkError) {
                while try await store.next() != nil {}
                return nil
            } catch {
                return error.code
            }
        }
        while !store.isSynchronized() { try await Task.sleep(for: .milliseconds(5)) }
        reader.cancel()
        #expect(await reader.value == .cancelled)
        rules.kernel.notify(RuleKernel.message(3))
        guard case .change(.rule(.added(let rule)), .announced) = try await store.next()?.kind else {
            Issue.record("no change")
            return
        }
        #expect(rule.priority == 3)
    }
}
