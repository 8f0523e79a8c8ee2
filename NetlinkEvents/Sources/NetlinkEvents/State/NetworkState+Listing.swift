// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
public import NetlinkRoute

/// Objects as a list of them shows.
@nonexhaustive
public enum NetworkListing: Sendable {
    /// All links.
    case links([Link])
    /// All addresses.
    case addresses([Address])
    /// All routes of some families.
    case routes([Route], families: Set<AddressFamily>)
    /// All neighbours.
    case neighbors([Neighbor])
    /// All rules.
    case rules([Rule])

    /// What it lists.
    public var kinds: NetworkKinds {
        switch self {
        case .links: .links
        case .addresses: .addresses
        case .routes(_, let families): families.reduce(into: []) { $0.formUnion(NetworkKinds(routesOf: $1)) }
        case .neighbors: .neighbors
        case .rules: .rules
        }
    }
}

extension NetworkState {
    /// Puts what a list shows in place of what was known of its kinds.
    ///
    /// ``differences(from:in:)`` says what that changed.
    public mutating func replace(with listing: NetworkListing) {
        doubts.subtract(listing.kinds)
        switch listing {
        case .links(let links):
            linkTable = Dictionary(links.map { ($0.index, $0) }, uniquingKeysWith: { $1 })
        case .addresses(let addresses):
            addressTable = Dictionary(addresses.map { (AddressKey($0), $0) }, uniquingKeysWith: { $1 })
        case .routes(let routes, let families):
            var table = routeTable
            if families.isSuperset(of: NetworkKinds.routes.routeFamilies) {
                table = RouteTable(routes.filter(\.isMirrored))
            } else {
                table.remove(families)
                for route in routes where families.contains(route.family) && route.isMirrored { table.append(route) }
            }
            routeTable = table
        case .neighbors(let neighbors):
            neighborTable = Dictionary(
                neighbors.lazy.filter(\.isTold).map { (NeighborKey($0), $0) }, uniquingKeysWith: { $1 })
        case .rules(let rules):
            ruleTable = Dictionary(grouping: rules) { RuleKey($0) }
        }
    }

    /// Adds what a list shows that was interrupted by changes: it may lack objects, so that none is taken for gone.
    mutating func merge(_ listing: NetworkListing) -> [ObservedChange] {
        var merged = self
        switch listing {
        case .links(let links): for link in links { merged.linkTable[link.index] = link }
        case .addresses(let addresses):
            for address in addresses { merged.addressTable[AddressKey(address)] = address }
        case .routes(let routes, _):
            for route in routes where route.isMirrored {
                _ = merged.routeTable.add(route, replacing: false, appending: true)
            }
        case .neighbors(let neighbors):
            for neighbor in neighbors where neighbor.isTold { merged.neighborTable[NeighborKey(neighbor)] = neighbor }
        case .rules(let rules):
            for rule in rules where merged.ruleTable[RuleKey(rule)]?.contains(rule) != true {
                merged.ruleTable[RuleKey(rule), default: []].append(rule)
            }
        }
        let changes = merged.differences(from: self, in: listing.kinds)
        self = merged
        return changes.map { ObservedChange($0, cause: .listed) }
    }

    /// What made this state out of an earlier one.
    ///
    /// Counters, ages, remaining lifetimes and what else differs from one reading to the next make no difference.
    public func differences(from old: NetworkState, in kinds: NetworkKinds = .all) -> [NetworkChange] {
        var changes: [NetworkChange] = []
        if kinds.contains(.links) { Self.compare(old.linkTable, linkTable) { changes.append(.link($0)) } }
        if kinds.contains(.addresses) {
            Self.compare(old.addressTable, addressTable) { changes.append(.address($0)) }
        }
        let families = kinds.routeFamilies
        if !families.isEmpty {
            routeTable.differences(from: old.routeTable, in: families) { changes.append(.route($0)) }
        }
        if kinds.contains(.neighbors) {
            Self.compare(old.neighborTable, neighborTable) { changes.append(.neighbor($0)) }
        }
        if kinds.contains(.rules) { compareRules(with: old) { changes.append(.rule($0)) } }
        return changes
    }

    private static func compare<Key: Hashable, Object: Rereadable>(
        _ old: [Key: Object], _ new: [Key: Object], _ tell: (ObjectChange<Object>) -> Void
    ) {
        for (key, object) in old where new[key] == nil { tell(.removed(object)) }
        for (key, object) in new {
            guard let before = old[key] else {
                tell(.added(object))
                continue
            }
            if !before.isLike(object) { tell(.changed(from: before, to: object)) }
        }
    }

    private func compareRules(with old: NetworkState, _ tell: (ObjectChange<Rule>) -> Void) {
        for key in Set(old.ruleTable.keys).union(ruleTable.keys) {
            var gone = old.ruleTable[key] ?? []
            var new: [Rule] = []
            for rule in ruleTable[key] ?? [] {
                if let index = gone.firstIndex(of: rule) { gone.remove(at: index) } else { new.append(rule) }
            }
            for rule in new {
                if let index = gone.firstIndex(where: { $0.settings == rule.settings }) {
                    tell(.changed(from: gone.remove(at: index), to: rule))
                } else {
                    tell(.added(rule))
                }
            }
            for rule in gone { tell(.removed(rule)) }
        }
    }

    /// Lists a namespace over a connection.
    ///
    /// The lists are made one after the other: what changes meanwhile may be in some and not in others. A
    /// ``NetworkStore`` watches at the same time and so has no such gap.
    public init(
        listing connection: BlockingConnection<RouteProtocol>, _ kinds: NetworkKinds = .all
    ) throws(NetlinkError) {
        self.init()
        if kinds.contains(.links) { replace(with: .links(try connection.dump(.links))) }
        if kinds.contains(.addresses) { replace(with: .addresses(try connection.dump(.addresses))) }
        let families = kinds.routeFamilies
        if !families.isEmpty { replace(with: .routes(try connection.dump(.routes), families: families)) }
        if kinds.contains(.neighbors) { replace(with: .neighbors(try connection.dump(.neighbors))) }
        if kinds.contains(.rules) { replace(with: .rules(try connection.dump(.rules))) }
    }
}
