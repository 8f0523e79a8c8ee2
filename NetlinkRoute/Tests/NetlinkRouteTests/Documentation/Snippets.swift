// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute

// The examples of the documentation, so that they compile; `SnippetTests` compares them word by word.
private enum Snippets {
    static func overview() async throws {
        let connection = try RouteConnection()
        try await connection.add(Link(name: "br0", kind: BridgeLink()))
        for link in try await connection.links() {
            print(link.index, link.name ?? "?", link.isUp ? "up" : "down")
        }
    }

    static func recipes(_ connection: RouteConnection) async throws {
        let base = try await connection.link("eth0")
        var link = base
        link.isUp = true
        link.mtu = 1400
        try await connection.update(link, from: base)
        try await connection.remove("br0")
        for route in try await connection.routes(family: .ipv4) { print(route) }
        let index = try await connection.makeResolver().index(of: "eth0")
        try await connection.add(Neighbor("192.0.2.9", at: "02:00:00:00:00:09", on: index))
    }

    static func moving(_ connection: RouteConnection) async throws {
        let index = try await connection.link("eth0").index
        try await connection.update(Link(index: index), to: try LinkTarget(in: .name("blue")))
        let saved = try await connection.link("br0").settings
        try await connection.remove("br0")
        try await connection.add(saved)
        try await connection.add(Link(name: "eth0.7", kind: VLANLink(id: 7)), on: "eth0")
    }

    static func labels(_ connection: RouteConnection) async throws {
        var swap = Route(family: .mpls)
        swap.rawDestination = try MPLSLabels(100).bytes
        swap.newDestination = try MPLSLabels(200).bytes
        swap.gateway = "192.0.2.2"
        try await connection.add(swap)
        var route = Route(family: .mpls)
        route.rawDestination = try MPLSLabels(100).bytes
        route.newDestination = try MPLSLabels(200, 300).bytes
        _ = route
    }

    static func kinds(_ connection: BlockingRouteConnection) throws {
        try connection.add(Link(name: "a0", kind: VethLink(peer: Link(name: "b0"))))
        var bridge = BridgeLink()
        bridge.isVLANFiltering = true
        try connection.add(Link(name: "br0", kind: bridge))
        var tunnel = VXLANLink(id: 42)
        tunnel.remote = "2001:db8::2"
        tunnel.port = 4789
        try connection.add(Link(name: "vx42", kind: tunnel))
        try connection.add(Link(name: "eth0.7", kind: VLANLink(id: 7)), on: "eth0")
        try connection.add(Link(name: "mv0", kind: MACVLANLink(mode: .bridge)), on: "eth0")
        try connection.add(Link(name: "nk0", kind: NetkitLink(peer: Link(name: "nk1"))))
        try connection.add(Link(name: "br0", kind: BridgeLink()))
        try connection.add(Link(name: "eth0", kind: VethLink()), in: try LinkTarget(in: .name("blue")))
    }

    static func attaching(_ index: InterfaceIndex, _ connection: BlockingRouteConnection) throws {
        var change = Link(index: index)
        change.xdp = XDPAttachment(.pinned(try XDPProgram(pinnedAt: "/sys/fs/bpf/filter")), flags: [.generic])
        try connection.perform(UpdateLink(change))
        change.families = LinkFamilies()
        change.families?.ipv4.options[.forwarding] = 1
    }

    static func objects(_ link: Link, _ connection: BlockingRouteConnection) throws {
        var rule = Rule(.ipv4, lookup: 100, priority: 1000)
        rule.source = "10.1.0.0/16"
        try connection.add(rule)
        try connection.add(Neighbor("192.0.2.7", at: "02:00:00:00:00:07", on: link.index))
        try connection.perform(AddAddress(Address("10.0.0.1/24", on: link.index)))
    }

    static func lookingUp(_ connection: RouteConnection) async throws {
        let route = try await connection.query(RouteLookup(to: "192.0.2.1"))
        _ = route
    }

    static func loading(_ routes: [Route], _ connection: RouteConnection) async throws {
        var batch = Batch<RouteProtocol>()
        for route in routes { try batch.append(AddRoute(route)) }
        for case .failure(let error) in try await connection.perform(batch) { print(error) }
    }

    static func updating(_ connection: RouteConnection) async throws {
        let before = try await connection.link("eth0")
        var after = before
        after.mtu = 9000
        after.isUp = true
        try await connection.update(after, from: before)
    }

    static func updating(_ connection: BlockingRouteConnection) throws {
        let before = try connection.link("eth0")
        var after = before
        after.mtu = 9000
        try connection.update(after, from: before)
    }

    static func updatingOnlyMTU(_ connection: RouteConnection) async throws {
        let before = try await connection.link("eth0")
        var after = before
        after.mtu = 9000
        try await connection.update(after, from: before)
    }

    static func ensuring(_ connection: RouteConnection) async throws {
        var bridge = BridgeLink()
        bridge.isVLANFiltering = true
        var link = Link(name: "br0", kind: bridge)
        link.isUp = true
        try await connection.ensure(link)
        let index = try await connection.link("br0").index
        try await connection.ensure(Address("192.0.2.1/24", on: index))
    }

    static func streaming(_ connection: RouteConnection) async throws {
        for try await route in connection.stream(.routes(in: .main)) {
            print(route)
        }
    }

    static func adding(_ connection: BlockingRouteConnection) throws {
        let link = try connection.link("eth0").index
        try connection.add(Route(to: "10.0.0.0/8", via: "192.0.2.254"))
        try connection.add(Route(to: "172.16.0.0/12", via: "fe80::1", on: link))
        try connection.add(Route(to: "0.0.0.0/0", via: "192.0.2.1"))
    }

    static func sharing(_ connection: BlockingRouteConnection) throws {
        var shared = Route(to: "198.51.100.0/24")
        shared.nextHops = [NextHop(via: "192.0.2.2", weight: 3), NextHop(via: "192.0.2.3")]
        try connection.add(shared)
    }

    static func metric(_ connection: BlockingRouteConnection) throws {
        var route = Route(to: "10.0.0.0/8", via: "192.0.2.1")
        route.metric = 100
        try connection.add(route)
    }

    static func removing(_ connection: BlockingRouteConnection) throws {
        for route in try connection.routes(in: 1000, from: .bgp) {
            try connection.remove(route)
        }
    }

    static func lookingUp(_ connection: BlockingRouteConnection) throws {
        let route = try connection.route(to: "10.1.2.3")
        print("from", route.preferredSource ?? "?", "via", route.gateway ?? "nothing")
    }

    static func selecting(_ connection: BlockingRouteConnection) throws {
        var lookup = RouteLookup(to: "10.1.2.3")
        lookup.packet.mark = 5
        lookup.packet.ipProtocol = 6
        lookup.packet.destinationPort = 443
        let marked = try connection.query(lookup)
        print(marked.table.rawValue)
    }

    static func saving(_ connection: BlockingRouteConnection) throws {
        let saved = try connection.routes(in: .main).map(\.settings)
        try connection.flushRoutes(.routes(in: .main))
        for route in saved {
            try connection.ensure(route)
        }
    }

    static func registering(_ connection: BlockingRouteConnection) throws {
        LinkKinds.register(PulseLink.self)
        try connection.add(Link(name: "pulse0", kind: PulseLink(rate: 5)))
        let rate = try connection.link("pulse0").kind?.as(PulseLink.self)?.rate
        _ = rate
    }
}

struct PulseAttribute: AttributeID {
    let rawValue: UInt16
    static var rate: Self { Self(rawValue: 1) }
}

struct PulseLink: LinkKind {
    static var kindName: String { "pulse" }
    static var schema: AttributeSchema? { nil }
    var rate: UInt32?
    var unknown = UnknownAttributes()

    init(rate: UInt32?) { self.rate = rate }

    init(decoding data: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<PulseAttribute>(data)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .rate: rate = try attribute.integer()
            default: unknown.keep(attribute)
            }
        }
    }

    func encode(into writer: inout MessageWriter, changing base: PulseLink?) {
        if rate != base?.rate { writer.put(PulseAttribute.rate, rate) }
        if base == nil { writer.put(unknown) }
    }
}
