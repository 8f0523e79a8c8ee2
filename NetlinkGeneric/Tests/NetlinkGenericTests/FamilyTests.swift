// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
@_spi(System) import NetlinkCore
import NetlinkGeneric
import NetlinkTestSupport
import Synchronization
import Testing

/// A family that a fake kernel has.
enum Sample: GenericFamily {
    static var name: String { "sample" }
    static var version: UInt8 { 3 }
    static var attributes: AttributeSchema? { AttributeSchema(SampleAttribute.self) }
    static func schema(ofCommand command: UInt8) -> MessageSchema? {
        command == 2 ? describe("SAMPLE_CMD_TWO", AttributeSchema(SecondAttribute.self)) : nil
    }
}

struct SampleAttribute: AttributeID {
    let rawValue: UInt16
    static var number: Self { Self(rawValue: 1) }
    static var secret: Self { Self(rawValue: 2) }
    var kernelName: String? { self == .number ? "SAMPLE_A_NUMBER" : "SAMPLE_A_SECRET" }
    var isSecret: Bool { self == .secret }
}

struct SecondAttribute: AttributeID {
    let rawValue: UInt16
    var kernelName: String? { "SAMPLE_A_SECOND" }
}

struct SampleCommand: Command, GenericRequest {
    typealias Family = Sample
    var command: UInt8 = 1
    var operation: StaticString { "do sample" }
    func encodeAttributes(into writer: inout MessageWriter) {
        writer.put(SampleAttribute.number, UInt32(7))
        writer.put(SampleAttribute.secret, [1, 2, 3] as [UInt8])
    }
}

struct SampleQuery: Query, GenericRequest {
    typealias Family = Sample
    var command: UInt8 { 4 }
    var operation: StaticString { "ask sample" }
    func decode(_ message: borrowing Message) throws(DecodeError) -> UInt32 {
        var reader = try message.attributes(in: Sample.self, of: SampleAttribute.self)
        return try reader.next()?.integer() ?? 0
    }
}

struct SampleDump: Dump, GenericRequest {
    typealias Family = Sample
    var command: UInt8 { 5 }
    var operation: StaticString { "list samples" }
    func decode(_ message: borrowing Message) throws(DecodeError) -> UInt8? { try message.genericCommand }
}

/// A kernel whose family changes its number.
final class SampleKernel: Sendable {
    private let number = Lock<UInt16?>(40)
    func register(as id: UInt16?) { number.withLock { $0 = id } }

    var kernel: FakeKernel {
        FakeKernel { [self] request in
            let id = number.withLock { $0 }
            if request.type == GenericController.messageType {
                guard let id else { return request.error(.notFound) }
                return request.object(Self.reply(id))
            }
            guard request.type == id else { return request.error(.notFound) }
            if request.isDump {
                return request.dump((0..<3).map { FakeMessage(type: request.type, payload: [$0, 1, 0, 0]) })
            }
            switch request.payload[0] {
            case 4:
                return request.object(
                    FakeMessage(type: request.type, payload: [4, 1, 0, 0, 8, 0, 1, 0, 9, 0, 0, 0]))
            case 6: return request.error(.notFound)
            default: return request.acknowledge()
            }
        }
    }

    static func reply(_ id: UInt16) -> FakeMessage {
        FakeMessage(type: GenericController.messageType) { writer in
            GenericHeader(command: 1, version: 2).encode(into: &writer)
            writer.put(RawAttributeID(rawValue: 2), "sample")
            writer.put(RawAttributeID(rawValue: 1), id)
        }
    }
}

@Suite("Families") struct FamilyTests {
    @Test("are described by the controller's reply") func description() throws {
        let kernel = FakeKernel { $0.object(FakeMessage(type: 16, payload: Capture.family)) }
        let connection = try BlockingGenericConnection(opening: kernel.source)
        let family = try connection.family("wireguard")
        #expect(family.name == "wireguard")
        #expect(family.id == 28)
        #expect(family.version == 1)
        #expect(family.userHeaderByteCount == 0)
        #expect(family.operations.map(\.command) == [0, 1])
        #expect(family.flags(of: 0) == [.needsNamespaceAdministrator, .dump, .hasPolicy])
        #expect(family.flags(of: 1) == [.needsNamespaceAdministrator, .single, .hasPolicy])
        #expect(family.flags(of: 2) == nil)
        #expect(family.groups.isEmpty)
        #expect(family.unknown.isEmpty)
        #expect(kernel.requests[0].payload == Capture.familyRequest)
        #expect(throws: NetlinkError.self) { try family.group("monitor") }
    }

    @Test("have their groups read, and what is unknown kept") func groups() throws {
        // The end of the reply for `nlctrl`, and an attribute that is not known.
        let groups = hex("1c 00 07 00 18 00 01 00 08 00 02 00 10 00 00 00 0b 00 01 00 6e 6f 74 69 66 79 00 00")
        let kernel = FakeKernel {
            $0.dump([
                FakeMessage(type: 16, payload: Capture.family + groups + hex("08 00 7f 00 01 00 00 00")),
                FakeMessage(type: 16, payload: Capture.family),
            ])
        }
        let families = try BlockingGenericConnection(opening: kernel.source).families()
        #expect(families.count == 2)
        #expect(try families[0].group("notify") == 16)
        #expect(families[0].unknown.elements.map(\.number) == [127])
        do throws(NetlinkError) { _ = try families[0].group("x") } catch {
            #expect(error.isNotFound)
            #expect(error.object == "wireguard x")
            #expect(error.explanation == "it has notify")
        }
    }

    @Test("cut short at any byte never trap", arguments: 0..<Capture.family.count) func truncated(count: Int) throws {
        let kernel = FakeKernel { $0.object(FakeMessage(type: 16, payload: Array(Capture.family.prefix(count)))) }
        let connection = try BlockingGenericConnection(opening: kernel.source)
        do throws(NetlinkError) {
            _ = try connection.family("wireguard")
            // Attributes end where one ends; with the name and the number there is enough.
            #expect(count >= 26)
        } catch {
            #expect(error.code == .malformedReply)
        }
    }

    @Test("hostile controllers never trap", arguments: HostileScript.objects(of: 16, after: 4))
    func hostile(script: HostileScript) throws {
        let connection = try BlockingGenericConnection(
            opening: script.kernel().source, timeout: .milliseconds(20))
        do throws(NetlinkError) { _ = try connection.families() } catch { #expect(error.code == .malformedReply) }
        do throws(NetlinkError) { _ = try connection.policy(of: 16) } catch {
            #expect(error.code == .malformedReply || error.code == .timedOut)
        }
    }

    @Test("requests say what they are") func requestText() throws {
        #expect(
            SampleCommand().description
                == "sample request|ack seq 0 port 0 length 36\n    header 01030000\n    SAMPLE_A_NUMBER 7\n"
                + "    SAMPLE_A_SECRET (hidden)\n")
        #expect(SampleCommand(command: 2).description.hasPrefix("SAMPLE_CMD_TWO request|ack seq 0"))
        #expect(SampleCommand(command: 2).description.contains("SAMPLE_A_SECOND 7"))
        #expect(
            FamilyQuery<Sample>("sample").description
                == "CTRL_CMD_GETFAMILY request|ack seq 0 port 0 length 32\n    header 03010000\n"
                + "    CTRL_ATTR_FAMILY_NAME \"sample\"\n")
        #expect(try FamilyQuery<Sample>(40).messageBytes().suffix(8) == hex("06 00 01 00 28 00 00 00"))
    }
}

@Suite("A family's number") struct FamilyNumberTests {
    @Test("is asked for once, by either connection") func once() async throws {
        let sample = SampleKernel()
        let kernel = sample.kernel
        let connection = try Connection<Sample>(opening: kernel.source)
        try await connection.perform(SampleCommand())
        #expect(try await connection.query(SampleQuery()) == 9)
        #expect(try await connection.dump(SampleDump()) == [0, 1, 2])
        #expect(kernel.requests.map(\.type) == [16, 40, 40, 40])
        #expect(kernel.requests[1].payload.prefix(2) == [1, 3])
        kernel.forgetRequests()
        let blocking = try BlockingConnection<Sample>(opening: kernel.source)
        try blocking.perform(SampleCommand())
        #expect(try blocking.query(SampleQuery()) == 9)
        #expect(try blocking.dump(SampleDump()) == [0, 1, 2])
        var count = 0
        try blocking.dump(SampleDump(), forEach: { _ in count += 1 })
        try blocking.dump(SampleDump(), forEachChunk: { count += $0.count })
        #expect(count == 6)
        #expect(kernel.requests.map(\.type) == [16, 40, 40, 40, 40, 40])
    }

    @Test("is asked for again when the family has registered anew, once") func again() async throws {
        let sample = SampleKernel()
        let kernel = sample.kernel
        let connection = try Connection<Sample>(opening: kernel.source)
        let blocking = try BlockingConnection<Sample>(opening: kernel.source)
        try await connection.perform(SampleCommand())
        try blocking.perform(SampleCommand())
        sample.register(as: 41)
        kernel.forgetRequests()
        try await connection.perform(SampleCommand())
        #expect(kernel.requests.map(\.type) == [40, 16, 41])
        kernel.forgetRequests()
        #expect(try blocking.dump(SampleDump()) == [0, 1, 2])
        #expect(kernel.requests.map(\.type) == [40, 16, 41])
        sample.register(as: 42)
        #expect(try await connection.query(SampleQuery()) == 9)
        #expect(try blocking.query(SampleQuery()) == 9)
        sample.register(as: nil)
        do throws(NetlinkError) { try await connection.perform(SampleCommand()) } catch {
            #expect(error.isNotFound)
            #expect(error.operation == "find family")
            #expect(error.object == "sample")
        }
        #expect(throws: NetlinkError.self) { try blocking.perform(SampleCommand()) }
        sample.register(as: 43)
        try await connection.perform(SampleCommand())
        try blocking.perform(SampleCommand())
    }

    @Test("is asked for again when it was forgotten") func forgotten() async throws {
        let kernel = SampleKernel().kernel
        let connection = try Connection<Sample>(opening: kernel.source)
        let blocking = try BlockingConnection<Sample>(opening: kernel.source)
        for _ in 0..<2 {
            try await connection.perform(SampleCommand())
            try blocking.perform(SampleCommand())
        }
        connection.forgetMessageType()
        blocking.forgetMessageType()
        kernel.forgetRequests()
        try await connection.perform(SampleCommand())
        try blocking.perform(SampleCommand())
        #expect(kernel.requests.map(\.type) == [16, 40, 16, 40])
    }

    @Test("is asked for again, but nothing is sent twice, when the family itself finds nothing") func notFound()
        async throws
    {
        let sample = SampleKernel()
        let kernel = sample.kernel
        let connection = try Connection<Sample>(opening: kernel.source)
        try await connection.perform(SampleCommand())
        kernel.forgetRequests()
        do throws(NetlinkError) { try await connection.perform(SampleCommand(command: 6)) } catch {
            #expect(error.isNotFound)
            #expect(error.operation == "do sample")
        }
        #expect(kernel.requests.map(\.type) == [40, 16])
    }

    @Test("is asked for by each stream and batch") func streams() async throws {
        let sample = SampleKernel()
        let kernel = sample.kernel
        let connection = try Connection<Sample>(opening: kernel.source)
        var found: [UInt8] = []
        for try await element in connection.stream(SampleDump()) { found.append(element) }
        sample.register(as: 50)
        for try await chunk in connection.stream(SampleDump()).chunks() {
            if case .elements(let elements) = chunk { found += elements }
        }
        #expect(found == [0, 1, 2, 0, 1, 2])
        sample.register(as: 51)
        var batch = Batch<Sample>()
        for command in [1, 6, 1] as [UInt8] { try batch.append(SampleCommand(command: command)) }
        let results = try await connection.perform(batch)
        #expect(results.map { (try? $0.get()) != nil } == [true, false, true])
        sample.register(as: 52)
        var second = Batch<Sample>()
        try second.append(SampleCommand())
        let blocking = try BlockingConnection<Sample>(opening: kernel.source)
        #expect(try blocking.perform(&second).count == 1)
        #expect(kernel.requests.suffix(2).map(\.type) == [16, 52])
    }

    @Test("that nobody knows is never sent") func zero() throws {
        struct Unresolved: Command {
            typealias Family = GenericController
            var messageType: UInt16 { 0 }
            var operation: StaticString { "be lost" }
            func encode(into writer: inout MessageWriter) {}
        }
        let kernel = FakeKernel { $0.acknowledge() }
        let connection = try BlockingGenericConnection(opening: kernel.source)
        do throws(NetlinkError) {
            try connection.perform(Unresolved())
            Issue.record("no error")
        } catch {
            #expect(error.explanation == "the message type is not known")
        }
        #expect(kernel.requests.isEmpty)
    }
}
