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

    @Test("what other programs send to the kernel's group is not taken for the kernel's") func forged() async throws {
        let events = try BlockingUevents(in: fixture.namespace)
        let socket = try await fixture.handle.run { () throws(SystemError) in
            try GroupSocket(protocol: UeventProtocol.number)
        }.get()
        #expect(events.foreignDatagramCount == 0)
        let count = 200
        for _ in 0..<count {
            try socket.send(Array("add@/devices/forged\0ACTION=add\0SUBSYSTEM=net\0".utf8), toGroup: 1)
        }
        try fixture.addVeth("d2", "e2")
        var paths: Set<String> = []
        while let element = try events.next(timeout: .milliseconds(300)) {
            guard case .notification(let event) = element else {
                Issue.record("\(element)")
                continue
            }
            paths.insert(event.devicePath)
        }
        #expect(paths.contains("/devices/virtual/net/d2") && !paths.contains { $0.contains("forged") })
        #expect(events.foreignDatagramCount == count)
    }

    @Test("a queue's object that goes with its link is told in order, numbered by the kernel") func numbered() throws {
        let events = try BlockingUevents(in: fixture.namespace)
        try fixture.addVeth("d3", "e3")
        try fixture.rename("d3", to: "d4")
        try fixture.remove("d4")
        var told: [Uevent] = []
        while let element = try events.next(timeout: .milliseconds(300)) {
            if case .notification(let event) = element { told.append(event) }
        }
        let numbers = told.compactMap(\.sequenceNumber)
        #expect(numbers.count == told.count && numbers == numbers.sorted() && Set(numbers).count == numbers.count)
        let link = told.filter { $0.subsystem == "net" && ["d3", "d4"].contains($0.interfaceName) }
        #expect(link.map(\.action) == [.add, .move, .remove])
        #expect(link.last?.devicePath == "/devices/virtual/net/d4" && link.last?.interfaceIndex != nil)
        #expect(link[1]["DEVPATH_OLD"] == "/devices/virtual/net/d3")
        // Its queues are objects too.
        #expect(told.contains { $0.subsystem == "queues" })
    }
}
