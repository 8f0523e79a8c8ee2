// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// The fixed header of a route message.
struct RouteHeader: Hashable, Sendable {
    static let byteCount = 12  // sizeof(struct rtmsg)

    var family = AddressFamily.unspecified
    var destinationLength: UInt8 = 0
    var sourceLength: UInt8 = 0
    var typeOfService: UInt8 = 0
    var table: UInt8 = 0
    var origin: UInt8 = 0
    var scope: UInt8 = 0
    var type: UInt8 = 0
    var flags: UInt32 = 0

    init() {}

    func encode(into writer: inout MessageWriter) {
        writer.structure(Self.byteCount) { structure in
            structure.store(family.rawValue, at: 0)  // struct rtmsg.rtm_family
            structure.store(destinationLength, at: 1)  // struct rtmsg.rtm_dst_len
            structure.store(sourceLength, at: 2)  // struct rtmsg.rtm_src_len
            structure.store(typeOfService, at: 3)  // struct rtmsg.rtm_tos
            structure.store(table, at: 4)  // struct rtmsg.rtm_table
            structure.store(origin, at: 5)  // struct rtmsg.rtm_protocol
            structure.store(scope, at: 6)  // struct rtmsg.rtm_scope
            structure.store(type, at: 7)  // struct rtmsg.rtm_type
            structure.store(flags, at: 8)  // struct rtmsg.rtm_flags
        }
    }
}
