// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `type bridge_slave`.
enum BridgePortOptions: KindOptions {
    static let name: StaticString = "bridge_slave"
    static let isPort = true

    static let help: StaticString = """
        Usage: ... bridge_slave [ OPTION VALUE | fdb_flush | nobackup_port ]...
               on or off: guard hairpin fastleave root_block learning flood proxy_arp proxy_arp_wifi mcast_fast_leave
                          mcast_flood bcast_flood mcast_to_unicast neigh_suppress neigh_vlan_suppress vlan_tunnel
                          isolated locked mab
               numbers:   state priority cost mcast_router group_fwd_mask backup_nhid
               others:    backup_port DEVICE
        """

    static func parse(
        _ words: inout Words, creates: Bool, _ session: inout Session
    ) throws(CommandError) -> BridgePort {
        var port = BridgePort()
        while let word = words.next() {
            switch word {
            case prefix("fdb_flush"): port.flushesForwardingDatabase = true
            case prefix("state"): port.stpState = BridgePortState(rawValue: try words.value(or: "state is invalid"))
            case prefix("priority"): port.priority = try words.value(or: "priority is invalid")
            case prefix("cost"): port.cost = try words.value(or: "cost is invalid")
            case prefix("hairpin"): port.isHairpin = try onOff("hairpin", &words)
            case prefix("guard"): port.guardsAgainstBPDUs = try onOff("guard", &words)
            case prefix("root_block"): port.blocksRoot = try onOff("root_block", &words)
            case prefix("fastleave"): port.leavesFast = try onOff("fastleave", &words)
            case prefix("learning"): port.learns = try onOff("learning", &words)
            case prefix("flood"): port.floodsUnicast = try onOff("flood", &words)
            case prefix("mcast_flood"): port.floodsMulticast = try onOff("mcast_flood", &words)
            case prefix("bcast_flood"): port.floodsBroadcast = try onOff("bcast_flood", &words)
            case prefix("mcast_to_unicast"): port.turnsMulticastToUnicast = try onOff("mcast_to_unicast", &words)
            case prefix("proxy_arp"): port.proxiesARP = try onOff("proxy_arp", &words)
            case prefix("proxy_arp_wifi"): port.proxiesARPForWiFi = try onOff("proxy_arp_wifi", &words)
            case prefix("mcast_router"):
                port.multicastRouter = MulticastRouterMode(rawValue: try words.value(or: "invalid mcast_router"))
            case prefix("mcast_fast_leave"): port.leavesFast = try onOff("mcast_fast_leave", &words)
            case prefix("neigh_suppress"): port.suppressesNeighbors = try onOff("neigh_suppress", &words)
            case "neigh_vlan_suppress": port.suppressesNeighborsByVLAN = try onOff("neigh_vlan_suppress", &words)
            case prefix("group_fwd_mask"): port.groupForwardMask = try words.value(or: "invalid group_fwd_mask")
            case prefix("vlan_tunnel"): port.mapsVLANToTunnel = try onOff("vlan_tunnel", &words)
            case prefix("isolated"): port.isIsolated = try onOff("isolated", &words)
            case prefix("locked"): port.isLocked = try onOff("locked", &words)
            case "mab": port.authenticatesByAddress = try onOff("mab", &words)
            case prefix("backup_port"):
                let name = try words.required()
                guard let index = try session.lookUp(name) else { throw .invalid(name, "Device does not exist\n") }
                port.backupPort = index
            case prefix("nobackup_port"): port.backupPort = InterfaceIndex.none
            case "backup_nhid": port.backupNextHop = try words.value(or: "backup_nhid is invalid")
            default: throw unknown(word, "option")
            }
        }
        return port
    }

    private static func onOff(_ keyword: String, _ words: inout Words) throws(CommandError) -> Bool {
        try words.oneOf(["off", "on"], keyword, status: 1) == 1
    }

    // MARK: Printing

    static func print(_ port: BridgePort, in session: inout Session) {
        if let state = port.stpState { print(state, in: &session) }
        session.output.option("priority", port.priority)
        session.output.option("cost", port.cost)
        session.output.option("hairpin", onOff: port.isHairpin)
        session.output.option("guard", onOff: port.guardsAgainstBPDUs)
        session.output.option("root_block", onOff: port.blocksRoot)
        session.output.option("fastleave", onOff: port.leavesFast)
        session.output.option("learning", onOff: port.learns)
        session.output.option("flood", onOff: port.floodsUnicast)
        printState(port.state, in: &session)
        session.output.option("proxy_arp", onOff: port.proxiesARP)
        session.output.option("proxy_arp_wifi", onOff: port.proxiesARPForWiFi)
        session.output.option("multicast_router", port.multicastRouter?.rawValue, label: "mcast_router")
        // The text tells fastleave twice, under both of its names.
        if !session.output.isJSON { session.output.option("mcast_fast_leave", onOff: port.leavesFast) }
        session.output.option("mcast_flood", onOff: port.floodsMulticast)
        session.output.option("bcast_flood", onOff: port.floodsBroadcast)
        session.output.option("mcast_to_unicast", onOff: port.turnsMulticastToUnicast)
        session.output.option("neigh_suppress", onOff: port.suppressesNeighbors)
        session.output.option("neigh_vlan_suppress", onOff: port.suppressesNeighborsByVLAN)
        session.output.option("group_fwd_mask", mask: port.groupForwardMask)
        session.output.option("group_fwd_mask_str", text: port.groupForwardMask.map { GroupForwardNames(mask: $0) })
        session.output.option("vlan_tunnel", onOff: port.mapsVLANToTunnel)
        session.output.option("isolated", onOff: port.isIsolated)
        session.output.option("locked", onOff: port.isLocked)
        session.output.option("mab", onOff: port.authenticatesByAddress)
        if let backup = port.backupPort, backup != .none {
            session.output.option("backup_port", text: session.links.name(of: backup))
        }
        session.output.option("backup_nhid", port.backupNextHop == 0 ? nil : port.backupNextHop)
    }

    private static func print(_ state: BridgePortState, in session: inout Session) {
        let name: StaticString? =
            switch state {
            case .disabled: "disabled"
            case .listening: "listening"
            case .learning: "learning"
            case .forwarding: "forwarding"
            case .blocking: "blocking"
            default: nil
            }
        if let name {
            session.output.option("state", text: name)
        } else {
            session.output.option("state_index", state.rawValue, label: "state")
        }
    }

    private static func printState(_ state: BridgePort.State, in session: inout Session) {
        session.output.option("id", text: state.identifier.map { Hexadecimal(UInt64($0)) }, label: "port_id")
        session.output.option("no", text: state.number.map { Hexadecimal(UInt64($0)) }, label: "port_no")
        session.output.option("designated_port", state.designatedPort)
        session.output.option("designated_cost", state.designatedCost)
        session.output.option(
            "bridge_id", text: state.bridge.map { BridgeIdentifierText($0) }, label: "designated_bridge")
        session.output.option("root_id", text: state.root.map { BridgeIdentifierText($0) }, label: "designated_root")
        session.output.option("hold_timer", timer: state.holdTimer)
        session.output.option("message_age_timer", timer: state.messageAgeTimer)
        session.output.option("forward_delay_timer", timer: state.forwardDelayTimer)
        session.output.option("topology_change_ack", bit: state.acknowledgesTopologyChange)
        session.output.option("config_pending", bit: state.isConfigurationPending)
    }
}

/// The link-local protocols that are forwarded; one without a name as its bit, and none at all as `0x0`.
private struct GroupForwardNames: TextWritable {
    let mask: UInt16

    func write(to bytes: inout [UInt8]) {
        if mask == 0 { return ("0x0" as StaticString).write(to: &bytes) }
        var isFirst = true
        for bit in 0..<16 where mask & 1 << bit != 0 {
            if !isFirst { bytes.append(0x2c) }
            isFirst = false
            switch bit {
            case 0: ("stp" as StaticString).write(to: &bytes)
            case 2: ("lacp" as StaticString).write(to: &bytes)
            case 14: ("lldp" as StaticString).write(to: &bytes)
            default: Hexadecimal(1 << UInt64(bit)).write(to: &bytes)
            }
        }
    }
}
