// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// Attributes of an address message.
struct AddressAttribute: AttributeID {
    let rawValue: UInt16

    static var address: Self { Self(rawValue: 1) }  // IFA_ADDRESS
    static var local: Self { Self(rawValue: 2) }  // IFA_LOCAL
    static var label: Self { Self(rawValue: 3) }  // IFA_LABEL
    static var broadcast: Self { Self(rawValue: 4) }  // IFA_BROADCAST
    static var anycast: Self { Self(rawValue: 5) }  // IFA_ANYCAST
    static var cacheInformation: Self { Self(rawValue: 6) }  // IFA_CACHEINFO
    static var multicast: Self { Self(rawValue: 7) }  // IFA_MULTICAST
    static var flags: Self { Self(rawValue: 8) }  // IFA_FLAGS
    static var metric: Self { Self(rawValue: 9) }  // IFA_RT_PRIORITY
    static var targetNamespaceID: Self { Self(rawValue: 10) }  // IFA_TARGET_NETNSID
    static var origin: Self { Self(rawValue: 11) }  // IFA_PROTO
}

/// The fixed header of an address message.
struct AddressHeader: Hashable, Sendable {
    static let byteCount = 8  // sizeof(struct ifaddrmsg)

    var family = AddressFamily.unspecified
    var prefixLength: UInt8 = 0
    var flags: UInt8 = 0
    var scope: UInt8 = 0
    var index: UInt32 = 0

    init() {}

    init(_ message: borrowing Message) throws(DecodeError) {
        family = AddressFamily(rawValue: try message.field(0, UInt8.self))  // struct ifaddrmsg.ifa_family
        prefixLength = try message.field(1, UInt8.self)  // struct ifaddrmsg.ifa_prefixlen
        flags = try message.field(2, UInt8.self)  // struct ifaddrmsg.ifa_flags
        scope = try message.field(3, UInt8.self)  // struct ifaddrmsg.ifa_scope
        index = try message.field(4, UInt32.self)  // struct ifaddrmsg.ifa_index
    }

    func encode(into writer: inout MessageWriter) {
        writer.structure(Self.byteCount) { structure in
            structure.store(family.rawValue, at: 0)  // struct ifaddrmsg.ifa_family
            structure.store(prefixLength, at: 1)  // struct ifaddrmsg.ifa_prefixlen
            structure.store(flags, at: 2)  // struct ifaddrmsg.ifa_flags
            structure.store(scope, at: 3)  // struct ifaddrmsg.ifa_scope
            structure.store(index, at: 4)  // struct ifaddrmsg.ifa_index
        }
    }
}
