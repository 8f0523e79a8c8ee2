// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkEvents
internal import NetlinkRoute

/// Prints changes as `ip monitor` does: what stands in front of each, and the object as its own command prints it.
struct MonitorPrinter {
    /// The only link whose changes are printed.
    let device: InterfaceIndex?
    let hasLabels: Bool
    let tellsNamespaces: Bool
    private let line = LinkLine(.event)

    init(device: InterfaceIndex?, hasLabels: Bool, tellsNamespaces: Bool) {
        self.device = device
        self.hasLabels = hasLabels
        self.tellsNamespaces = tellsNamespaces
    }

    func print(_ event: consuming NetworkEvent, _ session: inout Session) {
        switch event.kind {
        case .route(let notification): print(notification, &session)
        case .overflow:
            CommandError("netlink receive error: changes were lost, the receive buffer was full", status: 0).report()
        case .malformed(let error, let bytes):
            CommandError("netlink receive error: \(error)", status: 0).report()
            if bytes.count >= 6 {
                let type = UInt16(bytes[5]) << 8 | UInt16(bytes[4])
                print(raw: RouteMessageType(rawValue: UInt16(littleEndian: type)), bytes, nil, &session)
            }
        // A socket that fails is thrown; no group of traffic control is joined.
        default: break
        }
    }

    func print(_ notification: consuming RouteNotification, _ session: inout Session) {
        let place = notification.namespaceID
        guard place != nil else { return print(notification.event, nil, &session) }
        // The numbers of another namespace's links mean other links here: they are printed as numbers.
        session.links.forget()
        session.links.asks = false
        print(notification.event, place, &session)
        session.links.forget()
        session.links.asks = true
    }

    private func print(_ event: consuming RouteEvent, _ place: NamespaceID?, _ session: inout Session) {
        switch consume event {
        case .link(let link): print(link, isDeleted: false, place, &session)
        case .linkRemoved(let link): print(link, isDeleted: true, place, &session)
        case .address(let address): print(address, isDeleted: false, place, &session)
        case .addressRemoved(let address): print(address, isDeleted: true, place, &session)
        case .route(let route): print(route, isDeleted: false, place, &session)
        case .routeRemoved(let route): print(route, isDeleted: true, place, &session)
        case .neighbor(let neighbor): print(neighbor, "", place, &session)
        case .neighborRemoved(let neighbor): print(neighbor, "Deleted ", place, &session)
        case .neighborWanted(let neighbor): print(neighbor, "miss ", place, &session)
        case .rule(let rule):
            printHeader("[RULE]", place, &session)
            RulePrinter.print(rule, &session)
        case .ruleRemoved(let rule):
            printHeader("[RULE]", place, &session)
            RulePrinter.print(rule, &session, deleted: true)
        case .namespaceID(let id): print(id, isDeleted: false, place, &session)
        case .namespaceIDRemoved(let id): print(id, isDeleted: true, place, &session)
        case .other(let type, let bytes): print(type, bytes, place, &session)
        @unknown default: break
        }
    }

    // MARK: What stands in front

    func printHeader(_ label: StaticString, _ place: NamespaceID?, _ session: inout Session) {
        if session.options.timestamp {
            session.output.text(Timestamp.now(isShort: session.options.shortTimestamp))
        }
        if tellsNamespaces {
            if let place {
                session.output.text("[nsid ")
                session.output.text(number: place.rawValue)
                session.output.text("]")
            } else {
                session.output.text("[nsid current]")
            }
        }
        if hasLabels { session.output.text(label) }
    }

    func isWanted(_ index: InterfaceIndex?) -> Bool { device == nil || index == device }

    // MARK: Objects

    private func print(_ link: Link, isDeleted: Bool, _ place: NamespaceID?, _ session: inout Session) {
        // A link may have another name now.
        session.links.forget()
        guard isWanted(link.index) else { return }
        printHeader("[LINK]", place, &session)
        if place == nil, !isDeleted { session.links.keep(link) }
        if session.options.brief {
            line.printBrief(link, isDeleted: isDeleted, in: &session)
        } else {
            line.print(link, isDeleted: isDeleted, in: &session)
        }
    }

    func print(_ address: Address, isDeleted: Bool, _ place: NamespaceID?, _ session: inout Session) {
        guard isWanted(address.index) else { return }
        printHeader("[ADDR]", place, &session)
        AddressPrinter.print(address, .link, &session, deleted: isDeleted)
    }

    private func print(_ route: Route, isDeleted: Bool, _ place: NamespaceID?, _ session: inout Session) {
        guard isWanted(route.output) else { return }
        printHeader("[ROUTE]", place, &session)
        var omissions = RouteOmissions()
        omissions.showsTable = true
        omissions.device = device != nil
        RoutePrinter.print(route, &session, omissions, deleted: isDeleted)
    }

    private func print(_ neighbor: Neighbor, _ lead: StaticString, _ place: NamespaceID?, _ session: inout Session) {
        let family = AddressFamily(rawValue: session.options.family)
        guard isWanted(neighbor.index), family == .unspecified || family == neighbor.family else { return }
        printHeader("[NEIGH]", place, &session)
        session.output.text(lead)
        NeighborPrinter.print(neighbor, &session, showsDevice: device == nil)
    }

    private func print(_ id: NamespaceID, isDeleted: Bool, _ place: NamespaceID?, _ session: inout Session) {
        printHeader("[NSID]", place, &session)
        if isDeleted { session.output.text("Deleted ") }
        session.output.number("nsid", id.rawValue, prefix: "nsid ", suffix: " ")
        // Names are looked up anew: this very change may have given the number to another namespace.
        if place == nil { NetnsList.printName(of: id, NamespaceNames(), &session) }
        session.output.endLine()
    }
}
