// SPDX-License-Identifier: Apache-2.0

@_spi(System) internal import NetlinkCore

/// The kinds of link that ``Link/kind`` gives typed.
public enum LinkKinds {
    /// Decodes the options of one kind, and describes them.
    struct Entry: Sendable {
        let name: String
        let schema: AttributeSchema?
        let decode: @Sendable (RawSpan) throws(DecodeError) -> any LinkKind

        init<Kind: LinkKind>(_ kind: Kind.Type) {
            name = kind.kindName
            schema = Kind.schema
            decode = { (span: RawSpan) throws(DecodeError) -> any LinkKind in
                try Kind(decoding: span)
            }
        }
    }

    // A kind is one line here and one file.
    private static let known = table([
        Entry(BondLink.self),
        Entry(BridgeLink.self),
        Entry(DummyLink.self),
        Entry(IFBLink.self),
        Entry(IPVLANLink.self),
        Entry(IPVTAPLink.self),
        Entry(MACVLANLink.self),
        Entry(MACVTAPLink.self),
        Entry(NetkitLink.self),
        Entry(NLMonLink.self),
        Entry(TunLink.self),
        Entry(VethLink.self),
        Entry(VLANLink.self),
        Entry(VRFLink.self),
        Entry(VXLANLink.self),
        Entry(WireGuardLink.self),
    ])

    // Options that a link has as a port of a bridge or bond, under the master's name.
    private static let knownPorts = table([
        Entry(BondPort.self),
        Entry(BridgePort.self),
        Entry(VRFPort.self),
    ])

    private static func table(_ entries: [Entry]) -> [String: Entry] {
        Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static let registered = Lock<[String: Entry]>([:])

    /// Makes links of a kind from outside this library decode typed, in the whole process.
    public static func register<Kind: LinkKind>(_ kind: Kind.Type) {
        let entry = Entry(kind)
        registered.withLock { $0[entry.name] = entry }
    }

    private static func entry(_ name: String) -> Entry? {
        known[name] ?? registered.withLock { $0[name] }
    }

    static func schema(of name: String) -> AttributeSchema? { entry(name)?.schema }
    static func portSchema(of name: String) -> AttributeSchema? { knownPorts[name]?.schema }

    /// Decodes a kind; an unknown one is kept raw.
    static func decode(_ name: String, _ data: RawSpan?) throws(DecodeError) -> AnyLinkKind {
        try decode(name, data, entry(name))
    }

    /// Decodes the options of a port.
    static func decodePort(_ name: String, _ data: RawSpan?) throws(DecodeError) -> AnyLinkKind {
        try decode(name, data, knownPorts[name])
    }

    private static func decode(_ name: String, _ data: RawSpan?, _ entry: Entry?) throws(DecodeError) -> AnyLinkKind {
        guard let entry else { return AnyLinkKind(name: name, data: data?.array) }
        if let data { return AnyLinkKind(try entry.decode(data)) }
        let empty: [UInt8] = []
        return AnyLinkKind(try entry.decode(empty.rawSpan))
    }
}
