// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A link of the kind `wireguard`.
public struct WireGuardInterface: Hashable, Sendable {
    /// Its number.
    public var index: InterfaceIndex
    /// Its name.
    public var name: InterfaceName
}

/// Rtnetlink, as far as listing WireGuard's links needs it.
public enum WireGuardLinks: RouteFamily {
    /// Names of the messages.
    public static func schema(of messageType: UInt16) -> MessageSchema? {
        guard messageType == LinkMessage.get || messageType == LinkMessage.new else { return nil }
        return MessageSchema(
            messageType == LinkMessage.get ? "RTM_GETLINK" : "RTM_NEWLINK",
            fixedByteCount: WireGuardInterfaceDump.headerByteCount, attributes: AttributeSchema(LinkAttribute.self))
    }
}

/// Lists WireGuard's links.
///
/// Kernel: `RTM_GETLINK` with `NLM_F_DUMP`, filtered by kind.
public struct WireGuardInterfaceDump: Dump {
    /// Rtnetlink.
    public typealias Family = WireGuardLinks
    static let headerByteCount = 16  // sizeof(struct ifinfomsg)
    private static let kind = "wireguard"
    private static let withoutStatistics: UInt32 = 0x8  // RTEXT_FILTER_SKIP_STATS

    /// Lists all.
    public init() {}

    /// The message's type.
    public var messageType: UInt16 { LinkMessage.get }
    /// What is done, for errors.
    public var operation: StaticString { "list WireGuard devices" }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        writer.structure(Self.headerByteCount) { _ in }
        writer.put(LinkAttribute.filter, Self.withoutStatistics)
        writer.nest(LinkAttribute.information) { $0.put(LinkInformationAttribute.kind, Self.kind) }
    }

    /// Reads one link; kernels that do not filter send all.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> WireGuardInterface? {
        guard message.header.type == LinkMessage.new else { return nil }
        let index = InterfaceIndex(rawValue: try message.field(4))  // struct ifinfomsg.ifi_index
        var name: InterfaceName?
        var isOurs = false
        var reader = try message.attributes(of: LinkAttribute.self, after: Self.headerByteCount)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .name: name = InterfaceName(kernelBytes: attribute.payload)
            case .information:
                var inner = attribute.nested(LinkInformationAttribute.self)
                while let attribute = try inner.next() {
                    if attribute.id == .kind { isOurs = attribute.string() == Self.kind }
                }
            default: break
            }
        }
        guard isOurs, let name else { return nil }
        return WireGuardInterface(index: index, name: name)
    }
}

enum LinkMessage {
    static var new: UInt16 { 16 }  // RTM_NEWLINK
    static var get: UInt16 { 18 }  // RTM_GETLINK
}

struct LinkAttribute: AttributeID {
    let rawValue: UInt16
    static var name: Self { Self(rawValue: 3) }  // IFLA_IFNAME
    // Nest: LinkInformationAttribute
    static var information: Self { Self(rawValue: 18) }  // IFLA_LINKINFO
    static var filter: Self { Self(rawValue: 29) }  // IFLA_EXT_MASK
}

struct LinkInformationAttribute: AttributeID {
    let rawValue: UInt16
    static var kind: Self { Self(rawValue: 1) }  // IFLA_INFO_KIND
}
