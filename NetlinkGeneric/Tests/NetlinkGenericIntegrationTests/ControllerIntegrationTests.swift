// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkGeneric
import NetlinkTestSupport
import Synchronization
import Testing

/// Network devices, as their own family tells of them.
enum NetworkDevices: GenericFamily {
    static var name: String { "netdev" }
}

/// A device was added, removed or changed.
struct NetworkDeviceEvent: GenericEvent, Hashable {
    typealias Family = NetworkDevices
    static var groups: [String] { ["mgmt"] }
    var command: UInt8
    var index: UInt32?

    init?(decoding message: borrowing Message) throws(DecodeError) {
        command = try message.genericCommand
        var reader = try message.attributes(in: Family.self, of: RawAttributeID.self)
        while let attribute = try reader.next() {
            if attribute.id.rawValue == 1 { index = try attribute.integer() }
        }
    }
}

/// TCP metrics, whose number is told wrongly at first: as if the family had registered anew since.
///
/// Families come and go with modules, which the test kernel has none of; the kernel's refusal is that of a number that was.
private enum Renumbered: GenericFamily {
    static var name: String { "tcp_metrics" }
    static var messageTypeQuery: (any MessageTypeQuery)? { NumberQuery() }
    /// No family has it: numbers are given from 16 on.
    static var formerNumber: UInt16 { 1022 }
    static let answers = Mutex(0)

    struct NumberQuery: MessageTypeQuery {
        typealias Family = Renumbered
        private let query = FamilyQuery<Renumbered>(.name(Renumbered.name))
        var messageType: UInt16 { query.messageType }
        var operation: StaticString { query.operation }
        func encode(into writer: inout MessageWriter) { query.encode(into: &writer) }
        func decode(_ message: borrowing Message) throws(DecodeError) -> UInt16 {
            let number = try query.decode(message).id
            let count = Renumbered.answers.withLock { count in
                count += 1
                return count
            }
            return count == 1 ? Renumbered.formerNumber : number
        }
    }

    struct Metrics: Dump, GenericRequest {
        typealias Family = Renumbered
        var command: UInt8 { 1 }
        var operation: StaticString { "list" }
        func decode(_ message: borrowing Message) throws(DecodeError) -> UInt8? { try message.genericCommand }
    }

    struct Unknown: Command, GenericRequest {
        typealias Family = Renumbered
        var command: UInt8
        var operation: StaticString { "do what cannot be" }
    }
}

@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct ControllerIntegrationTests {
    @Test("families are found by name and number, and their list holds them") func families() async throws {
        let fixture = try NamespaceFixture()
        let connection = try GenericConnection(in: fixture.namespace)
        let families = try await connection.families()
        let controller = try #require(families.first { $0.name == "nlctrl" })
        #expect(controller.id == 16)
        #expect(controller.flags(of: 3)?.contains([.single, .dump]) == true)
        #expect(try controller.group("notify") == 16)
        for family in families.prefix(20) {
            #expect(try await connection.family(.id(family.id)) == family)
            #expect(try await connection.family(.name(family.name)) == family)
        }
        do throws(NetlinkError) { _ = try await connection.family("nosuchfamily") } catch {
            #expect(error.isNotFound)
            #expect(error.object == "nosuchfamily")
        }
    }

    @Test("every family's policy is read, and every nest in it leads somewhere") func policies() throws {
        let fixture = try NamespaceFixture()
        let connection: BlockingGenericConnection = try fixture.connect()
        var count = 0
        for family in try connection.families() {
            let report = try connection.capabilities(of: .id(family.id))
            guard let policy = report.policy else { continue }
            count += policy.policies.count
            for operation in policy.operations {
                for number in [operation.value.single, operation.value.dump].compactMap(\.self) {
                    // A policy without attributes is not sent.
                    for attribute in policy.policies[number] ?? [:] {
                        #expect(attribute.value.type != nil)
                    }
                }
            }
        }
        #expect(count > 3)
        let policy = try connection.policy(of: "nlctrl", command: 3)
        #expect(policy.policy(of: [2], in: 3)?.maximumLength == 15)
        #expect(policy.operations.keys.sorted() == [3])
    }

    @Test("a family's connection asks about itself too") func typed() async throws {
        let fixture = try NamespaceFixture()
        let connection = try Connection<NetworkDevices>(in: fixture.namespace)
        let family = try await connection.family()
        #expect(family.name == "netdev")
        #expect(try await connection.capabilities().has(command: 1, isDump: true))
    }

    @Test("a family's group tells of what happens in the namespace") func events() async throws {
        let fixture = try NamespaceFixture()
        let blocking = try BlockingGenericEvents(of: NetworkDeviceEvent.self, in: fixture.namespace)
        let events = try GenericEvents(of: NetworkDeviceEvent.self, in: fixture.namespace)
        #expect(try blocking.next(timeout: .milliseconds(1)) == nil)
        try fixture.addVeth("v0", "v1")
        let indices = try ["v0", "v1"].map { UInt32(try fixture.index(of: $0).rawValue) }
        guard case .event(let event, in: nil) = try blocking.next(timeout: .seconds(5)) else {
            Issue.record("no event")
            return
        }
        #expect(event.command == 2)
        #expect(event.index.map(indices.contains) == true)
        var iterator = events.makeAsyncIterator()
        guard case .event(let same, in: nil) = try await iterator.next() else {
            Issue.record("no event")
            return
        }
        #expect(same == event)
    }

    @Test("a number that no family has any more is asked for again") func renumbered() async throws {
        let fixture = try NamespaceFixture()
        func types(_ recorder: Recorder) -> [UInt16] {
            recorder.recording.datagrams.filter(\.isRequest).map { UInt16($0.bytes[4]) | UInt16($0.bytes[5]) << 8 }
        }
        let number = try await GenericConnection(in: fixture.namespace).family("tcp_metrics").id
        // A number that was just told is not doubted; one that was told before is.
        let expected = [16, Renumbered.formerNumber, Renumbered.formerNumber, 16, number]
        Renumbered.answers.withLock { $0 = 0 }
        let recorder = Recorder()
        let connection = try Connection<Renumbered>(in: fixture.namespace, observer: recorder)
        do throws(NetlinkError) { _ = try await connection.dump(Renumbered.Metrics()) } catch {
            #expect(error.code == .notFound && error.message == nil)
        }
        #expect(try await connection.dump(Renumbered.Metrics()).isEmpty)
        #expect(types(recorder) == expected)
        Renumbered.answers.withLock { $0 = 0 }
        let other = Recorder()
        let blocking = try BlockingConnection<Renumbered>(in: fixture.namespace, observer: other)
        #expect(throws: NetlinkError.self) { try blocking.dump(Renumbered.Metrics()) }
        #expect(try blocking.dump(Renumbered.Metrics()).isEmpty)
        #expect(types(other) == expected)
    }

    @Test("a family known only at run time is asked with raw requests") func raw() async throws {
        let fixture = try NamespaceFixture()
        let connection = try GenericConnection(in: fixture.namespace)
        let id = try await connection.family("nlctrl").id
        let list = RawGenericDump<GenericController>(RawGenericContents(id, command: 3))
        #expect(try await connection.dump(list).count == connection.families().count)
        let index = UnknownAttribute(rawType: 1, payload: [16, 0])
        let query = RawGenericQuery<GenericController>(RawGenericContents(id, command: 3, attributes: [index]))
        let name = try await connection.query(query).attributes().first { $0.number == 2 }
        #expect(name?.payload == Array("nlctrl".utf8) + [0])
        let metrics = try await connection.family("tcp_metrics").id
        try await connection.perform(RawGenericCommand(RawGenericContents(metrics, command: 2)))
    }

    @Test("a bare refusal is explained by what the kernel says of the family") func explained() async throws {
        let fixture = try NamespaceFixture()
        let connection = try Connection<Renumbered>(in: fixture.namespace)
        do throws(NetlinkError) {
            try await connection.perform(Renumbered.Unknown(command: 77))
            Issue.record("no error")
        } catch {
            #expect(error.code == .notSupported)
            #expect(error.message == nil)
            #expect(error.explanation == "tcp_metrics has no command 77 in this kernel")
        }
    }

    @Test("a group or family that does not exist is an error that names it") func noGroup() throws {
        let fixture = try NamespaceFixture()
        do throws(NetlinkError) {
            _ = try BlockingGenericEvents(
                GenericSubscription(groups: ["nosuch"]), of: NetworkDeviceEvent.self, in: fixture.namespace)
            Issue.record("no error")
        } catch {
            #expect(error.isNotFound)
            #expect(error.object == "netdev nosuch")
        }
    }
}
