// SPDX-License-Identifier: Apache-2.0

/// How often and how soon one dump that was interrupted is begun anew.
///
/// What changes the objects mostly does so many times in a row, and dumps of several programs that were interrupted
/// together would meet again: each pause is twice the one before, up to a bound, and by chance up to half of it less.
/// All pauses of a dump together are no longer than its connection waits for the kernel.
struct DumpRetries: Sendable {
    private static let firstNanoseconds: UInt64 = 1_000_000
    private static let doublings = 6

    private let limit: Int
    private let clock: RetryClock
    private var left: Duration?
    /// How often it was begun anew.
    private(set) var count = 0

    init(limit: Int, timeout: Duration?, clock: RetryClock) {
        self.limit = limit
        self.clock = clock
        left = timeout
    }

    /// When the dump is to be begun anew; nil when it was often enough, or no time is left.
    mutating func next() -> Instant? {
        guard count < limit else { return nil }
        let longest = Self.firstNanoseconds << UInt64(Swift.min(count, Self.doublings))
        let pause = Duration.nanoseconds(Int64(longest - Swift.min(clock.random(longest / 2), longest / 2)))
        if let left, pause > left { return nil }
        left = left.map { $0 - pause }
        count += 1
        return clock.now() + pause
    }
}

/// The time and chance by which interrupted dumps pause.
struct RetryClock: Sendable {
    /// This moment.
    var now: @Sendable () -> Instant = { .now }
    /// A number from 0 to the one given.
    var random: @Sendable (UInt64) -> UInt64 = { .random(in: 0...$0) }
    /// Keeps the calling thread until then.
    var sleep: @Sendable (Instant) -> Void = { $0.sleep() }
    /// Keeps the task until then, its cancellation or the closing of the queue.
    var suspend: @Sendable (TaskQueue, Instant) async -> TaskQueue.Turn = { await $0.enter(until: $1) }

    /// Suspends the task until then; the queue lets nobody through and is closed with what the dump belongs to.
    func pause(until moment: Instant, in queue: TaskQueue) async throws(NetlinkError) {
        switch await suspend(queue, moment) {
        case .timedOut, .granted, .busy: return
        case .cancelled: throw NetlinkError(.cancelled)
        case .closed: throw NetlinkError(.closed)
        case .failed(let number): throw NetlinkError(NetlinkError.Code(rawValue: number))
        }
    }
}

extension TaskQueue {
    /// One that lets nobody through, for pauses that closing it ends.
    static func forPauses() -> TaskQueue { TaskQueue(limit: .max, places: 0) }
}
