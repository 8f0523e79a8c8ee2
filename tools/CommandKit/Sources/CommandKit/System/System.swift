// SPDX-License-Identifier: Apache-2.0

// All that the tools' common code asks of the C library, and all unsafe code. None of it loads a library at run time.

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The few system calls that commands need besides netlink.
public enum System {
    /// The words of the command line behind the program's name, as bytes.
    public static func arguments() -> [[UInt8]] {
        var words: [[UInt8]] = []
        let count = Int(CommandLine.argc)
        for index in stride(from: 1, to: count, by: 1) {
            guard let word = unsafe CommandLine.unsafeArgv[index] else { break }
            unsafe words.append(bytes(word))
        }
        return words
    }

    /// The value of an environment variable.
    public static func environment(_ name: String) -> [UInt8]? {
        unsafe getenv(name).map { unsafe bytes($0) }
    }

    /// Whether a descriptor is a terminal.
    public static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Ends the process.
    public static func exit(_ status: Int32) -> Never { leave(status) }

    /// The C library's words for an error number.
    public static func errorText(_ number: Int32) -> [UInt8] {
        guard let text = unsafe strerror(number) else { return Array("error \(number)".utf8) }
        return unsafe bytes(text)
    }

    /// Writes all bytes; 0, or the number of the error that stopped it.
    public static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        unsafe bytes.withUnsafeBytes { buffer in
            var rest = unsafe buffer[...]
            while let start = unsafe UnsafeRawBufferPointer(rebasing: rest).baseAddress, unsafe !rest.isEmpty {
                let written = unsafe put(descriptor, start, rest.count)
                if written >= 0 {
                    unsafe rest = rest.dropFirst(written)
                } else if errno == EAGAIN {
                    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = unsafe poll(&entry, 1, -1)
                } else if errno != EINTR {
                    return errno
                }
            }
            return 0
        }
    }

    /// A file, or its first 16 MiB; nil when it cannot be opened.
    public static func readFile(_ path: String) -> [UInt8]? {
        guard case .success(let descriptor) = openFile(path) else { return nil }
        defer { closeFile(descriptor) }
        var bytes: [UInt8] = []
        while bytes.count < 1 << 24, let more = read(descriptor, upTo: 1 << 16), !more.isEmpty { bytes += more }
        return bytes
    }

    /// All that can be read from a descriptor; nil on an error.
    public static func readAll(_ descriptor: Int32) -> [UInt8]? {
        var bytes: [UInt8] = []
        while let more = read(descriptor, upTo: 1 << 16) {
            if more.isEmpty { return bytes }
            bytes += more
        }
        return nil
    }

    /// Writes to a file that exists, such as one of /proc/sys; 0, or the number of the error.
    public static func writeFile(_ path: String, _ bytes: [UInt8]) -> Int32 {
        guard !path.utf8.contains(0) else { return EINVAL }
        let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return errno }
        defer { closeFile(descriptor) }
        return write(bytes, to: descriptor)
    }

    /// A descriptor open for reading, or the number of the error.
    static func openFile(_ path: String) -> FileResult {
        guard !path.utf8.contains(0) else { return .failure(EINVAL) }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        return descriptor >= 0 ? .success(descriptor) : .failure(errno)
    }

    /// Closes a descriptor.
    static func closeFile(_ descriptor: Int32) { _ = close(descriptor) }

    /// At most `count` bytes behind the given ones; nil on an error, nothing new at the end.
    static func read(_ descriptor: Int32, upTo count: Int, behind kept: some Collection<UInt8> = []) -> [UInt8]? {
        var failed = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: kept.count + count) { buffer, used in
            used = kept.count
            _ = unsafe buffer.initialize(fromContentsOf: kept)
            guard let start = buffer.baseAddress else { return }
            while true {
                let more = unsafe get(descriptor, start + used, count)
                if more < 0, errno == EINTR { continue }
                failed = more < 0
                if more > 0 { used += more }
                return
            }
        }
        return failed ? nil : bytes
    }

    /// The names in a folder, sorted; none where it cannot be read.
    static func names(in folder: String) -> [[UInt8]] {
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe _ = closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = unsafe readdir(stream) {
            unsafe withUnsafeBytes(of: &entry.pointee.d_name) { unsafe names.append([UInt8]($0.prefix { $0 != 0 })) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// The time of day: seconds since 1970 and microseconds.
    static func timeOfDay() -> (seconds: Int, microseconds: Int) {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return (Int(time.tv_sec), Int(time.tv_nsec) / 1000)
    }

    /// A time in the zone of TZ, or of /etc/localtime.
    static func localTime(_ seconds: Int) -> LocalTime {
        var seconds = time_t(seconds)
        var parts = unsafe tm()
        tzset()
        unsafe localtime_r(&seconds, &parts)
        return unsafe LocalTime(
            year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday),
            hour: Int(parts.tm_hour), minute: Int(parts.tm_min), second: Int(parts.tm_sec),
            weekday: Int(parts.tm_wday))
    }

    private static func bytes(_ text: UnsafePointer<CChar>) -> [UInt8] {
        unsafe UnsafeRawBufferPointer(start: text, count: strlen(text)).withMemoryRebound(to: UInt8.self) {
            unsafe [UInt8]($0)
        }
    }
}

/// What opening a file gave.
enum FileResult {
    case success(Int32)
    case failure(Int32)
}

extension [UInt8] {
    /// Appends a literal.
    @inlinable @inline(__always)
    mutating func append(_ literal: StaticString) {
        let count = literal.utf8CodeUnitCount
        guard count > 0 else { return }
        append(addingCapacity: count) { (out: inout OutputSpan<UInt8>) in out.append(literal) }
    }

    /// Appends bytes, without the reference counting of `append(contentsOf:)`.
    @inlinable @inline(__always)
    mutating func append(copying bytes: Span<UInt8>) {
        append(addingCapacity: bytes.count) { (out: inout OutputSpan<UInt8>) in out.append(copying: bytes) }
    }

    /// Whether the bytes from `start` on, `count` of them, are the first ones of the literal.
    @inlinable @inline(__always)
    func matches(_ literal: StaticString, start: Int, count: Int) -> Bool {
        guard count <= literal.utf8CodeUnitCount else { return false }
        return literal.withUTF8Buffer { text in
            var index = 0
            while index < count, unsafe text[index] == self[start + index] { index += 1 }
            return index == count
        }
    }
}

extension OutputSpan<UInt8> {
    /// Appends a literal, for which there is room.
    @inlinable @inline(__always)
    mutating func append(_ literal: StaticString) {
        literal.withUTF8Buffer { text in unsafe append(copying: text.span) }
    }

    /// Appends bytes, for which there is room.
    @inlinable @inline(__always)
    mutating func append(copying bytes: Span<UInt8>) {
        precondition(bytes.count <= freeCapacity)
        unsafe bytes.withUnsafeBufferPointer { source in
            guard let source = source.baseAddress else { return }
            // As a whole: one by one every byte would be checked for room.
            unsafe withUnsafeMutableBufferPointer { target, count in
                guard let start = target.baseAddress else { return }
                unsafe (start + count).initialize(from: source, count: bytes.count)
                count += bytes.count
            }
        }
    }
}

// Under these names a method may be called like the call it wraps, under either C library.
private func leave(_ status: Int32) -> Never { exit(status) }
private func put(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    unsafe write(descriptor, bytes, count)
}
private func get(_ descriptor: Int32, _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
    unsafe read(descriptor, bytes, count)
}
