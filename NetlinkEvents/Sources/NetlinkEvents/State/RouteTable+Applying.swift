// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore
internal import NetlinkRoute

/// What came of a notification of a route.
struct RouteOutcome {
    var changes: [ObjectChange<Route>] = []
    /// Whether what was known does not fit what was told, so that the routes are to be listed.
    var isDoubtful = false
}

extension RouteTable {
    /// Takes in a route that the kernel tells to be there.
    mutating func add(_ route: Route, replacing: Bool, appending: Bool) -> RouteOutcome {
        let key = RouteKey(route)
        let before = self[key]
        var outcome = RouteOutcome()
        let identity = route.identity
        if let index = before.firstIndex(where: { $0.identity == identity }) {
            // Told again, or known from a list already.
            outcome.put(route, over: index, of: before, key, &self)
            return outcome
        }
        switch route.family {
        case .ipv4: addIPv4(route, key, before, replacing: replacing, appending: appending, &outcome)
        case .ipv6: addIPv6(route, key, before, replacing: replacing, &outcome)
        default:
            // One route a label.
            if before.isEmpty {
                outcome.add(route, before, key, &self)
            } else {
                outcome.put(route, over: 0, of: before, key, &self)
            }
        }
        return outcome
    }

    // The kernel keeps the routes of a key in a list: a new one goes to its front, an appended one to its end, and a
    // replacing one takes the place of the first.
    private mutating func addIPv4(
        _ route: Route, _ key: RouteKey, _ before: [Route], replacing: Bool, appending: Bool,
        _ outcome: inout RouteOutcome
    ) {
        if replacing, !before.isEmpty { return outcome.put(route, over: 0, of: before, key, &self) }
        outcome.isDoubtful = replacing
        outcome.changes = [.added(route)]
        set(appending ? before + [route] : [route] + before, for: key)
    }

    // Routes by way of gateways that have one key are one route of several next hops, told whole when one is added.
    private mutating func addIPv6(
        _ route: Route, _ key: RouteKey, _ before: [Route], replacing: Bool, _ outcome: inout RouteOutcome
    ) {
        if replacing {
            guard !before.isEmpty else {
                outcome.isDoubtful = true
                return outcome.add(route, before, key, &self)
            }
            // Of several the kernel chooses by more than is told.
            outcome.isDoubtful = before.count > 1 || before.contains { $0.hops.count > 1 } || route.hops.count > 1
            let index = before.firstIndex { $0.sharesNextHops == route.sharesNextHops } ?? 0
            return outcome.put(route, over: index, of: before, key, &self)
        }
        let hops = Set(route.hops)
        // A member told alone of a route whose members are known: an old notification behind a newer list.
        if hops.count == 1, before.contains(where: { $0.hops.count > 1 && hops.isSubset(of: $0.hops) }) {
            outcome.isDoubtful = true
            return
        }
        if let index = before.firstIndex(where: { Set($0.hops) == hops })
            ?? (hops.count > 1 ? before.firstIndex { $0.sharesNextHops } : nil)
        {
            outcome.isDoubtful = Set(before[index].hops) != hops
            outcome.put(route, over: index, of: before, key, &self)
        } else {
            outcome.isDoubtful = hops.count > 1 && !before.isEmpty
            outcome.add(route, before, key, &self)
        }
    }

    /// Takes in a route that the kernel tells to be gone.
    mutating func remove(_ route: Route) -> RouteOutcome {
        let key = RouteKey(route)
        let before = self[key]
        var outcome = RouteOutcome()
        if before.isEmpty { return outcome }
        let identity = route.identity
        let index: Int?
        switch route.family {
        case .ipv4: index = before.firstIndex { $0.identity == identity }
        case .ipv6:
            let hops = Set(route.hops)
            if let whole = before.firstIndex(where: { $0.identity == identity })
                ?? before.firstIndex(where: { Set($0.hops) == hops })
            {
                index = whole
            } else if let part = before.firstIndex(where: { hops.isSubset(of: $0.hops) }) {
                // Members of a route with several next hops go one by one.
                outcome.isDoubtful = true
                outcome.put(before[part].without(hops), over: part, of: before, key, &self)
                return outcome
            } else {
                index = nil
            }
        default: index = 0
        }
        guard let index else {
            // Not known like this; another of the key may be meant.
            outcome.isDoubtful = true
            return outcome
        }
        var after = before
        outcome.changes = [.removed(after.remove(at: index))]
        set(after, for: key)
        return outcome
    }
}

extension RouteOutcome {
    fileprivate mutating func put(
        _ route: Route, over index: Int, of before: [Route], _ key: RouteKey, _ table: inout RouteTable
    ) {
        var after = before
        after[index] = route
        table.set(after, for: key)
        if !before[index].isLike(route) { changes.append(.changed(from: before[index], to: route)) }
    }

    fileprivate mutating func add(_ route: Route, _ before: [Route], _ key: RouteKey, _ table: inout RouteTable) {
        table.set(before + [route], for: key)
        changes.append(.added(route))
    }
}

/// A next hop by what tells it from others of the same route.
struct Hop: Hashable {
    let gateway: IPAddress?
    let output: InterfaceIndex?
}

extension Route {
    /// The next hops, of which most routes have one.
    var hops: [Hop] {
        if nextHops.isEmpty { return [Hop(gateway: gateway, output: output)] }
        return nextHops.map { Hop(gateway: $0.gateway, output: $0.output) }
    }

    /// Whether IPv6 puts it together with others of its key.
    fileprivate var sharesNextHops: Bool {
        (gateway != nil || !nextHops.isEmpty) && nextHopID == nil && origin != .routerAdvertisement
    }

    /// The route without some of its next hops; one that is left alone is the route's own.
    fileprivate func without(_ gone: Set<Hop>) -> Route {
        var route = self
        let left = nextHops.filter { !gone.contains(Hop(gateway: $0.gateway, output: $0.output)) }
        guard left.count == 1, let last = left.first else {
            route.nextHops = left
            return route
        }
        route.nextHops = []
        route.gateway = last.gateway
        route.output = last.output
        route.encapsulation = last.encapsulation
        route.flags.formUnion(last.flags)
        return route
    }
}
