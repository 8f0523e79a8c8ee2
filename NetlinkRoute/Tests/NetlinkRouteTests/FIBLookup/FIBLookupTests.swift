// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkTestSupport
import Testing

@testable import NetlinkRoute

@Suite("Lookups in routing tables") struct FIBLookupTests {
    @Test("the request holds address, type of service, scope and table where the kernel reads them") func request()
        throws
    {
        let lookup = FIBLookup("10.1.2.3", in: 77, typeOfService: 16, scope: .link)
        #expect(
            try Array(lookup.messageBytes().dropFirst(16)) == [
                10, 1, 2, 3, 0, 0, 0, 0, 16, 253, 77, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            ])
    }

    @Test("a table above 255 is refused here, for the kernel would look up another") func tables() {
        let error = #expect(throws: NetlinkError.self) { try FIBLookup("10.0.0.1", in: 256).messageBytes() }
        #expect(error?.isInvalid == true)
    }

    private static func result(_ payload: [UInt8], of lookup: FIBLookup) throws -> FIBLookupResult {
        let kernel = FakeKernel { request in
            request.message(FakeMessage(type: request.type, payload: payload)) + request.acknowledge()
        }
        let connection = try BlockingFIBLookupConnection(opening: kernel.source)
        return try connection.query(lookup).found(lookup)
    }

    private static func payload(error: UInt32) -> [UInt8] {
        [10, 1, 2, 3, 0, 0, 0, 0, 0, 0, 254, 254, 24, 1, 1, 253] + (0..<4).map { UInt8(error >> ($0 * 8) & 0xff) }
    }

    @Test("the answer is read whole") func answer() throws {
        let result = try Self.result(Self.payload(error: 0), of: FIBLookup("10.1.2.3"))
        #expect(result.table == .main && result.prefixLength == 24 && result.nextHopNumber == 1)
        #expect(result.type == .unicast && result.scope == .link && result.error == nil)
    }

    @Test("refusals are errors with their numbers, and no route says so") func errors() {
        func code(_ number: UInt32) -> NetlinkError? {
            #expect(throws: NetlinkError.self) {
                try Self.result(Self.payload(error: 0 &- number), of: FIBLookup("10.1.2.3"))
            }
        }
        #expect(code(2)?.isNotFound == true)
        #expect(code(113)?.code == .hostUnreachable)
        #expect(code(11)?.code == .networkUnreachable)
        #expect(code(11)?.explanation == "the table has no route")
        #expect(code(11)?.object == "10.1.2.3 table 254")
        #expect(code(0x8000_0000)?.code.rawValue == .max)
    }

    @Test("a shorter answer is malformed") func short() {
        let error = #expect(throws: NetlinkError.self) {
            try Self.result(Array(Self.payload(error: 0).dropLast()), of: FIBLookup("10.1.2.3"))
        }
        #expect(error?.code == .malformedReply)
    }
}
