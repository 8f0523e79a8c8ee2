// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// Prints rules as `ip rule` does; `ip monitor` and `-echo` use it too.
enum RulePrinter {
    static func print(_ rule: Rule, _ session: inout Session, deleted: Bool = false) {
        session.output.beginObject()
        if deleted { session.output.flag("deleted", text: "Deleted ") }
        session.output.number("priority", rule.priority ?? 0, suffix: ":\t")
        if rule.isInverted { session.output.null("not", text: "not ") }
        printPrefixes(rule, &session.output)
        printSelectors(rule, &session)
        printTable(rule, &session)
        printAction(rule, &session)
        if let origin = rule.origin, session.options.details > 0 || ![.unspecified, .kernel].contains(origin) {
            session.output.string("protocol", session.names.protocols.name(UInt32(origin.rawValue)), prefix: " proto ")
        }
        printCodePoint(rule, &session)
        if let label = rule.flowLabel { print(label, all: 0xfffff, "flowlabel", "flowlabel_mask", &session.output) }
        session.output.endLine()
        session.output.endObject()
    }

    private static func printPrefixes(_ rule: Rule, _ output: inout Output) {
        if let source = rule.source {
            output.string("src", source.address, prefix: "from ", color: .of(source.family))
            if !source.isHost { output.number("srclen", source.length, prefix: "/") }
        } else {
            output.string("src", "all" as StaticString, prefix: "from ")
        }
        if let destination = rule.destination {
            output.string("dst", destination.address, prefix: " to ", color: .of(destination.family))
            if !destination.isHost { output.number("dstlen", destination.length, prefix: "/") }
        }
    }

    private static func printSelectors(_ rule: Rule, _ session: inout Session) {
        if rule.typeOfService != 0 {
            session.output.string("tos", session.names.dsfields.name(UInt32(rule.typeOfService)), prefix: " tos ")
        }
        if let mark = rule.mark { printMark(mark, &session.output) }
        if let name = rule.inputName {
            session.output.string("iif", name, prefix: " iif ", color: .interfaceName)
            if rule.flags.contains(.inputDetached) { session.output.null("iif_detached", text: " [detached]") }
        }
        if let name = rule.outputName {
            session.output.string("oif", name, prefix: " oif ", color: .interfaceName)
            if rule.flags.contains(.outputDetached) { session.output.null("oif_detached", text: " [detached]") }
        }
        if rule.isL3Master == true { session.output.null("l3mdev", text: " lookup [l3mdev-table]") }
        if let users = rule.users {
            session.output.number("uid_start", users.first, prefix: " uidrange ")
            session.output.number("uid_end", users.last, prefix: "-")
        }
        if let number = rule.ipProtocol {
            let name = session.options.numeric ? nil : SystemNames().ipProtocol(number)
            session.output.string("ipproto", name ?? Array("ipproto-\(number)".utf8), prefix: " ipproto ")
        }
        if let ports = rule.sourcePorts { print(ports, .source, &session.output) }
        if let ports = rule.destinationPorts { print(ports, .destination, &session.output) }
        if let id = rule.tunnelID { session.output.number("tun_id", id, prefix: " tun_id ") }
    }

    private static func printMark(_ mark: RuleMark, _ output: inout Output) {
        output.hex("fwmark", mark.value, prefix: " fwmark ")
        if let mask = mark.mask, mask != .max { output.hex("fwmask", mask, prefix: "/") }
    }

    private struct PortNames {
        let word: StaticString
        let port: StaticString
        let mask: StaticString
        let start: StaticString
        let end: StaticString

        static let source = PortNames(
            word: " sport ", port: "sport", mask: "sport_mask", start: "sport_start", end: "sport_end")
        static let destination = PortNames(
            word: " dport ", port: "dport", mask: "dport_mask", start: "dport_start", end: "dport_end")
    }

    private static func print(_ ports: RulePorts, _ names: PortNames, _ output: inout Output) {
        output.text(names.word)
        if ports.first != ports.last {
            output.number(names.start, ports.first)
            output.number(names.end, ports.last, prefix: "-")
            return
        }
        output.jsonNumber(names.port, ports.first)
        if let mask = ports.mask { output.jsonString(names.mask, Hexadecimal(UInt64(mask))) }
        if let mask = ports.mask, mask != .max {
            output.text(Hexadecimal(UInt64(ports.first)))
            output.text("/")
            output.text(Hexadecimal(UInt64(mask)))
        } else {
            output.text(number: ports.first)
        }
    }

    private static func printTable(_ rule: Rule, _ session: inout Session) {
        if rule.table != .unspecified {
            session.output.string("table", session.names.tables.name(rule.table.rawValue), prefix: " lookup ")
        }
        if let length = rule.suppressedPrefixLength {
            session.output.number("suppress_prefixlen", length, prefix: " suppress_prefixlength ")
        }
        if let group = rule.suppressedGroup {
            session.output.string("suppress_ifgroup", session.names.groups.name(group), prefix: " suppress_ifgroup ")
        }
        guard let realms = rule.realms else { return }
        session.output.text(" realms ")
        if realms.source != 0 {
            session.output.string("flow_from", session.names.realms.name(UInt32(realms.source)), suffix: "/")
        }
        session.output.string("flow_to", session.names.realms.name(UInt32(realms.destination)))
    }

    private static func printAction(_ rule: Rule, _ session: inout Session) {
        switch rule.action {
        case .lookup: break
        case .goto:
            if let target = rule.target {
                session.output.number("goto", target, prefix: " goto ")
            } else {
                session.output.string("goto", "none" as StaticString, prefix: " goto ")
            }
            if rule.flags.contains(.unresolved) { session.output.null("unresolved", text: " [unresolved]") }
        case .nop: session.output.null("nop", text: " nop")
        case RuleAction(rawValue: RouteType.nat.rawValue): session.output.null("masquerade", text: " masquerade")
        default:
            let type = RouteType(rawValue: rule.action.rawValue)
            session.output.string("action", RouteTypeName.text(type, session.options.numeric), prefix: " ")
        }
    }

    private static func printCodePoint(_ rule: Rule, _ session: inout Session) {
        guard let dscp = rule.dscp else { return }
        let isMasked = dscp.mask != nil && dscp.mask != 0x3f
        session.output.text(" dscp ")
        let octet = UInt32(dscp.value) << 2
        // Zero has a name built in, which files replace when another number has had them read.
        let isNamed = !session.options.numeric && (octet == 0 || session.names.dsfields.hasName(octet))
        let name = isNamed ? session.names.dsfields.name(octet) : Array("\(dscp.value)".utf8)
        session.output.jsonString("dscp", name)
        if let mask = dscp.mask { session.output.jsonString("dscp_mask", Hexadecimal(UInt64(mask))) }
        if isMasked, let mask = dscp.mask {
            session.output.text(Hexadecimal(UInt64(dscp.value)))
            session.output.text("/")
            session.output.text(Hexadecimal(UInt64(mask)))
        } else {
            session.output.text(name)
        }
    }

    private static func print(
        _ label: RuleMark, all: UInt32, _ key: StaticString, _ maskKey: StaticString, _ output: inout Output
    ) {
        output.text(" ")
        output.text(key)
        output.hex(key, label.value, prefix: " ")
        guard let mask = label.mask else { return }
        output.jsonString(maskKey, Hexadecimal(UInt64(mask)))
        if mask != all {
            output.text("/")
            output.text(Hexadecimal(UInt64(mask)))
        }
    }
}
