// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A family as the kernel's controller describes it.
///
/// Kernel: the attributes `CTRL_ATTR_*` of a reply to `CTRL_CMD_GETFAMILY`.
public struct FamilyDescription: Hashable, Sendable {
    /// An operation of a family.
    public struct Operation: Hashable, Sendable {
        /// The command's number.
        public var command: UInt32
        /// What may be done with it.
        public var flags: OperationFlags
    }

    /// A multicast group of a family.
    public struct Group: Hashable, Sendable {
        /// The name, unique within the family.
        public var name: String
        /// The number by which a socket joins it.
        public var id: UInt32
    }

    /// The number that the kernel assigned to it: its messages' type.
    public var id: UInt16
    /// The name.
    public var name: String
    /// The version of its interface.
    public var version: UInt32?
    /// How many bytes of its own it puts in front of the attributes.
    public var userHeaderByteCount: UInt32?
    /// The greatest attribute number, where it has one policy for all operations.
    public var greatestAttribute: UInt32?
    /// Its operations, by command.
    public var operations: [Operation] = []
    /// Its multicast groups.
    public var groups: [Group] = []
    /// What this type does not model.
    public var unknown = UnknownAttributes()

    /// What may be done with a command; nil when the family does not have it.
    public func flags(of command: UInt8) -> OperationFlags? {
        operations.first { $0.command == UInt32(command) }?.flags
    }

    /// The number of a multicast group.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notFound` when the family has no group of this name.
    public func group(_ name: String) throws(NetlinkError) -> UInt32 {
        if let group = groups.first(where: { $0.name == name }) { return group.id }
        throw NetlinkError(
            .notFound, operation: "find multicast group", object: "\(self.name) \(name)",
            explanation: groups.isEmpty
                ? "the family has no groups" : "it has \(groups.map(\.name).joined(separator: ", "))")
    }

    /// Reads the controller's message.
    ///
    /// - Throws: `DecodeError` when it is malformed or names no family.
    public init(decoding message: borrowing Message) throws(DecodeError) {
        var id: UInt16?
        var name: String?
        self.id = 0
        self.name = ""
        var reader = try message.attributes(in: GenericController.self, of: ControllerAttribute.self)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .familyID: id = try attribute.integer()
            case .familyName: name = attribute.string()
            case .version: version = try attribute.integer()
            case .headerByteCount: userHeaderByteCount = try attribute.integer()
            case .greatestAttribute: greatestAttribute = try attribute.integer()
            case .operations:
                var list = attribute.nested(RawAttributeID.self)
                while let element = try list.next() { try readOperation(element.nested()) }
            case .groups:
                var list = attribute.nested(RawAttributeID.self)
                while let element = try list.next() { try readGroup(element.nested()) }
            default: unknown.keep(attribute)
            }
        }
        guard let id, let name else {
            throw DecodeError(.invalidValue, attribute: ControllerAttribute.familyID.rawValue)
        }
        self.id = id
        self.name = name
    }

    private mutating func readOperation(_ nest: consuming AttributeReader<OperationAttribute>) throws(DecodeError) {
        var command: UInt32?
        var flags: UInt32 = 0
        while let attribute = try nest.next() {
            switch attribute.id {
            case .id: command = try attribute.integer()
            case .flags: flags = try attribute.integer()
            default: break
            }
        }
        if let command { operations.append(Operation(command: command, flags: OperationFlags(rawValue: flags))) }
    }

    private mutating func readGroup(_ nest: consuming AttributeReader<GroupAttribute>) throws(DecodeError) {
        var name: String?
        var id: UInt32?
        while let attribute = try nest.next() {
            switch attribute.id {
            case .name: name = attribute.string()
            case .id: id = try attribute.integer()
            default: break
            }
        }
        if let name, let id { groups.append(Group(name: name, id: id)) }
    }
}

/// What may be done with an operation of a family, and what it takes.
public struct OperationFlags: OptionSet, Hashable, Sendable {
    /// The kernel's bits.
    public let rawValue: UInt32
    /// Takes any bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    /// It takes the capability `CAP_NET_ADMIN` in the first namespace.
    public static var needsAdministrator: Self { Self(rawValue: 0x01) }  // GENL_ADMIN_PERM
    /// It is a command or a query.
    public static var single: Self { Self(rawValue: 0x02) }  // GENL_CMD_CAP_DO
    /// It is a dump.
    public static var dump: Self { Self(rawValue: 0x04) }  // GENL_CMD_CAP_DUMP
    /// The kernel checks its attributes by a policy.
    public static var hasPolicy: Self { Self(rawValue: 0x08) }  // GENL_CMD_CAP_HASPOL
    /// It takes the capability `CAP_NET_ADMIN` in the namespace.
    public static var needsNamespaceAdministrator: Self { Self(rawValue: 0x10) }  // GENL_UNS_ADMIN_PERM
}
