// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import Testing

@testable import NetlinkTC

/// Requests about actions against the bytes that iproute2 sends.
@Suite struct ActionEncodingTests {
    private func sent(_ actions: [Action], replaces: Bool = false) throws -> [UInt8] {
        CapturedBytes.comparable(try AddActions(actions, replaces: replaces).messageBytes())
    }

    @Test func aVerdictIsSentAsIproute2Does() throws {
        let action = Action(GenericAction(), control: .drop, index: 5)
        #expect(try sent([action]) == CapturedBytes.comparable(ActionFixtures.gact))
    }

    @Test func everyOptionOfAnActionIsSent() throws {
        var action = Action(
            GenericAction(random: .init(.network, oneOf: 10, control: .drop)), control: .pass, index: 6)
        action.cookie = [0xaa, 0xbb]
        action.hardwareStatistics = .immediate
        action.flags = ActionFlags(.withoutProcessorCounters)
        #expect(try sent([action], replaces: true) == CapturedBytes.comparable(ActionFixtures.gactFull))
    }

    @Test func aRedirectionIsStolenUnlessTold() throws {
        let action = Action(MirredAction(.egressRedirect, to: 20), index: 7)
        #expect(try sent([action]) == CapturedBytes.comparable(ActionFixtures.mirred))
        #expect(MirredAction(.egressMirror, to: 20).defaultControl == .pipe)
    }

    @Test func aMirrorMayGoToABlock() throws {
        let action = Action(MirredAction(.ingressMirror, toBlock: 21), control: .pass, index: 8)
        #expect(try sent([action]) == CapturedBytes.comparable(ActionFixtures.mirredBlock))
    }

    @Test func aPolicerWithEveryOptionIsSent() throws {
        var police = PoliceAction(rate: .megabits(1), burst: 10_240)
        police.rate?.linkLayer = .atm
        police.rate?.overhead = 5
        police.rate?.minimumPacketSize = 64
        police.peakRate = police.rate
        police.peakRate?.rate = .megabits(2)
        police.mtu = 1500
        police.conforming = .pipe
        let action = Action(police, control: .drop, index: 4)
        #expect(try sent([action]) == CapturedBytes.comparable(ActionFixtures.police))
    }

    @Test func ratesAboveThirtyTwoBitsHaveAttributesOfTheirOwn() throws {
        var police = PoliceAction(rate: .gigabits(100), burst: 10_485_760)
        police.peakRate = RateSpecification(.gigabits(200))
        police.mtu = 10_240
        #expect(try sent([Action(police, index: 9)]) == CapturedBytes.comparable(ActionFixtures.policeWide))
    }

    @Test func packetsMayBePoliced() throws {
        let action = Action(PoliceAction(packetRate: 1000, packetBurst: 200), index: 10)
        #expect(try sent([action]) == CapturedBytes.comparable(ActionFixtures.policePackets))
    }

    @Test func anAverageRateAndALimitAreSent() throws {
        var police = PoliceAction()
        police.averageRate = .megabits(1)
        let plain = try sent([Action(police)])
        police.averageRate = .megabits(2)
        let other = try sent([Action(police)])
        #expect(plain != other)
        police.limit = 9
        #expect(try sent([Action(police)]) != other)
    }

    @Test func cellSizesAreThoseAskedFor() throws {
        var police = PoliceAction(rate: .megabits(1), burst: 10_240)
        let usual = try sent([Action(police)])
        police.cellLog = 4
        #expect(try sent([Action(police)]) != usual)
    }

    @Test func actionsAreNumberedFromOne() throws {
        let pair = [
            Action(GenericAction(), control: .pass, index: 20), Action(GenericAction(), control: .drop, index: 21),
        ]
        #expect(try sent(pair) == CapturedBytes.comparable(ActionFixtures.pair))
    }

    @Test func theTableIsAskedAsIproute2Does() throws {
        let get = ActionQuery([ActionReference(GenericAction.self, index: 6)])
        #expect(
            CapturedBytes.comparable(try get.messageBytes()) == CapturedBytes.comparable(ActionFixtures.actionGet))
        var list = ActionDump(kind: "gact")
        list.since = 100_000
        #expect(
            CapturedBytes.comparable(try list.messageBytes()) == CapturedBytes.comparable(ActionFixtures.gactList))
        let whole = try list.messageBytes()
        list.isTerse = true
        #expect(try list.messageBytes() != whole)
        let remove = RemoveActions([
            ActionReference(kind: "gact", index: 20), ActionReference(kind: "gact", index: 21),
        ])
        #expect(
            CapturedBytes.comparable(try remove.messageBytes())
                == CapturedBytes.comparable(ActionFixtures.actionDelete))
        let flush = FlushActions(kind: "gact")
        #expect(
            CapturedBytes.comparable(try flush.messageBytes())
                == CapturedBytes.comparable(ActionFixtures.actionFlush))
    }

    @Test func thirtyTwoActionsAreTheMost() throws {
        let many = (1...33).map { Action(GenericAction(), control: .pass, index: $0) }
        #expect(throws: NetlinkError.self) { try AddActions(many).messageBytes() }
        #expect(try AddActions(Array(many.prefix(32))).messageBytes().count > 1000)
        #expect(throws: NetlinkError.self) { try RemoveActions([]).messageBytes() }
    }

    @Test func whatTheKernelWouldRefuseIsSaid() {
        func check(_ action: Action, _ expected: Bool = false, line: Int = #line) {
            let isFine = (try? action.validate()) != nil
            #expect(isFine == expected, "line \(line)")
        }
        var long = Action(GenericAction(), control: .pass)
        long.cookie = [UInt8](repeating: 1, count: 17)
        check(long)
        long.cookie = [UInt8](repeating: 1, count: 16)
        check(long, true)
        check(Action(GenericAction(random: .init(.determined, oneOf: 10_001, control: .drop))))
        check(Action(GenericAction(random: .init(.determined, oneOf: 5, control: .goto(chain: 3)))))
        check(Action(MirredAction(.egressMirror, toBlock: 0)))
        var police = PoliceAction(rate: .megabits(1), burst: 1000)
        check(Action(police), true)
        police.burst = nil
        check(Action(police))
        police = PoliceAction(packetRate: 5, packetBurst: 5)
        police.packetBurst = nil
        check(Action(police))
        police = PoliceAction(packetRate: 5, packetBurst: 5)
        police.rate = RateSpecification(.megabits(1))
        police.burst = .bytes(1000)
        check(Action(police))
        police = PoliceAction()
        police.peakRate = RateSpecification(.megabits(1))
        check(Action(police))
    }
}
