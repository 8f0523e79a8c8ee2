// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `type bridge`.
enum BridgeOptions: KindOptions {
    static let name: StaticString = "bridge"

    static let help: StaticString = """
        Usage: ... bridge [ OPTION VALUE | fdb_flush ]...
               times, in hundredths of a second: forward_delay hello_time max_age ageing_time
                        mcast_last_member_interval mcast_membership_interval mcast_querier_interval
                        mcast_query_interval mcast_query_response_interval mcast_startup_query_interval
               0 or 1:  stp_state vlan_filtering vlan_stats_enabled vlan_stats_per_port mcast_snooping
                        mcast_vlan_snooping mcast_query_use_ifaddr mcast_querier mcast_stats_enabled
                        no_linklocal_learn mst_enabled nf_call_iptables nf_call_ip6tables nf_call_arptables
               numbers: priority vlan_default_pvid group_fwd_mask fdb_max_learned mcast_router
                        mcast_hash_elasticity mcast_hash_max mcast_last_member_count mcast_startup_query_count
                        mcast_igmp_version mcast_mld_version
               others:  vlan_protocol 802.1Q | 802.1ad, group_address LLADDR
        """

    static func parse(
        _ words: inout Words, creates: Bool, _ session: inout Session
    ) throws(CommandError) -> BridgeLink {
        var bridge = BridgeLink()
        while let word = words.next() {
            if try !parse(word, &words, &bridge), try !parseMulticast(word, &words, &bridge) { throw unknown(word) }
        }
        return bridge
    }

    // The two lists of cases are one: words of the second do not begin like those of the first.
    private static func parse(
        _ word: Word, _ words: inout Words, _ bridge: inout BridgeLink
    ) throws(CommandError) -> Bool {
        switch word {
        case prefix("forward_delay"): bridge.forwardDelay = try time(&words, "forward_delay")
        case prefix("hello_time"): bridge.helloTime = try time(&words, "hello_time")
        case prefix("max_age"): bridge.maximumAge = try time(&words, "max_age")
        case prefix("ageing_time"): bridge.ageingTime = try time(&words, "ageing_time")
        case prefix("stp_state"):
            bridge.stpState = BridgeLink.STPState(rawValue: try words.value(or: "invalid stp_state"))
        case prefix("priority"): bridge.priority = try words.value(or: "invalid priority")
        case prefix("vlan_filtering"): bridge.isVLANFiltering = try bit(&words, "vlan_filtering")
        case prefix("vlan_protocol"):
            bridge.vlanProtocol = try VLANOptions.protocolType(&words, "invalid vlan_protocol")
        case prefix("group_fwd_mask"): bridge.groupForwardMask = try words.value(or: "invalid group_fwd_mask")
        case prefix("group_address"): bridge.groupAddress = try groupAddress(&words)
        case prefix("fdb_flush"): bridge.flushesForwardingDatabase = true
        case prefix("vlan_default_pvid"): bridge.defaultPVID = try words.value(or: "invalid vlan_default_pvid")
        case prefix("vlan_stats_enabled"): bridge.countsVLANStatistics = try bit(&words, "vlan_stats_enabled")
        case prefix("vlan_stats_per_port"): bridge.countsVLANStatisticsPerPort = try bit(&words, "vlan_stats_per_port")
        case "no_linklocal_learn": bridge.noLinkLocalLearning = try bit(&words, "no_linklocal_learn")
        case "fdb_max_learned": bridge.maximumLearnedAddresses = try words.value(or: "invalid fdb_max_learned")
        case "mst_enabled": bridge.hasMultipleSpanningTrees = try bit(&words, "mst_enabled")
        case prefix("nf_call_iptables"): bridge.callsIPTables = try bit(&words, "nf_call_iptables")
        case prefix("nf_call_ip6tables"): bridge.callsIP6Tables = try bit(&words, "nf_call_ip6tables")
        case prefix("nf_call_arptables"): bridge.callsARPTables = try bit(&words, "nf_call_arptables")
        default: return false
        }
        return true
    }

    private static func parseMulticast(
        _ word: Word, _ words: inout Words, _ bridge: inout BridgeLink
    ) throws(CommandError) -> Bool {
        switch word {
        case prefix("mcast_router"):
            bridge.multicastRouter = MulticastRouterMode(rawValue: try words.value(or: "invalid mcast_router"))
        case prefix("mcast_snooping"): bridge.isMulticastSnooping = try bit(&words, "mcast_snooping")
        case "mcast_vlan_snooping": bridge.isMulticastVLANSnooping = try bit(&words, "mcast_vlan_snooping")
        case prefix("mcast_query_use_ifaddr"):
            bridge.multicastQueryUsesAddress = try bit(&words, "mcast_query_use_ifaddr")
        case prefix("mcast_querier"): bridge.isMulticastQuerier = try bit(&words, "mcast_querier")
        case prefix("mcast_hash_elasticity"):
            bridge.multicastHashElasticity = try words.value(or: "invalid mcast_hash_elasticity")
        case prefix("mcast_hash_max"): bridge.multicastHashMaximum = try words.value(or: "invalid mcast_hash_max")
        case prefix("mcast_last_member_count"):
            bridge.multicastLastMemberCount = try words.value(or: "invalid mcast_last_member_count")
        case prefix("mcast_startup_query_count"):
            bridge.multicastStartupQueryCount = try words.value(or: "invalid mcast_startup_query_count")
        case prefix("mcast_last_member_interval"):
            bridge.multicastLastMemberInterval = try longTime(&words, "mcast_last_member_interval")
        case prefix("mcast_membership_interval"):
            bridge.multicastMembershipInterval = try longTime(&words, "mcast_membership_interval")
        case prefix("mcast_querier_interval"):
            bridge.multicastQuerierInterval = try longTime(&words, "mcast_querier_interval")
        case prefix("mcast_query_interval"):
            bridge.multicastQueryInterval = try longTime(&words, "mcast_query_interval")
        case prefix("mcast_query_response_interval"):
            bridge.multicastQueryResponseInterval = try longTime(&words, "mcast_query_response_interval")
        case prefix("mcast_startup_query_interval"):
            bridge.multicastStartupQueryInterval = try longTime(&words, "mcast_startup_query_interval")
        case prefix("mcast_stats_enabled"):
            bridge.countsMulticastStatistics = try bit(&words, "mcast_stats_enabled")
        case prefix("mcast_igmp_version"): bridge.igmpVersion = try words.value(or: "invalid mcast_igmp_version")
        case prefix("mcast_mld_version"): bridge.mldVersion = try words.value(or: "invalid mcast_mld_version")
        default: return false
        }
        return true
    }

    private static func bit(_ words: inout Words, _ name: String) throws(CommandError) -> Bool {
        try words.value(UInt8.self, or: "invalid \(name)") != 0
    }

    private static func time(_ words: inout Words, _ name: String) throws(CommandError) -> Duration {
        .centiseconds(try words.value(UInt32.self, or: "invalid \(name)"))
    }

    private static func longTime(_ words: inout Words, _ name: String) throws(CommandError) -> Duration {
        .centiseconds(try words.value(UInt64.self, or: "invalid \(name)"))
    }

    /// An address of six bytes; another word is sent as one without bytes, which the kernel refuses.
    private static func groupAddress(_ words: inout Words) throws(CommandError) -> HardwareAddress {
        let word = try words.required()
        guard let address = HardwareAddress(word.string), address.byteCount == 6 else { return HardwareAddress() }
        return address
    }
}

// MARK: Printing

extension BridgeOptions {
    static func print(_ bridge: BridgeLink, in session: inout Session) {
        let state = bridge.state
        session.output.option("forward_delay", bridge.forwardDelay, in: .centiseconds(1))
        session.output.option("hello_time", bridge.helloTime, in: .centiseconds(1))
        session.output.option("max_age", bridge.maximumAge, in: .centiseconds(1))
        session.output.option("ageing_time", bridge.ageingTime, in: .centiseconds(1))
        session.output.option("stp_state", bridge.stpState?.rawValue)
        session.output.option("priority", bridge.priority)
        session.output.option("vlan_filtering", bit: bridge.isVLANFiltering)
        let isNumeric = session.options.numeric
        session.output.option(
            "vlan_protocol", text: bridge.vlanProtocol.map { VLANProtocolName(type: $0, isNumeric: isNumeric) })
        session.output.option("bridge_id", text: state.identifier.map { BridgeIdentifierText($0) })
        session.output.option("root_id", text: state.root.map { BridgeIdentifierText($0) }, label: "designated_root")
        session.output.option("root_port", state.rootPort)
        session.output.option("root_path_cost", state.rootPathCost)
        session.output.option("topology_change", bit: state.isTopologyChanging)
        session.output.option("topology_change_detected", bit: state.isTopologyChangeDetected)
        session.output.option("hello_timer", timer: state.helloTimer)
        session.output.option("tcn_timer", timer: state.topologyChangeNotificationTimer)
        session.output.option("topology_change_timer", timer: state.topologyChangeTimer)
        session.output.option("gc_timer", timer: state.garbageCollectionTimer)
        session.output.option("fdb_n_learned", state.learnedAddressCount)
        session.output.option("fdb_max_learned", bridge.maximumLearnedAddresses)
        session.output.option("vlan_default_pvid", bridge.defaultPVID)
        session.output.option("vlan_stats_enabled", bit: bridge.countsVLANStatistics)
        session.output.option("vlan_stats_per_port", bit: bridge.countsVLANStatisticsPerPort)
        session.output.option("group_fwd_mask", mask: bridge.groupForwardMask)
        session.output.option("group_addr", text: bridge.groupAddress, label: "group_address")
        session.output.option("mcast_snooping", bit: bridge.isMulticastSnooping)
        session.output.option("no_linklocal_learn", bit: bridge.noLinkLocalLearning)
        session.output.option("mcast_vlan_snooping", bit: bridge.isMulticastVLANSnooping)
        session.output.option("mst_enabled", bit: bridge.hasMultipleSpanningTrees)
        printMulticast(bridge, in: &session)
        session.output.option("nf_call_iptables", bit: bridge.callsIPTables)
        session.output.option("nf_call_ip6tables", bit: bridge.callsIP6Tables)
        session.output.option("nf_call_arptables", bit: bridge.callsARPTables)
    }

    private static func printMulticast(_ bridge: BridgeLink, in session: inout Session) {
        session.output.option("mcast_router", bridge.multicastRouter?.rawValue)
        session.output.option("mcast_query_use_ifaddr", bit: bridge.multicastQueryUsesAddress)
        session.output.option("mcast_querier", bit: bridge.isMulticastQuerier)
        printQuerier(bridge.state.ipv4Querier, in: &session)
        printQuerier(bridge.state.ipv6Querier, in: &session)
        session.output.option("mcast_hash_elasticity", bridge.multicastHashElasticity)
        session.output.option("mcast_hash_max", bridge.multicastHashMaximum)
        session.output.option(
            "mcast_last_member_cnt", bridge.multicastLastMemberCount, label: "mcast_last_member_count")
        session.output.option(
            "mcast_startup_query_cnt", bridge.multicastStartupQueryCount, label: "mcast_startup_query_count")
        let unit = Duration.centiseconds(1)
        session.output.option(
            "mcast_last_member_intvl", bridge.multicastLastMemberInterval, in: unit,
            label: "mcast_last_member_interval")
        session.output.option(
            "mcast_membership_intvl", bridge.multicastMembershipInterval, in: unit, label: "mcast_membership_interval")
        session.output.option(
            "mcast_querier_intvl", bridge.multicastQuerierInterval, in: unit, label: "mcast_querier_interval")
        session.output.option(
            "mcast_query_intvl", bridge.multicastQueryInterval, in: unit, label: "mcast_query_interval")
        session.output.option(
            "mcast_query_response_intvl", bridge.multicastQueryResponseInterval, in: unit,
            label: "mcast_query_response_interval")
        session.output.option(
            "mcast_startup_query_intvl", bridge.multicastStartupQueryInterval, in: unit,
            label: "mcast_startup_query_interval")
        session.output.option("mcast_stats_enabled", bit: bridge.countsMulticastStatistics)
        session.output.option("mcast_igmp_version", bridge.igmpVersion)
        session.output.option("mcast_mld_version", bridge.mldVersion)
    }

    private static func printQuerier(_ querier: BridgeLink.Querier?, in session: inout Session) {
        guard let querier, let address = querier.address else { return }
        let isFour = address.family == .ipv4
        session.output.beginObject(isFour ? "mcast_querier_state_ipv4" : "mcast_querier_state_ipv6")
        session.output.option(isFour ? "mcast_querier_ipv4_addr" : "mcast_querier_ipv6_addr", text: address)
        if let port = querier.port, port != .none {
            session.output.option(
                isFour ? "mcast_querier_ipv4_port" : "mcast_querier_ipv6_port", text: session.links.name(of: port))
        }
        if let remaining = querier.remaining {
            session.output.option(
                isFour ? "mcast_querier_ipv4_other_timer" : "mcast_querier_ipv6_other_timer", timer: remaining)
        }
        session.output.endObject()
    }
}

/// A bridge in a spanning tree: the priority in hexadecimal, and its address.
struct BridgeIdentifierText: TextWritable {
    let identifier: BridgeIdentifier

    init(_ identifier: BridgeIdentifier) { self.identifier = identifier }

    func write(to bytes: inout [UInt8]) {
        let address = identifier.address
        Hexadecimal(UInt64(identifier.priority), digits: 4, zeroX: false).write(to: &bytes)
        for index in 0..<address.byteCount {
            bytes.append(index == 0 ? 0x2e : 0x3a)
            Hexadecimal(UInt64(address[index]), zeroX: false).write(to: &bytes)
        }
    }
}

extension Output {
    /// Prints what is left of a timer in seconds.
    mutating func option(_ key: StaticString, timer: Duration?) {
        guard let timer else { return }
        let seconds = Double(timer.count(of: .centiseconds(1))) / 100
        if isJSON { return double(key, seconds, decimals: 2) }
        text(key)
        text(" ")
        text(FixedPoint(seconds, decimals: 2), width: 7)
        text(" ")
    }

    /// Prints an option of a kind in hexadecimal.
    mutating func option(_ key: StaticString, mask: UInt16?) {
        guard let mask else { return }
        text(key)
        text(" ")
        hex(key, mask, suffix: " ")
    }
}
