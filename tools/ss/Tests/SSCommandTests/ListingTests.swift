// SPDX-License-Identifier: Apache-2.0

import CommandKit
import NetlinkCore
import NetlinkTestSupport
import Testing

@testable import SSCommand

/// What iproute2 6.15 prints of the same messages, which it took from a file by TCPDIAG_FILE: structures of every length,
/// timers, memory, each congestion control, keys, upper layers.
///
/// A file of the fixtures begins with its command line.
@Suite("Listings") struct ListingTests {
    static func fixture(_ name: String, file: String = #filePath) -> [String] {
        let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let text = System.readFile("\(folder)/Fixtures/\(name)") ?? []
        return String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map(String.init)
    }

    static var kernel: FakeKernel {
        let messages = fixture("messages.hex").map(bytes)
        return .listing(
            [2: messages.filter { $0.first == 2 }, 10: messages.filter { $0.first == 10 }], ipProtocol: 6)
    }

    @Test("are iproute2's, byte for byte", arguments: 1...7) func areTheReferences(_ number: Int) {
        // Captured on a little-endian machine.
        guard UInt16(1).littleEndian == 1 else { return }
        let expected = Self.fixture("ss\(number).txt")
        #expect(expected.count > 4)
        let line = expected.first ?? ""
        let outcome = ss(line.split(separator: " ").dropFirst().map(String.init), Self.kernel)
        #expect(outcome.status == 0 && outcome.error == nil)
        #expect(outcome.lines == Array(expected.dropFirst()), "\(line)")
    }

    @Test(
        "have rates of three digits, as C's %.3g",
        arguments: [
            (1.0, "1"), (1.008, "1.01"), (9.996, "10"), (12.34, "12.3"), (99.96, "100"), (999.4, "999"),
            (999.992, "1e+03"), (1000, "1e+03"), (133_783_000, "1.34e+08"), (800_000, "8e+05"), (9_996, "1e+04"),
        ])
    func haveThreeDigits(_ value: Double, _ expected: String) {
        #expect(String(decoding: TCPPrinter.threeDigits(value), as: UTF8.self) == expected)
    }
}
