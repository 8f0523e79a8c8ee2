// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// The options of one kind of link, such as a VLAN's or a bridge's.
///
/// A kind of your own conforms to this and goes wherever the library's own do; ``Link/kind`` gives it back where its
/// name is registered with ``LinkKinds/register(_:)``, else as raw bytes.
public protocol LinkKind: Hashable, Sendable {
    /// The kernel's name, such as `vlan`.
    static var kindName: String { get }
    /// The names of the attributes inside `IFLA_INFO_DATA`, for descriptions and errors.
    static var schema: AttributeSchema? { get }
    /// Reads the contents of `IFLA_INFO_DATA`.
    init(decoding data: RawSpan) throws(DecodeError)
    /// Writes the contents of `IFLA_INFO_DATA`: what is set and differs from `base`; without a base, all that is set.
    func encode(into writer: inout MessageWriter, changing base: Self?)
    /// Says what the kernel would refuse, before anything is sent.
    func validate() throws(NetlinkError)
    /// The same without what comes by itself: what the kernel only reports, such as timers, and states.
    var settings: Self { get }
    /// The same without what the kernel takes when the link is made and never reports, such as the other end of a cable.
    var reported: Self { get }
}

extension LinkKind {
    /// The names of the options.
    public static var schema: AttributeSchema? { nil }
    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {}
    /// The same without what the kernel only reports.
    public var settings: Self { self }
    /// All of it unless the kind says otherwise.
    public var reported: Self { self }
}

/// A link's kind with its options: typed where the kind is known, else as the kernel's bytes.
///
/// Kernel: `IFLA_INFO_KIND`, `IFLA_INFO_DATA` (for ports `IFLA_INFO_SLAVE_KIND`, `IFLA_INFO_SLAVE_DATA`).
public struct AnyLinkKind: Sendable {
    /// The kernel's name, such as `vlan`.
    public let name: String
    /// The options, where the kind is known.
    public let value: (any LinkKind)?
    /// The bytes of the options of an unknown kind; nil when the kernel sent none.
    public let data: [UInt8]?

    /// A kind with its options.
    public init(_ value: some LinkKind) {
        name = type(of: value).kindName
        self.value = value
        data = nil
    }

    /// An unknown kind, or a known one without options.
    public init(name: String, data: [UInt8]? = nil) {
        self.name = name
        value = nil
        self.data = data
    }

    /// The options as those of a kind, or nil when it is another.
    public func `as`<Kind: LinkKind>(_ type: Kind.Type = Kind.self) -> Kind? { value as? Kind }

    /// The same without what the kernel only reports.
    public var settings: AnyLinkKind {
        func strip(_ kind: some LinkKind) -> AnyLinkKind { AnyLinkKind(kind.settings) }
        return value.map { strip($0) } ?? self
    }

    /// The same without what the kernel never reports.
    var reported: AnyLinkKind {
        func strip(_ kind: some LinkKind) -> AnyLinkKind { AnyLinkKind(kind.reported) }
        return value.map { strip($0) } ?? self
    }

    /// The same kind with nothing set: from it all that is set differs.
    var blank: AnyLinkKind? {
        func blank<Kind: LinkKind>(_ kind: Kind) -> AnyLinkKind? {
            let empty: [UInt8] = []
            return (try? Kind(decoding: empty.rawSpan)).map { AnyLinkKind($0) }
        }
        return value.flatMap { blank($0) }
    }

    func validate() throws(NetlinkError) { try value?.validate() }

    /// Whether there is anything to send of this for a link that was as `base` says.
    ///
    /// What the kernel only reports differs from one reading to the next, and is nothing to send.
    func differs(from base: AnyLinkKind?) -> Bool {
        guard let base, base.name == name else { return true }
        if base == self { return false }
        var writer = MessageWriter(capacity: 256)
        encodeData(.data, into: &writer, changing: base)
        return writer.count > 0
    }

    /// Writes the data attribute where there is any to write: an empty one is refused by kinds that cannot be changed.
    func encodeData(_ id: LinkInformationAttribute, into writer: inout MessageWriter, changing base: AnyLinkKind?) {
        if let value {
            encode(value, id, &writer, base)
        } else if let data {
            writer.put(id, data)
        }
    }

    private func encode<Kind: LinkKind>(
        _ value: Kind, _ id: LinkInformationAttribute, _ writer: inout MessageWriter, _ base: AnyLinkKind?
    ) {
        writer.nestUnlessEmpty(id, marked: false) { value.encode(into: &$0, changing: base?.as(Kind.self)) }
    }
}

extension AnyLinkKind: Hashable {
    /// Compares all that is set.
    public static func == (a: AnyLinkKind, b: AnyLinkKind) -> Bool {
        func equals<Kind: LinkKind>(_ a: Kind, _ b: (any LinkKind)?) -> Bool { a == b as? Kind }
        guard a.name == b.name, a.data == b.data else { return false }
        guard let value = a.value else { return b.value == nil }
        return equals(value, b.value)
    }

    /// Hashes all that is compared.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(data)
        if let value { hasher.combine(AnyHashable(value)) }
    }
}
