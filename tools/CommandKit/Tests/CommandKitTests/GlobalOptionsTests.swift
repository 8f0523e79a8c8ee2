// SPDX-License-Identifier: Apache-2.0

import CommandKit
import Testing

/// What `ip OPTIONS link show lo` of iproute2 6.15 makes of its options.
struct GlobalOptionsTests {
    private func parse(_ words: String...) throws(CommandError) -> (GlobalOptions, [String]) {
        var rest = Words(words)
        let options = try GlobalOptions.parse(&rest)
        var left: [String] = []
        while let word = rest.next() { left.append(word.string) }
        return (options, left)
    }

    private func error(_ words: String...) -> String? {
        var rest = Words(words)
        return refusal { () throws(CommandError) in _ = try GlobalOptions.parse(&rest) }?.description
    }

    @Test func nothingIsAskedForByDefault() throws {
        let (options, left) = try parse("link", "-j")
        #expect(left == ["link", "-j"])
        #expect(options.request == .run && options.family == 0 && options.loops == 10 && !options.json)
        #expect(options.statistics == 0 && options.details == 0 && options.batch == nil && options.namespace == nil)
        #expect(options.format == .text && options.colors == .automatic)
    }

    @Test(arguments: ["-s", "-st", "-stat", "-stats", "-stati", "-statistics", "--s"])
    func statistics(word: String) throws {
        #expect(try parse(word, word, "x").0.statistics == 2)
    }

    /// The names of the flags that are set.
    private func flags(_ options: GlobalOptions) -> String {
        [
            (options.human, "human"), (options.iec, "iec"), (options.resolve, "resolve"), (options.oneLine, "oneline"),
            (options.timestamp, "timestamp"), (options.shortTimestamp, "tshort"), (options.force, "force"),
            (options.brief, "brief"), (options.json, "json"), (options.pretty, "pretty"), (options.numeric, "Numeric"),
            (options.all, "all"), (options.echo, "echo"),
        ].filter(\.0).map(\.1).joined(separator: " ")
    }

    @Test(arguments: [
        ("-h", "human"), ("-hum", "human"), ("-human-readable", "human"), ("-i", "iec"), ("-iec", "iec"),
        ("-r", "resolve"), ("-re", "resolve"), ("-o", "oneline"), ("-one", "oneline"), ("-t", "timestamp"),
        ("-ti", "timestamp"), ("-ts", "timestamp tshort"), ("-tsh", "timestamp tshort"),
        ("-tshort", "timestamp tshort"),
        ("-fo", "force"), ("-force", "force"), ("-br", "brief"), ("-brief", "brief"), ("-j", "json"), ("-json", "json"),
        ("--json", "json"), ("-p", "pretty"), ("-N", "Numeric"), ("-Num", "Numeric"), ("-a", "all"), ("-all", "all"),
        ("-echo", "echo"), ("-s", ""),
    ])
    func everyFlagIsSetByItsAbbreviations(word: String, expected: String) throws {
        let (options, left) = try parse(word, "link")
        #expect(flags(options) == expected)
        #expect(left == ["link"])
    }

    @Test(
        arguments: [
            ("-4", 2), ("-6", 10), ("-0", 17), ("-M", 28), ("-B", 7), ("--4", 2),
        ] as [(String, UInt8)])
    func families(word: String, number: UInt8) throws {
        #expect(try parse(word, "link").0.family == number)
    }

    @Test(arguments: [("inet", 2), ("inet6", 10), ("link", 17), ("bridge", 7), ("mpls", 28)] as [(String, UInt8)])
    func familiesByName(name: String, number: UInt8) throws {
        #expect(try parse("-f", name, "link").0.family == number)
        #expect(try parse("-4", "-fam", name).0.family == number)
    }

    @Test func optionsWithAWordTakeIt() throws {
        #expect(try parse("-l", "5", "link").0.loops == 5)
        #expect(try parse("-loops", "x", "link").0.loops == 0)
        #expect(try parse("-l", "-5").0.loops == -5)
        #expect(try parse("-rc", "0x10000").0.receiveBuffer == 65536)
        #expect(try parse("-b", "-", "link").0.batch.map { $0 == "-" } == true)
        #expect(try parse("-ba", "a", "-batch", "b").0.batch.map { $0 == "b" } == true)
        #expect(try parse("-", "7", "link") == (options: 7, left: ["link"]))
        #expect(try parse("-d", "-de", "-details").0.details == 3)
    }

    @Test func optionsEndAtTheFirstOtherWord() throws {
        #expect(try parse("-j", "link", "-p").1 == ["link", "-p"])
        #expect(try parse("-j", "--", "-p").1 == ["-p"])
        #expect(try parse("", "-j").1 == ["", "-j"])
    }

    @Test(arguments: [
        ("-c", ColorMode.always), ("-co", .always), ("-color", .always), ("-c=", .always), ("-color=always", .always),
        ("-c=auto", .automatic), ("--color=never", .never), ("-col=never", .never),
    ])
    func colors(word: String, mode: ColorMode) throws {
        #expect(try parse(word, "link").0.colors == mode)
    }

    @Test func theLastColorModeCounts() throws {
        #expect(try parse("-c", "-c=never").0.colors == .never)
        #expect(try parse("-c=never", "-c").0.colors == .always)
    }

    @Test func versionAndHelpEndTheOptions() throws {
        #expect(try parse("-V", "-foo").0.request == .version)
        #expect(try parse("-Version").0.request == .version)
        #expect(try parse("-he", "-foo").0.request == .usage)
        #expect(try parse("-f", "help").0.request == .usage)
    }

    @Test(arguments: [
        "-foo", "-v", "-version", "-ver", "-e", "-ec", "-ech", "-46", "-44", "-00", "-0x", "-jsonx", "-numeric", "-nu",
        "-ss", "-sd",
        "-c=foo", "-color=alwaysx", "-color:", "-coloor", "-c=al", "-json=1", "-a=1", "-briefx",
    ])
    func unknownOptionsAreNamed(word: String) {
        #expect(error(word, "link") == "Option \"\(word)\" is unknown, try \"ip -help\".")
    }

    @Test func unknownOptionsLoseOneDash() {
        #expect(error("--version") == "Option \"-version\" is unknown, try \"ip -help\".")
        #expect(error("---json") == "Option \"--json\" is unknown, try \"ip -help\".")
        #expect(error("-foo", "-V") == "Option \"-foo\" is unknown, try \"ip -help\".")
    }

    @Test func missingAndWrongWordsAreNamed() {
        #expect(error("-f") == "Error: argument \"family type\" is required")
        #expect(error("-l") == "Error: argument \"loop count\" is required")
        #expect(error("-") == "Error: argument \"loop count\" is required")
        #expect(error("-rc") == "Error: argument \"rcvbuf size\" is required")
        #expect(error("-b") == "Error: argument \"batch file\" is required")
        #expect(error("-n") == "Cannot open network namespace \"(null)\": No such file or directory")
        #expect(error("-f", "any") == "Error: argument \"any\" is wrong: invalid protocol family")
        #expect(error("-f", "") == "Error: argument \"\" is wrong: invalid protocol family")
        for size in ["-5", "1k", "99999999999", ""] { #expect(error("-rc", size) == "Invalid rcvbuf size '\(size)'") }
    }

    @Test func namespacesAreEnteredWhereTheyStand() throws {
        var words = Words(["-n", "a", "-foo"])
        var entered: [String] = []
        let error = refusal { () throws(CommandError) in
            _ = try GlobalOptions.parse(&words) { (name: Word) throws(CommandError) in entered.append(name.string) }
        }
        #expect(entered == ["a"])
        #expect(error?.description == "Option \"-foo\" is unknown, try \"ip -help\".")
        words = Words(["-n", "zz", "-foo"])
        let refused = refusal { () throws(CommandError) in
            _ = try GlobalOptions.parse(&words) { (name: Word) throws(CommandError) in
                throw CommandError("Cannot open \(name)", status: 255)
            }
        }
        #expect(refused?.description == "Cannot open zz")
    }

    @Test func theFormOfOutputFollows() throws {
        #expect(try parse("-j").0.format == .json)
        #expect(try parse("-p", "-j").0.format == .prettyJSON)
        #expect(try parse("-p").0.format == .text)
        #expect(try parse("-j", "-c").0.makeOutput().colors == .none)
        #expect(try parse("-o", "-c=never").0.makeOutput().oneLine)
    }
}

private func == (a: (GlobalOptions, [String]), b: (options: Int32, left: [String])) -> Bool {
    a.0.loops == b.options && a.1 == b.left
}
