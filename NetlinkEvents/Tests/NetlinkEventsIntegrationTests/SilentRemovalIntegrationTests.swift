// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkEvents
import NetlinkRoute
import NetlinkTestSupport
import Testing

@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct SilentRemovalIntegrationTests {
    let fixture: NamespaceFixture
    let connection: BlockingRouteConnection
    let store: BlockingNetworkStore
    let link: InterfaceIndex

    init() throws {
        fixture = try NamespaceFixture()
        connection = try fixture.connect()
        try fixture.addVeth("v0", "v1")
        link = try fixture.index(of: "v0")
        try connection.add(Address("10.0.0.1/24", on: link))
        var options = NetworkStoreOptions()
        // Nothing is found by lists: what is told was announced, or inferred.
        options.checkDelay = nil
        store = try BlockingNetworkStore(of: .one(fixture.namespace), options: options)
        while let event = try store.next(timeout: .seconds(5)) { if case .synchronized = event.kind { break } }
    }

    private func add(_ destination: IPPrefix, _ body: (inout Route) -> Void = { _ in }) throws {
        var route = Route(to: destination, via: "10.0.0.2")
        body(&route)
        try connection.perform(AddRoute(route))
    }

    /// The routes that went, and how that was known.
    private func gone() throws -> [IPPrefix: ChangeCause] {
        var gone: [IPPrefix: ChangeCause] = [:]
        while let event = try store.next(timeout: .milliseconds(200)) {
            if case .change(.route(.removed(let route)), let cause) = event.kind, let target = route.destination {
                gone[target] = cause
            }
        }
        return gone
    }

    private func isThere(_ destination: IPPrefix) throws -> Bool {
        try connection.dump(.routes).contains { $0.destination == destination }
    }

    @Test("a link going down: its IPv4 routes are known to be gone") func linkDown() throws {
        try add("10.9.0.0/16")
        try fixture.setUp("v0", false)
        #expect(try gone()["10.9.0.0/16"] == .inferred)
        #expect(try !isThere("10.9.0.0/16"))
    }

    @Test("the last address going: the link's routes are known to be gone") func lastAddress() throws {
        try add("10.9.0.0/16")
        try connection.remove(Address("10.0.0.1/24", on: link))
        #expect(try gone()["10.9.0.0/16"] == .inferred)
        #expect(try !isThere("10.9.0.0/16"))
    }

    @Test("a source address going: the routes that name it are known to be gone, those of other tables are not")
    func source() throws {
        try connection.add(Address("10.0.7.1/24", on: link))
        try add("10.9.0.0/16") { $0.preferredSource = "10.0.7.1" }
        try add("10.8.0.0/16") {
            $0.preferredSource = "10.0.7.1"
            $0.table = 100
        }
        try connection.remove(Address("10.0.7.1/24", on: link))
        let gone = try gone()
        #expect(gone["10.9.0.0/16"] == .inferred && gone["10.8.0.0/16"] == nil)
        #expect(try !isThere("10.9.0.0/16") && isThere("10.8.0.0/16"))
    }

    @Test("a next hop object going: the routes that use it are known to be gone") func nextHop() throws {
        try connection.perform(NextHopCommand(id: 5, link: link, gateway: [10, 0, 0, 2]))
        try add("10.9.0.0/16") {
            $0.gateway = nil
            $0.nextHopID = 5
        }
        try connection.perform(NextHopCommand(id: 5))
        #expect(try gone()["10.9.0.0/16"] == .inferred)
        #expect(try !isThere("10.9.0.0/16"))
    }

    @Test("what was inferred is checked by a list, and the store says how often it was wrong") func checked() throws {
        var options = NetworkStoreOptions()
        options.checkDelay = .milliseconds(10)
        let store = try BlockingNetworkStore(of: .one(fixture.namespace), options: options)
        while try store.next(timeout: .milliseconds(100)) != nil {}
        let lists = store.statistics.listCount
        try add("10.9.0.0/16")
        try fixture.setUp("v0", false)
        while try store.next(timeout: .milliseconds(100)) != nil {}
        #expect(store.statistics.listCount > lists && store.statistics.inferredCount > 0)
        let listed = try NetworkState(listing: connection)
        #expect(listed.differences(from: store.state(), in: [.ipv4Routes, .links]) == [])
    }
}

/// Adds a next hop object, or without a link removes it.
private struct NextHopCommand: Command {
    typealias Family = RouteProtocol
    let id: UInt32
    var link: InterfaceIndex?
    var gateway: [UInt8]?

    // RTM_NEWNEXTHOP, RTM_DELNEXTHOP
    var messageType: UInt16 { link == nil ? 105 : 104 }
    var flags: MessageFlags { link == nil ? [] : [.create, .exclusive] }
    var operation: StaticString { "change next hop" }

    func encode(into writer: inout MessageWriter) {
        // struct nhmsg: the family first.
        writer.append(UInt8(link == nil ? 0 : 2))
        writer.append(zeros: 7)
        // NHA_ID, NHA_OIF, NHA_GATEWAY
        writer.put(RawAttributeID(rawValue: 1), id)
        writer.put(RawAttributeID(rawValue: 5), link)
        writer.put(RawAttributeID(rawValue: 6), gateway)
    }
}
