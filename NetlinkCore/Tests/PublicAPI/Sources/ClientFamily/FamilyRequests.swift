// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

private let getFamily: UInt8 = 3  // CTRL_CMD_GETFAMILY

/// Asks for one family by its name.
public struct FamilyQuery: Query {
    /// The protocol that it belongs to.
    public typealias Family = ClientProtocol
    /// The family's name.
    public var name: String

    /// Asks for a family.
    public init(_ name: String) { self.name = name }

    /// The message's type.
    public var messageType: UInt16 { GenericFamily.controllerID }
    /// What is done, for errors.
    public var operation: StaticString { "find family" }
    /// What it is done to, for errors.
    public var object: String? { name }
    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        CommandHeader(command: getFamily, version: 0).encode(into: &writer)
        writer.put(FamilyAttribute.name, name)
    }
    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> GenericFamily {
        try GenericFamily(message)
    }
}

/// Lists the families.
public struct FamilyDump: Dump {
    /// The protocol that it belongs to.
    public typealias Family = ClientProtocol
    /// Lists all.
    public init() {}

    /// The message's type.
    public var messageType: UInt16 { GenericFamily.controllerID }
    /// What is done, for errors.
    public var operation: StaticString { "list families" }
    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        CommandHeader(command: getFamily, version: 0).encode(into: &writer)
    }
    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> GenericFamily? {
        try GenericFamily(message)
    }
}

extension Dump where Self == FamilyDump {
    /// The families of generic netlink.
    public static var families: FamilyDump { FamilyDump() }
}

extension Query where Self == FamilyQuery {
    /// One family of generic netlink.
    public static func family(_ name: String) -> FamilyQuery { FamilyQuery(name) }
}

/// A command of some family, with attributes of every form.
public struct FamilyCommand: Command {
    /// The protocol that it belongs to.
    public typealias Family = ClientProtocol
    /// The family's message type.
    public var messageType: UInt16
    /// The command's number.
    public var command: UInt8
    /// An address, in network byte order on the wire.
    public var port: UInt16?
    /// A weight of variable width.
    public var weight: UInt64?
    /// Labels, each in a numbered nest.
    public var labels: [String] = []
    /// Flags to be changed.
    public var bits: Bitfield32?

    /// A command without attributes.
    public init(_ command: UInt8, of messageType: UInt16) {
        self.command = command
        self.messageType = messageType
    }

    /// What is done, for errors.
    public var operation: StaticString { "run command" }
    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        CommandHeader(command: command, version: 1).encode(into: &writer)
        writer.put(RawAttributeID(rawValue: 1), bigEndian: port)
        writer.put(RawAttributeID(rawValue: 2), unsigned: weight)
        writer.put(RawAttributeID(rawValue: 3), bits)
        writer.nest(RawAttributeID(rawValue: 4)) { writer in
            for (index, label) in labels.enumerated() {
                writer.nest(rawType: UInt16(index + 1)) { $0.put(RawAttributeID(rawValue: 1), label) }
            }
        }
    }
}

/// A connection to generic netlink.
public typealias ClientConnection = Connection<ClientProtocol>

extension Connection where Family == ClientProtocol {
    /// The families of generic netlink.
    public func families() async throws(NetlinkError) -> [GenericFamily] { try await dump(.families) }
}
