// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@_spi(System) @testable import NetlinkCore

@Suite("Pauses between tries of an interrupted dump") struct DumpRetriesTests {
    /// A clock that stands still but for the pauses it is asked for.
    private struct FakeClock {
        let time = Shared<UInt64>(1_000_000_000)
        let pauses = Shared<[Duration]>([])
        /// How much of a pause chance takes away, of the most that it may.
        var chance: @Sendable (UInt64) -> UInt64 = { _ in 0 }
        var turn = TaskQueue.Turn.timedOut

        var retry: RetryClock {
            let pass: @Sendable (Instant) -> Void = { [time, pauses] moment in
                pauses.change { $0.append(moment.since(Instant(nanoseconds: time.value))) }
                time.change { $0 = moment.nanoseconds }
            }
            return RetryClock(
                now: { [time] in Instant(nanoseconds: time.value) }, random: chance, sleep: pass,
                suspend: { [turn] (_, moment) in
                    pass(moment)
                    return turn
                })
        }
    }

    private static let milliseconds: [Duration] = [1, 2, 4, 8, 16, 32, 64, 64].map { .milliseconds($0) }

    /// A kernel whose dumps are always interrupted.
    private func restless(_ clock: RetryClock) -> TransportSource {
        var source = FakeKernel { $0.dump(items(2).map(\.message), interruptedAt: 1) }.source
        source.retryClock = clock
        return source
    }

    @Test("they grow twofold to 64 milliseconds, and chance takes up to half of each") func growth() {
        for (chance, share): (@Sendable (UInt64) -> UInt64, Int) in [
            ({ _ in 0 }, 1), ({ $0 }, 2), ({ _ in .max }, 2),
        ] {
            let clock = FakeClock(chance: chance)
            var retries = DumpRetries(limit: 10, timeout: nil, clock: clock.retry)
            var pauses: [Duration] = []
            while let moment = retries.next() {
                pauses.append(moment.since(Instant(nanoseconds: clock.time.value)))
            }
            #expect(pauses == (Self.milliseconds + [.milliseconds(64), .milliseconds(64)]).map { $0 / share })
            #expect(retries.count == 10)
            #expect(retries.next() == nil)
        }
    }

    @Test("the real clock's chance differs from pause to pause and stays in its bounds") func jitter() {
        let clock = RetryClock()
        let numbers = (0..<100).map { _ in clock.random(1_000_000) }
        #expect(numbers.allSatisfy { $0 <= 1_000_000 })
        #expect(Set(numbers).count > 50)
    }

    @Test("they are taken out of the time that a call has", arguments: [0, 1, 2, 7, 8, 10_000])
    func deadline(milliseconds: Int) {
        let clock = FakeClock()
        var retries = DumpRetries(limit: 8, timeout: .milliseconds(milliseconds), clock: clock.retry)
        while retries.next() != nil {}
        let expected = [0: 0, 1: 1, 2: 1, 7: 3, 8: 3, 10_000: 8]
        #expect(retries.count == expected[milliseconds])
    }

    @Test("no limit and none below zero begin nothing anew", arguments: [0, -1, .min]) func none(limit: Int) {
        var retries = DumpRetries(limit: limit, timeout: nil, clock: RetryClock())
        #expect(retries.next() == nil)
    }

    @Test("a blocking connection pauses between tries, not after the last") func blocking() throws {
        let clock = FakeClock()
        let connection = try BlockingConnection<ItemFamily>(opening: restless(clock.retry))
        let error = netlinkError { () throws(NetlinkError) in try connection.dump(ListItems()) }
        #expect(error?.code == .interrupted)
        #expect(error?.partial as? [Item] == items(2))
        #expect(clock.pauses.value == Self.milliseconds)

        clock.pauses.change { $0 = [] }
        connection.timeout = .milliseconds(5)
        let hasty = netlinkError { () throws(NetlinkError) in try connection.dump(ListItems()) }
        #expect(hasty?.code == .interrupted, "what came is not lost to a deadline")
        #expect(hasty?.partial as? [Item] == items(2))
        #expect(clock.pauses.value == Array(Self.milliseconds.prefix(2)))
    }

    @Test("so does one for tasks, and a stream that restarts") func tasks() async throws {
        let clock = FakeClock()
        let connection = try Connection<ItemFamily>(opening: restless(clock.retry))
        let error = await asyncError { () async throws(NetlinkError) in try await connection.dump(ListItems()) }
        #expect(error?.code == .interrupted)
        #expect(error?.partial as? [Item] == items(2))
        #expect(clock.pauses.value == Self.milliseconds)

        clock.pauses.change { $0 = [] }
        var chunks = connection.stream(ListItems()).chunks(restarting: true).makeAsyncIterator()
        var restarts = 0
        let ended = await asyncError { () async throws(NetlinkError) in
            while let chunk = try await chunks.next() {
                if case .restarted = chunk {
                    // The consumer learns at once that what it has is void.
                    #expect(clock.pauses.value.count == restarts)
                    restarts += 1
                }
            }
        }
        #expect(ended?.code == .interrupted)
        #expect(clock.pauses.value == Self.milliseconds)
        #expect(restarts == 8)
    }

    @Test("a stream does not pause unless it restarts") func plainStream() async throws {
        let clock = FakeClock()
        let connection = try Connection<ItemFamily>(opening: restless(clock.retry))
        let error = await asyncError { () async throws(NetlinkError) in
            for try await _ in connection.stream(ListItems()) {}
        }
        #expect(error?.code == .interrupted)
        #expect(clock.pauses.value.isEmpty)
    }

    @Test(
        "a pause that ends otherwise ends the dump",
        arguments: [
            (TaskQueue.Turn.cancelled, NetlinkError.Code.cancelled), (.closed, .closed),
            (.failed(24), .tooManyOpenFiles),
        ])
    func ended(turn: TaskQueue.Turn, code: NetlinkError.Code) async throws {
        let clock = FakeClock(turn: turn)
        let connection = try Connection<ItemFamily>(opening: restless(clock.retry))
        let error = await asyncError { () async throws(NetlinkError) in try await connection.dump(ListItems()) }
        #expect(error?.code == code)
        #expect(error?.operation == "list items")
        var chunks = connection.stream(ListItems()).chunks(restarting: true).makeAsyncIterator()
        let stream = await asyncError { () async throws(NetlinkError) in while try await chunks.next() != nil {} }
        #expect(stream?.code == code)
        #expect(stream?.operation == "list items")
    }

    /// A clock whose pauses never end by themselves, and what tells that one has begun.
    private func endless() -> (clock: RetryClock, begun: AsyncStream<Void>) {
        let (begun, told) = AsyncStream.makeStream(of: Void.self)
        let clock = RetryClock(
            suspend: { queue, _ in
                told.yield()
                return await queue.enter()
            })
        return (clock, begun)
    }

    @Test("cancelling and closing end a pause at once") func interruption() async throws {
        for isClosing in [true, false] {
            let (clock, begun) = endless()
            let connection = try Connection<ItemFamily>(opening: restless(clock))
            let task = Task {
                await asyncError { () async throws(NetlinkError) in try await connection.dump(ListItems()) }
            }
            for await _ in begun { break }
            if isClosing { connection.close() } else { task.cancel() }
            #expect(await task.value?.code == (isClosing ? .closed : .cancelled))
        }
    }

    @Test("while one dump pauses other tasks have their turn") func turns() async throws {
        let (clock, begun) = endless()
        let kernel = FakeKernel {
            $0.isDump ? $0.dump(items(2).map(\.message), interruptedAt: 1) : $0.acknowledge()
        }
        var source = kernel.source
        source.retryClock = clock
        let connection = try Connection<ItemFamily>(opening: source)
        let task = Task { _ = try? await connection.dump(ListItems()) }
        for await _ in begun { break }
        try await connection.perform(AddItem(Item(1)))
        task.cancel()
        await task.value
    }

    @Test("the real clock keeps a thread and a task until the moment") func realClock() async throws {
        let clock = RetryClock()
        let before = Instant.now
        clock.sleep(before + .milliseconds(5))
        #expect(Instant.now.since(before) >= .milliseconds(5))
        clock.sleep(before)
        let later = Instant.now
        try await clock.pause(until: later + .milliseconds(5), in: .forPauses())
        #expect(Instant.now.since(later) >= .milliseconds(5))
        #expect(Instant.now.since(later) < .seconds(20))
    }
}
