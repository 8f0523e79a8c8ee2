// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// What the commands' common code does not ask of files.
enum Files {
    /// Whether a path leads to a folder.
    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        guard !path.utf8.contains(0), unsafe stat(path, &status) == 0 else { return false }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    /// The system's words for why a file cannot be opened.
    static func whyUnreadable(_ path: String) -> String {
        errno = 0
        guard !path.utf8.contains(0) else { return text(EINVAL) }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return text(errno) }
        close(descriptor)
        return text(EIO)
    }

    /// A new file, or an old one emptied, open for writing; or the system's words for why there is none.
    static func create(_ path: String) throws(Refusal) -> Int32 {
        guard !path.utf8.contains(0) else { throw Refusal(text: text(EINVAL)) }
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Refusal(text: text(errno)) }
        return descriptor
    }

    /// Why a file cannot be made.
    struct Refusal: Error {
        var text: String
    }

    private static func text(_ number: Int32) -> String { String(decoding: System.errorText(number), as: UTF8.self) }
}
