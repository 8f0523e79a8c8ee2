// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// A command that asks for the notification that it causes.
struct EchoedCommand<Base: Command<RouteProtocol>>: Query {
    typealias Family = RouteProtocol
    let base: Base

    var messageType: UInt16 { base.messageType }
    var flags: MessageFlags { base.flags.union(.echo) }
    var operation: StaticString { base.operation }
    var object: String? { base.object }
    func encode(into writer: inout MessageWriter) { base.encode(into: &writer) }
    func decode(_ message: borrowing Message) throws(DecodeError) -> RawMessage { RawMessage(message) }
}

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
        default: break
        }
        session.output.endArray()
    }
}
