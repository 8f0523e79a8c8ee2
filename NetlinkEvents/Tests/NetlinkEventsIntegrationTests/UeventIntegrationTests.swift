// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkTestSupport
import NetlinkUevents
import Testing

@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct UeventIntegrationTests {
    let fixture: NamespaceFixture

    init() throws { fixture = try NamespaceFixture() }

    @Test("a link that is made and removed is told in its namespace") func links() throws {
        let events = try BlockingUevents(UeventSubscription(subsystems: ["net"]), in: fixture.namespace)
        try fixture.addVeth("d0", "e0")
        try fixture.remove("d0")
        var actions: [UeventAction] = []
        while let element = try events.next(timeout: .milliseconds(500)) {
            guard case .notification(let event) = element, event.interfaceName == "d0" else { continue }
            #expect(event.devicePath == "/devices/virtual/net/d0" && event.sequenceNumber != nil)
            actions.append(event.action)
        }
        #expect(actions == [.add, .remove])
    }

    @Test("tasks are told too") func tasks() async throws {
        let events = try Uevents(in: fixture.namespace)
        try fixture.addVeth("d1", "e1")
        var name: String?
        for try await element in events {
            if case .notification(let event) = element, event["INTERFACE"] == "d1" {
                name = event.interfaceName
                break
            }
        }
        #expect(name == "d1")
    }
}
