// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// Which routes a listing or a flush is for, as its words say.
struct RouteFilter {
    /// How a prefix is looked for.
    struct PrefixRange {
        /// Prefixes inside this one.
        var root: IPPrefix?
        /// Prefixes around this one.
        var match: IPPrefix?

        func accepts(_ prefix: IPPrefix) -> Bool {
            if let root, !(root.family == prefix.family && root.contains(prefix)) { return false }
            if let match, !(match.family == prefix.family && prefix.contains(match)) { return false }
            return true
        }
    }

    var family: AddressFamily
    /// The table; nil for all.
    var table: RoutingTable? = .main
    var cloned = false
    /// The label, of MPLS routes.
    var label: [UInt8]?
    var destination = PrefixRange()
    var source = PrefixRange()
    var gateway: IPPrefix?
    var preferredSource: IPPrefix?
    var typeOfService: UInt8?
    var origin: RoutingProtocol?
    var scope: RouteScope?
    var type: RouteType?
    var output: InterfaceIndex?
    var input: InterfaceIndex?
    var realms: RouteRealms?
    /// Which of the realms count: one that is left out at the slash does not.
    var realmsCount = (source: true, destination: true)
    /// Whether routes that the kernel made for addresses are left out, as with `vrf` and no `type`.
    var hidesAddresses = false
    var metric: UInt32?
    var mark: UInt32?

    init(family: UInt8) { self.family = AddressFamily(rawValue: family) }

    /// Reads the words of a listing.
    static func parse(_ words: inout Words, _ session: inout Session) throws(CommandError) -> RouteFilter {
        var filter = RouteFilter(family: session.options.family)
        var output: Word?
        var input: Word?
        while let word = words.next() {
            switch word {
            case prefix("table"): try filter.takeTable(try words.required(), &session)
            case prefix("vrf"):
                filter.table = try RouteTables.vrf(try words.required(), &session)
                filter.hidesAddresses = filter.type == nil
            case prefix("cached"), prefix("cloned"): filter.cloned = true
            case "tos", prefix("dsfield"):
                let name = try words.required()
                guard let value = session.names.dsfields.number(name), value < 256 else {
                    throw .invalid(name, "TOS value is invalid\n")
                }
                filter.typeOfService = UInt8(value)
            case prefix("protocol"): try filter.takeProtocol(try words.required(), &session)
            case prefix("scope"): try filter.takeScope(try words.required(), &session)
            case prefix("type"):
                let name = try words.required()
                guard let type = RouteTypeName.type(name) else { throw .invalid(name, "node type value is invalid\n") }
                filter.type = type
                filter.hidesAddresses = false
            case "dev", "oif": output = try words.required()
            case "iif": input = try words.required()
            case "mark": filter.mark = try words.value(UInt32.self, or: "invalid mark value")
            case prefix("metric"), prefix("priority"), "preference":
                filter.metric = try words.value(UInt32.self, or: "\"metric\" value is invalid\n")
            case "via":
                var value = try words.required()
                var family = filter.family
                if let named = RouteTables.family(named: value) {
                    family = named
                    value = try words.required()
                }
                filter.gateway = try readPrefix(value, family)
            case "src": filter.preferredSource = try filter.anyPrefix(try words.required())
            case prefix("realms"):
                let name = try words.required()
                guard let realms = RouteRealmsWord.read(name, &session) else {
                    throw .invalid(name, "invalid realms\n")
                }
                filter.realms = realms
                filter.realmsCount = Self.counts(of: realms, name)
            case prefix("from"):
                let first = try words.required()
                if filter.family == .mpls { throw .expected("mpls prefix", ratherThan: first) }
                try filter.take(first, &words, \.source)
            default:
                let first = word == "to" ? try words.required() : word
                if filter.family == .mpls {
                    try filter.takeLabel(first, &words)
                } else {
                    try filter.take(first, &words, \.destination)
                }
            }
        }
        if filter.family == .unspecified, filter.table != nil, !filter.cloned { filter.family = .ipv4 }
        if let output { filter.output = try session.index(of: output) }
        if let input { filter.input = try session.index(of: input) }
        return filter
    }

    private static func counts(of realms: RouteRealms, _ word: Word) -> (source: Bool, destination: Bool) {
        let slash = word.firstIndex(of: 0x2f)
        return (realms.source != 0 || slash != nil, realms.destination != 0 || slash != word.count - 1)
    }

    private mutating func takeTable(_ word: Word, _ session: inout Session) throws(CommandError) {
        if let number = session.names.tables.number(word) {
            table = number == 0 ? nil : RoutingTable(rawValue: number)
        } else if word == "all" {
            table = nil
        } else if word == "cache" {
            cloned = true
            table = nil
        } else {
            throw .invalid(word, "table id value is invalid\n")
        }
    }

    private mutating func takeProtocol(_ word: Word, _ session: inout Session) throws(CommandError) {
        if let number = session.names.protocols.number(word), number < 256 {
            origin = RoutingProtocol(rawValue: UInt8(number))
        } else if word == "all" {
            origin = nil
        } else {
            throw .invalid(word, "invalid \"protocol\"\n")
        }
    }

    private mutating func takeScope(_ word: Word, _ session: inout Session) throws(CommandError) {
        if let number = session.names.scopes.number(word), number < 256 {
            scope = RouteScope(rawValue: UInt8(number))
        } else if word == "all" {
            scope = nil
        } else {
            throw .invalid(word, "invalid \"scope\"\n")
        }
    }

    private mutating func take(
        _ first: Word, _ words: inout Words, _ range: WritableKeyPath<RouteFilter, PrefixRange>
    ) throws(CommandError) {
        switch first {
        case prefix("root"): self[keyPath: range].root = try anyPrefix(try words.required())
        case prefix("match"): self[keyPath: range].match = try anyPrefix(try words.required())
        default:
            let word = first.isPrefix(of: "exact") ? try words.required() : first
            let prefix = try anyPrefix(word)
            self[keyPath: range] = PrefixRange(root: prefix, match: prefix)
        }
    }

    /// Takes the label that a destination is in MPLS.
    private mutating func takeLabel(_ first: Word, _ words: inout Words) throws(CommandError) {
        switch first {
        case prefix("root"), prefix("match"), prefix("exact"): label = try LabelStack.prefix(try words.required())
        default: label = try LabelStack.prefix(first)
        }
    }

    /// A prefix of the family that was asked for, or of any: like iproute2 a listing stays one of IPv4 without `-6`.
    private func anyPrefix(_ word: Word) throws(CommandError) -> IPPrefix? { try Self.readPrefix(word, family) }

    private static func readPrefix(_ word: Word, _ family: AddressFamily) throws(CommandError) -> IPPrefix? {
        do throws(AddressSyntaxError) {
            let argument = try PrefixArgument(parsing: word.string, family: family)
            return argument.prefix(in: family == .unspecified ? .ipv4 : family)
        } catch {
            throw CommandError("Error: \(error)", status: 1, endsBatch: true)
        }
    }

    /// What goes to the kernel; the rest is looked at here.
    var dump: RouteDump {
        var dump = RouteDump(family: family)
        dump.table = table
        dump.origin = origin
        dump.type = type
        dump.output = output
        dump.cloned = cloned
        return dump
    }

    /// Whether a listed route is meant.
    func accepts(_ route: Route) -> Bool {
        // Families without routes of their own are answered with those of all.
        if family != .unspecified, route.family != family { return false }
        if cloned != route.flags.contains(.cloned) { return false }
        if let label, route.rawDestination != label { return false }
        if let typeOfService, route.typeOfService != typeOfService { return false }
        if let scope, route.scope != scope { return false }
        if let metric, route.metric ?? 0 != metric { return false }
        if destination.root != nil || destination.match != nil {
            guard let prefix = route.destination, destination.accepts(prefix) else { return false }
        }
        if source.root != nil || source.match != nil {
            guard let prefix = route.source ?? IPPrefix(anyOf: route.family), source.accepts(prefix) else {
                return false
            }
        }
        if let gateway, gateway.length > 0, !(route.gateway.map { gateway.contains($0) } ?? false) { return false }
        if hidesAddresses, route.type == .local || route.type == .broadcast { return false }
        if let preferredSource, preferredSource.length > 0,
            !(route.preferredSource.map { preferredSource.contains($0) } ?? false)
        {
            return false
        }
        if let realms {
            let own = route.realms ?? RouteRealms(destination: 0)
            if realmsCount.source, own.source != realms.source { return false }
            if realmsCount.destination, own.destination != realms.destination { return false }
        }
        if let input, route.input != input { return false }
        if let mark, route.mark ?? 0 != mark { return false }
        return true
    }

    /// What a line need not repeat.
    var omissions: RouteOmissions {
        var omit = RouteOmissions()
        omit.device = output != nil
        omit.origin = origin != nil
        omit.scope = scope != nil
        omit.preferredSource = preferredSource.map { $0.isHost } ?? false
        omit.typeOfService = typeOfService != nil
        omit.metric = metric != nil
        omit.gateway = gateway.map { $0.isHost } ?? false
        omit.realms = realms != nil && realmsCount == (true, true)
        omit.showsTable = table == nil
        return omit
    }
}

extension IPPrefix {
    /// The prefix of length 0 of a family.
    init?(anyOf family: AddressFamily) {
        switch family {
        case .ipv4: self = .anyIPv4
        case .ipv6: self = .anyIPv6
        default: return nil
        }
    }
}
