// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension Connection where Family == RouteProtocol {
    /// The routes of a table, a family, a protocol, a type, by a link, or all: `routes(in: .main)`.
    ///
    /// For large tables `Connection.stream(_:)` gives the same in constant memory: `stream(.routes(in: .main))`.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notFound` when a family was given that has no such table; of all
    ///   families those that have none just list nothing.
    public func routes(
        in table: RoutingTable? = nil, family: AddressFamily = .unspecified, from origin: RoutingProtocol? = nil,
        type: RouteType? = nil, on output: InterfaceIndex? = nil
    ) async throws(NetlinkError) -> [Route] {
        try await dump(.routes(family: family, in: table, from: origin, type: type, on: output))
    }

    /// By which route a packet would go, as the kernel's lookup says.
    ///
    /// ``RouteLookup`` takes what else selects: source, links, mark, type of service, protocol, ports, user.
    ///
    /// - Parameters:
    ///   - destination: where the packet goes.
    ///   - matchingTable: whether the route itself is returned instead of what the packet would use of it.
    /// - Returns: the route that the kernel would use.
    /// - Throws: `NetlinkError` with `NetlinkError.Code.networkUnreachable` when no route leads there, and what an
    ///   unreachable, prohibited or black hole route says.
    public func route(
        to destination: IPAddress, matchingTable: Bool = false
    ) async throws(NetlinkError) -> Route {
        try await query(RouteLookup(to: destination, matchingTable: matchingTable))
    }

    /// Adds a route; that one of the same identity is there is `NetlinkError.Code.exists`.
    public func add(_ route: Route) async throws(NetlinkError) { try await perform(AddRoute(route)) }

    /// Adds a route, or replaces the first one of the same identity.
    ///
    /// Of an IPv4 route the metric is part of its identity: another metric makes another route.
    public func replace(_ route: Route) async throws(NetlinkError) {
        try await perform(AddRoute(route, mode: .replace))
    }

    /// Replaces a route that is there; that there is none is `NetlinkError.Code.notFound`.
    public func update(_ route: Route) async throws(NetlinkError) {
        try await perform(AddRoute(route, mode: .change))
    }

    /// Adds a route behind those of the same identity; for IPv6, another next hop.
    public func append(_ route: Route) async throws(NetlinkError) {
        try await perform(AddRoute(route, mode: .append))
    }

    /// Removes the first route that has all that is set.
    ///
    /// A route as it was read finds itself.
    public func remove(_ route: Route) async throws(NetlinkError) { try await perform(RemoveRoute(route.settings)) }

    /// Sees to it that a route is there as given, and touches nothing when it is; what is nil may be anything.
    ///
    /// One of the same identity that differs is replaced.
    @discardableResult
    public func ensure(_ route: Route) async throws(NetlinkError) -> EnsureOutcome {
        do throws(NetlinkError) {
            try await perform(AddRoute(route))
            return .added
        } catch {
            guard error.isExisting else { throw error }
        }
        let found = try await dump(.routes(family: route.family, in: route.table))
        if found.contains(where: { $0.isSameObject(as: route) && $0.satisfies(route) }) { return .unchanged }
        try await perform(AddRoute(route, mode: .replace))
        return .changed
    }

    /// Removes all routes of a selection, looking again until none is left.
    @discardableResult
    public func flushRoutes(
        _ selection: RouteDump, rounds: Int = 10, where isMeant: (Route) -> Bool = { _ in true }
    ) async throws(NetlinkError) -> FlushReport {
        try await flush(selection, rounds: rounds, where: isMeant) { RemoveRoute($0.settings) }
    }
}

extension BlockingConnection where Family == RouteProtocol {
    /// The routes of a table, a family, a protocol, a type, by a link, or all: `routes(in: .main)`.
    ///
    /// For large tables `dump(.routes(in: .main)) { route in … }` gives the same in constant memory.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.notFound` when a family was given that has no such table; of all
    ///   families those that have none just list nothing.
    public func routes(
        in table: RoutingTable? = nil, family: AddressFamily = .unspecified, from origin: RoutingProtocol? = nil,
        type: RouteType? = nil, on output: InterfaceIndex? = nil
    ) throws(NetlinkError) -> [Route] {
        try dump(.routes(family: family, in: table, from: origin, type: type, on: output))
    }

    /// By which route a packet would go, as the kernel's lookup says.
    ///
    /// ``RouteLookup`` takes what else selects: source, links, mark, type of service, protocol, ports, user.
    ///
    /// - Parameters:
    ///   - destination: where the packet goes.
    ///   - matchingTable: whether the route itself is returned instead of what the packet would use of it.
    /// - Returns: the route that the kernel would use.
    /// - Throws: `NetlinkError` with `NetlinkError.Code.networkUnreachable` when no route leads there, and what an
    ///   unreachable, prohibited or black hole route says.
    public func route(
        to destination: IPAddress, matchingTable: Bool = false
    ) throws(NetlinkError) -> Route {
        try query(RouteLookup(to: destination, matchingTable: matchingTable))
    }

    /// Adds a route; that one of the same identity is there is `NetlinkError.Code.exists`.
    public func add(_ route: Route) throws(NetlinkError) { try perform(AddRoute(route)) }

    /// Adds a route, or replaces the first one of the same identity.
    ///
    /// Of an IPv4 route the metric is part of its identity: another metric makes another route.
    public func replace(_ route: Route) throws(NetlinkError) {
        try perform(AddRoute(route, mode: .replace))
    }

    /// Replaces a route that is there; that there is none is `NetlinkError.Code.notFound`.
    public func update(_ route: Route) throws(NetlinkError) {
        try perform(AddRoute(route, mode: .change))
    }

    /// Adds a route behind those of the same identity; for IPv6, another next hop.
    public func append(_ route: Route) throws(NetlinkError) {
        try perform(AddRoute(route, mode: .append))
    }

    /// Removes the first route that has all that is set.
    ///
    /// A route as it was read finds itself.
    public func remove(_ route: Route) throws(NetlinkError) { try perform(RemoveRoute(route.settings)) }

    /// Sees to it that a route is there as given, and touches nothing when it is; what is nil may be anything.
    ///
    /// One of the same identity that differs is replaced.
    @discardableResult
    public func ensure(_ route: Route) throws(NetlinkError) -> EnsureOutcome {
        do throws(NetlinkError) {
            try perform(AddRoute(route))
            return .added
        } catch {
            guard error.isExisting else { throw error }
        }
        let found = try dump(.routes(family: route.family, in: route.table))
        if found.contains(where: { $0.isSameObject(as: route) && $0.satisfies(route) }) { return .unchanged }
        try perform(AddRoute(route, mode: .replace))
        return .changed
    }

    /// Removes all routes of a selection, looking again until none is left.
    ///
    /// `onRound` is told before each round, with its number from 1 on, what will be removed.
    @discardableResult
    public func flushRoutes(
        _ selection: RouteDump, rounds: Int = 10, where isMeant: (Route) -> Bool = { _ in true },
        onRound: (Int, [Route]) -> Void = { _, _ in }
    ) throws(NetlinkError) -> FlushReport {
        try flush(selection, rounds: rounds, where: isMeant, onRound: onRound) { RemoveRoute($0.settings) }
    }
}
