// SPDX-License-Identifier: Apache-2.0

import NetlinkCore

/// Rtnetlink as these tests speak it, with public API only.
enum TestRoute: RouteFamily {
    static func schema(of messageType: UInt16) -> MessageSchema? {
        switch messageType {
        case 16: MessageSchema("RTM_NEWLINK", fixedByteCount: 16, attributes: AttributeSchema(TestLinkAttribute.self))
        case 18: MessageSchema("RTM_GETLINK", fixedByteCount: 16, attributes: AttributeSchema(TestLinkAttribute.self))
        default: nil
        }
    }
}

struct TestLink: Hashable, Sendable {
    var index: Int32
    var flags: UInt32
    var name: String?
    var mtu: UInt32?
    var master: Int32?

    init(_ message: borrowing Message) throws(DecodeError) {
        index = try message.field(4)
        flags = try message.field(8)
        var attributes = try message.attributes(of: TestLinkAttribute.self, after: 16)
        while let attribute = try attributes.next() {
            switch attribute.id {
            case .name: name = attribute.string()
            case .mtu: mtu = try attribute.integer()
            case .master: master = try attribute.integer()
            default: break
            }
        }
    }
}

struct TestLinkQuery: Query {
    typealias Family = TestRoute
    var index: Int32 = 0
    var name: String?
    var messageType: UInt16 { 18 }
    var operation: StaticString { "get link" }
    var object: String? { name ?? "\(index)" }
    func encode(into writer: inout MessageWriter) {
        writer.structure(16) { $0.store(index, at: 4) }
        writer.put(TestLinkAttribute.name, name)
    }
    func decode(_ message: borrowing Message) throws(DecodeError) -> TestLink { try TestLink(message) }
}

struct TestLinkDump: Dump {
    typealias Family = TestRoute
    var master: Int32?
    /// Not a filter that the kernel takes.
    var mtu: UInt32?
    var messageType: UInt16 { 18 }
    var operation: StaticString { "list links" }
    func encode(into writer: inout MessageWriter) {
        writer.structure(16) { _ in }
        writer.put(TestLinkAttribute.master, master)
        writer.put(TestLinkAttribute.mtu, mtu)
    }
    func decode(_ message: borrowing Message) throws(DecodeError) -> TestLink? { try TestLink(message) }
}

/// Any change of a link.
struct TestLinkChange: Command {
    typealias Family = TestRoute
    var index: Int32 = 0
    var flags: MessageFlags = []
    var body: @Sendable (inout MessageWriter) -> Void
    var messageType: UInt16 { 16 }
    var operation: StaticString { "change link" }
    var object: String? { "\(index)" }
    func encode(into writer: inout MessageWriter) {
        writer.structure(16) { $0.store(index, at: 4) }
        body(&writer)
    }
}

struct TestLinkAttribute: AttributeID {
    let rawValue: UInt16
    static var name: Self { Self(rawValue: 3) }  // IFLA_IFNAME
    static var mtu: Self { Self(rawValue: 4) }  // IFLA_MTU
    static var master: Self { Self(rawValue: 10) }  // IFLA_MASTER
    static var info: Self { Self(rawValue: 18) }  // IFLA_LINKINFO
    static var gsoIPv4: Self { Self(rawValue: 63) }  // IFLA_GSO_IPV4_MAX_SIZE
    var kernelName: String? {
        switch self {
        case .name: "IFLA_IFNAME"
        case .mtu: "IFLA_MTU"
        case .master: "IFLA_MASTER"
        case .info: "IFLA_LINKINFO"
        case .gsoIPv4: "IFLA_GSO_IPV4_MAX_SIZE"
        default: nil
        }
    }
    static func nest(in id: UInt16) -> AttributeSchema? {
        id == info.rawValue ? AttributeSchema(TestInfoAttribute.self) : nil
    }
}

struct TestInfoAttribute: AttributeID {
    let rawValue: UInt16
    static var kind: Self { Self(rawValue: 1) }  // IFLA_INFO_KIND
    static var data: Self { Self(rawValue: 2) }  // IFLA_INFO_DATA
    var kernelName: String? { self == .kind ? "IFLA_INFO_KIND" : self == .data ? "IFLA_INFO_DATA" : nil }
    static var kindID: UInt16? { kind.rawValue }
    static func nest(in id: UInt16, kind: String) -> AttributeSchema? {
        id == data.rawValue && kind == "vxlan" ? AttributeSchema(TestVXLANAttribute.self) : nil
    }
}

struct TestVXLANAttribute: AttributeID {
    let rawValue: UInt16
    static var id: Self { Self(rawValue: 1) }  // IFLA_VXLAN_ID
    static var localBypass: Self { Self(rawValue: 31) }  // IFLA_VXLAN_LOCALBYPASS
    var kernelName: String? { self == .id ? "IFLA_VXLAN_ID" : self == .localBypass ? "IFLA_VXLAN_LOCALBYPASS" : nil }
}
