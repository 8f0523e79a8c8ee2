// SPDX-License-Identifier: Apache-2.0

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// An open descriptor that closes itself.
public struct FileDescriptor: ~Copyable, Sendable {
    /// The number.
    public let number: Int32

    /// Takes over an open descriptor.
    public init(owning number: Int32) { self.number = number }

    deinit { closeDescriptor(number) }

    /// Gives the number away; the caller closes it.
    public consuming func release() -> Int32 {
        let number = number
        discard self
        return number
    }
}

func closeDescriptor(_ number: Int32) { _ = close(number) }

/// Opens a file with close-on-exec.
@_spi(System) public func openFile(_ path: String, flags: Int32 = 0) throws(SystemError) -> FileDescriptor {
    guard !path.utf8.contains(0) else { throw SystemError(EINVAL, call: "open") }
    while true {
        let number = unsafe open(path, flags | O_CLOEXEC)
        if number >= 0 { return FileDescriptor(owning: number) }
        if errno != EINTR { throw .last("open") }
    }
}

/// Duplicates a descriptor with close-on-exec.
@_spi(System) public func duplicate(_ number: Int32) throws(SystemError) -> FileDescriptor {
    let copy = fcntl(number, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0 else { throw .last("fcntl") }
    return FileDescriptor(owning: copy)
}

/// Reads a file, such as one of /proc.
///
/// - Throws: `EFBIG` when it has more than `limit` bytes, rather than a part of it.
@_spi(System) public func readFile(_ path: String, limit: Int = 1 << 20) throws(SystemError) -> [UInt8] {
    let file = try openFile(path)
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 14)
    while true {
        let count = unsafe piece.withUnsafeMutableBytes { unsafe read(file.number, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw .last("read") }
        if count == 0 { return bytes }
        guard count <= limit - bytes.count else { throw SystemError(EFBIG, call: "read") }
        bytes += piece[0..<count]
    }
}

/// Waits until a descriptor is readable or the deadline passes; true when readable.
@_spi(System) public func waitReadable(_ number: Int32, until deadline: Instant?) throws(SystemError) -> Bool {
    var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    while true {
        let ready = unsafe poll(&entry, 1, deadline.map { $0.millisecondsLeft() } ?? -1)
        if ready > 0 { return true }
        if ready < 0, errno != EINTR { throw .last("poll") }
        if let deadline, deadline <= .now { return false }
    }
}
