// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@_spi(System) @testable import NetlinkCore

extension KernelIntegrationTests {
    @Suite(.serialized, .enabled(if: TestEnvironment.has(.linkKind("bridge")), "links of kind bridge"))
    struct ConnectionIntegrationTests {
        @Test func aQueryAndADumpReadRealLinks() throws {
            let fixture = try NamespaceFixture()
            try fixture.addLink("d0", kind: "bridge")
            let connection = try fixture.connect(TestRoute.self)
            let loopback = try connection.query(TestLinkQuery(index: 1))
            #expect(loopback.name == "lo")
            #expect(loopback.mtu == 65_536)
            #expect(loopback.flags & 1 == 1)
            let links = try connection.dump(TestLinkDump())
            #expect(try made(links) == ["lo", "d0"])
            var single: [TestLink] = []
            try connection.dump(TestLinkDump()) { (link: TestLink) throws(NetlinkError) in single.append(link) }
            #expect(single == links)
        }

        @Test func filtersAreTheKernelsAndStrictlyChecked() throws {
            let fixture = try NamespaceFixture()
            try fixture.addLink("br0", kind: "bridge")
            try fixture.addVeth("p0", "p1")
            let connection = try fixture.connect(TestRoute.self)
            let bridge = try fixture.index(of: "br0").rawValue
            let port = try fixture.index(of: "p0").rawValue
            try connection.perform(TestLinkChange(index: port) { $0.put(TestLinkAttribute.master, bridge) })
            #expect(try connection.dump(TestLinkDump(master: bridge)).map(\.name) == ["p0"])
            let error = #expect(throws: NetlinkError.self) { try connection.dump(TestLinkDump(mtu: 1500)) }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message == "Unsupported attribute in link dump request")
            // The socket is as good as before.
            #expect(try made(connection.dump(TestLinkDump())) == ["lo", "br0", "p1", "p0"])
        }

        @Test func anAbsentLinkIsNoDevice() throws {
            let connection = try NamespaceFixture().connect(TestRoute.self)
            let error = #expect(throws: NetlinkError.self) { try connection.query(TestLinkQuery(name: "none0")) }
            #expect(error?.isNoDevice == true)
            #expect(error?.operation == "get link")
            #expect(error?.object == "none0")
        }

        @Test func aRefusedValueComesWithTheKernelsWords() throws {
            let fixture = try NamespaceFixture()
            try fixture.addVeth("v0", "v1")
            let connection = try fixture.connect(TestRoute.self)
            let index = try fixture.index(of: "v0").rawValue
            let error = #expect(throws: NetlinkError.self) {
                try connection.perform(TestLinkChange(index: index) { $0.put(TestLinkAttribute.mtu, UInt32(1)) })
            }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message == "mtu less than device minimum")
        }

        @Test func aValueOutsideThePolicyComesWithItsAttributeAndRange() throws {
            let fixture = try NamespaceFixture()
            let connection = try fixture.connect(TestRoute.self)
            let error = #expect(throws: NetlinkError.self) {
                try connection.perform(
                    TestLinkChange(index: 1) {
                        $0.put(TestLinkAttribute.mtu, UInt32(1500))
                        $0.put(TestLinkAttribute.gsoIPv4, UInt32(1))
                    })
            }
            #expect(error?.code == .outOfRange)
            #expect(error?.path?.description == "IFLA_GSO_IPV4_MAX_SIZE")
            let policy = try #require(error?.acknowledgement?.policy)
            #expect(policy.type == .u32)
            #expect((policy.minimum ?? 0) > 1)
            #expect(policy.maximum == UInt64(UInt32.max))
            // Nothing was changed.
            #expect(try connection.query(TestLinkQuery(index: 1)).mtu == 65_536)
        }

        @Test(.enabled(if: TestEnvironment.has(.linkKind("vxlan")), "links of kind vxlan"))
        func anAttributeAtFaultInsideNestsIsNamedWithThem() throws {
            let connection = try NamespaceFixture().connect(TestRoute.self)
            let error = #expect(throws: NetlinkError.self) {
                try connection.perform(
                    TestLinkChange(flags: [.create, .exclusive]) { writer in
                        writer.put(TestLinkAttribute.name, "vx0")
                        writer.nest(TestLinkAttribute.info) { info in
                            info.put(TestInfoAttribute.kind, "vxlan")
                            info.nest(TestInfoAttribute.data) { data in
                                data.put(TestVXLANAttribute.id, UInt32(1))
                                data.put(TestVXLANAttribute.localBypass, UInt8(7))
                            }
                        }
                    })
            }
            #expect(error?.code == .outOfRange)
            #expect(error?.path?.description == "IFLA_LINKINFO/IFLA_INFO_DATA/IFLA_VXLAN_LOCALBYPASS")
            #expect(error?.acknowledgement?.policy?.maximum == 1)
            #expect(error?.description.contains("allowed 0...1") == true)
        }

        @Test func aMissingAttributeIsNamed() throws {
            let connection = try NamespaceFixture().connect(TestGeneric.self)
            let family = try connection.query(TestFamilyQuery(name: "netdev"))
            let error = #expect(throws: NetlinkError.self) { try connection.query(TestDeviceQuery(family: family)) }
            #expect(error?.code == .invalidArgument)
            #expect(error?.acknowledgement?.missing?.description == "NETDEV_A_DEV_IFINDEX")
            #expect(error?.description.contains("missing attribute NETDEV_A_DEV_IFINDEX") == true)
            #expect(throws: NetlinkError.self) { try connection.query(TestFamilyQuery(name: "no such family")) }
        }

        @Test func commandsSucceedFailAndLeaveTheConnectionUsable() throws {
            let fixture = try NamespaceFixture()
            let connection = try fixture.connect(TestRoute.self)
            let change = TestLinkChange(index: 1) { $0.put(TestLinkAttribute.mtu, UInt32(1400)) }
            for _ in 0..<100 {
                try connection.perform(change)
                #expect(throws: NetlinkError.self) { try connection.query(TestLinkQuery(name: "none0")) }
                #expect(try connection.query(TestLinkQuery(index: 1)).mtu == 1400)
            }
        }

        @Test func tasksOnOneConnectionEachGetTheirOwnAnswer() async throws {
            let fixture = try NamespaceFixture()
            for index in 0..<16 { try fixture.addLink("d\(index)", kind: "bridge") }
            let connection = try Connection<TestRoute>(in: fixture.namespace)
            let count = try await connection.dump(TestLinkDump()).count
            let wrong = try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<16 {
                    group.addTask {
                        var wrong = 0
                        for _ in 0..<20 {
                            let link = try await connection.query(TestLinkQuery(name: "d\(index)"))
                            if link.name != "d\(index)" { wrong += 1 }
                            if try await connection.dump(TestLinkDump()).count != count { wrong += 1 }
                        }
                        return wrong
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(wrong == 0)
        }

        // MARK: Namespaces

        @Test(.enabled(if: TestEnvironment.has(.namespaceMounts), "mounting namespaces"))
        func aConnectionIsOpenedByNamePathProcessAndDescriptor() async throws {
            let name = "netlink-open-\(currentProcess())"
            let handle = try KernelIntegrationTests.createStandard(name)
            defer { KernelIntegrationTests.forget(name) }
            let marking = try BlockingConnection<FixtureProtocol>(in: .name(name))
            try marking.perform(FixtureLinkCommand.add("mark0", kind: "bridge"))
            let child = try await handle.spawn(NamespaceCommand("sleep", ["100"]))
            defer { try? child.send(signal: 9) }
            for namespace in [
                Namespace.name(name), .path("/run/netns/\(name)"), .pid(child.pid), .descriptor(handle.descriptor),
            ] {
                let links = try BlockingConnection<TestRoute>(in: namespace).dump(TestLinkDump())
                #expect(try made(links) == ["lo", "mark0"])
                let same = try await Connection<TestRoute>(in: namespace).dump(TestLinkDump())
                #expect(same == links)
            }
            let here = try BlockingConnection<TestRoute>().dump(TestLinkDump())
            #expect(!here.contains { $0.name == "mark0" })
        }

        @Test(.enabled(if: TestEnvironment.has(.namespaceMounts), "mounting namespaces"))
        func aConnectionOutlivesTheNameItWasOpenedBy() async throws {
            try await withStore { store in
                try store.create("early")
                let path = store.path(of: "early")
                let marking = try BlockingConnection<FixtureProtocol>(in: .path(path))
                try marking.perform(FixtureLinkCommand.add("mark0", kind: "bridge"))
                let blocking = try BlockingConnection<TestRoute>(in: .path(path))
                let shared = try Connection<TestRoute>(in: .path(path))
                let resolver = try InterfaceResolver(in: .path(path))
                let generic = try BlockingConnection<TestGeneric>(in: .path(path))
                let genericForTasks = try Connection<TestGeneric>(in: .path(path))
                try store.delete("early")
                // The name is another's now.
                try store.create("early")
                #expect(try made(blocking.dump(TestLinkDump())) == ["lo", "mark0"])
                #expect(try made(await shared.dump(TestLinkDump())) == ["lo", "mark0"])
                #expect(try await resolver.index(of: "mark0").isValid)
                #expect(try generic.makeConnection(of: TestRoute.self).query(TestLinkQuery(name: "mark0")).index > 1)
                let beside = try genericForTasks.makeConnection(of: TestRoute.self)
                #expect(try await beside.query(TestLinkQuery(name: "mark0")).name == "mark0")
                // A dump that is given up costs the socket; the next one is opened in the same namespace.
                #expect(throws: NetlinkError.self) {
                    try blocking.dump(TestLinkDump()) { (_: TestLink) throws(NetlinkError) in
                        throw NetlinkError(.cancelled)
                    }
                }
                #expect(try made(blocking.dump(TestLinkDump())) == ["lo", "mark0"])
            }
        }

        @Test func aSocketStaysInItsNamespaceForLife() throws {
            let (a, b) = (try NamespaceFixture(), try NamespaceFixture())
            try a.addVeth("left", "right", in: b)
            let inA = try a.connect(TestRoute.self)
            let inB = try b.connect(TestRoute.self)
            #expect(try made(inA.dump(TestLinkDump())) == ["lo", "left"])
            #expect(try made(inB.dump(TestLinkDump())) == ["lo", "right"])
        }

        @Test func aThousandConnectionsLeaveNoDescriptorAndNoThread() async throws {
            let fixture = try NamespaceFixture()
            let outside = try NamespaceHandle(.current).identity
            // The first asynchronous wait starts a thread with descriptors of its own.
            _ = try await Connection<TestRoute>(in: fixture.namespace).dump(TestLinkDump())
            let before = try descriptorCount()
            for _ in 0..<500 {
                _ = try fixture.connect(TestRoute.self).query(TestLinkQuery(index: 1))
                _ = try await Connection<TestRoute>(in: fixture.namespace).query(TestLinkQuery(index: 1))
            }
            for _ in 0..<1000 {
                _ = try? BlockingConnection<TestRoute>(in: .name("no-such-namespace"))
                _ = try? BlockingConnection<TestRoute>(in: .path("/etc/passwd"))
            }
            #expect(try await eventually { try descriptorCount() <= before })
            #expect(try await eventually { try threadNamespaces() == [outside] })
        }
    }
}
