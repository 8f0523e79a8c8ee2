// SPDX-License-Identifier: Apache-2.0

@_spi(System) internal import NetlinkCore

/// The kinds of action that ``Action/kind`` gives typed.
public enum ActionKinds {
    /// Decodes the options of one kind, and describes them.
    struct Entry: Sendable {
        let name: String
        let schema: AttributeSchema?
        let decode: @Sendable (RawSpan, inout ActionParameters) throws(DecodeError) -> any ActionKind

        init<Kind: ActionKind>(_ kind: Kind.Type) {
            name = kind.kindName
            schema = Kind.schema
            decode = { (span: RawSpan, parameters: inout ActionParameters) throws(DecodeError) -> any ActionKind in
                try Kind(decoding: span, parameters: &parameters)
            }
        }
    }

    // A kind is one line here and one file.
    private static let known = table([
        Entry(GenericAction.self),
        Entry(MirredAction.self),
        Entry(PoliceAction.self),
    ])

    private static func table(_ entries: [Entry]) -> [String: Entry] {
        Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static let registered = Lock<[String: Entry]>([:])

    /// Makes actions of a kind from outside this library decode typed, in the whole process.
    public static func register<Kind: ActionKind>(_ kind: Kind.Type) {
        let entry = Entry(kind)
        registered.withLock { $0[entry.name] = entry }
    }

    private static func entry(_ name: String) -> Entry? {
        known[name] ?? registered.withLock { $0[name] }
    }

    static func schema(of name: String) -> AttributeSchema? { entry(name)?.schema }

    /// Decodes a kind; an unknown one, and one without options as in a terse listing, is kept raw.
    static func decode(
        _ name: String, _ options: RawSpan?, parameters: inout ActionParameters
    ) throws(DecodeError) -> AnyActionKind {
        guard let options, let entry = entry(name) else { return AnyActionKind(name: name, data: options?.array) }
        func any(_ kind: some ActionKind) -> AnyActionKind { AnyActionKind(kind) }
        return any(try entry.decode(options, &parameters))
    }
}
