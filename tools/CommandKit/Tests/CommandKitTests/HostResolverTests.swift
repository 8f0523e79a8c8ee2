// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CommandKit

/// What the resolver asks, whom, and what it makes of the answers.
struct HostResolverTests {
    private let v4: [UInt8] = [192, 0, 2, 1]
    private let v6: [UInt8] = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]

    /// Servers that are asked, and how they answer.
    private final class Servers {
        var asked: [String] = []
        var milliseconds: [Int] = []
        var long: [String] = []
        private let answer: (_ name: String, _ type: UInt8, _ server: UInt8, _ question: [UInt8]) -> [[UInt8]]
        private let longAnswer: (_ question: [UInt8]) -> [UInt8]?

        init(
            _ answer: @escaping (String, UInt8, UInt8, [UInt8]) -> [[UInt8]],
            long: @escaping ([UInt8]) -> [UInt8]? = { _ in nil }
        ) {
            self.answer = answer
            longAnswer = long
        }

        func resolver(hosts: String = "", configuration: String = "", hostname: String = "machine") -> HostResolver {
            HostResolver(
                readFile: { path in
                    switch path {
                    case "/etc/hosts": Array(hosts.utf8)
                    case "/etc/resolv.conf": Array(configuration.utf8)
                    case "/proc/sys/kernel/hostname": Array("\(hostname)\n".utf8)
                    default: nil
                    }
                },
                long: { question, _, _ in
                    self.long.append(DNSAnswer.name(of: question))
                    return self.longAnswer(question)
                },
                exchange: { questions, server, milliseconds, take in
                    let number = server.address.last ?? 0
                    self.asked.append("\(DNSAnswer.name(of: questions[0]))@\(number)")
                    self.milliseconds.append(milliseconds)
                    for question in questions {
                        let type = DNSAnswer.type(of: question)
                        let replies = self.answer(DNSAnswer.name(of: question), type, number, question)
                        if replies.contains(where: take) { return }
                    }
                })
        }
    }

    private func outcome(_ resolver: HostResolver, _ name: String) -> Result<Set<[UInt8]>, HostResolver.Failure> {
        do throws(HostResolver.Failure) {
            return .success(Set(try resolver.addresses(of: Array(name.utf8))))
        } catch {
            return .failure(error)
        }
    }

    @Test func bothKindsOfAddressesAreAskedForAtOnce() {
        let (v4, v6) = (v4, v6)
        let servers = Servers { _, _, _, question in [DNSAnswer.addresses(question, v4: [v4], v6: [v6])] }
        #expect(outcome(servers.resolver(), "host.example") == .success([v4, v6]))
        // Nobody is named, so it is this machine.
        #expect(servers.asked == ["host.example@1"])
        #expect(servers.milliseconds == [5000])
    }

    @Test func oneKindIsEnough() {
        let (v4, v6) = (v4, v6)
        for code in [0, 2, 3, 5] as [UInt8] {
            let four = Servers { _, type, _, question in
                [type == 1 ? DNSAnswer.addresses(question, v4: [v4]) : DNSAnswer(to: question, code: code).bytes]
            }
            #expect(outcome(four.resolver(), "host.example") == .success([v4]))
            let six = Servers { _, type, _, question in
                [type == 28 ? DNSAnswer.addresses(question, v6: [v6]) : DNSAnswer(to: question, code: code).bytes]
            }
            #expect(outcome(six.resolver(), "host.example") == .success([v6]))
        }
        // A server that does not answer questions for IPv6 at all.
        let silent = Servers { _, type, _, question in
            type == 1 ? [DNSAnswer.addresses(question, v4: [v4])] : []
        }
        #expect(outcome(silent.resolver(), "host.example") == .success([v4]))
        #expect(silent.asked.count == 1)
    }

    @Test func foreignAnswersAreNotTaken() {
        let v4 = v4
        let servers = Servers { _, type, _, question in
            let answer = DNSAnswer.addresses(question, v4: [v4])
            var number = answer
            number[0] ^= 1
            var name = answer
            name[13] = 0x7a
            var isQuestion = answer
            isQuestion[2] &= 0x7f
            return [[], [1], number, name, isQuestion, Array(answer.prefix(16))]
        }
        #expect(outcome(servers.resolver(), "host.example") == .failure(.temporary))
    }

    @Test func theServersAreAskedInTurn() {
        let v4 = v4
        let servers = Servers { _, _, server, question in
            switch server {
            case 1: []
            case 2: [DNSAnswer(to: question, code: 2).bytes]
            default: [DNSAnswer.addresses(question, v4: [v4])]
            }
        }
        let configuration = "nameserver 10.0.0.1\nnameserver 10.0.0.2\nnameserver 10.0.0.3\nnameserver 10.0.0.4\n"
        #expect(outcome(servers.resolver(configuration: configuration), "host.example") == .success([v4]))
        #expect(servers.asked == ["host.example@1", "host.example@2", "host.example@3"])
    }

    @Test func serversThatCannotTellAreAskedAgain() {
        for code in [2, 4, 5] as [UInt8] {
            let servers = Servers { _, _, _, question in [DNSAnswer(to: question, code: code).bytes] }
            let resolver = servers.resolver(configuration: "nameserver 10.0.0.1\nnameserver 10.0.0.2\n")
            #expect(outcome(resolver, "host.example") == .failure(.temporary))
            #expect(servers.asked.map { $0.suffix(1) } == ["1", "2", "1", "2"])
        }
    }

    @Test func silenceEndsAfterSoManyTries() {
        let servers = Servers { _, _, _, _ in [] }
        let resolver = servers.resolver(
            configuration: "nameserver 10.0.0.1\noptions attempts:3 timeout:1\nsearch example\n")
        #expect(outcome(resolver, "host") == .failure(.temporary))
        // Whoever does not answer to one name does not to the next.
        #expect(servers.asked == ["host.example@1", "host.example@1", "host.example@1"])
        #expect(servers.milliseconds == [1000, 1000, 1000])
    }

    @Test func whatServersSayIsTheReason() {
        func reason(_ code: UInt8) -> Result<Set<[UInt8]>, HostResolver.Failure> {
            outcome(
                Servers { _, _, _, question in [DNSAnswer(to: question, code: code).bytes] }.resolver(), "host.example")
        }
        #expect(reason(0) == .failure(.noAddress))
        for code in [1, 3, 9, 15] as [UInt8] { #expect(reason(code) == .failure(.unknown)) }
        // As the C library has it: one certain answer is enough, and records that lead nowhere are no name.
        let half = Servers { _, type, _, question in [DNSAnswer(to: question, code: type == 1 ? 0 : 2).bytes] }
        #expect(outcome(half.resolver(), "host.example") == .failure(.noAddress))
        let leading = Servers { _, _, _, question in
            var answer = DNSAnswer(to: question)
            answer.add(5, DNSAnswer.name("nosuch.example"))
            return [answer.bytes]
        }
        #expect(outcome(leading.resolver(), "host.example") == .failure(.unknown))
    }

    @Test func shortNamesAreSearchedFor() {
        let v4 = v4
        func servers(_ known: String) -> Servers {
            Servers { name, _, _, question in
                [
                    name == known
                        ? DNSAnswer.addresses(question, v4: [v4]) : DNSAnswer(to: question, code: 3).bytes
                ]
            }
        }
        let configuration = "search one.example two.example\nnameserver 10.0.0.1\n"
        var found = servers("host.two.example")
        #expect(outcome(found.resolver(configuration: configuration), "host") == .success([v4]))
        #expect(found.asked == ["host.one.example@1", "host.two.example@1"])
        found = servers("host")
        #expect(outcome(found.resolver(configuration: configuration), "host") == .success([v4]))
        #expect(found.asked.last == "host@1")
        // With a dot it is tried as it stands first, with one at its end as nothing else.
        found = servers("a.b.one.example")
        #expect(outcome(found.resolver(configuration: configuration), "a.b") == .success([v4]))
        #expect(found.asked == ["a.b@1", "a.b.one.example@1"])
        found = servers("host.one.example")
        #expect(outcome(found.resolver(configuration: configuration), "host.") == .failure(.unknown))
        #expect(found.asked == ["host@1"])
        found = servers("a.b")
        #expect(outcome(found.resolver(configuration: configuration + "options ndots:2\n"), "a.b") == .success([v4]))
        #expect(found.asked == ["a.b.one.example@1", "a.b.two.example@1", "a.b@1"])
        // Without a list the machine's own domain is it.
        found = servers("host.own.example")
        #expect(outcome(found.resolver(hostname: "machine.own.example"), "host") == .success([v4]))
    }

    @Test func whatIsSaidOfTheNameItselfCountsMost() {
        let servers = Servers { name, _, _, question in
            [DNSAnswer(to: question, code: name == "a.b" ? 3 : 0).bytes]
        }
        let configuration = "search example\nnameserver 10.0.0.1\n"
        #expect(outcome(servers.resolver(configuration: configuration), "a.b") == .failure(.unknown))
        #expect(outcome(servers.resolver(configuration: configuration), "host") == .failure(.noAddress))
        let failing = Servers { name, _, _, question in
            [DNSAnswer(to: question, code: name == "host" ? 3 : 2).bytes]
        }
        #expect(outcome(failing.resolver(configuration: configuration), "host") == .failure(.temporary))
    }

    @Test func cutAnswersAreAskedForOverAStream() {
        let v4 = v4
        func servers(_ whole: @escaping ([UInt8]) -> [UInt8]?) -> Servers {
            Servers(
                { _, type, _, question in
                    [type == 1 ? DNSAnswer(to: question, isTruncated: true).bytes : DNSAnswer(to: question).bytes]
                }, long: whole)
        }
        let whole = servers { DNSAnswer.addresses($0, v4: [v4]) }
        #expect(outcome(whole.resolver(), "host.example") == .success([v4]))
        #expect(whole.long == ["host.example"])
        // Where there is no stream, or nonsense on it, what came counts if it is something.
        #expect(outcome(servers { _ in nil }.resolver(), "host.example") == .failure(.temporary))
        #expect(outcome(servers { _ in [1, 2, 3] }.resolver(), "host.example") == .failure(.temporary))
        let partial = Servers { _, type, _, question in
            var answer = DNSAnswer(to: question, isTruncated: true)
            if type == 1 { answer.add(1, v4) }
            return [answer.bytes]
        }
        #expect(outcome(partial.resolver(), "host.example") == .success([v4]))
    }

    @Test func theHostsFileComesFirst() {
        let servers = Servers { _, _, _, question in [DNSAnswer(to: question, code: 3).bytes] }
        let hosts =
            "# c\n192.0.2.1 One.example one # x\n2001:db8::1\tone\nfoo one\n10.1 short\n192.0.2.1 one\n\n192.0.2.9\n"
        let resolver = servers.resolver(hosts: hosts)
        #expect(outcome(resolver, "ONE") == .success([v4, v6]))
        #expect(outcome(resolver, "one.EXAMPLE.") == .success([v4]))
        #expect(outcome(resolver, "short") == .success([[10, 0, 0, 1]]))
        #expect(servers.asked.isEmpty)
        #expect(outcome(resolver, "x") == .failure(.unknown))
        #expect(servers.asked == ["x@1"])
    }

    @Test(arguments: ["", ".", "..", "a..b", ".a", "-a", "a b", "a/b", "\u{1}", "ä", String(repeating: "a", count: 64)])
    func whatIsNoNameIsNotAskedFor(name: String) {
        let servers = Servers { _, _, _, _ in [] }
        #expect(outcome(servers.resolver(), name) == .failure(.unknown))
        let long = Array(repeating: "abcdefghi", count: 26).joined(separator: ".")
        #expect(outcome(servers.resolver(), long) == .failure(.unknown))
        #expect(servers.asked.isEmpty)
    }

    @Test func theConfigurationIsRead() {
        let servers = Servers { _, _, _, _ in [] }
        let read = servers.resolver(
            configuration: """
                # comment
                ; comment
                nameserver 10.0.0.1 # the first
                nameserver foo
                nameserver
                nameserver 2001:db8::1
                nameserver fe80::1%7
                nameserver 10.0.0.4
                domain one.example
                search two.example bad..name three.example
                options ndots:99 timeout:0 attempts:77 rotate foo:bar ndots:x attempts:-1
                options
                unknown words
                """
        ).configuration()
        let linkLocal: [UInt8] = [0xfe, 0x80] + [UInt8](repeating: 0, count: 13) + [1]
        #expect(
            read.servers == [
                DatagramAddress([10, 0, 0, 1], port: 53), DatagramAddress(v6, port: 53),
                DatagramAddress(linkLocal, port: 53, scope: 7),
            ])
        #expect(read.search.map { String(decoding: $0, as: UTF8.self) } == ["two.example", "three.example"])
        #expect(read.dots == 15 && read.seconds == 1 && read.attempts == 5)
        #expect(servers.resolver(hostname: "a.b..c").configuration().search.isEmpty)
        #expect(servers.resolver(configuration: "search\n", hostname: "a.b").configuration().search == [[0x62]])
    }
}
