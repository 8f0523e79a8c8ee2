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

        /// What the C library says.
        public var text: StaticString {
            switch self {
            case .unknown: "Name or service not known"
            case .noAddress: "No address associated with hostname"
            case .temporary: "Temporary failure in name resolution"
            }
        }
    }

    /// Sends questions to a server and gives each datagram that comes back to the closure, until it has all or the time
    /// is over.
    typealias Exchange = (
        _ questions: [[UInt8]], _ server: DatagramAddress, _ milliseconds: Int, _ take: ([UInt8]) -> Bool
    ) -> Void
    /// Asks over a stream, where an answer is too long for a datagram.
    typealias LongExchange = (_ question: [UInt8], _ server: DatagramAddress, _ milliseconds: Int) -> [UInt8]?

    /// What /etc/resolv.conf says.
    struct Configuration: Equatable {
        var servers: [DatagramAddress] = []
        var search: [[UInt8]] = []
        var dots = 1
        var seconds = 5
        var attempts = 2
    }

    private let port: UInt16
    private let readFile: (String) -> [UInt8]?
    private let exchange: Exchange
    private let exchangeLong: LongExchange

    /// Reads this machine's files and asks its servers.
    public init() {
        self.init(readFile: System.readFile) { System.exchange($0, with: $1, milliseconds: $2, take: $3) }
    }

    init(
        port: UInt16 = 53, readFile: @escaping (String) -> [UInt8]?,
        long: @escaping LongExchange = { System.exchangeLong($0, with: $1, milliseconds: $2) },
        exchange: @escaping Exchange
    ) {
        self.port = port
        self.readFile = readFile
        self.exchange = exchange
        exchangeLong = long
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

    private func lines(_ path: String) -> [[[UInt8]]] {
        (readFile(path) ?? []).split(separator: 0x0a).map { line in
            line.prefix { $0 != 0x23 && $0 != 0x3b }.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }.map { Array($0) }
        }
    }

    private func hosts(_ name: [UInt8]) -> [[UInt8]] {
        let wanted = Self.lowercase(name.last == UInt8(ascii: ".") ? Array(name.dropLast()) : name)
        var found: [[UInt8]] = []
        for fields in lines("/etc/hosts") where fields.count >= 2 {
            guard fields.dropFirst().contains(where: { Self.lowercase($0) == wanted }) else { continue }
            if let address = NumericHost.parse(fields[0])?.address, !found.contains(address) { found.append(address) }
        }
        return found
    }

    func configuration() -> Configuration {
        var configuration = Configuration()
        var search: [[UInt8]]?
        for fields in lines("/etc/resolv.conf") where fields.count >= 2 {
            switch String(decoding: fields[0], as: UTF8.self) {
            case "nameserver":
                guard configuration.servers.count < 3, let server = Self.server(fields[1], port: port) else { continue }
                configuration.servers.append(server)
            case "domain", "search":
                search = Array(fields.dropFirst().filter { Self.isName($0) }.prefix(6))
            case "options":
                for option in fields.dropFirst() { Self.apply(option, to: &configuration) }
            default: break
            }
        }
        if configuration.servers.isEmpty { configuration.servers = [DatagramAddress([127, 0, 0, 1], port: port)] }
        configuration.search = search ?? ownDomain().map { [$0] } ?? []
        return configuration
    }

    private static func apply(_ option: [UInt8], to configuration: inout Configuration) {
        let (key, value) = Word(bytes: option).split(at: ":")
        guard let number = value?.number(UInt32.self, base: 10).map({ Int($0) }) else { return }
        switch key {
        case "ndots": configuration.dots = Swift.min(15, number)
        case "timeout": configuration.seconds = Swift.min(30, Swift.max(1, number))
        case "attempts": configuration.attempts = Swift.min(5, Swift.max(1, number))
        default: break
        }
    }

    /// The domain that this machine's own name stands in.
    private func ownDomain() -> [UInt8]? {
        let name = (readFile("/proc/sys/kernel/hostname") ?? []).prefix { $0 != 0x0a }
        guard let dot = name.firstIndex(of: UInt8(ascii: ".")) else { return nil }
        let domain = Array(name[(dot + 1)...])
        return Self.isName(domain) ? domain : nil
    }

    /// A name server as /etc/resolv.conf names it.
    static func server(_ text: [UInt8], port: UInt16 = 53) -> DatagramAddress? {
        guard let host = NumericHost.parse(text) else { return nil }
        return DatagramAddress(host.address, port: port, scope: host.scope.map { scope($0) } ?? 0)
    }

    private static func scope(_ text: [UInt8]) -> UInt32 {
        if let number = Word(bytes: text).number(UInt32.self, base: 10) { return number }
        let index = (try? InterfaceResolver())
            .flatMap { try? $0.index(of: .name(String(decoding: text, as: UTF8.self))) }
        return index.map { UInt32(bitPattern: $0.rawValue) } ?? 0
    }

    private static func lowercase(_ bytes: [UInt8]) -> [UInt8] {
        bytes.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
    }

    // MARK: Servers

    /// What became of one name at all servers.
    private enum Outcome {
        case addresses([[UInt8]])
        case failed(Failure)
        /// Servers answer, but cannot tell now.
        case serverFailure
    }

    private func asked(_ name: [UInt8]) throws(Failure) -> [[UInt8]] {
        let configuration = configuration()
        let isWhole = name.last == UInt8(ascii: ".")
        let plain = isWhole ? Array(name.dropLast()) : name
        let isPlainFirst = isWhole || plain.count { $0 == UInt8(ascii: ".") } >= configuration.dots
        var candidates = isWhole ? [] : configuration.search.map { plain + [UInt8(ascii: ".")] + $0 }
        candidates.insert(plain, at: isPlainFirst ? 0 : candidates.count)
        // What is said of the name as it stands counts most, where that was asked about first.
        var ofPlain: Failure?
        var last = Failure.unknown
        var (hasNoAddress, isUncertain) = (false, false)
        for candidate in candidates where candidate.count <= 253 {
            switch ask(candidate, configuration) {
            case .addresses(let found): return found
            case .serverFailure:
                isUncertain = true
                last = .temporary
            // A server that is not there will not be for the next name either.
            case .failed(.temporary): throw .temporary
            case .failed(let failure):
                if failure == .noAddress { hasNoAddress = true }
                last = failure
            }
            if isPlainFirst, ofPlain == nil { ofPlain = last }
        }
        throw ofPlain ?? (hasNoAddress ? .noAddress : isUncertain ? .temporary : last)
    }

    /// Asks the servers in turn, for addresses of both kinds at once.
    private func ask(_ name: [UInt8], _ configuration: Configuration) -> Outcome {
        let kinds = [DNSMessage.Kind.ipv6, DNSMessage.Kind.ipv4]
        let milliseconds = configuration.seconds * 1000
        var generator = SystemRandomNumberGenerator()
        var isUncertain = false
        for _ in 0..<configuration.attempts {
            for server in configuration.servers {
                let questions = kinds.map {
                    DNSMessage.question(name, $0, id: UInt16.random(in: 0...UInt16.max, using: &generator))
                }
                var answers = [[UInt8]?](repeating: nil, count: kinds.count)
                exchange(questions, server, milliseconds) { datagram in
                    let index = questions.indices.first {
                        answers[$0] == nil && DNSMessage.isAnswer(datagram, to: questions[$0])
                    }
                    if let index { answers[index] = datagram }
                    return answers.allSatisfy { $0 != nil }
                }
                for (index, question) in questions.enumerated() {
                    guard let short = answers[index], DNSMessage.isTruncated(short) else { continue }
                    let long = exchangeLong(question, server, milliseconds)
                    if let long, DNSMessage.isAnswer(long, to: question) {
                        answers[index] = long
                    } else if DNSMessage.addresses(short, kinds[index]).isEmpty {
                        // What was cut off may be all of it.
                        answers[index] = nil
                    }
                }
                var found: [[UInt8]] = []
                for case (let answer?, let kind) in zip(answers, kinds)
                where DNSMessage.response(answer) == DNSMessage.Response.fine {
                    found += DNSMessage.addresses(answer, kind)
                }
                if !found.isEmpty { return .addresses(found) }
                let responses = answers.compactMap { $0.map { DNSMessage.response($0) } }
                let unable = [
                    DNSMessage.Response.serverFailure, DNSMessage.Response.notImplemented, DNSMessage.Response.refused,
                ]
                let certain = responses.filter { !unable.contains($0) }
                // Other words than that there are no addresses, or records that lead to none, are taken for no such name.
                if certain.contains(where: { $0 != DNSMessage.Response.fine }) { return .failed(.unknown) }
                if responses.count == kinds.count, !certain.isEmpty {
                    let hasRecords = answers.contains { $0.map { DNSMessage.hasRecords($0) } ?? false }
                    return .failed(hasRecords ? .unknown : .noAddress)
                }
                if certain.count < responses.count { isUncertain = true }
            }
        }
        return isUncertain ? .serverFailure : .failed(.temporary)
    }
}
