// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// The fixed header of messages about queueing disciplines, classes, filters and chains.
struct TCHeader: Hashable, Sendable {
    static let byteCount = 20  // sizeof(struct tcmsg)

    var family: UInt8 = 0
    /// The link; ``TCHandle/sharedBlock`` for a block of filters.
    var index: Int32 = 0
    var handle: UInt32 = 0
    /// The parent; the block's number with ``TCHandle/sharedBlock``.
    var parent: UInt32 = 0
    /// References of a queueing discipline, leaf of a class, priority and protocol of a filter.
    var info: UInt32 = 0

    init() {}

    init(_ message: borrowing Message) throws(DecodeError) {
        family = try message.field(0, UInt8.self)  // struct tcmsg.tcm_family
        index = try message.field(4, Int32.self)  // struct tcmsg.tcm_ifindex
        handle = try message.field(8, UInt32.self)  // struct tcmsg.tcm_handle
        parent = try message.field(12, UInt32.self)  // struct tcmsg.tcm_parent
        info = try message.field(16, UInt32.self)  // struct tcmsg.tcm_info
    }

    func encode(into writer: inout MessageWriter) {
        // Whatever is sent can be described, and the path of an attribute that the kernel refuses named.
        TCSchema.register()
        writer.structure(Self.byteCount) { structure in
            structure.store(family, at: 0)  // struct tcmsg.tcm_family
            structure.store(index, at: 4)  // struct tcmsg.tcm_ifindex
            structure.store(handle, at: 8)  // struct tcmsg.tcm_handle
            structure.store(parent, at: 12)  // struct tcmsg.tcm_parent
            structure.store(info, at: 16)  // struct tcmsg.tcm_info
        }
    }
}
