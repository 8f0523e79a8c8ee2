// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTC
import NetlinkTestSupport
import Testing

@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct QdiscIntegrationTests {
    let fixture: NamespaceFixture
    let connection: BlockingRouteConnection
    let link: InterfaceIndex

    init() throws {
        fixture = try NamespaceFixture()
        connection = try fixture.connect()
        try fixture.addLink("d0", kind: "dummy")
        try fixture.setUp("d0")
        link = try fixture.index(of: "d0")
    }

    /// Adds it, reads it, adds what was read in its place, and reads the same again.
    @discardableResult
    private func expectRoundTrip<Kind: QdiscKind>(
        _ kind: Kind, _ change: (inout Qdisc) -> Void = { _ in }, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Kind {
        var wanted = Qdisc(kind, on: link, handle: TCHandle(7))
        change(&wanted)
        try connection.add(wanted)
        let first = try connection.qdisc(on: link)
        #expect(first.handle == TCHandle(7) && first.parent == .root && first.index == link)
        #expect(first.unknown.isEmpty, "\(first.unknown)", sourceLocation: sourceLocation)
        try connection.remove(Qdisc(on: link))
        try connection.add(first.settings)
        let second = try connection.qdisc(on: link)
        #expect(second.settings == first.settings, sourceLocation: sourceLocation)
        try connection.remove(Qdisc(on: link))
        return try #require(first.kind?.as(Kind.self), sourceLocation: sourceLocation)
    }

    @Test("every option of netem is kept by the kernel, and what was read can be added again")
    func netem() throws {
        var netem = NetemQdisc(delay: .milliseconds(100), jitter: .microseconds(1500))
        netem.limit = 99
        netem.delayCorrelation = Percentage(25)
        netem.loss = .random(Percentage(1), correlation: Percentage(2))
        netem.marksECN = true
        netem.duplication = Percentage(3)
        netem.duplicationCorrelation = Percentage(4)
        netem.reordering = Percentage(5)
        netem.reorderingCorrelation = Percentage(6)
        netem.gap = 3
        netem.corruption = Percentage(7)
        netem.corruptionCorrelation = Percentage(8)
        netem.rate = NetemRate(.gigabits(50), packetOverhead: -20, cellSize: 100, cellOverhead: 5)
        netem.slot = NetemSlot(from: .microseconds(800), to: .milliseconds(1), packetCount: 5, byteCount: 6)
        netem.seed = 42
        #expect(try expectRoundTrip(netem) == netem)
        netem.loss = .states(NetemLossStates(p13: Percentage(10), p31: Percentage(90), p32: Percentage(5)))
        netem.slot = NetemSlot(mean: .microseconds(800), jitter: .microseconds(10), packetCount: 3)
        netem.slotDistribution = .pareto
        netem.delayDistribution = .normal
        var told = netem
        told.slotDistribution = nil
        told.delayDistribution = nil
        #expect(try expectRoundTrip(netem) == told)
        netem.loss = .gilbertElliott(
            NetemGilbertElliott(p: Percentage(1), r: Percentage(10), h: Percentage(70), k1: Percentage(0.1)))
        told.loss = netem.loss
        #expect(try expectRoundTrip(netem) == told)
    }

    @Test("an update of netem from what was read takes away what is not set any more") func netemUpdate() throws {
        var netem = NetemQdisc(delay: .milliseconds(100), jitter: .milliseconds(1))
        netem.delayCorrelation = Percentage(25)
        netem.loss = .random(Percentage(1), correlation: Percentage(2))
        netem.marksECN = true
        netem.duplication = Percentage(3)
        netem.duplicationCorrelation = Percentage(4)
        netem.reordering = Percentage(5)
        netem.gap = 3
        netem.corruption = Percentage(7)
        netem.corruptionCorrelation = Percentage(8)
        netem.rate = NetemRate(.gigabits(50), packetOverhead: -20)
        netem.slot = NetemSlot(from: .microseconds(800), to: .milliseconds(1))
        try connection.add(Qdisc(netem, on: link, handle: TCHandle(1)))
        let before = try connection.qdisc(on: link).settings
        var after = before
        after.kind = AnyQdiscKind(NetemQdisc(delay: .milliseconds(2)))
        try connection.update(after, from: before)
        var read = try #require(try connection.qdisc(on: link).kind?.as(NetemQdisc.self))
        // The kernel chooses another.
        read.seed = nil
        if read.slot == NetemSlot(from: .zero, to: .zero) { read.slot = nil }
        #expect(read == NetemQdisc(delay: .milliseconds(2)))
    }

    @Test("every option of the shapers is kept by the kernel, and what was read can be added again")
    func shapers() throws {
        var tbf = TBFQdisc(rate: .gigabits(50), burst: 1_000_000, limit: 2_000_000)
        tbf.rate.overhead = 24
        tbf.rate.minimumPacketSize = 64
        tbf.rate.linkLayer = .atm
        tbf.peakRate = tbf.rate
        tbf.peakRate?.rate = .gigabits(60)
        tbf.peakBurst = .bytes(9000)
        let read = try expectRoundTrip(tbf)
        #expect(read.rate.rate == .gigabits(50) && read.peakRate?.rate == .gigabits(60) && read.limit == 2_000_000)
        #expect(read.rate.overhead == 24 && read.rate.minimumPacketSize == 64 && read.rate.linkLayer == .atm)
        // The bytes that the cells take.
        #expect(read.burst.bytes(at: read.rate.rate).rawValue / 1000 == 1000 * 53 / 48)
        var htb = HTBQdisc(defaultClass: 0x10, rateToQuantum: 20)
        htb.directQueueLength = 7
        let hierarchy = try expectRoundTrip(htb)
        #expect(hierarchy.defaultClass == 0x10 && hierarchy.rateToQuantum == 20 && hierarchy.directQueueLength == 7)
    }

    @Test("every option of fq_codel is kept by the kernel, and what was read can be added again")
    func fairQueue() throws {
        var queue = FQCodelQdisc()
        queue.limit = 100
        queue.flowCount = 20
        queue.quantum = 300
        queue.target = 5120
        queue.interval = 51_200
        queue.marksECN = false
        queue.markThreshold = 1024
        queue.markSelector = 1
        queue.markMask = 3
        queue.dropBatch = 10
        queue.memoryLimit = 1 << 20
        let read = try expectRoundTrip(queue)
        #expect(read.limit == 100 && read.flowCount == 20 && read.quantum == 300 && read.marksECN == false)
        #expect(read.markSelector == 1 && read.markMask == 3 && read.dropBatch == 10 && read.memoryLimit == 1 << 20)
        // Kept in units of 1024 ns.
        #expect((5118...5120).contains(read.target ?? 0) && (51_198...51_200).contains(read.interval ?? 0))
        #expect((1022...1024).contains(read.markThreshold ?? 0))
    }

    @Test("the simple kinds are kept by the kernel, and what was read can be added again")
    func simple() throws {
        #expect(try expectRoundTrip(PFIFOQdisc(limit: 5)).limit == 5)
        #expect(try expectRoundTrip(BFIFOQdisc(limit: 5000)).limit == 5000)
        #expect(try expectRoundTrip(PFIFOHeadDropQdisc(limit: 6)).limit == 6)
        #expect(try expectRoundTrip(PFIFOFastQdisc()).bands == PriorityBands())
        let bands = PriorityBands(count: 4, map: [3, 2, 1, 0, 1, 2, 3, 0, 1, 1, 1, 1, 1, 1, 1, 1])
        #expect(try expectRoundTrip(PrioQdisc(bands: bands)).bands == bands)
        _ = try expectRoundTrip(NoQueueQdisc())
    }

    @Test("size tables are kept by the kernel, and what was read can be added again")
    func sizeTables() throws {
        let table = SizeTable(linkLayer: .atm, overhead: -10, minimumPacketSize: 64, mtu: 4000, entryCount: 128)
        try expectRoundTrip(PFIFOQdisc(limit: 5)) { $0.sizeTable = table }
        try connection.add(Qdisc(PFIFOQdisc(), on: link).with { $0.sizeTable = table })
        var told = table
        told.entries = []
        #expect(try connection.qdisc(on: link).sizeTable == told)
    }

    @Test("an estimator makes the kernel measure a rate") func estimator() throws {
        var qdisc = Qdisc(PFIFOQdisc(), on: link)
        #expect(try state(of: qdisc)?.statistics?.rate == nil)
        try connection.remove(Qdisc(on: link))
        qdisc.estimator = RateEstimator(interval: .milliseconds(250), timeConstant: .seconds(1))
        #expect(try state(of: qdisc)?.statistics?.rate != nil)
    }

    private func state(of qdisc: Qdisc) throws -> QdiscState? {
        try connection.add(qdisc)
        return try connection.qdisc(on: link).state
    }

    @Test("a hook for filters shares its blocks with others") func blocks() throws {
        var hook = Qdisc(clsactOn: link)
        hook.ingressBlock = 5
        hook.egressBlock = 6
        try connection.add(hook)
        let read = try #require(try connection.qdiscs(on: link).first { $0.kind?.name == "clsact" })
        #expect(read.settings == hook)
        try connection.remove(hook)
        try connection.add(Qdisc(ingressOn: link))
        #expect(try connection.qdiscs(on: link).contains { $0.settings == Qdisc(ingressOn: link) })
        #expect(throws: NetlinkError.self) { try connection.add(Qdisc(ingressOn: link)) }
    }

    @Test("a change from what was read leaves the rest as it is") func update() throws {
        var queue = FQCodelQdisc()
        queue.limit = 100
        queue.quantum = 300
        try connection.add(Qdisc(queue, on: link, handle: TCHandle(1)))
        let before = try connection.qdisc(on: link)
        var after = before.settings
        queue = try #require(after.kind?.as(FQCodelQdisc.self))
        queue.quantum = 400
        after.kind = AnyQdiscKind(queue)
        try connection.update(after, from: before.settings)
        let read = try #require(try connection.qdisc(on: link).kind?.as(FQCodelQdisc.self))
        #expect(read.limit == 100 && read.quantum == 400)
    }

    @Test("what netem is no longer to do, it does no longer") func netemStops() throws {
        var netem = NetemQdisc(delay: .milliseconds(1), jitter: .microseconds(10))
        netem.delayCorrelation = Percentage(20)
        netem.loss = .random(Percentage(1), correlation: Percentage(2))
        netem.corruption = Percentage(1)
        netem.rate = NetemRate(.megabits(1))
        netem.marksECN = true
        netem.seed = 1
        try connection.add(Qdisc(netem, on: link, handle: TCHandle(1)))
        let before = try connection.qdisc(on: link).settings
        var wanted = NetemQdisc()
        wanted.seed = 1
        try connection.update(Qdisc(wanted, on: link, handle: TCHandle(1)), from: before)
        #expect(try connection.qdisc(on: link).kind?.as(NetemQdisc.self) == wanted)
    }

    @Test("a kind takes another's place in one step; a missing one is not found") func replace() throws {
        try connection.add(Qdisc(PFIFOQdisc(), on: link, handle: TCHandle(1)))
        let error = #expect(throws: NetlinkError.self) { try connection.add(Qdisc(PFIFOQdisc(limit: 3), on: link)) }
        #expect(error?.isExisting == true)
        try connection.replace(Qdisc(BFIFOQdisc(limit: 9), on: link, handle: TCHandle(2)))
        #expect(try connection.qdisc(on: link).kind?.as(BFIFOQdisc.self)?.limit == 9)
        try connection.remove(Qdisc(on: link))
        #expect(throws: NetlinkError.self) { try connection.remove(Qdisc(on: link)) }
    }

    @Test("a link's queues are classes of mq, and hidden ones are listed when asked for") func queues() throws {
        let pair = Link(name: "m0", kind: DummyLink())
        var link = pair
        link.transmitQueueCount = 3
        try connection.add(link)
        let index = try fixture.index(of: "m0")
        try connection.add(Qdisc(MQQdisc(), on: index, handle: TCHandle(1)))
        #expect(try connection.classes(on: index).map(\.handle.minor).sorted() == [1, 2, 3])
        try connection.replace(Qdisc(PFIFOQdisc(limit: 3), on: index, parent: TCHandle(1, 2), handle: TCHandle(12)))
        let leaf = try connection.query(ClassQuery(TCHandle(1, 2), on: index))
        #expect(leaf.state?.leaf == TCHandle(12) && leaf.kind?.name == "mq")
        var dump = QdiscDump(on: index)
        dump.includesInvisible = true
        #expect(try connection.dump(dump).count >= connection.qdiscs(on: index).count)
    }

    @Test("classes of htb are kept by the kernel, and what was read can be added again") func classes() throws {
        try connection.add(Qdisc(HTBQdisc(), on: link, handle: TCHandle(1)))
        var htb = HTBClass(rate: .gigabits(40), ceiling: .gigabits(100))
        htb.rate.overhead = 24
        htb.rate.minimumPacketSize = 64
        htb.ceiling.overhead = 24
        htb.burst = .bytes(20_000)
        htb.ceilingBurst = .bytes(30_000)
        htb.priority = 3
        htb.quantum = 3000
        let wanted = TrafficClass(htb, on: link, handle: TCHandle(1, 0x10), parent: TCHandle(1))
        try connection.add(wanted)
        let first = try #require(try connection.classes(on: link).first)
        let read = try #require(first.kind?.as(HTBClass.self))
        #expect(read.rate.rate == .gigabits(40) && read.ceiling.rate == .gigabits(100) && read.level == 0)
        #expect(read.priority == 3 && read.quantum == 3000 && read.rate.overhead == 24)
        #expect(first.handle == TCHandle(1, 0x10) && first.parent == .root && first.unknown.isEmpty)
        try connection.remove(first)
        #expect(try connection.classes(on: link).isEmpty)
        try connection.add(first.settings)
        #expect(try connection.classes(on: link).first?.settings == first.settings)
        htb.priority = 5
        try connection.update(TrafficClass(htb, on: link, handle: TCHandle(1, 0x10), parent: TCHandle(1)))
        #expect(try connection.classes(on: link).first?.kind?.as(HTBClass.self)?.priority == 5)
        #expect(try connection.classes(on: link, of: TCHandle(2)).isEmpty)
    }

    @Test("a change of a queueing discipline is told to who listens") func events() throws {
        let events = try BlockingRouteEvents(RouteSubscription([.trafficControl]), in: fixture.namespace)
        try connection.add(Qdisc(PFIFOQdisc(limit: 5), on: link, handle: TCHandle(1)))
        var types: [RouteMessageType] = []
        while let element = try events.next(timeout: .milliseconds(200)) {
            if case .notification(let notification) = element, case .other(let type, _) = notification.event {
                types.append(type)
            }
        }
        #expect(types.contains(.newQdisc))
    }
}

extension Qdisc {
    func with(_ change: (inout Qdisc) -> Void) -> Qdisc {
        var copy = self
        change(&copy)
        return copy
    }
}
