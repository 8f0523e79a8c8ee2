// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// The help of `ip link`.
enum LinkHelp {
    /// The grammar as an error, since iproute2 prints it on standard error and fails.
    static func error(status: Int32) -> CommandError { CommandError(grammar, status: status, endsBatch: true) }

    /// `ip link help [KIND]`: the help of a kind goes to standard output.
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        guard let kind = words.next() else { throw error(status: 255) }
        if let reader = KindTable.reader(kind) {
            session.output.text(reader.help)
        } else if KindTable.isBare(kind) {
            session.output.text("Usage: ... ")
            session.output.text(kind)
        } else if KindTable.isLater(kind) {
            throw CommandError("\"\(kind.string)\" options are not supported yet.", status: 1)
        } else {
            throw error(status: 255)
        }
        session.output.endLine()
    }

    static let grammar: StaticString = """
        Usage: ip link [ show ] [ [ dev ] DEVICE ] [ up ] [ down ] [ group GROUP ] [ master DEVICE | nomaster ]
                       [ vrf NAME ] [ type KIND ] [ novf ]
               ip link add [ [ name ] NAME ] [ link DEVICE ] [ SETTING ]... type KIND [ OPTION ]...
               ip link replace NAME [ SETTING ]... type KIND [ OPTION ]...
               ip link { set | change } { [ dev ] DEVICE | group GROUP } [ SETTING ]... [ type KIND [ OPTION ]... ]
               ip link delete { [ dev ] DEVICE | group GROUP } [ type KIND ]
               ip link property { add | del } [ dev ] DEVICE [ altname NAME ]...
               ip link help [ KIND ]
        SETTING, of flags:   up | down | { arp | dynamic | multicast | allmulticast | promisc | trailers } SWITCH
                 of names:   name NAME | alias TEXT | group GROUP | index NUMBER
                 addresses:  address LLADDR | broadcast LLADDR | addrgenmode { eui64 | none | stable_secret | random }
                 of sizes:   mtu BYTES | txqueuelen PACKETS | numtxqueues NUMBER | numrxqueues NUMBER
                             gso_max_size BYTES | gso_max_segs NUMBER | gso_ipv4_max_size BYTES
                             gro_max_size BYTES | gro_ipv4_max_size BYTES
                 of places:  master DEVICE | vrf NAME | nomaster | netns { NAME | PATH | PID }
                             link-netns NAME | link-netnsid NUMBER | parentdev NAME
                 of states:  carrier SWITCH | mode { default | dormant } | state STATE
                             protodown SWITCH | protodown_reason REASON SWITCH
                 functions:  vf NUMBER { mac LLADDR | vlan ID [ qos NUMBER ] [ proto PROTOCOL ] | rate MBPS
                             max_tx_rate MBPS | min_tx_rate MBPS | spoofchk SWITCH | query_rss SWITCH
                             trust SWITCH | state { auto | enable | disable } | node_guid EUI64 | port_guid EUI64 }...
                 programs:   { xdp | xdpgeneric | xdpdrv | xdpoffload } { pinned FILE | off }
        SWITCH:  on | off
        STATE:   unknown | notpresent | down | lowerlayerdown | testing | dormant | up
        KIND:    bond | bridge | dummy | ifb | ipvlan | ipvtap | macvlan | macvtap | netkit | nlmon | veth | vlan
                 vrf | vxlan | wireguard; ports: bond_slave | bridge_slave; others without options of their own
        """
}
