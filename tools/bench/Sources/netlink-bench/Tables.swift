// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore
internal import NetlinkRoute

/// Dumps of large tables in every form, against receiving the same bytes and looking at nothing.
enum Tables {
    static let routeCount = 200_000
    static let neighborCount = 100_000
    static let linkCount = 4_000

    static func routes(_ rounds: Int) async throws {
        let output = try Links.makePair("bench")
        let empty = try Peak.all()
        try fillRoutes(output)
        try await compare("\(routeCount) IPv4 routes", RouteDump(family: .ipv4), routeCount, rounds) {
            UInt64($0.metric ?? 0)
        }
        Peak.print(empty, try Peak.all())
    }

    static func neighbors(_ rounds: Int) async throws {
        let output = try Links.makePair("bench")
        try fillNeighbors(output)
        var dump = NeighborDump()
        dump.family = .ipv4
        try await compare("\(neighborCount) IPv4 neighbours", dump, neighborCount, rounds) {
            UInt64($0.index.rawValue)
        }
    }

    static func links(_ rounds: Int) async throws {
        try Links.makePairs(linkCount / 2)
        try await compare("\(linkCount) links with everything of theirs", .links, linkCount, rounds) {
            UInt64($0.index.rawValue)
        }
        try await compare(
            "\(linkCount) links without statistics", .links(detail: .withoutStatistics), linkCount, rounds
        ) { UInt64($0.index.rawValue) }
    }

    /// Runs a dump in every form.
    private static func compare<D: Dump<RouteProtocol>>(
        _ title: String, _ dump: D, _ count: Int, _ rounds: Int, _ look: @escaping @Sendable (D.Element) -> UInt64
    ) async throws {
        let blocking = try BlockingRouteConnection()
        let connection = try RouteConnection()
        let pool = try ConnectionPool<RouteProtocol>(size: 2)
        let floor = try Floor(dump)
        func check(_ seen: Int) { precondition(seen >= count, "only \(seen) of \(count) came") }
        var comparison = Comparison(title)
        comparison.add("floor: received, not looked at") { try floor.run() }
        comparison.add("blocking, each element", target: 1.5) {
            var sum: UInt64 = 0
            try blocking.dump(dump) { (element: D.Element) throws(NetlinkError) in sum &+= look(element) }
            blackHole(sum)
        }
        comparison.add("blocking, chunks", target: 1.5) {
            var seen = 0
            try blocking.dump(dump, forEachChunk: { (some: [D.Element]) throws(NetlinkError) in seen += some.count })
            check(seen)
        }
        comparison.add("blocking, array", target: 1.6) { check(try blocking.dump(dump).count) }
        comparison.add("asynchronous, array", target: 1.6) { check(try await connection.dump(dump).count) }
        comparison.add("asynchronous, chunks", target: 1.5) {
            var seen = 0
            for try await chunk in connection.stream(dump).chunks() {
                if case .elements(let elements) = chunk { seen += elements.count }
            }
            check(seen)
        }
        comparison.add("asynchronous, single elements", target: 1.75) {
            var seen = 0
            var sum: UInt64 = 0
            for try await element in connection.stream(dump) {
                seen += 1
                sum &+= look(element)
            }
            blackHole(sum)
            check(seen)
        }
        comparison.add("two arrays side by side, pool of 2") {
            async let first = pool.dump(dump).count
            async let second = pool.dump(dump).count
            check(try await Swift.min(first, second))
        }
        try await comparison.run(rounds: rounds)
    }

    static func fillRoutes(_ output: InterfaceIndex, count: Int = routeCount) throws {
        let connection = try BlockingRouteConnection()
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
        for case .failure(let error) in try connection.perform(&batch) { throw error }
        let added = encoded.duration(to: clock.now)
        print("\n\(count) routes: encoded in \(start.duration(to: encoded)), added in \(added)")
    }

    private static func fillNeighbors(_ output: InterfaceIndex) throws {
        let connection = try BlockingRouteConnection()
        var batch = Batch<RouteProtocol>()
        for number in 0..<UInt32(neighborCount) {
            let address = IPAddress.v4(IPv4Address(rawValue: 0x0b00_0000 + number))
            let byte = UInt8(truncatingIfNeeded: number)
            try batch.append(
                AddNeighbor(Neighbor(address, at: HardwareAddress(2, 0, 0, 0, 1, byte), on: output), mode: .replace))
        }
        for case .failure(let error) in try connection.perform(&batch) { throw error }
    }
}

@inline(never) func blackHole(_ value: UInt64) {}
