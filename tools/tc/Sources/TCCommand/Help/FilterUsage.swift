// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

extension Usage {
    /// The help of filters, chains and actions.
    static func filterText(_ topic: Topic) -> String {
        switch topic {
        case .filter: filter
        case .chain: chain
        case .action: action
        case .genericAction: genericAction
        case .mirred: mirred
        case .police: police
        case .matchAll: matchAll
        case .firewallMark: firewallMark
        case .u32: u32
        default: ""
        }
    }

    private static let filter = """
        Usage: tc filter { add | replace | change | del } { dev DEVICE PLACE | block NUMBER } [ protocol NAME ]
                  [ pref NUMBER ] [ chain NUMBER ] [ handle HANDLE ] [ estimator INTERVAL TIME ] [ KIND [ OPTIONS ] ]
               tc filter get dev DEVICE PLACE protocol NAME pref NUMBER handle HANDLE [ chain NUMBER ] KIND
               tc filter [ show | list ] { dev DEVICE [ PLACE ] | block NUMBER } [ protocol NAME ] [ pref NUMBER ]
                  [ chain NUMBER ]
        PLACE:  root | ingress | egress | parent CLASS
        KIND:   \(FilterTable.entries.map(\.name).joined(separator: " | "))
        "tc filter add KIND help" tells about a kind.
        """
    private static let chain = """
        Usage: tc chain { add | del | get } { dev DEVICE PLACE | block NUMBER } [ chain NUMBER ]
               tc chain [ show | list ] { dev DEVICE [ PLACE ] | block NUMBER } [ chain NUMBER ]
        PLACE:  root | ingress | egress | parent CLASS
        """
    private static let action = """
        Usage: tc action { add | replace | change } ACTION [ ACTION ... ]
               tc action { get | del } action KIND index NUMBER [ action KIND index NUMBER ... ]
               tc action { show | list } action KIND [ since MILLISECONDS ]
               tc action flush action KIND
        ACTION: action KIND [ OPTIONS ] [ index NUMBER ] [ cookie HEX ] [ hw_stats { immediate | delayed | disabled } ]
                  [ no_percpu ] [ skip_sw | skip_hw ]
        KIND:   \(ActionTable.entries.map(\.name).joined(separator: " | "))
        """
    private static let genericAction = """
        Usage: ... [ gact ] VERDICT [ random { netrand | determ } VERDICT COUNT ] [ index NUMBER ]
        VERDICT: pass | drop | pipe | continue | reclassify | trap | goto chain NUMBER | jump NUMBER
        COUNT:   one packet of so many, at most 10000
        """
    private static let mirred = """
        Usage: ... mirred { egress | ingress } { redirect | mirror } [ index NUMBER ] { dev DEVICE | blockid NUMBER }
                      [ VERDICT ]
        """
    private static let police = """
        Usage: ... police [ rate RATE burst BYTES[/CELL] ] [ peakrate RATE mtu BYTES[/CELL] ] [ avrate RATE ]
                      [ pkts_rate COUNT pkts_burst COUNT ] [ mpu BYTES ] [ overhead BYTES ]
                      [ linklayer { ethernet | atm | adsl } ] [ VERDICT | conform-exceed VERDICT[/VERDICT] ]
                      [ index NUMBER ]
        The first VERDICT is that of packets above the rate, the second that of the others.
        """
    private static let matchAll = """
        Usage: ... matchall [ classid CLASS ] [ skip_sw | skip_hw ] [ action ACTION ... ]
        """
    private static let firewallMark = """
        Usage: ... [ handle MARK[/MASK] ] fw [ classid CLASS ] [ indev DEVICE ] [ action ACTION ... | police POLICE ]
        """
    private static let u32 = """
        Usage: ... u32 [ match MATCH ... ] [ classid CLASS ] [ action ACTION ... | police POLICE ] [ indev DEVICE ]
                      [ ht TABLE [ sample MATCH [ divisor COUNT ] ] ] [ order NUMBER ] [ skip_sw | skip_hw ]
                      [ link TABLE [ offset [ at N ] [ mask HEX ] [ shift N ] [ plus N ] [ eat ] ]
                                   [ hashkey [ mask HEX ] [ at N ] ] ]
               ... [ handle TABLE ] u32 divisor COUNT
        MATCH:  { u32 | u16 | u8 } VALUE HEXMASK [ at [nexthdr+]N ]
                ip { src | dst } PREFIX | ip { tos | protocol | ihl | sport | dport | icmp_type | icmp_code } VALUE HEXMASK
                ip { df | mf | firstfrag | nofrag }
                ip6 { src | dst } PREFIX | ip6 { priority | protocol | flowlabel | sport | dport } VALUE HEXMASK
                { tcp | udp } { src | dst } VALUE HEXMASK | icmp { type | code } VALUE HEXMASK
                ether { src | dst } ADDRESS | mark VALUE MASK
        TABLE:  NUMBER: in hexadecimal
        """
}
