// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

/// Prints queueing disciplines.
enum QdiscPrinter {
    /// What a notification says was done.
    enum Change {
        case deleted, replaced, added
    }

    static func print(
        _ qdisc: Qdisc, _ session: inout Session, _ change: Change? = nil, showsDevice: Bool = true
    ) {
        session.output.beginObject()
        switch change {
        case .deleted: session.output.flag("deleted", text: "deleted ")
        case .replaced: session.output.flag("replaced", text: "replaced ")
        case .added: session.output.flag("added", text: "added ")
        case nil: break
        }
        let name = qdisc.kind?.name ?? ""
        session.output.string("kind", name, prefix: "qdisc ", suffix: " ")
        printPlace(qdisc, showsDevice, &session)
        // The kernel names this one otherwise, but prints it like another.
        let entry = QdiscTable.entry(name)
        printOptions(qdisc, entry, &session)
        session.output.newline()
        if session.options.details > 0, let table = qdisc.sizeTable {
            SizeTableText.print(table, &session)
            session.output.newline()
        }
        if session.options.statistics > 0, let statistics = qdisc.state?.statistics {
            StatisticsText.print(statistics, " ", &session)
            session.output.newline()
            if statistics.kindData != nil, let entry, entry.printStatistics(statistics, &session) {
                session.output.newline()
            }
        }
        session.output.endObject()
    }

    private static func printPlace(_ qdisc: Qdisc, _ showsDevice: Bool, _ session: inout Session) {
        let major = String(qdisc.handle.major, radix: 16)
        if session.options.raw {
            session.output.string("handle", "\(major):[\(Self.digits(qdisc.handle.rawValue))]", suffix: " ")
        } else {
            session.output.string("handle", "\(major):", suffix: " ")
        }
        if showsDevice {
            session.output.string(
                "dev", session.links.name(of: qdisc.index), prefix: "dev ", suffix: " ", color: .interfaceName)
        }
        if qdisc.parent == .root {
            session.output.flag("root", text: "root ")
        } else if qdisc.parent != .unspecified {
            let parent = session.text(of: qdisc.parent)
            session.output.string("parent", parent, prefix: "parent ", suffix: " ")
        }
        if let references = qdisc.state?.references, references != 1 {
            session.output.number("refcnt", references, prefix: "refcnt ", suffix: " ")
        }
        if qdisc.state?.isOffloaded == true { session.output.flag("offloaded", text: "offloaded ") }
        if let block = qdisc.ingressBlock {
            session.output.number("ingress_block", block, prefix: "ingress_block ", suffix: " ")
        }
        if let block = qdisc.egressBlock {
            session.output.number("egress_block", block, prefix: "egress_block ", suffix: " ")
        }
    }

    private static func printOptions(_ qdisc: Qdisc, _ entry: QdiscEntry?, _ session: inout Session) {
        session.output.beginObject("options")
        if let kind = qdisc.kind {
            if let entry, kind.value != nil {
                entry.print(kind, &session)
            } else if let data = kind.data, !data.isEmpty {
                printUnknown(data, &session)
            }
        }
        session.output.endObject()
    }

    /// Options of a kind that is not known: how many bytes, and with `-r` or as JSON which.
    static func printUnknown(_ data: [UInt8], _ session: inout Session) {
        let digits = ActionPrinter.hexadecimal(data)
        if session.output.isJSON { return session.output.jsonString("raw", digits) }
        session.output.text("[Unknown qdisc, optlen=")
        session.output.text(number: data.count)
        if session.options.raw { session.output.text(" \(digits)") }
        session.output.text("] ")
    }

    /// Eight hexadecimal digits.
    static func digits(_ number: UInt32) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: 8 - text.count) + text
    }
}

extension Session {
    /// A class or queueing discipline as text: by its name where `-nm` gives it one.
    mutating func text(of handle: TCHandle) -> [UInt8] {
        let text = Array(handle.description.utf8)
        guard let name = classNames.name(of: handle) else { return text }
        return name + [0x23] + text
    }
}
