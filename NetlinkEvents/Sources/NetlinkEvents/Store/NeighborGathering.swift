// SPDX-License-Identifier: Apache-2.0

@_spi(System) internal import NetlinkCore
internal import NetlinkRoute

/// Changes of neighbours that are held back for a while, so that of each only the outcome is told.
struct NeighborGathering {
    private var changes: [NeighborKey: ObservedChange] = [:]
    /// In the order in which they first changed.
    private var order: [NeighborKey] = []
    /// When they are due; nil while there are none.
    private(set) var dueAt: Instant?

    /// Takes a change in; false where it is not of a neighbour.
    mutating func take(_ observed: ObservedChange, for delay: Duration) -> Bool {
        guard case .neighbor(let change) = observed.change, let neighbor = change.after ?? change.before else {
            return false
        }
        let key = NeighborKey(neighbor)
        var outcome: ObjectChange<Neighbor>? = change
        if case .neighbor(let earlier) = changes[key]?.change {
            outcome = Self.outcome(from: earlier.before, to: change.after)
        } else {
            order.append(key)
        }
        changes[key] = outcome.map { ObservedChange(.neighbor($0), cause: observed.cause) }
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
        return order.compactMap { changes[$0] }
    }
}
