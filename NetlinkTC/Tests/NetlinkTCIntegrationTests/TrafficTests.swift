// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTC
import NetlinkTestSupport
import Testing

/// Packets between two namespaces obey.
@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct TrafficTests {
    let left: NamespaceFixture
    let right: NamespaceFixture
    let connection: BlockingRouteConnection
    let peer: BlockingRouteConnection
    let link: InterfaceIndex

    init() throws {
        left = try NamespaceFixture()
        right = try NamespaceFixture()
        try left.addVeth("v0", "v1", in: right)
        connection = try left.connect()
        peer = try right.connect()
        link = try left.index(of: "v0")
        try connection.add(Address("10.7.0.1/24", on: link))
        try peer.add(Address("10.7.0.2/24", on: try right.index(of: "v1")))
        // Neighbours are known from here on, so that only the packets meant are sent.
        for _ in 0..<20 where try connect() > .milliseconds(50) {}
    }

    private func shell(_ script: String) throws {
        let command = NamespaceCommand("/bin/bash", ["-c", script])
        _ = try left.handle.spawn(command).wait(timeout: .seconds(60))
    }

    /// How long it takes to be told that nobody listens there: a packet there and one back.
    private func connect() throws -> Duration {
        let clock = ContinuousClock()
        let start = clock.now
        try shell("exec 2> /dev/null; : > /dev/tcp/10.7.0.2/9")
        return clock.now - start
    }

    private func received() throws -> (packets: UInt64, bytes: UInt64) {
        let statistics = try #require(try peer.link("v1").state.statistics)
        return (statistics.receivedPackets, statistics.receivedBytes)
    }

    private func send(_ count: Int, size: Int) throws {
        try shell("for ((i = 0; i < \(count); i++)); do printf '%\(size)s' x > /dev/udp/10.7.0.2/9; done 2> /dev/null")
    }

    @Test("netem delays what is sent") func delay() throws {
        let before = try connect()
        try connection.replace(Qdisc(NetemQdisc(delay: .milliseconds(300)), on: link))
        let delayed = try connect()
        #expect(delayed > .milliseconds(300), "\(before) before, \(delayed) with a delay of 300 ms")
        #expect(delayed < .seconds(3))
        try connection.remove(Qdisc(on: link))
        // A busy machine may take as long by itself, but not each time.
        #expect(try (0..<10).contains { _ in try connect() < .milliseconds(300) })
    }

    @Test("netem loses what it is told to lose") func loss() throws {
        var netem = NetemQdisc()
        netem.loss = .random(Percentage(50))
        netem.seed = 1
        try connection.replace(Qdisc(netem, on: link, handle: TCHandle(1)))
        let before = try received().packets
        try send(200, size: 10)
        let arrived = try received().packets - before
        #expect((60...140).contains(arrived), "\(arrived) of 200 packets arrived")
        let queue = try #require(try connection.qdisc(on: link).state?.statistics?.queue)
        #expect(UInt64(queue.drops) + arrived >= 195 && queue.drops > 50)
        netem.loss = .random(.whole)
        try connection.replace(Qdisc(netem, on: link, handle: TCHandle(1)))
        let then = try received().packets
        try send(20, size: 10)
        #expect(try received().packets - then <= 2)
    }

    @Test("a ceiling of htb holds, and lets that much pass") func ceiling() throws {
        try connection.add(Qdisc(HTBQdisc(defaultClass: 0x10), on: link, handle: TCHandle(1)))
        var whole = HTBClass(rate: .megabits(8))
        whole.burst = .bytes(8000)
        try connection.add(TrafficClass(whole, on: link, handle: TCHandle(1, 1), parent: TCHandle(1)))
        var part = HTBClass(rate: .kilobits(80), ceiling: .kilobits(800))
        part.burst = .bytes(4000)
        part.ceilingBurst = .bytes(4000)
        try connection.add(TrafficClass(part, on: link, handle: TCHandle(1, 0x10), parent: TCHandle(1, 1)))
        try connection.add(Qdisc(PFIFOQdisc(limit: 1000), on: link, parent: TCHandle(1, 0x10), handle: TCHandle(2)))
        let clock = ContinuousClock()
        let before = try received().bytes
        let start = clock.now
        try send(400, size: 1000)
        // 400 kB take 4 seconds at 100 kB/s; after three, three quarters have come.
        while clock.now - start < .seconds(3) { try shell("sleep 0.1") }
        let bytes = Double(try received().bytes - before)
        let elapsed = Double((clock.now - start).wholeMicroseconds) / 1_000_000
        let most = 100_000 * elapsed + 4000 + 3000
        #expect(bytes <= most, "\(bytes) bytes in \(elapsed) s")
        // Its own rate is a tenth of that: it borrows.
        #expect(bytes >= min(400_000, 100_000 * elapsed) * 0.6, "\(bytes) bytes in \(elapsed) s")
        let found = try #require(try connection.classes(on: link).first { $0.handle == TCHandle(1, 0x10) })
        let counted = try #require(found.state?.statistics)
        #expect(found.state?.leaf == TCHandle(2) && counted.basic?.bytes ?? 0 > 100_000)
        #expect(counted.queue?.overlimits ?? 0 > 0)
        #expect(counted.of(HTBClassStatistics.self)?.borrows ?? 0 > 50)
    }

    @Test("fq_codel tells what it has counted, and its flows as classes") func flows() throws {
        try connection.add(Qdisc(HTBQdisc(defaultClass: 1), on: link, handle: TCHandle(1)))
        let slow = HTBClass(rate: .kilobits(80))
        try connection.add(TrafficClass(slow, on: link, handle: TCHandle(1, 1), parent: TCHandle(1)))
        try connection.add(Qdisc(FQCodelQdisc(), on: link, parent: TCHandle(1, 1), handle: TCHandle(2)))
        try send(20, size: 500)
        let found = try connection.qdiscs(on: link).first { $0.handle == TCHandle(2) }
        let statistics = try #require(found?.state?.statistics)
        #expect(statistics.queue?.length ?? 0 > 5)
        let counted = try #require(statistics.of(FQCodelStatistics.self))
        #expect(counted.newFlows > 0 && counted.newFlowLength + counted.oldFlowLength > 0, "\(counted)")
        #expect(statistics.of(FQCodelFlowStatistics.self) == nil)
        let flows = try connection.classes(on: link, of: TCHandle(2)).compactMap(\.state?.statistics)
        #expect(flows.contains { $0.of(FQCodelFlowStatistics.self) != nil && $0.queue?.length ?? 0 > 0 })
    }
}
