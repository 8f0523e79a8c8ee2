// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore
internal import NetlinkRoute

/// An object of which a later reading may differ though nothing happened.
///
/// Counters, ages, and what the kernel changes without a word make no change.
protocol Rereadable: Hashable, Sendable {
    /// The object without what differs from one reading to the next.
    var essence: Self { get }
}

extension Rereadable {
    /// Whether two readings show the same.
    func isLike(_ other: Self) -> Bool { self == other || essence == other.essence }
}

extension Link: Rereadable {
    var essence: Link {
        var link = self
        link.changedFlags = []
        link.kind = kind?.settings
        link.portKind = portKind?.settings
        // Counters of the families stand among their settings, and sysctls change those silently.
        link.families = nil
        link.state.changed = []
        link.state.event = nil
        link.state.statistics = nil
        link.state.kindStatistics = nil
        link.state.promiscuity = nil
        link.state.allMulticastCount = nil
        link.state.carrierChanges = nil
        link.state.carrierUpCount = nil
        link.state.carrierDownCount = nil
        // Traffic control tells of queueing disciplines.
        link.state.qdisc = nil
        return link
    }
}

extension Address: Rereadable {
    var essence: Address {
        var address = self
        address.state = AddressState()
        // A lifetime that runs out is a second shorter a second later.
        if let lifetime = validLifetime, lifetime != .forever { address.validLifetime = nil }
        if let lifetime = preferredLifetime, lifetime != .forever { address.preferredLifetime = nil }
        return address
    }
}

extension Route: Rereadable {
    var essence: Route {
        guard cache != nil || multicastStatistics != nil || nextHops.count > 1 else { return self }
        var route = self
        route.cache = nil
        route.multicastStatistics = nil
        // The kernel begins an IPv6 route's next hops with the one that is new.
        if family == .ipv6 { route.nextHops = nextHops.sorted { HopOrder($0) < HopOrder($1) } }
        return route
    }

    /// The same without what becomes of it: what the kernel goes by to tell it from others of the same key.
    var identity: Route {
        var route = essence
        route.flags.formIntersection([.onLink, .pervasive])
        if !route.nextHops.isEmpty {
            route.nextHops = route.nextHops.map { hop in
                var hop = hop
                hop.flags.formIntersection([.onLink, .pervasive])
                return hop
            }
        }
        return route
    }
}

private struct HopOrder: Comparable {
    let output: Int32
    let gateway: IPAddress?

    init(_ hop: NextHop) {
        output = hop.output?.rawValue ?? 0
        gateway = hop.gateway
    }

    static func < (a: Self, b: Self) -> Bool {
        if a.output != b.output { return a.output < b.output }
        return switch (a.gateway, b.gateway) {
        case (let a?, let b?): a < b
        case (nil, .some): true
        default: false
        }
    }
}

extension Neighbor: Rereadable {
    var essence: Neighbor {
        var neighbor = self
        neighbor.cache = nil
        neighbor.probes = nil
        // From stale or reachable to delayed the kernel goes without a word.
        if neighbor.state == .delay { neighbor.state = .stale }
        return neighbor
    }
}

extension Rule: Rereadable {
    var essence: Rule { self }
}
