// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

/// Adds and removes links and routes as fast as it can, while others look.
///
/// It runs as a process of its own: this test bundle started once more, which finds the variable in its environment.
enum ChurnWorker {
    static let variable = "NETLINK_CHURN_WORKER"

    /// Starts it in a namespace.
    static func start(in fixture: NamespaceFixture) throws -> ChildProcess {
        try fixture.handle.spawn(
            NamespaceCommand(
                "/proc/self/exe",
                ["--testing-library", "swift-testing", "--filter", "ChurnWorkerTests"],
                environment: [variable: "1"], output: .null, errors: .null))
    }

    /// Makes links and routes come and go until the closure says that it is enough; how many links there were.
    static func run(
        _ connection: BlockingRouteConnection, until isEnough: (Int) -> Bool
    ) throws(NetlinkError) -> Int {
        var count = 0
        while !isEnough(count) {
            // Several at a time, so that numbers and buckets of the kernel's tables change while they are walked.
            for number in 0..<4 {
                var link = Link(name: InterfaceName("churn\(number)"))
                link.kind = AnyLinkKind(VethLink(peer: Link(name: InterfaceName("nruhc\(number)"))))
                try connection.perform(AddLink(link))
                let index = try connection.query(LinkQuery(.name("churn\(number)"))).index
                var up = Link(index: index)
                up.isUp = true
                try connection.perform(UpdateLink(up))
                var routes = Batch<RouteProtocol>()
                for last in 0..<64 as Range<UInt32> {
                    var route = Route(family: .ipv4)
                    let address = IPv4Address(rawValue: 0x0ac8_0000 + UInt32(number) << 12 + last << 4)
                    route.destination = IPPrefix(address, length: 28)
                    route.output = index
                    route.scope = .link
                    try routes.append(AddRoute(route))
                }
                for result in try connection.perform(&routes) { try result.get() }
                count += 2
            }
            for number in 0..<4 { try connection.perform(RemoveLink(.name("churn\(number)"))) }
        }
        return count
    }
}

@Suite(.enabled(if: TestEnvironment.has(.namespaces), "network namespaces")) struct ChurnWorkerTests {
    @Test("links and routes come, and none stays") func comeAndGo() throws {
        if environmentVariable(ChurnWorker.variable) != nil {
            // Ended by whoever started it; by itself when that has forgotten it.
            let end = Instant.now + .seconds(1800)
            _ = try ChurnWorker.run(BlockingRouteConnection()) { _ in end < .now }
            return
        }
        let fixture = try NamespaceFixture()
        let connection: BlockingRouteConnection = try fixture.connect()
        let links = try connection.dump(.links).count
        #expect(try ChurnWorker.run(connection) { $0 >= 40 } == 40)
        #expect(try connection.dump(.links).count == links)
        #expect(try connection.dump(RouteDump(family: .ipv4)).allSatisfy { $0.destination?.length != 28 })
    }
}
