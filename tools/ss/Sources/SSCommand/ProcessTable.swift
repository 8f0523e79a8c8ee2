// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Which processes hold which sockets: every descriptor of every process, read once.
struct ProcessTable {
    /// A descriptor that is a socket.
    struct Holder {
        var name: [UInt8]
        var process: Int32
        var thread: Int32
        var descriptor: Int32
    }

    private var holders: [UInt64: [Holder]] = [:]

    /// Reads /proc, or of every process every thread.
    init(threads: Bool) {
        for process in Self.numbers(in: "/proc") {
            let name = Self.name(of: process)
            guard threads else {
                add(process, process, "/proc/\(process)", name)
                continue
            }
            for thread in Self.numbers(in: "/proc/\(process)/task") {
                add(process, thread, "/proc/\(process)/task/\(thread)", name)
            }
        }
    }

    /// Who holds the socket with a file number.
    func holders(of inode: UInt32) -> [Holder] { inode == 0 ? [] : holders[UInt64(inode)] ?? [] }

    private mutating func add(_ process: Int32, _ thread: Int32, _ path: String, _ name: [UInt8]?) {
        for descriptor in Self.numbers(in: "\(path)/fd") {
            guard let inode = Self.socket("\(path)/fd/\(descriptor)") else { continue }
            let holder = Holder(name: name ?? [], process: process, thread: thread, descriptor: descriptor)
            holders[inode, default: []].insert(holder, at: 0)
        }
    }

    /// The name of a process, in parentheses in its status line.
    static func name(of process: Int32) -> [UInt8]? {
        guard let text = System.readFile("/proc/\(process)/stat"), let open = text.firstIndex(of: 0x28),
            let close = text.lastIndex(of: 0x29), open < close
        else { return nil }
        return Array(text[(open + 1)..<close])
    }

    private static func numbers(in folder: String) -> [Int32] {
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe _ = closedir(stream) }
        var numbers: [Int32] = []
        while let entry = unsafe readdir(stream) {
            let number = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { name in
                unsafe Int32(String(decoding: name.prefix { $0 != 0 }, as: UTF8.self))
            }
            if let number { numbers.append(number) }
        }
        return numbers
    }

    /// The file number of the socket that a link of /proc leads to.
    private static func socket(_ path: String) -> UInt64? {
        var target = [UInt8](repeating: 0, count: 64)
        let count = unsafe target.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress else { return 0 }
            return unsafe readlink(path, start.assumingMemoryBound(to: CChar.self), buffer.count)
        }
        let prefix = Array("socket:[".utf8)
        guard count > prefix.count, target.starts(with: prefix) else { return nil }
        return UInt64(String(decoding: target[prefix.count..<(count - 1)], as: UTF8.self))
    }
}
