// SPDX-License-Identifier: Apache-2.0

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The names in a directory in the order in which the system gives them, without `.` and `..`.
@_spi(System) public func directoryEntries(_ path: String) throws(SystemError) -> [String] {
    try checkPath(path, call: "opendir")
    guard let directory = unsafe opendir(path) else { throw .last("opendir") }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while true {
        errno = 0
        guard let entry = unsafe readdir(directory) else {
            if errno != 0 { throw .last("readdir") }
            return names
        }
        let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != ".", name != ".." { names.append(name) }
    }
}

/// Opens what is empty to read and takes everything that is written.
func openNull() throws(SystemError) -> FileDescriptor { try openFile("/dev/null", flags: O_RDWR) }

/// Makes a directory; false when there is something of that name already.
@_spi(System) public func makeDirectory(_ path: String) throws(SystemError) -> Bool {
    try checkPath(path, call: "mkdir")
    if unsafe mkdir(path, 0o755) == 0 { return true }
    if errno == EEXIST { return false }
    throw .last("mkdir")
}

/// Removes an empty directory.
func removeEmptyDirectory(_ path: String) throws(SystemError) {
    try checkPath(path, call: "rmdir")
    guard unsafe rmdir(path) == 0 else { throw .last("rmdir") }
}

/// Makes an empty file that nobody may read or write, and fails when there is one.
func createMarker(_ path: String) throws(SystemError) {
    try checkPath(path, call: "open")
    while true {
        let number = unsafe open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0)
        if number >= 0 { return closeDescriptor(number) }
        if errno != EINTR { throw .last("open") }
    }
}

/// Removes a file's name.
@_spi(System) public func removeFile(_ path: String) throws(SystemError) {
    try checkPath(path, call: "unlink")
    guard unsafe unlink(path) == 0 else { throw .last("unlink") }
}

/// Runs the body while no other process that asks the same holds the directory.
func withLockedDirectory(_ path: String, _ body: () throws(SystemError) -> Void) throws(SystemError) {
    let directory = try openFile(path, flags: O_DIRECTORY)
    while flock(directory.number, LOCK_EX) != 0 {
        if errno != EINTR { throw .last("flock") }
    }
    defer { flock(directory.number, LOCK_UN) }
    try body()
}

/// A name with a NUL inside would reach the kernel cut.
func checkPath(_ path: String, call: String) throws(SystemError) {
    if path.utf8.contains(0) { throw SystemError(EINVAL, call: call) }
}
