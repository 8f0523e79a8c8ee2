// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkEvents
import NetlinkRoute
import NetlinkTestSupport

/// Makes changes of every kind in a namespace, those included that the kernel does not announce.
final class StoreChurn {
    private let fixture: NamespaceFixture
    private let connection: BlockingRouteConnection
    private var generator: any RandomNumberGenerator = SystemRandomNumberGenerator()
    private var links: [InterfaceIndex] = []

    /// Makes so many pairs of links.
    init(_ fixture: NamespaceFixture, pairs: Int) throws {
        self.fixture = fixture
        connection = try fixture.connect()
        for pair in 0..<pairs {
            try fixture.addVeth("v\(pair)", "p\(pair)")
            links += [try fixture.index(of: "v\(pair)"), try fixture.index(of: "p\(pair)")]
        }
    }

    private func pick<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count)] }

    /// Sends changes in batches, most of which succeed; which do not matters not.
    func burst(_ count: Int) throws {
        var batch = Batch<RouteProtocol>()
        for _ in 0..<count { try append(to: &batch) }
        _ = try connection.perform(&batch)
    }

    private func append(to batch: inout Batch<RouteProtocol>) throws {
        let link = pick(links)
        let byte = UInt32.random(in: 1...20)
        let own = IPv4Address(rawValue: 0x0a00_0001 | byte << 16 | UInt32(link.rawValue & 0xff) << 8)
        let router = IPAddress.v4(IPv4Address(rawValue: own.rawValue + 1))
        let own6 = IPv6Address(high: 0x2001_0db8_0000_0000 | UInt64(byte) << 16 | UInt64(link.rawValue), low: 1)
        let router6 = IPAddress.v6(IPv6Address(high: own6.high, low: 2))
        let far = IPv4Address(rawValue: 0xc633_6400 | UInt32.random(in: 0...60) << 2)
        let target = try prefix(.v4(far), 30)
        let target6 = try prefix(
            .v6(IPv6Address(high: 0x2001_0db8_ffff_0000 | UInt64.random(in: 0...30), low: 0)), 64)
        switch Int.random(in: 0..<20) {
        case 0: try batch.append(UpdateLink(up(link, Bool.random())))
        case 1:
            var change = Link(index: link)
            change.mtu = UInt32.random(in: 1400...1500)
            try batch.append(UpdateLink(change))
        case 2, 3, 4: try batch.append(AddAddress(Address(try prefix(.v4(own), 24), on: link)))
        case 5: try batch.append(RemoveAddress(Address(try prefix(.v4(own), 24), on: link)))
        case 6:
            var address = Address(try prefix(.v6(own6), 64), on: link)
            address.flags = .noDuplicateDetection
            try batch.append(AddAddress(address))
        case 7: try batch.append(RemoveAddress(Address(try prefix(.v6(own6), 64), on: link)))
        case 8, 9, 10:
            var route = Route(to: target, via: router)
            if Bool.random() { route.preferredSource = .v4(own) }
            if Bool.random() { route.metric = UInt32.random(in: 1...3) }
            try batch.append(AddRoute(route, mode: pick([.add, .replace, .append, .prepend])))
        case 11:
            var route = Route(to: target)
            route.nextHops = [NextHop(via: router), NextHop(on: pick(links))]
            try batch.append(AddRoute(route, mode: pick([.add, .replace, .append])))
        case 12: try batch.append(RemoveRoute(any(target)))
        case 13, 14:
            var route = Route(to: target6, via: router6)
            if Bool.random() { route.preferredSource = .v6(own6) }
            try batch.append(AddRoute(route, mode: pick([.add, .replace, .append])))
        case 15: try batch.append(RemoveRoute(any(target6)))
        case 16: try batch.append(AddNeighbor(Neighbor(router, at: "02:00:00:00:00:09", on: link)))
        case 17: try batch.append(RemoveNeighbor(Neighbor(router, on: link)))
        case 18: try batch.append(AddRule(Rule(.ipv4, lookup: 100, priority: UInt32.random(in: 1...40))))
        default: try batch.append(RemoveRule(Rule(.ipv4, lookup: 100, priority: UInt32.random(in: 1...40))))
        }
    }

    private func prefix(_ address: IPAddress, _ length: Int) throws -> IPPrefix {
        guard let prefix = IPPrefix(address, length: length) else { throw NetlinkError(.invalidArgument) }
        return prefix
    }

    private func up(_ index: InterfaceIndex, _ isUp: Bool) -> Link {
        var link = Link(index: index)
        link.isUp = isUp
        return link
    }

    private func any(_ target: IPPrefix) -> Route {
        var route = Route(to: target)
        route.type = .unspecified
        route.scope = .nowhere
        return route
    }

    /// The namespace as a list of everything shows it now.
    func listed() throws -> NetworkState { try NetworkState(listing: connection) }
}

extension BlockingNetworkStore {
    /// Reads until nothing comes for a while; returns how many changes were told.
    @discardableResult
    func settle(quiet: Duration = .milliseconds(150)) throws -> Int {
        var count = 0
        while let event = try next(timeout: quiet) {
            if case .change = event.kind { count += 1 }
        }
        return count
    }
}
