// SPDX-License-Identifier: Apache-2.0

import Glibc

// Swift hides the C library's declaration; only a process of one's own, such as an exit test's, may do this.
@_silgen_name("fork") private func forkProcess() -> Int32

/// The status with which a forked child ends, which runs the body and nothing else: 0 when it returns true.
func inForkedChild(_ body: () -> Bool) -> Int32 {
    let child = forkProcess()
    if child == 0 { _exit(body() ? 0 : 1) }
    guard child > 0 else { return -1 }
    var status: Int32 = -1
    guard unsafe waitpid(child, &status, 0) == child else { return -1 }
    return status
}
