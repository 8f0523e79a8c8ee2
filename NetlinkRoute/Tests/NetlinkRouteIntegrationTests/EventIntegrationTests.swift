// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Synchronization
import Testing

@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct EventIntegrationTests {
    let fixture: NamespaceFixture
    let connection: BlockingRouteConnection

    init() throws {
        fixture = try NamespaceFixture()
        connection = try fixture.connect()
    }

    private func subscribe(_ groups: [RouteGroup] = RouteGroup.decoded) throws -> BlockingRouteEvents {
        try BlockingRouteEvents(RouteSubscription(groups), in: fixture.namespace)
    }

    /// The first event that fits; nil when none comes.
    ///
    /// A busy kernel takes many seconds to tear a namespace down.
    private func first(_ events: BlockingRouteEvents, _ fits: (RouteEvent) -> Bool) throws -> RouteNotification? {
        while let element = try events.next(timeout: .seconds(30)) {
            if case .notification(let notification) = element, fits(notification.event) { return notification }
        }
        return nil
    }

    @Test("each kind of change comes as an event with the object") func kinds() throws {
        let events = try subscribe()
        try fixture.addVeth("v0", "v1")
        let link = try fixture.index(of: "v0")
        #expect(try first(events) { if case .link(let link) = $0 { link.name == "v0" } else { false } } != nil)

        let address = Address("10.1.0.1/24", on: link)
        try connection.add(address)
        let added = try first(events) {
            if case .address(let found) = $0 { found.prefix == "10.1.0.1/24" } else { false }
        }
        #expect(added?.namespaceID == nil && added?.port != 0)
        #expect(
            try first(events) { if case .route(let route) = $0 { route.destination == "10.1.0.0/24" } else { false } }
                != nil)

        let neighbor = Neighbor("10.1.0.7", at: "02:00:00:00:00:07", on: link)
        try connection.add(neighbor)
        #expect(
            try first(events) { if case .neighbor(let found) = $0 { found.destination == "10.1.0.7" } else { false } }
                != nil)
        try connection.remove(neighbor)
        // Before it goes it is told as failed.
        #expect(
            try first(events) {
                if case .neighborRemoved(let found) = $0 { found.destination == "10.1.0.7" } else { false }
            } != nil)

        let rule = Rule(.ipv4, lookup: 100, priority: 10)
        try connection.add(rule)
        #expect(try first(events) { if case .rule(let found) = $0 { found.priority == 10 } else { false } } != nil)
        try connection.remove(rule)
        #expect(
            try first(events) { if case .ruleRemoved(let found) = $0 { found.priority == 10 } else { false } } != nil)

        try connection.remove(address)
        #expect(
            try first(events) {
                if case .addressRemoved(let found) = $0 { found.prefix == "10.1.0.1/24" } else { false }
            } != nil)
        try fixture.remove("v0")
        #expect(try first(events) { if case .linkRemoved(let found) = $0 { found.name == "v0" } else { false } } != nil)
    }

    @Test("routes that go are told, and ids of namespaces that come and go") func moreKinds() throws {
        let events = try subscribe()
        try fixture.addVeth("v0", "v1")
        let link = try fixture.index(of: "v0")
        try connection.add(Address("10.1.0.1/24", on: link))
        try connection.flushAddresses(.addresses(on: link, family: .ipv4))
        #expect(
            try first(events) {
                if case .routeRemoved(let route) = $0 { route.destination == "10.1.0.0/24" } else { false }
            } != nil)
        var other: NamespaceFixture? = try NamespaceFixture()
        try fixture.handle.setID(of: try #require(other).namespace, to: 9)
        #expect(try first(events) { $0 == .namespaceID(9) } != nil)
        other = nil
        #expect(try first(events) { $0 == .namespaceIDRemoved(9) } != nil)
    }

    @Test("a neighbour that programs are asked for comes as wanted") func wanted() throws {
        try fixture.addVeth("v0", "v1")
        let link = try fixture.index(of: "v0")
        let child = try fixture.handle.spawn(
            NamespaceCommand("sh", ["-c", "echo 1 > /proc/sys/net/ipv4/neigh/v0/app_solicit"]))
        _ = try child.wait()
        let events = try subscribe([.neighbor])
        try connection.add(Address("10.1.0.1/24", on: link))
        var neighbor = Neighbor("10.1.0.9", on: link)
        neighbor.flags = .use
        try connection.add(neighbor)
        #expect(
            try first(events) {
                if case .neighborWanted(let found) = $0 { found.destination == "10.1.0.9" } else { false }
            } != nil)
    }

    @Test("only the groups joined are told; a message of another type is given as it is") func groups() throws {
        let events = try subscribe([.ipv4Rule, .ipv4Configuration])
        try fixture.addVeth("v0", "v1")
        try connection.add(Rule(.ipv4, lookup: 100, priority: 10))
        var types: Set<String> = []
        while let element = try events.next(timeout: .milliseconds(200)) {
            guard case .notification(let notification) = element else { continue }
            switch notification.event {
            case .rule: types.insert("rule")
            case .other(let type, let bytes): types.insert("\(type.rawValue) \(!bytes.isEmpty)")
            default: types.insert("unexpected")
            }
        }
        // RTM_NEWNETCONF
        #expect(types == ["rule", "80 true"])
    }

    @Test("waiting ends with the time given") func timeout() throws {
        let events = try subscribe()
        let clock = ContinuousClock()
        let start = clock.now
        #expect(try events.next(timeout: .milliseconds(50)) == nil)
        #expect(clock.now - start >= .milliseconds(50))
    }

    @Test("lost changes are an element, and what comes afterwards is told again") func overflow() throws {
        let events = try BlockingRouteEvents(
            RouteSubscription([.ipv4Rule], receiveBufferByteCount: 4096), in: fixture.namespace)
        var batch = Batch<RouteProtocol>()
        for priority in 1...2000 as ClosedRange<UInt32> {
            try batch.append(AddRule(Rule(.ipv4, lookup: 100, priority: priority)))
        }
        _ = try connection.perform(&batch)
        var overflows = 0
        var told = 0
        while let element = try events.next(timeout: .milliseconds(100)) {
            if case .overflow = element { overflows += 1 } else { told += 1 }
        }
        #expect(overflows >= 1 && told > 0 && told < 2000)
        try connection.add(Rule(.ipv4, lookup: 100, priority: 5000))
        #expect(try first(events) { if case .rule(let rule) = $0 { rule.priority == 5000 } else { false } } != nil)
    }

    @Test("changes in other namespaces come with their ids") func allNamespaces() throws {
        let other = try NamespaceFixture()
        try fixture.handle.setID(of: other.namespace, to: 7)
        let events = try BlockingRouteEvents(
            RouteSubscription([.ipv4Rule], includesAllNamespaces: true), in: fixture.namespace)
        try other.connect(RouteProtocol.self).add(Rule(.ipv4, lookup: 100, priority: 10))
        try connection.add(Rule(.ipv4, lookup: 100, priority: 20))
        var seen: [UInt32: NamespaceID?] = [:]
        while let element = try events.next(timeout: .milliseconds(500)) {
            guard case .notification(let notification) = element, case .rule(let rule) = notification.event else {
                continue
            }
            seen[rule.priority ?? 0] = notification.namespaceID
        }
        #expect(seen == [10: 7, 20: .none])
    }

    @Test("tasks are told too, and cancelling ends the wait") func tasks() async throws {
        let namespace = fixture.namespace
        let events = try RouteEvents(RouteSubscription([.ipv4Rule]), in: namespace)
        let priorities = Mutex<[UInt32]>([])
        let reader = Task { () async -> NetlinkError.Code? in
            do throws(NetlinkError) {
                for try await element in events {
                    guard case .notification(let notification) = element, case .rule(let rule) = notification.event
                    else { continue }
                    priorities.withLock { $0.append(rule.priority ?? 0) }
                }
                return nil
            } catch {
                return error.code
            }
        }
        let connection = try RouteConnection(in: namespace)
        for priority in [10, 20, 30] as [UInt32] {
            try await connection.add(Rule(.ipv4, lookup: 100, priority: priority))
        }
        #expect(try await eventually { priorities.withLock { $0 } == [10, 20, 30] })
        reader.cancel()
        #expect(await reader.value == .cancelled)
    }

    @Test("what a filter does not want takes no room in the kernel's buffer") func filtered() throws {
        let filter = RouteFilter(tables: [100], origins: [.administrator, .unspecified])
        let events = try BlockingRouteEvents(
            RouteSubscription([.ipv4Rule, .ipv4Route], receiveBufferByteCount: 4096, filter: filter),
            in: fixture.namespace)
        // Enough to overflow the buffer many times, were they let in.
        var batch = Batch<RouteProtocol>()
        for priority in 1...500 as ClosedRange<UInt32> {
            try batch.append(AddRule(Rule(.ipv4, lookup: 99, priority: priority)))
        }
        _ = try connection.perform(&batch)
        try connection.add(Rule(.ipv4, lookup: 100, priority: 1000))
        var route = Route(to: "10.9.0.0/16")
        route.type = .blackhole
        route.table = 70_000
        try connection.perform(AddRoute(route))
        route.table = 100
        route.origin = .administrator
        try connection.perform(AddRoute(route))
        var told: [RouteEvent] = []
        while let element = try events.next(timeout: .milliseconds(200)) {
            guard case .notification(let notification) = element else {
                Issue.record("\(element)")
                continue
            }
            told.append(notification.event)
        }
        #expect(told.count == 2)
        guard case .rule(let rule) = told.first, case .route(let found) = told.last else {
            Issue.record("unexpected events")
            return
        }
        #expect(rule.priority == 1000 && found.table == 100 && found.type == .blackhole)
    }

    @Test("a filter by link lets through what the link has") func filteredByLink() throws {
        try fixture.addVeth("v0", "v1")
        let link = try fixture.index(of: "v0")
        let other = try fixture.index(of: "v1")
        let events = try BlockingRouteEvents(
            RouteSubscription(filter: RouteFilter(links: [link])), in: fixture.namespace)
        try connection.add(Address("10.1.0.1/24", on: link))
        try connection.add(Address("10.2.0.1/24", on: other))
        try connection.add(Neighbor("10.1.0.7", at: "02:00:00:00:00:07", on: link))
        try connection.add(Neighbor("10.2.0.7", at: "02:00:00:00:00:07", on: other))
        var kinds: Set<String> = []
        while let element = try events.next(timeout: .milliseconds(200)) {
            guard case .notification(let notification) = element else { continue }
            switch notification.event {
            case .address(let address): kinds.insert("address \(address.index == link)")
            case .neighbor(let neighbor): kinds.insert("neighbor \(neighbor.index == link)")
            case .route(let route): kinds.insert("route \(route.output == link)")
            case .link(let found): kinds.insert("link \(found.index == link)")
            default: break
            }
        }
        kinds.remove("link true")
        #expect(kinds == ["address true", "neighbor true", "route true"])
    }

    @Test("a subscription in a namespace that is not there is an error that says so") func missingNamespace() {
        let error = #expect(throws: NetlinkError.self) { try BlockingRouteEvents(in: .name("no-such-namespace")) }
        #expect(error?.isNotFound == true)
    }
}
