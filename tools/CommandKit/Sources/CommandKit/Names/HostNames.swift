// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// The names of hosts by their addresses, as `-r` shows them: from /etc/hosts, then from the resolvers of
/// /etc/resolv.conf.
///
/// The C library's own way loads libraries at run time, which a static program cannot. Every address is asked for once; a
/// resolver that does not answer is not asked again.
public final class HostNames {
    /// Sends a question to a server and gives each datagram that comes back to the closure, until it takes one or the
    /// time is over; false when nothing was taken.
    typealias Exchange = (_ question: [UInt8], _ server: String, _ milliseconds: Int, _ take: ([UInt8]) -> Bool) -> Bool

    /// How long one resolver has for one answer.
    private static let milliseconds = 1000
    private static let maximumServers = 3

    private let readFile: (String) -> [UInt8]?
    private let exchange: Exchange
    private var names: [IPAddress: [UInt8]?] = [:]
    private var servers: [String] = []
    private var isLoaded = false

    /// Reads this machine's files and asks its resolvers.
    public convenience init() {
        self.init(readFile: System.readFile) { question, server, milliseconds, take in
            guard let server = HostResolver.server(Array(server.utf8)) else { return false }
            return System.exchange([question], with: server, milliseconds: milliseconds, take: take)
        }
    }

    init(readFile: @escaping (String) -> [UInt8]?, exchange: @escaping Exchange) {
        self.readFile = readFile
        self.exchange = exchange
    }

    /// The name of an address, where it has one.
    public func name(of address: IPAddress) -> [UInt8]? {
        if !isLoaded { load() }
        if let known = names[address] { return known }
        let found = ask(address)
        names[address] = .some(found)
        return found
    }

    private func ask(_ address: IPAddress) -> [UInt8]? {
        while let server = servers.first {
            let question = PointerQuestion(for: address, id: UInt16.random(in: 0...UInt16.max))
            var name: [UInt8]?
            let isAnswered = exchange(question.bytes, server, Self.milliseconds) { (reply: [UInt8]) -> Bool in
                switch question.read(reply) {
                case .foreign: return false
                case .none: return true
                case .name(let found):
                    name = found
                    return true
                }
            }
            if isAnswered { return name }
            // It would cost the deadline for each address that follows.
            servers.removeFirst()
        }
        return nil
    }

    // MARK: Files

    private func load() {
        isLoaded = true
        for words in lines(of: "/etc/hosts") {
            // The first name of the first line of an address is the one.
            guard words.count > 1, let address = Self.address(words[0]), names[address] == nil else { continue }
            names[address] = .some(Array(words[1]))
        }
        for words in lines(of: "/etc/resolv.conf") where servers.count < Self.maximumServers {
            guard words.count > 1, words[0].elementsEqual("nameserver".utf8) else { continue }
            servers.append(String(decoding: words[1], as: UTF8.self))
        }
    }

    private static func address(_ word: ArraySlice<UInt8>) -> IPAddress? {
        IPAddress(String(decoding: word, as: UTF8.self))
    }

    private func lines(of path: String) -> [[ArraySlice<UInt8>]] {
        guard let bytes = readFile(path) else { return [] }
        return bytes.split(separator: 0x0a).map { (line: ArraySlice<UInt8>) in
            line.prefix { $0 != 0x23 && $0 != 0x3b }.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }
        }
    }
}

/// A question to a resolver for the name of an address, and what the answers to it say.
struct PointerQuestion {
    /// What a datagram says.
    enum Answer: Equatable {
        /// It does not belong to the question.
        case foreign
        /// There is no name.
        case none
        case name([UInt8])
    }

    private static let headerByteCount = 12
    private static let pointerType: UInt16 = 12
    private static let internetClass: UInt16 = 1

    /// The datagram.
    let bytes: [UInt8]

    init(for address: IPAddress, id: UInt16) {
        var bytes = [UInt8(id >> 8), UInt8(id & 0xff), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
        func append(_ label: String) {
            bytes.append(UInt8(label.utf8.count))
            bytes += Array(label.utf8)
        }
        let octets = address.octets
        if octets.count == 4 {
            for octet in octets.reversed() { append("\(octet)") }
            append("in-addr")
        } else {
            for octet in octets.reversed() {
                append(String(octet & 15, radix: 16))
                append(String(octet >> 4, radix: 16))
            }
            append("ip6")
        }
        append("arpa")
        bytes += [0, 0, UInt8(Self.pointerType), 0, UInt8(Self.internetClass)]
        self.bytes = bytes
    }

    /// Reads a datagram, which may be anything.
    func read(_ reply: [UInt8]) -> Answer {
        let header = Self.headerByteCount
        // An answer repeats the question, so that one to another question is none to this.
        guard reply.count >= bytes.count, reply[0..<2] == bytes[0..<2], reply[2] & 0x80 != 0,
            reply[header..<bytes.count] == bytes[header...]
        else { return .foreign }
        guard reply[3] & 15 == 0 else { return .none }
        var position = bytes.count
        for _ in 0..<(Int(reply[6]) << 8 | Int(reply[7])) {
            guard let data = Self.skipName(reply, position), data + 10 <= reply.count else { return .none }
            let type = UInt16(reply[data]) << 8 | UInt16(reply[data + 1])
            let length = Int(reply[data + 8]) << 8 | Int(reply[data + 9])
            guard data + 10 + length <= reply.count else { return .none }
            if type == Self.pointerType { return Self.name(in: reply, at: data + 10).map { .name($0) } ?? .none }
            position = data + 10 + length
        }
        return .none
    }

    /// Where a name ends; nil where it does not.
    private static func skipName(_ bytes: [UInt8], _ start: Int) -> Int? {
        var position = start
        while position < bytes.count {
            let length = Int(bytes[position])
            if length == 0 { return position + 1 }
            if length & 0xc0 == 0xc0 { return position + 2 }
            position += 1 + length
        }
        return nil
    }

    /// A name with its pointers followed; nil for one that never ends or that no host can have.
    private static func name(in bytes: [UInt8], at start: Int) -> [UInt8]? {
        var name: [UInt8] = []
        var position = start
        // Each step but a pointer adds to the name, whose length is bounded, and so are the pointers.
        var pointers = 0
        while position < bytes.count, name.count < 255, pointers < 64 {
            let length = Int(bytes[position])
            if length == 0 { return name.isEmpty ? nil : name }
            if length & 0xc0 == 0xc0 {
                guard position + 1 < bytes.count else { return nil }
                position = (length & 0x3f) << 8 | Int(bytes[position + 1])
                pointers += 1
                continue
            }
            guard length < 64, position + 1 + length <= bytes.count else { return nil }
            if !name.isEmpty { name.append(0x2e) }
            let label = bytes[(position + 1)...(position + length)]
            guard label.allSatisfy(isOfHost) else { return nil }
            name += label
            position += 1 + length
        }
        return nil
    }

    private static func isOfHost(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x5f: true
        default: false
        }
    }
}

extension IPAddress {
    /// The bytes in network order.
    var octets: [UInt8] {
        switch self {
        case .v4(let address): return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: address.rawValue >> UInt32($0)) }
        case .v6(let address):
            let octets = address.octets
            return octets.indices.map { octets[$0] }
        }
    }
}
