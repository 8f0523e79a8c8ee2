// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces"))
struct FIBLookupIntegrationTests {
    let fixture: NamespaceFixture
    let routes: BlockingRouteConnection
    let lookups: BlockingFIBLookupConnection

    init() throws {
        fixture = try NamespaceFixture()
        try fixture.addVeth("v0", "v1")
        routes = try fixture.connect()
        lookups = try BlockingFIBLookupConnection(lookupsIn: fixture.namespace, timeout: .seconds(5))
        // With rules of their own the tables local and main are two.
        try routes.add(Rule(.ipv4, lookup: 77, priority: 100))
        try routes.add(Address("10.1.0.1/24", on: try fixture.index(of: "v0")))
    }

    @Test("a lookup tells table, prefix length, type and scope of the route") func found() throws {
        let connected = try lookups.lookUp("10.1.0.9")
        #expect(connected.table == .main && connected.prefixLength == 24)
        #expect(connected.type == .unicast && connected.scope == .link && connected.nextHopNumber == 0)
        let local = try lookups.lookUp("10.1.0.1", in: .local)
        #expect(local.table == .local && local.prefixLength == 32 && local.type == .local && local.scope == .host)
        let broadcast = try lookups.lookUp("10.1.0.255", in: .local)
        #expect(broadcast.type == .broadcast && broadcast.scope == .link)
    }

    @Test("other tables are looked up, whatever the rules say") func tables() throws {
        var route = Route(to: "198.51.100.0/24", via: "10.1.0.9")
        route.table = 77
        try routes.perform(AddRoute(route))
        let result = try lookups.lookUp("198.51.100.7", in: 77)
        #expect(result.table == 77 && result.prefixLength == 24 && result.scope == .universe)
        let main = #expect(throws: NetlinkError.self) { try lookups.lookUp("198.51.100.7") }
        #expect(main?.isUnreachable == true)
        let missing = #expect(throws: NetlinkError.self) { try lookups.lookUp("198.51.100.7", in: 99) }
        #expect(missing?.isNotFound == true)
    }

    @Test("routes that refuse packets are errors with their numbers") func refusals() throws {
        for (type, code) in [
            (RouteType.unreachable, NetlinkError.Code.hostUnreachable), (.prohibit, .accessDenied),
            (.blackhole, .invalidArgument), (.throw, .wouldBlock),
        ] {
            var route = Route(to: "203.0.113.0/24")
            route.type = type
            route.table = 77
            try routes.perform(AddRoute(route))
            #expect(try lookups.query(FIBLookup("203.0.113.1", in: 77)).error == code)
            try routes.perform(RemoveRoute(route))
        }
    }

    @Test("scope and type of service select routes") func selectors() throws {
        var route = Route(to: "198.51.100.0/24", via: "10.1.0.9")
        route.table = 77
        route.typeOfService = 16
        try routes.perform(AddRoute(route))
        #expect(try lookups.query(FIBLookup("198.51.100.7", in: 77)).error == .wouldBlock)
        #expect(try lookups.query(FIBLookup("198.51.100.7", in: 77, typeOfService: 16)).error == nil)
        let near = FIBLookup("198.51.100.7", in: 77, typeOfService: 16, scope: .link)
        #expect(try lookups.query(near).error == .wouldBlock)
    }

    @Test("without rules of its own a namespace has one table for local and main") func merged() throws {
        let fresh = try NamespaceFixture()
        try fresh.addVeth("v0", "v1")
        try fresh.connect(RouteProtocol.self).add(Address("10.1.0.1/24", on: try fresh.index(of: "v0")))
        let lookups = try BlockingFIBLookupConnection(lookupsIn: fresh.namespace)
        #expect(try lookups.lookUp("10.1.0.1", in: .main).type == .local)
        #expect(try lookups.lookUp("10.1.0.9", in: .local).type == .unicast)
    }

    @Test("tasks look up too, many at once on one connection") func tasks() async throws {
        let connection = try FIBLookupConnection(lookupsIn: fixture.namespace)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 1...32 {
                group.addTask {
                    let address = IPv4Address(10, 1, UInt8(number % 2), UInt8(number))
                    do throws(NetlinkError) {
                        return try await connection.lookUp(address).prefixLength == 24 && number % 2 == 0
                    } catch {
                        return error.code == .networkUnreachable && number % 2 == 1
                    }
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }
}
