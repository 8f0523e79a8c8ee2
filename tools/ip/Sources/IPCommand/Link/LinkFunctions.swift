// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkRoute

/// The lines of the virtual functions of a link.
enum LinkFunctions {
    static func print(_ link: Link, in session: inout Session) {
        guard !link.state.virtualFunctions.isEmpty else { return }
        session.output.beginArray("vfinfo_list")
        for function in link.state.virtualFunctions {
            session.output.beginObject()
            print(function, link, in: &session)
            session.output.endObject()
        }
        session.output.endArray()
    }

    private static func print(_ function: VirtualFunction, _ link: Link, in session: inout Session) {
        session.output.newline()
        session.output.number("vf", function.index, prefix: "    vf ", suffix: " ")
        HardwareAddresses(of: link, address: function.address, broadcast: function.broadcast).print(in: &session)
        printVLANs(function.vlans, in: &session)
        printRates(function, in: &session)
        if let checks = function.checksSpoofing {
            session.output.bool("spoofchk", checks, on: "on", off: "off", prefix: ", spoof checking ")
        }
        if let guid = function.nodeGUID { printGUID("node guid", ", NODE_GUID ", guid, in: &session) }
        if let guid = function.portGUID { printGUID("port guid", ", PORT_GUID ", guid, in: &session) }
        if let state = function.linkState { print(state, in: &session) }
        if let isTrusted = function.isTrusted {
            session.output.bool("trust", isTrusted, on: "on", off: "off", prefix: ", trust ")
        }
        if let allows = function.allowsScalingQuery {
            session.output.bool("query_rss_en", allows, on: "on", off: "off", prefix: ", query_rss ")
        }
        if session.options.statistics > 0, let statistics = function.statistics { print(statistics, in: &session) }
    }

    private static func printVLANs(_ vlans: [VirtualFunction.VLAN], in session: inout Session) {
        // JSON has the list in any case, and an empty object for no VLAN.
        guard session.output.isJSON || vlans.contains(where: { $0.id != 0 || $0.priority != 0 }) else { return }
        session.output.beginArray("vlan_list")
        for vlan in vlans {
            session.output.beginObject()
            if vlan.id != 0 { session.output.number("vlan", vlan.id, prefix: ", vlan ") }
            if vlan.priority != 0 { session.output.number("qos", vlan.priority, prefix: ", qos ") }
            if let type = vlan.protocolType, type != .dot1Q, vlan.id != 0 {
                session.output.string(
                    "protocol", VLANProtocolName(type: type, isNumeric: session.options.numeric),
                    prefix: ", vlan protocol ")
            }
            session.output.endObject()
        }
        session.output.endArray()
    }

    private static func printRates(_ function: VirtualFunction, in session: inout Session) {
        if let rate = function.transmitRate, rate != 0 {
            session.output.number("tx_rate", rate, prefix: ", tx rate ", suffix: " (Mbps)")
        }
        guard let rate = function.rate else { return }
        let isJSON = session.output.isJSON
        session.output.beginObject("rate")
        if isJSON || rate.maximum != 0 {
            session.output.number("max_tx", rate.maximum, prefix: ", max_tx_rate ", suffix: "Mbps")
        }
        if isJSON || rate.minimum != 0 {
            session.output.number("min_tx", rate.minimum, prefix: ", min_tx_rate ", suffix: "Mbps")
        }
        session.output.endObject()
    }

    private static func printGUID(
        _ key: StaticString, _ prefix: StaticString, _ guid: UInt64, in session: inout Session
    ) {
        session.output.string(key, GUIDText(value: guid), prefix: prefix)
    }

    private static func print(_ state: VirtualFunction.LinkState, in session: inout Session) {
        let name: StaticString =
            switch state {
            case .automatic: "auto"
            case .up: "enable"
            default: "disable"
            }
        session.output.string("link_state", name, prefix: ", link-state ")
    }

    // MARK: Statistics

    private static func print(_ statistics: VirtualFunction.Statistics, in session: inout Session) {
        if session.output.isJSON { return printJSON(statistics, &session.output) }
        session.output.newline()
        session.output.text("    RX: bytes  packets  mcast   bcast   dropped ")
        session.output.newline()
        session.output.text("    ")
        number(statistics.receivedBytes, 10, in: &session)
        number(statistics.receivedPackets, 8, in: &session)
        number(statistics.multicast, 7, in: &session)
        number(statistics.broadcast, 7, in: &session)
        number(statistics.receiveDropped, 8, in: &session)
        session.output.newline()
        session.output.text("    TX: bytes  packets   dropped ")
        session.output.newline()
        session.output.text("    ")
        number(statistics.sentBytes, 10, in: &session)
        number(statistics.sentPackets, 8, in: &session)
        number(statistics.sendDropped, 8, in: &session)
    }

    private static func number(_ value: UInt64, _ width: Int, in session: inout Session) {
        if session.options.human {
            session.output.text(HumanNumber(value, iec: session.options.iec), width: width)
        } else {
            session.output.text(number: value, width: width)
        }
        session.output.text(" ")
    }

    private static func printJSON(_ statistics: VirtualFunction.Statistics, _ output: inout Output) {
        output.beginObject("stats")
        output.beginObject("rx")
        output.number("bytes", statistics.receivedBytes)
        output.number("packets", statistics.receivedPackets)
        output.number("multicast", statistics.multicast)
        output.number("broadcast", statistics.broadcast)
        output.number("dropped", statistics.receiveDropped)
        output.endObject()
        output.beginObject("tx")
        output.number("tx_bytes", statistics.sentBytes)
        output.number("tx_packets", statistics.sentPackets)
        output.number("dropped", statistics.sendDropped)
        output.endObject()
        output.endObject()
    }
}

/// The eight bytes of an InfiniBand identifier with colons between.
private struct GUIDText: TextWritable {
    let value: UInt64

    func write(to bytes: inout [UInt8]) {
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            if shift < 56 { bytes.append(0x3a) }
            Hexadecimal(value >> shift & 0xff, digits: 2, zeroX: false).write(to: &bytes)
        }
    }
}
