// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkTestSupport
import Testing

@testable import SSCommand

// What iproute2 6.15 prints of the same sockets; its bytes to a terminal of a width, and to a file.
@Suite("Columns") struct ColumnTests {
    static var kernel: FakeKernel {
        .listing(
            [2: [tcpSocket(80), tcpSocket(80, to: 40_000, state: 1), tcpSocket(40_000, to: 80, state: 1)]],
            ipProtocol: 6)
    }

    @Test("are as wide as what is in them") func areAsWideAsNeeded() {
        #expect(
            ss("-tan", Self.kernel).lines == [
                "State  Recv-Q Send-Q Local Address:Port  Peer Address:Port ",
                "LISTEN 0      0          127.0.0.1:80         0.0.0.0:*    ",
                "ESTAB  0      0          127.0.0.1:80       127.0.0.1:40000",
                "ESTAB  0      0          127.0.0.1:40000    127.0.0.1:80   ",
            ])
    }

    @Test("are left out where they say nothing") func areLeftOut() {
        #expect(ss("-tanH", Self.kernel).lines.first == "LISTEN 0      0      127.0.0.1:80      0.0.0.0:*    ")
        #expect(ss("-tanQ", Self.kernel).lines.first == "State  Local Address:Port  Peer Address:Port ")
        #expect(ss("-tn state listening", Self.kernel).lines.first?.hasPrefix("Recv-Q") == true)
        #expect(ss("-tuan", Self.kernel).lines.first?.hasPrefix("Netid State") == true)
        #expect(ss("-tan", .empty).lines.count == 1 && ss("-tanH", .empty).output.isEmpty)
    }

    @Test("fill a terminal, and are wrapped by a narrow one", arguments: [1, 7, 20, 40, 60, 79, 80, 132, 500])
    func fillTerminals(_ width: Int) {
        let outcome = ss("-tan", Self.kernel, width: width)
        #expect(outcome.lines.count == 4)
        // Every line is made of whole lines of the screen.
        if width >= 60 { #expect(outcome.lines.allSatisfy { $0.utf8.count == width }) }
    }
}
