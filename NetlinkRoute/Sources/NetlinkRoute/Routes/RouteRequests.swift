// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Lists routes.
///
/// Kernel: `RTM_GETROUTE` with `NLM_F_DUMP`; the filter goes to the kernel and is checked again here.
public struct RouteDump: Dump {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// Only routes of this family; unspecified for all.
    public var family: AddressFamily
    /// Only routes of this table; nil for all.
    public var table: RoutingTable?
    /// Only routes that this protocol put there.
    public var origin: RoutingProtocol?
    /// Only routes of this type.
    public var type: RouteType?
    /// Only routes that leave by this link.
    public var output: InterfaceIndex?
    /// Clones made by lookups instead of routes.
    public var cloned: Bool = false

    /// All routes of a family.
    public init(family: AddressFamily = .unspecified) { self.family = family }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.getRoute.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "list routes" }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        var header = RouteHeader()
        header.family = family
        header.origin = origin?.rawValue ?? 0
        header.type = type?.rawValue ?? 0
        if cloned { header.flags = RouteFlags.cloned.rawValue }
        header.encode(into: &writer)
        writer.put(RouteAttribute.outputInterface, output)
        writer.put(RouteAttribute.table, table)
    }

    @inline(__always)
    private func accepts(_ route: Route) -> Bool {
        (family == .unspecified || route.family == family) && (table == nil || route.table == table)
            && (origin == nil || route.origin == origin) && (type == nil || route.type == type)
            && (output == nil || route.output == output || route.nextHops.contains { $0.output == output })
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> Route? {
        guard message.header.type == RouteMessageType.newRoute.rawValue else { return nil }
        let route = try Route(decoding: message)
        return accepts(route) ? route : nil
    }

    // Written out here so that the loop is compiled with the decoder in sight.
    /// Reads the messages of a datagram.
    public func decode(
        datagram: RawSpan, in exchange: inout Exchange, into elements: inout [Route]
    ) throws(NetlinkError) {
        var reader = MessageReader(datagram)
        while let message = try exchange.next(in: &reader) {
            guard message.header.type == RouteMessageType.newRoute.rawValue else { continue }
            do throws(DecodeError) {
                let route = try Route(decoding: message)
                if accepts(route) { elements.append(route) }
            } catch {
                throw NetlinkError(error)
            }
        }
    }
}

extension Dump where Self == RouteDump {
    /// All routes of all families and tables.
    public static var routes: RouteDump { RouteDump() }
    /// The routes of a family, a table, a protocol, a type, a link.
    public static func routes(
        family: AddressFamily = .unspecified, in table: RoutingTable? = nil, from origin: RoutingProtocol? = nil,
        type: RouteType? = nil, on output: InterfaceIndex? = nil
    ) -> RouteDump {
        var dump = RouteDump(family: family)
        dump.table = table
        dump.origin = origin
        dump.type = type
        dump.output = output
        return dump
    }
}

/// Puts a route there.
///
/// Kernel: `RTM_NEWROUTE`, with flags by ``Mode``.
public struct AddRoute: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// What happens when a route of the same identity exists.
    public enum Mode: Sendable {
        /// It is an error. `NLM_F_CREATE | NLM_F_EXCL`.
        case add
        /// It is replaced; else one is made. `NLM_F_CREATE | NLM_F_REPLACE`.
        case replace
        /// It is replaced; else it is an error. `NLM_F_REPLACE`.
        case change
        /// Another one is put behind it. `NLM_F_CREATE | NLM_F_APPEND`.
        case append
        /// Another one is put in front of it. `NLM_F_CREATE`.
        case prepend
        /// It must exist exactly so. `NLM_F_EXCL`.
        case test
    }

    /// The route, of which everything set is sent.
    public var route: Route
    /// What happens when one exists.
    public var mode: Mode

    /// Puts a route there.
    public init(_ route: Route, mode: Mode = .add) {
        self.route = route
        self.mode = mode
    }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.newRoute.rawValue }
    /// Flags beside those that follow from the kind of request.
    public var flags: MessageFlags {
        switch mode {
        case .add: [.create, .exclusive]
        case .replace: [.create, .replace]
        case .change: .replace
        case .append: [.create, .append]
        case .prepend: .create
        case .test: .exclusive
        }
    }
    /// What is done, for errors.
    public var operation: StaticString {
        switch mode {
        case .add: "add route"
        case .replace: "replace route"
        case .change: "change route"
        case .append: "append route"
        case .prepend: "prepend route"
        case .test: "test route"
        }
    }
    /// What it is done to, for errors.
    public var object: String? { route.summary }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        var header = route.header
        header.flags = route.flags.subtracting(.reported).rawValue
        route.encode(header, into: &writer, keepingUnknown: mode != .change)
    }
}

/// Takes a route away.
///
/// For exactly one, give ``Route/settings`` of what was read: the kernel takes the first that matches, and unspecified
/// type, protocol and source, and a scope that is not set or ``RouteScope/nowhere``, match any.
///
/// Kernel: `RTM_DELROUTE`.
public struct RemoveRoute: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// The route, of which everything set must match.
    public var route: Route

    /// Takes a route away.
    public init(_ route: Route) { self.route = route }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.deleteRoute.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "remove route" }
    /// What it is done to, for errors.
    public var object: String? { route.summary }
    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        var header = route.header
        header.flags = route.flags.subtracting(.reported).rawValue
        // Of IPv4 routes the kernel compares the scope unless it says that it is meant to match any.
        if route.family == .ipv4, !route.present.contains(.scope) { header.scope = RouteScope.nowhere.rawValue }
        route.encode(header, into: &writer)
    }
}

extension Route {
    /// The destination and table, for errors.
    var summary: String {
        let place = destinationLength == 0 ? "default" : destination?.description ?? "route"
        return table == .main ? place : "\(place) table \(table.rawValue)"
    }
}

/// Asks by which route a packet would go.
///
/// Kernel: `RTM_GETROUTE` without `NLM_F_DUMP`.
public struct RouteLookup: Query {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// The packet: destination, source, input, output, mark, type of service, ports, protocol and user are used.
    public var packet: Route
    /// Whether the route itself is returned instead of the clone that the packet would use.
    public var matchesTable: Bool

    /// Asks for a destination.
    public init(to destination: IPAddress, matchingTable: Bool = false) {
        packet = Route(to: IPPrefix(destination))
        packet.table = .unspecified
        packet.type = .unspecified
        // Only IPv4 needs to be told: IPv6 always returns the table.
        packet.flags = destination.family == .ipv6 ? [] : .lookupTable
        matchesTable = matchingTable
    }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.getRoute.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "look up route" }
    /// What it is done to, for errors.
    public var object: String? { packet.destination?.description }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        var packet = packet
        if matchesTable { packet.flags.insert(.fibMatch) }
        packet.encode(into: &writer)
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> Route { try Route(decoding: message) }
}
