// SPDX-License-Identifier: Apache-2.0

internal import CNetlink

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A descriptor that polls readable while it is raised; it closes itself.
@_spi(System) public final class EventDescriptor: Sendable {
    /// The number, for `poll` and `epoll`.
    public let number: Int32

    /// Opens one, not raised.
    public init() throws(SystemError) {
        number = eventfd(0, Int32(truncatingIfNeeded: EFD_CLOEXEC | EFD_NONBLOCK))
        guard number >= 0 else { throw .last("eventfd") }
    }

    deinit { closeDescriptor(number) }

    /// Makes it poll readable.
    public func raise() {
        var one: UInt64 = 1
        _ = unsafe write(number, &one, MemoryLayout<UInt64>.size)
    }

    /// Makes it poll not readable.
    public func lower() {
        var count: UInt64 = 0
        _ = unsafe read(number, &count, MemoryLayout<UInt64>.size)
    }
}
