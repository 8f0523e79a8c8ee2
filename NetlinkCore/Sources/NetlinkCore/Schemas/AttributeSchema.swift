// SPDX-License-Identifier: Apache-2.0

/// Names of the attributes of one nest and what stands inside them, without their values' types.
///
/// Descriptions, traces and the paths in errors are made from it.
public struct AttributeSchema: Sendable {
    private let type: any AttributeID.Type
    private let isArray: Bool

    /// The attributes that `type` names.
    public init<ID: AttributeID>(_ type: ID.Type) {
        self.type = type
        isArray = false
    }

    /// Numbered elements, each holding the attributes that `type` names.
    public init<ID: AttributeID>(arrayOf type: ID.Type) {
        self.type = type
        isArray = true
    }

    /// The kernel's name of an attribute.
    func name(of number: UInt16) -> String? {
        isArray ? nil : type.init(rawValue: number).kernelName
    }

    /// Whether an attribute's value is a key.
    func isSecret(_ number: UInt16) -> Bool { !isArray && type.init(rawValue: number).isSecret }

    /// What stands inside an attribute; `kind` is the text of the sibling that says so.
    func nest(in number: UInt16, kind: String?) -> AttributeSchema? {
        if isArray { return AttributeSchema(element: type) }
        return type.nest(in: number) ?? kind.flatMap { type.nest(in: number, kind: $0) }
    }

    /// The attribute whose text says what stands inside its siblings.
    var kindID: UInt16? { isArray ? nil : type.kindID }

    private init(element type: any AttributeID.Type) {
        self.type = type
        isArray = false
    }

    /// The text of the attribute that says what its siblings hold.
    func kind(in span: RawSpan) -> String? {
        guard let kindID else { return nil }
        var reader = AttributeReader<RawAttributeID>(span)
        while let attribute = try? reader.next() {
            if attribute.id.rawValue == kindID { return attribute.string() }
        }
        return nil
    }
}

/// A message type's name, the length of its fixed header and the attributes behind it.
public struct MessageSchema: Sendable {
    /// The kernel's name, such as `RTM_NEWLINK`.
    public let name: String
    /// Length of the fixed header in bytes.
    public let fixedByteCount: Int
    /// The attributes of the message itself.
    public let attributes: AttributeSchema?
    private let command: (@Sendable (UInt8) -> MessageSchema?)?

    /// Describes a message type.
    ///
    /// Where what a message holds depends on a command, which is the first byte of the fixed header as in generic netlink,
    /// `command` describes those that differ.
    public init(
        _ name: String, fixedByteCount: Int, attributes: AttributeSchema?,
        command: (@Sendable (UInt8) -> MessageSchema?)? = nil
    ) {
        self.name = name
        self.fixedByteCount = fixedByteCount
        self.attributes = attributes
        self.command = command
    }

    /// What is known of a message of this type, from what follows its header.
    func specific(to payload: RawSpan) -> MessageSchema {
        guard let command, payload.byteCount > 0 else { return self }
        return command(payload.loadChecked(0, as: UInt8.self)) ?? self
    }
}

/// Attribute numbers of which nothing is known.
public struct RawAttributeID: AttributeID {
    /// The kernel's number.
    public let rawValue: UInt16
    /// Takes any number.
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
}
