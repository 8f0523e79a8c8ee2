// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore
internal import NetlinkRoute

// What the kernel does without a word, seen on Linux 6.18 and 7.2. What follows here is the kernel's rule as far as it is
// known; each time the objects are also doubted, so that a list shows what else there was.
extension NetworkState {
    // MARK: Links

    mutating func inferChanges(from old: Link?, to link: Link, _ changes: inout [ObservedChange]) {
        if old?.name != link.name { inferDetachment(&changes) }
        guard let old else { return }
        if old.isUp, !link.isUp {
            // IPv4 routes go silently; those to the host itself stay as long as its addresses do.
            reviseRoutes(&changes) { $0.afterLoss(of: link.index) }
            doubts.formUnion([.routes, .addresses])
        } else if link.isUp, link.mayHaveChangedCarrier(since: old) {
            reviseRoutes(&changes) { $0.withCarrier(link.hasCarrier, on: link.index) }
            // IPv6 tells of its own addresses only once it knows that nobody else has them.
            doubts.formUnion([.routes, .addresses])
        }
        if old.master != link.master { doubts.formUnion([.routes, .addresses]) }
    }

    mutating func inferChanges(afterRemoving link: Link, _ changes: inout [ObservedChange]) {
        for (key, address) in addressTable where address.index == link.index {
            addressTable[key] = nil
            changes.append(ObservedChange(.address(.removed(address)), cause: .inferred))
        }
        for (key, neighbor) in neighborTable where neighbor.index == link.index {
            neighborTable[key] = nil
            changes.append(ObservedChange(.neighbor(.removed(neighbor)), cause: .inferred))
        }
        // One next hop of several is enough for IPv4; IPv6 tells what is left.
        reviseRoutes(&changes) { route in
            guard route.uses(link.index) else { return route }
            return route.family == .ipv6 && route.nextHops.count > 1 ? route : nil
        }
        doubts.formUnion(.routes)
        inferDetachment(&changes)
    }

    /// Rules that name a link which is not there do not hold until it is.
    private mutating func inferDetachment(_ changes: inout [ObservedChange]) {
        guard ruleTable.contains(where: { $0.value.contains { $0.namesLinks } }) else { return }
        let names = Set(linkTable.values.compactMap(\.name))
        for (key, rules) in ruleTable {
            for (position, rule) in rules.enumerated() where rule.namesLinks {
                var revised = rule
                revised.set(.inputDetached, rule.inputName.map { !names.contains($0) } ?? false)
                revised.set(.outputDetached, rule.outputName.map { !names.contains($0) } ?? false)
                guard revised != rule else { continue }
                ruleTable[key]?[position] = revised
                changes.append(ObservedChange(.rule(.changed(from: rule, to: revised)), cause: .inferred))
            }
        }
    }

    // MARK: Addresses

    mutating func inferChanges(afterRemoving address: Address, _ changes: inout [ObservedChange]) {
        guard let local = address.local else { return }
        switch address.family {
        case .ipv4:
            let others = addressTable.values.filter { $0.family == .ipv4 }
            let isLast = !others.contains { $0.index == address.index }
            let isGone = !others.contains { $0.local == local }
            let table = routingTable(of: address.index)
            guard isLast || isGone else { return doubts.formUnion(.ipv4Routes) }
            // What the kernel put there itself it tells of.
            reviseRoutes(&changes) { route in
                guard route.family == .ipv4, route.origin != .kernel else { return route }
                if isGone, route.preferredSource == local, route.table == table { return nil }
                return isLast ? route.afterLoss(of: address.index, keepingLocal: false) : route
            }
            doubts.formUnion(.ipv4Routes)
        case .ipv6:
            // The routes stay and lose their source.
            if !addressTable.values.contains(where: { $0.family == .ipv6 && $0.local == local }) {
                reviseRoutes(&changes) { route in
                    guard route.family == .ipv6, route.preferredSource == local else { return route }
                    var route = route
                    route.preferredSource = nil
                    return route
                }
            }
            doubts.formUnion(.ipv6Routes)
        default: break
        }
    }

    /// The table into which the kernel puts a link's routes: that of the VRF of which it is a port.
    private func routingTable(of index: InterfaceIndex) -> RoutingTable {
        let master = linkTable[index]?.master.flatMap { linkTable[$0] }
        guard let table = master?.kind?.as(VRFLink.self)?.table else { return .main }
        return RoutingTable(rawValue: table)
    }

    // MARK: Next hop objects

    mutating func inferChanges(
        byMessage type: RouteMessageType, _ bytes: [UInt8], _ changes: inout [ObservedChange]
    ) {
        guard type == NextHopMessage.new || type == NextHopMessage.deletion,
            let id = NextHopMessage.id(bytes)
        else { return }
        if type == NextHopMessage.deletion {
            reviseRoutes(&changes) { $0.nextHopID == id ? nil : $0 }
        }
        doubts.formUnion(.routes)
    }

    // MARK: Routes

    private mutating func reviseRoutes(_ changes: inout [ObservedChange], _ revision: (Route) -> Route?) {
        routeTable.revise(revision) { changes.append(ObservedChange(.route($0), cause: .inferred)) }
    }
}

extension Link {
    /// Whether routes over the link may have to show another carrier than before.
    ///
    /// What the carrier does to routes the kernel does later than it first tells of it, and then tells the link again,
    /// often as it was told before.
    fileprivate func mayHaveChangedCarrier(since old: Link) -> Bool {
        !old.isUp || old.hasCarrier != hasCarrier || old.operationalState != operationalState || !hasCarrier
            || old.isLike(self)
    }

    fileprivate var hasCarrier: Bool { !flags.isDisjoint(with: [.lowerUp, .running]) }
}

extension Rule {
    fileprivate var namesLinks: Bool { inputName != nil || outputName != nil }
    fileprivate mutating func set(_ flag: RuleFlags, _ isOn: Bool) {
        if isOn { flags.insert(flag) } else { flags.remove(flag) }
    }
}

extension Route {
    func uses(_ index: InterfaceIndex) -> Bool {
        output == index || nextHops.contains { $0.output == index }
    }

    /// What is left of it when a link goes down, or loses its last IPv4 address; nil when nothing is.
    fileprivate func afterLoss(of index: InterfaceIndex, keepingLocal: Bool = true) -> Route? {
        guard uses(index) else { return self }
        if nextHops.isEmpty {
            // IPv6 tells of each that goes.
            guard family == .ipv4 else { return self }
            return keepingLocal && (type == .local || scope == .host) ? self : nil
        }
        var route = self
        for position in nextHops.indices where nextHops[position].output == index {
            route.nextHops[position].flags.formUnion([.dead, .linkDown])
        }
        let isDead = route.nextHops.allSatisfy { $0.flags.contains(.dead) }
        return isDead && family == .ipv4 ? nil : route
    }

    /// How it is once its link is up, and has a carrier or none.
    fileprivate func withCarrier(_ hasCarrier: Bool, on index: InterfaceIndex) -> Route {
        guard uses(index), type != .local, type != .anycast, scope != .host || family == .ipv6 else { return self }
        func revised(_ flags: RouteFlags) -> RouteFlags {
            var flags = flags.subtracting([.dead, .linkDown])
            if !hasCarrier { flags.insert(.linkDown) }
            return flags
        }
        let flags = output == index ? revised(flags) : flags
        let isAlike = nextHops.allSatisfy { $0.output != index || revised($0.flags) == $0.flags }
        if flags == self.flags, isAlike { return self }
        var route = self
        route.flags = flags
        for position in nextHops.indices where nextHops[position].output == index {
            route.nextHops[position].flags = revised(nextHops[position].flags)
        }
        return route
    }
}

/// A message about a next hop object, as far as routes depend on it.
private enum NextHopMessage {
    static var new: RouteMessageType { RouteMessageType(rawValue: 104) }  // RTM_NEWNEXTHOP
    static var deletion: RouteMessageType { RouteMessageType(rawValue: 105) }  // RTM_DELNEXTHOP
    private static let headerByteCount = 8  // sizeof(struct nhmsg)

    /// The object's number.
    static func id(_ bytes: [UInt8]) -> UInt32? {
        var reader = AttributeReader<NextHopAttribute>(bytes.rawSpan.bytes(from: headerByteCount))
        while let attribute = try? reader.next() {
            if attribute.id == .id { return try? attribute.integer() }
        }
        return nil
    }
}

struct NextHopAttribute: AttributeID {
    let rawValue: UInt16
    static var id: Self { Self(rawValue: 1) }  // NHA_ID
}
