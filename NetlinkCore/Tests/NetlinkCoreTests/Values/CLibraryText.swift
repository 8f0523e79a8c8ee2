// SPDX-License-Identifier: Apache-2.0

import NetlinkCore

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The C library's own reading and writing of addresses, which ours must equal.
enum CLibraryText {
    static func ipv4(_ text: String) -> UInt32? {
        var value: UInt32 = 0
        return unsafe inet_pton(AF_INET, text, &value) == 1 ? UInt32(bigEndian: value) : nil
    }

    static func ipv6(_ text: String) -> (high: UInt64, low: UInt64)? {
        var words: [UInt64] = [0, 0]
        guard unsafe inet_pton(AF_INET6, text, &words) == 1 else { return nil }
        return (UInt64(bigEndian: words[0]), UInt64(bigEndian: words[1]))
    }

    static func text(_ address: UInt32) -> String {
        var value = address.bigEndian
        return unsafe written { unsafe inet_ntop(AF_INET, &value, $0, socklen_t($1)) != nil }
    }

    static func text(_ high: UInt64, _ low: UInt64) -> String {
        var words = [high.bigEndian, low.bigEndian]
        return unsafe written { unsafe inet_ntop(AF_INET6, &words, $0, socklen_t($1)) != nil }
    }

    private static func written(_ write: (UnsafeMutablePointer<CChar>, Int) -> Bool) -> String {
        var buffer = [CChar](repeating: 0, count: 64)
        let count = buffer.count
        let isWritten = unsafe buffer.withUnsafeMutableBufferPointer { pointer in
            guard let base = pointer.baseAddress else { return false }
            return unsafe write(base, count)
        }
        guard isWritten else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension TextValue {
    /// Reads a text that is not taken for a literal, which would trap.
    static func read(_ text: String) -> Self? { Self(text) }
}

/// Numbers that are the same in every run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }

    /// A text of the given characters, or one that was valid and lost, gained or swapped some.
    mutating func mangled(_ text: String, alphabet: [UInt8]) -> String {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 0...3, using: &self) {
            let character = alphabet.randomElement(using: &self) ?? 0x30
            let index = Int.random(in: 0...bytes.count, using: &self)
            switch Int.random(in: 0..<4, using: &self) {
            case 0: bytes.insert(character, at: index)
            case 1 where index < bytes.count: bytes.remove(at: index)
            case 2 where index < bytes.count: bytes[index] = character
            case 3: bytes.insert(contentsOf: bytes.suffix(from: index).prefix(3), at: index)
            default: break
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
