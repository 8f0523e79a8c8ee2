// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@testable import CommandKit

/// Answers of name servers, which may be anything.
struct DNSMessageTests {
    private let question = DNSMessage.question(Array("Host.example".utf8), 1, id: 0x1234)
    private let address: [UInt8] = [192, 0, 2, 1]

    @Test func aQuestionIsWrittenAsTheReferenceWritesIt() {
        // What the C library sends for `getent ahostsv4 host.example`, but for the number.
        let sent: [UInt8] = [
            0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4, 0x48, 0x6f, 0x73, 0x74, 7, 0x65, 0x78, 0x61, 0x6d, 0x70, 0x6c,
            0x65, 0, 0, 1, 0, 1,
        ]
        #expect(question == sent)
    }

    @Test func addressesOfTheTypeAreTaken() {
        var answer = DNSAnswer(to: question)
        answer.add(1, address)
        answer.add(28, [UInt8](repeating: 7, count: 16))
        answer.add(1, [1, 2, 3])
        answer.add(1, [1, 2, 3, 4, 5])
        answer.add(1, [192, 0, 2, 2])
        // Of a class that is not the internet's.
        answer.add(1, [192, 0, 2, 3], group: 3)
        #expect(DNSMessage.addresses(answer.bytes, 1) == [address, [192, 0, 2, 2]])
        #expect(DNSMessage.addresses(answer.bytes, 28) == [[UInt8](repeating: 7, count: 16)])
    }

    @Test func aliasesAreFollowed() {
        var answer = DNSAnswer(to: question)
        // The target's end is the question's own.
        answer.add(5, [1, 0x62, 0xc0, 17])
        answer.add(5, DNSAnswer.name("c.example"), owner: [1, 0x42, 0xc0, 17])
        answer.add(1, address, owner: DNSAnswer.name("C.EXAMPLE"))
        #expect(DNSMessage.addresses(answer.bytes, 1) == [address])
    }

    @Test func addressesOfOtherNamesAreNotTaken() {
        var answer = DNSAnswer(to: question)
        answer.add(1, address, owner: DNSAnswer.name("other.example"))
        answer.add(1, address, owner: DNSAnswer.name("example"))
        answer.add(1, address, owner: [0])
        #expect(DNSMessage.addresses(answer.bytes, 1).isEmpty)
        // An alias that leads elsewhere than to the address.
        answer = DNSAnswer(to: question)
        answer.add(5, DNSAnswer.name("a.example"))
        answer.add(1, address, owner: DNSAnswer.name("b.example"))
        answer.add(1, address)
        #expect(DNSMessage.addresses(answer.bytes, 1).isEmpty)
    }

    @Test func aliasesInACircleEnd() {
        var answer = DNSAnswer(to: question)
        for _ in 0..<50 {
            answer.add(5, DNSAnswer.name("a.example"))
            answer.add(5, [0xc0, 12], owner: DNSAnswer.name("a.example"))
        }
        #expect(DNSMessage.addresses(answer.bytes, 1).isEmpty)
        answer.add(1, address)
        #expect(DNSMessage.addresses(answer.bytes, 1) == [address])
    }

    @Test func namesThatNeverEndAreNone() {
        let start = UInt8(question.count)
        let owners: [[UInt8]] = [
            [0xc0, start], [0xc0, start + 2], [0xff, 0xff], [1, 0x61, 0xc0, start], [0xc0], [0x80, 0], [0x40, 0],
            [63], [0xc0, 0xff],
        ]
        for owner in owners {
            var answer = DNSAnswer(to: question)
            answer.add(1, address, owner: owner)
            #expect(DNSMessage.addresses(answer.bytes, 1).isEmpty, "\(owner)")
        }
        // Two pointers that point at each other, and a chain of backward ones that does end.
        var answer = DNSAnswer(to: question)
        answer.add(16, [0xc0, start + 14, 0xc0, start + 12], owner: [0xc0, start + 12])
        answer.add(1, address)
        #expect(DNSMessage.addresses(answer.bytes, 1).isEmpty)
        answer = DNSAnswer(to: question)
        answer.add(16, [0xc0, 12, 0xc0, start + 12, 0xc0, start + 14])
        answer.add(1, address, owner: [0xc0, start + 16])
        #expect(DNSMessage.addresses(answer.bytes, 1) == [address])
        // A name longer than any may be.
        answer = DNSAnswer(to: question)
        answer.add(1, address, owner: (0..<5).flatMap { _ in [63] + [UInt8](repeating: 0x61, count: 63) } + [0])
        #expect(DNSMessage.addresses(answer.bytes, 1).isEmpty)
    }

    @Test func answersBelongToTheirQuestion() {
        let answer = DNSAnswer(to: question).bytes
        #expect(DNSMessage.isAnswer(answer, to: question))
        #expect(!DNSMessage.isAnswer(question, to: question))
        for index in [0, 1, 2, 4, 5, question.count - 1, question.count - 3] {
            var other = answer
            other[index] ^= 0x10
            #expect(!DNSMessage.isAnswer(other, to: question), "\(index)")
        }
        // Letters may change their case, nothing else may.
        var other = answer
        other[13] ^= 0x20
        #expect(DNSMessage.isAnswer(other, to: question))
        other = answer
        other[12] ^= 0x20
        #expect(!DNSMessage.isAnswer(other, to: question))
        for count in 0..<question.count { #expect(!DNSMessage.isAnswer(Array(answer.prefix(count)), to: question)) }
    }

    @Test func whatIsCutShortIsReadAsFarAsItGoes() {
        var answer = DNSAnswer(to: question)
        answer.add(5, DNSAnswer.name("a.example"))
        answer.add(1, address, owner: DNSAnswer.name("a.example"))
        for count in 0..<answer.bytes.count {
            #expect(DNSMessage.addresses(Array(answer.bytes.prefix(count)), 1).isEmpty)
        }
        #expect(DNSMessage.addresses(answer.bytes, 1) == [address])
    }

    @Test func anyBytesAreReadWithoutATrap() {
        var generator = SystemRandomNumberGenerator()
        var whole = DNSAnswer(to: question)
        whole.add(5, [1, 0x62, 0xc0, 17])
        whole.add(1, address, owner: [1, 0x62, 0xc0, 17])
        for _ in 0..<20_000 {
            var bytes = whole.bytes
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator))
            _ = DNSMessage.isAnswer(bytes, to: question)
            let found = DNSMessage.addresses(bytes, 1)
            #expect(found.allSatisfy { $0.count == 4 })
        }
    }
}
