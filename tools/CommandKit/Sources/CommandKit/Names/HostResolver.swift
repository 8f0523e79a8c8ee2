// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// Finds the addresses of host names: in /etc/hosts, then by the name servers of /etc/resolv.conf.
///
/// A static binary cannot ask the C library: that would load libraries at run time.
public struct HostResolver {
    /// Why there is no address, in the C library's words.
    public enum Failure: Error, Hashable, Sendable {
        /// There is no such name, or none could be.
        case unknown
        /// The name has no address.
        case noAddress
        /// No server answered: later one may.
        case temporary
        /// A server refused.
        case refused

        /// What the C library says.
        public var text: StaticString {
            switch self {
            case .unknown: "Name or service not known"
            case .noAddress: "No address associated with hostname"
            case .temporary: "Temporary failure in name resolution"
            case .refused: "Non-recoverable failure in name resolution"
            }
        }
    }

    /// What /etc/resolv.conf says.
    struct Configuration {
        var servers: [DatagramAddress] = []
        var search: [[UInt8]] = []
        var dots = 1
        var seconds: Int32 = 5
        var attempts = 2
    }

    private let folder: String
    private let port: UInt16

    /// Reads the files of a folder; servers are asked at a port.
    public init(folder: String = "/etc", port: UInt16 = 53) {
        self.folder = folder
        self.port = port
    }

    /// The addresses of a name, of four and of sixteen bytes, those first to which there is a way.
    public func addresses(of name: [UInt8]) throws(Failure) -> [[UInt8]] {
        guard Self.isName(name) else { throw .unknown }
        let known = hosts(name)
        let found = known.isEmpty ? try asked(name) : known
        // As RFC 6724 has it at its heart: reachable ones, then IPv6.
        func rank(_ address: [UInt8]) -> Int {
            (System.isReachable(DatagramAddress(address, port: 9)) ? 0 : 2) + (address.count == 16 ? 0 : 1)
        }
        return found.enumerated().map { (rank($0.element), $0.offset, $0.element) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
    }

    /// Whether a name could be one: labels of letters, digits, hyphens and underscores.
    static func isName(_ name: [UInt8]) -> Bool {
        guard !name.isEmpty, name.count <= 253 else { return false }
        let labels = (name.last == UInt8(ascii: ".") ? name.dropLast() : name[...]).split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.allSatisfy { label in
            !label.isEmpty && label.count <= 63 && label.first != UInt8(ascii: "-")
                && label.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                }
        }
    }

    // MARK: Files

    private func lines(_ file: String) -> [[[UInt8]]] {
        (System.readFile("\(folder)/\(file)") ?? []).split(separator: 0x0a).map { line in
            line.prefix { $0 != 0x23 && $0 != 0x3b }.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }.map { Array($0) }
        }
    }

    private func hosts(_ name: [UInt8]) -> [[UInt8]] {
        let wanted = Self.lowercase(name.last == UInt8(ascii: ".") ? Array(name.dropLast()) : name)
        var found: [[UInt8]] = []
        for fields in lines("hosts") where fields.count >= 2 {
            guard fields.dropFirst().contains(where: { Self.lowercase($0) == wanted }) else { continue }
            if let address = NumericHost.parse(fields[0])?.address, !found.contains(address) { found.append(address) }
        }
        return found
    }

    func configuration() -> Configuration {
        var configuration = Configuration()
        for fields in lines("resolv.conf") where fields.count >= 2 {
            switch String(decoding: fields[0], as: UTF8.self) {
            case "nameserver":
                guard configuration.servers.count < 3, let host = NumericHost.parse(fields[1]) else { continue }
                let scope = host.scope.flatMap { UInt32(String(decoding: $0, as: UTF8.self)) }
                configuration.servers.append(DatagramAddress(host.address, port: port, scope: scope ?? 0))
            case "domain", "search":
                configuration.search = Array(fields.dropFirst().filter { Self.isName($0) }.prefix(6))
            case "options":
                for option in fields.dropFirst() {
                    let (key, value) = Word(bytes: option).split(at: ":")
                    guard let number = value?.number(UInt8.self, base: 10) else { continue }
                    switch key {
                    case "ndots": configuration.dots = Int(number)
                    case "timeout": configuration.seconds = Int32(Swift.min(30, Swift.max(1, number)))
                    case "attempts": configuration.attempts = Int(Swift.min(5, Swift.max(1, number)))
                    default: break
                    }
                }
            default: break
            }
        }
        if configuration.servers.isEmpty { configuration.servers = [DatagramAddress([127, 0, 0, 1], port: port)] }
        return configuration
    }

    // MARK: Servers

    private func asked(_ name: [UInt8]) throws(Failure) -> [[UInt8]] {
        let configuration = configuration()
        let isWhole = name.last == UInt8(ascii: ".")
        let plain = isWhole ? Array(name.dropLast()) : name
        var candidates = isWhole ? [] : configuration.search.map { plain + [UInt8(ascii: ".")] + $0 }
        let dots = plain.count { $0 == UInt8(ascii: ".") }
        candidates.insert(plain, at: dots >= configuration.dots ? 0 : candidates.count)
        var failure = Failure.unknown
        for candidate in candidates where candidate.count <= 253 {
            var addresses: [[UInt8]] = []
            for type in [28, 1] as [UInt16] {
                do throws(Failure) { addresses += try ask(candidate, type, configuration) } catch {
                    // A server that is not there will not be for the next name either.
                    if error == .temporary { throw error }
                    if error != .unknown || failure == .unknown { failure = error }
                }
            }
            if !addresses.isEmpty { return addresses }
        }
        throw failure
    }

    private func ask(
        _ name: [UInt8], _ type: UInt16, _ configuration: Configuration
    ) throws(Failure) -> [[UInt8]] {
        var failure = Failure.temporary
        for _ in 0..<configuration.attempts {
            for server in configuration.servers {
                var generator = SystemRandomNumberGenerator()
                let question = DNSMessage.question(name, type, id: UInt16(truncatingIfNeeded: generator.next()))
                let answer = System.ask(server, question, milliseconds: configuration.seconds * 1000) {
                    DNSMessage.isAnswer($0, to: question)
                }
                guard let answer else { continue }
                switch answer[3] & 15 {
                case 0:
                    let addresses = DNSMessage.addresses(answer, type)
                    if addresses.isEmpty { throw .noAddress }
                    return addresses
                case 3: throw .unknown
                case 2: failure = .temporary
                default: failure = .refused
                }
            }
        }
        throw failure
    }

    private static func lowercase(_ bytes: [UInt8]) -> [UInt8] {
        bytes.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
    }
}

/// Questions and answers of the domain name system.
enum DNSMessage {
    static func question(_ name: [UInt8], _ type: UInt16, id: UInt16) -> [UInt8] {
        // Recursion is desired; one question.
        var bytes: [UInt8] = [UInt8(id >> 8), UInt8(id & 255), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
        for label in name.split(separator: UInt8(ascii: ".")) {
            bytes.append(UInt8(truncatingIfNeeded: label.count))
            bytes += label
        }
        return bytes + [0, UInt8(type >> 8), UInt8(type & 255), 0, 1]
    }

    /// Whether a datagram answers a question: its number, that it is an answer, the question itself.
    static func isAnswer(_ datagram: [UInt8], to question: [UInt8]) -> Bool {
        guard datagram.count >= question.count, datagram[0] == question[0], datagram[1] == question[1],
            datagram[2] & 0xf8 == 0x80, datagram[4] == 0, datagram[5] == 1
        else { return false }
        // Servers may change the case of letters.
        return (12..<question.count).allSatisfy { index in
            let (a, b) = (datagram[index], question[index])
            return a == b || (a | 0x20 == b | 0x20 && (0x61...0x7a).contains(a | 0x20))
        }
    }

    /// The addresses of one type among the answers, whatever the names are by which one came to them.
    static func addresses(_ datagram: [UInt8], _ type: UInt16) -> [[UInt8]] {
        func word(_ offset: Int) -> Int { Int(datagram[offset]) << 8 | Int(datagram[offset + 1]) }
        var offset = 12
        guard datagram.count >= 12, skipName(datagram, &offset) else { return [] }
        offset += 4
        var found: [[UInt8]] = []
        for _ in 0..<word(6) {
            guard skipName(datagram, &offset), offset + 10 <= datagram.count else { break }
            let (kind, length) = (word(offset), word(offset + 8))
            offset += 10
            guard offset + length <= datagram.count else { break }
            if kind == Int(type), length == (type == 1 ? 4 : 16) {
                found.append(Array(datagram[offset..<offset + length]))
            }
            offset += length
        }
        return found
    }

    private static func skipName(_ datagram: [UInt8], _ offset: inout Int) -> Bool {
        while offset < datagram.count {
            let length = Int(datagram[offset])
            if length >= 0xc0 {
                offset += 2
                return offset <= datagram.count
            }
            offset += 1 + length
            if length == 0 { return offset <= datagram.count }
        }
        return false
    }
}

/// Addresses in the forms that the C library takes: `10.1` and `0x7f000001` for IPv4, a scope behind IPv6.
public enum NumericHost {
    /// The address's bytes, and the text of its scope; nil where the text is no address.
    public static func parse(_ text: [UInt8]) -> (address: [UInt8], scope: [UInt8]?)? {
        if let address = ipv4(text) { return (address, nil) }
        let parts = text.split(separator: UInt8(ascii: "%"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = ipv6(Array(first)) else { return nil }
        return (address, parts.count > 1 ? Array(parts[1]) : nil)
    }

    private static func ipv4(_ text: [UInt8]) -> [UInt8]? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...4).contains(parts.count) else { return nil }
        var value: UInt64 = 0
        for (index, part) in parts.enumerated() {
            guard let number = number(part) else { return nil }
            let isLast = index == parts.count - 1
            let limit: UInt64 = isLast ? 1 << (8 * UInt64(5 - parts.count)) : 256
            guard number < limit else { return nil }
            value |= number << (isLast ? 0 : 8 * UInt64(3 - index))
        }
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func number(_ text: ArraySlice<UInt8>) -> UInt64? {
        var digits = text
        var base: UInt64 = 10
        if digits.first == 0x30, digits.count > 1 {
            digits = digits.dropFirst()
            base = 8
            if digits.first.map({ $0 | 0x20 }) == UInt8(ascii: "x") {
                digits = digits.dropFirst()
                base = 16
            }
        }
        guard !digits.isEmpty, digits.count <= 16 else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            let number: UInt64
            switch digit {
            case 0x30...0x39: number = UInt64(digit - 0x30)
            case 0x41...0x46, 0x61...0x66: number = UInt64((digit | 0x20) - 0x61) + 10
            default: return nil
            }
            guard number < base, value < 1 << 40 else { return nil }
            value = value * base + number
        }
        return value
    }

    private static func ipv6(_ text: [UInt8]) -> [UInt8]? {
        guard let address = IPv6Address(ascii: text.span) else { return nil }
        return (0..<16).map {
            UInt8(truncatingIfNeeded: ($0 < 8 ? address.high : address.low) >> (56 - 8 * UInt64($0 % 8)))
        }
    }
}
