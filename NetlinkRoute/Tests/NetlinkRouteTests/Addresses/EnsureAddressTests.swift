// SPDX-License-Identifier: Apache-2.0

@_spi(System) import NetlinkCore
import NetlinkTestSupport
import Testing

@testable import NetlinkRoute

@Suite("Ensuring and flushing addresses") struct EnsureAddressTests {
    private static func reply(_ address: Address) -> FakeMessage {
        FakeMessage(type: RouteMessageType.newAddress.rawValue) { address.encode(into: &$0) }
    }

    private static func kernel(having present: [Address]) -> FakeKernel {
        FakeKernel { request in
            if request.isDump { return request.dump(present.map { reply($0) }) }
            let isExclusive = request.header.flags.contains(.exclusive)
            return isExclusive && !present.isEmpty ? request.error(.exists) : request.acknowledge()
        }
    }

    private static func outcome(
        _ wanted: Address, having present: [Address]
    ) throws -> (outcome: EnsureOutcome, requests: Int) {
        let kernel = kernel(having: present)
        let connection = try BlockingRouteConnection(opening: kernel.source)
        return (try connection.ensure(wanted), kernel.requests.count)
    }

    @Test("a missing address is added, one that is there as wanted left alone") func simple() throws {
        let address = Address("10.0.0.1/24", on: 3)
        #expect(try Self.outcome(address, having: []) == (.added, 1))
        var present = address
        present.label = "d0"
        present.validLifetime = .forever
        present.flags = [.permanent, .noPrefixRoute]
        #expect(try Self.outcome(address, having: [Address("10.0.0.2/24", on: 3), present]) == (.unchanged, 2))
    }

    @Test("what the kernel can change in place is changed") func changed() throws {
        var wanted = Address("10.0.0.1/24", on: 3)
        wanted.metric = 7
        #expect(try Self.outcome(wanted, having: [Address("10.0.0.1/24", on: 3)]) == (.changed, 3))
        wanted.metric = nil
        wanted.validLifetime = .seconds(100)
        #expect(try Self.outcome(wanted, having: [Address("10.0.0.1/24", on: 3)]) == (.changed, 3))
        var flagged = Address("2001:db8::1/64", on: 3)
        flagged.flags = .noPrefixRoute
        #expect(try Self.outcome(flagged, having: [Address("2001:db8::1/64", on: 3)]) == (.changed, 3))
    }

    @Test("what it cannot is an error that says so, and nothing is changed") func unchangeable() throws {
        var wanted = Address("10.0.0.1/24", on: 3)
        wanted.label = "d0:x"
        let present = [Address("10.0.0.1/24", on: 3)]
        let error = #expect(throws: NetlinkError.self) { try Self.outcome(wanted, having: present) }
        #expect(error?.isExisting == true && error?.object == "10.0.0.1/24")
        // An IPv6 address is there with one prefix length only.
        let other = [Address("2001:db8::1/48", on: 3)]
        #expect(throws: NetlinkError.self) { try Self.outcome(Address("2001:db8::1/64", on: 3), having: other) }
    }

    @Test("flushing removes what is listed until nothing is, and counts") func flush() throws {
        let left = Lock([Address("10.0.0.1/24", on: 3), Address("10.0.0.2/24", on: 3), Address("10.0.1.1/24", on: 3)])
        let kernel = FakeKernel { request in
            left.withLock { left in
                if request.isDump { return request.dump(left.map { Self.reply($0) }) }
                // With the first address the kernel takes the second one too.
                guard !left.isEmpty else { return request.error(.addressNotAvailable) }
                left.removeFirst(min(2, left.count))
                return request.acknowledge()
            }
        }
        let connection = try BlockingRouteConnection(opening: kernel.source)
        var rounds: [[Int]] = []
        let report = try connection.flushAddresses(onRound: { rounds.append([$0, $1.count]) })
        #expect(report.rounds == 1 && report.removedCount == 2 && report.isComplete)
        #expect(rounds == [[1, 3]])
    }

    @Test("flushing ends after its rounds when objects keep coming, and on a refusal") func bounded() throws {
        let endless = FakeKernel { request in
            request.isDump ? request.dump([Self.reply(Address("10.0.0.1/24", on: 3))]) : request.acknowledge()
        }
        let report = try BlockingRouteConnection(opening: endless.source).flushAddresses(rounds: 4)
        #expect(report.rounds == 4 && report.removedCount == 4 && !report.isComplete)
        let refusing = FakeKernel { request in
            request.isDump
                ? request.dump([Self.reply(Address("10.0.0.1/24", on: 3))]) : request.error(.notPermitted)
        }
        let error = #expect(throws: NetlinkError.self) {
            try BlockingRouteConnection(opening: refusing.source).flushAddresses()
        }
        #expect(error?.isPermission == true)
    }
}
