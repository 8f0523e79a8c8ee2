// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import Testing

@testable import NetlinkTC

/// A command line of tc, and what means the same here.
struct Example: Sendable, CustomTestStringConvertible {
    var words: String
    var command: SetQdisc
    /// The length of what stands in front of the attributes of the options.
    var prefix: Int
    /// Whether what tc sends reads back as the same value.
    var isReadBack: Bool

    init(
        _ words: String, _ kind: some QdiscKind, mode: SetQdisc.Mode = .replace, prefix: Int = 0,
        isReadBack: Bool = true,
        _ change: (inout Qdisc) -> Void = { _ in }
    ) {
        self.words = words
        var qdisc = Qdisc(kind, on: 19, parent: .root, handle: TCHandle(1))
        change(&qdisc)
        command = SetQdisc(qdisc, mode: mode)
        self.prefix = prefix
        self.isReadBack = isReadBack
    }

    var testDescription: String { words }
}

func netem(_ change: (inout NetemQdisc) -> Void) -> NetemQdisc {
    var netem = NetemQdisc()
    change(&netem)
    return netem
}

@Suite("Queueing disciplines beside tc's bytes") struct QdiscBytesTests {
    static let examples: [Example] =
        netemExamples + [
            Example("replace fq_codel", FQCodelQdisc()),
            Example(
                "replace fq_codel limit 100 flows 20 target 5ms interval 50ms quantum 300 ecn ce_threshold 1ms memory_limit 1m drop_batch 10",
                FQCodelQdisc().with {
                    $0.limit = 100
                    $0.flowCount = 20
                    $0.target = 5000
                    $0.interval = 50_000
                    $0.quantum = 300
                    $0.marksECN = true
                    $0.markThreshold = 1000
                    $0.memoryLimit = 1 << 20
                    $0.dropBatch = 10
                }),
            Example(
                "replace fq_codel noecn ce_threshold_selector 0x1/0x3",
                FQCodelQdisc().with {
                    $0.marksECN = false
                    $0.markSelector = 1
                    $0.markMask = 3
                }),
            Example(
                "replace prio bands 4 priomap 3 2 1",
                PrioQdisc(bands: PriorityBands(count: 4, map: [3, 2, 1, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1])),
                prefix: 20),
            Example("replace pfifo", PFIFOQdisc()),
            Example("replace pfifo limit 5", PFIFOQdisc(limit: 5), prefix: 4),
            Example("qdisc change dev d0 root handle 1: pfifo limit 3", PFIFOQdisc(limit: 3), mode: .change, prefix: 4),
            Example("replace bfifo limit 5k", BFIFOQdisc(limit: 5120), prefix: 4),
            Example("replace pfifo_head_drop limit 7", PFIFOHeadDropQdisc(limit: 7), prefix: 4),
            Example("replace pfifo_fast", PFIFOFastQdisc()),
            Example("qdisc add dev d0 ingress", IngressQdisc(), mode: .add) { $0 = Qdisc(ingressOn: 19) },
            Example("qdisc add dev d0 ingress_block 5 egress_block 6 clsact", ClsactQdisc(), mode: .add) {
                $0 = Qdisc(clsactOn: 19)
                $0.ingressBlock = 5
                $0.egressBlock = 6
            },
            Example("replace estimator 1s 8s pfifo", PFIFOQdisc()) {
                $0.estimator = RateEstimator(interval: .seconds(1), timeConstant: .seconds(8))
            },
            Example("replace stab overhead -20 pfifo", PFIFOQdisc()) { $0.sizeTable = SizeTable(overhead: -20) },
            Example("replace stab linklayer atm mpu 64 mtu 4000 tsize 64 overhead 10 pfifo", PFIFOQdisc()) {
                $0.sizeTable = SizeTable(
                    linkLayer: .atm, overhead: 10, minimumPacketSize: 64, mtu: 4000, entryCount: 64)
            },
            Example(
                "replace tbf rate 1mbit burst 10k latency 50ms",
                TBFQdisc(rate: .megabits(1), burst: 10_240, latency: .milliseconds(50)), isReadBack: false),
            Example(
                "replace tbf rate 5gbit burst 10m/8 limit 20m peakrate 6gbit mtu 1500/16 mpu 64 overhead 20 linklayer atm",
                TBFQdisc(rate: .gigabits(5), burst: 10_485_760, limit: 20 << 20).with {
                    $0.rate = RateSpecification(
                        .gigabits(5), linkLayer: .atm, overhead: 20, minimumPacketSize: 64)
                    $0.peakRate = RateSpecification(
                        .gigabits(6), linkLayer: .atm, overhead: 20, minimumPacketSize: 64)
                    $0.peakBurst = .bytes(1500)
                    $0.maximumPacketSize = 1500
                    $0.rateCellLog = 3
                    $0.peakCellLog = 4
                }, isReadBack: false),
            Example(
                "replace htb default 10 r2q 20 direct_qlen 7 offload",
                HTBQdisc(defaultClass: 0x10, rateToQuantum: 20).with {
                    $0.directQueueLength = 7
                    $0.isOffloaded = true
                }),
            Example("replace htb default 10", HTBQdisc(defaultClass: 0x10)),
        ]

    static let netemExamples: [Example] = [
        Example("add netem", NetemQdisc(), mode: .add, prefix: 24),
        Example(
            "replace netem delay 100ms 10ms 25%",
            netem {
                $0.delay = .milliseconds(100)
                $0.jitter = .milliseconds(10)
                $0.delayCorrelation = Percentage(25)
            }, prefix: 24),
        Example(
            "replace netem duplicate 5 loss random 10% 20 ecn",
            netem {
                $0.duplication = Percentage(5)
                $0.loss = .random(Percentage(10), correlation: Percentage(20))
                $0.marksECN = true
            }, prefix: 24),
        Example(
            "replace netem loss gemodel 1% 10% 70% 0.1%",
            netem {
                let h = Percentage(70).rest
                $0.loss = .gilbertElliott(
                    NetemGilbertElliott(p: Percentage(1), r: Percentage(10), h: h, k1: Percentage(0.1)))
            }, prefix: 24),
        Example(
            "replace netem loss state 10 90 5 50 20",
            netem {
                $0.loss = .states(
                    NetemLossStates(
                        p13: Percentage(10), p31: Percentage(90), p32: Percentage(5), p23: Percentage(50),
                        p14: Percentage(20)))
            }, prefix: 24),
        Example(
            "replace netem rate 50gbit 20 100 5",
            netem { $0.rate = NetemRate(.gigabits(50), packetOverhead: 20, cellSize: 100, cellOverhead: 5) }, prefix: 24
        ),
        Example(
            "replace netem rate 1mbit -20", netem { $0.rate = NetemRate(.megabits(1), packetOverhead: -20) }, prefix: 24
        ),
        Example(
            "replace netem slot 800us 1ms packets 5 bytes 64k",
            netem {
                $0.slot = NetemSlot(
                    from: .microseconds(800), to: .milliseconds(1), packetCount: 5, byteCount: 65_536)
            }, prefix: 24),
        Example(
            "replace netem reorder 25% 50% delay 10ms gap 5 corrupt 1 2 seed 99",
            netem {
                $0.delay = .milliseconds(10)
                $0.reordering = Percentage(25)
                $0.reorderingCorrelation = Percentage(50)
                $0.gap = 5
                $0.corruption = Percentage(1)
                $0.corruptionCorrelation = Percentage(2)
                $0.seed = 99
            }, prefix: 24),
    ]

    @Test("a queueing discipline is sent as tc sends it", arguments: examples)
    func encodes(_ example: Example) throws {
        let wanted = CapturedRequests.bytes(example.words)
        try #require(!wanted.isEmpty)
        let sent = try RequestBytes(try example.command.messageBytes(), prefix: example.prefix)
        var expected = try RequestBytes(wanted, prefix: example.prefix)
        // An empty nest that tc adds for kernels of long ago.
        if example.command.qdisc.kind?.name == "prio" { expected.options.removeAll { $0 == [2] } }
        #expect(sent == expected, "\(sent)\n\(expected)")
    }

    @Test("what tc sends is read as the same", arguments: examples.filter(\.isReadBack))
    func decodes(_ example: Example) throws {
        let read = try #require(try CapturedRequests.bytes(example.words).qdisc())
        #expect(read.settings == example.command.qdisc)
    }

    @Test("a message cut anywhere is an error or another value, never a trap", arguments: examples)
    func truncations(_ example: Example) throws {
        let whole = CapturedRequests.bytes(example.words)
        var errors = 0
        for count in stride(from: 16, to: whole.count, by: whole.count > 1000 ? 7 : 1) {
            do { _ = try whole.cut(to: count).qdisc() } catch { errors += 1 }
        }
        #expect(errors > 0)
    }

    @Test("removing names the link, the place and the handle") func removes() throws {
        let sent = try RequestBytes(try RemoveQdisc(Qdisc(ingressOn: 19)).messageBytes())
        #expect(sent == (try RequestBytes(CapturedRequests.bytes("qdisc del dev d0 ingress"))))
    }

    @Test("a kind that nobody knows is kept, and goes back") func unknownKind() throws {
        let kind = AnyQdiscKind(name: "nosuch", data: [4, 0, 1, 0, 8, 0, 2, 0, 1, 2, 3, 4])
        let bytes = try SetQdisc(Qdisc(kind, on: 3)).messageBytes()
        let read = try #require(try bytes.qdisc())
        #expect(read.kind == kind)
        #expect(try SetQdisc(read.settings).messageBytes() == bytes)
    }

    @Test("attributes that nobody knows are kept, go back on add, and not on update") func unknownAttributes() throws {
        var qdisc = Qdisc(FQCodelQdisc(), on: 3)
        qdisc.unknown.keep(UnknownAttribute(rawType: 99, payload: [1, 2]))
        let read = try #require(try SetQdisc(qdisc).messageBytes().qdisc())
        #expect(read.unknown == qdisc.unknown)
        let change = try #require(try SetQdisc(read, mode: .change, from: read).messageBytes().qdisc())
        #expect(change.unknown.isEmpty)
    }

    @Test("a change from what was read sends what differs") func updates() throws {
        var base = FQCodelQdisc()
        base.limit = 5
        base.flowCount = 4
        base.target = 7
        var wanted = base
        wanted.limit = 6
        let command = SetQdisc(Qdisc(wanted, on: 3), mode: .change, from: Qdisc(base, on: 3))
        let sent = try #require(try command.messageBytes().qdisc()?.kind?.as(FQCodelQdisc.self))
        #expect(sent == FQCodelQdisc().with { $0.limit = 6 })
    }

    @Test("what netem is to stop doing is set to zero in a change") func netemStops() throws {
        let base = netem {
            $0.delay = .milliseconds(1)
            $0.delayCorrelation = Percentage(5)
            $0.corruption = Percentage(1)
            $0.rate = NetemRate(.megabits(1))
            $0.slot = NetemSlot(from: .zero, to: .seconds(1))
            $0.loss = .random(Percentage(1))
            $0.marksECN = true
        }
        let command = SetQdisc(Qdisc(NetemQdisc(), on: 3), mode: .change, from: Qdisc(base, on: 3))
        let sent = try RequestBytes(try command.messageBytes(), prefix: 24)
        // Correlations, corruption, rate, marking, slot.
        #expect(Set(sent.options.compactMap(\.first)).isSuperset(of: [1, 4, 6, 7, 12]))
    }

    @Test("what the kernel would refuse is refused before anything is sent") func validation() {
        func problem(_ kind: some QdiscKind) -> Bool {
            do { _ = try SetQdisc(Qdisc(kind, on: 3)).messageBytes() } catch { return true }
            return false
        }
        #expect(problem(TBFQdisc(rate: .megabits(0), burst: 1, limit: 1)))
        #expect(problem(TBFQdisc(rate: .megabits(1), burst: 0, limit: 1)))
        #expect(
            problem(
                TBFQdisc(rate: .megabits(1), burst: 1, limit: 1).with { $0.peakRate = RateSpecification(.kilobits(1)) })
        )
        #expect(problem(PrioQdisc(bands: PriorityBands(count: 1))))
        #expect(problem(PrioQdisc(bands: PriorityBands(count: 2))))
        #expect(problem(netem { $0.reordering = .whole }))
        #expect(problem(netem { $0.marksECN = true }))
        #expect(problem(netem { $0.delayDistribution = NetemDistribution([]) }))
        #expect(problem(FQCodelQdisc().with { $0.flowCount = 70_000 }))
        #expect(throws: NetlinkError.self) {
            _ = try SetQdisc(Qdisc(PFIFOQdisc(), on: 3, handle: TCHandle(1, 1))).messageBytes()
        }
        #expect(!problem(NetemQdisc()))
    }

    @Test("a request describes itself by the kernel's names") func describes() {
        let text = SetQdisc(Qdisc(FQCodelQdisc().with { $0.limit = 5 }, on: 3)).description
        #expect(text.contains("RTM_NEWQDISC") && text.contains("TCA_FQ_CODEL_LIMIT"), "\(text)")
    }
}

extension QdiscKind {
    /// A copy with changes.
    func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }
}
