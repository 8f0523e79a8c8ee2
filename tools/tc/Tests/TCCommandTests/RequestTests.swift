// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

@testable import TCCommand

/// Words become the same requests as iproute2 makes of them.
struct RequestTests {
    @Test(arguments: Capture.qdiscsAndClasses + Capture.filtersAndActions)
    func wordsAreSentAsTheReferenceSendsThem(_ capture: Capture) throws {
        let kernel = FakeKernel.answering()
        let outcome = tc(capture.line, kernel)
        #expect(outcome.error == nil)
        let request = try #require(kernel.lastChange)
        let isAction = (RouteMessageType.newAction.rawValue...RouteMessageType.getAction.rawValue).contains(
            capture.type)
        let length = isAction ? 4 : 20
        let expected = stride(from: 0, to: capture.payload.utf8.count, by: 2).compactMap { offset in
            let start = capture.payload.index(capture.payload.startIndex, offsetBy: offset)
            return UInt8(capture.payload[start..<capture.payload.index(start, offsetBy: 2)], radix: 16)
        }
        #expect(request.type == capture.type)
        #expect(request.flags.rawValue == capture.flags)
        #expect(sorted(request.payload, after: length) == sorted(expected, after: length))
    }

    @Test func aRefusalIsToldInTheKernelsWords() {
        let silent = FakeKernel { (request: FakeRequest) in
            request.type == RouteMessageType.getLink.rawValue
                ? request.object(.link("d0", 20)) : request.error(.exists)
        }
        #expect(tc("qdisc add dev d0 root pfifo", silent).error == "RTNETLINK answers: File exists")
        let speaking = FakeKernel { (request: FakeRequest) in
            request.type == RouteMessageType.getLink.rawValue
                ? request.object(.link("d0", 20)) : request.error(.invalidArgument, message: "Invalid handle")
        }
        let outcome = tc("filter add dev d0 ingress matchall", speaking)
        #expect(outcome.error == "Error: Invalid handle.\nWe have an error talking to the kernel")
        #expect(outcome.status == 2)
    }

    @Test func kindsOfALaterVersionAreRefusedByName() {
        let kernel = FakeKernel.answering()
        for (line, error) in [
            ("qdisc add dev d0 root cake bandwidth 1mbit", "qdisc \"cake\" is not supported yet."),
            ("filter add dev d0 ingress flower skip_hw", "Filter kind \"flower\" is not supported yet."),
            ("chain add dev d0 ingress chain 1 flower", "Filter kind \"flower\" is not supported yet."),
        ] { #expect(tc(line, kernel).error == error) }
        #expect(
            tc("action add action vlan pop", kernel).error?.hasPrefix("Action \"vlan\" is not supported yet.") == true)
        #expect(kernel.lastChange == nil)
    }
}
