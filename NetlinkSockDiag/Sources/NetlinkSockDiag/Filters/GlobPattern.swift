// SPDX-License-Identifier: Apache-2.0

/// A pattern of a shell: `*`, `?`, `[a-z]`, `[!x]`, `[[:digit:]]`, and `\` before a character that stands for itself.
///
/// Capital letters match small ones. A `*` matches a slash too.
public struct GlobPattern: Hashable, Sendable {
    /// The pattern as it was written.
    public let text: String

    /// Takes a pattern.
    public init(_ text: String) { self.text = text }

    /// Whether the whole of a text matches.
    public func matches(_ candidate: String) -> Bool {
        let pattern = Array(text.utf8)
        let name = Array(candidate.utf8)
        var at = 0
        var position = 0
        // Where the last star stands and from where on it may take one byte more; each is moved on, never back.
        var star: (pattern: Int, position: Int)?
        while position < name.count || at < pattern.count {
            if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
                star = (at + 1, position)
                at += 1
                continue
            }
            if position < name.count, let next = Self.step(pattern, at, name[position]) {
                at = next
                position += 1
                continue
            }
            guard let last = star, last.position < name.count else { return false }
            star = (last.pattern, last.position + 1)
            at = last.pattern
            position = last.position + 1
        }
        return true
    }

    /// Where the pattern goes on when the element at an index matches a byte.
    private static func step(_ pattern: [UInt8], _ index: Int, _ byte: UInt8) -> Int? {
        guard index < pattern.count else { return nil }
        switch pattern[index] {
        case UInt8(ascii: "?"): return index + 1
        case UInt8(ascii: "["):
            guard let (next, isMatch) = bracket(pattern, index + 1, byte) else {
                return byte == UInt8(ascii: "[") ? index + 1 : nil
            }
            return isMatch ? next : nil
        case UInt8(ascii: "\\") where index + 1 < pattern.count:
            return folded(pattern[index + 1]) == folded(byte) ? index + 2 : nil
        default: return folded(pattern[index]) == folded(byte) ? index + 1 : nil
        }
    }

    /// Reads a set up to its end, which is nil where it has none.
    private static func bracket(_ pattern: [UInt8], _ start: Int, _ byte: UInt8) -> (next: Int, isMatch: Bool)? {
        var index = start
        let isNegated = index < pattern.count && [UInt8(ascii: "!"), UInt8(ascii: "^")].contains(pattern[index])
        if isNegated { index += 1 }
        let first = index
        var isMatch = false
        while index < pattern.count {
            if pattern[index] == UInt8(ascii: "]"), index > first { return (index + 1, isMatch != isNegated) }
            if let (end, holds) = named(pattern, index, byte) {
                if holds { isMatch = true }
                index = end
                continue
            }
            var low = pattern[index]
            if low == UInt8(ascii: "\\"), index + 1 < pattern.count {
                index += 1
                low = pattern[index]
            }
            var high = low
            if index + 2 < pattern.count, pattern[index + 1] == UInt8(ascii: "-"),
                pattern[index + 2] != UInt8(ascii: "]")
            {
                high = pattern[index + 2]
                index += 2
            }
            if folded(low) <= folded(byte), folded(byte) <= folded(high) { isMatch = true }
            index += 1
        }
        return nil
    }

    /// Reads a class such as `[:digit:]`, and whether a byte is in it; nil where there is none.
    private static func named(_ pattern: [UInt8], _ start: Int, _ byte: UInt8) -> (end: Int, holds: Bool)? {
        guard pattern[start...].starts(with: "[:".utf8) else { return nil }
        let name = pattern[(start + 2)...].prefix { $0 != UInt8(ascii: ":") }
        guard pattern[name.endIndex...].starts(with: ":]".utf8) else { return nil }
        let isLetter = (0x61...0x7a).contains(folded(byte))
        let isDigit = (0x30...0x39).contains(byte)
        let isPrinted = (0x20...0x7e).contains(byte)
        let holds: Bool
        switch String(decoding: name, as: UTF8.self) {
        // Capital letters match small ones.
        case "alpha", "lower", "upper": holds = isLetter
        case "digit": holds = isDigit
        case "alnum": holds = isLetter || isDigit
        case "xdigit": holds = isDigit || (0x61...0x66).contains(folded(byte))
        case "blank": holds = byte == 0x20 || byte == 0x09
        case "space": holds = byte == 0x20 || (0x09...0x0d).contains(byte)
        case "cntrl": holds = byte < 0x20 || byte == 0x7f
        case "print": holds = isPrinted
        case "graph": holds = isPrinted && byte != 0x20
        case "punct": holds = isPrinted && byte != 0x20 && !isLetter && !isDigit
        default: return nil
        }
        return (name.endIndex + 2, holds)
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

extension GlobPattern: CustomStringConvertible {
    /// The pattern as it was written.
    public var description: String { text }
}
