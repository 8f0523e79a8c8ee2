// SPDX-License-Identifier: Apache-2.0

import Testing

@_spi(System) @testable import NetlinkCore

@Suite("Queue of tasks", .timeLimit(.minutes(2))) struct TaskQueueTests {
    @Test("one at a time, in order, bounded") func order() async throws {
        let queue = TaskQueue(limit: 3)
        #expect(queue.tryEnter() == .granted)
        #expect(queue.tryEnter() == nil)
        let order = Shared<[Int]>([])
        var tasks: [Task<TaskQueue.Turn, Never>] = []
        for index in 0..<3 {
            tasks.append(
                Task {
                    let turn = await queue.enter()
                    order.change { $0.append(index) }
                    return turn
                })
            try await waitUntil { queue.waitingCount == index + 1 }
        }
        #expect(queue.tryEnter() == .busy)
        #expect(await queue.enter() == .busy)
        for index in 0..<3 {
            queue.leave()
            #expect(await tasks[index].value == .granted)
            #expect(order.value == Array(0...index))
        }
        queue.leave()
        #expect(queue.tryEnter() == .granted)
    }

    @Test("a limit of zero never waits") func zero() async {
        let queue = TaskQueue(limit: 0)
        #expect(await queue.enter() == .granted)
        #expect(await queue.enter() == .busy)
        queue.leave()
        #expect(await queue.enter() == .granted)
    }

    @Test("who is cancelled leaves, and makes room") func cancelled() async throws {
        let queue = TaskQueue(limit: 2)
        _ = queue.tryEnter()
        let tasks = (0..<2).map { _ in Task { await queue.enter() } }
        try await waitUntil { queue.waitingCount == 2 }
        tasks[0].cancel()
        #expect(await tasks[0].value == .cancelled)
        #expect(queue.waitingCount == 1)
        #expect(queue.tryEnter() == nil)
        queue.leave()
        #expect(await tasks[1].value == .granted)
        let late = Task {
            while !Task.isCancelled { await Task.yield() }
            return await queue.enter()
        }
        late.cancel()
        #expect(await late.value == .cancelled)
    }

    @Test("closing ends all waits, and whoever comes later") func closed() async throws {
        let queue = TaskQueue(limit: 9)
        _ = queue.tryEnter()
        let tasks = (0..<5).map { _ in Task { await queue.enter() } }
        try await waitUntil { queue.waitingCount == 5 }
        queue.close()
        for task in tasks { #expect(await task.value == .closed) }
        #expect(queue.tryEnter() == .closed)
        #expect(await queue.enter() == .closed)
        #expect(queue.isClosed)
        queue.leave()
        #expect(queue.tryEnter() == .closed)
    }

    @Test("several at a time where there are places, and the next in order") func places() async throws {
        let queue = TaskQueue(limit: 9, places: 3)
        for _ in 0..<3 { #expect(queue.tryEnter() == .granted) }
        #expect(queue.tryEnter() == nil)
        let tasks = try await [0, 1].asyncMap { index in
            let task = Task { await queue.enter() }
            try await waitUntil { queue.waitingCount == index + 1 }
            return task
        }
        queue.leave()
        #expect(await tasks[0].value == .granted)
        #expect(queue.waitingCount == 1)
        queue.leave()
        #expect(await tasks[1].value == .granted)
        for _ in 0..<3 { queue.leave() }
        for _ in 0..<3 { #expect(await queue.enter() == .granted) }
        #expect(queue.tryEnter() == nil)
    }

    @Test("a wait ends at its deadline and no sooner, and who comes later is served") func deadline() async throws {
        let queue = TaskQueue(limit: 9)
        _ = queue.tryEnter()
        let start = Instant.now
        #expect(await queue.enter(until: start + .milliseconds(30)) == .timedOut)
        #expect(Instant.now.since(start) >= .milliseconds(30))
        #expect(Instant.now.since(start) < .seconds(8))
        #expect(queue.waitingCount == 0)
        let task = Task { await queue.enter(until: .now + .seconds(60)) }
        try await waitUntil { queue.waitingCount == 1 }
        queue.leave()
        #expect(await task.value == .granted)
    }

    @Test("a turn is never lost nor given twice, whoever is cancelled") func stress() async throws {
        let queue = TaskQueue(limit: 1000)
        let inside = Shared(0)
        let most = Shared(0)
        let granted = Shared(0)
        await withTaskGroup { group in
            for number in 0..<40 {
                group.addTask {
                    var generator = SplitMix(seed: UInt64(number))
                    for _ in 0..<100 {
                        let task = Task {
                            guard await queue.enter() == .granted else { return }
                            inside.change { $0 += 1 }
                            most.change { $0 = Swift.max($0, inside.value) }
                            granted.change { $0 += 1 }
                            await Task.yield()
                            inside.change { $0 -= 1 }
                            queue.leave()
                        }
                        if Bool.random(using: &generator) {
                            await Task.yield()
                            task.cancel()
                        }
                        await task.value
                    }
                }
            }
        }
        #expect(most.value == 1)
        #expect(granted.value > 1000)
        #expect(queue.tryEnter() == .granted)
        #expect(queue.waitingCount == 0)
    }
}

@Suite("Poller", .timeLimit(.minutes(2))) struct PollerTests {
    @Test("wakes when readable") func readable() async throws {
        let event = try EventDescriptor()
        let task = Task { try await Poller.shared.wait(event.number, until: nil) }
        try await Task.sleep(for: .milliseconds(5))
        event.raise()
        #expect(try await task.value == .ready)
        #expect(try await Poller.shared.wait(event.number, until: nil) == .ready, "still readable")
    }

    @Test("wakes at the deadline of each wait, and not before") func deadlines() async throws {
        let event = try EventDescriptor()
        let others = try (0..<3).map { _ in try EventDescriptor() }
        let start = Instant.now
        await withTaskGroup { group in
            for (index, milliseconds) in [60, 20, 40].enumerated() {
                group.addTask {
                    let outcome = try? await Poller.shared.wait(
                        others[index].number, until: start + .milliseconds(milliseconds))
                    #expect(outcome == .timedOut)
                    #expect(Instant.now.since(start) >= .milliseconds(milliseconds))
                }
            }
        }
        #expect(try await Poller.shared.wait(event.number, until: start) == .timedOut, "a deadline that has passed")
    }

    @Test("a sooner deadline wakes a thread that sleeps for a later one") func soonerDeadline() async {
        await #expect(processExitsWith: .success) {
            // Alone in a process, so that no other wait wakes the thread.
            try Thread.start {
                for _ in 0..<200_000 { sleepBriefly() }
                endProcess(1)
            }
            let event = try EventDescriptor()
            let other = try EventDescriptor()
            let long = Task { try await Poller.shared.wait(event.number, until: .now + .seconds(600)) }
            try await Task.sleep(for: .milliseconds(50))
            #expect(try await Poller.shared.wait(other.number, until: .now + .milliseconds(20)) == .timedOut)
            long.cancel()
        }
    }

    @Test("a wait that was given up does not take the next one's event") func givenUp() async throws {
        let event = try EventDescriptor()
        for _ in 0..<50 {
            let first = Task { try await Poller.shared.wait(event.number, until: nil) }
            await Task.yield()
            first.cancel()
            #expect(try await first.value == .cancelled)
            let second = Task { try await Poller.shared.wait(event.number, until: .now + .seconds(20)) }
            await Task.yield()
            event.raise()
            #expect(try await second.value == .ready)
            event.lower()
        }
    }

    @Test("waits for a descriptor that closes are ended, and others not") func cancelWaits() async throws {
        let event = try EventDescriptor()
        let other = try EventDescriptor()
        let task = Task { try await Poller.shared.wait(event.number, until: nil) }
        let untouched = Task { try await Poller.shared.wait(other.number, until: .now + .milliseconds(40)) }
        let isEnded = Shared(false)
        let canceller = Task {
            // Again until there was something to find.
            while !isEnded.value {
                Poller.shared.cancelWaits(on: event.number)
                try? await Task.sleep(for: .milliseconds(1))
            }
        }
        #expect(try await task.value == .cancelled)
        isEnded.change { $0 = true }
        await canceller.value
        #expect(try await untouched.value == .timedOut)
    }

    @Test("several tasks wait for one descriptor, and each ends as it must") func shared() async throws {
        let event = try EventDescriptor()
        let waiting = Shared(0)
        @Sendable func wait(_ deadline: Instant?) async throws -> Poller.Outcome {
            try await Poller.shared.wait(event.number, until: deadline) {
                waiting.change { $0 += 1 }
                return false
            }
        }
        // The one that came first must not be forgotten for those after it, whether they end before it or not.
        let first = Task { try await wait(.now + .seconds(60)) }
        try await waitUntil { waiting.value == 1 }
        let second = Task { try await wait(nil) }
        try await waitUntil { waiting.value == 2 }
        let third = Task { try await wait(.now + .milliseconds(20)) }
        #expect(try await third.value == .timedOut)
        let fourth = Task { try await wait(nil) }
        try await waitUntil { waiting.value == 4 }
        fourth.cancel()
        #expect(try await fourth.value == .cancelled)
        event.raise()
        #expect(try await first.value == .ready)
        #expect(try await second.value == .ready)
    }

    @Test("an alarm rings at its time and no sooner, and one that was cancelled never") func alarms() async throws {
        let rung = Shared<[Int]>([])
        let start = Instant.now
        let cancelled = try Poller.shared.setAlarm(at: start + .milliseconds(10)) { rung.change { $0.append(0) } }
        Poller.shared.cancelAlarm(cancelled)
        for number in [3, 1, 2] {
            _ = try Poller.shared.setAlarm(at: start + .milliseconds(20 * number)) {
                let isEarly = Instant.now < start + .milliseconds(20 * number)
                rung.change { $0.append(isEarly ? -number : number) }
            }
        }
        try await waitUntil { rung.value.count == 3 }
        #expect(rung.value.sorted() == [1, 2, 3])
    }

    @Test("a wait that is given up when it begins ends at once") func givenUpAtOnce() async throws {
        let event = try EventDescriptor()
        #expect(try await Poller.shared.wait(event.number, until: nil, unless: { true }) == .cancelled)
    }

    @Test("a descriptor that is not open is an error") func badDescriptor() async {
        await #expect(throws: SystemError(9, call: "epoll_ctl")) { try await Poller.shared.wait(-1, until: nil) }
    }
}

@Suite("Sending thread", .timeLimit(.minutes(2))) struct SendingThreadTests {
    @Test("runs one after the other on a thread that is not the caller's") func thread() async throws {
        let thread = SendingThread()
        let order = Shared<[Int]>([])
        var identities: Set<UInt> = []
        for index in 0..<20 {
            identities.insert(
                try await thread.run {
                    order.change { $0.append(index) }
                    return threadIdentity()
                })
        }
        #expect(order.value == Array(0..<20))
        #expect(!identities.contains(threadIdentity()))
    }

    @Test("begins again after it has ended for want of work") func restart() async throws {
        let thread = SendingThread()
        #expect(try await thread.run { 1 } == 1)
        try await Task.sleep(for: .milliseconds(1300))
        #expect(try await thread.run { 2 } == 2)
    }
}
