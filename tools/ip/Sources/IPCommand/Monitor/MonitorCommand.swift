// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkEvents
internal import NetlinkRoute

/// `ip monitor`.
enum MonitorCommand {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        var choice = MonitorChoice()
        try choice.parse(&words)
        try session.listen { (session) throws(CommandError) in try run(choice, &session) }
    }

    private static func run(_ choice: MonitorChoice, _ session: inout Session) throws(CommandError) {
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

    private static func subscribe(
        _ choice: MonitorChoice, _ options: GlobalOptions
    ) throws(NetlinkError) -> BlockingNetworkEvents {
        var subscription = RouteSubscription(
            choice.groups(options.family), includesAllNamespaces: choice.includesAllNamespaces,
            receiveBufferByteCount: options.receiveBuffer.map { Int($0) } ?? 1 << 20)
        do throws(NetlinkError) { return try BlockingNetworkEvents(subscription) } catch {
            // Kernels before 6.15 lack the last groups; what was not asked for by name is not missed.
            guard error.isInvalid, choice.objects.isEmpty else { throw error }
            subscription.groups.removeAll { $0.rawValue > RouteGroup.statistics.rawValue }
            return try BlockingNetworkEvents(subscription)
        }
    }

    private static func listen(
        _ choice: MonitorChoice, _ printer: MonitorPrinter, _ session: inout Session
    ) throws(CommandError) {
        do throws(NetlinkError) {
            let events = try subscribe(choice, session.options)
            while true {
                // What came together is written together; nothing waits while there is nothing more to read.
                if let event = try events.next(timeout: .zero) {
                    printer.print(event, &session)
                } else {
                    session.output.flush()
                    if let event = try events.next() { printer.print(event, &session) }
                }
            }
        } catch {
            if choice.includesAllNamespaces, error.isPermission {
                throw CommandError("NETLINK_LISTEN_ALL_NSID: \(error.code)", status: 1)
            }
            throw CommandError("Cannot listen for changes: \(error)", status: 1)
        }
    }
}

/// What the words of `ip monitor` choose.
struct MonitorChoice {
    /// A kind of object that can be chosen.
    enum Object {
        case link, address, anycastAddress, route, multicastRoute, multicastAddress, prefix, neighbor, rule
        case configuration, namespaceID, nextHop, statistics
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
            case "all":
                isAll = true
                hasLabels = true
            case prefix("all-nsid") where word.count > 1: includesAllNamespaces = true
            case prefix("link"): objects.append(.link)
            case prefix("address"): objects.append(.address)
            case "acaddress": objects.append(.anycastAddress)
            case prefix("route"): objects.append(.route)
            case prefix("mroute"): objects.append(.multicastRoute)
            case prefix("maddress"): objects.append(.multicastAddress)
            case prefix("prefix"): objects.append(.prefix)
            case prefix("neighbor"), prefix("neighbour"): objects.append(.neighbor)
            case prefix("rule"): objects.append(.rule)
            case prefix("netconf"): objects.append(.configuration)
            case prefix("nsid"): objects.append(.namespaceID)
            case prefix("nexthop"): objects.append(.nextHop)
            case "stats": objects.append(.statistics)
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
        // In the reference's order; statistics are told only when they are asked for by name or all are.
        let all: [Object] = [
            .link, .address, .route, .multicastRoute, .prefix, .neighbor, .configuration, .rule, .namespaceID,
            .nextHop, .statistics, .multicastAddress, .anycastAddress,
        ]
        let family = AddressFamily(rawValue: family)
        func fits(_ other: AddressFamily) -> Bool { family == .unspecified || family == other }
        var groups: [RouteGroup] = []
        func join(_ ipv4: RouteGroup?, _ ipv6: RouteGroup?, mpls: RouteGroup? = nil) {
            if let ipv4, fits(.ipv4) { groups.append(ipv4) }
            if let ipv6, fits(.ipv6) { groups.append(ipv6) }
            if let mpls, fits(.mpls) { groups.append(mpls) }
        }
        for object in objects.isEmpty ? all : objects {
            switch object {
            case .link: groups.append(.link)
            case .address: join(.ipv4Address, .ipv6Address)
            case .anycastAddress: join(nil, .ipv6AnycastAddress)
            case .route: join(.ipv4Route, .ipv6Route, mpls: .mplsRoute)
            case .multicastRoute: join(.ipv4MulticastRoute, .ipv6MulticastRoute)
            case .multicastAddress: join(.ipv4MulticastAddress, .ipv6MulticastAddress)
            case .prefix: join(nil, .ipv6Prefix)
            case .neighbor: groups.append(.neighbor)
            case .rule: join(.ipv4Rule, .ipv6Rule)
            case .configuration: join(.ipv4Configuration, .ipv6Configuration, mpls: .mplsConfiguration)
            case .namespaceID: groups.append(.namespaceID)
            case .nextHop: groups.append(.nextHop)
            case .statistics: groups.append(.statistics)
            }
        }
        return groups
    }
}
