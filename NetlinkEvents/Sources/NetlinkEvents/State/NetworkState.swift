// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore
public import NetlinkRoute

/// What a network namespace looks like: links, addresses, routes, neighbours and rules.
///
/// A value: it does not change while it is looked at. ``apply(_:)`` makes it the state after a notification and says what
/// that changed, removals included that the kernel does not tell of.
///
/// Left out are forwarding entries, proxies, and neighbours in the states none, incomplete and noarp, which the kernel
/// makes and takes away without a word; `ip neigh` leaves them out too.
public struct NetworkState: Sendable {
    var linkTable: [InterfaceIndex: Link] = [:]
    var addressTable: [AddressKey: Address] = [:]
    var routeTable = RouteTable()
    var neighborTable: [NeighborKey: Neighbor] = [:]
    var ruleTable: [RuleKey: [Rule]] = [:]
    /// What is to be listed, because a notification did not fit or the kernel may have changed it without a word.
    public internal(set) var doubts: NetworkKinds = []

    /// Nothing.
    public init() {}

    /// The links by number.
    public var links: [Link] { linkTable.values.sorted { $0.index < $1.index } }

    /// The link with this number.
    public func link(_ index: InterfaceIndex) -> Link? { linkTable[index] }

    /// The link with this name, or this alternative name.
    public func link(named name: String) -> Link? {
        linkTable.values.first { $0.name?.description == name }
            ?? linkTable.values.first { $0.state.alternativeNames.contains(name) }
    }

    /// The addresses, by link.
    public var addresses: [Address] { addressTable.values.sorted { ($0.index, $0.local) < ($1.index, $1.local) } }

    /// The addresses of a link.
    public func addresses(on index: InterfaceIndex) -> [Address] {
        addressTable.values.filter { $0.index == index }.sorted { ($0.index, $0.local) < ($1.index, $1.local) }
    }

    /// The routes of all tables, in no order.
    public var routes: [Route] { routeTable.routes }

    /// How many routes there are.
    public var routeCount: Int { routeTable.count }

    /// The routes of a table, in no order.
    public func routes(in table: RoutingTable) -> [Route] { routeTable.routes.filter { $0.table == table } }

    /// The neighbours, in no order.
    public var neighbors: [Neighbor] { Array(neighborTable.values) }

    /// The rules, in the order in which the kernel goes by them, family by family.
    public var rules: [Rule] {
        ruleTable.sorted { ($0.key.family.rawValue, $0.key.priority) < ($1.key.family.rawValue, $1.key.priority) }
            .flatMap(\.value)
    }
}

private func < (a: (InterfaceIndex, IPAddress?), b: (InterfaceIndex, IPAddress?)) -> Bool {
    if a.0 != b.0 { return a.0 < b.0 }
    return switch (a.1, b.1) {
    case (let a?, let b?): a < b
    case (nil, .some): true
    default: false
    }
}

/// What tells the addresses of a namespace apart.
struct AddressKey: Hashable {
    let index: InterfaceIndex
    let family: AddressFamily
    let local: IPAddress?
    // An IPv6 address is on a link once, an IPv4 address once for each prefix.
    let peer: IPAddress?
    let length: UInt8

    init(_ address: Address) {
        index = address.index
        family = address.family
        local = address.local
        peer = address.family == .ipv6 ? nil : address.peer
        length = address.family == .ipv6 ? 0 : address.prefixLength
    }
}

/// What tells the neighbours of a namespace apart.
struct NeighborKey: Hashable {
    let index: InterfaceIndex
    let family: AddressFamily
    let destination: IPAddress?

    init(_ neighbor: Neighbor) {
        index = neighbor.index
        family = neighbor.family
        destination = neighbor.destination
    }
}

/// The rules of one key may be equal, and are in order.
struct RuleKey: Hashable {
    let family: AddressFamily
    let priority: UInt32

    init(_ rule: Rule) {
        family = rule.family
        priority = rule.priority ?? 0
    }
}

extension Neighbor {
    /// Whether the kernel tells when it comes and goes.
    var isTold: Bool {
        family != .bridge && !flags.contains(.proxy) && destination != nil && state != .none
            && state.isDisjoint(with: [.noARP, .incomplete])
    }
}
