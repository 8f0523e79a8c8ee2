// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore
public import NetlinkRoute

/// A change with how it became known.
public struct ObservedChange: Hashable, Sendable {
    /// The change.
    public var change: NetworkChange
    /// How it became known.
    public var cause: ChangeCause

    /// A change.
    public init(_ change: NetworkChange, cause: ChangeCause) {
        self.change = change
        self.cause = cause
    }
}

extension NetworkState {
    /// Takes in a notification and returns what it changed.
    ///
    /// What is told twice changes nothing the second time. Notifications of other namespaces are passed over.
    public mutating func apply(_ notification: RouteNotification) -> [ObservedChange] {
        guard notification.namespaceID == nil else { return [] }
        var changes: [ObservedChange] = []
        switch notification.event {
        case .link(let link): apply(link, &changes)
        case .linkRemoved(let link): remove(link, &changes)
        case .address(let address):
            put(address, in: \.addressTable, AddressKey(address), &changes) { .address($0) }
        case .addressRemoved(let address): remove(address, &changes)
        case .route(let route):
            // Clones that lookups make are no routes.
            guard route.isMirrored else { break }
            take(
                routeTable.add(
                    route, replacing: notification.flags.contains(.replace),
                    appending: notification.flags.contains(.append)), of: route.family, &changes)
        case .routeRemoved(let route):
            guard route.isMirrored else { break }
            take(routeTable.remove(route), of: route.family, &changes)
        case .neighbor(let neighbor): apply(neighbor, &changes)
        case .neighborRemoved(let neighbor):
            if let old = neighborTable.removeValue(forKey: NeighborKey(neighbor)) {
                changes.append(ObservedChange(.neighbor(.removed(old)), cause: .announced))
            }
        case .rule(let rule):
            let key = RuleKey(rule)
            // Known from a list already, or a second one that is equal.
            if ruleTable[key]?.contains(rule) == true { return doubt(.rules, changes) }
            ruleTable[key, default: []].append(rule)
            changes.append(ObservedChange(.rule(.added(rule)), cause: .announced))
        case .ruleRemoved(let rule): remove(rule, &changes)
        case .other(let type, let bytes): inferChanges(byMessage: type, bytes, &changes)
        default: break
        }
        return changes
    }

    private mutating func doubt(_ kinds: NetworkKinds, _ changes: [ObservedChange]) -> [ObservedChange] {
        doubts.formUnion(kinds)
        return changes
    }

    private mutating func put<Object: Rereadable, Key: Hashable>(
        _ object: Object, in table: WritableKeyPath<NetworkState, [Key: Object]>, _ key: Key,
        _ changes: inout [ObservedChange], _ change: (ObjectChange<Object>) -> NetworkChange
    ) {
        let old = self[keyPath: table].updateValue(object, forKey: key)
        guard let old else {
            return changes.append(ObservedChange(change(.added(object)), cause: .announced))
        }
        if !old.isLike(object) {
            changes.append(ObservedChange(change(.changed(from: old, to: object)), cause: .announced))
        }
    }

    private mutating func take(
        _ outcome: RouteOutcome, of family: AddressFamily, _ changes: inout [ObservedChange]
    ) {
        changes += outcome.changes.map { ObservedChange(.route($0), cause: .announced) }
        if outcome.isDoubtful { doubts.formUnion(NetworkKinds(routesOf: family)) }
    }

    private mutating func apply(_ link: Link, _ changes: inout [ObservedChange]) {
        // Bridges tell of their ports, and IPv6 of its links, in messages that lack most of a link.
        guard link.state.family == .unspecified else {
            if link.state.family == .bridge { doubts.insert(.links) }
            return
        }
        let old = linkTable[link.index]
        put(link, in: \.linkTable, link.index, &changes) { .link($0) }
        inferChanges(from: old, to: link, &changes)
    }

    private mutating func remove(_ link: Link, _ changes: inout [ObservedChange]) {
        // The port is gone from its bridge, the link is not.
        guard link.state.family == .unspecified else { return }
        guard let old = linkTable.removeValue(forKey: link.index) else { return }
        inferChanges(afterRemoving: old, &changes)
        changes.append(ObservedChange(.link(.removed(old)), cause: .announced))
    }

    private mutating func remove(_ address: Address, _ changes: inout [ObservedChange]) {
        guard let old = addressTable.removeValue(forKey: AddressKey(address)) else { return }
        changes.append(ObservedChange(.address(.removed(old)), cause: .announced))
        inferChanges(afterRemoving: old, &changes)
    }

    private mutating func apply(_ neighbor: Neighbor, _ changes: inout [ObservedChange]) {
        let key = NeighborKey(neighbor)
        if neighbor.isTold {
            put(neighbor, in: \.neighborTable, key, &changes) { .neighbor($0) }
        } else if neighbor.family != .bridge, !neighbor.flags.contains(.proxy),
            let old = neighborTable.removeValue(forKey: key)
        {
            // It is still there, but no longer one of those that are mirrored.
            changes.append(ObservedChange(.neighbor(.removed(old)), cause: .announced))
        }
    }

    private mutating func remove(_ rule: Rule, _ changes: inout [ObservedChange]) {
        let key = RuleKey(rule)
        guard var rules = ruleTable[key] else { return }
        guard let index = rules.firstIndex(of: rule) ?? rules.firstIndex(where: { $0.settings == rule.settings }) else {
            doubts.insert(.rules)
            return
        }
        changes.append(ObservedChange(.rule(.removed(rules.remove(at: index))), cause: .announced))
        ruleTable[key] = rules.isEmpty ? nil : rules
    }
}

extension NetworkKinds {
    /// The kind of a family's routes.
    init(routesOf family: AddressFamily) {
        self =
            switch family {
            case .ipv4: .ipv4Routes
            case .ipv6: .ipv6Routes
            case .mpls: .mplsRoutes
            default: []
            }
    }

    /// The families of the routes in it.
    var routeFamilies: Set<AddressFamily> {
        var families: Set<AddressFamily> = []
        if contains(.ipv4Routes) { families.insert(.ipv4) }
        if contains(.ipv6Routes) { families.insert(.ipv6) }
        if contains(.mplsRoutes) { families.insert(.mpls) }
        return families
    }
}

extension Route {
    /// Whether it is a route of a table: not a clone that a lookup made, not one for multicast packets.
    var isMirrored: Bool {
        !flags.contains(.cloned) && (family == .ipv4 || family == .ipv6 || family == .mpls)
    }
}
