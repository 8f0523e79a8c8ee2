// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkRoute

/// `type vlan`.
enum VLANOptions: KindOptions {
    static let name: StaticString = "vlan"

    static let help: StaticString = """
        Usage: ... vlan id VLANID [ protocol PROTOCOL ] [ reorder_hdr SWITCH ] [ gvrp SWITCH ] [ mvrp SWITCH ]
                        [ loose_binding SWITCH ] [ bridge_binding SWITCH ]
                        [ ingress-qos-map MAPPING... ] [ egress-qos-map MAPPING... ]
               VLANID: 0 to 4095
               PROTOCOL: 802.1Q | 802.1ad
               SWITCH: on | off
               MAPPING: FROM:TO
        """

    static func parse(
        _ words: inout Words, creates: Bool, _ session: inout Session
    ) throws(CommandError) -> VLANLink {
        var vlan = VLANLink(id: 0)
        vlan.id = nil
        while let word = words.next() {
            switch word {
            case prefix("protocol"): vlan.protocolType = try protocolType(&words, "protocol is invalid")
            case prefix("id"): vlan.id = try words.value(or: "id is invalid")
            case prefix("reorder_hdr"): set(.reorderHeader, try words.onOff("reorder_hdr"), &vlan)
            case prefix("gvrp"): set(.gvrp, try words.onOff("gvrp"), &vlan)
            case prefix("mvrp"): set(.mvrp, try words.onOff("mvrp"), &vlan)
            case prefix("loose_binding"): set(.looseBinding, try words.onOff("loose_binding"), &vlan)
            case prefix("bridge_binding"): set(.bridgeBinding, try words.onOff("bridge_binding"), &vlan)
            case prefix("ingress-qos-map"): vlan.ingressPriorities = try mappings("ingress-qos-map", &words)
            case prefix("egress-qos-map"): vlan.egressPriorities = try mappings("egress-qos-map", &words)
            default: throw unknown(word)
            }
        }
        return vlan
    }

    private static func set(_ flag: VLANLink.FlagSet, _ isOn: Bool, _ vlan: inout VLANLink) {
        var flags = vlan.flags ?? VLANLink.Flags(value: [], mask: [])
        flags.mask.insert(flag)
        if isOn { flags.value.insert(flag) } else { flags.value.remove(flag) }
        vlan.flags = flags
    }

    /// The name or number of a tag protocol.
    static func protocolType(_ words: inout Words, _ reason: String) throws(CommandError) -> VLANProtocol {
        let word = try words.required()
        switch word.lowercased {
        case "802.1q": return .dot1Q
        case "802.1ad": return .dot1AD
        default:
            guard let number = word.number(UInt16.self) else { throw .invalid(word, reason) }
            return VLANProtocol(rawValue: number)
        }
    }

    /// Pairs up to the first word without a colon.
    private static func mappings(
        _ keyword: String, _ words: inout Words
    ) throws(CommandError) -> [VLANLink.PriorityMapping] {
        if words.isEmpty { throw .incomplete }
        var mappings: [VLANLink.PriorityMapping] = []
        while let word = words.peek, case (let from, let to?) = word.split(at: ":") {
            guard let first = from.number(UInt32.self), let second = to.number(UInt32.self) else {
                throw .invalid(from, "invalid \(keyword)")
            }
            mappings.append(VLANLink.PriorityMapping(from: first, to: second))
            words.position += 1
        }
        return mappings
    }

    static func print(_ vlan: VLANLink, in session: inout Session) {
        if let type = vlan.protocolType {
            session.output.string(
                "protocol", VLANProtocolName(type: type, isNumeric: session.options.numeric), prefix: "protocol ",
                suffix: " ")
        }
        session.output.option("id", vlan.id)
        if let flags = vlan.flags?.value { print(flags, in: &session) }
        print(vlan.ingressPriorities, "ingress_qos", "      ingress-qos-map { ", in: &session)
        print(vlan.egressPriorities, "egress_qos", "      egress-qos-map { ", in: &session)
    }

    private static let flagNames: [(VLANLink.FlagSet, StaticString)] = [
        (.reorderHeader, "REORDER_HDR"), (.gvrp, "GVRP"), (.mvrp, "MVRP"), (.looseBinding, "LOOSE_BINDING"),
        (.bridgeBinding, "BRIDGE_BINDING"),
    ]

    private static func print(_ flags: VLANLink.FlagSet, in session: inout Session) {
        session.output.beginArray("flags", text: "<")
        var isFirst = true
        var rest = flags
        for (flag, name) in flagNames where flags.contains(flag) {
            rest.remove(flag)
            session.output.string(nil, name, prefix: isFirst ? "" : ",")
            isFirst = false
        }
        if !rest.isEmpty {
            session.output.string(
                nil, Hexadecimal(UInt64(rest.rawValue), zeroX: false), prefix: isFirst ? "" : ",")
        }
        session.output.endArray(text: "> ")
    }

    private static func print(
        _ mappings: [VLANLink.PriorityMapping], _ key: StaticString, _ text: StaticString, in session: inout Session
    ) {
        guard !mappings.isEmpty else { return }
        session.output.newline()
        session.output.beginArray(key, text: text)
        for mapping in mappings {
            session.output.beginObject()
            session.output.number("from", mapping.from, suffix: ":")
            session.output.number("to", mapping.to, suffix: " ")
            session.output.endObject()
        }
        session.output.endArray(text: "} ")
    }
}

/// The name of the protocol of a tag; `[33024]` where numbers are wanted or it has none.
struct VLANProtocolName: TextWritable {
    let type: VLANProtocol
    let isNumeric: Bool

    func write(to bytes: inout [UInt8]) {
        switch type {
        case .dot1Q where !isNumeric: ("802.1Q" as StaticString).write(to: &bytes)
        case .dot1AD where !isNumeric: ("802.1ad" as StaticString).write(to: &bytes)
        default: "[\(type.rawValue)]".write(to: &bytes)
        }
    }
}
