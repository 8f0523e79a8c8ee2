// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Asks for the number of a family, and for nothing else.
struct FamilyIDQuery<Family: GenericFamily>: MessageTypeQuery {
    var messageType: UInt16 { GenericController.messageType }
    var operation: StaticString { "find family" }
    var object: String? { Family.name }

    func encode(into writer: inout MessageWriter) {
        GenericHeader(command: ControllerCommand.getFamily.rawValue, version: GenericController.version)
            .encode(into: &writer)
        writer.put(ControllerAttribute.familyName, Family.name)
    }

    func decode(_ message: borrowing Message) throws(DecodeError) -> UInt16 {
        var reader = try message.attributes(in: GenericController.self, of: ControllerAttribute.self)
        while let attribute = try reader.next() {
            if attribute.id == .familyID { return try attribute.integer() }
        }
        throw DecodeError(.invalidValue, attribute: ControllerAttribute.familyID.rawValue)
    }
}

/// Which family is meant: by name or by number.
///
/// A literal is a name or a number.
public enum FamilyReference: Hashable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    CustomStringConvertible
{
    /// By name, for which the kernel loads a module where it must.
    case name(String)
    /// By number.
    case id(UInt16)

    /// Takes a name.
    public init(stringLiteral name: String) { self = .name(name) }
    /// Takes a number.
    public init(integerLiteral id: UInt16) { self = .id(id) }

    /// The name or the number.
    public var description: String {
        switch self {
        case .name(let name): name
        case .id(let id): String(id)
        }
    }

    func encode(into writer: inout MessageWriter) {
        switch self {
        case .name(let name): writer.put(ControllerAttribute.familyName, name)
        case .id(let id): writer.put(ControllerAttribute.familyID, id)
        }
    }
}

/// Asks for one family; one that the kernel does not have is `NetlinkError.Code.notFound`.
///
/// It runs on the connections of every family.
///
/// Kernel: `CTRL_CMD_GETFAMILY`.
public struct FamilyQuery<Family: GenericFamily>: Query {
    /// Which one.
    public var family: FamilyReference

    /// Asks for a family.
    public init(_ family: FamilyReference) { self.family = family }

    /// The message's type.
    public var messageType: UInt16 { GenericController.messageType }
    /// What is done, for errors.
    public var operation: StaticString { "find family" }
    /// What it is done to, for errors.
    public var object: String? { family.description }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        GenericHeader(command: ControllerCommand.getFamily.rawValue, version: GenericController.version)
            .encode(into: &writer)
        family.encode(into: &writer)
    }

    /// Reads the reply.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> FamilyDescription {
        try FamilyDescription(decoding: message)
    }
}

/// Lists the families that are registered.
///
/// It runs on the connections of every family.
///
/// Kernel: `CTRL_CMD_GETFAMILY` with `NLM_F_DUMP`.
public struct FamilyDump<Family: GenericFamily>: Dump {
    /// Lists all.
    public init() {}

    /// The message's type.
    public var messageType: UInt16 { GenericController.messageType }
    /// What is done, for errors.
    public var operation: StaticString { "list families" }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        GenericHeader(command: ControllerCommand.getFamily.rawValue, version: GenericController.version)
            .encode(into: &writer)
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> FamilyDescription? {
        try FamilyDescription(decoding: message)
    }
}

extension Query {
    /// One family of generic netlink.
    public static func family<Family: GenericFamily>(
        _ family: FamilyReference
    ) -> FamilyQuery<Family> where Self == FamilyQuery<Family> { FamilyQuery(family) }
}

extension Dump {
    /// All families of generic netlink.
    public static func families<Family: GenericFamily>() -> FamilyDump<Family> where Self == FamilyDump<Family> {
        FamilyDump()
    }
}
