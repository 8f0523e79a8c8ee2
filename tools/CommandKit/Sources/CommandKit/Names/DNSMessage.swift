// SPDX-License-Identifier: Apache-2.0

/// Questions and answers of the domain name system.
enum DNSMessage {
    /// What a question asks for, and what an answer holds.
    enum Kind {
        static var ipv4: UInt16 { 1 }
        static var alias: UInt16 { 5 }
        static var ipv6: UInt16 { 28 }
    }

    /// What a server says of a question.
    enum Response {
        static var fine: UInt8 { 0 }
        static var serverFailure: UInt8 { 2 }
        static var notImplemented: UInt8 { 4 }
        static var refused: UInt8 { 5 }
    }

    private static let headerByteCount = 12
    private static let internetClass: UInt16 = 1

    static func question(_ name: [UInt8], _ type: UInt16, id: UInt16) -> [UInt8] {
        // Recursion is desired; one question.
        var bytes: [UInt8] = [UInt8(id >> 8), UInt8(id & 255), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
        for label in name.split(separator: UInt8(ascii: ".")) {
            bytes.append(UInt8(truncatingIfNeeded: label.count))
            bytes += label
        }
        return bytes + [0, UInt8(type >> 8), UInt8(type & 255), 0, UInt8(internetClass)]
    }

    /// Whether a datagram answers a question: its number, that it is an answer, the question itself.
    static func isAnswer(_ datagram: [UInt8], to question: [UInt8]) -> Bool {
        guard datagram.count >= question.count, datagram[0] == question[0], datagram[1] == question[1],
            datagram[2] & 0xf8 == 0x80, datagram[4] == 0, datagram[5] == 1
        else { return false }
        // Servers may change the case of letters; lengths of labels are below all letters.
        return (headerByteCount..<question.count).allSatisfy { lowercase(datagram[$0]) == lowercase(question[$0]) }
    }

    /// Whether an answer was cut to fit into a datagram.
    static func isTruncated(_ answer: [UInt8]) -> Bool { answer[2] & 2 != 0 }

    /// What the server says of the question.
    static func response(_ answer: [UInt8]) -> UInt8 { answer[3] & 15 }

    /// Whether an answer holds anything beside the question.
    static func hasRecords(_ answer: [UInt8]) -> Bool { answer[6] != 0 || answer[7] != 0 }

    /// The addresses of one type that an answer gives to the name of its question, or to the name for which that stands.
    static func addresses(_ answer: [UInt8], _ type: UInt16) -> [[UInt8]] {
        func word(_ offset: Int) -> Int { Int(answer[offset]) << 8 | Int(answer[offset + 1]) }
        guard answer.count >= headerByteCount, var (wanted, offset) = name(in: answer, at: headerByteCount) else {
            return []
        }
        offset += 4
        var found: [[UInt8]] = []
        for _ in 0..<word(6) {
            guard let (owner, data) = name(in: answer, at: offset), data + 10 <= answer.count else { break }
            let (kind, group, length) = (word(data), word(data + 2), word(data + 8))
            offset = data + 10 + length
            guard offset <= answer.count else { break }
            guard group == Int(internetClass), owner == wanted else { continue }
            if kind == Int(Kind.alias) {
                guard let (target, _) = name(in: answer, at: data + 10) else { break }
                wanted = target
            } else if kind == Int(type), length == (type == Kind.ipv4 ? 4 : 16) {
                found.append(Array(answer[data + 10..<offset]))
            }
        }
        return found
    }

    /// A name as its labels with their lengths, in small letters, and where it ends; nil for one that never does.
    private static func name(in bytes: [UInt8], at start: Int) -> (labels: [UInt8], end: Int)? {
        var labels: [UInt8] = []
        var end: Int?
        // Labels that were written earlier are pointed at: what points elsewhere may never end.
        var (position, limit) = (start, start)
        while position < bytes.count {
            let length = Int(bytes[position])
            if length >= 0xc0 {
                guard position + 1 < bytes.count else { return nil }
                if end == nil { end = position + 2 }
                position = (length & 0x3f) << 8 | Int(bytes[position + 1])
                guard position < limit else { return nil }
                limit = position
                continue
            }
            if length == 0 { return (labels, end ?? position + 1) }
            guard length < 0x40, position + 1 + length <= bytes.count, labels.count + 1 + length < 255 else {
                return nil
            }
            labels += bytes[position...position + length].map { lowercase($0) }
            position += 1 + length
        }
        return nil
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }
}
