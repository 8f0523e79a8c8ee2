// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension Rule {
    /// The priorities of the rules that every namespace begins with: local, main and default table.
    public static var initialPriorities: Set<UInt32> { [0, 32766, 32767] }
}

extension Connection where Family == RouteProtocol {
    /// The rules of a family in their order, or all.
    public func rules(family: AddressFamily = .unspecified) async throws(NetlinkError) -> [Rule] {
        try await dump(.rules(family: family))
    }

    /// Adds a rule.
    public func add(_ rule: Rule) async throws(NetlinkError) { try await perform(AddRule(rule)) }

    /// Removes the first rule that has all that is set.
    public func remove(_ rule: Rule) async throws(NetlinkError) { try await perform(RemoveRule(rule)) }

    /// Sees to it that a rule is there; without a priority, one of any priority does.
    @discardableResult
    public func ensure(_ rule: Rule) async throws(NetlinkError) -> EnsureOutcome {
        do throws(NetlinkError) { try await perform(AddRule(rule)) } catch {
            guard error.isExisting else { throw error }
            return .unchanged
        }
        return .added
    }

    /// Removes all rules of a family, looking again until none is left, but for those of some priorities.
    @discardableResult
    public func flushRules(
        family: AddressFamily, rounds: Int = 10, keeping priorities: Set<UInt32> = Rule.initialPriorities,
        where isMeant: (Rule) -> Bool = { _ in true }
    ) async throws(NetlinkError) -> FlushReport {
        try await flush(
            .rules(family: family), rounds: rounds, where: { !priorities.contains($0.priority ?? 0) && isMeant($0) },
            removing: { RemoveRule($0) })
    }
}

extension BlockingConnection where Family == RouteProtocol {
    /// The rules of a family in their order, or all.
    public func rules(family: AddressFamily = .unspecified) throws(NetlinkError) -> [Rule] {
        try dump(.rules(family: family))
    }

    /// Adds a rule.
    public func add(_ rule: Rule) throws(NetlinkError) { try perform(AddRule(rule)) }

    /// Removes the first rule that has all that is set.
    public func remove(_ rule: Rule) throws(NetlinkError) { try perform(RemoveRule(rule)) }

    /// Sees to it that a rule is there; without a priority, one of any priority does.
    @discardableResult
    public func ensure(_ rule: Rule) throws(NetlinkError) -> EnsureOutcome {
        do throws(NetlinkError) { try perform(AddRule(rule)) } catch {
            guard error.isExisting else { throw error }
            return .unchanged
        }
        return .added
    }

    /// Removes all rules of a family, looking again until none is left, but for those of some priorities.
    ///
    /// `onRound` is told before each round, with its number from 1 on, what will be removed.
    @discardableResult
    public func flushRules(
        family: AddressFamily, rounds: Int = 10, keeping priorities: Set<UInt32> = Rule.initialPriorities,
        where isMeant: (Rule) -> Bool = { _ in true }, onRound: (Int, [Rule]) -> Void = { _, _ in }
    ) throws(NetlinkError) -> FlushReport {
        try flush(
            .rules(family: family), rounds: rounds, where: { !priorities.contains($0.priority ?? 0) && isMeant($0) },
            onRound: onRound, removing: { RemoveRule($0) })
    }
}
