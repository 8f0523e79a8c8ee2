// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// What `-d` adds to a link.
enum LinkDetails {
    static func print(_ link: Link, withFamilies: Bool, in session: inout Session) {
        let state = link.state
        number("promiscuity", " promiscuity ", state.promiscuity, &session)
        number("allmulti", "allmulti ", state.allMulticastCount, &session)
        number("min_mtu", "minmtu ", state.minimumMTU, &session)
        number("max_mtu", "maxmtu ", state.maximumMTU, &session)
        LinkKindLine.print(link, in: &session)
        if withFamilies, let mode = link.families?.ipv6.addressGenerationMode {
            printMode(mode, in: &session)
        }
        number("num_tx_queues", "numtxqueues ", link.transmitQueueCount, &session)
        number("num_rx_queues", "numrxqueues ", link.receiveQueueCount, &session)
        number("gso_max_size", "gso_max_size ", link.gsoMaxSize, &session)
        number("gso_max_segs", "gso_max_segs ", link.gsoMaxSegments, &session)
        number("tso_max_size", "tso_max_size ", state.tsoMaxSize, &session)
        number("tso_max_segs", "tso_max_segs ", state.tsoMaxSegments, &session)
        number("gro_max_size", "gro_max_size ", link.groMaxSize, &session)
        number("gso_ipv4_max_size", "gso_ipv4_max_size ", link.gsoIPv4MaxSize, &session)
        number("gro_ipv4_max_size", "gro_ipv4_max_size ", link.groIPv4MaxSize, &session)
        if let name = state.physicalPortName {
            session.output.string("phys_port_name", name, prefix: "portname ", suffix: " ")
        }
        if let id = state.physicalPortID {
            session.output.string("phys_port_id", HexBytes(id), prefix: "portid ", suffix: " ")
        }
        if let id = state.physicalSwitchID {
            session.output.string("phys_switch_id", HexBytes(id), prefix: "switchid ", suffix: " ")
        }
        if let bus = state.parentDeviceBus {
            session.output.string("parentbus", bus, prefix: "parentbus ", suffix: " ")
        }
        if let device = state.parentDeviceName {
            session.output.string("parentdev", device, prefix: "parentdev ", suffix: " ")
        }
    }

    private static func printMode(
        _ mode: IPv6LinkSettings.AddressGenerationMode, in session: inout Session
    ) {
        let name: StaticString
        switch mode {
        case .eui64: name = "eui64"
        case .none: name = "none"
        case .stablePrivacy: name = "stable_secret"
        case .random: name = "random"
        default:
            return session.output.hex(
                "inet6_addr_gen_mode", mode.rawValue, digits: 2, prefix: "addrgenmode ", suffix: " ")
        }
        session.output.string("inet6_addr_gen_mode", name, prefix: "addrgenmode ", suffix: " ")
    }

    private static func number(
        _ key: StaticString, _ prefix: StaticString, _ value: UInt32?, _ session: inout Session
    ) {
        if let value { session.output.number(key, value, prefix: prefix, suffix: " ") }
    }
}

/// Bytes as hexadecimal digits without anything between.
struct HexBytes: TextWritable {
    let value: [UInt8]

    init(_ value: [UInt8]) { self.value = value }

    func write(to bytes: inout [UInt8]) {
        for byte in value { Hexadecimal(UInt64(byte), digits: 2, zeroX: false).write(to: &bytes) }
    }
}
