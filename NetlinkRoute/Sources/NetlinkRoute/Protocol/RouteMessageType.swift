// SPDX-License-Identifier: Apache-2.0

@_spi(System) public import NetlinkCore

/// The type of an rtnetlink message.
///
/// Kernel: `RTM_*`, `nlmsg_type`.
public struct RouteMessageType: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt16
    /// Takes any number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// A link was made or changed, or is to be.
    public static var newLink: Self { Self(rawValue: 16) }  // RTM_NEWLINK
    /// A link is gone, or is to be.
    public static var deleteLink: Self { Self(rawValue: 17) }  // RTM_DELLINK
    /// Asks for links.
    public static var getLink: Self { Self(rawValue: 18) }  // RTM_GETLINK
    /// Changes a link that exists.
    public static var setLink: Self { Self(rawValue: 19) }  // RTM_SETLINK
    /// An address was added or changed, or is to be.
    public static var newAddress: Self { Self(rawValue: 20) }  // RTM_NEWADDR
    /// An address is gone, or is to be.
    public static var deleteAddress: Self { Self(rawValue: 21) }  // RTM_DELADDR
    /// Asks for addresses.
    public static var getAddress: Self { Self(rawValue: 22) }  // RTM_GETADDR
    /// A route was added or changed, or is to be.
    public static var newRoute: Self { Self(rawValue: 24) }  // RTM_NEWROUTE
    /// A route is gone, or is to be.
    public static var deleteRoute: Self { Self(rawValue: 25) }  // RTM_DELROUTE
    /// Asks for routes.
    public static var getRoute: Self { Self(rawValue: 26) }  // RTM_GETROUTE
    /// A neighbour was added or changed, or is to be.
    public static var newNeighbor: Self { Self(rawValue: 28) }  // RTM_NEWNEIGH
    /// A neighbour is gone, or is to be.
    public static var deleteNeighbor: Self { Self(rawValue: 29) }  // RTM_DELNEIGH
    /// Asks for neighbours.
    public static var getNeighbor: Self { Self(rawValue: 30) }  // RTM_GETNEIGH
    /// A rule was added, or is to be.
    public static var newRule: Self { Self(rawValue: 32) }  // RTM_NEWRULE
    /// A rule is gone, or is to be.
    public static var deleteRule: Self { Self(rawValue: 33) }  // RTM_DELRULE
    /// Asks for rules.
    public static var getRule: Self { Self(rawValue: 34) }  // RTM_GETRULE
    /// A queueing discipline was added or changed, or is to be.
    public static var newQdisc: Self { Self(rawValue: 36) }  // RTM_NEWQDISC
    /// A queueing discipline is gone, or is to be.
    public static var deleteQdisc: Self { Self(rawValue: 37) }  // RTM_DELQDISC
    /// Asks for queueing disciplines.
    public static var getQdisc: Self { Self(rawValue: 38) }  // RTM_GETQDISC
    /// A traffic class was added or changed, or is to be.
    public static var newClass: Self { Self(rawValue: 40) }  // RTM_NEWTCLASS
    /// A traffic class is gone, or is to be.
    public static var deleteClass: Self { Self(rawValue: 41) }  // RTM_DELTCLASS
    /// Asks for traffic classes.
    public static var getClass: Self { Self(rawValue: 42) }  // RTM_GETTCLASS
    /// A filter was added or changed, or is to be.
    public static var newFilter: Self { Self(rawValue: 44) }  // RTM_NEWTFILTER
    /// A filter is gone, or is to be.
    public static var deleteFilter: Self { Self(rawValue: 45) }  // RTM_DELTFILTER
    /// Asks for filters.
    public static var getFilter: Self { Self(rawValue: 46) }  // RTM_GETTFILTER
    /// An action was added or changed, or is to be.
    public static var newAction: Self { Self(rawValue: 48) }  // RTM_NEWACTION
    /// An action is gone, or is to be.
    public static var deleteAction: Self { Self(rawValue: 49) }  // RTM_DELACTION
    /// Asks for actions.
    public static var getAction: Self { Self(rawValue: 50) }  // RTM_GETACTION
    /// A chain of filters was added, or is to be.
    public static var newChain: Self { Self(rawValue: 100) }  // RTM_NEWCHAIN
    /// A chain of filters is gone, or is to be.
    public static var deleteChain: Self { Self(rawValue: 101) }  // RTM_DELCHAIN
    /// Asks for chains of filters.
    public static var getChain: Self { Self(rawValue: 102) }  // RTM_GETCHAIN
    /// A namespace got an id, or is to.
    public static var newNamespaceID: Self { Self(rawValue: 88) }  // RTM_NEWNSID
    /// A namespace lost its id.
    public static var deleteNamespaceID: Self { Self(rawValue: 89) }  // RTM_DELNSID
    /// Asks for namespace ids.
    public static var getNamespaceID: Self { Self(rawValue: 90) }  // RTM_GETNSID
    /// Adds properties, such as alternative names, to a link.
    public static var newLinkProperty: Self { Self(rawValue: 108) }  // RTM_NEWLINKPROP
    /// Removes properties from a link.
    public static var deleteLinkProperty: Self { Self(rawValue: 109) }  // RTM_DELLINKPROP

    var schema: MessageSchema? {
        switch self {
        case .newLink: link("RTM_NEWLINK")
        case .deleteLink: link("RTM_DELLINK")
        case .getLink: link("RTM_GETLINK")
        case .setLink: link("RTM_SETLINK")
        case .newLinkProperty: link("RTM_NEWLINKPROP")
        case .deleteLinkProperty: link("RTM_DELLINKPROP")
        case .newRoute: route("RTM_NEWROUTE")
        case .deleteRoute: route("RTM_DELROUTE")
        case .getRoute: route("RTM_GETROUTE")
        case .newAddress: address("RTM_NEWADDR")
        case .deleteAddress: address("RTM_DELADDR")
        case .getAddress: address("RTM_GETADDR")
        case .newNeighbor: neighbor("RTM_NEWNEIGH")
        case .deleteNeighbor: neighbor("RTM_DELNEIGH")
        case .getNeighbor: neighbor("RTM_GETNEIGH")
        case .newRule: rule("RTM_NEWRULE")
        case .deleteRule: rule("RTM_DELRULE")
        case .getRule: rule("RTM_GETRULE")
        default: Self.registered.withLock { $0[rawValue] }
        }
    }

    private static let registered = Lock<[UInt16: MessageSchema]>([:])

    /// Tells what stands in messages that a layer above this one encodes, for descriptions and errors, in the whole process.
    ///
    /// What this library itself decodes stays as it is.
    public static func register(_ schemas: [(type: RouteMessageType, schema: MessageSchema)]) {
        registered.withLock { known in for entry in schemas { known[entry.type.rawValue] = entry.schema } }
    }

    private func address(_ name: String) -> MessageSchema {
        MessageSchema(
            name, fixedByteCount: AddressHeader.byteCount, attributes: AttributeSchema(AddressAttribute.self))
    }

    private func neighbor(_ name: String) -> MessageSchema {
        MessageSchema(
            name, fixedByteCount: NeighborHeader.byteCount, attributes: AttributeSchema(NeighborAttribute.self))
    }

    private func rule(_ name: String) -> MessageSchema {
        MessageSchema(name, fixedByteCount: RuleHeader.byteCount, attributes: AttributeSchema(RuleAttribute.self))
    }

    private func route(_ name: String) -> MessageSchema {
        MessageSchema(name, fixedByteCount: RouteHeader.byteCount, attributes: AttributeSchema(RouteAttribute.self))
    }

    private func link(_ name: String) -> MessageSchema {
        MessageSchema(name, fixedByteCount: LinkHeader.byteCount, attributes: AttributeSchema(LinkAttribute.self))
    }
}
