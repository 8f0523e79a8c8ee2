// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// The options of one kind of queueing discipline.
///
/// A kind of your own conforms to this and goes wherever the library's own do; ``Qdisc/kind`` gives it back where its name
/// is registered with ``QdiscKinds/register(_:)``, else as raw bytes.
public protocol QdiscKind: Hashable, Sendable {
    /// The kernel's name, such as `htb`.
    static var kindName: String { get }
    /// The names of the attributes inside `TCA_OPTIONS`, for descriptions and errors; nil where a structure comes first.
    static var schema: AttributeSchema? { get }
    /// Reads the contents of `TCA_OPTIONS`.
    init(decoding options: RawSpan) throws(DecodeError)
    /// Writes the contents of `TCA_OPTIONS`: what is set and differs from `base`; without a base, all that is set.
    ///
    /// Kinds that the kernel changes as a whole write all in either case.
    func encode(into writer: inout MessageWriter, changing base: Self?)
    /// Says what the kernel would refuse, before anything is sent.
    func validate() throws(NetlinkError)
    /// The same without what the kernel only reports.
    var settings: Self { get }
}

extension QdiscKind {
    /// The names of the options.
    public static var schema: AttributeSchema? { nil }
    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {}
    /// The same without what the kernel only reports.
    public var settings: Self { self }
}

/// A queueing discipline's kind with its options: typed where the kind is known, else as the kernel's bytes.
///
/// Kernel: `TCA_KIND`, `TCA_OPTIONS`.
public struct AnyQdiscKind: Sendable {
    /// The kernel's name, such as `htb`.
    public let name: String
    /// The options, where the kind is known.
    public let value: (any QdiscKind)?
    /// The bytes of the options of an unknown kind; nil when the kernel sent none.
    public let data: [UInt8]?

    /// A kind with its options.
    public init(_ value: some QdiscKind) {
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
    public func `as`<Kind: QdiscKind>(_ type: Kind.Type = Kind.self) -> Kind? { value as? Kind }

    /// The same without what the kernel only reports.
    var settings: AnyQdiscKind {
        func strip(_ kind: some QdiscKind) -> AnyQdiscKind { AnyQdiscKind(kind.settings) }
        return value.map { strip($0) } ?? self
    }

    func validate() throws(NetlinkError) { try value?.validate() }

    /// Writes the name, and the options where there are any.
    func encode(into writer: inout MessageWriter, changing base: AnyQdiscKind?) {
        writer.put(TCAttribute.kind, name)
        if let value {
            encode(value, &writer, base)
        } else if let data {
            writer.put(TCAttribute.options, data)
        }
    }

    private func encode<Kind: QdiscKind>(_ value: Kind, _ writer: inout MessageWriter, _ base: AnyQdiscKind?) {
        writer.nestUnlessEmpty(TCAttribute.options, marked: false) {
            value.encode(into: &$0, changing: base?.as(Kind.self))
        }
    }
}

extension AnyQdiscKind: Hashable {
    /// Compares all that is set.
    public static func == (a: AnyQdiscKind, b: AnyQdiscKind) -> Bool {
        func equals<Kind: QdiscKind>(_ a: Kind, _ b: (any QdiscKind)?) -> Bool { a == b as? Kind }
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
