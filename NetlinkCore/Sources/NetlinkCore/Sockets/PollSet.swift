// SPDX-License-Identifier: Apache-2.0

internal import CNetlink

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Many descriptors waited for as one; itself a descriptor that polls readable while any of them does.
@_spi(System) public final class PollSet: Sendable {
    /// The descriptor of the set.
    public let descriptor: Int32

    /// Nothing to wait for yet.
    public init() throws(SystemError) {
        descriptor = epoll_create1(Int32(truncatingIfNeeded: EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw .last("epoll_create1") }
    }

    deinit { closeDescriptor(descriptor) }

    /// Takes a descriptor in, under a number of the caller's.
    public func add(_ number: Int32, as key: UInt64) throws(SystemError) {
        var event = unsafe epoll_event()
        unsafe event.events = cnetlink_readable
        unsafe event.data.u64 = key
        guard unsafe epoll_ctl(descriptor, EPOLL_CTL_ADD, number, &event) == 0 else { throw .last("epoll_ctl") }
    }

    /// Takes a descriptor out, which closing it does too.
    public func remove(_ number: Int32) {
        var event = unsafe epoll_event()
        _ = unsafe epoll_ctl(descriptor, EPOLL_CTL_DEL, number, &event)
    }

    /// The numbers of those that are readable now, at most 64 of them; the kernel takes turns.
    public func ready() -> [UInt64] {
        unsafe withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 64) { events in
            let count = unsafe epoll_wait(descriptor, events.baseAddress, 64, 0)
            return (0..<Swift.max(0, Int(count))).map { unsafe events[$0].data.u64 }
        }
    }

    /// Suspends until one is readable, the deadline passes or the task is cancelled.
    public func wait(until deadline: Instant?, unless isGivenUp: @Sendable () -> Bool) async throws(SystemError) {
        _ = try await Poller.shared.wait(descriptor, until: deadline, unless: isGivenUp)
    }

    /// Ends the waits of tasks.
    public func cancelWaits() { Poller.shared.cancelWaits(on: descriptor) }
}
