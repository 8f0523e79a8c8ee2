// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute
internal import NetlinkTC

/// `tc action`.
enum ActionCommand {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        // One line may hold several commands, one behind the other.
        while let word = words.next() {
            switch word {
            case prefix("add"): try modify(&words, replaces: false, &session)
            case prefix("change"), prefix("replace"): try modify(&words, replaces: true, &session)
            case prefix("get"):
                let references = try references(&words, &session)
                try get(references, &session)
            case prefix("delete"):
                let references = try references(&words, &session)
                if references.isEmpty { continue }
                try perform(RemoveActions(references), &session)
            case prefix("list"), prefix("show"), prefix("lst"):
                return try list(&words, &session)
            case prefix("flush"): return try flush(&words, &session)
            case prefix("help"): throw Usage.error(.action, status: 255)
            default: throw unknown(word)
            }
        }
    }

    private static func unknown(_ word: Word) -> CommandError {
        CommandError("Command \"\(word.string)\" is unknown, try \"tc actions help\".", status: 255)
    }

    private static func modify(
        _ words: inout Words, replaces: Bool, _ session: inout Session
    ) throws(CommandError) {
        let actions: [Action]
        do throws(CommandError) {
            guard let parsed = try ActionWords.parse(&words, &session) else { throw CommandError("", status: 255) }
            actions = parsed
        } catch {
            throw error.endsBatch ? error : error.followed(by: "Illegal \"action\"", status: 255)
        }
        var command = AddActions(actions, replaces: replaces)
        // What is wrong, the kernel says.
        command.isChecked = false
        try perform(command, &session)
    }

    /// Runs a change; a refusal has the exit status 255.
    private static func perform(
        _ command: some Command<RouteProtocol>, _ session: inout Session
    ) throws(CommandError) {
        do throws(CommandError) {
            try session.performSoon(
                command, note: command is RemoveActions ? CommandError.talkingAgainNote : CommandError.talkingNote)
        } catch {
            var refused = error
            refused.status = 255
            throw refused
        }
    }

    /// The actions that `get` and `delete` name; the first word behind those is skipped, as iproute2 does.
    private static func references(
        _ words: inout Words, _ session: inout Session
    ) throws(CommandError) -> [ActionReference] {
        _ = words.next()
        var references: [ActionReference] = []
        while let word = words.next() {
            if word == "action" { continue }
            if word == "help" { throw Usage.error(.action, status: 255) }
            guard ActionTable.isKnown(word.string) else {
                throw CommandError("Error: non existent action: \(word.string)", status: 255)
            }
            guard let next = words.next(), next.isPrefix(of: "index") else {
                throw CommandError("Error: no index specified action: \(word.string)", status: 255)
            }
            guard let index = try words.required().number(UInt32.self, base: 10) else {
                throw CommandError("Illegal \"index\"", status: 255)
            }
            references.append(ActionReference(kind: word.string, index: index))
        }
        return references
    }

    private static func get(_ references: [ActionReference], _ session: inout Session) throws(CommandError) {
        var page = ActionPage()
        if !references.isEmpty {
            do throws(CommandError) { page = try session.query(ActionQuery(references)) } catch {
                throw error.followed(by: CommandError.talkingAgainNote, status: 255)
            }
        }
        session.output.beginArray()
        ActionPrinter.print(page, firstOrder: 1, &session)
        session.output.endArray()
    }

    private static func list(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        guard let kind = try kind(&words) else { return }
        var dump = ActionDump(kind: kind)
        dump.isTerse = session.options.brief
        if let word = words.next() {
            if word.isPrefix(of: "since") {
                let value = try words.required()
                guard let since = value.number(UInt32.self) else {
                    throw .invalid(value, "dump time \"since\" is invalid")
                }
                dump.since = since
            }
        }
        let pages = try session.list(dump)
        session.output.beginArray()
        for page in pages { ActionPrinter.print(page, firstOrder: 0, &session) }
        session.output.endArray()
    }

    private static func flush(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        guard let kind = try kind(&words) else { return }
        do throws(CommandError) {
            try session.performSoon(FlushActions(kind: kind), note: "We have an error flushing")
        } catch {
            var refused = error
            refused.status = 1
            throw refused
        }
    }

    /// The kind behind `action`; nil, with the line said, where there is none of the name.
    private static func kind(_ words: inout Words) throws(CommandError) -> String? {
        guard let word = words.next(), word == "action" else { throw Usage.error(.action, status: 255) }
        let name = try words.required()
        guard ActionTable.isKnown(name.string) else {
            CommandError("bad action \(name.string)", status: 0).report()
            return nil
        }
        return name.string
    }
}

extension CommandError {
    /// What iproute2 says behind the kernel's refusal.
    static let talkingNote: StaticString = "We have an error talking to the kernel"
    /// The same where iproute2 then takes the words for another command.
    static let talkingAgainNote: StaticString =
        "We have an error talking to the kernel\nCommand \"action\" is unknown, try \"tc actions help\"."

    /// The error with a further line.
    func followed(by line: some TextWritable, status: Int32) -> CommandError {
        var copy = noting(line)
        copy.status = status
        return copy
    }
}
