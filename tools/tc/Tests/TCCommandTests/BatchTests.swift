// SPDX-License-Identifier: Apache-2.0

import CommandKit
import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

@testable import TCCommand

/// Batches: lines in their order, many commands together, errors with their lines.
struct BatchTests {
    private func run(_ lines: [String], isForced: Bool = false, _ kernel: FakeKernel) throws -> Int32 {
        var words = Words(["-batch", "lines"])
        var options = try TCOptions.parse(&words)
        options.force = isForced
        var session = Session(options, output: Output(descriptor: nil), opening: kernel.source)
        let text = lines.map { $0 + "\n" }.joined()
        return try Batching.run(bytes: Array(text.utf8), isForced: isForced, &session)
    }

    private let filters = (1...500).map { "filter add dev d0 ingress prio \($0) matchall action drop" }

    @Test func everyLineIsExecutedInItsOrder() throws {
        let kernel = FakeKernel.answering()
        #expect(try run(filters, kernel) == 0)
        let sent = kernel.requests.filter { $0.type == RouteMessageType.newFilter.rawValue }
        // The priority is the upper half of tcm_info.
        let priorities = sent.map { UInt16($0.payload[18]) | UInt16($0.payload[19]) << 8 }
        #expect(priorities == Array(1...500))
    }

    @Test func manyCommandsAreSentTogether() throws {
        let kernel = FakeKernel.answering()
        #expect(try run(filters, isForced: true, kernel) == 0)
        #expect(kernel.requests.filter { $0.type == RouteMessageType.newFilter.rawValue }.count == 500)
        #expect(kernel.datagramCount < 100)
    }

    @Test func aWrongLineEndsTheBatchUnlessForced() throws {
        let lines = ["qdisc add dev d0 root pfifo", "qdisc foo", "qdisc add dev d1 root pfifo"]
        let kernel = FakeKernel.answering()
        #expect(try run(lines, kernel) != 0)
        #expect(kernel.requests.filter { $0.type == RouteMessageType.newQdisc.rawValue }.count == 1)
        let patient = FakeKernel.answering()
        #expect(try run(lines, isForced: true, patient) != 0)
        #expect(patient.requests.filter { $0.type == RouteMessageType.newQdisc.rawValue }.count == 2)
    }
}
