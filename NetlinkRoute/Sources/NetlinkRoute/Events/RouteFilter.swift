// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Which changes are wanted, of those that have what is asked about.
///
/// What is nil does not matter. A change of an object without such a property passes: links have no table, rules no link.
/// Traffic control is judged by its link alone.
/// Every condition must hold.
///
/// The kernel runs it on each notification before it takes room in the socket's buffer; `accepts` is the same on
/// what was read.
public struct RouteFilter: Hashable, Sendable {
    /// Only these address families, of addresses, routes, neighbours and rules.
    public var families: Set<AddressFamily>?
    /// Only these tables, of routes and rules.
    public var tables: Set<RoutingTable>?
    /// Only what these put there, of routes and rules.
    public var origins: Set<RoutingProtocol>?
    /// Only these links: links themselves, addresses, neighbours, routes that leave by one of them, and their traffic
    /// control; blocks of filters that links share pass.
    public var links: Set<InterfaceIndex>?

    /// Lets everything through.
    public init(
        families: Set<AddressFamily>? = nil, tables: Set<RoutingTable>? = nil, origins: Set<RoutingProtocol>? = nil,
        links: Set<InterfaceIndex>? = nil
    ) {
        self.families = families
        self.tables = tables
        self.origins = origins
        self.links = links
    }

    /// Whether it lets everything through.
    public var isEmpty: Bool { self == RouteFilter() }

    /// Whether a change passes.
    public func accepts(_ event: RouteEvent) -> Bool {
        switch event {
        case .link(let link), .linkRemoved(let link): accepts(link)
        case .address(let address), .addressRemoved(let address): accepts(address)
        case .route(let route), .routeRemoved(let route): accepts(route)
        case .neighbor(let neighbor), .neighborRemoved(let neighbor), .neighborWanted(let neighbor): accepts(neighbor)
        case .rule(let rule), .ruleRemoved(let rule): accepts(rule)
        case .other(let type, let bytes) where Self.linkTypes.contains(type): accepts(trafficControl: bytes)
        default: true
        }
    }

    /// Whether a link passes.
    public func accepts(_ link: Link) -> Bool { accepts(link: link.index) }

    /// Whether an address passes.
    public func accepts(_ address: Address) -> Bool { accepts(address.family) && accepts(link: address.index) }

    /// Whether a neighbour passes.
    public func accepts(_ neighbor: Neighbor) -> Bool { accepts(neighbor.family) && accepts(link: neighbor.index) }

    /// Whether a route passes; of one with several next hops any may leave by a link asked for.
    public func accepts(_ route: Route) -> Bool {
        guard accepts(route.family), tables?.contains(route.table) ?? true, origins?.contains(route.origin) ?? true
        else { return false }
        guard let links else { return true }
        if let output = route.output { return links.contains(output) }
        // Where a next hop object leads is not always said.
        return route.nextHopID != nil || route.nextHops.contains { $0.output.map(links.contains) ?? false }
    }

    /// Whether a rule passes.
    public func accepts(_ rule: Rule) -> Bool {
        guard accepts(rule.family), tables?.contains(rule.table) ?? true else { return false }
        guard let origins else { return true }
        return origins.contains(rule.origin ?? .unspecified)
    }

    private func accepts(_ family: AddressFamily) -> Bool { families?.contains(family) ?? true }
    private func accepts(link index: InterfaceIndex) -> Bool { links?.contains(index) ?? true }

    private func accepts(trafficControl bytes: [UInt8]) -> Bool {
        guard let index = try? bytes.rawSpan.load(at: Self.linkOffset, as: Int32.self) else { return true }
        return index == Self.sharedBlock || accepts(link: InterfaceIndex(rawValue: index))
    }

    /// The messages of traffic control that name a link.
    private static var linkTypes: [RouteMessageType] {
        [.newQdisc, .deleteQdisc, .newClass, .deleteClass, .newFilter, .deleteFilter, .newChain, .deleteChain]
    }

    private static var linkOffset: Int { 4 }  // struct tcmsg.tcm_ifindex
    private static var sharedBlock: Int32 { -1 }  // TCM_IFINDEX_MAGIC_BLOCK
}

extension RouteFilter {
    /// The program for the kernel, which lets through at least what `accepts` does; nil where there is nothing to
    /// keep back, or too much for one program.
    public var socketFilter: SocketFilter? {
        if isEmpty { return nil }
        var program = Program(filter: self)
        return program.build()
    }

    private struct Program {
        // Offsets from the message's beginning: the fixed header stands behind struct nlmsghdr.
        private static let header = MessageHeader.byteCount
        private static let type = 4  // struct nlmsghdr.nlmsg_type
        private static let family = header
        private static let linkIndex = header + 4
        private static let table = header + 4
        private static let origin = header + 5
        private static let routeAttributes = header + RouteHeader.byteCount

        let filter: RouteFilter
        var builder = SocketFilterBuilder()

        init(filter: RouteFilter) { self.filter = filter }

        mutating func build() -> SocketFilter? {
            // A datagram of several messages is left to accepts(_:): the first does not speak for the others.
            let accepted = builder.label()
            builder.jump(unlessSingleMessageTo: accepted)
            let device = builder.label()
            let owned = builder.label()
            let route = builder.label()
            let rule = builder.label()
            builder.loadHalf(at: Self.type)
            for type in [.newLink, .deleteLink] + RouteFilter.linkTypes {
                builder.jump(ifHostOrder16: type.rawValue, to: device)
            }
            for type in [
                RouteMessageType.newAddress, .deleteAddress, .newNeighbor, .deleteNeighbor, .getNeighbor,
            ] { builder.jump(ifHostOrder16: type.rawValue, to: owned) }
            for type in [RouteMessageType.newRoute, .deleteRoute] {
                builder.jump(ifHostOrder16: type.rawValue, to: route)
            }
            for type in [RouteMessageType.newRule, .deleteRule] {
                builder.jump(ifHostOrder16: type.rawValue, to: rule)
            }
            builder.jump(to: accepted)
            builder.place(owned)
            checkFamily()
            builder.place(device)
            checkLinkIndex()
            builder.jump(to: accepted)
            builder.place(rule)
            checkFamily()
            checkTable()
            checkRuleOrigin()
            builder.jump(to: accepted)
            builder.place(route)
            checkFamily()
            checkTable()
            checkRouteOrigin()
            checkOutput()
            builder.place(accepted)
            builder.accept()
            return builder.build()
        }

        private mutating func checkFamily() {
            guard let families = filter.families else { return }
            builder.loadByte(at: Self.family)
            pass(families.map { UInt32($0.rawValue) })
        }

        private mutating func checkLinkIndex() {
            guard let links = filter.links else { return }
            builder.loadWord(at: Self.linkIndex)
            pass(hostOrder: (links.map(\.rawValue) + [RouteFilter.sharedBlock]).map { UInt32(bitPattern: $0) })
        }

        // The attribute has the same number and place in routes and rules.
        private mutating func checkTable() {
            guard let tables = filter.tables else { return }
            let passed = builder.label()
            let short = builder.label()
            builder.findAttribute(RouteAttribute.table.rawValue, from: Self.routeAttributes)
            builder.jump(ifEqual: 0, to: short)
            builder.loadAttributeWord()
            for table in tables { builder.jump(ifHostOrder32: table.rawValue, to: passed) }
            builder.reject()
            builder.place(short)
            builder.loadByte(at: Self.table)
            for table in tables where table.rawValue < 256 { builder.jump(ifEqual: table.rawValue, to: passed) }
            builder.reject()
            builder.place(passed)
        }

        private mutating func checkRouteOrigin() {
            guard let origins = filter.origins else { return }
            builder.loadByte(at: Self.origin)
            pass(origins.map { UInt32($0.rawValue) })
        }

        private mutating func checkRuleOrigin() {
            guard let origins = filter.origins else { return }
            let passed = builder.label()
            builder.findAttribute(RuleAttribute.origin.rawValue, from: Self.routeAttributes)
            if origins.contains(.unspecified) { builder.jump(ifEqual: 0, to: passed) }
            let there = builder.label()
            builder.jump(ifAbove: 0, to: there)
            builder.reject()
            builder.place(there)
            builder.loadAttributeByte()
            for origin in origins { builder.jump(ifEqual: UInt32(origin.rawValue), to: passed) }
            builder.reject()
            builder.place(passed)
        }

        private mutating func checkOutput() {
            guard let links = filter.links else { return }
            let passed = builder.label()
            let alone = builder.label()
            // Several next hops, and next hop objects, are left to accepts(_:).
            for attribute in [RouteAttribute.multipath, .nextHopID] {
                builder.findAttribute(attribute.rawValue, from: Self.routeAttributes)
                builder.jump(ifAbove: 0, to: passed)
            }
            builder.findAttribute(RouteAttribute.outputInterface.rawValue, from: Self.routeAttributes)
            builder.jump(ifAbove: 0, to: alone)
            builder.reject()
            builder.place(alone)
            builder.loadAttributeWord()
            for link in links { builder.jump(ifHostOrder32: UInt32(bitPattern: link.rawValue), to: passed) }
            builder.reject()
            builder.place(passed)
        }

        private mutating func pass(_ values: [UInt32]) {
            let passed = builder.label()
            for value in values { builder.jump(ifEqual: value, to: passed) }
            builder.reject()
            builder.place(passed)
        }

        private mutating func pass(hostOrder values: [UInt32]) {
            let passed = builder.label()
            for value in values { builder.jump(ifHostOrder32: value, to: passed) }
            builder.reject()
            builder.place(passed)
        }
    }
}
