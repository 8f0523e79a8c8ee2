// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkTestSupport
import Testing

/// What needs no rights, in whatever namespace the process is; it changes nothing there.
@Suite struct UnprivilegedIntegrationTests {
    @Test func aProcessMayEnterTheNamespaceItIsIn() async throws {
        let handle = try NamespaceHandle(.current)
        let inside = try await handle.run { () throws(NetlinkError) in try NamespaceHandle(.current) }.get()
        #expect(inside == handle)
        let child = try await handle.spawn(NamespaceCommand("sh", ["-c", "exit 3"]))
        #expect(try await child.wait(timeout: .seconds(10)) == .exited(3))
    }

    @Test func linksAreReadAndNamesResolved() async throws {
        let links = try BlockingConnection<TestRoute>().dump(TestLinkDump())
        let loopback = try #require(links.first { $0.index == 1 })
        let resolver = try InterfaceResolver()
        #expect(try await resolver.index(of: .name(loopback.name ?? "")) == .loopback)
        #expect(try await resolver.name(of: .loopback).description == loopback.name)
        #expect(try await Connection<TestRoute>().query(TestLinkQuery(index: 1)) == loopback)
    }
}
