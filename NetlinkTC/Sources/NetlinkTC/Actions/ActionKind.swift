// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// The options of one kind of action, such as what a mirror copies where.
///
/// What all kinds have (number, verdict, users, times) stands in ``Action``; a kind only knows where in its options it
/// is. A kind of your own conforms to this and goes wherever the library's own do; ``Action/kind`` gives it back where
/// its name is registered with ``ActionKinds/register(_:)``, else as raw bytes.
public protocol ActionKind: Hashable, Sendable {
    /// The kernel's name, such as `mirred`.
    static var kindName: String { get }
    /// The names of the attributes inside `TCA_ACT_OPTIONS`, for descriptions and errors.
    static var schema: AttributeSchema? { get }
    /// The verdict of an action of this kind that was given none.
    var defaultControl: ActionControl { get }
    /// Reads the contents of `TCA_ACT_OPTIONS`, and from it the parameters that all kinds have.
    init(decoding options: RawSpan, parameters: inout ActionParameters) throws(DecodeError)
    /// Writes the contents of `TCA_ACT_OPTIONS`.
    func encode(_ parameters: ActionParameters, into writer: inout MessageWriter)
    /// Says what the kernel would refuse, before anything is sent.
    func validate() throws(NetlinkError)
    /// The same without what the kernel only reports.
    var settings: Self { get }
}

extension ActionKind {
    /// The names of the options.
    public static var schema: AttributeSchema? { nil }
    /// What becomes of packets unless told otherwise.
    public var defaultControl: ActionControl { .pipe }
    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {}
    /// The same without what the kernel only reports.
    public var settings: Self { self }
}

/// An action's kind with its options: typed where the kind is known, else as the kernel's bytes.
///
/// Kernel: `TCA_ACT_KIND`, `TCA_ACT_OPTIONS`.
public struct AnyActionKind: Sendable {
    /// The kernel's name, such as `mirred`.
    public let name: String
    /// The options, where the kind is known.
    public let value: (any ActionKind)?
    /// The bytes of the options of an unknown kind; nil when there are none.
    public let data: [UInt8]?

    /// A kind with its options.
    public init(_ value: some ActionKind) {
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
    public func `as`<Kind: ActionKind>(_ type: Kind.Type = Kind.self) -> Kind? { value as? Kind }

    /// The same without what the kernel only reports.
    var settings: AnyActionKind {
        func strip(_ kind: some ActionKind) -> AnyActionKind { AnyActionKind(kind.settings) }
        return value.map { strip($0) } ?? self
    }

    func validate() throws(NetlinkError) { try value?.validate() }

    /// Writes the options.
    func encode(_ parameters: ActionParameters, into writer: inout MessageWriter) {
        if let value {
            writer.nest(ActionAttribute.options) { value.encode(parameters, into: &$0) }
        } else if let data {
            writer.nest(ActionAttribute.options) { $0.append(data.rawSpan) }
        }
    }
}

extension AnyActionKind: Hashable {
    /// Compares all that is set.
    public static func == (a: AnyActionKind, b: AnyActionKind) -> Bool {
        func equals<Kind: ActionKind>(_ a: Kind, _ b: (any ActionKind)?) -> Bool { a == b as? Kind }
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
