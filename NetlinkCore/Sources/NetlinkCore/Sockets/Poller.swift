// SPDX-License-Identifier: Apache-2.0

internal import CNetlink

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Waits for descriptors and deadlines on behalf of tasks, on one thread that starts with the first wait.
///
/// A wait is known by a number of its own, never by its descriptor: a late event of a wait that was given up finds nobody.
final class Poller: Sendable {
    /// How a wait ended.
    enum Outcome: Sendable {
        case ready
        case timedOut
        case cancelled
    }

    static let shared = Poller()

    private struct Wait {
        var descriptor: Int32
        var deadline: Instant?
        var waker: Waker<Outcome>
    }

    private struct State {
        var epoll: Int32 = -1
        var alarm: Int32 = -1
        var process: Int32 = 0
        var nextID: UInt64 = 1
        var waits: [UInt64: Wait] = [:]
        /// When the thread wakes by itself; nil when it sleeps until an event.
        var sleepsUntil: Instant?
    }

    private let state = Lock(State())

    /// Suspends the task until the descriptor is readable, the deadline passes or the task is cancelled.
    ///
    /// `isGivenUp` is asked once the wait stands, so that what it tells of either shows there or finds the wait to end.
    ///
    /// - Throws: when the system refuses to wait, as when the process has no descriptor left.
    func wait(
        _ descriptor: Int32, until deadline: Instant?, unless isGivenUp: @Sendable () -> Bool = { false }
    ) async throws(SystemError) -> Outcome {
        let id = state.withLock { state in
            defer { state.nextID += 1 }
            return state.nextID
        }
        let failure = Lock<SystemError?>(nil)
        let holder = FailureHolder(failure)
        let outcome = await withTaskCancellationHandler {
            await Waker<Outcome>.suspend { waker in
                self.register(id, Wait(descriptor: descriptor, deadline: deadline, waker: waker), holder)
                if isGivenUp() { self.finish(id, .cancelled) }
            }
        } onCancel: {
            self.finish(id, .cancelled)
        }
        if let error = holder.error { throw error }
        return outcome
    }

    private final class FailureHolder: Sendable {
        private let value: Lock<SystemError?>
        init(_ value: consuming Lock<SystemError?>) { self.value = value }
        var error: SystemError? {
            value.withLock { $0 }
        }
        func set(_ error: SystemError) { value.withLock { $0 = error } }
    }

    private func register(_ id: UInt64, _ wait: Wait, _ holder: FailureHolder) {
        // Registered and cancelled in one lock: onCancel may have run before there was anything to find.
        let isCancelled = Task.isCancelled
        let failed: SystemError? = state.withLock { state in
            if isCancelled { return nil }
            do throws(SystemError) {
                try self.start(&state)
                state.waits[id] = wait
                try Self.watch(wait.descriptor, id, state.epoll)
            } catch {
                state.waits[id] = nil
                return error
            }
            if let deadline = wait.deadline, state.sleepsUntil.map({ deadline < $0 }) ?? true {
                state.sleepsUntil = deadline
                Self.ring(state.alarm)
            }
            return nil
        }
        if isCancelled { return wait.waker.wake(.cancelled) }
        if let failed {
            holder.set(failed)
            return wait.waker.wake(.cancelled)
        }
        // The handler may have run between the look at isCancelled and the registration.
        if Task.isCancelled { finish(id, .cancelled) }
    }

    private func finish(_ id: UInt64, _ outcome: Outcome) {
        state.withLock { $0.waits.removeValue(forKey: id) }?.waker.wake(outcome)
    }

    /// Ends the waits for a descriptor that is about to close.
    func cancelWaits(on descriptor: Int32) {
        let waits: [Wait] = state.withLock { state in
            let found = state.waits.filter { $0.value.descriptor == descriptor }
            for id in found.keys { state.waits[id] = nil }
            return Array(found.values)
        }
        for wait in waits { wait.waker.wake(.cancelled) }
    }

    // A forked child has the parent's epoll but not its thread; it gets its own of both.
    private func start(_ state: inout State) throws(SystemError) {
        let process = getpid()
        if state.process == process { return }
        let epoll = epoll_create1(Int32(truncatingIfNeeded: EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw .last("epoll_create1") }
        let alarm = eventfd(0, Int32(truncatingIfNeeded: EFD_CLOEXEC | EFD_NONBLOCK))
        guard alarm >= 0 else {
            closeDescriptor(epoll)
            throw .last("eventfd")
        }
        do throws(SystemError) {
            var event = unsafe epoll_event()
            unsafe event.events = EPOLLIN.rawValue
            unsafe event.data.u64 = 0
            guard unsafe epoll_ctl(epoll, EPOLL_CTL_ADD, alarm, &event) == 0 else { throw .last("epoll_ctl") }
            try Thread.start { self.run(epoll, alarm) }
        } catch {
            closeDescriptor(epoll)
            closeDescriptor(alarm)
            throw error
        }
        state.epoll = epoll
        state.alarm = alarm
        state.process = process
        state.waits = [:]
    }

    private static func watch(_ descriptor: Int32, _ id: UInt64, _ epoll: Int32) throws(SystemError) {
        var event = unsafe epoll_event()
        unsafe event.events = EPOLLIN.rawValue | EPOLLONESHOT.rawValue
        unsafe event.data.u64 = id
        if unsafe epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event) == 0 { return }
        guard errno == ENOENT, unsafe epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
            throw .last("epoll_ctl")
        }
    }

    private static func ring(_ alarm: Int32) {
        var one: UInt64 = 1
        _ = unsafe write(alarm, &one, 8)
    }

    private func run(_ epoll: Int32, _ alarm: Int32) {
        var ids: [UInt64] = []
        while true {
            let deadline = state.withLock { $0.sleepsUntil }
            ids.removeAll(keepingCapacity: true)
            Self.collect(epoll, alarm, deadline.map { $0.millisecondsLeft() } ?? -1, &ids)
            for id in ids { finish(id, .ready) }
            expire()
        }
    }

    private static func collect(_ epoll: Int32, _ alarm: Int32, _ milliseconds: Int32, _ ids: inout [UInt64]) {
        unsafe withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 64) { events in
            let count = unsafe epoll_wait(epoll, events.baseAddress, 64, milliseconds)
            for index in 0..<Swift.max(0, Int(count)) {
                let id = unsafe events[index].data.u64
                if id != 0 {
                    ids.append(id)
                } else {
                    var value: UInt64 = 0
                    _ = unsafe read(alarm, &value, 8)
                }
            }
        }
    }

    private func expire() {
        let now = Instant.now
        let expired: [Wait] = state.withLock { state in
            guard let sleepsUntil = state.sleepsUntil, sleepsUntil <= now else { return [] }
            let due = state.waits.filter { $0.value.deadline.map { $0 <= now } ?? false }
            for id in due.keys { state.waits[id] = nil }
            state.sleepsUntil = state.waits.values.compactMap(\.deadline).min()
            return Array(due.values)
        }
        for wait in expired { wait.waker.wake(.timedOut) }
    }
}
