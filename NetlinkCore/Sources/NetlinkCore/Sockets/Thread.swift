// SPDX-License-Identifier: Apache-2.0

internal import CNetlink

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Threads of this library's own, which never run anyone else's work.
///
/// They block every signal but those that a fault raises, so that a program's signal handlers never run in a namespace
/// that is not theirs.
enum Thread {
    /// The C library's default may be as little as 128 KiB, and closures of callers run here.
    private static let leastStackByteCount = 1 << 20

    /// Starts a detached thread.
    static func start(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
        _ = cnetlink_detach_thread(try create(body))
    }

    /// Runs the body on a thread of its own and waits for it, so that what it does to the thread is gone with it.
    static func run<T: Sendable, E: Error>(
        _ body: @escaping @Sendable () throws(E) -> T
    ) throws(SystemError) -> Result<T, E> {
        let holder = ResultHolder<T, E>()
        let thread = try create { holder.set(catching(body)) }
        _ = cnetlink_join_thread(thread)
        guard let value = holder.take() else { throw SystemError(EINVAL, call: "pthread_join") }
        return value
    }

    /// Runs the body on a thread of its own without keeping a thread of the task pool waiting.
    static func run<T: Sendable, E: Error>(
        _ body: @escaping @Sendable () throws(E) -> T
    ) async throws(SystemError) -> Result<T, E> {
        let outcome: Result<Result<T, E>, SystemError> = await withCheckedContinuation { continuation in
            do throws(SystemError) {
                try start { continuation.resume(returning: .success(catching(body))) }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        return try outcome.get()
    }

    private static func catching<T, E: Error>(_ body: () throws(E) -> T) -> Result<T, E> {
        do throws(E) { return .success(try body()) } catch { return .failure(error) }
    }

    private static func create(_ body: @escaping @Sendable () -> Void) throws(SystemError) -> UInt {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        var stack = 0
        if unsafe pthread_attr_getstacksize(&attributes, &stack) != 0 || stack < leastStackByteCount {
            unsafe pthread_attr_setstacksize(&attributes, leastStackByteCount)
        }
        // A new thread has its maker's signal mask from its first instruction on.
        let mask = SignalMask.blockAll()
        defer { mask.restore() }
        var thread: UInt = 0
        let box = unsafe Unmanaged.passRetained(Box(body)).toOpaque()
        let status = unsafe cnetlink_create_thread(&thread, &attributes, { unsafe runThread($0) }, box)
        guard status == 0 else {
            unsafe Unmanaged<Box>.fromOpaque(box).release()
            throw SystemError(status, call: "pthread_create")
        }
        return thread
    }

    fileprivate final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private final class ResultHolder<T: Sendable, E: Error>: Sendable {
        let value = Lock<Result<T, E>?>(nil)
        func set(_ result: Result<T, E>) { value.withLock { $0 = result } }
        func take() -> Result<T, E>? { value.withLock { $0 } }
    }
}

private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let argument = unsafe argument { unsafe Unmanaged<Thread.Box>.fromOpaque(argument).takeRetainedValue().body() }
    return nil
}

/// The signals that a thread blocks.
private struct SignalMask {
    private let set: sigset_t

    /// Blocks all signals in the calling thread but those that a fault raises; returns what was blocked before.
    static func blockAll() -> SignalMask {
        var all = sigset_t()
        unsafe sigfillset(&all)
        for signal in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT] { unsafe sigdelset(&all, signal) }
        var before = sigset_t()
        unsafe sigemptyset(&before)
        unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
        return SignalMask(set: before)
    }

    /// Blocks these signals and no others in the calling thread.
    func restore() {
        var set = set
        unsafe pthread_sigmask(SIG_SETMASK, &set, nil)
    }
}

/// How many processors this thread may run on, which is how many threads the task pool has.
func processorCount() -> Int {
    var allowed = [UInt8](repeating: 0, count: 1 << 13)
    let filled = unsafe allowed.withUnsafeMutableBytes { unsafe cnetlink_get_processors($0.baseAddress, $0.count) }
    return Swift.max(1, allowed.prefix(Swift.max(0, Int(filled))).reduce(0) { $0 + $1.nonzeroBitCount })
}
