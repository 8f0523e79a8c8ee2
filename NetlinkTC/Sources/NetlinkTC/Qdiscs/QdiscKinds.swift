// SPDX-License-Identifier: Apache-2.0

@_spi(System) internal import NetlinkCore

/// The kinds of queueing discipline that ``Qdisc/kind`` gives typed.
public enum QdiscKinds {
    /// Decodes the options of one kind, and describes them.
    struct Entry: Sendable {
        let name: String
        let schema: AttributeSchema?
        let decode: @Sendable (RawSpan) throws(DecodeError) -> any QdiscKind

        init<Kind: QdiscKind>(_ kind: Kind.Type) {
            name = kind.kindName
            schema = Kind.schema
            decode = { (span: RawSpan) throws(DecodeError) -> any QdiscKind in try Kind(decoding: span) }
        }
    }

    // A kind is one line here and one file.
    private static let known = table([
        Entry(BFIFOQdisc.self),
        Entry(ClsactQdisc.self),
        Entry(FQCodelQdisc.self),
        Entry(HTBQdisc.self),
        Entry(IngressQdisc.self),
        Entry(MQQdisc.self),
        Entry(NetemQdisc.self),
        Entry(NoQueueQdisc.self),
        Entry(PFIFOFastQdisc.self),
        Entry(PFIFOHeadDropQdisc.self),
        Entry(PFIFOQdisc.self),
        Entry(PrioQdisc.self),
        Entry(TBFQdisc.self),
    ])

    private static func table(_ entries: [Entry]) -> [String: Entry] {
        Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static let registered = Lock<[String: Entry]>([:])

    /// Makes a kind from outside this library decode typed, in the whole process.
    public static func register<Kind: QdiscKind>(_ kind: Kind.Type) {
        let entry = Entry(kind)
        registered.withLock { $0[entry.name] = entry }
    }

    private static func entry(_ name: String) -> Entry? {
        known[name] ?? registered.withLock { $0[name] }
    }

    static func schema(of name: String) -> AttributeSchema? { entry(name)?.schema }

    /// Decodes a kind; an unknown one is kept raw.
    static func decode(_ name: String, _ data: RawSpan?) throws(DecodeError) -> AnyQdiscKind {
        guard let entry = entry(name) else { return AnyQdiscKind(name: name, data: data?.array) }
        guard let data else {
            // Some kinds need no options, and then are sent without.
            let none: [UInt8] = []
            guard let value = try? entry.decode(none.rawSpan) else { return AnyQdiscKind(name: name) }
            return AnyQdiscKind(value)
        }
        return AnyQdiscKind(try entry.decode(data))
    }
}
