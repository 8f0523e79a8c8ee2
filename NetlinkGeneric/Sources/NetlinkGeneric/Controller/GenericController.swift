// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// The family that tells of all families: their numbers, operations, multicast groups and policies.
///
/// Kernel: `nlctrl`, whose number is fixed.
public enum GenericController: GenericFamily {
    /// `nlctrl`.
    public static var name: String { "nlctrl" }
    /// Its number, which every family's messages differ from.
    public static var messageType: UInt16 { 16 }  // GENL_ID_CTRL
    /// Its number is fixed.
    public static var messageTypeQuery: (any MessageTypeQuery)? { nil }
    /// What its messages hold.
    public static var attributes: AttributeSchema? { AttributeSchema(ControllerAttribute.self) }

    static var schema: MessageSchema {
        MessageSchema("nlctrl", fixedByteCount: headerByteCount, attributes: attributes) { schema(ofCommand: $0) }
    }

    /// Name of a command.
    public static func schema(ofCommand command: UInt8) -> MessageSchema? {
        switch ControllerCommand(rawValue: command) {
        case .newFamily: describe("CTRL_CMD_NEWFAMILY")
        case .deleteFamily: describe("CTRL_CMD_DELFAMILY")
        case .getFamily: describe("CTRL_CMD_GETFAMILY")
        case .newGroup: describe("CTRL_CMD_NEWMCAST_GRP")
        case .deleteGroup: describe("CTRL_CMD_DELMCAST_GRP")
        case .getPolicy: describe("CTRL_CMD_GETPOLICY")
        default: nil
        }
    }
}

/// A connection to generic netlink's controller, for tasks.
public typealias GenericConnection = Connection<GenericController>
/// A connection to generic netlink's controller, for threads and tools.
public typealias BlockingGenericConnection = BlockingConnection<GenericController>

struct ControllerCommand: RawRepresentable, Hashable {
    let rawValue: UInt8
    static var newFamily: Self { Self(rawValue: 1) }  // CTRL_CMD_NEWFAMILY
    static var deleteFamily: Self { Self(rawValue: 2) }  // CTRL_CMD_DELFAMILY
    static var getFamily: Self { Self(rawValue: 3) }  // CTRL_CMD_GETFAMILY
    static var newGroup: Self { Self(rawValue: 7) }  // CTRL_CMD_NEWMCAST_GRP
    static var deleteGroup: Self { Self(rawValue: 8) }  // CTRL_CMD_DELMCAST_GRP
    static var getPolicy: Self { Self(rawValue: 10) }  // CTRL_CMD_GETPOLICY
}

struct ControllerAttribute: AttributeID {
    let rawValue: UInt16
    static var familyID: Self { Self(rawValue: 1) }  // CTRL_ATTR_FAMILY_ID
    static var familyName: Self { Self(rawValue: 2) }  // CTRL_ATTR_FAMILY_NAME
    static var version: Self { Self(rawValue: 3) }  // CTRL_ATTR_VERSION
    static var headerByteCount: Self { Self(rawValue: 4) }  // CTRL_ATTR_HDRSIZE
    static var greatestAttribute: Self { Self(rawValue: 5) }  // CTRL_ATTR_MAXATTR
    /// Nest: [OperationAttribute].
    static var operations: Self { Self(rawValue: 6) }  // CTRL_ATTR_OPS
    /// Nest: [GroupAttribute].
    static var groups: Self { Self(rawValue: 7) }  // CTRL_ATTR_MCAST_GROUPS
    static var policy: Self { Self(rawValue: 8) }  // CTRL_ATTR_POLICY
    /// Nest: [OperationPolicyAttribute].
    static var operationPolicy: Self { Self(rawValue: 9) }  // CTRL_ATTR_OP_POLICY
    static var operation: Self { Self(rawValue: 10) }  // CTRL_ATTR_OP
}

struct OperationAttribute: AttributeID {
    let rawValue: UInt16
    static var id: Self { Self(rawValue: 1) }  // CTRL_ATTR_OP_ID
    static var flags: Self { Self(rawValue: 2) }  // CTRL_ATTR_OP_FLAGS
}

struct GroupAttribute: AttributeID {
    let rawValue: UInt16
    static var name: Self { Self(rawValue: 1) }  // CTRL_ATTR_MCAST_GRP_NAME
    static var id: Self { Self(rawValue: 2) }  // CTRL_ATTR_MCAST_GRP_ID
}

struct OperationPolicyAttribute: AttributeID {
    let rawValue: UInt16
    static var single: Self { Self(rawValue: 1) }  // CTRL_ATTR_POLICY_DO
    static var dump: Self { Self(rawValue: 2) }  // CTRL_ATTR_POLICY_DUMP
}
