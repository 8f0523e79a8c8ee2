// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `type bond`.
enum BondOptions: KindOptions {
    static let name: StaticString = "bond"

    static let help: StaticString = """
        Usage: ... bond [ OPTION VALUE | clear_active_slave ]...
               mode balance-rr | active-backup | balance-xor | broadcast | 802.3ad | balance-tlb | balance-alb
               active_slave DEVICE, primary DEVICE, primary_reselect always | better | failure
               miimon, updelay, downdelay, peer_notify_delay, arp_interval: milliseconds
               arp_ip_target ADDRESS,..., ns_ip6_target ADDRESS,..., arp_missed_max NUMBER
               arp_validate none | active | backup | all | filter | filter_active | filter_backup
               arp_all_targets any | all
               fail_over_mac none | active | follow
               xmit_hash_policy layer2 | layer2+3 | layer3+4 | encap2+3 | encap3+4 | vlan+srcmac
               lacp_rate slow | fast, lacp_active off | on, coupled_control off | on
               ad_select stable | bandwidth | count, ad_user_port_key KEY, ad_actor_sys_prio PRIORITY,
               ad_actor_system LLADDR
               use_carrier, all_slaves_active, tlb_dynamic_lb: 0 or 1
               resend_igmp, num_grat_arp, num_unsol_na, min_links, packets_per_slave: numbers
               lp_interval: seconds
        """

    private static let modes: [StaticString] = [
        "balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb",
    ]
    private static let validations: [StaticString] = [
        "none", "active", "backup", "all", "filter", "filter_active", "filter_backup",
    ]
    private static let targetRules: [StaticString] = ["any", "all"]
    private static let reselections: [StaticString] = ["always", "better", "failure"]
    private static let failOvers: [StaticString] = ["none", "active", "follow"]
    private static let policies: [StaticString] = [
        "layer2", "layer3+4", "layer2+3", "encap2+3", "encap3+4", "vlan+srcmac",
    ]
    private static let activities: [StaticString] = ["off", "on"]
    private static let rates: [StaticString] = ["slow", "fast"]
    private static let selections: [StaticString] = ["stable", "bandwidth", "count"]

    static func parse(
        _ words: inout Words, creates: Bool, _ session: inout Session
    ) throws(CommandError) -> BondLink {
        var bond = BondLink()
        while let word = words.next() {
            if try !parse(word, &words, &bond, &session), try !parseAggregation(word, &words, &bond) {
                throw unknown(word)
            }
        }
        return bond
    }

    private static func parse(
        _ word: Word, _ words: inout Words, _ bond: inout BondLink, _ session: inout Session
    ) throws(CommandError) -> Bool {
        switch word {
        case prefix("mode"): bond.mode = BondMode(rawValue: try index(modes, &words, "mode"))
        case prefix("active_slave"): bond.activePort = try session.index(of: words.required())
        case prefix("clear_active_slave"): bond.activePort = InterfaceIndex.none
        case prefix("miimon"): bond.monitoringInterval = try milliseconds(&words, "miimon")
        case prefix("updelay"): bond.upDelay = try milliseconds(&words, "updelay")
        case prefix("downdelay"): bond.downDelay = try milliseconds(&words, "downdelay")
        case prefix("peer_notify_delay"): bond.peerNotificationDelay = try milliseconds(&words, "peer_notify_delay")
        case prefix("use_carrier"): try take(\.usesCarrier, &words, "use_carrier", &bond)
        case prefix("arp_interval"): bond.arpInterval = try milliseconds(&words, "arp_interval")
        case prefix("arp_ip_target"): bond.arpTargets = try arpTargets(&words)
        case "ns_ip6_target": bond.neighborTargets = try neighborTargets(&words)
        case prefix("arp_validate"):
            bond.arpValidation = BondLink.ARPValidation(
                rawValue: UInt32(try index(validations, &words, "arp_validate")))
        case prefix("arp_all_targets"):
            bond.arpAllTargets = BondLink.ARPTargetRule(
                rawValue: UInt32(try index(targetRules, &words, "arp_all_targets")))
        case "arp_missed_max": bond.missedMaximum = try words.value(or: "invalid arp_missed_max")
        case prefix("primary"): bond.primary = try session.index(of: words.required())
        case prefix("primary_reselect"):
            bond.primaryReselection = BondLink.PrimaryReselection(
                rawValue: try index(reselections, &words, "primary_reselect"))
        case prefix("fail_over_mac"):
            bond.failOverAddress = BondLink.FailOverAddress(rawValue: try index(failOvers, &words, "fail_over_mac"))
        case prefix("xmit_hash_policy"):
            bond.hashPolicy = BondLink.HashPolicy(rawValue: try index(policies, &words, "xmit_hash_policy"))
        case prefix("resend_igmp"): bond.igmpResendCount = try words.value(or: "invalid resend_igmp")
        case prefix("num_grat_arp"), prefix("num_unsol_na"):
            bond.peerNotificationCount = try words.value(or: "invalid num_grat_arp|num_unsol_na")
        case prefix("all_slaves_active"):
            try take(\.receivesOnAllPorts, &words, "all_slaves_active", &bond)
        case prefix("min_links"): bond.minimumLinks = try words.value(or: "invalid min_links")
        case prefix("lp_interval"):
            bond.learningPacketInterval = .seconds(try words.value(UInt32.self, or: "invalid lp_interval"))
        case prefix("packets_per_slave"): bond.packetsPerPort = try words.value(or: "invalid packets_per_slave")
        default: return false
        }
        return true
    }

    private static func parseAggregation(
        _ word: Word, _ words: inout Words, _ bond: inout BondLink
    ) throws(CommandError) -> Bool {
        switch word {
        case prefix("lacp_rate"): bond.lacpRate = BondLink.LACPRate(rawValue: try index(rates, &words, "lacp_rate"))
        case "lacp_active": bond.sendsLACP = try index(activities, &words, "lacp_active") == 1
        case "coupled_control":
            bond.couplesControl = try words.oneOf(["off", "on"], "coupled_control", status: 1) == 1
        case prefix("ad_select"):
            bond.aggregatorSelection = BondLink.AggregatorSelection(
                rawValue: try index(selections, &words, "ad_select"))
        case prefix("ad_user_port_key"): bond.userPortKey = try words.value(or: "invalid ad_user_port_key")
        case prefix("ad_actor_sys_prio"): bond.actorSystemPriority = try words.value(or: "invalid ad_actor_sys_prio")
        case prefix("ad_actor_system"):
            bond.actorSystem = HardwareAddress(try words.required().string) ?? HardwareAddress()
        case prefix("tlb_dynamic_lb"):
            try take(\.balancesDynamically, &words, "tlb_dynamic_lb", &bond)
        default: return false
        }
        return true
    }

    /// A name of a list, or its number.
    private static func index(
        _ names: [StaticString], _ words: inout Words, _ keyword: String
    ) throws(CommandError) -> UInt8 {
        let word = try words.required()
        if let index = names.firstIndex(where: { word == $0 }) { return UInt8(index) }
        guard let number = word.number(UInt8.self), number < names.count else {
            throw .invalid(word, "invalid \(keyword)")
        }
        return number
    }

    /// Takes an option that is 0 or 1; other numbers end as when the kernel refuses them.
    private static func take(
        _ path: WritableKeyPath<BondLink, Bool?>, _ words: inout Words, _ name: String, _ bond: inout BondLink
    ) throws(CommandError) {
        let value: UInt8 = try words.value(or: "invalid \(name)")
        guard value <= 1 else {
            throw CommandError("Error: invalid option value: \(name) is 0 or 1, not \(value).", status: 2)
        }
        bond[keyPath: path] = value == 1
    }

    private static func milliseconds(_ words: inout Words, _ name: String) throws(CommandError) -> Duration {
        .milliseconds(try words.value(UInt32.self, or: "invalid \(name)"))
    }

    /// Targets with commas between; none, which takes all away, also where the line ends.
    private static func targets(_ words: inout Words) -> [Word] {
        var targets: [Word] = []
        var rest = words.next()
        while let list = rest {
            let (target, tail) = list.split(at: ",")
            if !target.isEmpty { targets.append(target) }
            rest = tail
        }
        return targets
    }

    private static func arpTargets(_ words: inout Words) throws(CommandError) -> [IPv4Address] {
        var addresses: [IPv4Address] = []
        for target in targets(&words) {
            guard case .address(let address)? = try? AddressArgument(parsing: target.string, family: .ipv4),
                let address = address.ipv4
            else {
                throw CommandError(
                    "Error: an IP address is expected rather than \"\(target.string)\"", status: 1, endsBatch: true)
            }
            addresses.append(address)
        }
        return addresses
    }

    private static func neighborTargets(_ words: inout Words) throws(CommandError) -> [IPv6Address] {
        var addresses: [IPv6Address] = []
        for target in targets(&words) {
            guard case .address(let address)? = try? AddressArgument(parsing: target.string, family: .ipv6),
                let address = address.ipv6
            else { throw .expected("inet6 address", ratherThan: target) }
            addresses.append(address)
        }
        return addresses
    }
}

// MARK: Printing

extension BondOptions {
    static func print(_ bond: BondLink, in session: inout Session) {
        let unit = Duration.milliseconds(1)
        name("mode", bond.mode?.rawValue, modes, in: &session)
        device("active_slave", bond.activePort, in: &session)
        session.output.option("miimon", bond.monitoringInterval, in: unit)
        session.output.option("updelay", bond.upDelay, in: unit)
        session.output.option("downdelay", bond.downDelay, in: unit)
        session.output.option("peer_notify_delay", bond.peerNotificationDelay, in: unit)
        session.output.option("use_carrier", bit: bond.usesCarrier)
        session.output.option("arp_interval", bond.arpInterval, in: unit)
        session.output.option("arp_missed_max", bond.missedMaximum)
        list("arp_ip_target", bond.arpTargets, in: &session)
        list("ns_ip6_target", bond.neighborTargets, in: &session)
        if let validation = bond.arpValidation {
            if validation == .none, session.output.isJSON {
                session.output.null("arp_validate")
            } else {
                name("arp_validate", UInt8(clamping: validation.rawValue), validations, in: &session)
            }
        }
        name("arp_all_targets", bond.arpAllTargets.map { UInt8(clamping: $0.rawValue) }, targetRules, in: &session)
        device("primary", bond.primary, in: &session)
        name("primary_reselect", bond.primaryReselection?.rawValue, reselections, in: &session)
        name("fail_over_mac", bond.failOverAddress?.rawValue, failOvers, in: &session)
        name("xmit_hash_policy", bond.hashPolicy?.rawValue, policies, in: &session)
        session.output.option("resend_igmp", bond.igmpResendCount)
        session.output.option("num_peer_notif", bond.peerNotificationCount, label: "num_grat_arp")
        session.output.option("all_slaves_active", bit: bond.receivesOnAllPorts)
        session.output.option("min_links", bond.minimumLinks)
        session.output.option("lp_interval", bond.learningPacketInterval, in: .seconds(1))
        session.output.option("packets_per_slave", bond.packetsPerPort)
        printAggregation(bond, in: &session)
        session.output.option("tlb_dynamic_lb", bit: bond.balancesDynamically)
    }

    private static func printAggregation(_ bond: BondLink, in session: inout Session) {
        name("ad_lacp_active", bond.sendsLACP.map { $0 ? 1 : 0 }, activities, label: "lacp_active", in: &session)
        name("ad_lacp_rate", bond.lacpRate?.rawValue, rates, label: "lacp_rate", in: &session)
        session.output.option("coupled_control", onOff: bond.couplesControl)
        name("ad_select", bond.aggregatorSelection?.rawValue, selections, in: &session)
        if let aggregation = bond.state.aggregation {
            session.output.beginObject("ad_info")
            session.output.option("aggregator", aggregation.aggregator, label: "ad_aggregator")
            session.output.option("num_ports", aggregation.portCount, label: "ad_num_ports")
            session.output.option("actor_key", aggregation.actorKey, label: "ad_actor_key")
            session.output.option("partner_key", aggregation.partnerKey, label: "ad_partner_key")
            session.output.option("partner_mac", text: aggregation.partnerAddress, label: "ad_partner_mac")
            session.output.endObject()
        }
        session.output.option("ad_actor_sys_prio", bond.actorSystemPriority)
        session.output.option("ad_user_port_key", bond.userPortKey)
        session.output.option("ad_actor_system", text: bond.actorSystem)
    }

    private static func name(
        _ key: StaticString, _ number: UInt8?, _ names: [StaticString], label: StaticString? = nil,
        in session: inout Session
    ) {
        guard let number else { return }
        if number < names.count {
            session.output.option(key, text: names[Int(number)], label: label)
        } else {
            session.output.option(key, number, label: label)
        }
    }

    private static func device(_ key: StaticString, _ index: InterfaceIndex?, in session: inout Session) {
        guard let index, index != .none else { return }
        session.output.option(key, text: session.links.name(of: index))
    }

    private static func list<Target: TextWritable>(
        _ key: StaticString, _ targets: [Target]?, in session: inout Session
    ) {
        guard let targets, !targets.isEmpty else { return }
        session.output.text(key)
        session.output.beginArray(key, text: " ")
        var isFirst = true
        for target in targets {
            session.output.string(nil, target, prefix: isFirst ? "" : ",")
            isFirst = false
        }
        session.output.endArray(text: " ")
    }
}
