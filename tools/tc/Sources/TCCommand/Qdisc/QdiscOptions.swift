// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

/// The words, the line and the help of a kind of queueing discipline.
protocol QdiscOptions: SendableMetatype {
    associatedtype Kind: QdiscKind
    /// The grammar, behind a word that is none of it.
    static var help: StaticString { get }
    /// Reads the words behind the kind, of which there may be none.
    static func parse(_ words: inout Words, _ place: TCPlace, _ session: inout Session) throws(CommandError) -> Kind
    /// Prints the options.
    static func print(_ kind: Kind, _ session: inout Session)
    /// Prints what the kind itself counts; false where there is nothing.
    static func print(statistics: TCStatistics, _ session: inout Session) -> Bool
}

extension QdiscOptions {
    static func print(statistics: TCStatistics, _ session: inout Session) -> Bool { false }

    /// An error with the kind's grammar behind it.
    static func refusal(_ text: String) -> CommandError { CommandError("\(text)\n\(help)", status: 1) }

    /// Refuses a word that is none of the grammar.
    static func unknown(_ word: Word) -> CommandError { refusal("What is \"\(word.string)\"?") }
}

/// What a kind's words may depend on: where the queueing discipline or class is to be.
struct TCPlace {
    /// The link's name, where one was given.
    var device: Word?
    /// What is done: an added one has defaults that a changed one has not.
    var verb: TCVerb
}

/// What is done to a queueing discipline, class, filter or chain.
enum TCVerb {
    case add, change, replace, link, delete
}

/// A kind of queueing discipline, whichever it is.
struct QdiscEntry: Sendable {
    let name: String
    let help: StaticString
    let parse: @Sendable (inout Words, TCPlace, inout Session) throws(CommandError) -> AnyQdiscKind
    let print: @Sendable (AnyQdiscKind, inout Session) -> Void
    let printStatistics: @Sendable (TCStatistics, inout Session) -> Bool

    init<Options: QdiscOptions>(_ options: Options.Type) {
        name = Options.Kind.kindName
        help = Options.help
        parse = { (words: inout Words, place: TCPlace, session: inout Session) throws(CommandError) -> AnyQdiscKind in
            AnyQdiscKind(try Options.parse(&words, place, &session))
        }
        print = { (kind: AnyQdiscKind, session: inout Session) -> Void in
            if let value = kind.as(Options.Kind.self) { Options.print(value, &session) }
        }
        printStatistics = { (statistics: TCStatistics, session: inout Session) -> Bool in
            Options.print(statistics: statistics, &session)
        }
    }
}

/// The kinds of queueing discipline that this command knows.
enum QdiscTable {
    // A kind is one line here and one file.
    static let entries = [
        QdiscEntry(BFIFOOptions.self),
        QdiscEntry(ClsactOptions.self),
        QdiscEntry(FQCodelOptions.self),
        QdiscEntry(HTBOptions.self),
        QdiscEntry(IngressOptions.self),
        QdiscEntry(MQOptions.self),
        QdiscEntry(NetemOptions.self),
        QdiscEntry(NoQueueOptions.self),
        QdiscEntry(PFIFOFastOptions.self),
        QdiscEntry(PFIFOHeadDropOptions.self),
        QdiscEntry(PFIFOOptions.self),
        QdiscEntry(PrioOptions.self),
        QdiscEntry(TBFOptions.self),
    ]

    /// Kinds whose options a later version has.
    private static let later: [StaticString] = [
        "cake", "cbs", "choke", "codel", "drr", "dualpi2", "etf", "ets", "fq", "fq_pie", "gred", "hfsc", "hhf",
        "mqprio",
        "multiq", "pie", "plug", "qfq", "red", "sfb", "sfq", "skbprio", "taprio",
    ]

    static func entry(_ name: String) -> QdiscEntry? { entries.first { $0.name == name } }
    /// Whether a kind's options are those of a later version.
    static func isLater(_ word: Word) -> Bool { later.contains { word == $0 } }
}
