// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkRoute

@Suite("MPLS labels") struct MPLSLabelsTests {
    @Test("labels of `ip -f mpls route add` are the same bytes") func bytes() throws {
        // ip -f mpls route add 101 as 200 …
        #expect(try MPLSLabels(101).bytes == [0x00, 0x06, 0x51, 0x00])
        #expect(try MPLSLabels(200).bytes == [0x00, 0x0c, 0x81, 0x00])
        // … as 300/301 …
        #expect(try MPLSLabels(300, 301).bytes == [0x00, 0x12, 0xc0, 0x00, 0x00, 0x12, 0xd1, 0x00])
        #expect(try MPLSLabels(0, 1_048_575).bytes == [0, 0, 0, 0, 0xff, 0xff, 0xf1, 0])
    }

    @Test("what was written is read, and bytes that are no labels are none") func reading() throws {
        for numbers in [[0], [1_048_575], [16, 3, 7], [UInt32](repeating: 77, count: 30)] as [[UInt32]] {
            #expect(MPLSLabels(bytes: try MPLSLabels(numbers).bytes)?.numbers == numbers)
        }
        // Time to live and traffic class are no part of a label.
        #expect(MPLSLabels(bytes: [0, 0x06, 0x5f, 0xff])?.numbers == [101])
        let wrong: [[UInt8]] = [
            [], [0], [0, 6, 0x51], [0, 6, 0x51, 0, 0], [0, 6, 0x50, 0], [0, 6, 0x51, 0, 0, 6, 0x51, 0],
        ]
        for bytes in wrong { #expect(MPLSLabels(bytes: bytes) == nil, "\(bytes)") }
    }

    @Test("a label of more than 20 bits is refused, and so are no labels", arguments: [1_048_576, .max] as [UInt32])
    func outOfRange(_ number: UInt32) {
        let single = #expect(throws: NetlinkError.self) { try MPLSLabels(number) }
        #expect(single?.isInvalid == true && single?.explanation == "label \(number) is above 1048575")
        #expect(throws: NetlinkError.self) { try MPLSLabels(1, number, 2) }
        #expect(throws: NetlinkError.self) { try MPLSLabels([]) }
    }
}
