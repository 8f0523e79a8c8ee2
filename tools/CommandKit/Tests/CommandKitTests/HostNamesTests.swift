// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import CommandKit

/// Names of hosts, from files and from answers of resolvers, which may be anything.
struct HostNamesTests {
    private let address = IPAddress("10.0.0.9")

    /// What a resolver answers with a name at a compression pointer.
    private func answer(_ question: PointerQuestion, name: [UInt8], type: UInt8 = 12, code: UInt8 = 0) -> [UInt8] {
        var reply = question.bytes
        reply[2] = 0x85
        reply[3] = 0x80 | code
        reply[7] = code == 0 ? 1 : 0
        if code == 0 {
            reply += [0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, UInt8(name.count)] + name
        }
        return reply
    }

    private let hostName: [UInt8] = [4] + Array("host".utf8) + [7] + Array("example".utf8) + [0]

    @Test func aQuestionNamesTheAddressBackwards() {
        let four = PointerQuestion(for: address, id: 0x1234)
        #expect(Array(four.bytes.prefix(12)) == [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0])
        let name = four.bytes.dropFirst(12).dropLast(4)
        #expect(String(decoding: name, as: UTF8.self) == "\u{1}9\u{1}0\u{1}0\u{2}10\u{7}in-addr\u{4}arpa\u{0}")
        #expect(Array(four.bytes.suffix(4)) == [0, 12, 0, 1])
        let six = PointerQuestion(for: IPAddress("2001:db8::1"), id: 0)
        #expect(six.bytes.count == 12 + 32 * 2 + 4 + 5 + 1 + 4)
        #expect(six.bytes[12...15] == [1, 0x31, 1, 0x30])
    }

    @Test func anAnswerIsRead() {
        let question = PointerQuestion(for: address, id: 7)
        #expect(question.read(answer(question, name: hostName)) == .name(Array("host.example".utf8)))
        #expect(question.read(answer(question, name: [], code: 3)) == .none)
        #expect(question.read(answer(question, name: hostName, type: 1)) == .none)
    }

    @Test func whatDoesNotBelongToTheQuestionIsForeign() {
        let question = PointerQuestion(for: address, id: 7)
        #expect(question.read(answer(PointerQuestion(for: address, id: 8), name: hostName)) == .foreign)
        #expect(question.read(answer(PointerQuestion(for: IPAddress("10.0.0.8"), id: 7), name: hostName)) == .foreign)
        #expect(question.read(question.bytes) == .foreign)
        #expect(question.read([]) == .foreign)
    }

    @Test func hostileAnswersEnd() {
        let question = PointerQuestion(for: address, id: 7)
        let whole = answer(question, name: hostName)
        for length in 0..<whole.count {
            let read = question.read(Array(whole.prefix(length)))
            #expect(read == .foreign || read == .none)
        }
        // A pointer to itself, one to the end, and a name that never ends.
        let start = UInt8(question.bytes.count + 12)
        #expect(question.read(answer(question, name: [0xc0, start])) == .none)
        #expect(question.read(answer(question, name: [0xff, 0xff])) == .none)
        #expect(question.read(answer(question, name: [1, 0x61, 0xc0, start])) == .none)
        // What would write to the terminal.
        #expect(question.read(answer(question, name: [3, 0x1b, 0x5b, 0x6d, 0])) == .none)
    }

    private func names(
        hosts: String = "", resolvers: String = "", _ exchange: @escaping HostNames.Exchange = { _, _, _, _ in false }
    ) -> HostNames {
        HostNames(
            readFile: { $0 == "/etc/hosts" ? Array(hosts.utf8) : Array(resolvers.utf8) }, exchange: exchange)
    }

    @Test func theHostsFileComesFirst() {
        let names = names(hosts: "# c\n10.0.0.9\tnine other # x\n10.0.0.9 second\n2001:db8::1 six\nfoo bar\n10.0.0.8\n")
        #expect(names.name(of: address) == Array("nine".utf8))
        #expect(names.name(of: IPAddress("2001:db8::1")) == Array("six".utf8))
        #expect(names.name(of: IPAddress("10.0.0.8")) == nil)
    }

    @Test func aResolverIsAskedOnceForAnAddress() {
        var asked: [String] = []
        let names = names(resolvers: "nameserver 127.0.0.1\nnameserver ::1\n") { question, server, _, take in
            asked.append(server)
            var reply = question
            reply[2] = 0x85
            reply[7] = 1
            reply += [0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 60, 0, 6, 4] + Array("host".utf8) + [0]
            return take(reply)
        }
        #expect(names.name(of: address) == Array("host".utf8))
        #expect(names.name(of: address) == Array("host".utf8))
        #expect(asked == ["127.0.0.1"])
    }

    @Test func aResolverThatIsSilentIsNotAskedAgain() {
        var asked: [String] = []
        let names = names(resolvers: "nameserver 127.0.0.1\nnameserver ::1\n") { _, server, _, _ in
            asked.append(server)
            return false
        }
        #expect(names.name(of: address) == nil)
        #expect(names.name(of: IPAddress("10.0.0.8")) == nil)
        #expect(asked == ["127.0.0.1", "::1"])
    }
}
