// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkRoute

/// The words for the states of a neighbour.
enum NeighborStateName {
    /// In the order in which they are printed.
    static let all: [(state: NeighborState, name: StaticString)] = [
        (.incomplete, "INCOMPLETE"), (.reachable, "REACHABLE"), (.stale, "STALE"), (.delay, "DELAY"),
        (.probe, "PROBE"), (.failed, "FAILED"), (.noARP, "NOARP"), (.permanent, "PERMANENT"),
    ]

    /// The state that a word names; the number of one is taken too.
    static func state(_ word: Word) -> NeighborState? {
        switch word {
        case prefix("permanent"): return .permanent
        case prefix("reachable"): return .reachable
        case "noarp": return .noARP
        case "none": return NeighborState.none
        case "stale": return .stale
        case "incomplete": return .incomplete
        case "delay": return .delay
        case "probe": return .probe
        case prefix("failed"): return .failed
        default:
            guard let number = word.number(UInt32.self), number < 256, number & (number &- 1) == 0 else { return nil }
            return NeighborState(rawValue: UInt16(number))
        }
    }
}
