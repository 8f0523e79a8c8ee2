// SPDX-License-Identifier: Apache-2.0

/// A protocol type that stands for `NETLINK_ROUTE`.
///
/// Core asks rtnetlink about link names and namespace ids without knowing the layer above, whose `RouteProtocol`
/// conforms, so that its connections run Core's requests too.
public protocol RouteFamily: NetlinkProtocol {}

extension RouteFamily {
    /// `NETLINK_ROUTE`.
    public static var number: Int32 { 0 }  // NETLINK_ROUTE
}

/// The messages of rtnetlink that Core itself sends.
enum RouteLookupProtocol: RouteFamily {
    static func schema(of messageType: UInt16) -> MessageSchema? {
        switch RouteLookupMessage(rawValue: messageType) {
        case .newLink: link("RTM_NEWLINK")
        case .getLink: link("RTM_GETLINK")
        case .newNamespaceID: namespaceID("RTM_NEWNSID")
        case .getNamespaceID: namespaceID("RTM_GETNSID")
        default: nil
        }
    }

    private static func link(_ name: String) -> MessageSchema {
        MessageSchema(
            name, fixedByteCount: LinkLookup.headerByteCount, attributes: AttributeSchema(LinkLookupAttribute.self))
    }

    private static func namespaceID(_ name: String) -> MessageSchema {
        MessageSchema(
            name, fixedByteCount: NamespaceIDMessage.headerByteCount,
            attributes: AttributeSchema(NamespaceIDAttribute.self))
    }
}

struct RouteLookupMessage: RawRepresentable, Hashable {
    let rawValue: UInt16
    static var newLink: Self { Self(rawValue: 16) }  // RTM_NEWLINK
    static var getLink: Self { Self(rawValue: 18) }  // RTM_GETLINK
    static var newNamespaceID: Self { Self(rawValue: 88) }  // RTM_NEWNSID
    static var getNamespaceID: Self { Self(rawValue: 90) }  // RTM_GETNSID
}
