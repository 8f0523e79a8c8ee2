// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Reads filters in the language of `ss`, as its manual page has it.
///
/// ```swift
/// let parsed = try SocketExpressionParser().parse("( sport = :80 or sport = :443 ) and not dst 10.0.0.0/8")
/// let sockets = try await connection.sockets(.tcp, filter: parsed.filter)
/// ```
///
/// Words stand apart, parentheses and operators too; behind a backslash a blank does not end a word. Names are looked up by closures, of which each finds nothing until
/// you set it: a library does not read files that it was not told of.
public struct SocketExpressionParser {
    /// The family that addresses without `inet:`, `unix:` or the like belong to; nil takes both internet families.
    public var family: AddressFamily?
    /// Finds the port of a service.
    public var portOfService: (String) throws(SocketExpressionSyntaxError) -> UInt16? = { _ in nil }
    /// Finds the addresses of a host, in a family or in both.
    public var addressesOfHost: (String, AddressFamily?) -> [IPAddress] = { _, _ in [] }
    /// Finds the number of a link.
    public var indexOfLink: (String) -> InterfaceIndex? = { _ in nil }
    /// Finds the number of a control group of version 2 by its path below the root.
    public var cgroupID: (String) -> UInt64? = { _ in nil }
    /// Finds an Ethernet type by its name.
    public var ethernetType: (String) -> UInt16? = { _ in nil }
    /// Finds a netlink protocol by its name.
    public var netlinkProtocol: (String) -> UInt8? = { _ in nil }

    /// What a text comes to.
    public struct Result: Hashable, Sendable {
        /// The filter; one that is always true for an empty text.
        public var filter: SocketExpression
        /// The families that addresses were written with, in order: `ss` shows sockets of the last one only.
        public var families: [AddressFamily]
    }

    /// A parser that finds no names.
    public init() {}

    /// Reads a filter.
    ///
    /// - Throws: ``SocketExpressionSyntaxError`` for the first word that is wrong; every word is read or refused.
    public func parse(_ text: String) throws(SocketExpressionSyntaxError) -> Result { try parse([text]) }

    /// Reads a filter from the words of a command line, which may hold several words of the filter each.
    public func parse(_ arguments: [String]) throws(SocketExpressionSyntaxError) -> Result {
        var grammar = SocketExpressionGrammar(names: self, words: arguments.flatMap(Self.split))
        let filter = try grammar.parse()
        return Result(filter: filter, families: grammar.families)
    }

    private static func split(_ argument: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        var isEscaped = false
        func end() {
            if !word.isEmpty { words.append(String(word)) }
            word.removeAll(keepingCapacity: true)
        }
        for scalar in argument.unicodeScalars {
            switch scalar {
            case _ where isEscaped:
                word.append(scalar)
                isEscaped = false
            case "\\": isEscaped = true
            case " ", "\t", "\n", "\r": end()
            default: word.append(scalar)
            }
        }
        end()
        return words
    }
}

/// The grammar: `or` binds least, then `and` (which may be left out), then `not`.
struct SocketExpressionGrammar {
    let names: SocketExpressionParser
    private let words: [String]
    private var position = 0
    private(set) var families: [AddressFamily] = []
    private var context = Context.address

    /// What a word that is no keyword stands for, which the last keyword decides.
    private enum Context {
        case address
        case port
        case device
        case mark
        case cgroup
    }

    private static let depthLimit = 64

    init(names: SocketExpressionParser, words: [String]) {
        self.names = names
        self.words = words
    }

    private enum Keyword {
        case and, or, not, open, close
        case comparison(PortComparison)
        case source, destination, sourcePort, destinationPort, device, mark, cgroup, autobound

        init?(_ word: String) {
            switch word {
            case "and", "&", "&&": self = .and
            case "or", "|", "||": self = .or
            case "not", "!": self = .not
            case "(": self = .open
            case ")": self = .close
            case "=", "==", "eq": self = .comparison(.equal)
            case "!=", "ne", "neq": self = .comparison(.notEqual)
            case ">", "gt": self = .comparison(.greater)
            case "<", "lt": self = .comparison(.less)
            case ">=", "ge", "geq": self = .comparison(.atLeast)
            case "<=", "le", "leq": self = .comparison(.atMost)
            case "src": self = .source
            case "dst": self = .destination
            case "sport": self = .sourcePort
            case "dport": self = .destinationPort
            case "dev": self = .device
            case "fwmark": self = .mark
            case "cgroup": self = .cgroup
            case "autobound": self = .autobound
            default: return nil
            }
        }
    }

    private var keyword: Keyword? { position < words.count ? Keyword(words[position]) : nil }

    mutating func parse() throws(SocketExpressionSyntaxError) -> SocketExpression {
        guard !words.isEmpty else { return .all([]) }
        let filter = try disjunction(0)
        guard position == words.count else { throw try unexpected() }
        return filter
    }

    private mutating func disjunction(_ depth: Int) throws(SocketExpressionSyntaxError) -> SocketExpression {
        var parts = [try conjunction(depth)]
        while case .or = keyword {
            position += 1
            parts.append(try conjunction(depth))
        }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func conjunction(_ depth: Int) throws(SocketExpressionSyntaxError) -> SocketExpression {
        var parts = [try predicate(depth)]
        while true {
            switch keyword {
            case .and:
                position += 1
                parts.append(try predicate(depth))
            case .or, .close, nil:
                // A word that is no keyword cannot begin a condition.
                guard position == words.count || keyword != nil else { throw try unexpected() }
                return parts.count == 1 ? parts[0] : .all(parts)
            default: parts.append(try predicate(depth))
            }
        }
    }

    private mutating func predicate(_ depth: Int) throws(SocketExpressionSyntaxError) -> SocketExpression {
        guard depth < Self.depthLimit else { throw SocketExpressionSyntaxError(.tooDeep, words[position]) }
        guard let keyword else { throw try unexpected() }
        switch keyword {
        case .not:
            position += 1
            return .not(try predicate(depth + 1))
        case .open:
            position += 1
            let inner = try disjunction(depth + 1)
            guard case .close = self.keyword else { throw try unexpected() }
            position += 1
            return inner
        case .source:
            position += 1
            return address(try host(), isLocal: true)
        case .destination:
            position += 1
            return address(try host(), isLocal: false)
        case .sourcePort:
            position += 1
            return try port(isLocal: true)
        case .destinationPort:
            position += 1
            return try port(isLocal: false)
        case .device:
            position += 1
            return try negatable(.device) { names, word throws(SocketExpressionSyntaxError) in
                guard let index = names.indexOfLink(word) else {
                    throw SocketExpressionSyntaxError(.noSuchDevice, word)
                }
                return .interface(index)
            }
        case .mark:
            position += 1
            return try negatable(.mark) { _, word throws(SocketExpressionSyntaxError) in try Self.mark(word) }
        case .cgroup:
            position += 1
            return try negatable(.cgroup) { names, word throws(SocketExpressionSyntaxError) in
                guard let id = names.cgroupID(word) else { throw SocketExpressionSyntaxError(.noSuchCgroup, word) }
                return .cgroup(id)
            }
        case .autobound:
            position += 1
            return .isAutobound
        case .and, .or, .close, .comparison: throw try unexpected()
        }
    }

    /// The error of the word that is next; where it is no keyword, what it would stand for is judged first.
    private mutating func unexpected() throws(SocketExpressionSyntaxError) -> SocketExpressionSyntaxError {
        guard position < words.count else { return SocketExpressionSyntaxError(.unexpectedWord, "") }
        let word = words[position]
        if keyword == nil {
            switch context {
            case .address, .port: _ = try SocketAddressReader(names, families.last, word, context == .port).read()
            case .device: if names.indexOfLink(word) == nil { return SocketExpressionSyntaxError(.noSuchDevice, word) }
            case .mark: _ = try Self.mark(word)
            case .cgroup: if names.cgroupID(word) == nil { return SocketExpressionSyntaxError(.noSuchCgroup, word) }
            }
        }
        return SocketExpressionSyntaxError(.unexpectedWord, word)
    }

    private mutating func value(_ context: Context) throws(SocketExpressionSyntaxError) -> String {
        self.context = context
        guard position < words.count, keyword == nil else { throw try unexpected() }
        position += 1
        return words[position - 1]
    }

    /// A word that may have `=` or `!=` before it.
    private mutating func negatable(
        _ context: Context,
        _ read: (SocketExpressionParser, String) throws(SocketExpressionSyntaxError) -> SocketExpression
    ) throws(SocketExpressionSyntaxError) -> SocketExpression {
        var isNegated = false
        switch keyword {
        case .comparison(.equal): position += 1
        case .comparison(.notEqual):
            position += 1
            isNegated = true
        default: break
        }
        let filter = try read(names, try value(context))
        return isNegated ? .not(filter) : filter
    }

    private mutating func host() throws(SocketExpressionSyntaxError) -> SocketAddressReader.Found {
        if case .comparison(.equal) = keyword { position += 1 }
        return try address(in: .address)
    }

    private mutating func address(in context: Context) throws(SocketExpressionSyntaxError) -> SocketAddressReader.Found
    {
        let word = try value(context)
        let found = try SocketAddressReader(names, families.last, word, context == .port).read()
        if let family = found.family { families.append(family) }
        return found
    }

    private func address(_ found: SocketAddressReader.Found, isLocal: Bool) -> SocketExpression {
        let conditions = found.patterns.map { isLocal ? SocketExpression.local($0) : .remote($0) }
        return conditions.count == 1 ? conditions[0] : .any(conditions)
    }

    private mutating func port(isLocal: Bool) throws(SocketExpressionSyntaxError) -> SocketExpression {
        var comparison = PortComparison.equal
        if case .comparison(let written) = keyword {
            comparison = written
            position += 1
        }
        let found = try address(in: .port)
        if comparison == .equal { return address(found, isLocal: isLocal) }
        if comparison == .notEqual { return .not(address(found, isLocal: isLocal)) }
        // No port has all bits set: that is the highest to the kernel, and less than any to the other families.
        let isInternet = found.family == nil || found.family == .ipv4 || found.family == .ipv6
        let number = found.port ?? (isInternet ? 0xffff : -1)
        guard let port = UInt16(exactly: number) else {
            // No socket has a port as high or as low.
            return comparison.holds(0, number) ? .all([]) : .any([])
        }
        return isLocal ? .localPort(comparison, port) : .remotePort(comparison, port)
    }

    private static func mark(_ word: String) throws(SocketExpressionSyntaxError) -> SocketExpression {
        let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let mark = CNumber.unsigned(parts[0]), parts.count == 1 || CNumber.unsigned(parts[1]) != nil else {
            throw SocketExpressionSyntaxError(.notAMark, word)
        }
        return .mark(mark, mask: parts.count == 1 ? .max : CNumber.unsigned(parts[1]) ?? .max)
    }
}
