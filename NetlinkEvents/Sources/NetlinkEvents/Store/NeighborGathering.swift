// SPDX-License-Identifier: Apache-2.0

@_spi(System) internal import NetlinkCore
internal import NetlinkRoute

/// Changes of neighbours that are held back for a while, so that of each only the outcome is told.
struct NeighborGathering {
    /// In the order in which they first changed; nil for one that is as it was.
    private var outcomes: [ObservedChange?] = []
    private var places: [NeighborKey: Int] = [:]
    /// When they are due; nil while there are none.
    private(set) var dueAt: Instant?

    /// Takes a change in; false where it is not of a neighbour.
    mutating func take(_ observed: ObservedChange, for delay: Duration) -> Bool {
        guard case .neighbor(let change) = observed.change, let neighbor = change.after ?? change.before else {
            return false
        }
        let key = NeighborKey(neighbor)
        if let place = places[key] {
            var before = change.before
            if case .neighbor(let earlier) = outcomes[place]?.change { before = earlier.before }
            let outcome = Self.outcome(from: before, to: change.after)
            outcomes[place] = outcome.map { ObservedChange(.neighbor($0), cause: observed.cause) }
        } else {
            places[key] = outcomes.count
            outcomes.append(observed)
        }
        if dueAt == nil { dueAt = .now + delay }
        return true
    }

    /// What two changes come to; nil when the neighbour is as it was.
    private static func outcome(from before: Neighbor?, to after: Neighbor?) -> ObjectChange<Neighbor>? {
        switch (before, after) {
        case (nil, nil): nil
        case (nil, let after?): .added(after)
        case (let before?, nil): .removed(before)
        case (let before?, let after?): before.isLike(after) ? nil : .changed(from: before, to: after)
        }
    }

    /// All that was held back.
    mutating func takeAll() -> [ObservedChange] {
        defer { self = NeighborGathering() }
        return outcomes.compactMap(\.self)
    }
}
