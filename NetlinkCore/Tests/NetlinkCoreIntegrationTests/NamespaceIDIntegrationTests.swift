// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@_spi(System) @testable import NetlinkCore

extension KernelIntegrationTests {
    @Suite(.serialized) struct NamespaceIDIntegrationTests {
        // A synchronous function, so that the blocking forms are meant.
        @Test func idsAreChosenOrGivenAndZeroIsOne() throws {
            let (a, b, c) = (try NamespaceFixture(), try NamespaceFixture(), try NamespaceFixture())
            #expect(try a.handle.id(of: b.namespace) == nil)
            try a.handle.setID(of: b.namespace)
            #expect(try a.handle.id(of: b.namespace) == 0)
            try a.handle.setID(of: c.namespace, to: 7)
            #expect(try a.handle.id(of: c.namespace) == 7)
            #expect(try a.handle.ids().map(\.id).sorted() == [0, 7])
            // Each namespace numbers for itself.
            #expect(try b.handle.id(of: a.namespace) == nil)
        }

        @Test func aPeerWithAnIDAndAnIDInUseExistAlready() throws {
            let (a, b, c) = (try NamespaceFixture(), try NamespaceFixture(), try NamespaceFixture())
            try a.handle.setID(of: b.namespace, to: 3)
            let cases: [(Namespace, NamespaceID?)] = [
                (b.namespace, 3), (b.namespace, 4), (b.namespace, nil), (c.namespace, 3),
            ]
            for (peer, id) in cases {
                let error = #expect(throws: NetlinkError.self) {
                    try a.handle.setID(of: peer, to: id)
                }
                #expect(error?.isExisting == true)
                #expect(error?.operation == "set namespace id")
            }
            let message = #expect(throws: NetlinkError.self) { try a.handle.setID(of: b.namespace) }?.message
            #expect(message == "Peer netns already has a nsid assigned")
        }

        @Test func aNegativeIDIsRefusedHereForTheKernelWouldChooseOne() throws {
            let (a, b) = (try NamespaceFixture(), try NamespaceFixture())
            let error = #expect(throws: NetlinkError.self) { try a.handle.setID(of: b.namespace, to: -5) }
            #expect(error?.code == .invalidArgument)
            #expect(try a.handle.id(of: b.namespace) == nil)
        }

        @Test func aPeerIsNamedByProcessDescriptorPathOrHandle() throws {
            let (a, b) = (try NamespaceFixture(), try NamespaceFixture())
            let child = try b.handle.spawn(NamespaceCommand("sleep", ["100"]))
            defer { try? child.send(signal: 9) }
            try a.handle.setID(of: .pid(child.pid), to: 11)
            let path = "/proc/\(child.pid)/ns/net"
            for namespace in [b.namespace, .pid(child.pid), .path(path)] {
                #expect(try a.handle.id(of: namespace) == 11)
            }
            let connection = try a.connect(TestRoute.self)
            #expect(try connection.query(NamespaceIDQuery(of: .handle(b.handle))) == 11)
            #expect(try connection.query(NamespaceIDQuery(of: .id(11))) == 11)
            #expect(throws: NetlinkError.self) { try a.handle.id(of: .pid(.max)) }
            #expect(throws: NetlinkError.self) { try connection.query(NamespaceIDQuery(of: .descriptor(9999))) }
        }

        @Test func idsOfAPeerAreListedWithThoseTheyHaveHere() throws {
            let (a, b, c) = (try NamespaceFixture(), try NamespaceFixture(), try NamespaceFixture())
            try a.handle.setID(of: b.namespace, to: 1)
            try a.handle.setID(of: c.namespace, to: 2)
            try b.handle.setID(of: c.namespace, to: 20)
            try b.handle.setID(of: a.namespace, to: 10)
            let entries = try a.handle.ids(of: 1).sorted { $0.id < $1.id }
            #expect(entries.map(\.id) == [10, 20])
            #expect(entries.last?.currentID == 2)
            let connection = try a.connect(TestRoute.self)
            #expect(try connection.query(NamespaceIDQuery(of: .handle(c.handle), in: 1)) == 20)
            // An id that names nobody ends the dump with an error in its last message.
            let error = #expect(throws: NetlinkError.self) { try a.handle.ids(of: 99) }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message == "Invalid target network namespace id")
        }

        @Test func tasksAskToo() async throws {
            let (a, b) = (try NamespaceFixture(), try NamespaceFixture())
            try await a.handle.setID(of: b.namespace, to: 5)
            #expect(try await a.handle.id(of: b.namespace) == 5)
            #expect(try await a.handle.ids() == [NamespaceIDEntry(id: 5)])
        }

        // `ip netns set NAME 5`, `list-id target-nsid 5` and `list-id nsid 5`, iproute2 6.15 on Linux 7.2, taken down
        // with strace; the descriptor, 5 there, is the request's own.
        @Test func requestsAreTheBytesThatIPSends() throws {
            let set = NamespaceIDAssignment<TestRoute>(5, to: .descriptor(5))
            #expect(
                try set.messageBytes() == [
                    36, 0, 0, 0, 88, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 3, 0, 5, 0, 0, 0, 8, 0, 1, 0, 5,
                    0,
                    0, 0,
                ])
            let list = NamespaceIDDump<TestRoute>(of: 5)
            #expect(
                try list.messageBytes() == [
                    28, 0, 0, 0, 90, 0, 1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 4, 0, 5, 0, 0, 0,
                ])
        }
    }
}
