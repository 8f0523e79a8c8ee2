// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `ip rule`.
enum RuleCommand {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        guard let word = words.next() else { return try show(&words, &session) }
        switch word {
        case prefix("list"), "lst", "ls", prefix("show"): try show(&words, &session)
        case prefix("add"):
            if words.isEmpty { throw CommandError("\"ip rule add\" requires arguments.", status: 1) }
            let rule = try RuleArguments.parse(&words, &session, isRemoval: false)
            try session.performSoon(RetypedCommand(RemoveRule(rule), as: .newRule, flags: [.create, .exclusive]))
        case prefix("delete"):
            if words.isEmpty { throw CommandError("\"ip rule del\" requires arguments.", status: 1) }
            try session.performSoon(RemoveRule(try RuleArguments.parse(&words, &session, isRemoval: true)))
        case prefix("flush"): try flush(&words, &session)
        case prefix("save"): try RuleFile.save(&words, &session)
        case prefix("restore"): try RuleFile.restore(&session)
        case prefix("help"): throw Usage.error(.rule, status: 255)
        default: throw .unknownCommand(word, help: "ip rule help")
        }
    }

    private static func show(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        let filter = try RuleFilter.parse(&words, &session)
        let rules = try list(filter.family, &session)
        session.output.beginArray()
        for rule in rules where filter.accepts(rule) { RulePrinter.print(rule, &session) }
        session.output.endArray()
    }

    private static func flush(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        let filter = try RuleFilter.parse(&words, &session)
        let rules = try list(filter.family, &session).filter {
            // The first rule of all stays.
            $0.priority ?? 0 != 0 && filter.accepts($0) && (filter.origin == nil || $0.origin == filter.origin)
        }
        let connection = try session.connection
        do throws(NetlinkError) {
            var batch = Batch<RouteProtocol>()
            for rule in rules { try batch.append(RemoveRule(rule.settings)) }
            for case .failure(let error) in try connection.perform(&batch) where !error.isNotFound { throw error }
        } catch {
            let said = KernelAnswer.refusal(error)
            throw CommandError(said.message + Array("\nDump terminated".utf8), status: 255)
        }
    }

    /// The rules of a family; those of IPv4 where none is asked for.
    private static func list(_ family: AddressFamily, _ session: inout Session) throws(CommandError) -> [Rule] {
        let connection = try session.connection
        do throws(NetlinkError) {
            return try connection.dump(RuleDump(family: family))
        } catch {
            let said = KernelAnswer.refusal(error)
            throw CommandError(said.message + Array("\nDump terminated".utf8), status: 255)
        }
    }
}
