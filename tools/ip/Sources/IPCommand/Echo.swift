// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// Prints the notification that a command caused, as `-echo` asks.
enum Echo {
    static func print(_ message: RawMessage, _ session: inout Session) {
        session.output.beginArray()
        switch RouteMessageType(rawValue: message.type) {
        case .newRoute, .deleteRoute:
            var omissions = RouteOmissions()
            omissions.showsTable = true
            let isDeleted = message.type == RouteMessageType.deleteRoute.rawValue
            if let route = message.route { RoutePrinter.print(route, &session, omissions, deleted: isDeleted) }
        case .newAddress, .deleteAddress:
            let isDeleted = message.type == RouteMessageType.deleteAddress.rawValue
            session.output.beginObject()
            if let address = message.address { AddressPrinter.print(address, .link, &session, deleted: isDeleted) }
            session.output.endObject()
        case .newRule, .deleteRule:
            let isDeleted = message.type == RouteMessageType.deleteRule.rawValue
            if let rule = message.rule { RulePrinter.print(rule, &session, deleted: isDeleted) }
        case .newNeighbor, .deleteNeighbor:
            let isDeleted = message.type == RouteMessageType.deleteNeighbor.rawValue
            if let neighbor = message.neighbor { NeighborPrinter.print(neighbor, &session, deleted: isDeleted) }
        case .newLink, .deleteLink:
            let isDeleted = message.type == RouteMessageType.deleteLink.rawValue
            if let link = message.link { print(link, isDeleted, &session) }
        default: break
        }
        session.output.endArray()
    }
    private static func print(_ link: Link, _ isDeleted: Bool, _ session: inout Session) {
        session.output.beginObject()
        let line = LinkLine(.event)
        if session.options.brief {
            line.printBrief(link, isDeleted: isDeleted, in: &session)
        } else {
            line.print(link, isDeleted: isDeleted, in: &session)
        }
        session.output.endObject()
    }
}

extension RawMessage {
    /// The message as a link.
    fileprivate var link: Link? {
        decoded { (message: borrowing Message) throws(DecodeError) in try Link(decoding: message) }
    }

    /// The message as a route.
    var route: Route? {
        guard [RouteMessageType.newRoute.rawValue, RouteMessageType.deleteRoute.rawValue].contains(type) else {
            return nil
        }
        return decoded { (message: borrowing Message) throws(DecodeError) in try Route(decoding: message) }
    }
}

extension RawMessage {
    /// The error for a message that has no place in a file; iproute2's words, in which it is known by its header.
    func notOne(_ what: String, status: Int32) -> CommandError {
        let words = [UInt32(16 + payload.count), UInt32(type), UInt32(flags.rawValue)].map { (word: UInt32) in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }
        return CommandError("Not \(what): \(words.joined(separator: " "))", status: status)
    }
}
