// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `ip route get`: by which route a packet would go.
struct RouteGet {
    private var family: AddressFamily
    private var destination: IPPrefix?
    private var source: IPPrefix?
    private var packet = Route(family: .unspecified)
    private var input: Word?
    private var output: Word?
    private var isConnected = false
    private var isFIBMatch = false
    private var isNotified = false

    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        var request = RouteGet(family: AddressFamily(rawValue: session.options.family))
        while let word = words.next() { try request.take(word, &words, &session) }
        try request.ask(&session)
    }

    private init(family: AddressFamily) { self.family = family }

    private mutating func take(
        _ word: Word, _ words: inout Words, _ session: inout Session
    ) throws(CommandError) {
        switch word {
        case "tos", prefix("dsfield"):
            let name = try words.required()
            guard let value = session.names.dsfields.number(name), value < 256 else {
                throw .invalid(name, "TOS value is invalid\n")
            }
            packet.typeOfService = UInt8(value)
        case prefix("from"):
            var value = try words.required()
            if value.isPrefix(of: "help") { throw Usage.error(.route, status: 255) }
            if value == "to" { value = try words.required() }
            source = try readPrefix(value)
        case prefix("iif"): input = try words.required()
        case prefix("oif"), "dev": output = try words.required()
        case prefix("mark"): packet.mark = try words.value(UInt32.self, or: "invalid mark value")
        case prefix("notify"): isNotified = true
        case prefix("connected"): isConnected = true
        case prefix("vrf"):
            let name = try words.required()
            _ = try RouteTables.vrf(name, &session)
            output = name
        case prefix("uid"): packet.user = try words.value(UInt32.self, or: "invalid UID\n")
        case prefix("fibmatch"): isFIBMatch = true
        case "as":
            _ = words.take("to")
            packet.newDestination = try readPrefix(try words.required())?.address.bytes
        case prefix("ipproto"):
            let name = try words.required()
            guard let number = name.number(UInt8.self, base: 10) ?? SystemNames().ipProtocol(named: name) else {
                throw .invalid(name, "Invalid \"ipproto\" value\n")
            }
            packet.ipProtocol = number
        case prefix("sport"): packet.sourcePort = try words.value(UInt16.self, or: "invalid sport\n")
        case prefix("dport"): packet.destinationPort = try words.value(UInt16.self, or: "invalid dport\n")
        case "flowlabel": packet.flowLabel = try words.value(UInt32.self, or: "invalid flowlabel")
        default:
            let value = word == "to" ? try words.required() : word
            if value.isPrefix(of: "help") { throw Usage.error(.route, status: 255) }
            if family == .mpls {
                packet.family = .mpls
                packet.rawDestination = try LabelStack.prefix(value)
            } else {
                destination = try readDestination(value)
            }
        }
    }

    /// `default` stands for the address of zeros.
    private mutating func readDestination(_ word: Word) throws(CommandError) -> IPPrefix {
        let prefix = try readPrefix(word)
        let destination = prefix ?? (family == .ipv6 ? .anyIPv6 : .anyIPv4)
        if prefix != nil || family != .unspecified { warn(destination) }
        return destination
    }

    private mutating func readPrefix(_ word: Word) throws(CommandError) -> IPPrefix? {
        do throws(AddressSyntaxError) {
            let prefix = try PrefixArgument(parsing: word.string, family: family).prefix(in: family)
            if family == .unspecified, let prefix { family = prefix.family }
            return prefix
        } catch {
            throw CommandError("Error: \(error)", status: 1, endsBatch: true)
        }
    }

    private mutating func ask(_ session: inout Session) throws(CommandError) {
        if packet.rawDestination != nil { return try askLabel(&session) }
        guard let destination else { throw CommandError("need at least a destination address", status: 1) }
        var lookup = RouteLookup(to: destination.address, matchingTable: isFIBMatch)
        // The kernel looks up addresses only.
        packet.destination = IPPrefix(destination.address)
        packet.source = source
        packet.table = .unspecified
        packet.type = .unspecified
        packet.flags = destination.family == .ipv6 ? [] : [.lookupTable]
        if isNotified { packet.flags.insert(.notify) }
        if let input { packet.input = try session.index(of: input) }
        if let output { packet.output = try session.index(of: output) }
        lookup.packet = packet
        let route = try session.query(lookup)
        session.output.beginArray()
        RoutePrinter.print(route, &session, omissions)
        if isConnected, source == nil { try askAgain(route, &session) }
        session.output.endArray()
    }

    private mutating func askLabel(_ session: inout Session) throws(CommandError) {
        var lookup = RouteLookup(to: .v4(.any), matchingTable: isFIBMatch)
        packet.table = .unspecified
        packet.type = .unspecified
        if isNotified { packet.flags.insert(.notify) }
        if let input { packet.input = try session.index(of: input) }
        if let output { packet.output = try session.index(of: output) }
        lookup.packet = packet
        let route = try session.query(lookup)
        session.output.beginArray()
        RoutePrinter.print(route, &session, omissions)
        session.output.endArray()
    }

    private var omissions: RouteOmissions {
        var omissions = RouteOmissions()
        omissions.showsTable = true
        return omissions
    }

    /// Asks again as from a socket that is connected over the route.
    private func askAgain(_ route: Route, _ session: inout Session) throws(CommandError) {
        guard let source = route.preferredSource ?? route.source?.address else {
            throw CommandError("Failed to connect the route", status: 255)
        }
        var lookup = RouteLookup(to: route.destination?.address ?? source, matchingTable: isFIBMatch)
        lookup.packet.source = IPPrefix(source)
        if source.family == .ipv6 { lookup.packet.flags = [] }
        lookup.packet.output = route.output
        lookup.packet.typeOfService = route.typeOfService
        let again = try session.query(lookup)
        var shown = again
        shown.preferredSource = again.preferredSource ?? source
        shown.source = route.family == .ipv6 ? route.source ?? .anyIPv6 : nil
        RoutePrinter.print(shown, &session, omissions)
    }

    private func warn(_ destination: IPPrefix) {
        guard !destination.isHost else { return }
        let full = destination.family == .ipv6 ? 128 : 32
        CommandError(
            "Warning: /\(destination.length) as prefix is invalid, only /\(full) (or none) is supported.", status: 0
        ).report()
    }
}
