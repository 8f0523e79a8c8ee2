// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// MPLS labels, as `100/200`.
struct LabelStack: TextWritable {
    /// The kernel's bytes: big-endian words whose upper twenty bits are a label.
    let bytes: [UInt8]

    private static let maximumCount = 8

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads labels with slashes between; the last one is marked as the bottom of the stack.
    init?(_ word: Word) {
        var bytes: [UInt8] = []
        var rest: Word? = word
        while let current = rest {
            let (label, next) = current.split(at: "/")
            guard bytes.count < Self.maximumCount * 4, let number = label.number(UInt32.self), number < 1 << 20 else {
                return nil
            }
            let entry = number << 12 | (next == nil ? 0x100 : 0)
            for shift in [UInt32(24), 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: entry >> shift)) }
            rest = next
        }
        self.bytes = bytes
    }

    /// Reads an address of the family.
    static func address(_ word: Word) throws(CommandError) -> [UInt8] {
        guard let stack = LabelStack(word) else { throw .expected("mpls address", ratherThan: word) }
        return stack.bytes
    }

    /// Reads a prefix of the family, which is a single label.
    static func prefix(_ word: Word) throws(CommandError) -> [UInt8] {
        guard let stack = LabelStack(word), stack.bytes.count == 4 else {
            throw .expected("mpls prefix", ratherThan: word)
        }
        return stack.bytes
    }

    func write(to text: inout [UInt8]) {
        var start = 0
        while start + 4 <= bytes.count {
            let label = UInt32(bytes[start]) << 12 | UInt32(bytes[start + 1]) << 4 | UInt32(bytes[start + 2]) >> 4
            if start > 0 { text.append(0x2f) }
            "\(label)".write(to: &text)
            start += 4
        }
    }
}
