// SPDX-License-Identifier: Apache-2.0

/// Lets a number of tasks at a time through, in the order in which they came, and bounds how many wait.
final class TaskQueue: Sendable {
    /// How a task's wait for its turn ended.
    enum Turn: Hashable, Sendable {
        case granted
        case busy
        case cancelled
        case closed
        case timedOut
        /// The system refuses to keep the deadline, with this error number.
        case failed(Int32)
    }

    private struct State {
        var taken = 0
        var isClosed = false
        var nextID: UInt64 = 0
        // A ring would be less code to read only if waiting were common; nearly every request finds the queue empty.
        var order: [UInt64] = []
        var first = 0
        var waiting: [UInt64: Waker<Turn>] = [:]
    }

    private let state = Lock(State())
    private let limit: Int
    private let places: Int

    /// Lets `places` tasks through at a time, and `limit` wait.
    init(limit: Int, places: Int = 1) {
        self.limit = limit
        self.places = places
    }

    /// Takes a turn without waiting, when there is one.
    func tryEnter() -> Turn? {
        state.withLock { state -> Turn? in
            if state.isClosed { return .closed }
            if state.taken >= places { return state.waiting.count >= limit ? .busy : nil }
            state.taken += 1
            return .granted
        }
    }

    /// Waits for a turn, until the deadline where there is one.
    func enter(until deadline: Instant? = nil) async -> Turn {
        if let turn = tryEnter() { return turn }
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        var alarm: UInt64?
        defer { if let alarm { Poller.shared.cancelAlarm(alarm) } }
        return await withTaskCancellationHandler {
            await Waker<Turn>.suspend { waker in
                let turn: Turn? = self.state.withLock { state in
                    if state.isClosed { return .closed }
                    if Task.isCancelled { return .cancelled }
                    if state.taken < self.places {
                        state.taken += 1
                        return .granted
                    }
                    if state.waiting.count >= self.limit { return .busy }
                    state.order.append(id)
                    state.waiting[id] = waker
                    return nil
                }
                if let turn { return waker.wake(turn) }
                // The handler may have run before there was anything to find.
                if Task.isCancelled { self.end(id, .cancelled) }
                guard let deadline else { return }
                do throws(SystemError) {
                    alarm = try Poller.shared.setAlarm(at: deadline) { self.end(id, .timedOut) }
                } catch {
                    self.end(id, .failed(error.number))
                }
            }
        } onCancel: {
            self.end(id, .cancelled)
        }
    }

    private func end(_ id: UInt64, _ turn: Turn) {
        let waker: Waker<Turn>? = state.withLock { state in
            defer {
                // A queue that lets nobody through would keep every number for ever.
                if state.waiting.isEmpty {
                    state.order.removeAll(keepingCapacity: true)
                    state.first = 0
                }
            }
            return state.waiting.removeValue(forKey: id)
        }
        waker?.wake(turn)
    }

    /// Gives the turn to the next task that still waits.
    func leave() {
        let next: Waker<Turn>? = state.withLock { state in
            while state.first < state.order.count {
                let id = state.order[state.first]
                state.first += 1
                if let waker = state.waiting.removeValue(forKey: id) {
                    if state.first > 64, state.first * 2 > state.order.count {
                        state.order.removeFirst(state.first)
                        state.first = 0
                    }
                    return waker
                }
            }
            state.order.removeAll(keepingCapacity: true)
            state.first = 0
            state.taken -= 1
            return nil
        }
        next?.wake(.granted)
    }

    /// Ends every wait; nobody gets the turn any more.
    func close() {
        let waiting: [Waker<Turn>] = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for waker in waiting { waker.wake(.closed) }
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }
    /// How many tasks wait for their turn.
    var waitingCount: Int { state.withLock { $0.waiting.count } }
}
