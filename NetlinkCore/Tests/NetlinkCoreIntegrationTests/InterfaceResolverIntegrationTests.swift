// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@_spi(System) @testable import NetlinkCore

extension KernelIntegrationTests {
    @Suite(.serialized, .enabled(if: TestEnvironment.has(.linkKind("bridge")), "links of kind bridge"))
    struct InterfaceResolverIntegrationTests {
        @Test func namesAlternativeNamesAndNumbersFindALink() throws {
            let fixture = try NamespaceFixture()
            try fixture.addLink("d0", kind: "bridge")
            let long = String(repeating: "long", count: 30)
            try fixture.addAlternativeName(long, to: "d0")
            try fixture.addAlternativeName("short", to: "d0")
            let resolver = try fixture.resolver()
            let index = try resolver.index(of: "d0")
            #expect(index.isValid && index != .loopback)
            #expect(try resolver.index(of: "lo") == .loopback)
            #expect(try resolver.index(of: .name(long)) == index)
            #expect(try resolver.index(of: "short") == index)
            #expect(try resolver.index(of: .index(index)) == index)
            #expect(try resolver.name(of: index) == "d0")
        }

        @Test func tasksResolveToo() async throws {
            let fixture = try NamespaceFixture()
            try fixture.addLink("d0", kind: "bridge")
            let resolver = try fixture.resolver()
            let found = try await withThrowingTaskGroup(of: InterfaceIndex.self) { group in
                for _ in 0..<20 { group.addTask { try await resolver.index(of: "d0") } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            let index = try #require(found.first)
            #expect(found.count == 1)
            #expect(try await resolver.name(of: index) == "d0")
            let error = await #expect(throws: NetlinkError.self) { try await resolver.index(of: "none0") }
            #expect(error?.isNoDevice == true)
        }

        @Test func anAbsentLinkIsNamedInTheError() throws {
            let resolver = try NamespaceFixture().resolver()
            for (link, object) in [
                (LinkReference.name("none0"), "none0"), (.name(String(repeating: "n", count: 40)), nil),
            ] {
                let error = #expect(throws: NetlinkError.self) { try resolver.index(of: link) }
                #expect(error?.code == .noDevice)
                #expect(error?.object == object ?? String(repeating: "n", count: 40))
                #expect(error?.operation == "find link")
            }
            let error = #expect(throws: NetlinkError.self) { try resolver.name(of: 4242) }
            #expect(error?.code == .noDevice)
            #expect(error?.object == "if4242")
        }

        @Test(arguments: [
            LinkReference.name(""), .name("a/b"), .name(String(repeating: "x", count: 128)), .index(0), .index(-1),
        ])
        func whatNoLinkCanBeIsRefusedHere(link: LinkReference) throws {
            let error = #expect(throws: NetlinkError.self) { try NamespaceFixture().resolver().index(of: link) }
            #expect(error?.code == .invalidArgument)
        }

        @Test func numbersAreThoseOfTheNamespaceAndNeverOfSys() throws {
            let (a, b) = (try NamespaceFixture(), try NamespaceFixture())
            try b.addLink("filler", kind: "bridge")
            for fixture in [a, b] { try fixture.addLink("same0", kind: "bridge") }
            let here = try a.resolver().index(of: "same0")
            let there = try b.resolver().index(of: "same0")
            #expect(here != there)
            // /sys shows the namespace in which it was mounted, on whatever thread one looks.
            #expect(try !directoryEntries("/sys/class/net").contains("same0"))
            let seen = try a.handle.run { () throws(SystemError) in try directoryEntries("/sys/class/net") }.get()
            #expect(!seen.contains("same0"))
        }

        @Test func aConnectionOfAnyProtocolResolvesInItsNamespace() async throws {
            let fixture = try NamespaceFixture()
            try fixture.addLink("mark0", kind: "bridge")
            let index = try await fixture.resolver().index(of: "mark0")
            let blocking = try fixture.connect(TestGeneric.self).makeResolver()
            #expect(try await blocking.index(of: "mark0") == index)
            let shared = try Connection<TestGeneric>(in: fixture.namespace).makeResolver()
            #expect(try await shared.index(of: "mark0") == index)
            let here = try BlockingConnection<TestGeneric>().makeResolver()
            let error = await #expect(throws: NetlinkError.self) { try await here.index(of: "mark0") }
            #expect(error?.isNoDevice == true)
        }

        @Test func namesThatChangeAreNotRemembered() throws {
            let fixture = try NamespaceFixture()
            try fixture.addLink("old0", kind: "bridge")
            let resolver = try fixture.resolver()
            let index = try resolver.index(of: "old0")
            try fixture.rename("old0", to: "new0")
            #expect(try resolver.name(of: index) == "new0")
            #expect(throws: NetlinkError.self) { try resolver.index(of: "old0") }
            try fixture.remove("new0")
            #expect(throws: NetlinkError.self) { try resolver.name(of: index) }
        }

        private final class Sizes: ConnectionObserver {
            let received = Lock<[Int]>([])
            func sent(_ datagram: [UInt8], on wire: ObservedWire) {}
            func received(_ datagram: [UInt8], on wire: ObservedWire) {
                received.withLock { $0.append(datagram.count) }
            }
            func finished(_ operation: String, after duration: Duration, error: NetlinkError?) {}
        }

        @Test func noMoreIsAskedForThanNeeded() throws {
            let fixture = try NamespaceFixture()
            let sizes = Sizes()
            _ = try InterfaceResolver(in: fixture.namespace, observer: sizes).index(of: "lo")
            let all = Sizes()
            _ = try fixture.connect(TestRoute.self, observer: all).query(TestLinkQuery(name: "lo"))
            let (lean, full) = (sizes.received.withLock { $0[0] }, all.received.withLock { $0[0] })
            #expect(lean < full - 192)
        }
    }
}
