// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// Attributes of a neighbour message.
struct NeighborAttribute: AttributeID {
    let rawValue: UInt16

    static var destination: Self { Self(rawValue: 1) }  // NDA_DST
    static var hardwareAddress: Self { Self(rawValue: 2) }  // NDA_LLADDR
    static var cacheInformation: Self { Self(rawValue: 3) }  // NDA_CACHEINFO
    static var probes: Self { Self(rawValue: 4) }  // NDA_PROBES
    static var vlan: Self { Self(rawValue: 5) }  // NDA_VLAN
    static var port: Self { Self(rawValue: 6) }  // NDA_PORT
    static var vni: Self { Self(rawValue: 7) }  // NDA_VNI
    static var index: Self { Self(rawValue: 8) }  // NDA_IFINDEX
    static var master: Self { Self(rawValue: 9) }  // NDA_MASTER
    static var linkNamespaceID: Self { Self(rawValue: 10) }  // NDA_LINK_NETNSID
    static var sourceVNI: Self { Self(rawValue: 11) }  // NDA_SRC_VNI
    static var origin: Self { Self(rawValue: 12) }  // NDA_PROTOCOL
    static var nextHopID: Self { Self(rawValue: 13) }  // NDA_NH_ID
    // Nest: ForwardingActivityAttribute
    static var activity: Self { Self(rawValue: 14) }  // NDA_FDB_EXT_ATTRS
    static var extendedFlags: Self { Self(rawValue: 15) }  // NDA_FLAGS_EXT
    static var stateMask: Self { Self(rawValue: 16) }  // NDA_NDM_STATE_MASK
    static var flagsMask: Self { Self(rawValue: 17) }  // NDA_NDM_FLAGS_MASK
}

/// Attributes inside `NDA_FDB_EXT_ATTRS`.
struct ForwardingActivityAttribute: AttributeID {
    let rawValue: UInt16

    static var notification: Self { Self(rawValue: 1) }  // NFEA_ACTIVITY_NOTIFY
    static var doesNotRefresh: Self { Self(rawValue: 2) }  // NFEA_DONT_REFRESH
}

/// The fixed header of a neighbour message.
struct NeighborHeader: Hashable, Sendable {
    static let byteCount = 12  // sizeof(struct ndmsg)

    var family = AddressFamily.unspecified
    var index: Int32 = 0
    var state: UInt16 = 0
    var flags: UInt8 = 0
    var type: UInt8 = 0

    init() {}

    @inline(__always)
    init(_ message: borrowing Message) throws(DecodeError) {
        family = AddressFamily(rawValue: try message.field(0, UInt8.self))  // struct ndmsg.ndm_family
        index = try message.field(4, Int32.self)  // struct ndmsg.ndm_ifindex
        state = try message.field(8, UInt16.self)  // struct ndmsg.ndm_state
        flags = try message.field(10, UInt8.self)  // struct ndmsg.ndm_flags
        type = try message.field(11, UInt8.self)  // struct ndmsg.ndm_type
    }

    func encode(into writer: inout MessageWriter) {
        writer.structure(Self.byteCount) { structure in
            structure.store(family.rawValue, at: 0)  // struct ndmsg.ndm_family
            structure.store(index, at: 4)  // struct ndmsg.ndm_ifindex
            structure.store(state, at: 8)  // struct ndmsg.ndm_state
            structure.store(flags, at: 10)  // struct ndmsg.ndm_flags
            structure.store(type, at: 11)  // struct ndmsg.ndm_type
        }
    }
}
