// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// Reads the words that describe a rule to be added or removed.
struct RuleArguments {
    private var rule: Rule
    private var family: AddressFamily
    private var hasTable = false
    private let isRemoval: Bool

    private init(_ session: borrowing Session, isRemoval: Bool) {
        self.isRemoval = isRemoval
        family = AddressFamily(rawValue: session.options.family)
        rule = Rule(family, isRemoval ? .unspecified : .lookup)
    }

    /// Reads all words.
    static func parse(_ words: inout Words, _ session: inout Session, isRemoval: Bool) throws(CommandError) -> Rule {
        var arguments = RuleArguments(session, isRemoval: isRemoval)
        while let word = words.next() { try arguments.take(word, &words, &session) }
        return try arguments.finish()
    }

    private mutating func take(
        _ word: Word, _ words: inout Words, _ session: inout Session
    ) throws(CommandError) {
        switch word {
        case "not": rule.isInverted = true
        case "from": rule.source = try readPrefix(try words.required())
        case "to": rule.destination = try readPrefix(try words.required())
        case prefix("preference"), prefix("order"), prefix("priority"):
            rule.priority = try words.value(UInt32.self, or: "preference value is invalid\n")
        case "tos", prefix("dsfield"): rule.typeOfService = try RuleWords.typeOfService(try words.required(), &session)
        case "fwmark": rule.mark = try RuleWords.mark(try words.required(), "fwmark", "fwmask")
        case prefix("realms"):
            let name = try words.required()
            guard let realms = RouteRealmsWord.read(name, &session) else { throw .invalid(name, "invalid realms\n") }
            rule.realms = realms
        case prefix("protocol"):
            let name = try words.required()
            guard let value = session.names.protocols.number(name), value < 256 else {
                throw .invalid(name, "\"protocol\" value is invalid\n")
            }
            rule.origin = RoutingProtocol(rawValue: UInt8(value))
        case prefix("tun_id"): rule.tunnelID = try words.value(UInt64.self, or: "\"tun_id\" value is invalid\n")
        case prefix("table"), "lookup":
            let name = try words.required()
            guard let value = session.names.tables.number(name) else { throw .invalid(name, "invalid table ID\n") }
            rule.table = RoutingTable(rawValue: value)
            hasTable = true
        case prefix("suppress_prefixlength"), "sup_pl":
            let word = try words.required()
            guard let length = word.number(UInt32.self), length <= Int32.max else {
                throw .invalid(word, "suppress_prefixlength value is invalid\n")
            }
            rule.suppressedPrefixLength = length
        case prefix("suppress_ifgroup"), "sup_group":
            let name = try words.required()
            guard let group = session.names.groups.number(name) else {
                throw .invalid(name, "Invalid \"suppress_ifgroup\" value\n")
            }
            rule.suppressedGroup = group
        case "dev", "iif": rule.inputName = try RuleWords.interface(try words.required(), "\"iif\"/\"dev\"")
        case "oif": rule.outputName = try RuleWords.interface(try words.required(), "\"oif\"")
        case "l3mdev": rule.isL3Master = true
        default: try takeRest(word, &words, &session)
        }
    }

    private mutating func takeRest(
        _ word: Word, _ words: inout Words, _ session: inout Session
    ) throws(CommandError) {
        switch word {
        case "uidrange": rule.users = try RuleWords.users(try words.required())
        case "nat", prefix("map-to"): try takeTranslation(try words.required())
        case "ipproto": rule.ipProtocol = try RuleWords.ipProtocol(try words.required())
        case "sport": rule.sourcePorts = try RuleWords.ports(try words.required())
        case "dport": rule.destinationPorts = try RuleWords.ports(try words.required())
        case "dscp": rule.dscp = try RuleWords.codePoint(try words.required(), &session)
        case "flowlabel": rule.flowLabel = try RuleWords.flowLabel(try words.required())
        default: try takeAction(word, &words)
        }
    }

    /// Takes the address of `nat`, which the kernel has no use for today and does not keep.
    private mutating func takeTranslation(_ word: Word) throws(CommandError) {
        CommandError("Warning: route NAT is deprecated", status: 0).report()
        guard let argument = try? AddressArgument(parsing: word.string, family: .ipv4) else {
            throw CommandError(
                "Error: an IP address is expected rather than \"\(word)\"", status: 1, endsBatch: true)
        }
        var octets: [UInt8] = [0, 0, 0, 0]
        if case .v4(let address) = argument.address(in: .ipv4) { octets = (0..<4).map { address.octets[$0] } }
        let gateway: UInt16 = 5  // RTA_GATEWAY
        rule.unknown.keep(UnknownAttribute(rawType: gateway, payload: octets))
        rule.action = RuleAction(rawValue: RouteType.nat.rawValue)
    }

    private mutating func takeAction(_ first: Word, _ words: inout Words) throws(CommandError) {
        let word = first == "type" ? try words.required() : first
        switch word {
        case prefix("help"): throw Usage.error(.rule, status: 255)
        case prefix("goto"):
            rule.target = try words.value(UInt32.self, or: "invalid target\n")
            rule.action = .goto
        case prefix("nop"): rule.action = .nop
        default:
            guard let type = RouteTypeName.type(word) else { throw .invalid(word, "Failed to parse rule type") }
            rule.action = RuleAction(rawValue: type.rawValue)
        }
        hasTable = true
    }

    private func readPrefix(_ word: Word) throws(CommandError) -> IPPrefix? {
        do throws(AddressSyntaxError) {
            guard case .prefix(let prefix, _) = try PrefixArgument(parsing: word.string, family: family) else {
                return nil
            }
            return prefix
        } catch {
            throw CommandError("Error: \(error)", status: 1, endsBatch: true)
        }
    }

    private mutating func finish() throws(CommandError) -> Rule {
        if rule.isL3Master == true {
            if rule.table != .unspecified {
                throw CommandError("table can not be specified for l3mdev rules", status: 22)
            }
            hasTable = true
        }
        // Like iproute2 whatever the prefixes are: an IPv6 one without -6 is for the kernel to refuse.
        if rule.family == .unspecified { rule.family = .ipv4 }
        if !hasTable, !isRemoval { rule.table = .main }
        return rule
    }
}
