// SPDX-License-Identifier: Apache-2.0

@_spi(System) internal import NetlinkCore

/// Something that one task at a time uses, with the set of descriptors that it waits for.
final class Turn<Value: AnyObject & Sendable>: Sendable {
    private let value: Lock<Value>
    private let poll: PollSet
    private let closed = Lock(false)

    init(_ value: Value, _ poll: PollSet) {
        self.value = Lock(value)
        self.poll = poll
    }

    func use<R: Sendable>(_ body: (Value) throws(NetlinkError) -> R) throws(NetlinkError) -> R {
        try value.withLock { (value: inout sending Value) throws(NetlinkError) -> R in try body(value) }
    }

    var isClosed: Bool {
        closed.withLock { $0 }
    }

    /// Ends the waits, and gives the value up: what it holds is let go by the closure.
    func close(_ letGo: (Value) -> Void) {
        closed.withLock { $0 = true }
        poll.cancelWaits()
        value.withLock { (value: inout sending Value) in letGo(value) }
    }

    /// Uses the value for something that takes effect only as long as it is read.
    func change(_ body: (Value) throws(NetlinkError) -> Void) throws(NetlinkError) {
        try use { (value: Value) throws(NetlinkError) in
            guard !isClosed else { throw NetlinkError(.closed, operation: "watch namespaces") }
            try body(value)
        }
    }

    /// Suspends until something may be there, the deadline passes, it is closed or the task is cancelled.
    func wait(until deadline: Instant?) async throws(NetlinkError) {
        do throws(SystemError) {
            try await poll.wait(until: deadline) { self.isClosed }
        } catch {
            throw NetlinkError(error, operation: "receive events")
        }
    }
}
