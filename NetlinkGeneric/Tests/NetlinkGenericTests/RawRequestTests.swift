// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkGeneric
import NetlinkTestSupport
import Testing

@Suite("Requests to families known only at run time") struct RawRequestTests {
    private let wireguard = UnknownAttribute(rawType: 2, payload: Array("wireguard".utf8) + [0])

    @Test("are sent as the reference tool sends them") func bytes() throws {
        let contents = RawGenericContents(16, command: 3, attributes: [wireguard])
        #expect(
            try RawGenericQuery<GenericController>(contents).messageBytes().dropFirst(16) == Capture.familyRequest[...])
        var policy = contents
        policy.command = 10
        #expect(
            try RawGenericDump<GenericController>(policy).messageBytes().dropFirst(16) == Capture.policyRequest[...])
        policy.userHeader = [1, 2, 3, 4, 5]
        policy.attributes = []
        policy.version = 9
        #expect(
            try RawGenericCommand<GenericController>(policy).messageBytes().dropFirst(16)
                == hex("0a 09 00 00 01 02 03 04 05 00 00 00")[...])
    }

    @Test("give messages as they came") func replies() async throws {
        let kernel = FakeKernel { request in
            request.isDump
                ? request.dump(Capture.policy.map { FakeMessage(type: 16, payload: $0) }, perDatagram: 5)
                : request.object(FakeMessage(type: 16, payload: Capture.family))
        }
        let contents = RawGenericContents(16, command: 3, attributes: [wireguard])
        let connection = try GenericConnection(opening: kernel.source)
        let message = try await connection.query(RawGenericQuery(contents))
        #expect(message.familyID == 16 && message.command == 1 && message.version == 2)
        #expect(message.bytes == Array(Capture.family.dropFirst(4)))
        #expect(try message.attributes().map(\.number) == [2, 1, 3, 4, 5, 6])
        #expect(try message.attributes(after: 13).map(\.number) == [1, 3, 4, 5, 6])
        #expect(throws: DecodeError.self) { try message.attributes(after: 1 << 20) }
        #expect(throws: DecodeError.self) { try message.attributes(after: 6) }
        #expect(try await connection.dump(RawGenericDump(contents)).count == Capture.policy.count)
    }

    @Test("to what is no family are refused before they are sent", arguments: [0, 1, 15] as [UInt16])
    func control(number: UInt16) throws {
        let kernel = FakeKernel { $0.acknowledge() }
        let connection = try BlockingGenericConnection(opening: kernel.source)
        #expect(throws: NetlinkError.self) {
            try connection.perform(RawGenericCommand(RawGenericContents(number, command: 1)))
        }
        #expect(kernel.requests.isEmpty)
    }
}
