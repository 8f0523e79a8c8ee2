// SPDX-License-Identifier: Apache-2.0

/// Runs tasks on whatever thread makes them ready, for a forked child, which has no pool.
final class InlineExecutor: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        unsafe job.runSynchronously(on: asUnownedTaskExecutor())
    }
}
