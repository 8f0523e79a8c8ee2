// SPDX-License-Identifier: Apache-2.0

internal import CNetlink

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Waits for descriptors and deadlines on behalf of tasks, on one thread that starts with the first wait.
///
/// An event is known by the number of the watch that asked for it, never by its descriptor alone: a late one of a wait that
/// was given up finds nobody.
final class Poller: Sendable {
    /// How a wait ended.
    enum Outcome: Sendable {
        case ready
        case timedOut
        case cancelled
    }

    /// What a wait is for.
    enum Readiness: Sendable {
        case readable
        /// On a descriptor that nobody waits to read: a descriptor is watched for one of both.
        case writable

        fileprivate var events: UInt32 {
            switch self {
            case .readable: cnetlink_readable
            case .writable: cnetlink_writable
            }
        }
    }

    static let shared = Poller()

    private struct Wait {
        var id: UInt64
        var deadline: Instant?
        var waker: Waker<Outcome>
    }

    /// The waits for one descriptor, which an event ends together.
    private struct Watch {
        /// Tells events of this watch from late ones of an earlier, perhaps of another file.
        var number: UInt32
        var waits: [Wait]
    }

    private struct Alarm {
        var time: Instant
        var ring: @Sendable () -> Void
    }

    private struct State {
        var epoll: Int32 = -1
        var bell: Int32 = -1
        var process: Int32 = 0
        var lastID: UInt64 = 0
        var lastNumber: UInt32 = 0
        var watches: [Int32: Watch] = [:]
        var alarms: [UInt64: Alarm] = [:]
        /// When the thread wakes by itself; nil when it sleeps until an event.
        var sleepsUntil: Instant?

        /// Takes one wait out.
        mutating func remove(_ id: UInt64, _ descriptor: Int32) -> Wait? {
            guard let index = watches[descriptor]?.waits.firstIndex(where: { $0.id == id }) else { return nil }
            let wait = watches[descriptor]?.waits.remove(at: index)
            if watches[descriptor]?.waits.isEmpty ?? false { watches[descriptor] = nil }
            return wait
        }

        /// Takes out what is due, and finds out when the next is.
        mutating func takeDue(_ now: Instant) -> (waits: [Wait], alarms: [Alarm]) {
            guard let sleepsUntil, sleepsUntil <= now else { return ([], []) }
            var waits: [Wait] = []
            var next: Instant?
            func notice(_ time: Instant) { next = next.map { Swift.min($0, time) } ?? time }
            for (descriptor, watch) in watches {
                for wait in watch.waits {
                    guard let deadline = wait.deadline else { continue }
                    if deadline <= now { waits.append(wait) } else { notice(deadline) }
                }
                if let last = waits.last, watch.waits.contains(where: { $0.id == last.id }) {
                    watches[descriptor]?.waits.removeAll { $0.deadline.map { $0 <= now } ?? false }
                    if watches[descriptor]?.waits.isEmpty ?? false { watches[descriptor] = nil }
                }
            }
            let due = alarms.filter { $0.value.time <= now }
            for id in due.keys { alarms[id] = nil }
            for alarm in alarms.values { notice(alarm.time) }
            self.sleepsUntil = next
            return (waits, Array(due.values))
        }
    }

    private let state = Lock(State())

    /// Suspends the task until the descriptor is readable or writable, the deadline passes or the task is cancelled.
    ///
    /// Several tasks may wait for one descriptor; an event ends the waits of all. `isGivenUp` is asked once the wait
    /// stands, so that what it tells of either shows there or finds the wait to end.
    ///
    /// - Throws: when the system refuses to wait, as when the process has no descriptor left.
    func wait(
        _ descriptor: Int32, for readiness: Readiness = .readable, until deadline: Instant?,
        unless isGivenUp: @Sendable () -> Bool = { false }
    ) async throws(SystemError) -> Outcome {
        let id = nextID()
        let failure = FailureHolder()
        let outcome = await withTaskCancellationHandler {
            await Waker<Outcome>.suspend { waker in
                self.register(Wait(id: id, deadline: deadline, waker: waker), descriptor, readiness, failure)
                if isGivenUp() { self.cancel(id, descriptor) }
            }
        } onCancel: {
            self.cancel(id, descriptor)
        }
        if let error = failure.error { throw error }
        return outcome
    }

    /// Calls the closure, which must be short, on the poller's thread at that time, unless it is cancelled before.
    ///
    /// - Returns: what ``cancelAlarm(_:)`` takes.
    func setAlarm(at time: Instant, _ ring: @escaping @Sendable () -> Void) throws(SystemError) -> UInt64 {
        let id = nextID()
        try state.withLock { (state) throws(SystemError) in
            try self.start(&state)
            state.alarms[id] = Alarm(time: time, ring: ring)
            Self.wake(&state, by: time)
        }
        return id
    }

    /// Forgets an alarm; its closure may be running.
    func cancelAlarm(_ id: UInt64) { state.withLock { $0.alarms[id] = nil } }

    private func nextID() -> UInt64 {
        state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
    }

    private final class FailureHolder: Sendable {
        private let value = Lock<SystemError?>(nil)
        var error: SystemError? {
            value.withLock { $0 }
        }
        func set(_ error: SystemError) { value.withLock { $0 = error } }
    }

    private func register(
        _ wait: Wait, _ descriptor: Int32, _ readiness: Readiness, _ holder: FailureHolder
    ) {
        // Registered and cancelled in one lock: onCancel may have run before there was anything to find.
        let isCancelled = Task.isCancelled
        let failed: SystemError? = state.withLock { state in
            if isCancelled { return nil }
            do throws(SystemError) {
                try self.start(&state)
                // Watched anew each time: by now the number may be another file's, which the system does not watch yet.
                state.lastNumber = state.lastNumber == .max ? 1 : state.lastNumber + 1
                try Self.watch(descriptor, readiness.events, state.lastNumber, state.epoll)
            } catch {
                return error
            }
            state.watches[descriptor, default: Watch(number: 0, waits: [])].number = state.lastNumber
            state.watches[descriptor]?.waits.append(wait)
            if let deadline = wait.deadline { Self.wake(&state, by: deadline) }
            return nil
        }
        if isCancelled { return wait.waker.wake(.cancelled) }
        if let failed {
            holder.set(failed)
            return wait.waker.wake(.cancelled)
        }
        // The handler may have run between the look at isCancelled and the registration.
        if Task.isCancelled { cancel(wait.id, descriptor) }
    }

    private func cancel(_ id: UInt64, _ descriptor: Int32) {
        state.withLock { $0.remove(id, descriptor) }?.waker.wake(.cancelled)
    }

    /// Ends the waits for a descriptor that is about to close.
    func cancelWaits(on descriptor: Int32) {
        let watch = state.withLock { $0.watches.removeValue(forKey: descriptor) }
        for wait in watch?.waits ?? [] { wait.waker.wake(.cancelled) }
    }

    // A forked child has the parent's epoll but not its thread; it gets its own of both.
    private func start(_ state: inout State) throws(SystemError) {
        let process = getpid()
        if state.process == process { return }
        let epoll = epoll_create1(Int32(truncatingIfNeeded: EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw .last("epoll_create1") }
        let bell = eventfd(0, Int32(truncatingIfNeeded: EFD_CLOEXEC | EFD_NONBLOCK))
        guard bell >= 0 else {
            closeDescriptor(epoll)
            throw .last("eventfd")
        }
        do throws(SystemError) {
            var event = unsafe epoll_event()
            unsafe event.events = cnetlink_readable
            unsafe event.data.u64 = 0
            guard unsafe epoll_ctl(epoll, EPOLL_CTL_ADD, bell, &event) == 0 else { throw .last("epoll_ctl") }
            try Thread.start { self.run(epoll, bell) }
        } catch {
            closeDescriptor(epoll)
            closeDescriptor(bell)
            throw error
        }
        state.epoll = epoll
        state.bell = bell
        state.process = process
        state.watches = [:]
        state.alarms = [:]
        state.sleepsUntil = nil
    }

    private static func watch(
        _ descriptor: Int32, _ events: UInt32, _ number: UInt32, _ epoll: Int32
    ) throws(SystemError) {
        var event = unsafe epoll_event()
        unsafe event.events = events | cnetlink_one_shot
        unsafe event.data.u64 = UInt64(UInt32(bitPattern: descriptor)) << 32 | UInt64(number)
        if unsafe epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event) == 0 { return }
        guard errno == ENOENT, unsafe epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
            throw .last("epoll_ctl")
        }
    }

    /// Sees to it that the thread wakes at that time or before.
    private static func wake(_ state: inout State, by time: Instant) {
        if let sleepsUntil = state.sleepsUntil, sleepsUntil <= time { return }
        state.sleepsUntil = time
        var one: UInt64 = 1
        _ = unsafe write(state.bell, &one, 8)
    }

    private func run(_ epoll: Int32, _ bell: Int32) {
        var events: [UInt64] = []
        while true {
            let deadline = state.withLock { $0.sleepsUntil }
            events.removeAll(keepingCapacity: true)
            Self.collect(epoll, bell, deadline.map { $0.millisecondsLeft() } ?? -1, &events)
            for event in events { finish(event) }
            expire()
        }
    }

    private static func collect(_ epoll: Int32, _ bell: Int32, _ milliseconds: Int32, _ found: inout [UInt64]) {
        unsafe withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 64) { events in
            let count = unsafe epoll_wait(epoll, events.baseAddress, 64, milliseconds)
            for index in 0..<Swift.max(0, Int(count)) {
                let data = unsafe events[index].data.u64
                if data != 0 {
                    found.append(data)
                } else {
                    var value: UInt64 = 0
                    _ = unsafe read(bell, &value, 8)
                }
            }
        }
    }

    /// Ends the waits for the descriptor of an event, unless it is a late one of waits that are no more.
    private func finish(_ event: UInt64) {
        let descriptor = Int32(bitPattern: UInt32(truncatingIfNeeded: event >> 32))
        let watch: Watch? = state.withLock { state in
            guard state.watches[descriptor]?.number == UInt32(truncatingIfNeeded: event) else { return nil }
            return state.watches.removeValue(forKey: descriptor)
        }
        for wait in watch?.waits ?? [] { wait.waker.wake(.ready) }
    }

    private func expire() {
        let now = Instant.now
        let due = state.withLock { $0.takeDue(now) }
        for wait in due.waits { wait.waker.wake(.timedOut) }
        for alarm in due.alarms { alarm.ring() }
    }
}
