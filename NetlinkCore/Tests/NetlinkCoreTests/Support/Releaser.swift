// SPDX-License-Identifier: Apache-2.0

import Glibc
import NetlinkTestSupport

@testable import NetlinkCore

/// Releases one held answer of a kernel after the other, at intervals, until it is stopped.
///
/// On a thread of its own: blocking tests may hold every thread of the pool.
final class Releaser: Sendable {
    private let isStopped = Shared(false)

    init(_ kernel: FakeKernel, every interval: Duration) throws {
        let microseconds = UInt32(interval.components.attoseconds / 1_000_000_000_000)
        try Thread.start { [isStopped] in
            while !isStopped.value {
                usleep(microseconds)
                kernel.releaseOne()
            }
        }
    }

    func stop() { isStopped.change { $0 = true } }
}
