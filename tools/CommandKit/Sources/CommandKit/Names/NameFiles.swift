// SPDX-License-Identifier: Apache-2.0

/// Reads the files of names that lie in /etc/iproute2 and /usr/share/iproute2.
struct NameFiles: Sendable {
    /// The folder of the machine's own files.
    var local = "/etc/iproute2"
    /// The folder of the distribution's files.
    var shared = "/usr/share/iproute2"

    /// Gives every entry of a table, those that override others last.
    ///
    /// First the file of the table, the local one or else the shared one; then the `.conf` files of its folders: the shared ones
    /// that no local one of that name hides, then the local ones.
    func read(_ file: String, folders: Bool, alone: Bool) -> [(number: Int64, name: [UInt8])] {
        var entries: [(Int64, [UInt8])] = []
        func read(_ path: String) -> Bool {
            guard let bytes = System.readFile(path) else { return false }
            if let line = Self.parse(bytes, { entries.append(($0, Array($1))) }) {
                let text = CommandError.Line("Database ", path, " is corrupted at ", line)
                CommandError(text, status: 0).report()
            }
            return true
        }
        if !alone, !read("\(local)/\(file)") { _ = read("\(shared)/\(file)") }
        guard folders else { return entries }
        let own = Self.configurations(in: "\(local)/\(file).d")
        for name in Self.configurations(in: "\(shared)/\(file).d") where !own.contains(name) {
            _ = read("\(shared)/\(file).d/\(name)")
        }
        for name in own { _ = read("\(local)/\(file).d/\(name)") }
        return entries
    }

    private static func configurations(in folder: String) -> [String] {
        System.names(in: folder).filter { $0.count > 5 && $0.first != 0x2e && $0.suffix(5).elementsEqual(".conf".utf8) }
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Gives the entries of a file up to the first line that is none, which it returns from its first letter to its newline.
    ///
    /// A line is a number, decimal or behind `0x`, and a name; more on the line must be a comment.
    static func parse(_ bytes: [UInt8], _ entry: (Int64, ArraySlice<UInt8>) -> Void) -> ArraySlice<UInt8>? {
        var start = 0
        while start < bytes.count {
            // iproute2 reads at most 511 bytes of a line at a time.
            let limit = min(bytes.count, start + 511)
            let newline = bytes[start..<limit].firstIndex(of: 0x0a)
            let next = newline.map { $0 + 1 } ?? limit
            let line = bytes[start..<(newline ?? limit)]
            start = next
            let content = line.drop { $0 == 0x20 || $0 == 0x09 }
            guard let first = content.first, first != 0x23 else { continue }
            guard let (number, name) = fields(content) else { return bytes[content.startIndex..<next] }
            entry(number, name)
        }
        return nil
    }

    private static func fields(_ line: ArraySlice<UInt8>) -> (Int64, ArraySlice<UInt8>)? {
        if line.starts(with: [0x30, 0x78]), let fields = fields(line.dropFirst(2), base: 16) { return fields }
        return fields(line, base: 10)
    }

    private static func fields(_ line: ArraySlice<UInt8>, base: Int) -> (Int64, ArraySlice<UInt8>)? {
        guard let (negative, magnitude, end) = Word(bytes: Array(line)).magnitude(base: base) else { return nil }
        // As scanf reads it into an int: what is too large for 64 bits is -1, what is too large for 32 loses its head.
        let wide = magnitude.map { $0 > UInt64(Int64.max) ? -1 : Int64($0) } ?? -1
        let name = line.dropFirst(end).drop { isSpace($0) }.prefix { !isSpace($0) }
        guard !name.isEmpty else { return nil }
        return (Int64(Int32(truncatingIfNeeded: negative ? -wide : wide)), name)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
}
