// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Lists rules in their order, family by family.
///
/// Kernel: `RTM_GETRULE` with `NLM_F_DUMP`, which takes no filter but the family.
public struct RuleDump: Dump {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// Only rules of this family; unspecified for all.
    public var family: AddressFamily

    /// All rules of a family.
    public init(family: AddressFamily = .unspecified) { self.family = family }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.getRule.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "list rules" }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        var header = RuleHeader()
        header.family = family
        header.encode(into: &writer)
    }

    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> Rule? {
        guard message.header.type == RouteMessageType.newRule.rawValue else { return nil }
        let rule = try Rule(decoding: message)
        return family == .unspecified || rule.family == family ? rule : nil
    }
}

extension Dump where Self == RuleDump {
    /// All rules of all families.
    public static var rules: RuleDump { RuleDump() }
    /// The rules of a family.
    public static func rules(family: AddressFamily) -> RuleDump { RuleDump(family: family) }
}

/// Adds a rule; the same one of the same priority is `NetlinkError.Code.exists`.
///
/// Kernel: `RTM_NEWRULE` with `NLM_F_CREATE | NLM_F_EXCL`.
public struct AddRule: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// The rule, of which everything set is sent.
    public var rule: Rule
    /// Whether what the kernel would refuse is refused before anything is sent, with a better reason.
    public var isChecked = true

    /// Adds a rule.
    public init(_ rule: Rule) { self.rule = rule }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.newRule.rawValue }
    /// Flags beside those that follow from the kind of request.
    public var flags: MessageFlags { [.create, .exclusive] }
    /// What is done, for errors.
    public var operation: StaticString { "add rule" }
    /// What it is done to, for errors.
    public var object: String? { rule.summary }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        if isChecked {
            do throws(NetlinkError) { try rule.validate() } catch { writer.fail(error) }
        }
        rule.encode(into: &writer)
    }
}

/// Removes the first rule that has all that is set.
///
/// What is nil, and an unspecified table or action, means any; a rule as it was read finds itself.
///
/// Kernel: `RTM_DELRULE`.
public struct RemoveRule: Command {
    /// The protocol that it belongs to.
    public typealias Family = RouteProtocol

    /// The rule.
    public var rule: Rule

    /// Removes a rule.
    public init(_ rule: Rule) { self.rule = rule }

    /// The message's type.
    public var messageType: UInt16 { RouteMessageType.deleteRule.rawValue }
    /// What is done, for errors.
    public var operation: StaticString { "remove rule" }
    /// What it is done to, for errors.
    public var object: String? { rule.summary }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) { rule.encode(into: &writer) }
}
