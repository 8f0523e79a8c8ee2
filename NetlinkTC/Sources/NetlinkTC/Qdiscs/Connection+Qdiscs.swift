// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
public import NetlinkRoute

extension Connection where Family == RouteProtocol {
    /// The queueing disciplines of a link, or all.
    public func qdiscs(on index: InterfaceIndex? = nil) async throws(NetlinkError) -> [Qdisc] {
        try await dump(QdiscDump(on: index))
    }

    /// The queueing discipline at a place, by default the link's outermost.
    public func qdisc(on index: InterfaceIndex, parent: TCHandle = .root) async throws(NetlinkError) -> Qdisc {
        try await query(.qdisc(on: index, parent: parent))
    }

    /// Adds a queueing discipline.
    public func add(_ qdisc: Qdisc) async throws(NetlinkError) { try await perform(SetQdisc(qdisc)) }

    /// Adds a queueing discipline, or takes the place of the one that is there.
    public func replace(_ qdisc: Qdisc) async throws(NetlinkError) {
        try await perform(SetQdisc(qdisc, mode: .replace))
    }

    /// Changes a queueing discipline; from what was read, only what differs.
    public func update(_ qdisc: Qdisc, from base: Qdisc? = nil) async throws(NetlinkError) {
        try await perform(SetQdisc(qdisc, mode: .change, from: base))
    }

    /// Removes a queueing discipline, and all that is below it.
    public func remove(_ qdisc: Qdisc) async throws(NetlinkError) { try await perform(RemoveQdisc(qdisc)) }
}

extension BlockingConnection where Family == RouteProtocol {
    /// The queueing disciplines of a link, or all.
    public func qdiscs(on index: InterfaceIndex? = nil) throws(NetlinkError) -> [Qdisc] {
        try dump(QdiscDump(on: index))
    }

    /// The queueing discipline at a place, by default the link's outermost.
    public func qdisc(on index: InterfaceIndex, parent: TCHandle = .root) throws(NetlinkError) -> Qdisc {
        try query(.qdisc(on: index, parent: parent))
    }

    /// Adds a queueing discipline.
    public func add(_ qdisc: Qdisc) throws(NetlinkError) { try perform(SetQdisc(qdisc)) }

    /// Adds a queueing discipline, or takes the place of the one that is there.
    public func replace(_ qdisc: Qdisc) throws(NetlinkError) { try perform(SetQdisc(qdisc, mode: .replace)) }

    /// Changes a queueing discipline; from what was read, only what differs.
    public func update(_ qdisc: Qdisc, from base: Qdisc? = nil) throws(NetlinkError) {
        try perform(SetQdisc(qdisc, mode: .change, from: base))
    }

    /// Removes a queueing discipline, and all that is below it.
    public func remove(_ qdisc: Qdisc) throws(NetlinkError) { try perform(RemoveQdisc(qdisc)) }
}
