// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkGeneric
import NetlinkTestSupport
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
