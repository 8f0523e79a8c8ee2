// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTC
import NetlinkTestSupport
import Testing

@testable import TCCommand

/// What the kernel tells is printed as iproute2 prints it.
struct PrintingTests {
    private func listing(_ command: some Command<RouteProtocol>, _ dump: RouteMessageType) -> FakeKernel {
        .answering([dump.rawValue: [FakeMessage(command)]])
    }

    @Test(arguments: [
        ("-o qdisc show", "qdisc htb 1: dev d0 root refcnt 0 r2q 10 default 0x10 direct_packets_stat 0\\n"),
        ("qdisc show dev d0", "qdisc htb 1: root refcnt 0 r2q 10 default 0x10 direct_packets_stat 0\n"),
        ("qdisc show dev d1", ""), ("qdisc show handle 2:", ""), ("qdisc show parent 1:", ""),
        ("qdisc show handle none", "qdisc htb 1: dev d0 root refcnt 0 r2q 10 default 0x10 direct_packets_stat 0\n"),
        (
            "-r qdisc show root",
            "qdisc htb 1:[00010000] dev d0 root refcnt 0 r2q 10 default 0x10 direct_packets_stat 0\n"
        ),
    ])
    func queueingDisciplinesAreListed(_ line: String, _ text: String) {
        let qdisc = Qdisc(HTBQdisc(defaultClass: 0x10), on: 20, handle: TCHandle(1))
        let outcome = tc(line, listing(SetQdisc(qdisc), .getQdisc))
        #expect(outcome.error == nil)
        // Blanks at the end of a line say nothing.
        #expect(outcome.output.replacing(" \n", with: "\n").replacing("\\", with: "\\n") == text)
    }

    @Test func unknownKindsAreShownRaw() {
        let qdisc = Qdisc(AnyQdiscKind(name: "mystery", data: [8, 0, 1, 0, 5, 0, 0, 0]), on: 20, handle: TCHandle(1))
        let outcome = tc("qdisc show", listing(SetQdisc(qdisc), .getQdisc))
        #expect(outcome.output.contains("qdisc mystery 1: dev d0 root refcnt 0 [Unknown qdisc, optlen=8]"))
        let raw = tc("-r qdisc show", listing(SetQdisc(qdisc), .getQdisc))
        #expect(raw.output.contains("[Unknown qdisc, optlen=8 0800010005000000]"))
        let json = tc("-j qdisc show", listing(SetQdisc(qdisc), .getQdisc))
        #expect(json.output.contains("\"options\":{\"raw\":\"0800010005000000\"}"))
        let filter = Filter(
            at: .ingress(of: 20), priority: 5, handle: 1,
            kind: AnyFilterKind(name: "mystery", data: [8, 0, 1, 0, 5, 0, 0, 0]))
        let shown = tc("filter show dev d0 ingress", listing(AddFilter(filter), .getFilter))
        #expect(shown.error == nil)
        #expect(shown.output.contains("pref 5 mystery"))
    }

    @Test(arguments: [
        ("100mbit", "rate 100Mbit"), ("40gbit", "rate 40Gbit"), ("1tbit", "rate 1Tbit"), ("12345bps", "rate 98760bit"),
        ("1.5mbps", "rate 12Mbit"), ("1mibit", "rate 1048Kbit"),
    ])
    func ratesAreReadAndPrinted(_ word: String, _ text: String) throws {
        let kernel = FakeKernel.answering()
        #expect(tc("class add dev d0 parent 1: classid 1:1 htb rate \(word)", kernel).error == nil)
        let request = try #require(kernel.lastChange)
        let message = FakeMessage(type: request.type, payload: request.payload)
        let outcome = tc("class show dev d0", .answering([RouteMessageType.getClass.rawValue: [message]]))
        #expect(outcome.output.contains(text + " "), "\(outcome.output)")
    }

    @Test func whatTheKernelSendsBadlyIsNoTrap() {
        let types: [RouteMessageType] = [.newQdisc, .newClass, .newFilter, .newChain]
        let lists = [
            "qdisc show", "class show dev d0", "filter show dev d0", "chain show dev d0",
            "-s -d -j action ls action gact",
        ]
        let dumps: [RouteMessageType] = [.getQdisc, .getClass, .getFilter, .getChain, .getAction]
        for kind in ["htb", "tbf", "netem", "fq_codel", "prio", "u32", "fw", "matchall"] {
            let name = Array(kind.utf8) + [0]
            for count in 0..<48 {
                let payload = [UInt8](repeating: 0, count: 4) + [20, 0, 0, 0] + [UInt8](repeating: 1, count: 12)
                let attribute = [UInt8(4 + name.count), 0, 1, 0] + name + [0, 0, 0].prefix((4 - name.count % 4) % 4)
                let options = [UInt8(4 + count), 0, 2, 0] + [UInt8](repeating: 4, count: count)
                let bytes = payload + attribute + options + [0, 0, 0].prefix((4 - count % 4) % 4)
                for (line, dump) in zip(lists, dumps) {
                    let type = types.first { $0.rawValue == dump.rawValue - 2 } ?? .newAction
                    let message = FakeMessage(type: type.rawValue, payload: bytes)
                    _ = tc(line, .answering([dump.rawValue: [message]]))
                }
            }
        }
    }
}
