// SPDX-License-Identifier: Apache-2.0

/// A pattern of file names, with `*`, `?`, sets in brackets and `\` in front of what stands for itself.
struct GlobPattern {
    private let pattern: [UInt8]

    init(_ pattern: [UInt8]) { self.pattern = pattern }

    /// Whether all of a text fits.
    ///
    /// Only the last star is tried again, so that the time is at most the product of both lengths.
    func matches(_ text: [UInt8]) -> Bool {
        var position = 0
        var index = 0
        var retry: (position: Int, index: Int)?
        while index < text.count {
            if position < pattern.count, pattern[position] == UInt8(ascii: "*") {
                position += 1
                retry = (position, index)
            } else if let next = step(position, text[index]) {
                position = next
                index += 1
            } else if let last = retry {
                position = last.position
                index = last.index + 1
                retry = (position, index)
            } else {
                return false
            }
        }
        return pattern[position...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    /// Where the pattern goes on when its next item fits a byte.
    private func step(_ position: Int, _ byte: UInt8) -> Int? {
        guard position < pattern.count else { return nil }
        switch pattern[position] {
        case UInt8(ascii: "?"): return position + 1
        case UInt8(ascii: "["):
            if let (end, isMember) = set(position + 1, byte) { return isMember ? end : nil }
            return byte == UInt8(ascii: "[") ? position + 1 : nil
        case UInt8(ascii: "\\") where position + 1 < pattern.count:
            return pattern[position + 1] == byte ? position + 2 : nil
        default: return pattern[position] == byte ? position + 1 : nil
        }
    }

    /// Reads a set; nil where no bracket closes it.
    private func set(_ start: Int, _ byte: UInt8) -> (end: Int, isMember: Bool)? {
        var position = start
        var isInverted = false
        if position < pattern.count, [UInt8(ascii: "!"), UInt8(ascii: "^")].contains(pattern[position]) {
            isInverted = true
            position += 1
        }
        let first = position
        var isMember = false
        while position < pattern.count {
            if pattern[position] == UInt8(ascii: "]"), position > first {
                return (position + 1, isMember != isInverted)
            }
            let low = pattern[position]
            var high = low
            if position + 2 < pattern.count, pattern[position + 1] == UInt8(ascii: "-"),
                pattern[position + 2] != UInt8(ascii: "]")
            {
                high = pattern[position + 2]
                position += 2
            }
            if low <= byte, byte <= high { isMember = true }
            position += 1
        }
        return nil
    }
}
