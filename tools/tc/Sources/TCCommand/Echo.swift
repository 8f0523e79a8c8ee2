// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute
internal import NetlinkTC

/// Prints notifications.
enum Echo {
    /// Prints what a command caused, as `-echo` asks: like iproute2 nothing of queueing disciplines and classes.
    static func print(_ message: RawMessage, _ session: inout Session) {
        switch RouteMessageType(rawValue: message.type) {
        case .newQdisc, .deleteQdisc, .newClass, .deleteClass: break
        default: show(message, &session)
        }
    }

    /// Prints what `tc monitor` sees.
    static func show(_ message: RawMessage, _ session: inout Session) {
        switch RouteMessageType(rawValue: message.type) {
        case .newQdisc, .deleteQdisc, .getQdisc:
            guard let qdisc = message.decoded({ (m) throws(DecodeError) in try Qdisc(decoding: m) }) else { return }
            QdiscPrinter.print(qdisc, &session, message.type == RouteMessageType.deleteQdisc.rawValue ? .deleted : nil)
        case .newClass, .deleteClass, .getClass:
            guard let found = message.decoded({ (m) throws(DecodeError) in try TrafficClass(decoding: m) }) else {
                return
            }
            ClassPrinter.print(found, &session, deleted: message.type == RouteMessageType.deleteClass.rawValue)
        case .newFilter, .deleteFilter, .getFilter: FilterPrinter.printEvent(message, &session)
        case .newChain, .deleteChain, .getChain: ChainPrinter.printEvent(message, &session)
        case .newAction, .deleteAction, .getAction: ActionPrinter.printEvent(message, &session)
        default: break
        }
    }
}
