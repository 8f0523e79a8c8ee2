// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// The options of one kind of filter, such as what it compares.
///
/// A kind of your own conforms to this and goes wherever the library's own do; ``Filter/kind`` gives it back where its
/// name is registered with ``FilterKinds/register(_:)``, else as raw bytes.
public protocol FilterKind: Hashable, Sendable {
    /// The kernel's name, such as `matchall`.
    static var kindName: String { get }
    /// The names of the attributes inside `TCA_OPTIONS`, for descriptions and errors.
    static var schema: AttributeSchema? { get }
    /// Reads the contents of `TCA_OPTIONS`.
    init(decoding options: RawSpan) throws(DecodeError)
    /// Writes the contents of `TCA_OPTIONS`: what is set and differs from `base`; without a base, all that is set.
    func encode(into writer: inout MessageWriter, changing base: Self?)
    /// Says what the kernel would refuse, before anything is sent.
    func validate() throws(NetlinkError)
    /// The same without what the kernel only reports.
    var settings: Self { get }
}

extension FilterKind {
    /// The names of the options.
    public static var schema: AttributeSchema? { nil }
    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {}
    /// The same without what the kernel only reports.
    public var settings: Self { self }
}

/// A filter's kind with its options: typed where the kind is known, else as the kernel's bytes.
///
/// Kernel: `TCA_KIND`, `TCA_OPTIONS`.
public struct AnyFilterKind: Sendable {
    /// The kernel's name, such as `matchall`.
    public let name: String
    /// The options, where the kind is known and the kernel gave any.
    public let value: (any FilterKind)?
    /// The bytes of the options of an unknown kind; nil when there are none.
    public let data: [UInt8]?

    /// A kind with its options.
    public init(_ value: some FilterKind) {
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
    public func `as`<Kind: FilterKind>(_ type: Kind.Type = Kind.self) -> Kind? { value as? Kind }

    /// The same without what the kernel only reports.
    var settings: AnyFilterKind {
        func strip(_ kind: some FilterKind) -> AnyFilterKind { AnyFilterKind(kind.settings) }
        return value.map { strip($0) } ?? self
    }

    func validate() throws(NetlinkError) { try value?.validate() }

    /// Writes the options, where there are any.
    func encodeOptions(into writer: inout MessageWriter, changing base: AnyFilterKind?) {
        func encode<Kind: FilterKind>(_ value: Kind) {
            writer.nest(TCAttribute.options, marked: false) {
                value.encode(into: &$0, changing: base?.as(Kind.self))
            }
        }
        if let value {
            encode(value)
        } else if let data {
            writer.put(TCAttribute.options, data)
        }
    }
}

extension AnyFilterKind: Hashable {
    /// Compares all that is set.
    public static func == (a: AnyFilterKind, b: AnyFilterKind) -> Bool {
        func equals<Kind: FilterKind>(_ a: Kind, _ b: (any FilterKind)?) -> Bool { a == b as? Kind }
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
