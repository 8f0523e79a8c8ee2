// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkSockDiag

/// The words behind the options: states, and a filter.
enum FilterWords {
    // What System.readFile reads at most.
    private static let byteLimit = 1 << 24

    /// The words of a file; `-` is standard input.
    static func read(_ file: String) throws(SSOptions.Exit) -> [String] {
        let bytes: [UInt8]
        if file == "-" {
            guard let read = System.readAll(0) else { throw refusal("cannot read the filter from standard input") }
            bytes = read
        } else {
            guard let read = System.readFile(file) else {
                throw .failure(CommandError("fopen filter file: \(Files.whyUnreadable(file))", status: 255))
            }
            if read.isEmpty, Files.isFolder(file) { throw refusal("the filter file \(file) is a folder") }
            bytes = read
        }
        guard bytes.count < byteLimit else { throw refusal("the filter file \(file) is too large") }
        return split(bytes)
    }

    /// The words of a text; what a backslash keeps together stays so, with the backslash.
    static func split(_ bytes: [UInt8]) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        var isEscaped = false
        for byte in bytes + [0x0a] {
            if byte == 0x0a || !isEscaped && (byte == 0x20 || byte == 0x09) {
                if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
                word = []
            } else {
                word.append(byte)
            }
            isEscaped = byte == 0x5c && !isEscaped
        }
        return words
    }

    private static func refusal(_ text: String) -> SSOptions.Exit { .failure(CommandError("ss: \(text)", status: 255)) }

    /// Takes `state …` and `exclude …` off the front; nil where there is none.
    static func takeStates(_ words: inout [String]) throws(SSOptions.Exit) -> SocketStates? {
        var states: SocketStates?
        while let first = words.first {
            let isExcluded: Bool
            switch first {
            case "state": isExcluded = false
            case "exclude", "excl": isExcluded = true
            default: return states
            }
            guard words.count > 1 else { throw .failure(.incomplete) }
            guard let named = SocketStates(named: words[1]) else {
                throw .failure(CommandError("ss: wrong state name: \(words[1])", status: 255))
            }
            if isExcluded {
                states = (states ?? .all).subtracting(named)
            } else {
                states = (states ?? []).union(named)
            }
            words.removeFirst(2)
        }
        return states
    }

    /// Reads the filter.
    static func parse(
        _ words: [String], _ selection: Selection, _ names: SocketNames
    ) throws(SSOptions.Exit) -> SocketExpressionParser.Result {
        var parser = SocketExpressionParser()
        parser.family = selection.preferred?.addressFamily
        parser.indexOfLink = { name in
            names.links.index(of: name) ?? Int32(name).flatMap { $0 >= 0 ? InterfaceIndex(rawValue: $0) : nil }
        }
        parser.addressesOfHost = { names.addresses(of: $0, $1) }
        parser.cgroupID = { cgroup($0) }
        parser.ethernetType = { EthernetTypes.number($0) }
        parser.netlinkProtocol = { NetlinkProtocolNames.number($0) }
        parser.portOfService = { name throws(SocketExpressionSyntaxError) in
            try port(name, selection.tables, names)
        }
        do throws(SocketExpressionSyntaxError) {
            return try parser.parse(words)
        } catch {
            throw refusal(error)
        }
    }

    private static func port(
        _ name: String, _ tables: Set<SocketTable>, _ names: SocketNames
    ) throws(SocketExpressionSyntaxError) -> UInt16? {
        let udp = tables.contains(.udp) ? names.port(of: name, transport: "udp") : nil
        let tcp = tables.contains(.tcp) ? names.port(of: name, transport: "tcp") : nil
        if let udp, let tcp, udp != tcp { throw SocketExpressionSyntaxError(ambiguousPort: name) }
        return udp ?? tcp
    }

    private static func cgroup(_ path: String) -> UInt64? {
        guard let mount = CgroupFiles.mountPoint else {
            CommandError("Invalid cgroup2 path", status: 0).report()
            return nil
        }
        // As a file, or below the root of all groups.
        let isFile = path == mount || path.hasPrefix(mount + "/")
        let whole = isFile ? path : path.hasPrefix("/") ? mount + path : "\(mount)/\(path)"
        guard let number = CgroupFiles.number(ofPath: whole) else {
            CommandError("Failed to get cgroup2 ID: No such file or directory", status: 0).report()
            return nil
        }
        return number
    }

    private static func refusal(_ error: SocketExpressionSyntaxError) -> SSOptions.Exit {
        let line: String
        switch error.reason {
        case .notAnAddress: line = "Error: an inet prefix is expected rather than \"\(error.part)\"."
        case .notAPort: line = "Error: \"\(error.part)\" does not look like a port."
        case .ambiguousPort: line = "Error: ambiguous port \"\(error.part)\"."
        case .malformedAddress: return .failure(CommandError("Cannot parse dst/src address.", status: 1))
        case .noSuchDevice: return .failure(CommandError("Cannot parse device.", status: 1))
        case .notAMark: return .failure(CommandError("Cannot parse mark \(error.word).", status: 1))
        case .noSuchCgroup: return .failure(CommandError("Cannot parse cgroup \(error.word).", status: 1))
        case .tooDeep: return refusal("\(error)")
        default:
            CommandError("ss: bison bellows (while parsing filter): \"syntax error!\" Sorry.", status: 0).report()
            // Beyond what iproute2 says, below its usage: which word it is.
            return .usage(status: 255, CommandError("ss: \(error)", status: 255))
        }
        return .failure(CommandError("\(line)\nCannot parse dst/src address.", status: 1))
    }
}
