// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import CommandKit

/// Files of messages, which may be anything.
struct DumpFileTests {
    private let magic: UInt32 = 0x4531_1224

    private func file(_ payloads: [[UInt8]]) -> [UInt8] {
        var writer = DumpFile.Writer(magic: magic)
        for payload in payloads {
            var message = MessageWriter()
            message.beginMessage(type: 24, flags: [], sequence: 5)
            message.append(payload.rawSpan)
            message.endMessage()
            var reader = MessageReader(message.bytes)
            if let read = try? reader.next() { writer.append(RawMessage(read)) }
        }
        return writer.bytes
    }

    private func payloads(_ bytes: [UInt8]) throws(CommandError) -> [[UInt8]] {
        var file = try DumpFile(bytes, magic: magic, status: 1, damageStatus: 2)
        var found: [[UInt8]] = []
        while let message = try file.next() { found.append(message.payload) }
        return found
    }

    @Test func whatWasWrittenIsRead() throws {
        let messages: [[UInt8]] = [[1, 2, 3, 4], [], [5, 6, 7, 8, 9, 10, 11, 12]]
        #expect(try payloads(file(messages)) == messages)
        #expect(try payloads(file([])).isEmpty)
    }

    @Test func anotherNumberInFrontIsRefused() {
        let error = refusal { () throws(CommandError) in _ = try payloads([1, 2, 3, 4, 5]) }
        #expect(error?.message == Array("Magic mismatch (1 elems, 4030201 magic)".utf8))
        #expect(error?.status == 1)
        let short = refusal { () throws(CommandError) in _ = try payloads([0x24, 0x12]) }
        #expect(short?.message == Array("Magic mismatch (0 elems, 1224 magic)".utf8))
    }

    @Test func everyCutIsTold() {
        let whole = file([[1, 2, 3, 4], [5, 6, 7, 8]])
        for length in 5..<whole.count where length != 24 {
            let error = refusal { () throws(CommandError) in _ = try payloads(Array(whole.prefix(length))) }
            #expect(error?.message == Array("rtnl-from_file: truncated message".utf8))
            #expect(error?.status == 2)
        }
    }

    @Test(arguments: [UInt8](0..<16))
    func lengthsThatNoMessageHasAreTold(_ length: UInt8) {
        let bytes = Array(file([]) + [length, 0, 0, 0] + Array(repeating: 0, count: 40))
        let error = refusal { () throws(CommandError) in _ = try payloads(bytes) }
        #expect(error?.message == Array("!!!malformed message: len=\(length) @20".utf8))
    }
}
