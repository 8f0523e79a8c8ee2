// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@testable import NetlinkCore

/// What an exchange makes of datagrams.
struct ExchangeOutcome {
    var indexes: [UInt32] = []
    var error: NetlinkError?
    var exchange: Exchange

    init(_ kind: RequestKind, _ datagrams: [[UInt8]]) {
        exchange = Exchange(kind, sequence: 7, port: 9)
        do throws(NetlinkError) {
            for datagram in datagrams {
                var reader = MessageReader(datagram.rawSpan)
                while let message = try exchange.next(in: &reader) {
                    indexes.append((try? message.field(0, UInt32.self)) ?? .max)
                }
            }
        } catch {
            self.error = error
        }
    }
}

@Suite("Exchange") struct ExchangeTests {
    private func object(
        _ index: UInt32, sequence: UInt32 = 7, port: UInt32 = 9, flags: MessageFlags = []
    ) -> [UInt8] {
        Item(index).message.bytes(sequence: sequence, port: port, adding: flags)
    }

    private func control(
        _ type: ControlMessageType, _ payload: [UInt8] = [], sequence: UInt32 = 7, port: UInt32 = 9,
        flags: MessageFlags = []
    ) -> [UInt8] {
        FakeMessage(type: type.rawValue, flags: flags, payload: payload).bytes(sequence: sequence, port: port)
    }

    private var acknowledgement: [UInt8] {
        control(.error, Array(repeating: 0, count: 20), flags: .capped)
    }
    private var done: [UInt8] { control(.done, [0, 0, 0, 0], flags: .multipart) }

    @Test("a command ends with its acknowledgement") func command() {
        let outcome = ExchangeOutcome(.command, [acknowledgement])
        #expect(outcome.error == nil)
        #expect(outcome.exchange.isFinished)
        #expect(outcome.indexes.isEmpty)
        #expect(outcome.exchange.acknowledgement == nil)
    }

    @Test("nothing ends an exchange but its own end") func unfinished() {
        for kind in [RequestKind.command, .query, .dump] {
            let outcome = ExchangeOutcome(
                kind,
                [
                    [], object(1), object(2, sequence: 0, port: 0), control(.noOperation), control(.overrun),
                    control(.error, Array(repeating: 0, count: 20), sequence: 6),
                    control(.done, [0, 0, 0, 0], sequence: 8), control(.done, [0, 0, 0, 0], port: 8),
                    control(.error, hex("ef ff ff ff") + Array(repeating: 0, count: 16), port: 0),
                    control(ControlMessageType(rawValue: 15)),
                ])
            #expect(outcome.error == nil)
            #expect(!outcome.exchange.isFinished)
            #expect(outcome.indexes == [1])
        }
    }

    @Test("objects with a stale or foreign number are swallowed") func foreign() {
        let outcome = ExchangeOutcome(
            .dump,
            [
                object(1, sequence: 6) + object(2) + object(3, port: 10) + object(4, sequence: 0, port: 0),
                object(5, sequence: 7, port: 0), object(6), done,
            ])
        #expect(outcome.indexes == [2, 6])
        #expect(outcome.exchange.isFinished)
    }

    @Test("one's own notification before the acknowledgement is an object, and does not end the exchange")
    func ownNotification() {
        let outcome = ExchangeOutcome(.command, [object(3), acknowledgement])
        #expect(outcome.exchange.isFinished)
        #expect(outcome.error == nil)
        #expect(outcome.indexes == [3])
    }

    @Test("after the end nothing more is given, in this datagram or the next") func afterEnd() {
        let outcome = ExchangeOutcome(.dump, [object(1) + done + object(2), object(3)])
        #expect(outcome.indexes == [1])
        #expect(outcome.error == nil)
    }

    @Test("garbage behind the end does not spoil the answer") func garbageAfterEnd() {
        let outcome = ExchangeOutcome(.dump, [object(1) + done + [1, 2, 3]])
        #expect(outcome.indexes == [1])
        #expect(outcome.error == nil)
        #expect(outcome.exchange.isFinished)
    }

    @Test("the kernel's error is thrown and ends the exchange") func error() {
        let outcome = ExchangeOutcome(
            .command, [control(.error, hex("ef ff ff ff") + Array(repeating: 0, count: 16), flags: .capped)])
        #expect(outcome.error?.code == .exists)
        #expect(outcome.exchange.isFinished)
    }

    @Test("the end of a dump carries an error", arguments: [[], [UInt8](repeating: 0, count: 8)])
    func doneError(rest: [UInt8]) {
        let outcome = ExchangeOutcome(.dump, [object(1), control(.done, hex("97 ff ff ff") + rest, flags: .multipart)])
        #expect(outcome.error?.code == .noBufferSpace)
        #expect(outcome.exchange.isFinished)
        #expect(outcome.indexes == [1])
    }

    @Test("the end of a dump needs no number") func doneWithoutNumber() {
        let outcome = ExchangeOutcome(.dump, [control(.done, flags: .multipart)])
        #expect(outcome.error == nil)
        #expect(outcome.exchange.isFinished)
    }

    @Test("the end of a dump may say what went wrong") func doneExplanation() {
        // RTM_GETLINK dump with IFLA_IFNAME under strict checking, Linux 7.2.
        let outcome = ExchangeOutcome(
            .dump,
            [
                control(
                    .done,
                    hex(
                        """
                        ea ff ff ff 2f 00 01 00 55 6e 73 75 70 70 6f 72 74 65 64 20 61 74 74 72 69 62 75 74 65 20 69
                        6e 20 6c 69 6e 6b 20 64 75 6d 70 20 72 65 71 75 65 73 74 00 00
                        """), flags: MessageFlags(rawValue: 0x202))
            ])
        #expect(outcome.error?.code == .invalidArgument)
        #expect(outcome.error?.message == "Unsupported attribute in link dump request")
    }

    @Test("an interruption is seen on any frame of the dump", arguments: 0...2)
    func interrupted(at frame: Int) {
        func flags(_ index: Int) -> MessageFlags { index == frame ? [.multipart, .dumpInterrupted] : .multipart }
        let outcome = ExchangeOutcome(
            .dump,
            [
                object(1, flags: flags(0)) + object(2, flags: flags(1)),
                control(.done, [0, 0, 0, 0], flags: flags(2)),
            ])
        #expect(outcome.exchange.isInterrupted)
        #expect(!outcome.exchange.isFiltered)
        #expect(outcome.indexes == [1, 2])
    }

    @Test("an interruption of somebody else's dump is not ours") func foreignInterruption() {
        let outcome = ExchangeOutcome(.dump, [object(1, sequence: 6, flags: .dumpInterrupted), object(2), done])
        #expect(!outcome.exchange.isInterrupted)
    }

    @Test("the kernel says when it applied a filter") func filtered() {
        let outcome = ExchangeOutcome(.dump, [object(1, flags: [.multipart, .dumpFiltered]), done])
        #expect(outcome.exchange.isFiltered)
        #expect(!outcome.exchange.isInterrupted)
    }

    @Test("malformed messages end the exchange with an error", arguments: [1, 15, 17])
    func malformed(count: Int) {
        let outcome = ExchangeOutcome(.dump, [object(1) + Array(object(2).prefix(count))])
        #expect(outcome.error?.code == .malformedReply)
        #expect(outcome.error?.decodeError != nil)
        #expect(outcome.exchange.isFinished)
        #expect(outcome.indexes == [1])
    }

    @Test("an error message without its number, or without the request, is malformed", arguments: [0, 3, 4, 19])
    func shortError(count: Int) {
        let outcome = ExchangeOutcome(.command, [control(.error, Array(repeating: 0, count: count))])
        #expect(outcome.error?.code == .malformedReply)
        #expect(outcome.exchange.isFinished)
    }

    @Test("a done message with a part of a number is malformed", arguments: 1...3)
    func shortDone(count: Int) {
        let outcome = ExchangeOutcome(.dump, [control(.done, Array(repeating: 0, count: count))])
        #expect(outcome.error?.code == .malformedReply)
    }

    @Test(
        "a malformed datagram of others does not end the exchange",
        arguments: [(0, 0), (7, 8), (8, 9)] as [(UInt32, UInt32)])
    func malformedForeign(sequence: UInt32, port: UInt32) {
        for length in [0, 15, 17, 4096, UInt32.max] {
            var foreign = object(5, sequence: sequence, port: port)
            unsafe foreign.withUnsafeMutableBytes { unsafe $0.storeBytes(of: length, as: UInt32.self) }
            let behind = object(6, sequence: sequence, port: port) + foreign
            let residue = object(6, sequence: sequence, port: port) + [1, 2, 3]
            let outcome = ExchangeOutcome(.dump, [foreign, object(1), behind, residue, object(2), done])
            #expect(outcome.error == nil)
            #expect(outcome.indexes == [1, 2])
            #expect(outcome.exchange.isFinished)
        }
    }

    @Test("a malformed datagram that begins with an object of ours is ours") func malformedBehindOwn() {
        for rest in [[1, 2, 3], Array(repeating: 0, count: 16)] as [[UInt8]] {
            let outcome = ExchangeOutcome(.dump, [object(1) + rest, object(2), done])
            #expect(outcome.error?.code == .malformedReply)
            #expect(outcome.indexes == [1])
        }
    }

    @Test("the least error number does not trap") func leastNumber() {
        let outcome = ExchangeOutcome(
            .command, [control(.error, hex("00 00 00 80") + Array(repeating: 0, count: 16))])
        #expect(outcome.error?.code == NetlinkError.Code(rawValue: .max))
    }

    @Test("random datagrams never trap, and an exchange that is over stays over", arguments: 0..<200)
    func random(seed: Int) {
        var generator = SplitMix(seed: UInt64(seed))
        var datagrams: [[UInt8]] = []
        for _ in 0..<4 {
            // Half of the bytes behind a header that the exchange takes for its own.
            let payload = generator.bytes(upTo: 120, small: true)
            let type = UInt16.random(in: 0...20, using: &generator)
            let flags = MessageFlags(rawValue: UInt16.random(in: 0...0xffff, using: &generator))
            datagrams.append(
                FakeMessage(type: type, flags: flags, payload: payload).bytes(sequence: 7, port: 9)
                    + generator.bytes(upTo: 40, small: true))
        }
        let outcome = ExchangeOutcome(.dump, datagrams)
        if outcome.error != nil { #expect(outcome.exchange.isFinished) }
    }
}
