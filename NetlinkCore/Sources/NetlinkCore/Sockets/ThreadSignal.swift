// SPDX-License-Identifier: Apache-2.0

internal import CNetlink

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Wakes a sleeping thread; a signal given while it is awake is kept.
@safe final class ThreadSignal: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var isSet = false

    init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
        unsafe condition = .allocate(capacity: 1)
        unsafe condition.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe condition.deallocate()
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    func signal() {
        unsafe pthread_mutex_lock(mutex)
        isSet = true
        unsafe pthread_cond_signal(condition)
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Sleeps until a signal, or at most so long; true for a signal.
    func wait(seconds: Int) -> Bool {
        var until = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &until)
        until.tv_sec += seconds
        unsafe pthread_mutex_lock(mutex)
        while !isSet {
            if unsafe pthread_cond_timedwait(condition, mutex, &until) != 0 { break }
        }
        defer {
            isSet = false
            unsafe pthread_mutex_unlock(mutex)
        }
        return isSet
    }
}
