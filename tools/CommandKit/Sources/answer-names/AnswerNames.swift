// SPDX-License-Identifier: Apache-2.0

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A name server at 127.0.0.1 that says what its arguments describe, well or badly; it prints a line when it listens, and ends
/// with its parent.
///
///     answer-names 'a.example 192.0.2.1 2001:db8::1' 'b.example alias a.example' 'c.example code 2'
///
/// Behind a name stand addresses and words, which hold for questions of both kinds; behind `4:` or `6:` they hold for one:
/// `alias NAME`, `code NUMBER`, `silent`, `cut` (the answer is cut to nothing, and whole over TCP), `foreign` (the addresses
/// are those of another name), `stranger` (the number of the question is another's, before the true one comes).
/// Of other names there is none.
@main struct AnswerNames {
    private struct Entry {
        var addresses: [[UInt8]] = []
        var alias: String?
        var code: UInt8 = 0
        var words: Set<String> = []
    }

    private static let ipv4: UInt8 = 1, alias: UInt8 = 5, ipv6: UInt8 = 28
    private var entries: [String: Entry] = [:]

    static func main() {
        var server = AnswerNames()
        for argument in CommandLine.arguments.dropFirst() { server.take(argument) }
        server.run()
    }

    private mutating func take(_ description: String) {
        let words = description.split(separator: " ").map { String($0) }
        guard let name = words.first else { return }
        var kinds = [Self.ipv4, Self.ipv6]
        var position = 1
        while position < words.count {
            let word = words[position]
            position += 1
            switch word {
            case "4:": kinds = [Self.ipv4]
            case "6:": kinds = [Self.ipv6]
            case "alias", "code":
                guard position < words.count else { return }
                for kind in kinds {
                    if word == "alias" {
                        entries["\(name) \(kind)", default: Entry()].alias = words[position]
                    } else {
                        entries["\(name) \(kind)", default: Entry()].code = UInt8(words[position]) ?? 0
                    }
                }
                position += 1
            default:
                for kind in kinds {
                    if let bytes = Self.address(word) {
                        guard (bytes.count == 4) == (kind == Self.ipv4) else { continue }
                        entries["\(name) \(kind)", default: Entry()].addresses.append(bytes)
                    } else {
                        entries["\(name) \(kind)", default: Entry()].words.insert(word)
                    }
                }
            }
        }
        // A name that has one kind of address has no other.
        for kind in [Self.ipv4, Self.ipv6] { entries["\(name) \(kind)", default: Entry()].words.insert("known") }
    }

    private static func address(_ text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if unsafe inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes.prefix(4)) }
        return unsafe inet_pton(AF_INET6, text, &bytes) == 1 ? bytes : nil
    }

    private static func encoded(_ name: String) -> [UInt8] {
        name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    /// The datagrams that answer a question.
    private func answers(to question: [UInt8], overStream: Bool) -> [[UInt8]] {
        guard question.count > 16 else { return [] }
        var labels: [String] = []
        var position = 12
        while position < question.count, question[position] != 0 {
            let end = position + 1 + Int(question[position])
            guard end < question.count else { return [] }
            labels.append(String(decoding: question[position + 1..<end], as: UTF8.self).lowercased())
            position = end
        }
        guard position + 5 <= question.count else { return [] }
        let kind = question[position + 2]
        let name = labels.joined(separator: ".")
        // What else it holds, such as extensions, is not looked at.
        var answer = Array(question.prefix(position + 5))
        answer[2] = 0x81
        answer[3] = 0x80
        for index in 8..<12 { answer[index] = 0 }
        guard let entry = entries["\(name) \(kind)"] else {
            answer[3] |= 3
            return [answer]
        }
        if entry.words.contains("silent") { return [] }
        answer[3] |= entry.code
        func add(_ owner: [UInt8], _ type: UInt8, _ data: [UInt8]) {
            answer[7] += 1
            answer += owner + [0, type, 0, 1, 0, 0, 0, 60, 0, UInt8(data.count)] + data
        }
        if entry.words.contains("cut"), !overStream {
            answer[2] |= 2
            return [answer]
        }
        var owner: [UInt8] = [0xc0, 12]
        var known = entry
        var followed = 0
        while let target = known.alias, followed < 9 {
            add(owner, Self.alias, Self.encoded(target))
            owner = Self.encoded(target)
            known = entries["\(target) \(kind)"] ?? Entry()
            followed += 1
        }
        if entry.words.contains("foreign") { owner = Self.encoded("elsewhere.example") }
        for address in known.addresses { add(owner, kind, address) }
        var stranger = answer
        stranger[0] ^= 0xff
        return entry.words.contains("stranger") ? [stranger, answer] : [answer]
    }

    /// Answers the questions of a stream, each behind its length.
    private func serve(_ descriptor: Int32) {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            received += buffer.prefix(count)
            while received.count > 2 {
                let end = 2 + Int(received[0]) << 8 + Int(received[1])
                guard received.count >= end else { break }
                for answer in answers(to: Array(received[2..<end]), overStream: true) {
                    let framed = [UInt8(answer.count >> 8), UInt8(answer.count & 255)] + answer
                    _ = unsafe send(descriptor, framed, framed.count, 0)
                }
                received.removeFirst(end)
            }
        }
    }

    private func run() {
        let flags = SOCK_CLOEXEC.rawValue
        let datagrams = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | flags), 0)
        let stream = socket(AF_INET, Int32(SOCK_STREAM.rawValue | flags), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(53).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        for descriptor in [datagrams, stream] {
            let isBound = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe bind(descriptor, $0, length) == 0
                }
            }
            guard isBound else { exit(1) }
        }
        listen(stream, 16)
        print("ready")
        _ = fflush(nil)
        var buffer = [UInt8](repeating: 0, count: 4096)
        let parent = getppid()
        while getppid() == parent {
            var entries = [
                pollfd(fd: datagrams, events: Int16(POLLIN), revents: 0),
                pollfd(fd: stream, events: Int16(POLLIN), revents: 0),
            ]
            guard unsafe poll(&entries, 2, 200) > 0 else { continue }
            if entries[0].revents != 0 {
                unsafe withUnsafeMutablePointer(to: &address) { pointer in
                    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { peer in
                        let count = unsafe recvfrom(datagrams, &buffer, buffer.count, 0, peer, &length)
                        guard count > 0 else { return }
                        for answer in answers(to: Array(buffer.prefix(count)), overStream: false) {
                            _ = unsafe sendto(datagrams, answer, answer.count, 0, peer, length)
                        }
                    }
                }
            }
            if entries[1].revents != 0 {
                let descriptor = accept(stream, nil, nil)
                serve(descriptor)
                close(descriptor)
            }
        }
    }
}
