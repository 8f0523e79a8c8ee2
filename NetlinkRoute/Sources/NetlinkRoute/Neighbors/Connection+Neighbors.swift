// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension Neighbor {
    /// Whether it was found out and may go away again, unlike one that was set by hand or needs no resolving.
    public var isLearned: Bool { state.isDisjoint(with: [.permanent, .noARP]) }

    /// Whether this neighbour, as read, has all that is set in another.
    func satisfies(_ wanted: Neighbor) -> Bool {
        func fits<T: Equatable>(_ have: T?, _ want: T?) -> Bool { want == nil || want == have }
        let reported: NeighborFlags = [.use, .offloaded, .linkTable, .masterTable]
        return state == wanted.state && flags.subtracting(reported) == wanted.flags.subtracting(reported)
            && extendedFlags.subtracting(.locked) == wanted.extendedFlags.subtracting(.locked)
            && fits(hardwareAddress, wanted.hardwareAddress) && fits(destination, wanted.destination)
            && fits(origin, wanted.origin) && fits(vlan, wanted.vlan) && fits(nextHopID, wanted.nextHopID)
            && fits(port, wanted.port) && fits(vni, wanted.vni) && fits(sourceVNI, wanted.sourceVNI)
            && fits(output, wanted.output) && fits(activity, wanted.activity)
    }

    /// How the entry that is in the way of adding this one is found.
    var query: NeighborQuery {
        var query = NeighborQuery(destination ?? .v4(.any), on: index)
        query.key = self
        return query
    }
}

extension Connection where Family == RouteProtocol {
    /// The neighbours of a family, on a link, in some states, or all.
    public func neighbors(
        family: AddressFamily = .unspecified, on index: InterfaceIndex? = nil, states: NeighborState? = nil
    ) async throws(NetlinkError) -> [Neighbor] {
        try await dump(.neighbors(family: family, on: index, states: states))
    }

    /// The neighbour with an address on a link.
    public func neighbor(
        _ destination: IPAddress, on index: InterfaceIndex
    ) async throws(NetlinkError) -> Neighbor {
        try await query(NeighborQuery(destination, on: index))
    }

    /// Adds a neighbour.
    public func add(_ neighbor: Neighbor) async throws(NetlinkError) { try await perform(AddNeighbor(neighbor)) }

    /// Adds a neighbour, or replaces the one that is there.
    public func replace(_ neighbor: Neighbor) async throws(NetlinkError) {
        try await perform(AddNeighbor(neighbor, mode: .replace))
    }

    /// Changes a neighbour that is there.
    public func update(_ neighbor: Neighbor) async throws(NetlinkError) {
        try await perform(AddNeighbor(neighbor, mode: .change))
    }

    /// Adds another destination to a tunnel's forwarding entry.
    public func append(_ neighbor: Neighbor) async throws(NetlinkError) {
        try await perform(AddNeighbor(neighbor, mode: .append))
    }

    /// Removes a neighbour.
    public func remove(_ neighbor: Neighbor) async throws(NetlinkError) {
        try await perform(RemoveNeighbor(neighbor))
    }

    /// Sees to it that a neighbour is there as given, and touches nothing when it is.
    @discardableResult
    public func ensure(_ neighbor: Neighbor) async throws(NetlinkError) -> EnsureOutcome {
        do throws(NetlinkError) {
            try await perform(AddNeighbor(neighbor))
            return .added
        } catch {
            guard error.isExisting else { throw error }
        }
        if let found = try? await query(neighbor.query), found.satisfies(neighbor) { return .unchanged }
        try await perform(AddNeighbor(neighbor, mode: .replace))
        return .changed
    }

    /// Removes all neighbours of a selection, looking again until none is left; those set by hand stay.
    ///
    /// `isMeant` says which ones go: when left out, those that ``Neighbor/isLearned``.
    @discardableResult
    public func flushNeighbors(
        _ selection: NeighborDump = .neighbors, rounds: Int = 10, where isMeant: (Neighbor) -> Bool = \.isLearned
    ) async throws(NetlinkError) -> FlushReport {
        try await flush(selection, rounds: rounds, where: isMeant) { RemoveNeighbor($0) }
    }
}

extension BlockingConnection where Family == RouteProtocol {
    /// The neighbours of a family, on a link, in some states, or all.
    public func neighbors(
        family: AddressFamily = .unspecified, on index: InterfaceIndex? = nil, states: NeighborState? = nil
    ) throws(NetlinkError) -> [Neighbor] {
        try dump(.neighbors(family: family, on: index, states: states))
    }

    /// The neighbour with an address on a link.
    public func neighbor(_ destination: IPAddress, on index: InterfaceIndex) throws(NetlinkError) -> Neighbor {
        try query(NeighborQuery(destination, on: index))
    }

    /// Adds a neighbour.
    public func add(_ neighbor: Neighbor) throws(NetlinkError) { try perform(AddNeighbor(neighbor)) }

    /// Adds a neighbour, or replaces the one that is there.
    public func replace(_ neighbor: Neighbor) throws(NetlinkError) {
        try perform(AddNeighbor(neighbor, mode: .replace))
    }

    /// Changes a neighbour that is there.
    public func update(_ neighbor: Neighbor) throws(NetlinkError) { try perform(AddNeighbor(neighbor, mode: .change)) }

    /// Adds another destination to a tunnel's forwarding entry.
    public func append(_ neighbor: Neighbor) throws(NetlinkError) { try perform(AddNeighbor(neighbor, mode: .append)) }

    /// Removes a neighbour.
    public func remove(_ neighbor: Neighbor) throws(NetlinkError) { try perform(RemoveNeighbor(neighbor)) }

    /// Sees to it that a neighbour is there as given, and touches nothing when it is.
    @discardableResult
    public func ensure(_ neighbor: Neighbor) throws(NetlinkError) -> EnsureOutcome {
        do throws(NetlinkError) {
            try perform(AddNeighbor(neighbor))
            return .added
        } catch {
            guard error.isExisting else { throw error }
        }
        if let found = try? query(neighbor.query), found.satisfies(neighbor) { return .unchanged }
        try perform(AddNeighbor(neighbor, mode: .replace))
        return .changed
    }

    /// Removes all neighbours of a selection, looking again until none is left; those set by hand stay.
    ///
    /// `isMeant` says which ones go: when left out, those that ``Neighbor/isLearned``. `onRound` is told before each
    /// round, with its number from 1 on, what will be removed.
    @discardableResult
    public func flushNeighbors(
        _ selection: NeighborDump = .neighbors, rounds: Int = 10, where isMeant: (Neighbor) -> Bool = \.isLearned,
        onRound: (Int, [Neighbor]) -> Void = { _, _ in }
    ) throws(NetlinkError) -> FlushReport {
        try flush(selection, rounds: rounds, where: isMeant, onRound: onRound) { RemoveNeighbor($0) }
    }
}
