// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

/// Reads lists of actions: `action KIND … [cookie C] [hw_stats H] [no_percpu] [skip_hw] … action …`.
enum ActionWords {
    /// Reads actions up to a word that begins something else; nil where nothing can be said beyond that it is wrong.
    static func parse(_ words: inout Words, _ session: inout Session) throws(CommandError) -> [Action]? {
        if words.isEmpty { return nil }
        var actions: [Action] = []
        var isExpected = false
        while let word = words.peek {
            if word == "action" {
                words.position += 1
                isExpected = true
                continue
            }
            if word == "help" { return nil }
            if isNextCommand(word) {
                if !actions.isEmpty { return actions }
                break
            }
            isExpected = false
            actions.append(try action(&words, &session))
            guard let next = words.peek, next == "action" || isKind(next) || !isEnd(next) else { return actions }
        }
        if isExpected || actions.isEmpty {
            throw CommandError("bad action empty 1\n\(badValue(0, "(null)"))", status: 255)
        }
        return actions
    }

    // iproute2 takes what follows an action for the next one unless it begins another command.
    private static func isEnd(_ word: Word) -> Bool { isFilterWord(word) }

    private static func isKind(_ word: Word) -> Bool { ActionTable.isKnown(word.string) }

    private static func isFilterWord(_ word: Word) -> Bool { word == "flowid" || word == "classid" }

    private static func isNextCommand(_ word: Word) -> Bool {
        ["change", "replace", "delete", "get", "add"].contains { (name: StaticString) in word.isPrefix(of: name) }
    }

    private static func badValue(_ count: Int, _ name: String) -> String {
        "parse_action: bad value (\(count):\(name))!"
    }

    private static func action(_ words: inout Words, _ session: inout Session) throws(CommandError) -> Action {
        guard let first = words.peek else { throw .incomplete }
        let start = words.count
        let name = VerdictWords.word(first) != nil ? "gact" : first.string
        if ActionTable.others.contains(name) {
            throw CommandError("Action \"\(name)\" is not supported yet.", status: 255, endsBatch: false)
        }
        var action: Action
        do throws(CommandError) {
            if let entry = ActionTable.entry(name) {
                action = try entry.parse(&words, &session)
            } else {
                // As in iproute2 the options of an unknown kind are read as those of gact, and the kernel judges the name.
                action = try GenericActionWords.parse(&words, &session)
                action.kind = AnyActionKind(name: name)
            }
        } catch {
            if error.endsBatch { throw error }
            let joint = error.message.isEmpty || error.message.last == UnknownNewline.mark ? "" : "\n"
            throw CommandError(
                String(decoding: error.message.filter { $0 != UnknownNewline.mark }, as: UTF8.self)
                    + "\(joint)bad action parsing\n\(badValue(start, first.string))",
                status: 255)
        }
        try parseCommon(&words, &action)
        return action
    }

    /// Marks a message that iproute2 does not end with a newline.
    enum UnknownNewline {
        static let mark: UInt8 = 0
    }

    /// Reads what follows an action of any kind, in its fixed order.
    private static func parseCommon(_ words: inout Words, _ action: inout Action) throws(CommandError) {
        if words.take("cookie") {
            let bytes = try cookie(try words.required())
            action.cookie = bytes.isEmpty ? nil : bytes
        }
        if let word = words.peek, word == "hw_stats" {
            words.position += 1
            action.hardwareStatistics = try hardwareStatistics(try words.required())
        }
        var flags: ActionFlags.FlagSet = []
        if words.take("no_percpu") { flags.insert(.withoutProcessorCounters) }
        if words.take("skip_sw") {
            flags.insert(.skipSoftware)
        } else if words.take("skip_hw") {
            flags.insert(.skipHardware)
        }
        if !flags.isEmpty { action.flags = ActionFlags(flags) }
    }

    private static func cookie(_ word: Word) throws(CommandError) -> [UInt8] {
        if word.count > 32 { throw .invalid(word, "\(word.count) Max allowed size 32") }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: word.count, by: 2) {
            guard index + 1 < word.count, let high = digit(word[index]), let low = digit(word[index + 1]) else {
                throw .invalid(word, "cookie must be a hex string\n")
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46, 0x61...0x66: (byte | 0x20) - 0x57
        default: nil
        }
    }

    private static func hardwareStatistics(_ word: Word) throws(CommandError) -> HardwareStatistics {
        switch word {
        case prefix("immediate"): .immediate
        case prefix("delayed"): .delayed
        case prefix("disabled"): []
        default: throw .invalid(word, "value is invalid\n")
        }
    }
}

/// Words for what becomes of a packet.
enum VerdictWords {
    /// A verdict that is one word; nil for what is none.
    ///
    /// The order decides what an abbreviation means.
    static func word(_ word: Word) -> ActionControl? {
        switch word {
        case prefix("continue"): .goOn
        case prefix("drop"), prefix("shot"): .drop
        case prefix("pass"), prefix("ok"): .pass
        case prefix("reclassify"): .reclassify
        case prefix("pipe"): .pipe
        case prefix("goto"): .goto(chain: 0)
        case prefix("jump"): .jump(0)
        case prefix("trap"): .trap
        default: nil
        }
    }

    /// Takes a verdict with the number of a jump or a chain; nil, and nothing taken, where there is none.
    static func parse(_ words: inout Words) throws(CommandError) -> ActionControl? {
        guard let first = words.peek, let verdict = word(first) else { return nil }
        words.position += 1
        if verdict.chain != nil {
            let keyword = try words.required()
            guard keyword.isPrefix(of: "chain") else { throw CommandError("\"chain index\" expected", status: 255) }
            let value = try words.required()
            guard let chain = value.number(UInt32.self, base: 10), chain <= ActionControl.numberLimit else {
                throw CommandError("Illegal \"chain index\"", status: 255)
            }
            return .goto(chain: chain)
        }
        if verdict.jumpCount != nil {
            let value = try words.required()
            guard let count = value.number(UInt32.self), count <= ActionControl.numberLimit else {
                throw CommandError("Invalid \"jump count\" (\(value.string))", status: 255)
            }
            return .jump(count)
        }
        return verdict
    }

    /// Prints a verdict behind `prefix`, in JSON as an object.
    static func print(
        _ control: ActionControl, prefix: StaticString = "", suffix: StaticString = "", _ session: inout Session
    ) {
        session.output.beginObject("control_action")
        if let count = control.jumpCount {
            session.output.string("type", "jump", prefix: prefix)
            session.output.number("jump", count, prefix: " ", suffix: suffix)
        } else if let chain = control.chain {
            session.output.string("type", "goto", prefix: prefix)
            session.output.number("chain", chain, prefix: " chain ", suffix: suffix)
        } else {
            session.output.string("type", control.description, prefix: prefix, suffix: suffix)
        }
        session.output.endObject()
    }
}
