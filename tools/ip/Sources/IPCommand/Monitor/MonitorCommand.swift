// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `ip monitor`.
enum MonitorCommand {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        var choice = MonitorChoice()
        try choice.parse(&words)
        // Events are text whatever was asked for, as in the reference.
        let options = session.options
        session.output.flush()
        session.options.json = false
        session.options.pretty = false
        session.output = session.options.makeOutput()
        defer {
            session.output.flush()
            session.options = options
            session.output = options.makeOutput()
        }
        var device: InterfaceIndex?
        if let word = choice.device {
            guard let index = try session.lookUp(word) else { throw .invalid(word, "Device does not exist\n") }
            device = index
        }
        // Names of links are asked for over it.
        _ = try session.connection
        let printer = MonitorPrinter(
            device: device, hasLabels: choice.hasLabels, tellsNamespaces: choice.includesAllNamespaces)
        if let file = choice.file { return try MonitorFile.run(file, printer, &session) }
        try listen(choice, printer, &session)
    }

    private static func listen(
        _ choice: MonitorChoice, _ printer: MonitorPrinter, _ session: inout Session
    ) throws(CommandError) {
        do throws(NetlinkError) {
            let events = try BlockingRouteEvents(
                RouteSubscription(
                    choice.groups(session.options.family), includesAllNamespaces: choice.includesAllNamespaces,
                    receiveBufferByteCount: session.options.receiveBuffer.map { Int($0) } ?? 1 << 20))
            while let element = try events.next() {
                printer.print(element, &session)
                session.output.flush()
            }
        } catch {
            throw CommandError("Cannot listen for changes: \(error)", status: 1)
        }
    }
}

/// What the words of `ip monitor` choose.
struct MonitorChoice {
    /// A kind of object that can be chosen.
    enum Object {
        case link, address, route, neighbor, rule, namespaceID
    }

    /// The objects named; none for all.
    private(set) var objects: [Object] = []
    private(set) var hasLabels = false
    private(set) var includesAllNamespaces = false
    private(set) var device: Word?
    private(set) var file: Word?

    mutating func parse(_ words: inout Words) throws(CommandError) {
        var isAll = false
        while let word = words.next() {
            // The order decides what an abbreviation means; it is iproute2's.
            switch word {
            case prefix("file"): file = try words.required()
            case prefix("label"): hasLabels = true
            case "all-nsid": includesAllNamespaces = true
            case prefix("link"): objects.append(.link)
            case prefix("address"): objects.append(.address)
            case prefix("acaddress"): throw IPObject.notYet("acaddress")
            case prefix("route"): objects.append(.route)
            case prefix("mroute"): throw IPObject.notYet("mroute")
            case prefix("maddress"): throw IPObject.notYet("maddress")
            case prefix("prefix"): throw IPObject.notYet("prefix")
            case prefix("neighbor"), prefix("neighbour"): objects.append(.neighbor)
            case prefix("rule"): objects.append(.rule)
            case prefix("netconf"): throw IPObject.notYet("netconf")
            case prefix("nsid"): objects.append(.namespaceID)
            case prefix("nexthop"): throw IPObject.notYet("nexthop")
            case prefix("stats"): throw IPObject.notYet("stats")
            case "all":
                isAll = true
                hasLabels = true
            case prefix("help"): throw Usage.error(.monitor, status: 255)
            case "dev": device = try words.required()
            default:
                throw CommandError(
                    "Argument \"\(word.string)\" is unknown, try \"ip monitor help\".", status: 255, endsBatch: true)
            }
        }
        if isAll { objects = [] }
    }

    /// The groups of notifications to join, of one family where one was asked for.
    func groups(_ family: UInt8) -> [RouteGroup] {
        let all: [Object] = [.link, .address, .route, .neighbor, .rule, .namespaceID]
        let family = AddressFamily(rawValue: family)
        let isAny = family == .unspecified
        var groups: [RouteGroup] = []
        for object in objects.isEmpty ? all : objects {
            switch object {
            case .link: groups.append(.link)
            case .address:
                if isAny || family == .ipv4 { groups.append(.ipv4Address) }
                if isAny || family == .ipv6 { groups.append(.ipv6Address) }
            case .route:
                if isAny || family == .ipv4 { groups.append(.ipv4Route) }
                if isAny || family == .ipv6 { groups.append(.ipv6Route) }
                if isAny || family == .mpls { groups.append(.mplsRoute) }
            case .neighbor: groups.append(.neighbor)
            case .rule:
                if isAny || family == .ipv4 { groups.append(.ipv4Rule) }
                if isAny || family == .ipv6 { groups.append(.ipv6Rule) }
            case .namespaceID: groups.append(.namespaceID)
            }
        }
        // Without a choice, what has no decoder is told too, as bytes.
        if objects.isEmpty {
            groups += [.ipv4MulticastRoute, .ipv6MulticastRoute, .ipv6Prefix]
            groups += [.ipv4Configuration, .ipv6Configuration, .nextHop]
        }
        return groups
    }
}
