// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute
internal import NetlinkTC

/// Prints a notification: what a command caused, as `-echo` asks, or what `tc monitor` sees.
enum Echo {
    static func print(_ message: RawMessage, _ session: inout Session) {
        switch RouteMessageType(rawValue: message.type) {
        case .newQdisc, .deleteQdisc, .getQdisc:
            guard let qdisc = message.decoded({ (m) throws(DecodeError) in try Qdisc(decoding: m) }) else { return }
            QdiscPrinter.print(qdisc, &session, message.type == RouteMessageType.deleteQdisc.rawValue ? .deleted : nil)
        case .newClass, .deleteClass, .getClass:
            guard let found = message.decoded({ (m) throws(DecodeError) in try TrafficClass(decoding: m) }) else {
                return
            }
            ClassPrinter.print(found, &session, deleted: message.type == RouteMessageType.deleteClass.rawValue)
        default: break
        }
    }
}
