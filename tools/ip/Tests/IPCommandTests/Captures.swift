// SPDX-License-Identifier: Apache-2.0

import Testing

/// What `ip` of iproute2 6.15 sends for a command line, where d0 is link 20 and d1 link 21.
///
/// Captured with `strace -e write=all` on Linux 7.2: the type and the flags of the last request, and what follows its
/// header.
struct Capture: Sendable, CustomTestStringConvertible {
    let line: String
    let type: UInt16
    let flags: UInt16
    let payload: String

    var testDescription: String { line }

    static let all: [Capture] = [
        Capture(
            line: "link set d0 up", type: 16, flags: 0x5,
            payload: """
                00000000140000000100000001000000
                """),
        Capture(
            line: "link set d0 mtu 1400 txqueuelen 7 alias hello", type: 16, flags: 0x5,
            payload: """
                00000000140000000000000000000000080004007805000008000d00070000000900140068656c6c6f000000
                """),
        Capture(
            line: "link set d0 master d1", type: 16, flags: 0x5,
            payload: """
                0000000014000000000000000000000008000a0015000000
                """),
        Capture(
            line: "link set d0 nomaster", type: 16, flags: 0x5,
            payload: """
                0000000014000000000000000000000008000a0000000000
                """),
        Capture(
            line: "link set d0 address 02:00:00:00:00:09", type: 16, flags: 0x5,
            payload: """
                000000001400000000000000000000000a0001000200000000090000
                """),
        Capture(
            line: "link set d0 arp off multicast on", type: 16, flags: 0x5,
            payload: """
                00000000140000008010000080100000
                """),
        Capture(
            line: "link set d0 name d9", type: 16, flags: 0x5,
            payload: """
                000000001400000000000000000000000700030064390000
                """),
        Capture(
            line: "link set d0 vf 0 mac 02:00:00:00:00:11 vlan 5 qos 3", type: 16, flags: 0x5,
            payload: """
                00000000140000000000000000000000400016003c000100280001000000000002000000001100000000000000000000\
                0000000000000000000000000000000010000200000000000500000003000000
                """),
        Capture(
            line: "link set group 5 up", type: 16, flags: 0x5,
            payload: """
                0000000000000000010000000100000008001b0005000000
                """),
        Capture(
            line: "link add d2 type dummy", type: 16, flags: 0x605,
            payload: """
                000000000000000000000000000000000700030064320000100012000900010064756d6d79000000
                """),
        Capture(
            line: "link add link d0 name d0.5 type vlan id 5", type: 16, flags: 0x605,
            payload: """
                0000000000000000000000000000000008000500140000000900030064302e35000000001800120008000100766c616e\
                0c0002000600010005000000
                """),
        Capture(
            line: "link add br0 type bridge stp_state 1 priority 4096", type: 16, flags: 0x605,
            payload: """
                000000000000000000000000000000000800030062723000240012000a00010062726964676500001400020008000500\
                010000000600060000100000
                """),
        Capture(
            line: "link add v0 mtu 1300 type veth peer name v1 mtu 1200", type: 16, flags: 0x605,
            payload: """
                000000000000000000000000000000000800040014050000070003007630000034001200080001007665746828000200\
                240001000000000000000000000000000000000008000400b00400000700030076310000
                """),
        Capture(
            line: "link add link d0 name mv0 type macvlan mode bridge", type: 16, flags: 0x605,
            payload: """
                000000000000000000000000000000000800050014000000080003006d7630001c0012000b0001006d6163766c616e00\
                0c0002000800010004000000
                """),
        Capture(
            line: "link add vrf0 type vrf table 100", type: 16, flags: 0x605,
            payload: """
                000000000000000000000000000000000900030076726630000000001800120007000100767266000c00020008000100\
                64000000
                """),
        Capture(
            line: "link del d0", type: 17, flags: 0x5,
            payload: """
                00000000140000000000000000000000
                """),
        Capture(
            line: "link property add dev d0 altname foo", type: 108, flags: 0xe05,
            payload: """
                000000001400000000000000000000000c00348008003500666f6f00
                """),
        Capture(
            line: "addr add 10.0.0.1/24 brd + dev d0", type: 20, flags: 0x605,
            payload: """
                0218000014000000080002000a000001080001000a000001080004000a0000ff
                """),
        Capture(
            line: "addr add 10.0.0.1 peer 10.0.0.2/32 dev d0 scope link", type: 20, flags: 0x605,
            payload: """
                022000fd14000000080002000a000001080001000a000002
                """),
        Capture(
            line: "addr add 10.0.0.3/24 dev d0 valid_lft 1000 preferred_lft 500 metric 5 proto 9", type: 20,
            flags: 0x605,
            payload: """
                0218000014000000080002000a000003080009000500000005000b0009000000080001000a00000314000600f4010000\
                e80300000000000000000000
                """),
        Capture(
            line: "addr add 2001:db8::1/64 dev d0 nodad home", type: 20, flags: 0x605,
            payload: """
                0a401200140000001400020020010db80000000000000000000000011400010020010db8000000000000000000000001
                """),
        Capture(
            line: "addr replace 10.0.0.1/24 dev d0 label d0:x", type: 20, flags: 0x505,
            payload: """
                0218000014000000080002000a0000010900030064303a7800000000080001000a000001
                """),
        Capture(
            line: "addr del 10.0.0.1/24 dev d0", type: 21, flags: 0x5,
            payload: """
                0218000014000000080002000a000001080001000a000001
                """),
        Capture(
            line: "route add 10.2.0.0/16 via 10.0.0.2", type: 24, flags: 0x605,
            payload: """
                02100000fe03000100000000080001000a020000080005000a000002
                """),
        Capture(
            line: "route add default dev d0 metric 5", type: 24, flags: 0x605,
            payload: """
                02000000fe03fd010000000008000600050000000800040014000000
                """),
        Capture(
            line: "route add 10.3.0.0/16 dev d0 mtu 1400 advmss lock 1300", type: 24, flags: 0x605,
            payload: """
                02100000fe03fd0100000000080001000a03000008000400140000001c00080008000200780500000800080014050000\
                0800010000010000
                """),
        Capture(
            line: "route add blackhole 10.4.0.0/16 table 1000", type: 24, flags: 0x605,
            payload: """
                021000000003000600000000080001000a04000008000f00e8030000
                """),
        Capture(
            line: "route replace 10.5.0.0/16 via inet6 fe80::1 dev d0", type: 24, flags: 0x505,
            payload: """
                02100000fe03000100000000080001000a050000160012000a00fe800000000000000000000000000001000008000400\
                14000000
                """),
        Capture(
            line: "route add 10.6.0.0/16 nexthop via 10.0.0.3 weight 2 nexthop via 10.0.0.4 dev d0", type: 24,
            flags: 0x605,
            payload: """
                02100000fe03000100000000080001000a060000240009001000000100000000080005000a0000031000000014000000\
                080005000a000004
                """),
        Capture(
            line: "route del 10.2.0.0/16", type: 25, flags: 0x5,
            payload: """
                02100000fe00ff0000000000080001000a020000
                """),
        Capture(
            line: "route append 10.7.0.0/16 dev d0 tos 4 src 10.0.0.1 proto static scope link", type: 24, flags: 0xc05,
            payload: """
                02100004fe04fd0100000000080001000a070000080007000a0000010800040014000000
                """),
        Capture(
            line: "route add 2001:db8:5::/48 via 2001:db8::2 expires 100 pref high", type: 24, flags: 0x605,
            payload: """
                0a300000fe030001000000001400010020010db80005000000000000000000001400050020010db80000000000000000\
                0000000208001700640000000500140001000000
                """),
        Capture(
            line: "neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev d0", type: 28, flags: 0x605,
            payload: """
                020000001400000080000000080001000a0000020a0002000200000000020000
                """),
        Capture(
            line: "neigh replace 10.0.0.2 lladdr 02:00:00:00:00:02 dev d0 nud stale router", type: 28, flags: 0x505,
            payload: """
                020000001400000004008000080001000a0000020a0002000200000000020000
                """),
        Capture(
            line: "neigh change 10.0.0.2 lladdr 02:00:00:00:00:02 dev d0 nud delay", type: 28, flags: 0x105,
            payload: """
                020000001400000008000000080001000a0000020a0002000200000000020000
                """),
        Capture(
            line: "neigh add 10.0.0.2 dev d0 managed extern_learn protocol static", type: 28, flags: 0x605,
            payload: """
                02000000140000000000100005000c0004000000080001000a00000208000f0001000000
                """),
        Capture(
            line: "neigh add proxy 10.0.0.2 dev d0", type: 28, flags: 0x605,
            payload: """
                020000001400000080000800080001000a000002
                """),
        Capture(
            line: "neigh del 10.0.0.2 dev d0", type: 29, flags: 0x5,
            payload: """
                020000001400000080000000080001000a000002
                """),
        Capture(
            line: "rule add from 10.0.0.0/8 table 100 pref 5", type: 32, flags: 0x605,
            payload: """
                020008006400000100000000080002000a0000000800060005000000
                """),
        Capture(
            line: "rule add not fwmark 1/3 iif d0 lookup 1000", type: 32, flags: 0x605,
            payload: """
                02000000000000010200000008000a00010000000800100003000000070003006430000008000f00e8030000
                """),
        Capture(
            line: "rule add ipproto tcp sport 5 dport 6-7 table 5", type: 32, flags: 0x605,
            payload: """
                020000000500000100000000050016000600000008001700050005000800180006000700
                """),
        Capture(
            line: "rule add goto 100 pref 5", type: 32, flags: 0x605,
            payload: """
                02000000000000020000000008000400640000000800060005000000
                """),
        Capture(
            line: "rule add nat 10.0.0.9", type: 32, flags: 0x605,
            payload: """
                02000000fe00000a00000000080005000a000009
                """),
        Capture(
            line: "rule del pref 5", type: 33, flags: 0x5,
            payload: """
                0200000000000000000000000800060005000000
                """),
    ]
}
