// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkSockDiag

/// The options of a command line, and the words that are none.
struct SSOptions {
    var isNumeric = false
    var resolvesHosts = false
    /// The last one of `-a`, `-l` and `-B`.
    var states: SocketStates?
    /// `-o`; also by -e and -b.
    var showsTimers = false
    var showsDetails = false
    var showsMemory = false
    var showsProcesses = false
    var showsThreads = false
    var showsInformation = false
    var showsTOS = false
    var showsCgroup = false
    var showsInetOptions = false
    var showsPrograms = false
    var showsSummary = false
    var follows = false
    var kills = false
    var hasHeader = true
    var hasQueues = true
    var isOneLine = false
    var isJSON = false
    var isPretty = false
    /// The tables and families in the order in which they were asked for.
    var tables: [TableChoice] = []
    var filterFile: String?
    /// `-D`: where the kernel's messages about TCP sockets go; `-` is standard output.
    var dumpFile: String?
    var words: [String] = []

    /// One option that says what to show.
    enum TableChoice {
        case family(SocketFamily)
        /// The word of `-A`.
        case query(String)
        case tables([SocketTable])
    }

    /// What ends a command line at once.
    enum Exit: Error {
        case usage(status: Int32, CommandError? = nil)
        case version
        case failure(CommandError)
    }

    private enum Argument { case none, required }

    private static let short: [Character: Argument] = {
        var table: [Character: Argument] = [:]
        for letter in "hvVnraloempTisbEZzKHQOB046tMSudwxj" { table[letter] = Argument.none }
        for letter in "fADFN" { table[letter] = .required }
        return table
    }()

    /// Long names with the letter that means the same, or the name itself.
    private static let long: [(name: String, letter: Character?, argument: Argument)] = [
        ("numeric", "n", .none), ("resolve", "r", .none), ("options", "o", .none), ("extended", "e", .none),
        ("memory", "m", .none), ("info", "i", .none), ("processes", "p", .none), ("threads", "T", .none),
        ("bpf", "b", .none), ("events", "E", .none), ("dccp", "d", .none), ("tcp", "t", .none), ("sctp", "S", .none),
        ("udp", "u", .none), ("raw", "w", .none), ("unix", "x", .none), ("tipc", nil, .none), ("vsock", nil, .none),
        ("all", "a", .none), ("listening", "l", .none), ("bound-inactive", "B", .none), ("ipv4", "4", .none),
        ("ipv6", "6", .none), ("packet", "0", .none), ("family", "f", .required), ("socket", "A", .required),
        ("query", "A", .required), ("summary", "s", .none), ("diag", "D", .required), ("filter", "F", .required),
        ("version", "V", .none), ("help", "h", .none), ("context", "Z", .none), ("contexts", "z", .none),
        ("net", "N", .required), ("tipcinfo", nil, .none), ("tos", nil, .none), ("cgroup", nil, .none),
        ("kill", "K", .none), ("no-header", "H", .none), ("xdp", nil, .none), ("mptcp", "M", .none),
        ("oneline", "O", .none), ("inet-sockopt", nil, .none), ("no-queues", "Q", .none), ("bpf-maps", nil, .none),
        ("bpf-map-id", nil, .required), ("json", "j", .none), ("pretty", nil, .none),
    ]

    /// What has to be told of internet sockets for these options.
    var inetParts: InetSocketParts {
        var parts: InetSocketParts = []
        if showsMemory { parts.formUnion([.memory, .socketMemory]) }
        if showsInformation { parts.formUnion([.information, .congestionDetails, .congestionControl]) }
        if showsTOS { parts.formUnion([.typeOfService, .trafficClass]) }
        return parts
    }

    /// Reads a command line; words and options may stand in any order, and `--` ends the options.
    init(_ arguments: [String], program: String) throws(Exit) {
        var position = 0
        while position < arguments.count {
            let argument = arguments[position]
            position += 1
            if argument == "--" {
                words += arguments[position...]
                return
            }
            if argument.hasPrefix("--") {
                try readLong(String(argument.dropFirst(2)), arguments, &position, program)
            } else if argument.hasPrefix("-"), argument != "-" {
                try readShort(Array(argument.dropFirst()), arguments, &position, program)
            } else {
                words.append(argument)
            }
        }
    }

    private mutating func readShort(
        _ letters: [Character], _ arguments: [String], _ position: inout Int, _ program: String
    ) throws(Exit) {
        var index = 0
        while index < letters.count {
            let letter = letters[index]
            index += 1
            guard let kind = Self.short[letter] else {
                throw Self.refusal("\(program): invalid option -- '\(letter)'")
            }
            guard kind == .required else {
                try apply(letter, "")
                continue
            }
            if index < letters.count { return try apply(letter, String(letters[index...])) }
            guard position < arguments.count else {
                throw Self.refusal("\(program): option requires an argument -- '\(letter)'")
            }
            position += 1
            return try apply(letter, arguments[position - 1])
        }
    }

    private mutating func readLong(
        _ text: String, _ arguments: [String], _ position: inout Int, _ program: String
    ) throws(Exit) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts[0]
        var found = Self.long.filter { $0.name == name }
        if found.isEmpty { found = Self.long.filter { $0.name.hasPrefix(name) } }
        guard let first = found.first else { throw Self.refusal("\(program): unrecognized option '--\(text)'") }
        guard found.allSatisfy({ $0.letter == first.letter && first.letter != nil || $0.name == first.name }) else {
            let names = found.map { "'--\($0.name)'" }.joined(separator: " ")
            throw Self.refusal("\(program): option '--\(text)' is ambiguous; possibilities: \(names)")
        }
        var value = ""
        if first.argument == .required {
            if parts.count > 1 {
                value = parts[1]
            } else {
                guard position < arguments.count else {
                    throw Self.refusal("\(program): option '--\(first.name)' requires an argument")
                }
                value = arguments[position]
                position += 1
            }
        } else if parts.count > 1 {
            throw Self.refusal("\(program): option '--\(first.name)' doesn't allow an argument")
        }
        if let letter = first.letter { return try apply(letter, value) }
        switch first.name {
        case "tipc": tables.append(.family(.tipc))
        case "vsock": tables.append(.family(.vsock))
        case "xdp": tables.append(.family(.xdp))
        case "tos": showsTOS = true
        case "cgroup": showsCgroup = true
        case "inet-sockopt": showsInetOptions = true
        case "pretty":
            isJSON = true
            isPretty = true
        default: throw .failure(CommandError("ss: --\(first.name) is not supported yet.", status: 1))
        }
    }

    private static func refusal(_ message: String) -> Exit {
        CommandError(message, status: 0).report()
        return .usage(status: 255)
    }

    private mutating func apply(_ letter: Character, _ value: String) throws(Exit) {
        switch letter {
        case "n": isNumeric = true
        case "r": resolvesHosts = true
        case "a": states = .all
        case "l": states = .listeningOrClosed
        case "B": states = SocketStates(.boundInactive)
        case "o": showsTimers = true
        case "e":
            showsTimers = true
            showsDetails = true
        case "b":
            showsTimers = true
            showsPrograms = true
        case "m": showsMemory = true
        case "i": showsInformation = true
        case "p": showsProcesses = true
        case "T": showsThreads = true
        case "s": showsSummary = true
        case "E": follows = true
        case "K": kills = true
        case "H": hasHeader = false
        case "Q": hasQueues = false
        case "O": isOneLine = true
        case "j": isJSON = true
        case "4": tables.append(.family(.inet))
        case "6": tables.append(.family(.inet6))
        case "0": tables.append(.family(.packet))
        case "x": tables.append(.family(.unix))
        case "t": tables.append(.tables([.tcp]))
        case "u": tables.append(.tables([.udp]))
        case "w": tables.append(.tables([.raw]))
        case "d": tables.append(.tables([.dccp]))
        case "S": tables.append(.tables([.sctp]))
        case "M": tables.append(.tables([.mptcp]))
        case "A": tables.append(.query(value))
        default: try applyRest(letter, value)
        }
    }

    private mutating func applyRest(_ letter: Character, _ value: String) throws(Exit) {
        switch letter {
        case "f":
            if value == "help" { throw .usage(status: 0) }
            guard let family = SocketFamily(named: value) else {
                throw Self.refusal("ss: \"\(value)\" is invalid family")
            }
            tables.append(.family(family))
        case "F":
            if filterFile != nil { throw .failure(CommandError("More than one filter file", status: 255)) }
            filterFile = value
        case "N":
            do throws(CommandError) { try NamespaceEntry.enter(Word(value)) } catch {
                throw .failure(CommandError(error.message, status: 1))
            }
        case "D": dumpFile = value
        case "Z", "z":
            // Without a policy every process is the kernel's.
            let context = System.readFile("/proc/self/attr/current") ?? []
            let isThere = !context.isEmpty && !context.starts(with: Array("kernel".utf8))
            throw .failure(
                CommandError(
                    isThere ? "ss: -\(letter) is not supported yet." : "ss: SELinux is not enabled.", status: 1))
        case "v", "V": throw .version
        default: throw .usage(status: 0)
        }
    }
}
