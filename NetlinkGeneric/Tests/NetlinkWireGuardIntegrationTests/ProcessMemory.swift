// SPDX-License-Identifier: Apache-2.0

import NetlinkWireGuard
import Testing

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A random key, and where in this process's memory it lies beside this value's own.
///
/// What is needed for looking (the key itself, the buffer through which memory is read) lies in a mapping of its own, which is
/// left out.
@safe final class ProcessMemory {
    private static let byteCount = 1 << 21
    private static let chunk = 1 << 20
    private let own: UnsafeMutableRawPointer
    private let memory: Int32

    init() throws {
        let mapped = unsafe mmap(nil, Self.byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        unsafe own = try #require(mapped)
        memory = unsafe open("/proc/self/mem", O_RDONLY | O_CLOEXEC)
        try #require(memory >= 0)
        let random = unsafe open("/dev/urandom", O_RDONLY | O_CLOEXEC)
        let count = unsafe read(random, own, WireGuardKey.byteCount)
        close(random)
        try #require(count == WireGuardKey.byteCount)
    }

    deinit {
        unsafe munmap(own, Self.byteCount)
        close(memory)
    }

    /// The key.
    var key: WireGuardKey? {
        unsafe WireGuardKey(bytes: RawSpan(_unsafeStart: UnsafeRawPointer(own), byteCount: WireGuardKey.byteCount))
    }

    /// The mappings in which either half of the key lies, each as often as it does.
    func places() throws -> [String] {
        let half = WireGuardKey.byteCount / 2
        let buffer = unsafe own + 4096
        var found: [String] = []
        for (start, end, name) in try mappings() {
            var position = start
            while position < end {
                let wanted = Swift.min(Self.chunk, end - position)
                let count = unsafe pread(memory, buffer, wanted, off_t(position))
                guard count > 0 else { break }
                for part in 0..<2 {
                    let number = unsafe Self.count(own + part * half, half, in: buffer, count)
                    found += Array(repeating: "half \(part) in \(name)", count: number)
                }
                // A key may lie across the end of what was read.
                if position + count >= end || count < half { break }
                position += count - half
            }
        }
        return found
    }

    private static func count(
        _ wanted: UnsafeRawPointer, _ wantedCount: Int, in bytes: UnsafeRawPointer, _ byteCount: Int
    ) -> Int {
        var found = 0
        var place = unsafe bytes
        while true {
            let left = unsafe bytes + byteCount - place
            guard left >= wantedCount,
                let match = unsafe memchr(place, Int32(wanted.load(as: UInt8.self)), left - wantedCount + 1)
            else { return found }
            if unsafe memcmp(match, wanted, wantedCount) == 0 { found += 1 }
            unsafe place = UnsafeRawPointer(match) + 1
        }
    }

    /// The memory that can be written to, without this value's.
    private func mappings() throws -> [(start: Int, end: Int, name: String)] {
        let file = unsafe open("/proc/self/maps", O_RDONLY | O_CLOEXEC)
        try #require(file >= 0)
        defer { close(file) }
        var text: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe read(file, &part, part.count)
            guard count > 0 else { break }
            text += part.prefix(count)
        }
        let mine = Int(bitPattern: unsafe own)
        var found: [(start: Int, end: Int, name: String)] = []
        for line in text.split(separator: 0x0a) {
            let words = String(decoding: line, as: UTF8.self).split(separator: " ")
            let ends = words[0].split(separator: "-").compactMap { Int($0, radix: 16) }
            guard ends.count == 2, words[1].hasPrefix("rw") else { continue }
            // The kernel may have joined the mapping with its neighbours.
            let (before, after) = (Swift.min(ends[1], mine), Swift.max(ends[0], mine + Self.byteCount))
            let name = words.count > 5 ? String(words[words.count - 1]) : "a mapping of \(ends[1] - ends[0]) bytes"
            if ends[0] < before { found.append((ends[0], before, name)) }
            if after < ends[1] { found.append((after, ends[1], name)) }
        }
        return found
    }
}
