// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

@testable import IPCommand

/// Words become the same requests as iproute2 makes of them.
struct RequestTests {
    private static func headerLength(_ type: UInt16) -> Int {
        switch RouteMessageType(rawValue: type) {
        case .newAddress, .deleteAddress: 8  // sizeof(struct ifaddrmsg)
        case .newRoute, .deleteRoute, .newNeighbor, .deleteNeighbor, .newRule, .deleteRule: 12
        default: 16
        }
    }

    @Test(arguments: Capture.all)
    func wordsAreSentAsTheReferenceSendsThem(_ capture: Capture) throws {
        let kernel = FakeKernel.answering()
        let outcome = ip(capture.line, kernel)
        #expect(outcome.error == nil)
        let request = try #require(kernel.lastChange)
        let length = Self.headerLength(capture.type)
        let expected = stride(from: 0, to: capture.payload.utf8.count, by: 2).compactMap { offset in
            let start = capture.payload.index(capture.payload.startIndex, offsetBy: offset)
            return UInt8(capture.payload[start..<capture.payload.index(start, offsetBy: 2)], radix: 16)
        }
        #expect(request.type == capture.type)
        #expect(request.flags.rawValue == capture.flags)
        #expect(sorted(request.payload, after: length) == sorted(expected, after: length))
    }

    @Test(arguments: [
        ("link set nosuch up", "Cannot find device \"nosuch\"", 1),
        ("link set d0 mtu foo", "Error: argument \"foo\" is wrong: Invalid \"mtu\" value\n", 255),
        ("link set d0 mtu 1 mtu 2", "Error: duplicate \"mtu\": \"2\" is the second value.", 255),
        ("link set d0 arp foo", "Error: argument of \"arp\" must be \"on\" or \"off\", not \"foo\"", 1),
        ("link add d2", "Not enough information: \"type\" argument is required", 1),
        ("link add d2 type dummy foo", "Garbage instead of arguments \"foo ...\". Try \"ip link help\".", 1),
        ("link foo", "Command \"foo\" is unknown, try \"ip link help\".", 255),
        ("link set d0 xdp obj x.o", "\"xdp object\" is not supported yet.", 1),
        ("addr add 10.0.0.1/33 dev d0", "Error: any valid prefix is expected rather than \"10.0.0.1/33\".", 1),
        ("addr add 10.0.0.1/24", "Not enough information: \"dev\" argument is required.", 1),
        ("addr add 10.0.0.1/24 dev d0 autojoin", "autojoin needs multicast address", 1),
        ("addr flush", "Flush requires arguments.", 1),
        ("route add 10.2.0.0/16 via foo", "Error: inet address is expected rather than \"foo\".", 1),
        ("route add 10.2.0.0/16 encap mpls 5", "\"encap\" is not supported yet.", 1),
        ("-M route add foo dev lo", "Error: mpls prefix is expected rather than \"foo\".", 1),
        ("route get", "need at least a destination address", 1),
        ("route add 10.2.0.0/16 dev d0 src any", "Error: Attribute failed policy validation.", 2),
        ("addr add 10.0.0.1/24 dev d0 peer any", "Error: Attribute failed policy validation.", 2),
        (
            "addr add 10.0.0.1/24 dev d0 valid_lft 5 valid_lft 6",
            "Error: duplicate \"valid_lft\": \"valid_lft\" is the second value.", 255
        ),
        (
            "rule add suppress_prefixlength 2147483648",
            "Error: argument \"2147483648\" is wrong: suppress_prefixlength value is invalid\n", 255
        ),
        ("neigh add 10.0.0.2", "Device and destination are required arguments.", 255),
        ("rule add", "\"ip rule add\" requires arguments.", 1),
        ("rule add pref 1 foo", "Error: argument \"foo\" is wrong: Failed to parse rule type", 255),
        ("rule add from 10.0.0.0/8 nat foo", "Error: an IP address is expected rather than \"foo\"", 1),
        ("nexthop", "\"nexthop\" is not supported yet.", 1), ("foo", "Object \"foo\" is unknown, try \"ip help\".", 1),
        ("-foo link", "Option \"-foo\" is unknown, try \"ip -help\".", 255),
        ("netns add ..", "Invalid netns name \"..\"", 255),
    ])
    func wrongWordsAreNamedAndNothingIsSent(_ line: String, _ error: String, _ status: Int32) {
        let kernel = FakeKernel.answering()
        let outcome = ip(line, kernel)
        #expect(outcome.error == error)
        #expect(outcome.status == status)
        #expect(kernel.lastChange == nil)
    }

    @Test(arguments: ["add dev d0", "replace via 10.0.0.2", "del table 5"])
    func aRouteNeedsADestination(_ words: String) {
        let kernel = FakeKernel.answering()
        let outcome = ip("route \(words)", kernel)
        #expect(outcome.error?.hasPrefix("Usage: ip route") == true)
        #expect(outcome.status == 255)
        #expect(kernel.lastChange == nil)
    }

    @Test func aRefusalIsToldInTheKernelsWords() {
        let silent = FakeKernel { (request: FakeRequest) in
            request.type == RouteMessageType.getLink.rawValue
                ? request.object(.link("d0", 20)) : request.error(.exists)
        }
        #expect(ip("link set d0 up", silent).error == "RTNETLINK answers: File exists")
        let speaking = FakeKernel { (request: FakeRequest) in
            request.type == RouteMessageType.getLink.rawValue
                ? request.object(.link("d0", 20)) : request.error(.invalidArgument, message: "8021q: Invalid VLAN id")
        }
        let outcome = ip("link set d0 up", speaking)
        #expect(outcome.error == "Error: 8021q: Invalid VLAN id.")
        #expect(outcome.status == 2)
    }

    @Test func aLinkWithTooManyFunctionsIsAskedForWithoutThem() {
        let kernel = FakeKernel { (request: FakeRequest) in
            // The first query asks for virtual functions, which is a bit of the last attribute.
            let mask = request.payload.suffix(4).first ?? 0
            return mask & 1 != 0 ? request.error(.messageTooLong) : request.object(.link("d0", 20))
        }
        let outcome = ip("-br link show d0", kernel)
        #expect(outcome.error == nil)
        #expect(outcome.output.hasPrefix("d0 "))
    }
}
