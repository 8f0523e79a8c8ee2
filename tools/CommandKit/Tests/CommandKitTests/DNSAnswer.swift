// SPDX-License-Identifier: Apache-2.0

/// An answer of a name server, made by hand.
struct DNSAnswer {
    var bytes: [UInt8]

    /// The beginning of an answer: the question again.
    init(to question: [UInt8], code: UInt8 = 0, isTruncated: Bool = false) {
        bytes = question
        bytes[2] = 0x81 | (isTruncated ? 2 : 0)
        bytes[3] = 0x80 | code
    }

    static func name(_ text: String) -> [UInt8] {
        text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    /// Adds a record; its owner is the question's name unless it is said.
    mutating func add(_ type: UInt8, _ data: [UInt8], owner: [UInt8] = [0xc0, 12], group: UInt8 = 1) {
        bytes[7] += 1
        bytes += owner + [0, type, 0, group, 0, 0, 0, 60, UInt8(data.count >> 8), UInt8(data.count & 255)] + data
    }

    /// What the question asks for.
    static func type(of question: [UInt8]) -> UInt8 { question[question.count - 3] }

    /// The name that the question asks about.
    static func name(of question: [UInt8]) -> String {
        var labels: [String] = []
        var position = 12
        while position < question.count, question[position] != 0 {
            let end = position + 1 + Int(question[position])
            labels.append(String(decoding: question[position + 1..<end], as: UTF8.self))
            position = end
        }
        return labels.joined(separator: ".")
    }

    /// The answer with addresses of the type that is asked for.
    static func addresses(_ question: [UInt8], v4: [[UInt8]] = [], v6: [[UInt8]] = []) -> [UInt8] {
        var answer = DNSAnswer(to: question)
        if type(of: question) == 1 { for address in v4 { answer.add(1, address) } }
        if type(of: question) == 28 { for address in v6 { answer.add(28, address) } }
        return answer.bytes
    }
}
