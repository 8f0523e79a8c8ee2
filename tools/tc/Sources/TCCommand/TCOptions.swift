// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// The options that stand before the object of `tc`.
struct TCOptions: Sendable {
    /// What the options ask for instead of a command.
    enum Request: Sendable {
        case run, version, usage
    }

    var request = Request.run
    var statistics = 0
    var details = 0
    /// Whether the kernel's own numbers are printed too (`-r`).
    var raw = false
    var json = false
    var pretty = false
    /// Whether classes are drawn as a tree (`-g`).
    var graph = false
    /// Whether rates are printed in powers of 1024 (`-iec`).
    var iec = false
    var force = false
    var brief = false
    var echo = false
    var oneLine = false
    var timestamp = false
    var shortTimestamp = false
    /// Whether numbers are printed for names (`-N`).
    var numeric = false
    /// Whether classes are printed by their names (`-nm`).
    var usesNames = false
    /// The file of names of classes (`-cf`).
    var namesFile: Word?
    var batch: Word?
    var namespace: Word?
    var colors = ColorMode.automatic

    /// Standard output in the form that the options ask for.
    func makeOutput() -> Output {
        let format: Output.Format = json ? (pretty ? .prettyJSON : .json) : .text
        return Output(descriptor: 1, format: format, colors: json ? .none : colors.scheme(), oneLine: oneLine)
    }

    /// Takes the options from the front of the words.
    ///
    /// Every option may be abbreviated; the order of the cases decides which one an abbreviation means.
    static func parse(_ words: inout Words) throws(CommandError) -> TCOptions {
        var options = TCOptions()
        while let option = words.peek, option[0] == 0x2d {
            words.position += 1
            switch option {
            case prefix("-stats"), prefix("-statistics"): options.statistics += 1
            case prefix("-details"): options.details += 1
            case prefix("-raw"): options.raw = true
            case prefix("-pretty"): options.pretty = true
            case prefix("-graph"): options.graph = true
            case prefix("-Version"): options.request = .version
            case prefix("-iec"): options.iec = true
            case prefix("-help"): options.request = .usage
            case prefix("-force"): options.force = true
            case prefix("-batch"): options.batch = try words.required()
            case prefix("-netns"):
                let name = try words.required()
                try NamespaceEntry.enter(name)
                options.namespace = name
            case prefix("-Numeric"): options.numeric = true
            case prefix("-names"), prefix("-nm"): options.usesNames = true
            case prefix("-cf"), prefix("-conf"): options.namesFile = try words.required()
            case prefix("-timestamp"): options.timestamp = true
            case prefix("-tshort"):
                options.timestamp = true
                options.shortTimestamp = true
            case prefix("-json"): options.json = true
            case prefix("-oneline"): options.oneLine = true
            case prefix("-brief"): options.brief = true
            case prefix("-echo"): options.echo = true
            default:
                guard let mode = colorMode(option) else { throw .unknownOption(option, program: "tc") }
                options.colors = mode
            }
            if options.request != .run { break }
        }
        return options
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
