// SPDX-License-Identifier: Apache-2.0

/// A thread of one connection on which it sends what may sleep in the kernel's locks.
///
/// Deleting links keeps `sendmsg` busy for tens of milliseconds; two such calls would stop a pool of two threads. The
/// thread ends after a while without work, and starts again with the next.
final class SendingThread: Sendable {
    private let jobs = Lock<[@Sendable () -> Void]>([])
    private let isRunning = Lock(false)
    private let condition = ThreadSignal()

    /// Runs the closure on the thread and suspends the task until it is done.
    func run<T: Sendable>(_ body: @escaping @Sendable () -> T) async throws(SystemError) -> T {
        // Handed over in a lock: what the closure wrote is then visible here by more than the runtime's own means, which
        // ThreadSanitizer does not see.
        let handover = Handover<T>()
        let isDone: Bool = await Waker<Bool>.suspend { waker in
            jobs.withLock {
                $0.append {
                    handover.result.withLock { $0 = .success(body()) }
                    waker.wake(true)
                }
            }
            do throws(SystemError) {
                try start()
                condition.signal()
            } catch {
                handover.result.withLock { $0 = .failure(error) }
                let own = jobs.withLock { $0.popLast() }
                if own != nil { waker.wake(false) }
            }
        }
        let result = handover.result.withLock { $0 }
        guard isDone, let result else {
            throw SystemError(NetlinkError.Code.wouldBlock.rawValue, call: "pthread_create")
        }
        return try result.get()
    }

    private final class Handover<T: Sendable>: Sendable {
        let result = Lock<Result<T, SystemError>?>(nil)
    }

    private func start() throws(SystemError) {
        let mustStart: Bool = isRunning.withLock { running in
            defer { running = true }
            return !running
        }
        guard mustStart else { return }
        do throws(SystemError) {
            try Thread.start { [self] in loop() }
        } catch {
            isRunning.withLock { $0 = false }
            throw error
        }
    }

    private func loop() {
        while true {
            if let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
                job()
                continue
            }
            if condition.wait(seconds: 1) { continue }
            // Nothing came for a second: end, unless work arrives while saying so.
            let mayEnd: Bool = isRunning.withLock { running in
                guard jobs.withLock({ $0.isEmpty }) else { return false }
                running = false
                return true
            }
            if mayEnd { return }
        }
    }
}
