// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct NeighborForwardingIntegrationTests {
    let fixture: NamespaceFixture
    let connection: BlockingRouteConnection
    let port: InterfaceIndex
    let bridge: InterfaceIndex

    init() throws {
        fixture = try NamespaceFixture()
        try fixture.addVeth("v0", "v1")
        try fixture.addLink("br0", kind: "bridge")
        connection = try fixture.connect()
        port = try fixture.index(of: "v0")
        bridge = try fixture.index(of: "br0")
        var link = Link(index: port)
        link.master = bridge
        try connection.perform(UpdateLink(link))
        try fixture.setUp("br0")
    }

    private func find(_ wanted: Neighbor) throws -> [Neighbor] {
        try connection.dump(.forwardingEntries(on: wanted.index)).filter { found in
            found.hardwareAddress == wanted.hardwareAddress && found.vlan == wanted.vlan
        }
    }

    private func expectRoundTrip(_ wanted: Neighbor, _ check: (Neighbor) -> Bool) throws {
        try connection.add(wanted)
        let found = try find(wanted)
        try #require(found.count == 1)
        #expect(check(found[0]), "\(found[0])")
        try connection.remove(found[0])
        #expect(try find(wanted).isEmpty)
        try connection.add(found[0].settings)
        #expect(try find(wanted).map(\.settings) == [found[0].settings])
        try connection.remove(found[0])
    }

    private func entry(_ change: (inout Neighbor) -> Void) -> Neighbor {
        var neighbor = Neighbor(forwarding: "02:00:00:00:01:01", on: port, flags: .masterTable)
        change(&neighbor)
        return neighbor
    }

    @Test("every option of a bridge's entry is kept by the kernel, and what was read can be added again")
    func bridges() throws {
        try expectRoundTrip(entry { _ in }) { $0.state == .noARP && $0.master == bridge && $0.vlan == nil }
        try expectRoundTrip(entry { $0.state = .permanent }) { $0.state == .permanent }
        try expectRoundTrip(entry { $0.state = .reachable }) { $0.state == .reachable }
        try expectRoundTrip(entry { $0.flags.insert(.sticky) }) { $0.flags == .sticky }
        try expectRoundTrip(entry { $0.flags.insert(.externallyLearned) }) { $0.flags == .externallyLearned }
        let active = entry { neighbor in
            neighbor.activity = ForwardingActivity(.active)
        }
        try expectRoundTrip(active) { $0.activity?.notification == .active }
        // Replacing without refreshing is taken; the age cannot be told apart here.
        try connection.add(entry { _ in })
        try connection.replace(entry { $0.activity = ForwardingActivity([.active, .inactive], doesNotRefresh: true) })
        #expect(try find(entry { _ in }).map { $0.activity?.notification } == [[.active, .inactive]])
    }

    @Test("an entry in a VLAN is another one") func vlans() throws {
        try connection.perform(
            UpdateLink(
                Link(bridgeFiltering: bridge)))
        try expectRoundTrip(entry { $0.vlan = 1 }) { $0.vlan == 1 }
        try connection.add(entry { $0.vlan = 1 })
        #expect(
            try connection.query(NeighborQuery(forwarding: "02:00:00:00:01:01", of: bridge, vlan: 1)).index == port)
        #expect(
            try connection.query(
                NeighborQuery(forwarding: "02:00:00:00:01:01", on: port, in: .masterTable, vlan: 1)
            ).vlan == 1)
        let error = #expect(throws: NetlinkError.self) {
            try connection.query(NeighborQuery(forwarding: "02:00:00:00:01:99", of: bridge, vlan: 1))
        }
        #expect(error?.isNotFound == true)
    }

    @Test("the kernel filters by port and by bridge") func filters() throws {
        try connection.add(entry { _ in })
        var own = Neighbor(forwarding: "02:00:00:00:01:02", on: try fixture.index(of: "v1"), flags: .linkTable)
        own.state = .permanent
        try connection.add(own)
        func sent(_ dump: NeighborDump) throws -> [[UInt8]] { try connection.dump(UncheckedDump(base: dump)) }
        let all = try sent(.forwardingEntries())
        let onPort = try sent(.forwardingEntries(on: port))
        let ofBridge = try sent(.forwardingEntries(of: bridge))
        #expect(all.count > onPort.count && onPort.allSatisfy { $0[4] == UInt8(port.rawValue) })
        #expect(ofBridge.count < all.count)
        let found = try connection.dump(.forwardingEntries(of: bridge))
        #expect(found.contains { $0.hardwareAddress == "02:00:00:00:01:01" })
        #expect(!found.contains { $0.hardwareAddress == "02:00:00:00:01:02" })
    }

    @Test(
        "every option of a tunnel's entry is kept by the kernel, and what was read can be added again",
        .enabled(if: TestEnvironment.has(.linkKind("vxlan")), "links of kind vxlan")) func tunnels() throws
    {
        var vxlan = VXLANLink(id: 5)
        vxlan.port = 4789
        try connection.perform(AddLink(Link(name: "vx0", kind: vxlan)))
        let tunnel = try fixture.index(of: "vx0")
        func entry(_ change: (inout Neighbor) -> Void) -> Neighbor {
            var neighbor = Neighbor(forwarding: "02:00:00:00:01:01", on: tunnel, flags: .linkTable)
            neighbor.state = [.permanent, .noARP]
            neighbor.destination = "10.9.0.1"
            change(&neighbor)
            return neighbor
        }
        try expectRoundTrip(entry { _ in }) { $0.destination == "10.9.0.1" && $0.flags == .linkTable }
        try expectRoundTrip(entry { $0.port = 4790 }) { $0.port == 4790 }
        try expectRoundTrip(entry { $0.vni = 77 }) { $0.vni == 77 }
        try expectRoundTrip(entry { $0.output = port }) { $0.output == port }
        // A second destination, which only appending adds.
        try connection.add(entry { _ in })
        try connection.append(entry { $0.destination = "10.9.0.2" })
        #expect(try find(entry { _ in }).count == 1)
        let zero = entry { $0.hardwareAddress = "00:00:00:00:00:00" }
        try connection.append(zero)
        var second = zero
        second.destination = "10.9.0.2"
        try connection.append(second)
        #expect(try find(zero).compactMap { $0.destination?.description }.sorted() == ["10.9.0.1", "10.9.0.2"])
        try connection.remove(zero)
        #expect(try find(zero).map { $0.destination?.description } == ["10.9.0.2"])
    }
}

extension Link {
    fileprivate init(bridgeFiltering index: InterfaceIndex) {
        self.init(index: index)
        // IFLA_BR_VLAN_FILTERING
        kind = AnyLinkKind(name: "bridge", data: [5, 0, 7, 0, 1, 0, 0, 0])
    }
}
