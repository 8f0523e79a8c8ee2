// SPDX-License-Identifier: Apache-2.0

#if NETLINK_THREAD_SANITIZER
#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A value that one thread at a time may touch.
///
/// ThreadSanitizer does not see `Mutex`'s futex calls and reports races that are none, hence pthreads when built for it.
@_spi(System) @safe public struct Lock<Value>: ~Copyable, @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let value: UnsafeMutablePointer<Value>

    /// Keeps a value.
    public init(_ initial: consuming sending Value) {
        unsafe mutex = UnsafeMutablePointer.allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
        unsafe value = UnsafeMutablePointer.allocate(capacity: 1)
        unsafe value.initialize(to: initial)
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
        unsafe value.deinitialize(count: 1)
        unsafe value.deallocate()
    }

    /// Runs the body with the value, alone.
    public borrowing func withLock<Result: ~Copyable, E: Error>(
        _ body: (inout sending Value) throws(E) -> sending Result
    ) throws(E) -> sending Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try unsafe body(&value.pointee)
    }
}
#else
import Synchronization

/// A value that one thread at a time may touch.
@_spi(System) public struct Lock<Value>: ~Copyable, Sendable {
    private let mutex: Mutex<Value>

    /// Keeps a value.
    public init(_ initial: consuming sending Value) { mutex = Mutex(initial) }

    /// Runs the body with the value, alone.
    public borrowing func withLock<Result: ~Copyable, E: Error>(
        _ body: (inout sending Value) throws(E) -> sending Result
    ) throws(E) -> sending Result {
        try mutex.withLock(body)
    }
}
#endif
