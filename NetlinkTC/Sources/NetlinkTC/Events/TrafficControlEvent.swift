// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
public import NetlinkRoute

/// A change of traffic control that rtnetlink tells of.
///
/// What is added and what is changed come alike; the notification's flags say how it was asked for. A queueing discipline or
/// class that somebody asks for by itself, not in a list, is told as if it had changed. Of a new filter of kind matchall the
/// options are not told.
///
/// Kernel: messages of the group `RTNLGRP_TC`.
@nonexhaustive
public enum TrafficControlEvent: Hashable, Sendable {
    /// A queueing discipline was added or changed.
    case qdisc(Qdisc)
    /// A queueing discipline is gone.
    case qdiscRemoved(Qdisc)
    /// A class was added or changed.
    case trafficClass(TrafficClass)
    /// A class is gone.
    case trafficClassRemoved(TrafficClass)
    /// A filter was added or changed.
    case filter(Filter)
    /// A filter is gone; one without a kind stands for all of its place.
    case filterRemoved(Filter)
    /// A chain was added.
    case chain(Chain)
    /// A chain is gone.
    case chainRemoved(Chain)
    /// Actions were added or changed.
    case actions([Action])
    /// Actions are gone.
    case actionsRemoved([Action])
    /// All actions of a kind that no filter uses are gone, as many as the number says.
    case actionsFlushed(kind: String, count: UInt32)
    /// A message of another type, as the kernel's bytes behind its header.
    case other(RouteMessageType, [UInt8])

    /// Reads a notification.
    ///
    /// - Throws: `DecodeError` when the message is not what its type says.
    public init(decoding message: borrowing Message) throws(DecodeError) {
        let type = RouteMessageType(rawValue: message.header.type)
        self =
            switch type {
            case .newQdisc: .qdisc(try Qdisc(decoding: message))
            case .deleteQdisc: .qdiscRemoved(try Qdisc(decoding: message))
            case .newClass: .trafficClass(try TrafficClass(decoding: message))
            case .deleteClass: .trafficClassRemoved(try TrafficClass(decoding: message))
            case .newFilter: .filter(try Filter(decoding: message))
            case .deleteFilter: .filterRemoved(try Filter(decoding: message))
            case .newChain: .chain(try Chain(decoding: message))
            case .deleteChain: .chainRemoved(try Chain(decoding: message))
            case .newAction: .actions(try ActionPage(decoding: message).actions)
            case .deleteAction where message.header.flags.contains(.root): try Self.flush(message)
            case .deleteAction: .actionsRemoved(try ActionPage(decoding: message).actions)
            default: .other(type, message.payload.array)
            }
    }

    /// The number of the actions that are gone stands where an action has its cookie.
    private static func flush(_ message: borrowing Message) throws(DecodeError) -> Self {
        let action = try ActionPage(decoding: message).actions.first
        var count: UInt32 = 0
        if let bytes = action?.cookie { count = try bytes.rawSpan.load(at: 0, as: UInt32.self) }
        return .actionsFlushed(kind: action?.kind.name ?? "", count: count)
    }

    /// The link that it is about; nil for shared blocks and for actions, which are of no link.
    public var link: InterfaceIndex? {
        switch self {
        case .qdisc(let qdisc), .qdiscRemoved(let qdisc): return qdisc.index
        case .trafficClass(let found), .trafficClassRemoved(let found): return found.index
        case .filter(let filter), .filterRemoved(let filter): return filter.place.link
        case .chain(let chain), .chainRemoved(let chain): return chain.place.link
        case .actions, .actionsRemoved, .actionsFlushed, .other: return nil
        }
    }
}

extension FilterPlace {
    /// The link; nil for a shared block.
    var link: InterfaceIndex? {
        guard case .link(let index, _) = self else { return nil }
        return index
    }
}

extension RouteMessageType {
    /// Whether messages of the type are about traffic control, so that ``TrafficControlEvent`` reads them.
    public var isTrafficControl: Bool {
        switch self {
        case .newQdisc, .deleteQdisc, .newClass, .deleteClass, .newFilter, .deleteFilter, .newChain, .deleteChain,
            .newAction, .deleteAction:
            true
        default: false
        }
    }
}

extension RouteFilter {
    /// Whether a change passes: one of a link that is asked for, or of no link.
    public func accepts(_ event: TrafficControlEvent) -> Bool {
        guard let links, let link = event.link else { return true }
        return links.contains(link)
    }
}
