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

extension NeighborForwardingIntegrationTests {
    private static let hasNumberedTunnels = TestEnvironment.has(
        TestEnvironment.Feature("tunnels that filter network numbers") {
            guard let fixture = try? NamespaceFixture() else { return false }
            return (try? addNumberedTunnel(in: fixture)) != nil
        })

    /// A tunnel for many network numbers, with number 5.
    private static func addNumberedTunnel(in fixture: NamespaceFixture) throws -> InterfaceIndex {
        var vxlan = VXLANLink()
        vxlan.isExternal = true
        vxlan.filtersVNIs = true
        vxlan.port = 4789
        let connection = try fixture.connect(RouteProtocol.self)
        var link = Link(name: "vx0", kind: vxlan)
        link.isUp = true
        try connection.perform(AddLink(link))
        let index = try fixture.index(of: "vx0")
        try connection.perform(FixtureNetworkNumber(link: index, number: 5))
        return index
    }

    @Test(
        "a tunnel's entry keeps the network number in which it holds",
        .enabled(if: Self.hasNumberedTunnels, "tunnels that filter network numbers"))
    func numbers() throws {
        let tunnel = try Self.addNumberedTunnel(in: fixture)
        var entry = Neighbor(forwarding: "02:00:00:00:01:01", on: tunnel, flags: .linkTable)
        entry.state = [.permanent, .noARP]
        entry.destination = "10.9.0.1"
        entry.sourceVNI = 5
        try expectRoundTrip(entry) { $0.sourceVNI == 5 && $0.destination == "10.9.0.1" }
    }

    @Test(
        "a tunnel's entry keeps the next hop object to which it points",
        .enabled(if: TestEnvironment.has(.linkKind("vxlan")), "links of kind vxlan"))
    func nextHops() throws {
        var vxlan = VXLANLink(id: 7)
        vxlan.port = 4790
        try connection.perform(AddLink(Link(name: "vx1", kind: vxlan)))
        try connection.perform(FixtureForwardingNextHop(id: 12, gateway: [10, 9, 0, 8]))
        try connection.perform(FixtureForwardingNextHop(id: 10, members: [12]))
        var entry = Neighbor(forwarding: "02:00:00:00:01:01", on: try fixture.index(of: "vx1"), flags: .linkTable)
        entry.state = [.permanent, .noARP]
        entry.nextHopID = 10
        try expectRoundTrip(entry) { $0.nextHopID == 10 && $0.destination == nil }
    }
}

/// Gives a tunnel for many a network number, of which the library knows nothing.
private struct FixtureNetworkNumber: Command {
    typealias Family = RouteProtocol
    var link: InterfaceIndex
    var number: UInt32

    var messageType: UInt16 { 120 }  // RTM_NEWTUNNEL
    var operation: StaticString { "add network number" }
    func encode(into writer: inout MessageWriter) {
        writer.append(AddressFamily.bridge.rawValue)
        writer.append(zeros: 3)
        writer.append(link.rawValue)
        writer.nest(RawAttributeID(rawValue: 1)) { writer in  // VXLAN_VNIFILTER_ENTRY
            writer.put(RawAttributeID(rawValue: 1), number)  // VXLAN_VNIFILTER_ENTRY_START
        }
    }
}

/// Makes a next hop object for forwarding tables, of which the library knows only the number.
private struct FixtureForwardingNextHop: Command {
    typealias Family = RouteProtocol
    var id: UInt32
    var gateway: [UInt8]?
    var members: [UInt32] = []

    init(id: UInt32, gateway: [UInt8]? = nil, members: [UInt32] = []) {
        self.id = id
        self.gateway = gateway
        self.members = members
    }

    var messageType: UInt16 { 104 }  // RTM_NEWNEXTHOP
    var flags: MessageFlags { [.create, .exclusive] }
    var operation: StaticString { "add next hop" }
    func encode(into writer: inout MessageWriter) {
        writer.append(gateway == nil ? AddressFamily.unspecified.rawValue : AddressFamily.ipv4.rawValue)
        writer.append(zeros: 7)
        writer.put(RawAttributeID(rawValue: 1), id)  // NHA_ID
        if let gateway { writer.put(RawAttributeID(rawValue: 6), gateway) }  // NHA_GATEWAY
        if !members.isEmpty {
            var group: [UInt8] = []
            for member in members { group += [UInt8(truncatingIfNeeded: member), 0, 0, 0, 0, 0, 0, 0] }
            writer.put(RawAttributeID(rawValue: 2), group)  // NHA_GROUP
        }
        writer.put(flag: RawAttributeID(rawValue: 11), true)  // NHA_FDB
    }
}

extension Link {
    fileprivate init(bridgeFiltering index: InterfaceIndex) {
        self.init(index: index)
        // IFLA_BR_VLAN_FILTERING
        kind = AnyLinkKind(name: "bridge", data: [5, 0, 7, 0, 1, 0, 0, 0])
    }
}
