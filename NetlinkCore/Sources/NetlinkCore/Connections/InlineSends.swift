// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// How many commands of this process are being sent from threads of the task pool, each of which may sleep in the kernel.
///
/// Half the threads of the pool at most: on one processor none, so that other tasks always find a thread.
enum InlineSends {
    static let limit = processorCount() / 2
    private static let running = Atomic<Int>(0)

    /// Takes a place; false when none is left.
    static func enter() -> Bool {
        if running.wrappingAdd(1, ordering: .relaxed).newValue <= limit { return true }
        leave()
        return false
    }

    /// Gives the place back.
    static func leave() { running.wrappingSubtract(1, ordering: .relaxed) }
}
