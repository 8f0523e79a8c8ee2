// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkEvents
import NetlinkRoute
import NetlinkTC
import NetlinkTestSupport
import Testing

/// Traffic control in merged streams.
@Suite(.serialized, .enabled(if: TestEnvironment.has(.linkKind("dummy")), "links of kind dummy"))
struct TrafficControlIntegrationTests {
    let first: NamespaceFixture
    let second: NamespaceFixture

    init() throws {
        first = try NamespaceFixture()
        second = try NamespaceFixture()
        for fixture in [first, second] { for name in ["d0", "d1"] { try fixture.addLink(name, kind: "dummy") } }
    }

    /// What comes until nothing does, in short, with where it comes from.
    private func read(_ events: BlockingNetworkEvents) throws -> [String] {
        var told: [String] = []
        while let event = try events.next(timeout: .milliseconds(150)) {
            let place = event.namespace == first.namespace ? "first" : "second"
            switch event.kind {
            case .opened: break
            case .trafficControl(let notification):
                switch notification.event {
                case .qdisc(let qdisc): told.append("\(place) + \(qdisc.kind?.name ?? "?") \(qdisc.handle)")
                case .qdiscRemoved(let qdisc): told.append("\(place) - \(qdisc.kind?.name ?? "?") \(qdisc.handle)")
                case .trafficClass(let found): told.append("\(place) + class \(found.handle)")
                case .filter(let filter): told.append("\(place) + filter \(filter.kind?.name ?? "?")")
                case .filterRemoved(let filter): told.append("\(place) - filter \(filter.kind?.name ?? "?")")
                case .actions(let actions): told.append("\(place) + actions \(actions.count)")
                default: told.append("\(place) \(notification.event)")
                }
            case .route(let notification):
                if case .rule(let rule) = notification.event { told.append("\(place) rule \(rule.priority ?? 0)") }
            default: told.append("\(place) \(event.kind)")
            }
        }
        return told
    }

    @Test("traffic control comes typed in its turn among the other changes, with where it happened")
    func merged() throws {
        let events = try BlockingNetworkEvents(of: NamespaceScope([first.namespace, second.namespace]))
        _ = try read(events)
        let connection = try first.connect(RouteProtocol.self)
        let link = try first.index(of: "d0")
        try connection.add(Qdisc(HTBQdisc(), on: link, handle: TCHandle(1)))
        try connection.add(Rule(.ipv4, lookup: 100, priority: 5))
        try connection.add(
            TrafficClass(HTBClass(rate: .megabits(1)), on: link, handle: TCHandle(1, 1), parent: TCHandle(1)))
        let filter = Filter(at: .root(of: link), priority: 1, kind: MatchAllFilter())
        try connection.add(filter)
        try connection.add([Action(GenericAction(), control: .drop, index: 3)])
        let told = try read(events)
        #expect(
            told.filter { !$0.contains("chain") } == [
                "first + htb 1:", "first rule 5", "first + class 1:1", "first + filter matchall", "first + actions 1",
            ])
        try second.connect(RouteProtocol.self).add(
            Qdisc(PFIFOQdisc(), on: try second.index(of: "d0"), handle: TCHandle(7)))
        #expect(try read(events) == ["second + pfifo 7:"])
        try connection.remove(filter)
        try connection.remove(Qdisc(on: link))
        #expect(try read(events).contains("first - htb 1:"))
    }

    @Test("a filter by link holds for traffic control too") func filtered() throws {
        let link = try first.index(of: "d1")
        let events = try BlockingNetworkEvents(
            RouteSubscription(RouteGroup.merged, filter: RouteFilter(links: [link])), of: .one(first.namespace))
        let connection = try first.connect(RouteProtocol.self)
        for (name, handle) in [("d0", 1), ("d1", 2)] as [(String, UInt16)] {
            try connection.add(Qdisc(PFIFOQdisc(), on: try first.index(of: name), handle: TCHandle(handle)))
        }
        #expect(try read(events).filter { $0.contains("pfifo") } == ["first + pfifo 2:"])
    }

    @Test("only the groups asked for are told") func groups() throws {
        let events = try BlockingNetworkEvents(RouteSubscription([.ipv4Rule]), of: .one(first.namespace))
        let connection = try first.connect(RouteProtocol.self)
        try connection.add(Qdisc(PFIFOQdisc(), on: try first.index(of: "d0"), handle: TCHandle(1)))
        try connection.add(Rule(.ipv4, lookup: 100, priority: 5))
        #expect(try read(events) == ["first rule 5"])
    }
}
