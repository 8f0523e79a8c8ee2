// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkGeneric
import NetlinkTestSupport
import Testing

/// WireGuard's messages by hand, for the captured policy.
private enum Guarded: GenericFamily {
    static var name: String { "wireguard" }
}

private struct Guard: Command, GenericRequest {
    typealias Family = Guarded
    var command: UInt8 = 1
    var write: @Sendable (inout MessageWriter) -> Void
    var operation: StaticString { "set" }
    func encodeAttributes(into writer: inout MessageWriter) { write(&writer) }
}

@Suite("Policies") struct PolicyTests {
    static let kernel = FakeKernel { request in
        request.isDump
            ? request.dump(Capture.policy.map { FakeMessage(type: 16, payload: $0) }, perDatagram: 5)
            : request.object(FakeMessage(type: 16, payload: Capture.family))
    }

    private func policy() throws -> FamilyPolicy {
        try BlockingGenericConnection(opening: Self.kernel.source).policy(of: "wireguard")
    }

    private func id(_ number: UInt16) -> RawAttributeID { RawAttributeID(rawValue: number) }

    @Test("are put together from many messages") func merged() async throws {
        let policy = try policy()
        #expect(policy.familyID == 28)
        #expect(policy.operations == [0: .init(single: nil, dump: 0), 1: .init(single: 1, dump: nil)])
        #expect(policy.policies.keys.sorted() == [0, 1, 2, 3])
        #expect(policy.attributes(of: 0) == nil)
        #expect(policy.attributes(of: 0, isDump: true)?.keys.sorted() == [1, 2])
        #expect(policy.attributes(of: 1)?.count == 8)
        #expect(policy.policy(of: [3], in: 1)?.minimumLength == 32)
        #expect(policy.policy(of: [5], in: 1)?.mask == 1)
        #expect(policy.policy(of: [6], in: 1)?.maximum == 65535)
        #expect(policy.policy(of: [8], in: 1)?.type == .nestedArray)
        #expect(policy.policy(of: [8, 9, 3], in: 1)?.maximum == 255)
        #expect(policy.policy(of: [8, 9, 4], in: 1)?.mask == 1)
        #expect(policy.policy(of: [8, 9, 5], in: 1) == nil)
        #expect(policy.policy(of: Array(repeating: 8, count: 40), in: 1) == nil)
        let connection = try GenericConnection(opening: Self.kernel.source)
        #expect(try await connection.policy(of: "wireguard") == policy)
        // A stream gives the pieces.
        var pieces = 0
        for try await _ in connection.stream(PolicyDump<GenericController>("wireguard")) { pieces += 1 }
        #expect(pieces == 6)
    }

    @Test("are asked for as the reference tool does") func request() throws {
        #expect(
            try PolicyDump<GenericController>("wireguard").messageBytes().suffix(20).elementsEqual(
                Capture.policyRequest))
        #expect(
            try PolicyDump<GenericController>(28, command: 1).messageBytes().suffix(16)
                == hex("06 00 01 00 1c 00 00 00 08 00 0a 00 01 00 00 00"))
    }

    @Test("make a report of what the kernel can do") func capabilities() async throws {
        let report = try BlockingGenericConnection(opening: Self.kernel.source).capabilities(of: "wireguard")
        #expect(report.has(command: 1))
        #expect(!report.has(command: 1, isDump: true))
        #expect(report.has(command: 0, isDump: true))
        #expect(!report.has(command: 9))
        #expect(report.accepts([8, 9, 4], in: 1) == true)
        #expect(report.accepts([8, 9, 5], in: 1) == false)
        #expect(report.accepts([1], in: 9) == nil)
        #expect(try await GenericConnection(opening: Self.kernel.source).capabilities(of: 28) == report)
    }

    @Test("need not be there", arguments: [NetlinkError.Code.notSupported, .noData, .invalidArgument])
    func without(code: NetlinkError.Code) throws {
        let kernel = FakeKernel { request in
            request.isDump ? request.error(code) : request.object(FakeMessage(type: 16, payload: Capture.family))
        }
        let report = try BlockingGenericConnection(opening: kernel.source).capabilities(of: "wireguard")
        #expect((report.policy == nil) == (code != .noData))
        #expect(report.accepts([8], in: 1) == nil)
        #expect(report.has(command: 1))
    }

    @Test("say what is wrong with a request") func problems() throws {
        let policy = try policy()
        let known = RawAttributeID.self
        func problem(_ write: @escaping @Sendable (inout MessageWriter) -> Void) -> NetlinkError? {
            policy.problem(in: Guard(write: write))
        }
        #expect(
            problem { writer in
                writer.put(known.init(rawValue: 2), "wg0")
                writer.put(known.init(rawValue: 6), UInt16(5))
                writer.nest(known.init(rawValue: 8)) { list in
                    list.nest(known.init(rawValue: 0)) { $0.put(known.init(rawValue: 3), UInt32(2)) }
                }
            } == nil)
        #expect(
            problem { $0.put(known.init(rawValue: 20), UInt32(1)) }?.explanation
                == "this kernel does not accept the attribute")
        #expect(
            problem { $0.put(known.init(rawValue: 2), "a-name-of-sixteen") }?.explanation
                == "18 bytes where the kernel takes at most 16")
        #expect(
            problem { $0.put(known.init(rawValue: 3), [1, 2, 3] as [UInt8]) }?.explanation
                == "3 bytes where the kernel wants at least 32")
        #expect(
            problem { $0.put(known.init(rawValue: 6), UInt32(1)) }?.explanation == "4 bytes where the kernel wants 2")
        let deep = problem { writer in
            writer.put(known.init(rawValue: 2), "wg0")
            writer.nest(known.init(rawValue: 8)) { list in
                list.nest(known.init(rawValue: 0)) { $0.put(known.init(rawValue: 5), UInt16(2)) }
                list.nest(known.init(rawValue: 1)) { $0.put(known.init(rawValue: 3), UInt32(64)) }
            }
        }
        #expect(deep?.explanation?.hasPrefix("0x40: allowed bits 0x7") == true)
        #expect(deep?.path?.elements.map(\.number) == [8, 1, 3])
        #expect(deep?.code == .outOfRange)
        #expect(deep?.operation == "set")
        // Of a command that the kernel says nothing about nothing is known.
        #expect(policy.problem(in: Guard(command: 7) { $0.put(known.init(rawValue: 20), UInt32(1)) }) == nil)
    }

    @Test("explain a bare refusal") func explained() throws {
        let problem = try policy().problem(in: Guard { $0.put(RawAttributeID(rawValue: 20), UInt32(1)) })
        let bare = NetlinkError(.invalidArgument, operation: "set", object: "wg0")
        #expect(bare.explained(by: problem).explanation == "this kernel does not accept the attribute")
        #expect(bare.explained(by: problem).path?.description == "20")
        #expect(bare.explained(by: nil) == bare)
        #expect(NetlinkError(.notPermitted).explained(by: problem).explanation == nil)
    }

    @Test("cut short never trap", arguments: 0..<Capture.policy[2].count) func truncated(count: Int) throws {
        let kernel = FakeKernel {
            $0.dump([FakeMessage(type: 16, payload: Array(Capture.policy[2].prefix(count)))])
        }
        let connection = try BlockingGenericConnection(opening: kernel.source)
        do throws(NetlinkError) { _ = try connection.policy(of: "wireguard") } catch {
            #expect(error.code == .malformedReply)
        }
    }
}
