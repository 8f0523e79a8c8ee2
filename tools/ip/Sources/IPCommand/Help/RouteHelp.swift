// SPDX-License-Identifier: Apache-2.0

extension Usage {
    static let route = """
        Usage: ip route [show] [[to] RANGE] [SELECTION]...
               ip route get [to] ADDRESS [PACKET]... [fibmatch] [notify] [connected]
               ip route {add | replace | change | append | prepend | test | delete} ROUTE
               ip route {flush | save} RANGE [SELECTION]...
               ip route {restore | showdump}
        ROUTE:     [TYPE] [to] PREFIX [SETTING]... [METRIC]... {[HOP] | nexthop HOP [nexthop HOP]...}
        TYPE:      unicast | local | broadcast | multicast | anycast | throw | unreachable | prohibit | blackhole
        HOP:       [via [FAMILY] ADDRESS] [dev DEVICE] [onlink]
                   behind "nexthop" also [weight 1-256] [realms REALMS] [as [to] LABELS]
        SETTING:   table TABLE | vrf NAME | metric NUMBER | tos TOS | protocol PROTOCOL | scope SCOPE | src ADDRESS
                   from PREFIX | realms REALMS | nhid NUMBER | expires SECONDS | as [to] LABELS
                   pref {low | medium | high} | ttl-propagate {enabled | disabled}
        METRIC:    [lock] may stand in front of each NUMBER and TIME but that of rto_min
                   mtu NUMBER | advmss NUMBER | hoplimit NUMBER | window NUMBER | cwnd NUMBER | initcwnd NUMBER
                   initrwnd NUMBER | ssthresh NUMBER | reordering NUMBER | rtt TIME | rttvar TIME | rto_min TIME
                   congctl NAME | features {ecn | tcp_usec_ts} | quickack {0 | 1} | fastopen_no_cookie {0 | 1}
        PACKET:    from ADDRESS | iif DEVICE | oif DEVICE | vrf NAME | mark NUMBER | tos TOS | uid NUMBER
                   ipproto PROTOCOL | sport PORT | dport PORT | flowlabel NUMBER
        RANGE:     PREFIX | root PREFIX | match PREFIX | exact PREFIX | default
        SELECTION: table {TABLE | all | cache} | vrf NAME | type TYPE | protocol PROTOCOL | scope SCOPE | tos TOS
                   metric NUMBER | realms REALMS | dev DEVICE | iif DEVICE | via [FAMILY] PREFIX | src PREFIX
                   from RANGE | mark NUMBER
        FAMILY:    inet | inet6 | mpls
        REALMS:    [SOURCE/]DESTINATION
        LABELS:    NUMBER[/NUMBER]...
        TABLE:     local | main | default | NUMBER
        TIME:      milliseconds, or with a unit: 5s, 20ms
        """
}
