// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// Reads the words that describe a route to be put there or taken away.
struct RouteArguments {
    private(set) var route: Route
    private var family: AddressFamily
    private var hasDestination = false
    private var hasGateway = false
    private var hasTable = false
    private var hasScope = false
    private var hasNextHopID = false
    private var hasType = false
    private var device: Word?
    private var metrics = RouteMetrics()
    private let isRemoval: Bool

    private init(_ session: borrowing Session, isRemoval: Bool) {
        self.isRemoval = isRemoval
        family = AddressFamily(rawValue: session.options.family)
        route = Route(family: family)
        route.type = isRemoval ? .unspecified : .unicast
        route.origin = isRemoval ? .unspecified : .boot
        route.scope = isRemoval ? .nowhere : .universe
    }

    /// Reads all words.
    static func parse(_ words: inout Words, _ session: inout Session, isRemoval: Bool) throws(CommandError) -> Route {
        var arguments = RouteArguments(session, isRemoval: isRemoval)
        while let word = words.next() { try arguments.take(word, &words, &session) }
        return try arguments.finish(&session)
    }

    private mutating func take(
        _ word: Word, _ words: inout Words, _ session: inout Session
    ) throws(CommandError) {
        switch word {
        case "src": route.preferredSource = try definite(try address(try words.required()))
        case "as":
            _ = words.take("to")
            route.newDestination = try newDestination(try words.required())
        case "via": try takeGateway(&words)
        case "from": route.source = try readPrefix(try words.required())
        case "tos", prefix("dsfield"):
            let name = try words.required()
            guard let value = session.names.dsfields.number(name), value < 256 else {
                throw .invalid(name, "\"tos\" value is invalid\n")
            }
            route.typeOfService = UInt8(value)
        case "expires": route.expires = try words.value(UInt32.self, or: "\"expires\" value is invalid\n")
        case prefix("metric"), prefix("priority"), "preference":
            route.metric = try words.value(UInt32.self, or: "\"metric\" value is invalid\n")
        case "scope":
            let name = try words.required()
            guard let value = session.names.scopes.number(name), value < 256 else {
                throw .invalid(name, "invalid \"scope\" value\n")
            }
            route.scope = RouteScope(rawValue: UInt8(value))
            hasScope = true
        case _ where word.isPrefix(of: "realms") && word.count > 2:
            let name = try words.required()
            guard let realms = RouteRealmsWord.read(name, &session) else {
                throw .invalid(name, "\"realm\" value is invalid\n")
            }
            route.realms = realms
        case "onlink": route.flags.insert(.onLink)
        case "nexthop":
            words.position -= 1
            return try takeNextHops(&words, &session)
        case "nhid":
            route.nextHopID = try words.value(UInt32.self, or: "\"id\" value is invalid\n")
            hasNextHopID = route.nextHopID != 0
        case prefix("protocol"):
            let name = try words.required()
            guard let value = session.names.protocols.number(name), value < 256 else {
                throw .invalid(name, "\"protocol\" value is invalid\n")
            }
            route.origin = RoutingProtocol(rawValue: UInt8(value))
        case prefix("table"):
            let name = try words.required()
            guard let value = session.names.tables.number(name) else {
                throw .invalid(name, "\"table\" value is invalid\n")
            }
            route.table = RoutingTable(rawValue: value)
            hasTable = true
        case prefix("vrf"):
            route.table = try RouteTables.vrf(try words.required(), &session)
            hasTable = true
        case "dev", "oif": device = try words.required()
        case prefix("pref"): try takePreference(try words.required())
        case "encap": try unsupported("encap")
        case "ttl-propagate":
            let value = try words.required()
            if value.isPrefix(of: "enabled") {
                route.ttlPropagation = true
            } else if value.isPrefix(of: "disabled") {
                route.ttlPropagation = false
            } else {
                throw .invalid(value, "\"ttl-propagate\" value is invalid\n")
            }
        default:
            if try RouteMetricArgument.take(word, &words, &metrics) { return }
            try takeDestination(word, &words)
        }
    }

    private func unsupported(_ word: String) throws(CommandError) { throw IPObject.notYet(word) }

    private mutating func takePreference(_ word: Word) throws(CommandError) {
        switch word {
        case "low": route.preference = .low
        case "medium": route.preference = .medium
        case "high": route.preference = .high
        default:
            guard let value = word.number(UInt8.self) else { throw .invalid(word, "\"pref\" value is invalid\n") }
            route.preference = RouterPreference(rawValue: value)
        }
    }

    private mutating func takeGateway(_ words: inout Words) throws(CommandError) {
        if hasGateway { throw .invalid(Word("via"), "use nexthop syntax to specify multiple via\n") }
        var word = try words.required()
        var wanted = family
        if let named = RouteTables.family(named: word) {
            wanted = named
            word = try words.required()
        }
        hasGateway = true
        if wanted == .mpls { return try takeLabels(word) }
        route.gateway = try definite(try address(word, wanted))
        if family == .unspecified, let gateway = route.gateway { family = gateway.family }
    }

    /// A gateway that is named by labels, for the kernel to judge.
    private mutating func takeLabels(_ word: Word) throws(CommandError) {
        let labels = try LabelStack.address(word)
        if family == .mpls {
            let gateway: UInt16 = 5  // RTA_GATEWAY
            route.unknown.keep(UnknownAttribute(rawType: gateway, payload: labels))
        } else {
            route.via = RawVia(family: .mpls, address: labels)
        }
    }

    private func newDestination(_ word: Word) throws(CommandError) -> [UInt8]? {
        family == .mpls ? try LabelStack.address(word) : try address(word)?.bytes
    }

    private mutating func takeDestination(_ first: Word, _ words: inout Words) throws(CommandError) {
        var word = first
        if word == "to" { word = try words.required() }
        if word.bytes.count < 1 || word[0] < 0x30 || word[0] > 0x39, let type = RouteTypeName.type(word), !hasType {
            route.type = type
            hasType = true
            word = try words.required()
        }
        if word.isPrefix(of: "help") { throw Usage.error(.route, status: 255) }
        if hasDestination { throw .garbage(word, orDuplicate: "to") }
        if family == .mpls {
            route.rawDestination = try LabelStack.prefix(word)
        } else if let prefix = try readPrefix(word) {
            setDestination(prefix)
        }
        hasDestination = true
    }

    private mutating func setDestination(_ prefix: IPPrefix) {
        let known = route.family
        route.destination = prefix
        if known != .unspecified, known != prefix.family { route.family = prefix.family }
        family = prefix.family
    }

    private func readPrefix(_ word: Word) throws(CommandError) -> IPPrefix? {
        do throws(AddressSyntaxError) {
            return try PrefixArgument(parsing: word.string, family: family).prefix(in: family)
        } catch {
            throw CommandError("Error: \(error)", status: 1, endsBatch: true)
        }
    }

    private func address(_ word: Word) throws(CommandError) -> IPAddress? { try address(word, family) }

    private func address(_ word: Word, _ family: AddressFamily) throws(CommandError) -> IPAddress? {
        do throws(AddressSyntaxError) {
            return try AddressArgument(parsing: word.string, family: family).address(in: family)
        } catch {
            throw CommandError("Error: \(error)", status: 1, endsBatch: true)
        }
    }

    /// Refuses `any` where an address has to be, with the words in which the kernel refuses an empty one.
    private func definite(_ address: IPAddress?) throws(CommandError) -> IPAddress {
        guard let address else { throw CommandError("Error: Attribute failed policy validation.", status: 2) }
        return address
    }

    // MARK: Next hops

    private mutating func takeNextHops(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        var hops: [NextHop] = []
        while let word = words.next() {
            guard word == "nexthop" else {
                throw CommandError(
                    "Error: \"nexthop\" or end of line is expected instead of \"\(word.string)\"", status: 255,
                    endsBatch: true)
            }
            if words.isEmpty {
                throw CommandError("Error: unexpected end of line after \"nexthop\"", status: 255, endsBatch: true)
            }
            hops.append(try takeNextHop(&words, &session))
        }
        route.nextHops = hops
    }

    private mutating func takeNextHop(
        _ words: inout Words, _ session: inout Session
    ) throws(CommandError) -> NextHop {
        var hop = NextHop()
        while let word = words.peek, word != "nexthop" {
            words.position += 1
            switch word {
            case "via":
                var value = try words.required()
                var wanted = family
                if let named = RouteTables.family(named: value) {
                    wanted = named
                    value = try words.required()
                }
                if wanted == .mpls {
                    hop.via = RawVia(family: .mpls, address: try LabelStack.address(value))
                    continue
                }
                // Of several the kernel takes the first.
                let gateway = try address(value, wanted)
                hop.gateway = hop.gateway ?? gateway
                if family == .unspecified, let gateway = hop.gateway { family = gateway.family }
            case "dev": hop.output = try nextHopDevice(try words.required(), &session)
            case "weight":
                let value = try words.required()
                guard let weight = value.number(UInt32.self), (1...256).contains(weight) else {
                    throw .invalid(value, "\"weight\" is invalid\n")
                }
                hop.weight = Int(weight)
            case "onlink": hop.flags.insert(.onLink)
            case prefix("realms"):
                let value = try words.required()
                guard let realms = RouteRealmsWord.read(value, &session) else {
                    throw .invalid(value, "\"realm\" value is invalid\n")
                }
                hop.realms = realms
            case "encap": try unsupported("encap")
            case "as":
                _ = words.take("to")
                hop.newDestination = try newDestination(try words.required())
            default:
                words.position -= 1
                return hop
            }
        }
        return hop
    }

    private func nextHopDevice(_ name: Word, _ session: inout Session) throws(CommandError) -> InterfaceIndex {
        guard let index = try session.lookUp(name) else {
            throw CommandError(
                "Cannot find device \"\(name.string)\"\nError: cannot parse nexthop", status: 255, endsBatch: true)
        }
        return index
    }

    // MARK: What follows from what was said

    private mutating func finish(_ session: inout Session) throws(CommandError) -> Route {
        if !hasDestination { throw Usage.error(.route, status: 255) }
        // The route's own family is that of its destination; without one that of the gateway.
        if route.family == .unspecified {
            route.family = family == .unspecified ? .ipv4 : family
        }
        if let device { route.output = try session.index(of: device) }
        if !metrics.isEmpty { route.metrics = metrics }
        if !hasTable, [.local, .broadcast, .nat, .anycast].contains(route.type) { route.table = .local }
        if !hasScope { setScope() }
        return route
    }

    private mutating func setScope() {
        if route.family == .mpls {
            // The kernel takes nothing else, also when a route is removed.
            if route.type == .unspecified { route.type = .unicast }
            route.scope = .universe
            return
        }
        switch route.type {
        case .local, .nat: route.scope = .host
        case .broadcast, .multicast, .anycast: route.scope = .link
        case .unicast, .unspecified:
            if isRemoval {
                route.scope = .nowhere
            } else if route.family != .ipv6, !hasGateway, !hasNextHopID, route.nextHops.isEmpty {
                route.scope = .link
            } else {
                route.scope = .universe
            }
        default: route.scope = .universe
        }
    }
}

/// Realms as `SOURCE/DESTINATION`, of which the latter may be left out, or `DESTINATION`.
enum RouteRealmsWord {
    static func read(_ word: Word, _ session: inout Session) -> RouteRealms? {
        let (first, second) = word.split(at: "/")
        guard let second else {
            guard let one = session.names.realms.number(first) ?? first.number(UInt32.self) else { return nil }
            // Like iproute2, a number that is too big is both.
            return RouteRealms(
                source: UInt16(truncatingIfNeeded: one >> 16), destination: UInt16(truncatingIfNeeded: one))
        }
        guard let one = session.names.realms.number(first),
            let two = second.isEmpty ? 0 : session.names.realms.number(second),
            let source = UInt16(exactly: one), let destination = UInt16(exactly: two)
        else { return nil }
        return RouteRealms(source: source, destination: destination)
    }
}
