// SPDX-License-Identifier: Apache-2.0

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The number of this process, to notice that a connection crossed a fork.
@_spi(System) public func currentProcess() -> Int32 { ProcessNumber.current }

/// The number, kept where a forked child finds zeros: asking the kernel would be one more system call for each message.
private enum ProcessNumber {
    nonisolated(unsafe) private static let kept: UnsafeMutablePointer<Int32>? = unsafe makePlace()

    static var current: Int32 {
        // Kernels before 4.14 have no such memory.
        guard let kept = unsafe kept else { return getpid() }
        let known = unsafe kept.pointee
        if known != 0 { return known }
        let number = getpid()
        unsafe kept.pointee = number
        return number
    }

    private static func makePlace() -> UnsafeMutablePointer<Int32>? {
        let byteCount = Int(sysconf(Int32(_SC_PAGESIZE)))
        let place = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let place = unsafe place, unsafe place != MAP_FAILED else { return nil }
        let wipeOnFork: Int32 = 18  // MADV_WIPEONFORK
        guard unsafe madvise(place, byteCount, wipeOnFork) == 0 else {
            unsafe munmap(place, byteCount)
            return nil
        }
        let number = unsafe place.bindMemory(to: Int32.self, capacity: 1)
        unsafe number.pointee = getpid()
        return unsafe number
    }
}
