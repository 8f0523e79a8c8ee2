// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
public import NetlinkRoute

extension Connection where Family == RouteProtocol {
    /// The actions of a kind in the table that filters share, and those that filters hold.
    public func actions(kind: String) async throws(NetlinkError) -> [Action] {
        try await dump(.actions(kind: kind)).flatMap(\.actions)
    }

    /// One action.
    public func action(_ reference: ActionReference) async throws(NetlinkError) -> Action {
        try Self.only(try await query(ActionQuery([reference])))
    }

    /// Makes actions, all or none; as the kernel has them, with the numbers that it chose.
    @discardableResult
    public func add(_ actions: [Action]) async throws(NetlinkError) -> [Action] {
        try await query(AddedActions(AddActions(actions)))
    }

    /// Makes actions, or replaces those of the numbers.
    @discardableResult
    public func replace(_ actions: [Action]) async throws(NetlinkError) -> [Action] {
        try await query(AddedActions(AddActions(actions, replaces: true)))
    }

    /// Removes actions that no filter uses.
    public func remove(_ actions: [ActionReference]) async throws(NetlinkError) {
        try await perform(RemoveActions(actions))
    }

    /// Removes all actions of a kind that no filter uses.
    public func flushActions(kind: String) async throws(NetlinkError) {
        try await perform(FlushActions(kind: kind))
    }

    private static func only(_ page: ActionPage) throws(NetlinkError) -> Action {
        guard let action = page.actions.first else { throw NetlinkError(.noReply, operation: "get actions") }
        return action
    }
}

extension BlockingConnection where Family == RouteProtocol {
    /// The actions of a kind in the table that filters share, and those that filters hold.
    public func actions(kind: String) throws(NetlinkError) -> [Action] {
        try dump(.actions(kind: kind)).flatMap(\.actions)
    }

    /// One action.
    public func action(_ reference: ActionReference) throws(NetlinkError) -> Action {
        guard let action = try query(ActionQuery([reference])).actions.first else {
            throw NetlinkError(.noReply, operation: "get actions")
        }
        return action
    }

    /// Makes actions, all or none; as the kernel has them, with the numbers that it chose.
    @discardableResult
    public func add(_ actions: [Action]) throws(NetlinkError) -> [Action] {
        try query(AddedActions(AddActions(actions)))
    }

    /// Makes actions, or replaces those of the numbers.
    @discardableResult
    public func replace(_ actions: [Action]) throws(NetlinkError) -> [Action] {
        try query(AddedActions(AddActions(actions, replaces: true)))
    }

    /// Removes actions that no filter uses.
    public func remove(_ actions: [ActionReference]) throws(NetlinkError) { try perform(RemoveActions(actions)) }

    /// Removes all actions of a kind that no filter uses.
    public func flushActions(kind: String) throws(NetlinkError) { try perform(FlushActions(kind: kind)) }
}
