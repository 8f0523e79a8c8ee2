// SPDX-License-Identifier: Apache-2.0

import NetlinkCore

/// Generic netlink as these tests speak it, with public API only.
enum TestGeneric: NetlinkProtocol {
    static var number: Int32 { 16 }  // NETLINK_GENERIC
    static func schema(of messageType: UInt16) -> MessageSchema? {
        MessageSchema("netdev", fixedByteCount: 4, attributes: AttributeSchema(TestDeviceAttribute.self))
    }
}

/// Asks the controller for a family's number.
struct TestFamilyQuery: Query {
    typealias Family = TestGeneric
    var name: String
    var messageType: UInt16 { 16 }  // GENL_ID_CTRL
    var operation: StaticString { "find family" }
    func encode(into writer: inout MessageWriter) {
        writer.structure(4) { $0.store(UInt8(3), at: 0) }  // CTRL_CMD_GETFAMILY
        writer.put(TestControllerAttribute.name, name)
    }
    func decode(_ message: borrowing Message) throws(DecodeError) -> UInt16 {
        var attributes = try message.attributes(of: TestControllerAttribute.self, after: 4)
        while let attribute = try attributes.next() {
            if attribute.id == .id { return try attribute.integer() }
        }
        throw DecodeError(.invalidValue)
    }
}

/// Asks for a device without saying which.
struct TestDeviceQuery: Query {
    typealias Family = TestGeneric
    var family: UInt16
    var messageType: UInt16 { family }
    var operation: StaticString { "get device" }
    func encode(into writer: inout MessageWriter) {
        writer.structure(4) { $0.store(UInt8(1), at: 0) }  // NETDEV_CMD_DEV_GET
    }
    func decode(_ message: borrowing Message) throws(DecodeError) {}
}

struct TestControllerAttribute: AttributeID {
    let rawValue: UInt16
    static var id: Self { Self(rawValue: 1) }  // CTRL_ATTR_FAMILY_ID
    static var name: Self { Self(rawValue: 2) }  // CTRL_ATTR_FAMILY_NAME
}

struct TestDeviceAttribute: AttributeID {
    let rawValue: UInt16
    static var index: Self { Self(rawValue: 1) }  // NETDEV_A_DEV_IFINDEX
    var kernelName: String? { self == .index ? "NETDEV_A_DEV_IFINDEX" : nil }
}
