// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// The fixed header of a link message.
struct LinkHeader: Hashable, Sendable {
    static let byteCount = 16  // sizeof(struct ifinfomsg)

    var family = AddressFamily.unspecified
    var type: UInt16 = 0
    var index: Int32 = 0
    var flags: UInt32 = 0
    var change: UInt32 = 0

    init() {}

    init(_ message: borrowing Message) throws(DecodeError) {
        family = AddressFamily(rawValue: try message.field(0, UInt8.self))  // struct ifinfomsg.ifi_family
        type = try message.field(2, UInt16.self)  // struct ifinfomsg.ifi_type
        index = try message.field(4, Int32.self)  // struct ifinfomsg.ifi_index
        flags = try message.field(8, UInt32.self)  // struct ifinfomsg.ifi_flags
        change = try message.field(12, UInt32.self)  // struct ifinfomsg.ifi_change
    }

    func encode(into writer: inout MessageWriter) {
        writer.structure(Self.byteCount) { structure in
            structure.store(family.rawValue, at: 0)  // struct ifinfomsg.ifi_family
            structure.store(type, at: 2)  // struct ifinfomsg.ifi_type
            structure.store(index, at: 4)  // struct ifinfomsg.ifi_index
            structure.store(flags, at: 8)  // struct ifinfomsg.ifi_flags
            structure.store(change, at: 12)  // struct ifinfomsg.ifi_change
        }
    }
}
