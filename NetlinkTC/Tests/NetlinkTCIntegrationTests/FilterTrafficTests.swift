// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTC
import NetlinkTestSupport
import Testing

/// What filters and actions do to packets between namespaces.
@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct FilterTrafficTests {
    let left: NamespaceFixture
    let middle: NamespaceFixture
    let right: NamespaceFixture
    let connection: BlockingRouteConnection
    let inner: BlockingRouteConnection
    let link: InterfaceIndex

    /// `left` v0 – v1 `middle` w0 – w1 `right`.
    init() throws {
        left = try NamespaceFixture()
        middle = try NamespaceFixture()
        right = try NamespaceFixture()
        try left.addVeth("v0", "v1", in: middle)
        try middle.addVeth("w0", "w1", in: right)
        connection = try left.connect()
        inner = try middle.connect()
        link = try left.index(of: "v0")
        try connection.add(Address("10.8.0.1/24", on: link))
        let peer = try #require(try inner.link("v1").address)
        try inner.add(Address("10.8.0.2/24", on: try middle.index(of: "v1")))
        try connection.add(Neighbor(.v4(IPv4Address(10, 8, 0, 2)), at: peer, on: link))
    }

    /// Sends packets of a size from left to the middle, to a port where nobody listens.
    private func send(_ count: Int, size: Int = 100, port: Int = 9) throws {
        let script = "for ((i = 0; i < \(count); i++)); do printf '%\(size)s' x > /dev/udp/10.8.0.2/\(port); done"
        let command = NamespaceCommand("/bin/bash", ["-c", script + " 2> /dev/null"])
        _ = try left.handle.spawn(command).wait(timeout: .seconds(60))
    }

    private func received(_ name: String, in fixture: NamespaceFixture) throws -> UInt64 {
        let connection: BlockingRouteConnection = try fixture.connect()
        return try #require(try connection.link(.name(name)).state.statistics).receivedPackets
    }

    @Test("a redirection sends packets on to the third namespace") func redirection() throws {
        let target = try middle.index(of: "w0")
        let incoming = try middle.index(of: "v1")
        try inner.add(Qdisc(clsactOn: incoming))
        let before = try received("w1", in: right)
        try send(5)
        #expect(try received("w1", in: right) - before < 5)
        let key = U32Key(half: 9, mask: .max, at: 22)
        try inner.add(
            Filter(
                at: .ingress(of: incoming), protocolType: .ipv4,
                kind: U32Filter(
                    U32Key.destination("10.8.0.2/32") + [key],
                    actions: [Action(MirredAction(.egressRedirect, to: target))])))
        let then = try received("w1", in: right)
        try send(20)
        try send(20, port: 10)
        let arrived = try received("w1", in: right) - then
        #expect((20..<30).contains(arrived), "\(arrived) packets arrived")
        let filter = try #require(
            try inner.filters(at: .ingress(of: incoming)).first { $0.kind?.as(U32Filter.self)?.selector != nil })
        let kind = try #require(filter.kind?.as(U32Filter.self))
        #expect(kind.counters?.found == 20)
        #expect(kind.actions.first?.state.statistics?.basic?.packets == 20)
        #expect(kind.actions.first?.state.times?.firstUsed != nil)
    }

    @Test("a mirror sends copies and lets the packets pass") func mirror() throws {
        let target = try middle.index(of: "w0")
        try connection.add(Qdisc(clsactOn: link))
        try inner.add(Qdisc(clsactOn: try middle.index(of: "v1")))
        try inner.add(
            Filter(
                at: .ingress(of: try middle.index(of: "v1")), protocolType: .ipv4,
                kind: MatchAllFilter(actions: [
                    Action(MirredAction(.egressMirror, to: target)), Action(GenericAction(), control: .pass),
                ])))
        let before = try received("w1", in: right)
        try send(20)
        #expect(try received("w1", in: right) - before >= 20)
        let filter = try #require(try inner.filters(at: .ingress(of: try middle.index(of: "v1"))).first)
        let actions = try #require(filter.kind?.as(MatchAllFilter.self)?.actions)
        #expect(actions.map { $0.state.statistics?.basic?.packets } == [20, 20])
    }

    @Test("a policer drops what is above the rate") func police() throws {
        try connection.add(Qdisc(clsactOn: link))
        // Eight kilobits a second and a burst of three packets.
        try connection.add(
            Filter(
                at: .egress(of: link), protocolType: .ipv4,
                kind: MatchAllFilter(actions: [
                    Action(PoliceAction(rate: .kilobits(8), burst: 3500), control: .drop)
                ])))
        let before = try received("v1", in: middle)
        try send(40, size: 1000)
        let arrived = try received("v1", in: middle) - before
        #expect((1...20).contains(arrived), "\(arrived) of 40 packets arrived")
        let filter = try #require(try connection.filters(at: .egress(of: link)).first)
        let statistics = try #require(filter.kind?.as(MatchAllFilter.self)?.actions.first?.state.statistics)
        #expect(UInt64(statistics.queue?.drops ?? 0) >= 20)
        #expect(statistics.basic?.packets == 40)
        #expect(statistics.queue?.overlimits ?? 0 >= 20)
    }

    /// What the first action of the first filter at a place has counted.
    private func counted(at place: FilterPlace) throws -> TCStatistics {
        let filter = try #require(try connection.filters(at: place).first)
        return try #require(filter.kind?.as(MatchAllFilter.self)?.actions.first?.state.statistics)
    }

    @Test("packets are policed too, and a verdict drops all") func packetsAndVerdicts() throws {
        try connection.add(Qdisc(clsactOn: link))
        let place = FilterPlace.egress(of: link)
        try connection.add(
            Filter(
                at: place, priority: 5, protocolType: .ipv4,
                kind: MatchAllFilter(actions: [Action(PoliceAction(packetRate: 4, packetBurst: 8), control: .drop)])))
        // The bucket is empty at first: after two seconds it is full.
        _ = try left.handle.spawn(NamespaceCommand("/bin/sleep", ["2.5"])).wait(timeout: .seconds(60))
        let clock = ContinuousClock()
        let start = clock.now
        try send(40)
        let most = 8 + 1 + UInt64((clock.now - start) / .milliseconds(250))
        let policed = try counted(at: place)
        #expect(policed.basic?.packets == 40)
        let passed = 40 - UInt64(policed.queue?.drops ?? 0)
        #expect((8...most).contains(passed), "\(passed) of 40 packets passed, not 8 to \(most)")
        try connection.remove(FilterSelection(at: place))
        try connection.add(
            Filter(
                at: place, protocolType: .ipv4,
                kind: MatchAllFilter(actions: [Action(GenericAction(), control: .drop)])))
        // The receiver also counts what other protocols send by themselves.
        let before = try received("v1", in: middle)
        try send(20)
        #expect(try counted(at: place).queue?.drops == 20)
        #expect(try received("v1", in: middle) - before < 20)
    }
}
