// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

/// The words, the line and the help of the classes of a kind of queueing discipline.
protocol ClassOptions: SendableMetatype {
    associatedtype Kind: ClassKind
    /// The grammar, behind a word that is none of it.
    static var help: StaticString { get }
    /// Reads the words behind the kind, of which there may be none.
    static func parse(_ words: inout Words, _ place: TCPlace, _ session: inout Session) throws(CommandError) -> Kind
    /// Prints the options.
    static func print(_ kind: Kind, _ session: inout Session)
    /// Prints what the kind itself counts; false where there is nothing.
    static func print(statistics: TCStatistics, _ session: inout Session) -> Bool
}

extension ClassOptions {
    /// An error with the kind's grammar behind it.
    static func refusal(_ text: String) -> CommandError { CommandError("\(text)\n\(help)", status: 1) }
}

/// The classes of a kind of queueing discipline, whichever it is.
struct ClassEntry: Sendable {
    let name: String
    let parse: @Sendable (inout Words, TCPlace, inout Session) throws(CommandError) -> AnyClassKind
    let print: @Sendable (AnyClassKind, inout Session) -> Void
    let printStatistics: @Sendable (TCStatistics, inout Session) -> Bool

    init<Options: ClassOptions>(_ options: Options.Type) {
        name = Options.Kind.kindName
        parse = { (words: inout Words, place: TCPlace, session: inout Session) throws(CommandError) -> AnyClassKind in
            AnyClassKind(try Options.parse(&words, place, &session))
        }
        print = { (kind: AnyClassKind, session: inout Session) -> Void in
            if let value = kind.as(Options.Kind.self) { Options.print(value, &session) }
        }
        printStatistics = { (statistics: TCStatistics, session: inout Session) -> Bool in
            Options.print(statistics: statistics, &session)
        }
    }
}

/// The kinds whose classes this command knows.
enum ClassTable {
    // A kind is one line here and one file.
    private static let entries = [
        ClassEntry(HTBClassOptions.self)
    ]

    static func entry(_ name: String) -> ClassEntry? { entries.first { $0.name == name } }
}
