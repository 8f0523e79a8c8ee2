// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@testable import TCCommand

/// Wrong words are named as iproute2 6.15 names them, and nothing is sent.
struct WrongWordsTests {
    @Test(arguments: [
        ("foo", "Object \"foo\" is unknown, try \"tc help\".", 255),
        ("-foo qdisc", "Option \"-foo\" is unknown, try \"tc -help\".", 255),
        ("qdisc foo", "Command \"foo\" is unknown, try \"tc qdisc help\".", 255),
        ("class foo", "Command \"foo\" is unknown, try \"tc class help\".", 255),
        ("filter foo", "Command \"foo\" is unknown, try \"tc filter help\".", 255),
        ("chain foo", "Command \"foo\" is unknown, try \"tc chain help\".", 255),
        ("qdisc add dev nosuch root pfifo", "Cannot find device \"nosuch\"", 1),
        ("qdisc add dev d0 dev d1 root pfifo", "Error: duplicate \"dev\": \"d1\" is the second value.", 255),
        ("qdisc add dev d0 handle 10000: root pfifo", "Error: argument \"10000:\" is wrong: invalid qdisc ID", 255),
        ("qdisc add dev d0 handle foo root pfifo", "Error: argument \"foo\" is wrong: invalid qdisc ID", 255),
        (
            "qdisc add dev d0 handle 1: handle 2: root pfifo",
            "Error: duplicate \"handle\": \"handle\" is the second value.", 255
        ),
        ("qdisc add dev d0 parent foo pfifo", "Error: argument \"foo\" is wrong: invalid parent ID", 255),
        ("qdisc add dev d0 root parent 1: pfifo", "Error: duplicate \"parent\": \"1:\" is the second value.", 255),
        ("qdisc add dev d0 root ingress", "Error: \"ingress\" is a duplicate parent ID", 255),
        (
            "qdisc add dev d0 ingress_block foo clsact",
            "Error: argument \"foo\" is wrong: invalid ingress block index value", 255
        ),
        ("qdisc add dev d0 root foo limit 5", "Unknown qdisc \"foo\", hence option \"limit\" is unparsable", 1),
        (
            "qdisc add dev d0 root estimator foo 1s pfifo",
            "Error: argument \"invalid estimator interval\" is wrong: estimator", 255
        ),
        ("qdisc add dev d0 root stab mtu foo pfifo", "Error: argument \"invalid mtu\" is wrong: mtu", 255),
        (
            "qdisc add dev d0 root stab linklayer foo pfifo",
            "Error: argument \"invalid linklayer\" is wrong: linklayer", 255
        ),
        ("qdisc add dev d0 root pfifo limit", "Command line is not complete. Try option \"help\"", 255),
        ("qdisc add dev d0 root tbf rate foo", "tbf: illegal value for \"rate\": \"foo\"", 1),
        ("qdisc add dev d0 root tbf rate 1mbit rate 2mbit", "tbf: duplicate \"rate\" specification", 1),
        ("qdisc add dev d0 root tbf rate 1mbit burst foo", "tbf: illegal value for \"burst\": \"foo\"", 1),
        ("qdisc add dev d0 root tbf rate 1mbit burst 10k/3", "tbf: illegal value for \"burst\": \"10k/3\"", 1),
        (
            "qdisc add dev d0 root tbf rate 1mbit burst 10k latency foo", "tbf: illegal value for \"latency\": \"foo\"",
            1
        ),
        (
            "qdisc add dev d0 root tbf rate 1mbit burst 10k limit 3k latency 5ms",
            "tbf: specifying both \"limit\" and \"/latency\" is not allowed", 1
        ),
        ("qdisc add dev d0 root fq_codel target foo", "Illegal \"target\"", 1),
        ("qdisc add dev d0 root fq_codel ce_threshold_selector 5", "Missing mask for \"ce_threshold_selector\"", 1),
        ("qdisc add dev d0 root fq_codel flows foo", "Illegal \"flows\"", 1),
        ("qdisc add dev d0 root netem delay foo", "Illegal \"latency\"", 1),
        ("qdisc add dev d0 root netem loss 101%", "Illegal \"loss percent\"", 1),
        ("qdisc add dev d0 root netem loss foo", "Unknown loss parameter: foo", 1),
        ("qdisc add dev d0 root netem loss state foo", "Illegal \"loss p13\"", 1),
        ("qdisc add dev d0 root netem loss gemodel 1% 2% 300%", "Illegal \"loss gemodel h\"", 1),
        ("qdisc add dev d0 root netem rate foo", "Illegal \"rate\"", 1),
        ("qdisc add dev d0 root netem rate 1mbit 99999999999", "Illegal \"rate\"", 1),
        ("qdisc add dev d0 root netem slot 2ms 1ms", "Illegal \"slot max_delay\"", 1),
        ("qdisc add dev d0 root netem slot foo", "Unknown slot parameter: foo", 1),
        ("qdisc add dev d0 root netem slot 1ms packets foo", "Illegal \"slot packets\"", 1),
        ("qdisc add dev d0 root netem seed foo", "Illegal \"seed\"", 1),
        ("qdisc add dev d0 root netem gap foo", "Illegal \"gap\"", 1),
        ("qdisc add dev d0 root netem limit foo", "Illegal \"limit\"", 1),
        ("qdisc show foo", "What is \"foo\"? Try \"tc qdisc help\".", 255),
        ("qdisc show handle 10000:", "Error: argument \"10000:\" is wrong: invalid handle ID", 255),
        ("qdisc show parent 1: root", "Error: argument \"root\" is wrong: parent is already specified", 255),
        ("class add dev d0 parent 1: classid 1:1 htb", "\"rate\" is required.", 1),
        (
            "class add dev d0 parent 1: classid foo htb rate 1mbit",
            "Error: argument \"foo\" is wrong: invalid class ID", 255
        ),
        (
            "class add dev d0 parent foo classid 1:1 htb rate 1mbit",
            "Error: argument \"foo\" is wrong: invalid parent ID", 255
        ),
        ("class add dev d0 parent 1: classid 1:1 htb rate 1mbit rate 1mbit", "Double \"rate\" spec", 1),
        ("class add dev d0 parent 1: classid 1:1 htb ceil 1mbit", "\"rate\" is required.", 1),
        ("class show dev d0 foo", "What is \"foo\"? Try \"tc class help\".", 255),
        ("filter add dev d0 parent foo matchall", "Error: argument \"foo\" is wrong: Invalid parent ID", 255),
        ("filter add dev d0 root parent 1: matchall", "Error: duplicate \"parent\": \"1:\" is the second value.", 255),
        ("filter add dev d0 protocol foo matchall", "Error: argument \"foo\" is wrong: invalid protocol", 255),
        ("filter add dev d0 prio foo matchall", "Error: argument \"foo\" is wrong: invalid priority value", 255),
        ("filter add dev d0 prio 1 prio 2 matchall", "Error: duplicate \"priority\": \"2\" is the second value.", 255),
        ("filter add dev d0 chain foo matchall", "Error: argument \"foo\" is wrong: invalid chain index value", 255),
        ("filter add dev d0 block 5 matchall", "Error: \"dev\" and \"block\" are mutually exclusive", 255),
        ("filter add block foo matchall", "Error: argument \"foo\" is wrong: invalid block index value", 255),
        ("filter add dev d0 ingress foo bar", "Unknown filter \"foo\", hence option \"bar\" is unparsable", 1),
        ("filter add dev d0 ingress matchall classid foo", "Illegal \"classid\"", 1),
        ("filter add dev d0 ingress u32 match foo", "Illegal \"match\"", 1),
        ("filter add dev d0 ingress u32 match u8 256 ff at 0", "Illegal \"match\"", 1),
        ("filter add dev d0 ingress u32 match ip src foo", "Illegal \"match\"", 1),
        (
            "filter add dev d0 ingress u32 match mark 1 2 flowid 1:1",
            "Illegal \"mark\" (impossible combination)\nIllegal \"match\"", 1
        ),
        ("filter add dev d0 ingress u32 divisor 3", "Illegal \"divisor\"", 1),
        ("filter add dev d0 ingress u32 ht foo", "Illegal \"ht\"", 1),
        ("filter add dev d0 ingress u32 link foo", "Illegal \"link\"", 1),
        ("filter add dev d0 ingress fw classid foo", "Illegal \"classid\"", 1),
        ("filter get dev d0", "Must specify filter protocol", 255),
        ("filter show dev d0 foo", " What is \"foo\"? Try \"tc filter help\"", 255),
        ("filter show block 0", "Error: argument \"0\" is wrong: invalid block index value", 255),
        ("chain get dev d0", "Must specify filter parent", 255),
        ("chain get ingress chain 1", "Must specify netdevice \"dev\" or block index \"block\"", 255),
        (
            "filter get ingress protocol ip prio 1 handle 1 fw",
            "Must specify netdevice \"dev\" or block index \"block\"", 255
        ),
        ("action add", "Illegal \"action\"", 255),
        (
            "action add action gact drop index foo",
            "Illegal \"index\"\nbad action parsing\nparse_action: bad value (4:gact)!\nIllegal \"action\"", 255
        ),
        (
            "action add action gact drop cookie abc", "Error: argument \"abc\" is wrong: cookie must be a hex string\n",
            255
        ),
        ("action add action gact drop hw_stats foo", "Error: argument \"foo\" is wrong: value is invalid\n", 255),
        (
            "action add action gact drop random foo drop 5",
            "Illegal \"random type\"\nbad action parsing\nparse_action: bad value (6:gact)!\nIllegal \"action\"", 255
        ),
        (
            "action add action mirred egress redirect dev nosuch",
            "Cannot find device \"nosuch\"\nbad action parsing\nparse_action: bad value (5:mirred)!\nIllegal \"action\"",
            255
        ),
        (
            "action add action mirred egress redirect blockid 0",
            "invalid block IDbad action parsing\nparse_action: bad value (5:mirred)!\nIllegal \"action\"", 255
        ),
        (
            "action add action mirred inbound redirect dev d0",
            "mirred option not supported inbound\nbad action parsing\nparse_action: bad value (5:mirred)!\nIllegal \"action\"",
            255
        ),
        (
            "action add action police rate 1mbit",
            "'burst' requires 'rate'.\nbad action parsing\nparse_action: bad value (3:police)!\nIllegal \"action\"", 255
        ),
        ("action add action police rate foo burst 10k", "Error: argument \"foo\" is wrong: rate", 255),
        ("action add action police rate 1mbit burst 10k/3", "Error: argument \"10k/3\" is wrong: buffer", 255),
        (
            "action add action police rate 1mbit burst 10k overhead 65536",
            "Error: argument \"65536\" is wrong: overhead", 255
        ),
        (
            "action add action police pkts_rate 1000",
            "'pkts_burst' requires 'pkts_rate'.\nbad action parsing\nparse_action: bad value (3:police)!\nIllegal \"action\"",
            255
        ),
        (
            "action add action police rate 1mbit burst 10k avrate 1mbit",
            "bad action parsing\nparse_action: bad value (7:police)!\nIllegal \"action\"", 255
        ),
        ("action get action gact", "Error: no index specified action: gact", 255),
        ("action get action gact index foo", "Illegal \"index\"", 255),
        ("action del action gact", "Error: no index specified action: gact", 255),
        ("action list action gact since foo", "Error: argument \"foo\" is wrong: dump time \"since\" is invalid", 255),
        ("action foo", "Command \"foo\" is unknown, try \"tc actions help\".", 255),
        ("monitor foo", "Argument \"foo\" is unknown, try \"tc monitor help\".", 255),
    ])
    func wrongWordsAreNamedAndNothingIsSent(_ line: String, _ error: String, _ status: Int32) {
        let kernel = FakeKernel.answering()
        let outcome = tc(line, kernel)
        #expect(outcome.error == error)
        #expect(outcome.status == status)
        #expect(kernel.lastChange == nil)
    }
}
