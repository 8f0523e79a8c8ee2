// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkRoute

/// `type bond_slave`.
enum BondPortOptions: KindOptions {
    static let name: StaticString = "bond_slave"
    static let isPort = true

    static let help: StaticString = """
        Usage: ... bond_slave [ queue_id NUMBER ] [ prio NUMBER ]
        """

    static func parse(
        _ words: inout Words, creates: Bool, _ session: inout Session
    ) throws(CommandError) -> BondPort {
        var port = BondPort()
        while let word = words.next() {
            switch word {
            case prefix("queue_id"): port.queueID = try words.value(or: "queue_id is invalid")
            case "prio": port.priority = try words.value(or: "prio is invalid")
            default: throw unknown(word, "option")
            }
        }
        return port
    }

    // MARK: Printing

    static func print(_ port: BondPort, in session: inout Session) {
        let state = port.state
        let roles: [StaticString] = ["ACTIVE", "BACKUP"]
        let statuses: [StaticString] = ["UP", "GOING_DOWN", "DOWN", "GOING_BACK"]
        name("state", state.role?.rawValue, roles, in: &session)
        name("mii_status", state.linkStatus?.rawValue, statuses, in: &session)
        session.output.option("link_failure_count", state.linkFailureCount)
        session.output.option("perm_hwaddr", text: state.permanentAddress)
        session.output.option("queue_id", port.queueID)
        session.output.option("prio", port.priority)
        session.output.option("ad_aggregator_id", state.aggregatorID)
        if let value = state.actorPortState {
            session.output.option("ad_actor_oper_port_state", value)
            flags("ad_actor_oper_port_state_str", value, in: &session)
        }
        if let value = state.partnerPortState {
            session.output.option("ad_partner_oper_port_state", value)
            flags("ad_partner_oper_port_state_str", UInt8(truncatingIfNeeded: value), in: &session)
        }
    }

    private static func name(
        _ key: StaticString, _ number: UInt8?, _ names: [StaticString], in session: inout Session
    ) {
        guard let number else { return }
        if number < names.count {
            session.output.option(key, text: names[Int(number)])
        } else {
            session.output.option(key, number)
        }
    }

    private static func flags(_ key: StaticString, _ value: UInt8, in session: inout Session) {
        let names: [StaticString] = [
            "active", "short_timeout", "aggregating", "in_sync", "collecting", "distributing", "defaulted", "expired",
        ]
        session.output.text(key)
        session.output.beginArray(key, text: " <")
        var isFirst = true
        for (bit, name) in names.enumerated() where value & 1 << bit != 0 {
            session.output.string(nil, name, prefix: isFirst ? "" : ",")
            isFirst = false
        }
        session.output.endArray(text: "> ")
    }
}
