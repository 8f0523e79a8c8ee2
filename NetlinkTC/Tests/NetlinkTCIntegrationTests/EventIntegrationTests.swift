// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTC
import NetlinkTestSupport
import Testing

/// What a real kernel tells of traffic control.
@Suite(.serialized, .enabled(if: TestEnvironment.has(.linkKind("dummy")), "links of kind dummy"))
struct EventIntegrationTests {
    let fixture: NamespaceFixture
    let connection: BlockingRouteConnection
    let link: InterfaceIndex
    let other: InterfaceIndex

    init() throws {
        fixture = try NamespaceFixture()
        connection = try fixture.connect(RouteProtocol.self)
        for name in ["d0", "d1"] { try fixture.addLink(name, kind: "dummy") }
        link = try fixture.index(of: "d0")
        other = try fixture.index(of: "d1")
    }

    private func subscribe(_ filter: RouteFilter = RouteFilter()) throws -> BlockingTrafficControlEvents {
        try BlockingTrafficControlEvents(
            RouteSubscription([.trafficControl], filter: filter), in: fixture.namespace)
    }

    /// What comes until nothing does.
    private func read(_ events: BlockingTrafficControlEvents) throws -> [TrafficControlNotification] {
        var told: [TrafficControlNotification] = []
        while let element = try events.next(timeout: .milliseconds(100)) {
            if case .notification(let notification) = element {
                told.append(notification)
            } else {
                Issue.record("\(element)")
            }
        }
        return told
    }

    /// The one thing that comes.
    private func only(
        _ events: BlockingTrafficControlEvents, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> TrafficControlNotification {
        let told = try read(events)
        #expect(told.count == 1, "\(told)", sourceLocation: sourceLocation)
        return try #require(told.first, sourceLocation: sourceLocation)
    }

    @Test("queueing disciplines and classes come as they are listed, and go") func queues() throws {
        let events = try subscribe()
        let htb = Qdisc(HTBQdisc(defaultClass: 1), on: link, handle: TCHandle(1))
        try connection.add(htb)
        let added = try only(events)
        guard case .qdisc(let qdisc) = added.event else {
            Issue.record("\(added)")
            return
        }
        #expect(try qdisc.settings == connection.qdiscs(on: link).first?.settings)
        #expect(qdisc.kind?.as(HTBQdisc.self)?.defaultClass == 1 && added.event.link == link)
        #expect(added.port != 0 && added.sequence != 0 && added.namespaceID == nil)

        try connection.add(
            TrafficClass(HTBClass(rate: .megabits(1)), on: link, handle: TCHandle(1, 1), parent: TCHandle(1)))
        let made = try only(events)
        guard case .trafficClass(let found) = made.event else {
            Issue.record("\(made)")
            return
        }
        #expect(try found.settings == connection.classes(on: link).first?.settings)
        #expect(found.handle == TCHandle(1, 1) && made.event.link == link)

        try connection.remove(found)
        let gone = try only(events)
        guard case .trafficClassRemoved(let removed) = gone.event else {
            Issue.record("\(gone)")
            return
        }
        #expect(removed.handle == TCHandle(1, 1))

        // The old one and the new one stand in one datagram.
        try connection.replace(Qdisc(PrioQdisc(), on: link, handle: TCHandle(2)))
        let replaced = try read(events).map(\.event)
        guard case .qdiscRemoved(let before) = replaced.first, case .qdisc(let after) = replaced.last else {
            Issue.record("\(replaced)")
            return
        }
        #expect(before.handle == TCHandle(1) && after.handle == TCHandle(2) && replaced.count == 2)

        try connection.remove(Qdisc(on: link))
        let last = try read(events).map(\.event)
        #expect(last.contains { if case .qdiscRemoved(let qdisc) = $0 { qdisc.handle == TCHandle(2) } else { false } })
    }

    @Test("filters and chains come as they are listed, and go, those of shared blocks without a link")
    func filters() throws {
        try connection.add(Qdisc(clsactOn: link))
        let events = try subscribe()
        let place = FilterPlace.egress(of: link)
        try connection.add(Chain(at: place, index: 5))
        let chained = try only(events)
        guard case .chain(let chain) = chained.event else {
            Issue.record("\(chained)")
            return
        }
        #expect(chain.index == 5 && chained.event.link == link)

        let drop = FirewallMarkFilter(mask: 0xff, actions: [Action(GenericAction(), control: .drop)])
        try connection.add(Filter(at: place, priority: 7, protocolType: .ipv4, handle: 9, chain: 5, kind: drop))
        let added = try only(events)
        guard case .filter(let found) = added.event else {
            Issue.record("\(added)")
            return
        }
        #expect(found.place == place && found.priority == 7 && found.chain == 5)
        #expect(found.handle == 9 && found.kind?.as(FirewallMarkFilter.self)?.actions.map(\.control) == [.drop])
        #expect(added.flags.isSuperset(of: [.create, .exclusive]))

        try connection.remove(found)
        guard case .filterRemoved(let removed) = try only(events).event else {
            Issue.record("no removal")
            return
        }
        #expect(removed.priority == 7 && removed.chain == 5)
        try connection.remove(Chain(at: place, index: 5))
        guard case .chainRemoved(let gone) = try only(events).event else {
            Issue.record("no removal")
            return
        }
        #expect(gone.index == 5)

        // The first filter brings its chain.
        var shared = Qdisc(clsactOn: other)
        shared.ingressBlock = 21
        try connection.add(shared)
        _ = try read(events)
        try connection.add(Filter(at: .block(21), priority: 1, kind: MatchAllFilter()))
        let told = try read(events).map(\.event)
        #expect(told.contains { if case .filter(let filter) = $0 { filter.place == .block(21) } else { false } })
        #expect(told.allSatisfy { $0.link == nil })
    }

    @Test("actions come and go, one by one and all of a kind") func actions() throws {
        let events = try subscribe()
        try connection.add([5, 6, 7].map { Action(GenericAction(), control: .pass, index: $0) })
        let added = try read(events)
        guard case .actions(let actions) = added.first?.event else {
            Issue.record("\(added)")
            return
        }
        #expect(actions.map(\.index) == [5, 6, 7] && actions.allSatisfy { $0.kind.as(GenericAction.self) != nil })
        #expect(added.count == 1 && added.first?.event.link == nil)

        try connection.remove([ActionReference(kind: "gact", index: 6)])
        guard case .actionsRemoved(let removed) = try only(events).event else {
            Issue.record("no removal")
            return
        }
        #expect(removed.map(\.index) == [6])
        try connection.flushActions(kind: "gact")
        #expect(try only(events).event == .actionsFlushed(kind: "gact", count: 2))
    }

    @Test("a filter by link lets through what the link has, and what is shared; the kernel keeps the rest back")
    func filtered() throws {
        var shared = Qdisc(clsactOn: link)
        shared.ingressBlock = 21
        try connection.add(shared)
        // Enough room for a few only: what is not wanted would overflow it.
        let events = try BlockingTrafficControlEvents(
            RouteSubscription(
                [.trafficControl], receiveBufferByteCount: 4096, filter: RouteFilter(links: [link])),
            in: fixture.namespace)
        for _ in 0..<100 {
            try connection.replace(Qdisc(PFIFOQdisc(), on: other))
            try connection.remove(Qdisc(on: other))
        }
        try connection.replace(Qdisc(PFIFOQdisc(), on: link))
        try connection.add(Filter(at: .block(21), priority: 1, kind: MatchAllFilter()))
        let told = try read(events).map(\.event)
        #expect(told.contains { if case .qdisc(let qdisc) = $0 { qdisc.index == link } else { false } })
        #expect(told.contains { if case .filter(let filter) = $0 { filter.place == .block(21) } else { false } })
        #expect(told.allSatisfy { $0.link != other })
    }

    @Test("what is asked for by itself is told to listeners as if it had changed") func asked() throws {
        try connection.add(Qdisc(PFIFOQdisc(limit: 7), on: link, handle: TCHandle(3)))
        let events = try subscribe()
        let asked = try connection.qdisc(on: link)
        guard case .qdisc(let told) = try only(events).event else {
            Issue.record("another event")
            return
        }
        #expect(told.settings == asked.settings)
        _ = try connection.qdiscs(on: link)
        #expect(try read(events).isEmpty)
    }

    @Test("tasks are told too") func tasks() async throws {
        let events = try TrafficControlEvents(in: fixture.namespace)
        try connection.add(Qdisc(NetemQdisc(delay: .milliseconds(1)), on: link))
        for try await element in events {
            guard case .notification(let notification) = element, case .qdisc(let qdisc) = notification.event else {
                Issue.record("\(element)")
                break
            }
            #expect(qdisc.kind?.as(NetemQdisc.self)?.delay == .milliseconds(1))
            break
        }
    }
}
