// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkRoute

/// The line that `-d` shows for a kind of link, or for what a port of one has.
protocol PrintedOptions: SendableMetatype {
    associatedtype Kind: LinkKind
    /// Prints what stands behind the kind's name.
    static func print(_ kind: Kind, in session: inout Session)
}

/// The words, the line and the help of a kind that the command line sets.
protocol KindOptions: PrintedOptions {
    /// What stands behind `type`.
    static var name: StaticString { get }
    /// Whether these are options of a port.
    static var isPort: Bool { get }
    /// The grammar, for `ip link help KIND` and behind a word that is none of it.
    static var help: StaticString { get }
    /// Reads the words behind the kind; there is at least one.
    static func parse(_ words: inout Words, creates: Bool, _ session: inout Session) throws(CommandError) -> Kind
}

extension KindOptions {
    static var isPort: Bool { false }

    /// Refuses a word with the kind's grammar, or is that grammar where it was asked for.
    static func unknown(_ word: Word, _ what: StaticString = "command") -> CommandError {
        if word.isPrefix(of: "help") { return CommandError(help, status: 1) }
        return CommandError("\(name): unknown \(what) \"\(word.string)\"?\n\(help)", status: 1)
    }
}

/// Reads the words of a kind, whichever kind it is.
struct KindReader: Sendable {
    let name: StaticString
    let isPort: Bool
    let help: StaticString
    let read: @Sendable (inout Words, Bool, inout Session) throws(CommandError) -> AnyLinkKind

    init<Options: KindOptions>(_ options: Options.Type) {
        name = Options.name
        isPort = Options.isPort
        help = Options.help
        read = { (words: inout Words, creates: Bool, session: inout Session) throws(CommandError) -> AnyLinkKind in
            AnyLinkKind(try Options.parse(&words, creates: creates, &session))
        }
    }
}

/// Prints the options of a kind, whichever kind it is.
struct KindPrinter: Sendable {
    let name: String
    let print: @Sendable (AnyLinkKind, inout Session) -> Void

    init<Options: PrintedOptions>(_ options: Options.Type) {
        name = Options.Kind.kindName
        print = { (kind: AnyLinkKind, session: inout Session) -> Void in
            if let value = kind.as(Options.Kind.self) { Options.print(value, in: &session) }
        }
    }
}

/// The kinds that this command knows.
enum KindTable {
    // A kind is a line in two of these and one file.
    private static let readers = [
        KindReader(BondOptions.self),
        KindReader(BondPortOptions.self),
        KindReader(BridgeOptions.self),
        KindReader(BridgePortOptions.self),
        KindReader(IPVLANOptions.self),
        KindReader(IPVTAPOptions.self),
        KindReader(MACVLANOptions.self),
        KindReader(MACVTAPOptions.self),
        KindReader(NetkitOptions.self),
        KindReader(VethOptions.self),
        KindReader(VLANOptions.self),
        KindReader(VRFOptions.self),
        KindReader(VXLANOptions.self),
    ]

    private static let printers = [
        KindPrinter(BondOptions.self),
        KindPrinter(BridgeOptions.self),
        KindPrinter(IPVLANOptions.self),
        KindPrinter(IPVTAPOptions.self),
        KindPrinter(MACVLANOptions.self),
        KindPrinter(MACVTAPOptions.self),
        KindPrinter(NetkitOptions.self),
        KindPrinter(TunOptions.self),
        KindPrinter(VLANOptions.self),
        KindPrinter(VRFOptions.self),
        KindPrinter(VXLANOptions.self),
    ]

    private static let portPrinters = [
        KindPrinter(BondPortOptions.self),
        KindPrinter(BridgePortOptions.self),
        KindPrinter(VRFPortOptions.self),
    ]

    /// What reads the words of a kind, by the word behind `type`.
    static func reader(_ word: Word) -> KindReader? { readers.first { word == $0.name } }

    /// What prints the options of a kind, by the kernel's name.
    static func printer(_ name: String, isPort: Bool) -> KindPrinter? {
        (isPort ? portPrinters : printers).first { $0.name == name }
    }

    /// Kinds without options.
    private static let bare: [StaticString] = [
        "dummy", "ifb", "netdevsim", "nlmon", "pfcp", "team", "vcan", "virt_wifi",
    ]

    /// Kinds whose options a later version has.
    private static let later: [StaticString] = [
        "amt", "bareudp", "batadv", "can", "dsa", "erspan", "geneve", "gre", "gretap", "gtp", "hsr", "ip6erspan",
        "ip6gre", "ip6gretap", "ip6tnl", "ipip", "ipoib", "macsec", "rmnet", "sit", "team_slave", "vti", "vti6",
        "vxcan", "wwan", "xfrm",
    ]

    /// Whether a kind is known that has no options.
    static func isBare(_ word: Word) -> Bool { bare.contains { word == $0 } }
    /// Whether a kind's options are those of a later version.
    static func isLater(_ word: Word) -> Bool { later.contains { word == $0 } }
}
