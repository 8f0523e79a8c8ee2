// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Generic netlink as a client would write it, without NetlinkGeneric.
///
/// Kernel: `NETLINK_GENERIC`.
public enum ClientProtocol: NetlinkProtocol {
    /// The protocol's number.
    public static let number: Int32 = 16  // NETLINK_GENERIC

    /// What is known of a message type.
    public static func schema(of messageType: UInt16) -> MessageSchema? {
        guard messageType == GenericFamily.controllerID else { return nil }
        return MessageSchema(
            "GENL_ID_CTRL", fixedByteCount: CommandHeader.byteCount, attributes: AttributeSchema(FamilyAttribute.self))
    }
}

/// What stands in front of the attributes of every generic message.
///
/// Kernel: `struct genlmsghdr`.
struct CommandHeader {
    static let byteCount = 4  // sizeof(struct genlmsghdr)
    var command: UInt8
    var version: UInt8

    func encode(into writer: inout MessageWriter) {
        writer.structure(Self.byteCount) { s in
            s.store(command, at: 0)  // struct genlmsghdr.cmd
            s.store(version, at: 1)  // struct genlmsghdr.version
        }
    }
}
