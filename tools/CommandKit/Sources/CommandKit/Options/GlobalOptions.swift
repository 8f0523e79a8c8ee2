// SPDX-License-Identifier: Apache-2.0

/// The options that stand before the object of `ip`.
public struct GlobalOptions: Sendable {
    /// What the options ask for instead of a command.
    public enum Request: Sendable {
        /// To run the words that follow, or the batch.
        case run
        /// To print the version (`-V`) and end with 0.
        case version
        /// To print the usage (`-help`).
        case usage
    }

    /// What to do.
    public var request = Request.run
    /// The family of `-f`, `-4` and their like; 0 when none was given.
    public var family: UInt8 = 0
    /// How often `-s` was given.
    public var statistics = 0
    /// How often `-d` was given.
    public var details = 0
    /// Whether to ask for names of addresses (`-r`).
    public var resolve = false
    /// Whether statistics are for humans (`-h`).
    public var human = false
    /// Whether human statistics count in powers of 1024 (`-iec`).
    public var iec = false
    /// Whether to print JSON (`-j`).
    public var json = false
    /// Whether JSON is indented (`-p`).
    public var pretty = false
    /// Whether the kernel's answer to a change is printed (`-echo`).
    public var echo = false
    /// Whether to print one short line a thing (`-br`).
    public var brief = false
    /// Whether to print one line a record (`-o`).
    public var oneLine = false
    /// Whether to print the time of events (`-t`).
    public var timestamp = false
    /// Whether that time is short (`-ts`).
    public var shortTimestamp = false
    /// Whether a batch goes on behind an error (`-force`).
    public var force = false
    /// Whether numbers are printed for names (`-N`).
    public var numeric = false
    /// Whether the command is for all of its objects (`-a`).
    public var all = false
    /// How often a flush is tried (`-l`); 0 for without end.
    public var loops: Int32 = 10
    /// The file of commands (`-b`).
    public var batch: Word?
    /// The namespace in which to run (`-n`).
    public var namespace: Word?
    /// The size of the receive buffer (`-rc`).
    public var receiveBuffer: UInt32?
    /// Whether to print colours (`-c`); by default on a terminal.
    public var colors = ColorMode.automatic

    /// The options of a command line without any.
    public init() {}

    /// The form of output that the options ask for.
    public var format: Output.Format { json ? (pretty ? .prettyJSON : .json) : .text }

    /// Standard output in the form that the options ask for.
    public func makeOutput() -> Output {
        Output(descriptor: 1, format: format, colors: json ? .none : colors.scheme(), oneLine: oneLine)
    }
}

extension GlobalOptions {
    /// Takes the options of `ip` from the front of the words, up to the first word that is none, or behind `--`.
    ///
    /// Every option may be abbreviated; the order of the cases decides which one an abbreviation means.
    ///
    /// - Parameters:
    ///   - words: The command line; what is not an option stays.
    ///   - program: The name in error lines.
    ///   - entering: Called at once for the namespace of `-n`, so that its errors come before later ones.
    /// - Returns: What the options say.
    /// - Throws: ``CommandError`` for an unknown option and for a missing or wrong word behind one.
    public static func parse(
        _ words: inout Words, program: String = "ip",
        entering: (Word) throws(CommandError) -> Void = { (_: Word) throws(CommandError) in }
    ) throws(CommandError) -> GlobalOptions {
        var options = GlobalOptions()
        while let word = words.peek, word[0] == 0x2d {
            words.position += 1
            if word == "--" { break }
            let option = word[1] == 0x2d ? word.dropFirst() : word
            switch option {
            case prefix("-loops"): options.loops = try value(of: "loop count", &words).leadingInteger
            case prefix("-family"): try options.setFamily(try value(of: "family type", &words))
            case "-4": options.family = 2  // AF_INET
            case "-6": options.family = 10  // AF_INET6
            case "-0": options.family = 17  // AF_PACKET
            case "-M": options.family = 28  // AF_MPLS
            case "-B": options.family = 7  // AF_BRIDGE
            case prefix("-human-readable"): options.human = true
            case prefix("-iec"): options.iec = true
            case prefix("-stats"), prefix("-statistics"): options.statistics += 1
            case prefix("-details"): options.details += 1
            case prefix("-resolve"): options.resolve = true
            case prefix("-oneline"): options.oneLine = true
            case prefix("-timestamp"): options.timestamp = true
            case prefix("-tshort"):
                options.timestamp = true
                options.shortTimestamp = true
            case prefix("-Version"): options.request = .version
            case prefix("-force"): options.force = true
            case prefix("-batch"): options.batch = try value(of: "batch file", &words)
            case prefix("-brief"): options.brief = true
            case prefix("-json"): options.json = true
            case prefix("-pretty"): options.pretty = true
            case prefix("-rcvbuf"): options.receiveBuffer = try receiveBuffer(&words)
            case prefix("-help"): options.request = .usage
            case prefix("-netns"):
                guard let name = words.next() else { throw noNamespace }
                try entering(name)
                options.namespace = name
            case prefix("-Numeric"): options.numeric = true
            case prefix("-all"): options.all = true
            case "-echo": options.echo = true
            default:
                guard let mode = colorMode(option) else { throw .unknownOption(option, program: program) }
                options.colors = mode
            }
            if options.request != .run { break }
        }
        return options
    }

    private static func value(of what: String, _ words: inout Words) throws(CommandError) -> Word {
        guard let word = words.next() else { throw .missing(what) }
        return word
    }

    private static func receiveBuffer(_ words: inout Words) throws(CommandError) -> UInt32 {
        let word = try value(of: "rcvbuf size", &words)
        guard let size = word.number(UInt32.self) else {
            throw CommandError("Invalid rcvbuf size '\(word)'", status: 255, endsBatch: true)
        }
        return size
    }

    /// What iproute2 prints for a namespace that was left out.
    private static var noNamespace: CommandError {
        CommandError(
            "Cannot open network namespace \"(null)\": No such file or directory", status: 255, endsBatch: true)
    }

    private mutating func setFamily(_ word: Word) throws(CommandError) {
        switch word {
        case "inet": family = 2  // AF_INET
        case "inet6": family = 10  // AF_INET6
        case "link": family = 17  // AF_PACKET
        case "mpls": family = 28  // AF_MPLS
        case "bridge": family = 7  // AF_BRIDGE
        case "help": request = .usage
        default: throw .invalid(word, "invalid protocol family")
        }
    }

    private static func colorMode(_ option: Word) -> ColorMode? {
        let (name, mode) = option.split(at: "=")
        guard name.count > 1, name.isPrefix(of: "-color") else { return nil }
        guard let mode, !mode.isEmpty else { return .always }
        switch mode {
        case "always": return .always
        case "auto": return .automatic
        case "never": return .never
        default: return nil
        }
    }
}
