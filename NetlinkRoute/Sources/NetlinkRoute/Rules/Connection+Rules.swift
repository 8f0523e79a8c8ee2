// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension Rule {
    /// The priorities of the rules that every namespace begins with: local, main and default table.
    public static var initialPriorities: Set<UInt32> { [0, 32766, 32767] }

    /// Whether this rule, as read, does the same as another, whatever their priorities are.
    func isEquivalent(to other: Rule) -> Bool { comparable == other.comparable }

    /// The rule with what the kernel fills in, and without what makes no difference.
    private var comparable: Rule {
        var copy = settings
        copy.priority = nil
        copy.unknown = UnknownAttributes()
        copy.origin = origin ?? .unspecified
        copy.source = source.flatMap { $0.isAny ? nil : $0.network }
        copy.destination = destination.flatMap { $0.isAny ? nil : $0.network }
        if isL3Master == false { copy.isL3Master = nil }
        if let mark, mark.mask == nil { copy.mark?.mask = .max }
        if let flowLabel, flowLabel.mask == nil { copy.flowLabel?.mask = 0xf_ffff }
        if let dscp, dscp.mask == nil { copy.dscp?.mask = 0x3f }
        if let ports = sourcePorts, ports.mask == nil, ports.first == ports.last { copy.sourcePorts?.mask = .max }
        if let ports = destinationPorts, ports.mask == nil, ports.first == ports.last {
            copy.destinationPorts?.mask = .max
        }
        return copy
    }
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
        // Without a priority the kernel would add the same rule again in front of the first.
        if rule.priority == nil, try await rules(family: rule.family).contains(where: { $0.isEquivalent(to: rule) }) {
            return .unchanged
        }
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
        // Without a priority the kernel would add the same rule again in front of the first.
        if rule.priority == nil, try rules(family: rule.family).contains(where: { $0.isEquivalent(to: rule) }) {
            return .unchanged
        }
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
