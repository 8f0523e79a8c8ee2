// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@_spi(System) @testable import NetlinkCore

@Suite("Missing capabilities") struct CapabilityTests {
    /// Rtnetlink as far as its number goes.
    private enum RouteLike: RouteFamily {}
    private enum GenericLike: NetlinkProtocol {
        static var number: Int32 { 16 }  // NETLINK_GENERIC
    }

    private struct Change<Family: NetlinkProtocol>: Command {
        var type: UInt16 = 16
        var messageType: UInt16 { type }
        var operation: StaticString { "change" }
        func encode(into writer: inout MessageWriter) {}
    }
    private struct Look<Family: NetlinkProtocol>: Query {
        var messageType: UInt16 { 18 }
        var operation: StaticString { "look" }
        func encode(into writer: inout MessageWriter) {}
        func decode(_ message: borrowing Message) throws(DecodeError) {}
    }

    private func capabilities<Family: NetlinkProtocol>(
        _ family: Family.Type, _ code: NetlinkError.Code = .notPermitted
    ) throws -> [Capability?] {
        let kernel = FakeKernel { $0.error(code, message: "no") }
        let connection = try BlockingConnection<Family>(opening: kernel.source)
        var batch = Batch<Family>()
        try batch.append(Change<Family>())
        let results = try connection.perform(&batch)
        let errors = [
            netlinkError { () throws(NetlinkError) in try connection.perform(Change<Family>()) },
            netlinkError { () throws(NetlinkError) in try connection.query(Look<Family>()) },
            netlinkError { () throws(NetlinkError) in try results[0].get() },
        ]
        #expect(errors.allSatisfy { $0?.message == "no" && $0?.code == code })
        return errors.map { $0?.missingCapability }
    }

    @Test("a refusal names the capability where the rule is known") func named() throws {
        #expect(try capabilities(RouteLike.self) == [.networkAdministration, nil, .networkAdministration])
        #expect(try capabilities(GenericLike.self) == Array(repeating: .networkAdministration, count: 3))
        #expect(try capabilities(ItemFamily.self) == [nil, nil, nil])
        #expect(try capabilities(RouteLike.self, .accessDenied) == [nil, nil, nil])
    }

    @Test("what is done with namespaces takes another") func namespaces() {
        for call in ["setns", "unshare", "mount", "umount2"] {
            let refused = SystemError(1, call: call)
            #expect(NetlinkError(refused) { $0 == .systemAdministration }.missingCapability == .systemAdministration)
            #expect(NetlinkError(refused) { _ in false }.missingCapability == nil)
            #expect(NetlinkError(SystemError(2, call: call)) { _ in true }.missingCapability == nil)
        }
        #expect(NetlinkError(SystemError(1, call: "open")) { _ in true }.missingCapability == nil)
    }

    @Test("a refusal for another reason names no capability that the process has") func held() throws {
        let kernel = FakeKernel { $0.error(.notPermitted, message: "in use") }
        for isLacking in [true, false] {
            let source = TransportSource { () throws(NetlinkError) in
                TransportWithRights(base: try kernel.source.open(), isLacking: isLacking)
            }
            let connection = try BlockingConnection<RouteLike>(opening: source)
            let error = netlinkError { () throws(NetlinkError) in try connection.perform(Change<RouteLike>()) }
            #expect(error?.missingCapability == (isLacking ? .networkAdministration : nil))
            #expect(error?.description.contains("needs") == isLacking)
            var batch = Batch<RouteLike>()
            try batch.append(Change<RouteLike>())
            let results = try connection.perform(&batch)
            let failure = netlinkError { () throws(NetlinkError) in try results[0].get() }
            #expect(failure?.missingCapability == (isLacking ? .networkAdministration : nil))
        }
    }

    @Test("what the process has is asked of the kernel") func effective() throws {
        // The status file gives the same set in hexadecimal.
        let text = String(decoding: try readFile("/proc/thread-self/status"), as: UTF8.self)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("CapEff:") })
        let set = try #require(UInt64(line.split(separator: "\t")[1], radix: 16))
        for number in 0..<64 as Range<UInt32> {
            #expect(Capabilities.isEffective(Capability(rawValue: number)) == (set >> number & 1 == 1))
        }
        #expect(Capabilities.isEffective(Capability(rawValue: 64)))
        #expect(Capabilities.isEffective(Capability(rawValue: .max)))
    }

    @Test("errors say it, and keep it when they are named") func described() {
        let error = NetlinkError(SystemError(1, call: "unshare")) { _ in true }.naming(
            operation: "create namespace", object: "blue")
        #expect(error.description.hasPrefix("create namespace blue: "))
        #expect(error.description.hasSuffix(": unshare failed: needs CAP_SYS_ADMIN"))
        #expect(error.carrying([1]).missingCapability == .systemAdministration)
        #expect(
            "\(Capability.networkAdministration) \(Capability.auditControl) \(Capability(rawValue: 99))"
                == "CAP_NET_ADMIN CAP_AUDIT_CONTROL capability 99")
    }

    @Test(
        "a type that no request has is refused here: the kernel would acknowledge it and do nothing",
        arguments: [0, 2, 3, 15])
    func controlType(type: UInt16) async throws {
        let kernel = FakeKernel { $0.acknowledge() }
        let blocking = try BlockingConnection<RouteLike>(opening: kernel.source)
        let connection = try Connection<RouteLike>(opening: kernel.source)
        let error = netlinkError { () throws(NetlinkError) in try blocking.perform(Change<RouteLike>(type: type)) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.description.contains("change: ") == true)
        #expect(
            error?.explanation == (type == 0 ? "the message type is not known" : "message type \(type) is no request's")
        )
        let later = await asyncError { () async throws(NetlinkError) in
            try await connection.perform(Change<RouteLike>(type: type))
        }
        #expect(later?.code == .invalidArgument)
        var batch = Batch<RouteLike>()
        #expect(throws: NetlinkError.self) { try batch.append(Change<RouteLike>(type: type)) }
        let count = batch.count
        #expect(count == 0)
        #expect(kernel.requests.isEmpty)
        try blocking.perform(Change<RouteLike>(type: 16))
    }
}

/// A fake kernel's socket of a process that has all capabilities, or none.
private final class TransportWithRights: Transport {
    let base: any Transport
    let isLacking: Bool
    var descriptor: Int32 { base.descriptor }
    var port: UInt32 { base.port }

    init(base: any Transport, isLacking: Bool) {
        self.base = base
        self.isLacking = isLacking
    }

    func lacks(_ capability: Capability) -> Bool { isLacking }
    func send(_ bytes: RawSpan) throws(SystemError) { try base.send(bytes) }
    func receive(into buffer: inout ReceiveBuffer) throws(SystemError) -> Int? { try base.receive(into: &buffer) }
}
