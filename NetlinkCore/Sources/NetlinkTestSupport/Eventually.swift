// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore

/// Suspends until a condition holds, or the time is over.
///
/// For what happens some time after the call that causes it: the kernel ends a namespace after its last user let go of
/// it, on a busy machine many seconds later.
///
/// - Parameters:
///   - limit: When to give up.
///   - condition: Asked every few milliseconds, and a last time when the limit has passed.
/// - Returns: Whether the condition held before the limit.
/// - Throws: What the condition throws; `CancellationError` where the task is cancelled.
public func eventually(
    within limit: Duration = .seconds(30), _ condition: () throws -> Bool
) async throws -> Bool {
    let end = Instant.now + limit
    while true {
        let isLate = Instant.now >= end
        if try condition() { return true }
        if isLate { return false }
        try await Task.sleep(for: .milliseconds(5))
    }
}
