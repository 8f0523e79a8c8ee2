// SPDX-License-Identifier: Apache-2.0

@_spi(System) internal import NetlinkCore

/// The kinds of filter that ``Filter/kind`` gives typed.
public enum FilterKinds {
    /// Decodes the options of one kind, and describes them.
    struct Entry: Sendable {
        let name: String
        let schema: AttributeSchema?
        let decode: @Sendable (RawSpan) throws(DecodeError) -> any FilterKind

        init<Kind: FilterKind>(_ kind: Kind.Type) {
            name = kind.kindName
            schema = Kind.schema
            decode = { (span: RawSpan) throws(DecodeError) -> any FilterKind in try Kind(decoding: span) }
        }
    }

    // A kind is one line here and one file.
    private static let known = table([
        Entry(FirewallMarkFilter.self),
        Entry(MatchAllFilter.self),
        Entry(U32Filter.self),
    ])

    private static func table(_ entries: [Entry]) -> [String: Entry] {
        Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static let registered = Lock<[String: Entry]>([:])

    /// Makes filters of a kind from outside this library decode typed, in the whole process.
    public static func register<Kind: FilterKind>(_ kind: Kind.Type) {
        let entry = Entry(kind)
        registered.withLock { $0[entry.name] = entry }
    }

    private static func entry(_ name: String) -> Entry? {
        known[name] ?? registered.withLock { $0[name] }
    }

    static func schema(of name: String) -> AttributeSchema? { entry(name)?.schema }

    /// Decodes a kind; an unknown one, and one without options, is kept raw.
    static func decode(_ name: String, _ options: RawSpan?) throws(DecodeError) -> AnyFilterKind {
        guard let options, let entry = entry(name) else { return AnyFilterKind(name: name, data: options?.array) }
        func any(_ kind: some FilterKind) -> AnyFilterKind { AnyFilterKind(kind) }
        return any(try entry.decode(options))
    }
}
