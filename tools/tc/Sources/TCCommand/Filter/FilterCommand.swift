// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute
internal import NetlinkTC

/// `tc filter`.
enum FilterCommand {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        guard let word = words.next() else { return try FilterShow.run(&words, &session) }
        switch word {
        case prefix("add"): try set(&words, .add, &session)
        case prefix("change"): try set(&words, .change, &session)
        case prefix("replace"): try set(&words, .replace, &session)
        case prefix("delete"): try delete(&words, &session)
        case prefix("get"): try get(&words, &session)
        case prefix("list"), prefix("show"), prefix("lst"): try FilterShow.run(&words, &session)
        case prefix("help"): Usage.print(.filter)
        default:
            throw CommandError("Command \"\(word.string)\" is unknown, try \"tc filter help\".", status: 255)
        }
    }

    private enum Mode {
        case add, change, replace
    }

    private static func set(_ words: inout Words, _ mode: Mode, _ session: inout Session) throws(CommandError) {
        var arguments = FilterArguments()
        try arguments.parse(&words, &session, .filter)
        // Without a protocol all are meant, unless a filter that exists is named.
        if mode != .change { arguments.protocolType = arguments.protocolType ?? .all }
        let filter = try filter(arguments, &words, &session)
        // What is wrong, the kernel says.
        if mode == .change {
            var command = UpdateFilter(filter)
            command.isChecked = false
            try session.performSoon(command, note: CommandError.talkingNote)
        } else {
            var command = AddFilter(filter, replaces: mode == .replace)
            command.isChecked = false
            try session.performSoon(command, note: CommandError.talkingNote)
        }
    }

    /// The filter that the words describe, with what stands behind the kind.
    private static func filter(
        _ arguments: FilterArguments, _ words: inout Words, _ session: inout Session
    ) throws(CommandError) -> Filter {
        var filter = Filter(
            at: try arguments.place(&session), priority: arguments.priority ?? 0,
            protocolType: arguments.protocolType ?? .unspecified, chain: arguments.chain, kind: nil)
        filter.estimator = arguments.estimator
        if let kind = arguments.kind {
            filter.kind = AnyFilterKind(name: kind.string)
            if let entry = FilterTable.entry(kind.string) {
                try entry.parse(&words, &filter, arguments.handle, &session)
            } else if FilterTable.others.contains(kind.string) {
                try other(arguments, &words, &filter)
            } else if let next = words.next() {
                throw CommandError(
                    "Unknown filter \"\(kind.string)\", hence option \"\(next.string)\" is unparsable", status: 1)
            } else if let handle = arguments.handle {
                filter.handle = try number(handle)
            }
        } else if arguments.handle != nil {
            throw CommandError("Must specify filter type when using \"handle\"", status: 255)
        }
        return filter
    }

    /// A kind that cannot be made here: only named, as to be removed or got.
    private static func other(
        _ arguments: FilterArguments, _ words: inout Words, _ filter: inout Filter
    ) throws(CommandError) {
        if !words.isEmpty || arguments.handle == nil {
            throw CommandError("Filter kind \"\(filter.kind?.name ?? "")\" is not supported yet.", status: 1)
        }
        if let handle = arguments.handle { filter.handle = try number(handle) }
    }

    private static func number(_ word: Word) throws(CommandError) -> UInt32 {
        guard let number = word.number(UInt32.self) else { throw CommandError("Illegal \"handle\"", status: 1) }
        return number
    }

    private static func delete(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        var arguments = FilterArguments()
        try arguments.parse(&words, &session, .filter)
        let selection = FilterSelection(naming: try named(arguments, &words, &session))
        try session.performSoon(RemoveFilters(selection), note: CommandError.talkingNote)
    }

    /// A filter to be removed or got, which needs no options.
    private static func named(
        _ arguments: FilterArguments, _ words: inout Words, _ session: inout Session
    ) throws(CommandError) -> Filter {
        guard let kind = arguments.kind, FilterTable.others.contains(kind.string), words.isEmpty,
            arguments.handle == nil
        else { return try filter(arguments, &words, &session) }
        var copy = arguments
        copy.kind = nil
        var filter = try filter(copy, &words, &session)
        filter.kind = AnyFilterKind(name: kind.string)
        return filter
    }

    private static func get(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        var arguments = FilterArguments()
        arguments.needsPlace = true
        try arguments.parse(&words, &session, .filter)
        let missing: String? =
            if arguments.protocolType == nil {
                "protocol"
            } else if arguments.priority == nil {
                "priority"
            } else if arguments.parent == nil {
                "parent"
            } else if arguments.kind == nil {
                "type"
            } else if arguments.handle == nil {
                "\"handle\""
            } else {
                nil
            }
        if let missing { throw CommandError("Must specify filter \(missing)", status: 255) }
        let filter = try named(arguments, &words, &session)
        let found: Filter
        do throws(CommandError) {
            found = try session.query(FilterQuery(FilterSelection(naming: filter)))
        } catch {
            throw error.noting(CommandError.talkingNote)
        }
        session.output.beginArray()
        FilterPrinter(showsDevice: false).print(found, &session)
        session.output.endArray()
    }
}

extension FilterSelection {
    /// What names a filter that the command line describes.
    init(naming filter: Filter) {
        self.init(
            at: filter.place, chain: filter.chain, priority: filter.priority, protocolType: filter.protocolType,
            handle: filter.handle, kind: filter.kind?.name)
    }
}
