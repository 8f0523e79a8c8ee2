// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute
internal import NetlinkTC

/// Prints filters, without what was asked for.
struct FilterPrinter {
    var showsDevice = true
    var parent: TCHandle?
    var priority: UInt16?
    var protocolType: EthernetProtocol?
    var chain: UInt32?
    var block: UInt32?

    /// What a notification is about.
    enum Event {
        case none, added, replaced, deleted
    }

    func print(_ filter: Filter, _ session: inout Session, _ event: Event = .none) {
        session.output.beginObject()
        switch event {
        case .none: break
        case .added: session.output.flag("added", text: "added ")
        case .replaced: session.output.flag("replaced", text: "replaced ")
        case .deleted: session.output.flag("deleted", text: "deleted ")
        }
        session.output.text("filter ")
        printPlace(filter.place, &session)
        if filter.protocolType != .unspecified, filter.protocolType != protocolType {
            let text = EthernetProtocolNames.text(filter.protocolType, isNumeric: session.options.numeric)
            session.output.string("protocol", text, prefix: "protocol ", suffix: " ")
        }
        if filter.priority != 0, filter.priority != priority {
            session.output.number("pref", filter.priority, prefix: "pref ", suffix: " ")
        }
        if let kind = filter.kind { session.output.string("kind", kind.name, suffix: " ") }
        if let chain = filter.chain, chain != self.chain {
            session.output.number("chain", chain, prefix: "chain ", suffix: " ")
        }
        printOptions(filter, &session)
        session.output.newline()
        if session.options.statistics > 0, let statistics = filter.state.statistics {
            Self.print(statistics, &session)
            session.output.newline()
        }
        session.output.endObject()
    }

    /// Prints where a filter or a chain is, as far as that was not asked for.
    func printPlace(_ place: FilterPlace, _ session: inout Session) {
        switch place {
        case .block(let block):
            if block != self.block { session.output.number("block", block, prefix: "block ", suffix: " ") }
        case .link(let link, let parent):
            if showsDevice {
                session.output.string("dev", session.links.name(of: link), prefix: "dev ", suffix: " ")
            }
            guard parent != self.parent else { return }
            switch parent {
            case .root: session.output.flag("root", text: "root ")
            case .ingressFilters: session.output.flag("ingress", text: "ingress ")
            case .egressFilters: session.output.flag("egress", text: "egress ")
            default: session.output.string("parent", session.text(of: parent), prefix: "parent ", suffix: " ")
            }
        }
    }

    private func printOptions(_ filter: Filter, _ session: inout Session) {
        guard let kind = filter.kind, kind.value != nil || kind.data != nil else { return }
        session.output.beginObject("options")
        if kind.value != nil, let entry = FilterTable.entry(kind.name) {
            entry.print(filter, &session)
        } else {
            if filter.handle != 0 {
                if session.output.isJSON {
                    session.output.jsonNumber("handle", filter.handle)
                } else {
                    session.output.hex(nil, filter.handle, prefix: "handle ", suffix: " ")
                }
            }
            if let data = kind.data {
                session.output.string("raw", ActionPrinter.hexadecimal(data), prefix: "[", suffix: "]")
            }
        }
        session.output.endObject()
    }

    /// What a police action in its old place has counted, which stands in the older form.
    private static func print(_ statistics: TCStatistics, _ session: inout Session) {
        session.output.number("bytes", statistics.basic?.bytes ?? 0, prefix: " Sent ", suffix: " bytes")
        session.output.number("packets", statistics.basic?.packets ?? 0, prefix: " ", suffix: " pkts")
        session.output.number("dropped", statistics.queue?.drops ?? 0, prefix: " (dropped ", suffix: ", ")
        session.output.number("overlimits", statistics.queue?.overlimits ?? 0, prefix: "overlimits ", suffix: ") ")
    }

    /// Prints a notification of a change.
    static func printEvent(_ message: RawMessage, _ session: inout Session) {
        guard let filter = message.decoded({ (m) throws(DecodeError) in try Filter(decoding: m) }) else { return }
        var event = Event.none
        if message.type == RouteMessageType.deleteFilter.rawValue {
            event = .deleted
        } else if message.type == RouteMessageType.newFilter.rawValue, message.flags.contains(.create) {
            event = message.flags.contains(.exclusive) ? .added : .replaced
        }
        FilterPrinter().print(filter, &session, event)
    }
}
