// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A change that rtnetlink tells of.
///
/// What is added and what is changed come alike; only who keeps track can tell them apart.
@nonexhaustive
public enum RouteEvent: Hashable, Sendable {
    /// A link was made or changed.
    case link(Link)
    /// A link is gone.
    case linkRemoved(Link)
    /// An address was added or changed.
    indirect case address(Address)
    /// An address is gone.
    indirect case addressRemoved(Address)
    /// A route was added or changed.
    case route(Route)
    /// A route is gone.
    case routeRemoved(Route)
    /// A neighbour or forwarding entry was added or changed.
    case neighbor(Neighbor)
    /// A neighbour or forwarding entry is gone.
    case neighborRemoved(Neighbor)
    /// A neighbour is looked for, by a link that leaves that to programs.
    case neighborWanted(Neighbor)
    /// A rule was added.
    indirect case rule(Rule)
    /// A rule is gone.
    indirect case ruleRemoved(Rule)
    /// A namespace got an id.
    case namespaceID(NamespaceID)
    /// A namespace lost its id.
    case namespaceIDRemoved(NamespaceID)
    /// A message of another type, or about a multicast route, as the kernel's bytes behind its header.
    case other(RouteMessageType, [UInt8])

    /// Reads a notification.
    ///
    /// - Throws: `DecodeError` when the message is not what its type says.
    public init(decoding message: borrowing Message) throws(DecodeError) {
        let type = RouteMessageType(rawValue: message.header.type)
        self =
            switch type {
            case .newLink: .link(try Link(decoding: message))
            case .deleteLink: .linkRemoved(try Link(decoding: message))
            case .newAddress: .address(try Address(decoding: message))
            case .deleteAddress: .addressRemoved(try Address(decoding: message))
            // Routes of multicast packets come in the same messages, whose fields then mean other things.
            case .newRoute where try Self.isMulticastRoute(message): .other(type, message.payload.array)
            case .deleteRoute where try Self.isMulticastRoute(message): .other(type, message.payload.array)
            case .newRoute: .route(try Route(decoding: message))
            case .deleteRoute: .routeRemoved(try Route(decoding: message))
            case .newNeighbor: .neighbor(try Neighbor(decoding: message))
            case .deleteNeighbor: .neighborRemoved(try Neighbor(decoding: message))
            case .getNeighbor: .neighborWanted(try Neighbor(decoding: message))
            case .newRule: .rule(try Rule(decoding: message))
            case .deleteRule: .ruleRemoved(try Rule(decoding: message))
            case .newNamespaceID: .namespaceID(try NamespaceID(decoding: message))
            case .deleteNamespaceID: .namespaceIDRemoved(try NamespaceID(decoding: message))
            default: .other(type, message.payload.array)
            }
    }

    private static func isMulticastRoute(_ message: borrowing Message) throws(DecodeError) -> Bool {
        let ipv4: UInt8 = 128  // RTNL_FAMILY_IPMR
        let ipv6: UInt8 = 129  // RTNL_FAMILY_IP6MR
        let family = try message.field(0, UInt8.self)  // struct rtmsg.rtm_family
        return family == ipv4 || family == ipv6
    }
}

/// Attributes of a message about namespace ids.
struct NamespaceIDAttribute: AttributeID {
    let rawValue: UInt16

    static var id: Self { Self(rawValue: 1) }  // NETNSA_NSID
}

extension NamespaceID {
    fileprivate init(decoding message: borrowing Message) throws(DecodeError) {
        let headerByteCount = 1  // sizeof(struct rtgenmsg)
        var reader = try message.attributes(of: NamespaceIDAttribute.self, after: headerByteCount)
        while let attribute = try reader.next() {
            if attribute.id == .id {
                self.init(rawValue: try attribute.integer())
                return
            }
        }
        throw DecodeError(.truncated, attribute: NamespaceIDAttribute.id.rawValue, expected: 4, actual: 0)
    }
}

/// A change with what the message around it says.
public struct RouteNotification: Hashable, Sendable, EventNotification {
    /// Rtnetlink.
    public typealias Family = RouteProtocol

    /// The change.
    public var event: RouteEvent
    /// The flags of the message: how a route was added, where the kernel says it.
    public var flags: MessageFlags
    /// The sequence number of the request that caused it; 0 when the kernel itself did.
    public var sequence: UInt32
    /// The port id of the socket that caused it; 0 when the kernel itself did.
    public var port: UInt32
    /// The namespace, by its id in the socket's own, in which it happened; nil for the socket's own.
    public var namespaceID: NamespaceID?

    /// A change that nobody in particular caused.
    public init(_ event: RouteEvent, namespaceID: NamespaceID? = nil) {
        self.event = event
        flags = []
        sequence = 0
        port = 0
        self.namespaceID = namespaceID
    }

    /// Reads a notification.
    public init(decoding message: borrowing Message, from namespaceID: NamespaceID? = nil) throws(DecodeError) {
        self.init(try RouteEvent(decoding: message), namespaceID: namespaceID)
        flags = message.header.flags
        sequence = message.header.sequence
        port = message.header.port
    }

    // Written out here so that the loop is compiled with the decoder in sight.
    /// Reads the messages of a datagram.
    public static func appendElements(
        of datagram: RawSpan, from namespaceID: NamespaceID?, to elements: inout [RouteEventElement]
    ) {
        MessageReader.readNotifications(of: datagram) {
            elements.append(EventElement($0))
        } reading: {
            (message: borrowing Message) throws(DecodeError) in
            elements.append(.notification(try RouteNotification(decoding: message, from: namespaceID)))
        }
    }
}
