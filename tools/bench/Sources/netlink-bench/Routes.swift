// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore
internal import NetlinkRoute

/// Dumps of many routes in every form, against receiving the same bytes.
enum Routes {
    static let count = 200_000

    static func run(rounds: Int) async throws {
        let output = try prepare()
        let blocking = try BlockingRouteConnection()
        let connection = try RouteConnection()
        try fill(blocking, output)
        let floor = try Floor(RouteDump(family: .ipv4))
        let dump = RouteDump(family: .ipv4)
        var comparison = Comparison("\(count) IPv4 routes")
        comparison.add("floor: received, not looked at") { try floor.run() }
        comparison.add("blocking, each element") {
            var sum: UInt64 = 0
            try blocking.dump(dump) { (route: Route) throws(NetlinkError) in sum &+= UInt64(route.metric ?? 0) }
            blackHole(sum)
        }
        comparison.add("blocking, chunks") {
            var seen = 0
            try blocking.dump(dump, forEachChunk: { (routes: [Route]) throws(NetlinkError) in seen += routes.count })
            check(seen)
        }
        comparison.add("blocking, array") { check(try blocking.dump(dump).count) }
        comparison.add("asynchronous, array") { check(try await connection.dump(dump).count) }
        comparison.add("asynchronous, chunks") {
            var seen = 0
            for try await chunk in connection.stream(dump).chunks() {
                if case .elements(let routes) = chunk { seen += routes.count }
            }
            check(seen)
        }
        comparison.add("asynchronous, single elements") {
            var seen = 0
            for try await route in connection.stream(dump) {
                seen += 1
                blackHole(UInt64(route.metric ?? 0))
            }
            check(seen)
        }
        try await comparison.run(rounds: rounds)
    }

    /// A veth pair whose one end carries the routes.
    private static func prepare() throws -> InterfaceIndex {
        let connection = try BlockingRouteConnection()
        if let known = try? connection.query(LinkQuery("bench0")) { return known.index }
        var link = Link(name: "bench0")
        link.kind = AnyLinkKind(name: "veth")
        try connection.perform(AddLink(link))
        var made = try connection.query(LinkQuery("bench0"))
        made.isUp = true
        try connection.perform(UpdateLink(made, from: try connection.query(LinkQuery("bench0"))))
        let peer = try connection.dump(.links).first { $0.parent == made.index }
        if var peer {
            let base = peer
            peer.isUp = true
            try connection.perform(UpdateLink(peer, from: base))
        }
        return made.index
    }

    private static func fill(_ connection: BlockingRouteConnection, _ output: InterfaceIndex) throws {
        let clock = ContinuousClock()
        let start = clock.now
        var batch = Batch<RouteProtocol>()
        for number in 0..<UInt32(count) {
            let address = IPv4Address(rawValue: 0x0a00_0000 + number << 4)
            var route = Route(family: .ipv4)
            route.destination = IPPrefix(address, length: 28)
            route.output = output
            route.origin = .administrator
            route.scope = .link
            try batch.append(AddRoute(route, mode: .replace))
        }
        let encoded = clock.now
        let results = try connection.perform(&batch)
        for case .failure(let error) in results { throw error }
        print("\(count) routes: encoded in \(start.duration(to: encoded)), added in \(encoded.duration(to: clock.now))")
    }

    private static func check(_ seen: Int) { precondition(seen >= count, "routes were lost: \(seen)") }
}

@inline(never) func blackHole(_ value: UInt64) {}
