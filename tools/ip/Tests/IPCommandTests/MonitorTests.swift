// SPDX-License-Identifier: Apache-2.0

import CommandKit
import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

@testable import IPCommand

/// Changes of objects that only `ip monitor` shows; messages are those of Linux 7.2, lines those of iproute2 6.15.
struct MonitorTests {
    struct Sample: Sendable {
        let type: UInt16
        let payload: String
        let line: String
    }

    private static let samples = [
        Sample(
            type: 80, payload: "0200000008000100140000000800030002000000",
            line: "[NETCONF]inet d0 rp_filter loose \n"),
        Sample(
            type: 80, payload: "0a00000008000100feffffff0800020001000000",
            line: "[NETCONF]inet6 default forwarding on \n"),
        Sample(type: 81, payload: "1c0000000800010014000000", line: "[NETCONF]Deleted mpls d0 \n"),
        Sample(
            type: 52,
            payload: "0a000000140000000340c0001400010020010db80077000000000000000000000c000200f4010000e8030000",
            line: "[PREFIX]prefix 2001:db8:77::/64dev d0 valid 1000 preferred 500 \n"),
        Sample(
            type: 104, payload: "02fd04000400000008000100050000000800050014000000080006000a000003",
            line: "[NEXTHOP]id 5 via 10.0.0.3 dev d0 scope link proto static onlink \n"),
        Sample(
            type: 104,
            payload: "0000000000000000080001000c00000006000300000000000c000200060000002b010000",
            line: "[NEXTHOP]id 12 group 6,300 \n"),
        Sample(
            type: 105, payload: "02fd000000000000080001000d00000004000b00080006000a090909",
            line: "[NEXTHOP]Deleted id 13 via 10.9.9.9 scope link fdb\n"),
        Sample(
            type: 56,
            payload: "022080001400000008000700e001010114000600ffffffffffffffffe84f0000e84f0000",
            line: "[ADDR]20: d0    inet mcast 224.1.1.1 scope global \n"
                + "       valid_lft forever preferred_lft forever\n"),
        Sample(
            type: 61,
            payload: "0a808000140000001400050020010db800000000000000000000000014000600ffffffffffffffff7769000077690000",
            line: "[ADDR]Deleted 20: d0    inet6 any 2001:db8:: scope global \n"
                + "       valid_lft forever preferred_lft forever\n"),
        Sample(
            type: 92,
            payload: "0000000014000000080000001c000400180002801400038005000100010000000500020000000000",
            line: "[STATS]20: d0:\n    l3_stats on used off\n"),
        Sample(
            type: 24,
            payload: "80202000fd00000500000000080002000a00000908000100ef01010108000f00fd00000008000300140000000c000900"
                + "0800000415000000",
            line:
                "[MROUTE](10.0.0.9,239.1.1.1)             Iif: d0         Oifs: d1(ttl 4)  State: resolved Table: default\n"
        ),
    ]

    private func print(_ type: UInt16, _ payload: [UInt8]) -> String {
        let output = Output(descriptor: nil, format: .text, colors: .none)
        var session = Session(GlobalOptions(), output: output, opening: FakeKernel.answering().source)
        let printer = MonitorPrinter(device: nil, hasLabels: true, tellsNamespaces: false)
        let message = RawMessage(type: type, flags: [], sequence: 0, port: 0, payload: payload)
        let notification = message.decoded { (message: borrowing Message) throws(DecodeError) in
            try RouteNotification(decoding: message)
        }
        if let notification { printer.print(notification, &session) }
        return String(decoding: session.output.takeBytes(), as: UTF8.self)
    }

    private func bytes(_ text: String) -> [UInt8] {
        let digits = Array(text.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { offset in
            UInt8(String(decoding: digits[offset...(offset + 1)], as: UTF8.self), radix: 16)
        }
    }

    @Test(arguments: samples)
    func aChangeIsPrintedAsTheReferenceDoes(_ sample: Sample) {
        #expect(print(sample.type, bytes(sample.payload)) == sample.line)
    }

    @Test(arguments: samples)
    func aTruncatedChangeIsShownRawOrWithoutWhatIsMissing(_ sample: Sample) {
        let whole = bytes(sample.payload)
        for count in whole.indices {
            let text = print(sample.type, Array(whole.prefix(count)))
            #expect(text != sample.line)
            // What cannot be read at all is shown as it came, but for addresses and routes, which the library judges.
            if text.hasPrefix("[UNKNOWN]") { #expect(text.hasPrefix("[UNKNOWN]message type \(sample.type):")) }
        }
    }

    @Test func aMessageOfAnUnknownTypeIsShownRaw() {
        #expect(print(200, [1, 0xab]) == "[UNKNOWN]message type 200: 01 ab\n")
    }
}
