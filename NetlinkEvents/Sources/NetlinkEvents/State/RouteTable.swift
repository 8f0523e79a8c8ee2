// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore
internal import NetlinkRoute

/// What routes have in common that the kernel keeps in one list.
struct RouteKey: Hashable {
    let family: AddressFamily
    let table: RoutingTable
    let typeOfService: UInt8
    let metric: UInt32
    let destination: IPPrefix?
    let source: IPPrefix?
    let label: [UInt8]?

    init(_ route: Route) {
        family = route.family
        table = route.table
        typeOfService = route.typeOfService
        metric = route.metric ?? 0
        destination = route.destination
        source = route.source
        label = route.destination == nil ? route.rawDestination : nil
    }
}

/// The routes of a namespace, in the kernel's order where several have one key.
struct RouteTable {
    /// Nearly every key has one route: an array for each would be an allocation for each.
    private enum Slot {
        case one(Route)
        case many([Route])

        var routes: [Route] {
            switch self {
            case .one(let route): [route]
            case .many(let routes): routes
            }
        }

        init?(_ routes: [Route]) {
            switch routes.count {
            case 0: return nil
            case 1: self = .one(routes[0])
            default: self = .many(routes)
            }
        }
    }

    private var slots: [RouteKey: Slot] = [:]
    private(set) var count = 0

    init() {}

    init(_ routes: [Route]) {
        slots.reserveCapacity(routes.count)
        for route in routes { append(route) }
    }

    /// All routes, in no order.
    var routes: [Route] {
        var routes: [Route] = []
        routes.reserveCapacity(count)
        for slot in slots.values {
            switch slot {
            case .one(let route): routes.append(route)
            case .many(let more): routes += more
            }
        }
        return routes
    }

    subscript(key: RouteKey) -> [Route] { slots[key]?.routes ?? [] }

    mutating func append(_ route: Route) {
        let key = RouteKey(route)
        count += 1
        if let slot = slots[key] { slots[key] = .many(slot.routes + [route]) } else { slots[key] = .one(route) }
    }

    mutating func set(_ routes: [Route], for key: RouteKey) {
        count += routes.count - (slots[key]?.routes.count ?? 0)
        slots[key] = Slot(routes)
    }

    /// Changes what the closure wants changed: it returns nil for a route that goes, and the route otherwise.
    ///
    /// The changes are told to the second closure.
    mutating func revise(
        _ revision: (Route) -> Route?, _ tell: (ObjectChange<Route>) -> Void
    ) {
        var revised: [(RouteKey, [Route])] = []
        for (key, slot) in slots {
            let before = slot.routes
            var isChanged = false
            var after: [Route] = []
            for route in before {
                let new = revision(route)
                if let new { after.append(new) }
                if new == route { continue }
                isChanged = true
                tell(new.map { .changed(from: route, to: $0) } ?? .removed(route))
            }
            if isChanged { revised.append((key, after)) }
        }
        for (key, routes) in revised { set(routes, for: key) }
    }

    /// The routes of families, out of this table.
    mutating func remove(_ families: Set<AddressFamily>) {
        slots = slots.filter { !families.contains($0.key.family) }
        count = slots.values.reduce(0) { $0 + $1.routes.count }
    }

    /// Tells how this table differs from an earlier one, in some families.
    func differences(from old: RouteTable, in families: Set<AddressFamily>, _ tell: (ObjectChange<Route>) -> Void) {
        for (key, slot) in old.slots where families.contains(key.family) && slots[key] == nil {
            for route in slot.routes { tell(.removed(route)) }
        }
        for (key, slot) in slots where families.contains(key.family) {
            guard let before = old.slots[key] else {
                for route in slot.routes { tell(.added(route)) }
                continue
            }
            if case .one(let a) = before, case .one(let b) = slot {
                if !a.isLike(b) { tell(.changed(from: a, to: b)) }
            } else {
                Self.differences(before.routes, slot.routes, tell)
            }
        }
    }

    /// Routes of one key: those of one identity are the same route, what is left over in both is taken as changed.
    private static func differences(_ before: [Route], _ after: [Route], _ tell: (ObjectChange<Route>) -> Void) {
        var gone = before
        var new: [Route] = []
        for route in after {
            if let index = gone.firstIndex(where: { $0.identity == route.identity }) {
                let old = gone.remove(at: index)
                if !old.isLike(route) { tell(.changed(from: old, to: route)) }
            } else {
                new.append(route)
            }
        }
        for (index, route) in new.enumerated() {
            tell(index < gone.count ? .changed(from: gone[index], to: route) : .added(route))
        }
        for route in gone.dropFirst(new.count) { tell(.removed(route)) }
    }
}
