// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute
internal import NetlinkTC

/// Prints actions.
enum ActionPrinter {
    /// Prints the actions of a message of the table.
    static func print(_ page: ActionPage, firstOrder: Int, _ session: inout Session) {
        session.output.beginObject()
        session.output.number("total acts", page.count, prefix: "total acts ")
        session.output.newline()
        session.output.endObject()
        session.output.beginObject()
        print(page.actions, firstOrder: firstOrder, isTable: true, &session)
        session.output.endObject()
    }

    /// Prints a list of actions, each behind an empty line.
    ///
    /// Who executes them is said in the table only.
    static func print(
        _ actions: [Action], firstOrder: Int = 1, isTable: Bool = false, _ session: inout Session
    ) {
        guard !actions.isEmpty else { return }
        session.output.beginArray("actions")
        for (order, action) in zip(firstOrder..., actions) {
            session.output.beginObject()
            session.output.newline()
            session.output.number("order", order, prefix: "\taction order ", suffix: ": ")
            print(action, isTable, &session)
            session.output.endObject()
        }
        session.output.endArray()
    }

    /// Prints one action up to the end of its last line.
    private static func print(_ action: Action, _ isTable: Bool, _ session: inout Session) {
        let entry = ActionTable.entry(action.kind.name)
        if let entry, action.kind.value != nil, !session.options.brief {
            entry.print(action, &session)
        } else {
            printUntyped(action, &session)
        }
        if session.options.statistics > 0, let statistics = action.state.statistics {
            session.output.text("\tAction statistics:")
            session.output.newline()
            session.output.beginObject("stats")
            StatisticsText.print(statistics, "\t", &session)
            session.output.endObject()
            session.output.newline()
        }
        if let cookie = action.cookie {
            session.output.string("cookie", hexadecimal(cookie), prefix: "\tcookie ")
            session.output.newline()
        }
        printFlags(action, isTable, &session)
        if let wanted = action.hardwareStatistics { print(wanted, "hw_stats", "\thw_stats", &session) }
        if let used = action.state.usedHardwareStatistics { print(used, "used_hw_stats", "\tused_hw_stats", &session) }
    }

    /// A kind that is not known here, or of which only the name was asked for.
    private static func printUntyped(_ action: Action, _ session: inout Session) {
        session.output.string("kind", action.kind.name, suffix: " ")
        if let index = action.index { session.output.number("index", index, prefix: "\t index ") }
        if let data = action.kind.data { session.output.string("options", hexadecimal(data), prefix: "[", suffix: "]") }
        session.output.newline()
    }

    private static func printFlags(_ action: Action, _ isTable: Bool, _ session: inout Session) {
        let flags = action.flags?.value ?? []
        var isPrinted = false
        if flags.contains(.withoutProcessorCounters) {
            session.output.flag("no_percpu", text: "\tno_percpu")
            isPrinted = true
        }
        if isTable, flags.contains(.skipHardware) {
            session.output.flag("skip_hw", text: "\tskip_hw")
            isPrinted = true
        }
        if isTable, flags.contains(.skipSoftware) {
            session.output.flag("skip_sw", text: "\tskip_sw")
            isPrinted = true
        }
        if isTable, let count = action.state.hardwareCount, !flags.contains(.skipHardware) {
            if count > 0 {
                session.output.flag("in_hw", text: "\tin_hw")
                session.output.number("in_hw_count", count, prefix: " in_hw_count ")
            } else {
                session.output.flag("not_in_hw", text: "\tnot_in_hw")
            }
            isPrinted = true
        }
        if isPrinted { session.output.newline() }
    }

    private static func print(
        _ statistics: HardwareStatistics, _ key: StaticString, _ text: StaticString, _ session: inout Session
    ) {
        session.output.beginArray(key, text: text)
        if statistics.isEmpty { session.output.string(nil, "disabled", prefix: " ") }
        if statistics.contains(.immediate) { session.output.string(nil, "immediate", prefix: " ") }
        if statistics.contains(.delayed) { session.output.string(nil, "delayed", prefix: " ") }
        session.output.endArray()
        session.output.newline()
    }

    /// Prints number and users, and with `-s` since when.
    static func printUse(_ action: Action, _ session: inout Session) {
        session.output.number("index", action.index ?? 0, prefix: "index ")
        session.output.number("ref", action.state.references, prefix: " ref ")
        session.output.number("bind", action.state.bindings, prefix: " bind ")
        printTimes(action, &session)
    }

    /// Prints, with `-s`, since when an action is there and when it was used.
    static func printTimes(_ action: Action, _ session: inout Session) {
        guard session.options.statistics > 0, let times = action.state.times else { return }
        let (installed, used) = (times.installed, times.lastUsed)
        if installed > .zero {
            session.output.number("installed", installed.components.seconds, prefix: " installed ", suffix: " sec")
        }
        if used > .zero {
            session.output.number("last_used", used.components.seconds, prefix: " used ", suffix: " sec")
        }
        if let first = times.firstUsed {
            session.output.number("first_used", first.components.seconds, prefix: " firstused ", suffix: " sec")
        }
        if times.expires > .zero {
            session.output.number("expires", times.expires.components.seconds, prefix: " expires ", suffix: " sec")
        }
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Prints a notification of a change.
    static func printEvent(_ message: RawMessage, _ session: inout Session) {
        guard let page = message.decoded({ (m) throws(DecodeError) in try ActionPage(decoding: m) }) else { return }
        let flags = message.flags
        session.output.beginObject()
        session.output.number("total acts", page.count, prefix: "total acts ")
        session.output.newline()
        session.output.endObject()
        switch RouteMessageType(rawValue: message.type) {
        case .newAction:
            session.output.text(flags.contains(.replace) ? "Replaced action " : "Added action ")
        case .deleteAction where flags.contains(.root): return printFlush(page, &session)
        case .deleteAction: session.output.text("Deleted action ")
        default: break
        }
        session.output.beginObject()
        print(page.actions, isTable: true, &session)
        if let warning = page.warning {
            session.output.text(warning)
            session.output.newline()
        }
        session.output.endObject()
    }

    /// A flushed table's notification names the kind, and the number of its actions in the place of a cookie.
    private static func printFlush(_ page: ActionPage, _ session: inout Session) {
        guard let first = page.actions.first else { return session.output.newline() }
        let count = first.cookie.flatMap { try? $0.rawSpan.load(at: 0, as: UInt32.self) } ?? 0
        session.output.text("Flushed table  \(first.kind.name) (\(count) entries)")
        session.output.newline()
    }
}
