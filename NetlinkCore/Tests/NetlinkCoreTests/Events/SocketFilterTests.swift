// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@testable import NetlinkCore

@Suite("Socket filters") struct SocketFilterTests {
    private func message(type: UInt16, _ body: (inout MessageWriter) -> Void = { _ in }) -> [UInt8] {
        var writer = MessageWriter()
        writer.beginMessage(type: type, flags: [], sequence: 0)
        body(&writer)
        writer.endMessage()
        return writer.bytes.array
    }

    private func verdict(_ datagram: [UInt8], _ body: (inout SocketFilterBuilder) -> Void) -> Bool? {
        var builder = SocketFilterBuilder()
        body(&builder)
        return builder.build().flatMap { SocketFilterMachine($0).accepts(datagram) }
    }

    @Test("fields in host byte order are compared as numbers") func hostOrder() {
        func ofType(_ builder: inout SocketFilterBuilder, _ type: UInt16) {
            let accepted = builder.label()
            builder.loadHalf(at: 4)
            builder.jump(ifHostOrder16: type, to: accepted)
            builder.reject()
            builder.place(accepted)
            builder.accept()
        }
        #expect(verdict(message(type: 0x1234)) { ofType(&$0, 0x1234) } == true)
        #expect(verdict(message(type: 0x1234)) { ofType(&$0, 0x3412) } == false)
    }

    @Test("an attribute is found behind a fixed header, and its value read") func attributes() {
        let datagram = message(type: 24) { writer in
            writer.append(zeros: 12)
            writer.put(RawAttributeID(rawValue: 8), [1, 2, 3] as [UInt8])
            writer.put(RawAttributeID(rawValue: 15), 70_000 as UInt32)
        }
        func table(_ builder: inout SocketFilterBuilder, _ wanted: UInt32, _ number: UInt16 = 15) {
            let accepted = builder.label()
            let there = builder.label()
            builder.findAttribute(number, from: 28)
            builder.jump(ifAbove: 0, to: there)
            builder.reject()
            builder.place(there)
            builder.loadAttributeWord()
            builder.jump(ifHostOrder32: wanted, to: accepted)
            builder.reject()
            builder.place(accepted)
            builder.accept()
        }
        #expect(verdict(datagram) { table(&$0, 70_000) } == true)
        #expect(verdict(datagram) { table(&$0, 70_001) } == false)
        #expect(verdict(datagram) { table(&$0, 70_000, 16) } == false)
    }

    @Test("datagrams of several messages are told from those of one") func several() {
        func single(_ builder: inout SocketFilterBuilder) {
            let accepted = builder.label()
            builder.jump(unlessSingleMessageTo: accepted)
            builder.reject()
            builder.place(accepted)
            builder.accept()
        }
        let one = message(type: 24) { $0.append(zeros: 70_000) }
        #expect(verdict(one, single) == false)
        #expect(verdict(one + one, single) == true)
    }

    @Test("comparisons jump farther than the instruction reaches") func farJumps() {
        let verdict = verdict(message(type: 16)) { builder in
            let end = builder.label()
            builder.loadHalf(at: 4)
            builder.jump(ifHostOrder16: 16, to: end)
            for _ in 0..<1000 { builder.reject() }
            builder.place(end)
            builder.accept()
        }
        #expect(verdict == true)
    }

    @Test("programs that are too long, empty, or jump backwards or nowhere are none") func refused() {
        var long = SocketFilterBuilder()
        for _ in 0...SocketFilter.maximumCount { long.accept() }
        #expect(long.build() == nil)
        #expect(SocketFilterBuilder().build() == nil)
        var backwards = SocketFilterBuilder()
        let start = backwards.label()
        backwards.place(start)
        backwards.jump(to: start)
        #expect(backwards.build() == nil)
        var nowhere = SocketFilterBuilder()
        nowhere.jump(to: nowhere.label())
        #expect(nowhere.build() == nil)
    }

    @Test("a program stands in eight bytes an instruction, in host byte order") func bytes() {
        let filter = SocketFilter([.init(code: 0x15, jumpTrue: 1, jumpFalse: 2, operand: 0x0102_0304)])
        let expected: [UInt8] =
            UInt16(1).littleEndian == 1 ? [0x15, 0, 1, 2, 4, 3, 2, 1] : [0, 0x15, 1, 2, 1, 2, 3, 4]
        #expect(filter.bytes == expected)
    }
}
