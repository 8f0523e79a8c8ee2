// SPDX-License-Identifier: Apache-2.0

@_spi(System) internal import NetlinkCore

/// The kinds of traffic class that ``TrafficClass/kind`` gives typed.
public enum ClassKinds {
    /// Decodes the options of one kind, and describes them.
    struct Entry: Sendable {
        let name: String
        let schema: AttributeSchema?
        let decode: @Sendable (RawSpan) throws(DecodeError) -> any ClassKind

        init<Kind: ClassKind>(_ kind: Kind.Type) {
            name = kind.kindName
            schema = Kind.schema
            decode = { (span: RawSpan) throws(DecodeError) -> any ClassKind in try Kind(decoding: span) }
        }
    }

    // A kind is one line here and one file.
    private static let known = table([
        Entry(HTBClass.self)
    ])

    private static func table(_ entries: [Entry]) -> [String: Entry] {
        Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static let registered = Lock<[String: Entry]>([:])

    /// Makes a kind from outside this library decode typed, in the whole process.
    public static func register<Kind: ClassKind>(_ kind: Kind.Type) {
        let entry = Entry(kind)
        registered.withLock { $0[entry.name] = entry }
    }

    private static func entry(_ name: String) -> Entry? {
        known[name] ?? registered.withLock { $0[name] }
    }

    static func schema(of name: String) -> AttributeSchema? { entry(name)?.schema }

    /// Decodes a kind; an unknown one is kept raw.
    static func decode(_ name: String, _ data: RawSpan?) throws(DecodeError) -> AnyClassKind {
        guard let entry = entry(name) else { return AnyClassKind(name: name, data: data?.array) }
        guard let data else {
            // Some kinds need no options, and then are sent without.
            let none: [UInt8] = []
            guard let value = try? entry.decode(none.rawSpan) else { return AnyClassKind(name: name) }
            return AnyClassKind(value)
        }
        return AnyClassKind(try entry.decode(data))
    }
}
