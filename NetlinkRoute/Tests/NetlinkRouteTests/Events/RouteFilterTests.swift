// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkTestSupport
import Testing

@testable import NetlinkRoute

@Suite("Route filters") struct RouteFilterTests {
    private struct Sample {
        let name: String
        let bytes: [UInt8]
        let event: RouteEvent
    }

    private static func sample(_ name: String, _ type: RouteMessageType, _ body: (inout MessageWriter) -> Void)
        -> Sample?
    {
        var writer = MessageWriter()
        writer.beginMessage(type: type.rawValue, flags: [], sequence: 0)
        body(&writer)
        writer.endMessage()
        let bytes = writer.bytes.array
        guard case .notification(let notification) = RouteNotification.elements(of: bytes.rawSpan).first else {
            Issue.record("\(name) is not read")
            return nil
        }
        return Sample(name: name, bytes: bytes, event: notification.event)
    }

    private static let samples: [Sample] = {
        var samples: [Sample?] = []
        for index in [3, 4] as [Int32] {
            let link = InterfaceIndex(rawValue: index)
            var made = Link(name: "d0")
            made.index = link
            samples.append(sample("link \(index)", .newLink) { made.encode(into: &$0, changing: nil) })
            samples.append(sample("link \(index) gone", .deleteLink) { made.encode(into: &$0, changing: nil) })
            for text in ["10.0.0.1/8", "2001:db8::1/64"] as [IPPrefix] {
                let address = Address(text, on: link)
                samples.append(
                    sample("address \(text) \(index)", .newAddress) { AddAddress(address).encode(into: &$0) })
                let neighbor = Neighbor(text.address, at: "02:00:00:00:00:01", on: link)
                samples.append(
                    sample("neighbor \(text) \(index)", .deleteNeighbor) { AddNeighbor(neighbor).encode(into: &$0) })
                for table in [254, 100, 70_000] as [RoutingTable] {
                    var route = Route(to: text, on: link)
                    route.table = table
                    route.origin = index == 3 ? .administrator : .kernel
                    samples.append(sample("route \(table) \(index)", .newRoute) { AddRoute(route).encode(into: &$0) })
                    var shared = route
                    shared.output = nil
                    shared.nextHops = [NextHop(on: 9), NextHop(on: link)]
                    samples.append(
                        sample("hops \(table) \(index)", .deleteRoute) { AddRoute(shared).encode(into: &$0) })
                    var bound = route
                    bound.output = nil
                    bound.nextHopID = 7
                    samples.append(sample("object \(table)", .newRoute) { AddRoute(bound).encode(into: &$0) })
                    bound.nextHopID = nil
                    bound.type = .blackhole
                    samples.append(sample("hole \(table)", .newRoute) { AddRoute(bound).encode(into: &$0) })
                    for origin in [nil, .kernel, .administrator] as [RoutingProtocol?] {
                        var rule = Rule(text.family, lookup: table, priority: 7)
                        rule.origin = origin
                        samples.append(sample("rule \(table)", .newRule) { AddRule(rule).encode(into: &$0) })
                    }
                }
            }
        }
        for index in [3, 4, -1] as [Int32] {
            for type in [RouteMessageType.newQdisc, .deleteClass, .newFilter, .deleteChain] {
                samples.append(
                    sample("traffic control \(type.rawValue) \(index)", type) { writer in
                        writer.append(zeros: 4)
                        writer.append(index)
                        writer.append(zeros: 12)
                    })
            }
        }
        samples.append(sample("actions", .newAction) { $0.append(zeros: 4) })
        samples.append(sample("other", RouteMessageType(rawValue: 80)) { $0.append(zeros: 8) })
        return samples.compactMap { $0 }
    }()

    private static let filters: [RouteFilter] = {
        var filters: [RouteFilter] = []
        for families in [nil, [.ipv4], [.ipv6], [.ipv4, .ipv6], []] as [Set<AddressFamily>?] {
            for tables in [nil, [254], [100, 70_000], [70_000], []] as [Set<RoutingTable>?] {
                for origins in [nil, [.kernel], [.administrator, .unspecified]] as [Set<RoutingProtocol>?] {
                    for links in [nil, [3], [4, 5], []] as [Set<InterfaceIndex>?] {
                        filters.append(RouteFilter(families: families, tables: tables, origins: origins, links: links))
                    }
                }
            }
        }
        return filters
    }()

    @Test("the kernel's program lets through all that is wanted, and only what cannot be judged there besides")
    func agreement() throws {
        #expect(Self.samples.count > 90)
        var rejected = 0
        for filter in Self.filters where !filter.isEmpty {
            let machine = SocketFilterMachine(try #require(filter.socketFilter))
            for sample in Self.samples {
                let isWanted = filter.accepts(sample.event)
                guard let isLetThrough = machine.accepts(sample.bytes) else {
                    Issue.record("the program is wrong")
                    continue
                }
                if !isLetThrough { rejected += 1 }
                #expect(isLetThrough || !isWanted, "\(sample.name) by \(filter)")
                if !sample.name.hasPrefix("hops") { #expect(isLetThrough == isWanted, "\(sample.name) by \(filter)") }
            }
        }
        #expect(rejected > 1000)
    }

    @Test("a datagram of several messages is let through whole") func several() throws {
        let filter = RouteFilter(links: [99])
        let machine = SocketFilterMachine(try #require(filter.socketFilter))
        let bytes = Self.samples[0].bytes
        #expect(machine.accepts(bytes) == false && machine.accepts(bytes + bytes) == true)
    }

    @Test("a condition on thousands of links is too much for the kernel, and still holds") func large() {
        let filter = RouteFilter(links: Set((1...5000).map { InterfaceIndex(rawValue: $0) }))
        #expect(filter.socketFilter == nil)
        #expect(filter.accepts(Self.samples[0].event))
        #expect(!RouteFilter(links: [7]).accepts(Self.samples[0].event))
    }

    @Test("traffic control is judged by its link, and passes where links share it") func trafficControl() {
        func accepts(_ index: Int32, _ filter: RouteFilter) -> Bool? {
            Self.samples.first { $0.name == "traffic control 36 \(index)" }.map { filter.accepts($0.event) }
        }
        #expect(accepts(3, RouteFilter(links: [3])) == true && accepts(4, RouteFilter(links: [3])) == false)
        #expect(accepts(-1, RouteFilter(links: [3])) == true)
        #expect(accepts(4, RouteFilter(families: [.ipv4], tables: [100])) == true)
    }

    @Test("nothing asked for is no filter") func empty() {
        #expect(RouteFilter().isEmpty && RouteFilter().socketFilter == nil)
        #expect(RouteSubscription([.link]).condition == nil)
        #expect(RouteSubscription([.link]).eventSubscription == EventSubscription([1]))
    }
}
