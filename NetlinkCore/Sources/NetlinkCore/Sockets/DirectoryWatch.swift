// SPDX-License-Identifier: Apache-2.0

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Names that come and go in directories, by inotify; never waits.
@_spi(System) public final class DirectoryWatch {
    /// What happened in a directory.
    public struct Event: Hashable, Sendable {
        /// The number that ``DirectoryWatch/add(_:)`` gave; -1 when events were lost.
        public let directory: Int32
        /// The name; empty when it is about the directory itself.
        public let name: [UInt8]
        private let mask: UInt32

        init(directory: Int32, name: [UInt8], mask: UInt32) {
            self.directory = directory
            self.name = name
            self.mask = mask
        }

        /// Whether the name came.
        public var isCreation: Bool { mask & (InotifyFlag.created | InotifyFlag.movedTo) != 0 }
        /// Whether the name went.
        public var isDeletion: Bool { mask & (InotifyFlag.deleted | InotifyFlag.movedFrom) != 0 }
        /// Whether it came or went by being renamed.
        public var isMove: Bool { mask & (InotifyFlag.movedTo | InotifyFlag.movedFrom) != 0 }
        /// Whether the directory is no longer watched, for it is gone.
        public var isEnd: Bool { mask & InotifyFlag.ignored != 0 }
        /// Whether events were lost, so that the directory is to be read anew.
        public var isOverflow: Bool { mask & InotifyFlag.overflow != 0 }
    }

    private let file: FileDescriptor
    private var waiting: [Event] = []

    /// Watches nothing yet.
    public init() throws(SystemError) {
        let number = inotify_init1(Int32(truncatingIfNeeded: IN_CLOEXEC | IN_NONBLOCK))
        guard number >= 0 else { throw .last("inotify_init1") }
        file = FileDescriptor(owning: number)
    }

    /// A descriptor that polls readable when ``next()`` has something to give.
    public var descriptor: Int32 { file.number }

    /// Watches a directory; returns its number in events.
    public func add(_ path: String) throws(SystemError) -> Int32 {
        try checkPath(path, call: "inotify_add_watch")
        let flags =
            InotifyFlag.created | InotifyFlag.deleted | InotifyFlag.movedFrom | InotifyFlag.movedTo
            | InotifyFlag.selfDeleted | InotifyFlag.onlyDirectory
        let number = unsafe inotify_add_watch(file.number, path, flags)
        guard number >= 0 else { throw .last("inotify_add_watch") }
        return number
    }

    /// Watches a directory no longer.
    public func remove(_ directory: Int32) { _ = inotify_rm_watch(file.number, directory) }

    /// The next event that is there now; nil when there is none.
    public func next() throws(SystemError) -> Event? {
        if waiting.isEmpty { waiting = try receive().reversed() }
        return waiting.popLast()
    }

    private func receive() throws(SystemError) -> [Event] {
        var bytes = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe read(file.number, buffer.baseAddress, buffer.count)
            }
            if count >= 0 { return Self.events(Array(bytes.prefix(count))) }
            if errno == EAGAIN { return [] }
            if errno != EINTR { throw .last("read") }
        }
    }

    /// Reads events as the kernel packs them; what is cut ends the row.
    static func events(_ bytes: [UInt8]) -> [Event] {
        let span = bytes.rawSpan
        let headerByteCount = 16  // sizeof(struct inotify_event)
        var events: [Event] = []
        var start = 0
        while start + headerByteCount <= span.byteCount {
            let directory = span.loadChecked(start + 0, as: Int32.self)
            let mask = span.loadChecked(start + 4, as: UInt32.self)
            let length = Int(span.loadChecked(start + 12, as: UInt32.self))
            guard length <= span.byteCount - start - headerByteCount else { break }
            let name = span.bytes(from: start + headerByteCount, count: length).textBytes
            events.append(Event(directory: directory, name: name, mask: mask))
            start += headerByteCount + length
        }
        return events
    }
}

enum InotifyFlag {
    static let movedFrom: UInt32 = 0x40  // IN_MOVED_FROM
    static let movedTo: UInt32 = 0x80  // IN_MOVED_TO
    static let created: UInt32 = 0x100  // IN_CREATE
    static let deleted: UInt32 = 0x200  // IN_DELETE
    static let selfDeleted: UInt32 = 0x400  // IN_DELETE_SELF
    static let overflow: UInt32 = 0x4000  // IN_Q_OVERFLOW
    static let ignored: UInt32 = 0x8000  // IN_IGNORED
    static let onlyDirectory: UInt32 = 0x100_0000  // IN_ONLYDIR
}
