// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

/// Runs the body over the first message of a datagram.
func withMessage<R, E: Error>(
    _ datagram: [UInt8], sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (borrowing Message) throws(E) -> R
) throws(E) -> R? {
    var reader = MessageReader(datagram.rawSpan)
    guard let message = try? reader.next() else {
        Issue.record("there is no message", sourceLocation: sourceLocation)
        return nil
    }
    return try body(message)
}

/// Runs the body over the first of a chain of attributes.
func withAttribute<R, E: Error>(
    _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (borrowing Attribute<ItemAttribute>) throws(E) -> R
) throws(E) -> R? {
    var reader = AttributeReader<ItemAttribute>(bytes.rawSpan)
    guard let attribute = try? reader.next() else {
        Issue.record("there is no attribute", sourceLocation: sourceLocation)
        return nil
    }
    return try body(attribute)
}

/// Numbers that look random and are the same in every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// Bytes; `small` ones are often plausible lengths and types.
    mutating func bytes(upTo limit: Int, small: Bool) -> [UInt8] {
        let count = Int.random(in: 0...limit, using: &self)
        return (0..<count).map { _ in
            small && Bool.random(using: &self)
                ? UInt8.random(in: 0...24, using: &self) * (Bool.random(using: &self) ? 1 : 0)
                : UInt8.random(in: 0...255, using: &self)
        }
    }
}
