// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import Testing

@testable import NetlinkTC

/// What the kernel says of actions.
@Suite struct ActionDecodingTests {
    private func page(_ bytes: [UInt8]) throws -> ActionPage {
        try CapturedBytes.reading(bytes) { (message: borrowing Message) throws(DecodeError) in
            try ActionPage(decoding: message)
        }
    }

    private func first(_ replies: [[UInt8]]) throws -> ActionPage { try page(try #require(replies.first)) }

    @Test func aVerdictIsReadWithAllThatIsSaidOfIt() throws {
        let page = try first(ActionFixtures.actionGetReplies)
        let action = try #require(page.actions.first)
        #expect(page.actions.count == 1)
        #expect(action.index == 6)
        #expect(action.control == .pass)
        #expect(action.kind.as(GenericAction.self)?.random == .init(.network, oneOf: 10, control: .drop))
        #expect(action.cookie == [0xaa, 0xbb])
        #expect(action.flags?.value == .withoutProcessorCounters)
        #expect(action.hardwareStatistics == .immediate)
        #expect(action.state.references == 1)
        #expect(action.state.bindings == 0)
        #expect(action.state.statistics?.basic?.packets == 0)
        #expect(action.state.times != nil)
        #expect(action.state.times?.firstUsed == nil)
        #expect(action.state.hardwareCount == 0)
        #expect(action.unknown.isEmpty)
    }

    @Test func aListingSaysHowManyThereAre() throws {
        let page = try first(ActionFixtures.gactListReplies)
        #expect(page.count == 4)
        #expect(page.actions.map(\.index) == [5, 6, 20, 21])
        #expect(page.actions.map(\.control) == [.drop, .pass, .pass, .drop])
    }

    @Test func targetsOfMirrorsAreRead() throws {
        let actions = try first(ActionFixtures.mirredListReplies).actions
        #expect(actions.map(\.index) == [7, 8])
        #expect(actions.first?.kind.as(MirredAction.self) == MirredAction(.egressRedirect, to: 20))
        #expect(actions.last?.kind.as(MirredAction.self) == MirredAction(.ingressMirror, toBlock: 21))
        #expect(actions.map(\.control) == [.stolen, .pass])
    }

    @Test func ratesOfPolicersAreRead() throws {
        let actions = try first(ActionFixtures.policeListReplies).actions
        #expect(actions.map(\.index) == [4, 9, 10])
        let police = try #require(actions.first?.kind.as(PoliceAction.self))
        #expect(police.rate?.rate == .megabits(1))
        #expect(police.rate?.linkLayer == .atm)
        #expect(police.rate?.overhead == 5)
        #expect(police.burst?.bytes(at: .megabits(1)) == 10_240)
        #expect(police.peakRate?.rate == .megabits(2))
        #expect(police.mtu == 1500)
        #expect(police.conforming == .pipe)
        #expect(actions.first?.control == .drop)
        let wide = try #require(actions.dropFirst().first?.kind.as(PoliceAction.self))
        #expect(wide.rate?.rate == .gigabits(100))
        #expect(wide.peakRate?.rate == .gigabits(200))
        let packets = try #require(actions.last?.kind.as(PoliceAction.self))
        #expect(packets.rate == nil)
        #expect(packets.packetRate == 1000)
        #expect(packets.packetBurst == 200)
    }

    @Test(arguments: [
        ActionFixtures.actionGetReplies, ActionFixtures.mirredListReplies, ActionFixtures.policeListReplies,
    ])
    func everyTruncationIsAnErrorOrLess(replies: [[UInt8]]) throws {
        let message = try #require(replies.first)
        let whole = try page(message)
        for cut in CapturedBytes.truncations(of: message) {
            if let part = try? page(cut) { #expect(part != whole || cut.count + 4 > message.count) }
        }
    }

    @Test func whatIsReadGoesBackTheSame() throws {
        for replies in [
            ActionFixtures.gactListReplies, ActionFixtures.mirredListReplies, ActionFixtures.policeListReplies,
        ] {
            let actions = try first(replies).actions.map(\.settings)
            let again = try page(try AddActions(actions).messageBytes()).actions
            #expect(again.map(\.settings) == actions)
        }
    }

    @Test func attributesThatNoHeaderNamesAreKept() throws {
        var writer = MessageWriter()
        writer.put(ActionAttribute.kind, "gact")
        writer.nest(ActionAttribute.options) { writer in
            writer.put(GenericActionAttribute.parameters, structure: 20) { ActionParameters(index: 3).store(in: &$0) }
            writer.put(rawType: 77, [1, 2, 3, 4])
        }
        writer.put(rawType: 99, [5])
        let action = try Action(decoding: writer.bytes)
        #expect(action.kind.as(GenericAction.self)?.unknown.elements.map(\.number) == [77])
        #expect(action.unknown.elements.map(\.number) == [99])
        var again = MessageWriter()
        action.encode(into: &again)
        #expect(try Action(decoding: again.bytes) == action)
    }

    @Test func anUnknownKindIsKeptAsItsBytes() throws {
        var writer = MessageWriter()
        writer.put(ActionAttribute.kind, "nosuch")
        writer.put(rawType: 2, [8, 0, 1, 0, 1, 2, 3, 4])
        let action = try Action(decoding: writer.bytes)
        #expect(action.kind.value == nil)
        #expect(action.kind.data == [8, 0, 1, 0, 1, 2, 3, 4])
        #expect(action.index == nil)
        var again = MessageWriter()
        action.encode(into: &again)
        #expect(try Action(decoding: again.bytes) == action)
    }

    @Test func aKindOfAClientsOwnGoesWhereOursDo() throws {
        ActionKinds.register(ClientAction.self)
        let action = Action(ClientAction(value: 7), control: .pipe, index: 3)
        var writer = MessageWriter()
        action.encode(into: &writer)
        let read = try Action(decoding: writer.bytes)
        #expect(read.kind.as(ClientAction.self)?.value == 7)
        #expect(read.index == 3)
        #expect(read.control == .pipe)
    }

    @Test func verdictsCarryNumbers() {
        #expect(ActionControl.jump(10).rawValue == 0x1000_000a)
        #expect(ActionControl.goto(chain: 42).rawValue == 0x2000_002a)
        #expect(ActionControl.goto(chain: 42).chain == 42)
        #expect(ActionControl.goto(chain: 42).jumpCount == nil)
        #expect(ActionControl.jump(0xfff_ffff).jumpCount == 0xfff_ffff)
        #expect(ActionControl.goOn.chain == nil)
        #expect(ActionControl(rawValue: .min).jumpCount == nil)
        #expect(ActionControl.goto(chain: 4).description == "goto chain 4")
        #expect(ActionControl(rawValue: 99).description == "99")
        let words = [ActionControl.goOn, .pass, .reclassify, .drop, .pipe, .stolen, .queued, .again, .redirect, .trap]
        #expect(
            words.map(\.description) == [
                "continue", "pass", "reclassify", "drop", "pipe", "stolen", "queued", "repeat", "redirect", "trap",
            ])
    }
}

/// An action kind with nothing but public API.
private struct ClientAction: ActionKind {
    static var kindName: String { "client" }
    var value: UInt32

    init(value: UInt32) { self.value = value }

    init(decoding options: RawSpan, parameters: inout ActionParameters) throws(DecodeError) {
        parameters = try ActionParameters(options)
        value = try options.load(at: ActionParameters.byteCount)
    }

    func encode(_ parameters: ActionParameters, into writer: inout MessageWriter) {
        writer.structure(ActionParameters.byteCount + 4) { structure in
            parameters.store(in: &structure)
            structure.store(value, at: ActionParameters.byteCount)
        }
    }
}
