// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct NeighborIntegrationTests {
    let fixture: NamespaceFixture
    let connection: BlockingRouteConnection
    let link: InterfaceIndex

    init() throws {
        fixture = try NamespaceFixture()
        try fixture.addVeth("v0", "v1")
        connection = try fixture.connect()
        link = try fixture.index(of: "v0")
    }

    private func find(_ neighbor: Neighbor) throws -> Neighbor? {
        var dump = NeighborDump.neighbors(family: neighbor.family, on: neighbor.index)
        dump.isProxy = neighbor.family != .bridge && neighbor.flags.contains(.proxy)
        return try connection.dump(dump).first { found in
            neighbor.family == .bridge
                ? found.hardwareAddress == neighbor.hardwareAddress && found.vlan == neighbor.vlan
                : found.destination == neighbor.destination
        }
    }

    private func expectRoundTrip(_ wanted: Neighbor, _ check: (Neighbor) -> Bool) throws {
        try connection.add(wanted)
        let read = try #require(try find(wanted))
        #expect(check(read), "\(read)")
        try connection.remove(read)
        #expect(try find(wanted)?.state.contains(wanted.state) != true || wanted.state.isEmpty)
        try connection.add(read.settings)
        let again = try #require(try find(wanted))
        #expect(again.settings == read.settings)
        try connection.remove(again)
    }

    private func host(_ destination: IPAddress = "10.1.0.7", _ change: (inout Neighbor) -> Void) -> Neighbor {
        var neighbor = Neighbor(destination, at: "02:00:00:00:00:07", on: link)
        change(&neighbor)
        return neighbor
    }

    @Test("every option of a host is kept by the kernel, and what was read can be added again") func hosts() throws {
        try expectRoundTrip(host { _ in }) { $0.hardwareAddress == "02:00:00:00:00:07" && $0.state == .permanent }
        try expectRoundTrip(host("2001:db8::7") { _ in }) { $0.destination == "2001:db8::7" }
        for state in [NeighborState.noARP, .reachable, .stale] {
            try expectRoundTrip(host { $0.state = state }) { $0.state == state && $0.isLearned == (state != .noARP) }
        }
        try expectRoundTrip(host { $0.origin = .bgp }) { $0.origin == .bgp }
        try expectRoundTrip(host("2001:db8::7") { $0.flags = .router }) { $0.flags == .router }
        try expectRoundTrip(host { $0.flags = .externallyLearned }) { $0.flags == .externallyLearned }
        let managed = host { neighbor in
            neighbor.extendedFlags = .managed
            neighbor.state = .reachable
        }
        try expectRoundTrip(managed) { $0.extendedFlags == .managed }
    }

    private static let keepsValidation = TestEnvironment.has(
        TestEnvironment.Feature("externally validated neighbours") {
            guard let fixture = try? NamespaceFixture(), (try? fixture.addVeth("v0", "v1")) != nil,
                let index = try? fixture.index(of: "v0")
            else { return false }
            var neighbor = Neighbor("2001:db8::8", at: "02:00:00:00:00:07", on: index)
            neighbor.extendedFlags = .externallyValidated
            neighbor.state = .stale
            return (try? fixture.connect(RouteProtocol.self).add(neighbor)) != nil
        })

    @Test(
        "a neighbour that another program validates is kept",
        .enabled(if: Self.keepsValidation, "externally validated neighbours"))
    func validated() throws {
        let validated = host("2001:db8::8") { neighbor in
            neighbor.extendedFlags = .externallyValidated
            neighbor.state = .stale
        }
        try expectRoundTrip(validated) { $0.extendedFlags == .externallyValidated }
    }

    @Test("one that is only used is looked for, and one that is known is asked again") func using() throws {
        var wanted = Neighbor("10.1.0.9", on: link)
        wanted.flags = .use
        try connection.add(wanted)
        let read = try #require(try find(wanted))
        #expect(read.state == .incomplete && read.hardwareAddress == nil && read.probes != nil && read.cache != nil)
        // What is not known well waits for others to confirm it, with the hardware address that it had.
        try connection.add(host { $0.state = .stale })
        var used = Neighbor("10.1.0.7", on: link)
        used.flags = .use
        try connection.update(used)
        let delayed = try #require(try find(used))
        #expect(delayed.state == .delay && delayed.hardwareAddress == "02:00:00:00:00:07" && delayed.isLearned)
    }

    @Test("every state that the kernel takes is set") func states() throws {
        for state in [NeighborState.delay, .probe] {
            try connection.add(host { $0.state = state })
            let read = try #require(try find(host { _ in }))
            // Who is asked for may be asked at once.
            #expect(read.state == state || read.state == .probe, "\(read)")
            #expect(read.hardwareAddress == "02:00:00:00:00:07" && read.probes != nil)
            try connection.remove(read)
        }
        for state in [NeighborState.incomplete, .failed, []] {
            var wanted = Neighbor("10.1.0.8", on: link)
            wanted.state = state
            try connection.add(wanted)
            let read = try #require(try find(wanted))
            #expect(read.state == state && read.hardwareAddress == nil)
            try connection.remove(read)
            try connection.add(read.settings)
            #expect(try find(wanted)?.state == state)
            try connection.remove(read)
        }
        let listed = try connection.neighbors(family: .ipv4, states: [.incomplete, .failed, .delay, .probe])
        #expect(listed.allSatisfy { !$0.state.contains(.permanent) })
    }

    @Test("a change of one property leaves the others as they were") func oneProperty() throws {
        let base = host("2001:db8::7") { neighbor in
            neighbor.flags = [.router, .externallyLearned]
            neighbor.origin = .bgp
            neighbor.state = .noARP
        }
        let changes: [(inout Neighbor) -> Void] = [
            { $0.hardwareAddress = "02:00:00:00:00:17" }, { $0.flags = .router }, { $0.flags = .externallyLearned },
            { $0.origin = .ospf }, { $0.state = .permanent }, { $0.state = .stale },
        ]
        for (number, change) in changes.enumerated() {
            try connection.replace(base)
            var wanted = try #require(try find(base)).settings
            change(&wanted)
            try connection.update(wanted)
            #expect(try find(base)?.settings == wanted, "change \(number)")
            try connection.remove(wanted)
        }
    }

    @Test("addresses for which this host answers are in a table of their own") func proxies() throws {
        for destination in ["10.1.0.7", "2001:db8::7"] as [IPAddress] {
            let proxy = Neighbor(proxying: destination, on: link)
            try expectRoundTrip(proxy) { $0.flags == .proxy && $0.destination == destination }
            try connection.add(host(destination) { _ in })
            try connection.add(proxy)
            #expect(
                try connection.dump(.proxies(on: link)).compactMap { $0.destination?.description } == ["\(destination)"]
            )
            #expect(try connection.query(NeighborQuery(proxying: destination, on: link)).flags.contains(.proxy))
            // Removing one leaves the other.
            try connection.remove(proxy)
            #expect(try connection.dump(.proxies(on: link)).isEmpty)
            #expect(try connection.neighbor(destination, on: link).state == .permanent)
        }
        var router = Neighbor(proxying: "2001:db8::8", on: link)
        router.flags.insert(.router)
        router.origin = .zebra
        try expectRoundTrip(router) { $0.flags == [.proxy, .router] && $0.origin == .zebra }
    }

    @Test("modes add, replace, change, or say why not") func modes() throws {
        try connection.add(host { _ in })
        let error = #expect(throws: NetlinkError.self) { try connection.add(host { _ in }) }
        #expect(error?.isExisting == true && error?.object == "10.1.0.7")
        try connection.replace(host { $0.hardwareAddress = "02:00:00:00:00:17" })
        #expect(try connection.neighbor("10.1.0.7", on: link).hardwareAddress == "02:00:00:00:00:17")
        try connection.update(host { $0.hardwareAddress = "02:00:00:00:00:27" })
        #expect(try connection.neighbor("10.1.0.7", on: link).hardwareAddress == "02:00:00:00:00:27")
        let missing = #expect(throws: NetlinkError.self) { try connection.update(host("10.1.0.99") { _ in }) }
        #expect(missing?.isNotFound == true)
        let unknown = #expect(throws: NetlinkError.self) { try connection.neighbor("10.1.0.99", on: link) }
        #expect(unknown?.isNotFound == true)
    }

    @Test("the kernel filters by family, link and master") func filters() throws {
        let other = try fixture.index(of: "v1")
        try fixture.addLink("br0", kind: "bridge")
        var port = Link(index: link)
        let bridge = try fixture.index(of: "br0")
        port.master = bridge
        try connection.perform(UpdateLink(port))
        for index in [link, other] {
            try connection.add(Neighbor("10.1.0.7", at: "02:00:00:00:00:07", on: index))
            try connection.add(Neighbor("2001:db8::7", at: "02:00:00:00:00:07", on: index))
        }
        // The kernel's own neighbors, of multicast, come when they like, between two lists too.
        func sent(_ dump: NeighborDump) throws -> [[UInt8]] {
            try connection.dump(UncheckedDump(base: dump)).filter { $0[11] != RouteType.multicast.rawValue }
        }
        let all = try sent(.neighbors)
        let onLink = try sent(.neighbors(on: link))
        #expect(all.count > onLink.count && onLink.allSatisfy { $0[4] == UInt8(link.rawValue) })
        let ofFamily = try sent(.neighbors(family: .ipv4))
        #expect(ofFamily.count == 2 && ofFamily.allSatisfy { $0[0] == 2 })
        let ofMaster = try sent(.neighbors(master: bridge))
        #expect(ofMaster.count == onLink.count && ofMaster.allSatisfy { $0[4] == UInt8(link.rawValue) })
        #expect(try connection.dump(.neighbors(family: .ipv4, on: other)).count == 1)
        #expect(try connection.neighbors(family: .ipv4, states: .permanent).count == 2)
        #expect(try connection.neighbors(family: .ipv4, states: .stale).isEmpty)
    }

    @Test("flushing takes what was learnt and leaves what was set by hand, unless told otherwise")
    func flushing() throws {
        for number in 1...50 {
            let destination = IPAddress.v4(IPv4Address(10, 1, 0, UInt8(number)))
            try connection.add(host(destination) { if number % 2 == 0 { $0.state = .stale } })
        }
        let report = try connection.flushNeighbors(.neighbors(family: .ipv4, on: link))
        #expect(report.removedCount == 25 && report.isComplete)
        let left = try connection.neighbors(family: .ipv4, on: link, states: [.permanent, .stale])
        #expect(left.count == 25 && left.allSatisfy { $0.state == .permanent })
        let all = try connection.flushNeighbors(.neighbors(family: .ipv4, on: link), where: { $0.state == .permanent })
        #expect(all.removedCount == 25)
    }

    @Test("ensuring adds, leaves alone or replaces") func ensuring() throws {
        #expect(try connection.ensure(host { _ in }) == .added)
        #expect(try connection.ensure(host { _ in }) == .unchanged)
        #expect(try connection.ensure(host { $0.hardwareAddress = "02:00:00:00:00:08" }) == .changed)
        #expect(try connection.ensure(Neighbor(proxying: "10.1.0.7", on: link)) == .added)
    }

    @Test("tasks do the same with one-line methods") func tasks() async throws {
        let connection = try RouteConnection(in: fixture.namespace)
        let neighbor = host { _ in }
        try await connection.add(neighbor)
        #expect(try await connection.ensure(neighbor) == .unchanged)
        try await connection.replace(host { $0.origin = .bgp })
        #expect(try await connection.neighbor("10.1.0.7", on: link).origin == .bgp)
        try await connection.update(host { $0.state = .stale })
        #expect(try await connection.neighbors(family: .ipv4, on: link, states: .stale).count == 1)
        #expect(try await connection.flushNeighbors(.neighbors(family: .ipv4, on: link)).removedCount == 1)
        try await connection.add(neighbor)
        try await connection.remove(neighbor)
    }
}
