// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore

/// Counts up from 0, from any thread.
final class AnswerCounter: Sendable {
    private let count = Lock(0)

    func next() -> Int {
        count.withLock { count in
            defer { count += 1 }
            return count
        }
    }
}
