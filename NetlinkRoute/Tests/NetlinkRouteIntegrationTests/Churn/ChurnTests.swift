// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

/// What is looked at while another process makes links and routes come and go.
///
/// `NETLINK_CHURN_DUMPS` and `NETLINK_CHURN_SECONDS` say for how long; `tools/fuzz/churn` sets them for a long run.
@Suite(.serialized, .enabled(if: TestEnvironment.has(.namespaces), "network namespaces")) struct ChurnTests {
    static func setting(_ name: String, _ standard: Int) -> Int {
        environmentVariable(name).flatMap { Int($0) } ?? standard
    }

    /// Links and routes that are there all along, and a process that changes everything around them.
    final class Ground: Sendable {
        let fixture: NamespaceFixture
        let links: Set<InterfaceName>
        let routes: Set<IPPrefix>
        private let worker: ChildProcess

        init() throws {
            let fixture = try NamespaceFixture()
            var names: Set<InterfaceName> = ["lo"]
            for number in 0..<20 {
                try fixture.addVeth("stay\(number)", "yats\(number)")
                names.insert(InterfaceName(kernelBytes: "stay\(number)".utf8))
                names.insert(InterfaceName(kernelBytes: "yats\(number)".utf8))
            }
            let output = try fixture.index(of: "stay0")
            let connection: BlockingRouteConnection = try fixture.connect()
            var routes: Set<IPPrefix> = []
            var batch = Batch<RouteProtocol>()
            for number in 0..<600 as Range<UInt32> {
                var route = Route(family: .ipv4)
                guard let prefix = IPPrefix(.v4(IPv4Address(rawValue: 0x0ac0_0000 + number << 10)), length: 24) else {
                    continue
                }
                route.destination = prefix
                route.output = output
                route.scope = .link
                routes.insert(prefix)
                try batch.append(AddRoute(route))
            }
            for result in try connection.perform(&batch) { try result.get() }
            self.fixture = fixture
            self.links = names
            self.routes = routes
            worker = try ChurnWorker.start(in: fixture)
        }

        deinit {
            try? worker.send(signal: 9)
            _ = try? worker.wait(timeout: .seconds(10))
        }

        var isChurning: Bool { (try? worker.ended()) == .some(nil) }
        func holds(_ found: [Link]) -> Bool { links.isSubset(of: found.compactMap(\.name)) }
        func holds(_ found: [Route]) -> Bool { routes.isSubset(of: found.compactMap(\.destination)) }
    }

    @Test("no dump loses what is there all along, none hangs, descriptors and memory stay level") func dumps()
        async throws
    {
        let count = Self.setting("NETLINK_CHURN_DUMPS", 500)
        let ground = try Ground()
        let blocking: BlockingRouteConnection = try ground.fixture.connect()
        let connection = try RouteConnection(in: ground.fixture.namespace, timeout: .seconds(10))
        let pool = try ConnectionPool<RouteProtocol>(in: ground.fixture.namespace, size: 2, timeout: .seconds(10))
        let routes = RouteDump(family: .ipv4)
        var lost: [String] = []
        var interrupted = 0
        var before = (descriptors: 0, memory: 0)
        for number in 0..<count {
            if number == count / 5 { before = (try descriptorCount(), try residentByteCount()) }
            do throws(NetlinkError) {
                let isWhole =
                    switch number % 6 {
                    case 0: ground.holds(try blocking.dump(.links))
                    case 1: ground.holds(try await connection.dump(.links))
                    case 2: ground.holds(try blocking.dump(routes))
                    case 3: ground.holds(try await pool.dump(routes))
                    case 4: ground.holds(try await collect(connection.stream(LinkDump())))
                    default: ground.holds(try await collect(connection.stream(routes)))
                    }
                if !isWhole { lost.append("dump \(number)") }
            } catch {
                // Said, as it must be, where it changed more often than was tried again.
                if !error.isInterrupted { throw error }
                interrupted += 1
            }
        }
        #expect(lost.isEmpty)
        #expect(interrupted < count / 2)
        #expect(ground.isChurning)
        // Other suites run beside this one, and what they have open goes.
        let patience = Instant.now + .seconds(30)
        while try descriptorCount() > before.descriptors + 2, Instant.now < patience {
            try await Task.sleep(for: .milliseconds(50))
        }
        let after = (descriptors: try descriptorCount(), memory: try residentByteCount())
        #expect(after.descriptors <= before.descriptors + 2)
        #expect(after.memory <= before.memory + before.memory / 4 + (4 << 20))
        print(
            "churn: \(count) dumps, \(interrupted) given up as interrupted, descriptors \(before.descriptors) to "
                + "\(after.descriptors), resident KiB \(before.memory >> 10) to \(after.memory >> 10)")
    }

    private func collect<D: Dump>(_ stream: DumpStream<D>) async throws(NetlinkError) -> [D.Element] {
        var elements: [D.Element] = []
        for try await chunk in stream.chunks(restarting: true) {
            switch chunk {
            case .elements(let more): elements += more
            case .restarted: elements.removeAll()
            }
        }
        return elements
    }

    private func descriptorCount() throws -> Int { try directoryEntries("/proc/self/fd").count }

    private func residentByteCount() throws -> Int {
        let words = String(decoding: try readFile("/proc/self/statm"), as: UTF8.self).split(separator: " ")
        return words.dropFirst().first.flatMap { Int($0) }.map { $0 * 4096 } ?? 0
    }

    @Test("each of many tasks gets its own answer or a typed error, whoever is cancelled") func mixed() async throws {
        let seconds = Self.setting("NETLINK_CHURN_SECONDS", 4)
        let ground = try Ground()
        let connection = try RouteConnection(in: ground.fixture.namespace, timeout: .seconds(20))
        let tally = Tally()
        let end = Instant.now + .seconds(seconds)
        // A busy machine gets longer, so that what is demanded below was possible.
        let latest = end + .seconds(60)
        await withTaskGroup { group in
            for number in 0..<64 {
                group.addTask {
                    var generator = SystemRandomNumberGenerator()
                    var turn = 0
                    while Instant.now < (tally.suffices ? end : latest) {
                        turn += 1
                        let choice = Int.random(in: 0..<40, using: &generator)
                        let name = "\(turn % 2 == 0 ? "stay" : "yats")\(number % 20)"
                        let text = "\(number).\(turn)"
                        let task = Task { () async throws(NetlinkError) -> Bool in
                            try await Self.request(choice, name, text, ground, connection)
                        }
                        if Int.random(in: 0..<3, using: &generator) == 0 {
                            for _ in 0..<Int.random(in: 0..<6, using: &generator) { await Task.yield() }
                            task.cancel()
                        }
                        do {
                            tally.count(try await task.value ? "own answer" : "WRONG ANSWER to \(choice)")
                        } catch {
                            tally.count((error as? NetlinkError).map { "\($0.code)" } ?? "UNTYPED \(error)")
                        }
                    }
                }
            }
        }
        let counts = tally.counts
        print("churn: \(seconds) s, 64 tasks: \(counts.sorted { $0.value > $1.value })")
        let known: Set = [
            "own answer", "\(NetlinkError.Code.cancelled)", "\(NetlinkError.Code.noDevice)",
            "\(NetlinkError.Code.interrupted)",
        ]
        #expect(Set(counts.keys).subtracting(known).isEmpty, "\(counts)")
        #expect(tally.suffices, "\(counts)")
        #expect(ground.isChurning)
        #expect(ground.holds(try await connection.dump(.links)))
    }

    /// One of many kinds of request; whether the answer was its own.
    private static func request(
        _ choice: Int, _ name: String, _ text: String, _ ground: Ground, _ connection: RouteConnection
    ) async throws(NetlinkError) -> Bool {
        switch choice {
        case 0: return ground.holds(try await connection.dump(.links))
        case 1: return ground.holds(try await connection.dump(RouteDump(family: .ipv4)))
        case 2:
            // Left early: its socket goes.
            for try await _ in connection.stream(RouteDump(family: .ipv4)) { return true }
            return false
        case 3..<8:
            var link = try await connection.query(LinkQuery(.name(name)))
            let base = link
            link.alias = text
            try await connection.perform(UpdateLink(link, from: base))
            return true
        case 8..<12:
            // There or not, as the other process has it.
            return try await connection.query(LinkQuery("churn1")).name == "churn1"
        case 12..<16:
            let lookup = try await connection.query(RouteLookup(to: "10.192.4.1"))
            return lookup.output != nil
        case 16..<20:
            do throws(NetlinkError) { _ = try await connection.query(LinkQuery("none0")) } catch {
                if error.isNoDevice { return error.object == "none0" }
                throw error
            }
            return false
        case 20..<22:
            var batch = Batch<RouteProtocol>()
            for _ in 0..<5 { try batch.append(RemoveLink("none0")) }
            for case .failure(let error) in try await connection.perform(batch) where !error.isNoDevice {
                throw error
            }
            return true
        default: return try await connection.query(LinkQuery(.name(name))).name?.description == name
        }
    }

    /// How often something happened.
    private final class Tally: Sendable {
        private let lock = Lock<[String: Int]>([:])
        var counts: [String: Int] { lock.withLock { $0 } }
        /// Enough of both to say that requests were answered beside cancelled ones.
        var suffices: Bool {
            lock.withLock { counts in
                counts["own answer", default: 0] > 100 && counts["\(NetlinkError.Code.cancelled)", default: 0] > 10
            }
        }
        func count(_ outcome: String) { lock.withLock { $0[outcome, default: 0] += 1 } }
    }
}
