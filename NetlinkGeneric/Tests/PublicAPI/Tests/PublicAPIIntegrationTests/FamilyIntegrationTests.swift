// SPDX-License-Identifier: Apache-2.0

import ClientFamily
import NetlinkCore
import NetlinkGeneric
import NetlinkTestSupport
import Testing

@Suite("A family defined with public API only, on a kernel") struct FamilyIntegrationTests {
    @Test(
        "is there on a kernel, whose policy takes its requests",
        .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
    func kernel() async throws {
        let fixture = try NamespaceFixture()
        let connection = try Connection<TCPMetrics>(in: fixture.namespace)
        #expect(try await connection.dump(.metrics).isEmpty)
        let capabilities = try await connection.capabilities()
        #expect(capabilities.has(command: 1, isDump: true))
        #expect(capabilities.policy?.problem(in: ForgetTCPMetric("10.0.0.9")) == nil)
        try await connection.perform(ForgetTCPMetric())
        let events = try BlockingGenericEvents(of: NetworkDeviceChange.self, in: fixture.namespace)
        try fixture.addVeth("v0", "v1")
        guard case .event(let change, in: nil) = try events.next(timeout: .seconds(5)) else {
            Issue.record("no event")
            return
        }
        #expect(change.index?.isValid == true)
    }
}
