// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore
import NetlinkTestSupport
import Testing

@testable import NetlinkRoute

@Suite("Rules, checked and flushed") struct RuleValidationTests {
    private static func refusal(_ rule: Rule, _ change: (inout Rule) -> Void = { _ in }) -> String? {
        var rule = rule
        change(&rule)
        let error = #expect(throws: NetlinkError.self) { try AddRule(rule).messageBytes() }
        #expect(error?.isInvalid == true)
        return error?.explanation
    }

    @Test("what the kernel would refuse is refused here, and nothing is sent") func validation() {
        let rule = Rule(.ipv4, lookup: .main, priority: 10)
        #expect(Self.refusal(rule) { $0.source = "::/8" }?.contains("family") == true)
        #expect(Self.refusal(rule) { $0.destination = "::/8" }?.contains("family") == true)
        #expect(Self.refusal(Rule(.ipv4)) == "an action is missing")
        // Unchecked it is for the kernel to judge.
        var unchecked = AddRule(Rule(.ipv4))
        unchecked.isChecked = false
        #expect((try? unchecked.messageBytes()) != nil)
        #expect(Self.refusal(Rule(.ipv4, .goto, priority: 10))?.contains("later") == true)
        #expect(Self.refusal(Rule(.ipv4, .goto, priority: 10)) { $0.target = 10 }?.contains("later") == true)
        #expect(Self.refusal(rule) { $0.target = 20 }?.contains("target") == true)
        #expect(Self.refusal(rule) { $0.isL3Master = true }?.contains("VRF") == true)
        #expect(Self.refusal(rule) { $0.dscp = RuleCodePoint(64) } == "a code point is at most 63")
        #expect(Self.refusal(rule) { $0.dscp = RuleCodePoint(1, mask: 64) } == "a code point is at most 63")
        #expect(Self.refusal(rule) { $0.flowLabel = RuleMark(0x10_0000) } == "a flow label has 20 bits")
        #expect(Self.refusal(rule) { $0.users = RuleUsers(2, through: 1) }?.contains("user") == true)
        #expect(Self.refusal(rule) { $0.sourcePorts = RulePorts(0) }?.contains("ports") == true)
        #expect(Self.refusal(rule) { $0.destinationPorts = RulePorts(2, through: 1) }?.contains("ports") == true)
        #expect(Self.refusal(rule) { $0.destinationPorts = RulePorts(1, through: .max) }?.contains("ports") == true)
        let masked = Self.refusal(rule) { rule in
            rule.sourcePorts = RulePorts(1, through: 2)
            rule.sourcePorts?.mask = 1
        }
        #expect(masked?.contains("mask") == true)
        let both = Self.refusal(rule) { rule in
            rule.typeOfService = 4
            rule.dscp = RuleCodePoint(1)
        }
        #expect(both?.contains("exclude") == true)
    }

    @Test("a prefix of no bits means anywhere and is not sent") func anywhere() throws {
        var rule = Rule(.ipv4, lookup: .main)
        rule.source = "10.0.0.0/0"
        #expect(try RuleTests.message(AddRule(rule)) == (try RuleTests.message(AddRule(Rule(.ipv4, lookup: .main)))))
    }

    @Test("a rule is recognised with what the kernel fills in, and only then") func equivalence() {
        var wanted = Rule(.ipv6, lookup: 5)
        wanted.source = "2001:db8::1/32"
        wanted.destination = "::/0"
        wanted.flowLabel = RuleMark(1)
        wanted.isL3Master = false
        var read = Rule(.ipv6, lookup: 5, priority: 77)
        read.source = "2001:db8::/32"
        read.flowLabel = RuleMark(1, mask: 0xf_ffff)
        read.origin = .unspecified
        read.flags = .inputDetached
        #expect(read.isEquivalent(to: wanted))
        read.origin = .bgp
        #expect(!read.isEquivalent(to: wanted))
        wanted.origin = .bgp
        wanted.isInverted = true
        #expect(!read.isEquivalent(to: wanted))
    }

    @Test("flushing keeps the initial rules, or those that one asks it to keep") func flushing() throws {
        func left(keeping: Set<UInt32>?) throws -> [UInt32] {
            let all = Lock([0, 10, 20, 32766, 32767].map { Rule(.ipv4, lookup: .main, priority: $0) })
            let kernel = FakeKernel { request in
                all.withLock { all in
                    if request.isDump {
                        return request.dump(all.map { rule in FakeMessage(type: 32) { rule.encode(into: &$0) } })
                    }
                    let removed =
                        (try? CapturedMessage.reading(request.bytes) {
                            (message: borrowing Message) throws(DecodeError) in try Rule(decoding: message)
                        })?.priority
                    all.removeAll { $0.priority == removed }
                    return request.acknowledge()
                }
            }
            let connection = try BlockingRouteConnection(opening: kernel.source)
            let report =
                if let keeping { try connection.flushRules(family: .ipv4, keeping: keeping) } else {
                    try connection.flushRules(family: .ipv4)
                }
            #expect(report.isComplete)
            return all.withLock { $0.compactMap(\.priority) }
        }
        #expect(try left(keeping: nil) == [0, 32766, 32767])
        #expect(try left(keeping: [20]) == [20])
    }
}
