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

    /// A kernel with WireGuard's description and policy that refuses everything else.
    private func refusing(_ code: NetlinkError.Code) -> FakeKernel {
        FakeKernel { request in
            switch (request.type, request.isDump) {
            case (16, true): request.dump(Capture.policy.map { FakeMessage(type: 16, payload: $0) }, perDatagram: 5)
            case (16, false): request.object(FakeMessage(type: 16, payload: Capture.family))
            default: request.error(code)
            }
        }
    }

    private struct GuardDump: Dump, GenericRequest {
        typealias Family = Guarded
        var command: UInt8
        var operation: StaticString { "list" }
        func decode(_ message: borrowing Message) throws(DecodeError) -> UInt8? { nil }
    }

    private struct GuardQuery: Query, GenericRequest {
        typealias Family = Guarded
        var command: UInt8
        var operation: StaticString { "ask" }
        func decode(_ message: borrowing Message) throws(DecodeError) -> UInt8 { 0 }
    }

    @Test("explain refusals by themselves, on both connections") func automatic() async throws {
        func explanation(
            _ code: NetlinkError.Code, _ run: (BlockingConnection<Guarded>) throws(NetlinkError) -> Void,
            _ runAsync: (Connection<Guarded>) async throws(NetlinkError) -> Void
        ) async throws -> NetlinkError? {
            let kernel = refusing(code)
            var found: [NetlinkError] = []
            let blocking = try BlockingConnection<Guarded>(opening: kernel.source)
            do throws(NetlinkError) { try run(blocking) } catch { found.append(error) }
            let connection = try Connection<Guarded>(opening: kernel.source)
            do throws(NetlinkError) { try await runAsync(connection) } catch { found.append(error) }
            #expect(found.count == 2 && found.first == found.last)
            #expect(found.first?.code == code)
            return found.first
        }
        let wrong = Guard { $0.put(RawAttributeID(rawValue: 20), UInt32(1)) }
        var error = try await explanation(
            .invalidArgument, { connection throws(NetlinkError) in try connection.perform(wrong) },
            { connection async throws(NetlinkError) in try await connection.perform(wrong) })
        #expect(error?.explanation == "this kernel does not accept the attribute")
        #expect(error?.path?.elements.map(\.number) == [20])
        #expect(error?.operation == "set")
        error = try await explanation(
            .notSupported, { connection throws(NetlinkError) in try connection.perform(Guard(command: 7) { _ in }) },
            { connection async throws(NetlinkError) in try await connection.perform(Guard(command: 7) { _ in }) })
        #expect(error?.explanation == "wireguard has no command 7 in this kernel")
        error = try await explanation(
            .notSupported,
            { connection throws(NetlinkError) in _ = try connection.dump(GuardDump(command: 1)) },
            { connection async throws(NetlinkError) in _ = try await connection.dump(GuardDump(command: 1)) })
        #expect(error?.explanation == "command 1 is no dump")
        error = try await explanation(
            .notSupported,
            { connection throws(NetlinkError) in _ = try connection.query(GuardQuery(command: 0)) },
            { connection async throws(NetlinkError) in _ = try await connection.query(GuardQuery(command: 0)) })
        #expect(error?.explanation == "command 0 is a dump only")
        // WireGuard's commands are for the namespace's administrator, which the error says anyway.
        let right = Guard { $0.put(RawAttributeID(rawValue: 6), UInt16(1)) }
        error = try await explanation(
            .notPermitted, { connection throws(NetlinkError) in try connection.perform(right) },
            { connection async throws(NetlinkError) in try await connection.perform(right) })
        #expect(error?.explanation == nil && error?.missingCapability == .networkAdministration)
        // Nothing is known against it.
        error = try await explanation(
            .invalidArgument, { connection throws(NetlinkError) in try connection.perform(right) },
            { connection async throws(NetlinkError) in try await connection.perform(right) })
        #expect(error?.explanation == nil && error?.path == nil)
        error = try await explanation(
            .exists, { connection throws(NetlinkError) in try connection.perform(wrong) },
            { connection async throws(NetlinkError) in try await connection.perform(wrong) })
        #expect(error?.explanation == nil)
    }

    @Test("are not asked for where the kernel gave its reason") func reasoned() throws {
        let kernel = FakeKernel { request in
            request.type == 16
                ? request.object(FakeMessage(type: 16, payload: Capture.family))
                : request.error(.invalidArgument, message: "No")
        }
        let connection = try BlockingConnection<Guarded>(opening: kernel.source)
        do throws(NetlinkError) { try connection.perform(Guard { _ in }) } catch {
            #expect(error.message == "No" && error.explanation == nil)
        }
        #expect(kernel.requests.map(\.type) == [16, 28])
    }

    @Test("that name the first namespace's administrator say so") func administrator() throws {
        // The command's flags with GENL_ADMIN_PERM in place of GENL_UNS_ADMIN_PERM.
        var family = Capture.family
        family[family.count - 4] = 0x0b
        let reply = family
        let kernel = FakeKernel { request in
            request.type == 16 ? request.object(FakeMessage(type: 16, payload: reply)) : request.error(.notPermitted)
        }
        let connection = try BlockingConnection<Guarded>(opening: kernel.source)
        do throws(NetlinkError) {
            try connection.perform(Guard { _ in })
            Issue.record("no error")
        } catch {
            #expect(error.explanation == "command 1 is for the administrator of the first user namespace")
            #expect(error.missingCapability == .networkAdministration)
        }
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
