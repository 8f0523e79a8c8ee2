// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A family of generic netlink.
public struct GenericFamily: Hashable, Sendable {
    static let controllerID: UInt16 = 16  // GENL_ID_CTRL

    /// Its name, such as `ethtool`.
    public var name: String
    /// The message type under which it is reached.
    public var id: UInt16?
    /// Its version.
    public var version: UInt32?
    /// The greatest number of its attributes.
    public var greatestAttribute: UInt32?
    /// Its operations, with their flags.
    public var operations: [UInt32: UInt32] = [:]
    /// Its multicast groups by name.
    public var groups: [String: UInt32] = [:]
    /// Attributes that this client does not know.
    public var unknown = UnknownAttributes()

    /// A family of which only the name is known.
    public init(name: String) { self.name = name }

    init(_ message: borrowing Message) throws(DecodeError) {
        name = ""
        var reader = try message.attributes(of: FamilyAttribute.self, after: CommandHeader.byteCount)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .id: id = try attribute.integer()
            case .name: name = attribute.string()
            case .version: version = try attribute.integer()
            case .headerSize: _ = try attribute.integer(UInt32.self)
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
    }

    private mutating func readOperation(_ nest: consuming AttributeReader<OperationAttribute>) throws(DecodeError) {
        var id: UInt32?
        var flags: UInt32 = 0
        while let attribute = try nest.next() {
            switch attribute.id {
            case .id: id = try attribute.integer()
            case .flags: flags = try attribute.integer()
            default: break
            }
        }
        if let id { operations[id] = flags }
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
        if let name, let id { groups[name] = id }
    }
}

struct FamilyAttribute: AttributeID {
    let rawValue: UInt16
    static var id: Self { Self(rawValue: 1) }  // CTRL_ATTR_FAMILY_ID
    static var name: Self { Self(rawValue: 2) }  // CTRL_ATTR_FAMILY_NAME
    static var version: Self { Self(rawValue: 3) }  // CTRL_ATTR_VERSION
    static var headerSize: Self { Self(rawValue: 4) }  // CTRL_ATTR_HDRSIZE
    static var greatestAttribute: Self { Self(rawValue: 5) }  // CTRL_ATTR_MAXATTR
    // Nest: [OperationAttribute]
    static var operations: Self { Self(rawValue: 6) }  // CTRL_ATTR_OPS
    // Nest: [GroupAttribute]
    static var groups: Self { Self(rawValue: 7) }  // CTRL_ATTR_MCAST_GROUPS

    // Names are written by hand here; the packages of this repository have theirs generated.
    var kernelName: String? {
        [
            1: "CTRL_ATTR_FAMILY_ID", 2: "CTRL_ATTR_FAMILY_NAME", 3: "CTRL_ATTR_VERSION", 4: "CTRL_ATTR_HDRSIZE",
            5: "CTRL_ATTR_MAXATTR", 6: "CTRL_ATTR_OPS", 7: "CTRL_ATTR_MCAST_GROUPS",
        ][rawValue]
    }

    static func nest(in id: UInt16) -> AttributeSchema? {
        switch Self(rawValue: id) {
        case .operations: AttributeSchema(arrayOf: OperationAttribute.self)
        case .groups: AttributeSchema(arrayOf: GroupAttribute.self)
        default: nil
        }
    }
}

struct OperationAttribute: AttributeID {
    let rawValue: UInt16
    static var id: Self { Self(rawValue: 1) }  // CTRL_ATTR_OP_ID
    static var flags: Self { Self(rawValue: 2) }  // CTRL_ATTR_OP_FLAGS
    var kernelName: String? { [1: "CTRL_ATTR_OP_ID", 2: "CTRL_ATTR_OP_FLAGS"][rawValue] }
}

struct GroupAttribute: AttributeID {
    let rawValue: UInt16
    static var name: Self { Self(rawValue: 1) }  // CTRL_ATTR_MCAST_GRP_NAME
    static var id: Self { Self(rawValue: 2) }  // CTRL_ATTR_MCAST_GRP_ID
    var kernelName: String? { [1: "CTRL_ATTR_MCAST_GRP_NAME", 2: "CTRL_ATTR_MCAST_GRP_ID"][rawValue] }
}
