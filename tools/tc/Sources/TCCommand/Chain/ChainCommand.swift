// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute
internal import NetlinkTC

/// `tc chain`.
enum ChainCommand {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        guard let word = words.next() else { return try FilterShow.runChains(&words, &session) }
        switch word {
        case prefix("add"): try perform(AddChain(try chain(&words, &session)), &session)
        case prefix("delete"): try perform(RemoveChain(try chain(&words, &session)), &session)
        case prefix("get"): try get(&words, &session)
        case prefix("list"), prefix("show"), prefix("lst"): try FilterShow.runChains(&words, &session)
        case prefix("help"): Usage.print(.chain)
        default:
            throw CommandError("Command \"\(word.string)\" is unknown, try \"tc chain help\".", status: 255)
        }
    }

    private static func perform(
        _ command: some Command<RouteProtocol>, _ session: inout Session
    ) throws(CommandError) {
        try session.performSoon(command, note: CommandError.talkingNote)
    }

    private static func chain(
        _ words: inout Words, _ session: inout Session, needsPlace: Bool = false
    ) throws(CommandError) -> Chain {
        var arguments = FilterArguments()
        arguments.needsPlace = needsPlace
        try arguments.parse(&words, &session, .chain)
        if needsPlace, arguments.parent == nil, arguments.block == nil {
            throw CommandError("Must specify filter parent", status: 255)
        }
        let place = try arguments.place(&session)
        var template: AnyFilterKind?
        if let kind = arguments.kind {
            if FilterTable.others.contains(kind.string) {
                throw CommandError("Filter kind \"\(kind.string)\" is not supported yet.", status: 1)
            }
            template = AnyFilterKind(name: kind.string)
            if let entry = FilterTable.entry(kind.string) {
                var filter = Filter(at: .link(0, parent: .unspecified), kind: template)
                try entry.parse(&words, &filter, nil, &session)
                template = filter.kind
            } else if let next = words.next() {
                throw CommandError(
                    "Unknown filter \"\(kind.string)\", hence option \"\(next.string)\" is unparsable", status: 1)
            }
        }
        return Chain(at: place, index: arguments.chain ?? 0, template: template)
    }

    private static func get(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        let wanted = try chain(&words, &session, needsPlace: true)
        let found: Chain
        do throws(CommandError) {
            found = try session.query(ChainQuery(at: wanted.place, index: wanted.index))
        } catch {
            throw error.noting(CommandError.talkingNote)
        }
        session.output.beginArray()
        ChainPrinter.print(found, FilterPrinter(showsDevice: false), &session)
        session.output.endArray()
    }
}

/// Prints chains.
enum ChainPrinter {
    static func print(
        _ chain: Chain, _ printer: FilterPrinter, _ session: inout Session, _ event: FilterPrinter.Event = .none
    ) {
        session.output.beginObject()
        switch event {
        case .added: session.output.flag("added", text: "added ")
        case .deleted: session.output.flag("deleted", text: "deleted ")
        default: break
        }
        session.output.text("chain ")
        printer.printPlace(chain.place, &session)
        if let template = chain.template { session.output.string("kind", template.name, suffix: " ") }
        if chain.index != printer.chain { session.output.number("chain", chain.index, prefix: "chain ", suffix: " ") }
        if let data = chain.template?.data {
            session.output.beginObject("options")
            session.output.string("raw", ActionPrinter.hexadecimal(data), prefix: "[", suffix: "]")
            session.output.endObject()
        }
        session.output.newline()
        session.output.endObject()
    }

    /// Prints a notification of a change.
    static func printEvent(_ message: RawMessage, _ session: inout Session) {
        guard let chain = message.decoded({ (m) throws(DecodeError) in try Chain(decoding: m) }) else { return }
        let isDeleted = message.type == RouteMessageType.deleteChain.rawValue
        print(chain, FilterPrinter(), &session, isDeleted ? .deleted : .added)
    }
}
