// SPDX-License-Identifier: Apache-2.0

import CommandKit
import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

@testable import IPCommand

/// Batches: lines in their order, many commands together, errors with their lines.
struct BatchTests {
    /// Runs lines as a batch; the status.
    private func run(_ lines: [String], isForced: Bool = false, _ kernel: FakeKernel) throws -> Int32 {
        var options = GlobalOptions()
        options.force = isForced
        options.batch = Word("lines")
        var session = Session(options, output: Output(descriptor: nil), opening: kernel.source)
        let text = lines.map { $0 + "\n" }.joined()
        return try Batching.run(bytes: Array(text.utf8), isForced: isForced, &session)
    }

    private let routes = (0..<600).map { "route add 10.9.\($0 / 250).\($0 % 250)/32 dev d0" }

    /// A kernel that refuses to add one destination.
    private func refusing(_ last: UInt8) -> FakeKernel {
        FakeKernel { (request: FakeRequest) in
            if request.type == RouteMessageType.getLink.rawValue { return request.object(.link("d0", 20)) }
            let isRefused = request.payload.dropFirst(16).starts(with: [10, 9, 0, last])
            return isRefused ? request.error(.exists) : request.acknowledge()
        }
    }

    @Test func everyLineIsExecutedInItsOrder() throws {
        let kernel = FakeKernel.answering()
        #expect(try run(routes, kernel) == 0)
        let sent = kernel.requests.filter { $0.type == RouteMessageType.newRoute.rawValue }
        #expect(sent.count == 600)
        #expect(sent.map { $0.payload[18...19] }.last == [2, 99])
    }

    @Test func manyCommandsAreSentTogether() throws {
        let kernel = FakeKernel.answering()
        #expect(try run(routes, isForced: true, kernel) == 0)
        #expect(kernel.datagramCount < 100)
    }

    @Test(arguments: [
        "addr add 10.1.0.1/24 dev d0", "neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev d0",
        "rule add from 10.0.0.0/8 table 100",
    ])
    func addressesNeighborsAndRulesWaitToo(_ line: String) throws {
        let kernel = FakeKernel.answering()
        #expect(try run(Array(repeating: line, count: 400), isForced: true, kernel) == 0)
        #expect(kernel.requests.filter { $0.type != RouteMessageType.getLink.rawValue }.count == 400)
        #expect(kernel.datagramCount < 100)
    }

    @Test func withoutForceNothingBehindAnErrorIsDone() throws {
        let kernel = refusing(20)
        #expect(try run(routes, kernel) == 1)
        let sent = kernel.requests.filter { $0.type == RouteMessageType.newRoute.rawValue }
        #expect(sent.count == 21)
    }

    @Test func withForceAllOtherLinesAreDone() throws {
        let kernel = refusing(20)
        #expect(try run(routes, isForced: true, kernel) == 1)
        #expect(kernel.requests.filter { $0.type == RouteMessageType.newRoute.rawValue }.count == 600)
    }

    @Test func aWrongValueEndsABatchEvenWithForce() throws {
        let kernel = FakeKernel.answering()
        let lines = ["route add 10.2.0.0/16 dev d0", "link set d0 mtu foo", "route add 10.3.0.0/16 dev d0"]
        #expect(try run(lines, isForced: true, kernel) == 255)
        #expect(kernel.requests.filter { $0.type == RouteMessageType.newRoute.rawValue }.count == 1)
    }

    @Test func aListingFindsWhatWaitedExecuted() throws {
        let kernel = FakeKernel.answering()
        #expect(try run(["route add 10.2.0.0/16 dev d0", "route show"], isForced: true, kernel) == 0)
        let types = kernel.requests.map(\.type).filter { $0 != RouteMessageType.getLink.rawValue }
        #expect(types == [RouteMessageType.newRoute.rawValue, RouteMessageType.getRoute.rawValue])
    }
}
