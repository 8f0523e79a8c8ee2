// SPDX-License-Identifier: Apache-2.0

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The value of an environment variable.
@_spi(System) public func environmentVariable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
}

/// The time of day: seconds since 1970 and nanoseconds of the second.
@_spi(System) public func timeOfDay() -> (seconds: Int64, nanoseconds: Int64) {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return (Int64(time.tv_sec), Int64(time.tv_nsec))
}

/// Makes an empty file for writing, or empties the one that is there, with close-on-exec.
@_spi(System) public func createFile(_ path: String, mode: UInt32 = 0o600) throws(SystemError) -> FileDescriptor {
    guard !path.utf8.contains(0) else { throw SystemError(EINVAL, call: "open") }
    while true {
        let number = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode_t(mode))
        if number >= 0 { return FileDescriptor(owning: number) }
        if errno != EINTR { throw .last("open") }
    }
}

/// Writes all bytes, waiting where it must.
@_spi(System) public func writeAll(_ bytes: [UInt8], to number: Int32) throws(SystemError) {
    var start = 0
    while start < bytes.count {
        let from = start
        let count = unsafe bytes.withUnsafeBytes { buffer in
            unsafe write(number, buffer.baseAddress?.advanced(by: from), buffer.count - from)
        }
        if count >= 0 {
            start += count
        } else if errno == EAGAIN {
            var entry = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
            _ = unsafe poll(&entry, 1, -1)
        } else if errno != EINTR {
            throw .last("write")
        }
    }
}
