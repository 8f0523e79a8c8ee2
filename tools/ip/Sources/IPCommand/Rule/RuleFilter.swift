// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// Which rules a listing or a flush is for, as its words say.
struct RuleFilter {
    var family: AddressFamily
    var isInverted = false
    var source: IPPrefix?
    var destination: IPPrefix?
    var priority: UInt32?
    var typeOfService: UInt8?
    var mark: RuleMark?
    var inputName: InterfaceName?
    var outputName: InterfaceName?
    var isL3Master = false
    var users: RuleUsers?
    var tunnelID: UInt64?
    var ipProtocol: UInt8?
    var sourcePorts: RulePorts?
    var destinationPorts: RulePorts?
    var dscp: RuleCodePoint?
    var flowLabel: RuleMark?
    var table: RoutingTable?
    /// Who put the rule there; like iproute2 only a flush looks at it.
    var origin: RoutingProtocol?

    /// Reads the words of a listing.
    static func parse(_ words: inout Words, _ session: inout Session) throws(CommandError) -> RuleFilter {
        var filter = RuleFilter(family: AddressFamily(rawValue: session.options.family))
        if filter.family == .unspecified { filter.family = .ipv4 }
        while let word = words.next() { try filter.take(word, &words, &session) }
        return filter
    }

    private mutating func take(
        _ word: Word, _ words: inout Words, _ session: inout Session
    ) throws(CommandError) {
        switch word {
        case prefix("preference"), prefix("order"), prefix("priority"):
            priority = try words.value(UInt32.self, or: "preference value is invalid\n")
        case "not": isInverted = true
        case "tos", "dsfield": typeOfService = try RuleWords.typeOfService(try words.required(), &session)
        case "fwmark":
            // Here and below zero means any.
            let value = try RuleWords.mark(try words.required(), "fwmark", "fwmask")
            mark = value.value == 0 && value.mask ?? 0 == 0 ? nil : value
        case "dev", "iif": inputName = try RuleWords.interface(try words.required(), "\"iif\"/\"dev\"")
        case "oif": outputName = try RuleWords.interface(try words.required(), "\"oif\"")
        case "l3mdev": isL3Master = true
        case "uidrange": users = try RuleWords.users(try words.required())
        case prefix("tun_id"):
            let id = try words.value(UInt64.self, or: "\"tun_id\" value is invalid\n")
            tunnelID = id == 0 ? nil : id
        case prefix("lookup"), prefix("table"):
            let name = try words.required()
            guard let value = session.names.tables.number(name) else {
                throw .invalid(name, "table id value is invalid\n")
            }
            table = value == 0 ? nil : RoutingTable(rawValue: value)
        case prefix("from"), prefix("src"): source = try readPrefix(try words.required())
        case prefix("protocol"): try takeProtocol(try words.required(), &session)
        case "ipproto":
            let number = try RuleWords.ipProtocol(try words.required())
            ipProtocol = number == 0 ? nil : number
        case "sport": sourcePorts = try RuleWords.ports(try words.required())
        case "dport": destinationPorts = try RuleWords.ports(try words.required())
        case "dscp": dscp = try RuleWords.codePoint(try words.required(), &session)
        case "flowlabel": flowLabel = try RuleWords.flowLabel(try words.required())
        default:
            let isNamed = word == "to" || word.isPrefix(of: "dst")
            destination = try readPrefix(isNamed ? try words.required() : word)
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

    private func readPrefix(_ word: Word) throws(CommandError) -> IPPrefix? {
        do throws(AddressSyntaxError) {
            let prefix = try PrefixArgument(parsing: word.string, family: family).prefix(in: family)
            return prefix?.length == 0 ? nil : prefix
        } catch {
            throw CommandError("Error: \(error)", status: 1, endsBatch: true)
        }
    }

    /// Whether a rule is meant.
    func accepts(_ rule: Rule) -> Bool {
        if isInverted, !rule.isInverted { return false }
        if let source, !Self.covers(source, rule.source) { return false }
        if let destination, !Self.covers(destination, rule.destination) { return false }
        if let priority, rule.priority ?? 0 != priority { return false }
        if let typeOfService, rule.typeOfService != typeOfService { return false }
        if let mark, !Self.fits(mark, rule.mark) { return false }
        if let inputName, rule.inputName != inputName { return false }
        if let outputName, rule.outputName != outputName { return false }
        if isL3Master, rule.isL3Master != true { return false }
        if let users, rule.users != users { return false }
        if let tunnelID, rule.tunnelID != tunnelID { return false }
        if let ipProtocol, rule.ipProtocol != ipProtocol { return false }
        if let sourcePorts, !Self.fits(sourcePorts, rule.sourcePorts) { return false }
        if let destinationPorts, !Self.fits(destinationPorts, rule.destinationPorts) { return false }
        if let flowLabel, !Self.fits(flowLabel, rule.flowLabel) { return false }
        if let dscp {
            guard let other = rule.dscp, other.value == dscp.value else { return false }
            if let mask = dscp.mask, other.mask != mask { return false }
        }
        if let table, rule.table != table { return false }
        return true
    }

    private static func covers(_ prefix: IPPrefix, _ other: IPPrefix?) -> Bool {
        other.map { prefix.length <= $0.length && prefix.contains($0.address) } ?? false
    }

    private static func fits(_ wanted: RuleMark, _ mark: RuleMark?) -> Bool {
        guard let mark, mark.value == wanted.value else { return false }
        return wanted.mask == nil || mark.mask == wanted.mask
    }

    private static func fits(_ wanted: RulePorts, _ ports: RulePorts?) -> Bool {
        guard let ports, ports.first == wanted.first, ports.last == wanted.last else { return false }
        return wanted.mask == nil || ports.mask == wanted.mask
    }
}
