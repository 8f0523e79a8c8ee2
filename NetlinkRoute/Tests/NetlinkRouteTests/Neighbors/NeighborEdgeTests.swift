// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkTestSupport
import Testing

@testable import NetlinkRoute

@Suite("Neighbours, at the edges") struct NeighborEdgeTests {
    private static func reading(_ neighbor: Neighbor, type: RouteMessageType = .newNeighbor) throws -> Neighbor {
        var writer = MessageWriter()
        writer.beginMessage(type: type.rawValue, flags: [], sequence: 0)
        neighbor.encode(into: &writer)
        writer.endMessage()
        return try NeighborTests.neighbor(writer.bytes.array)
    }

    @Test("hardware addresses of every length are kept", arguments: 0...32)
    func hardwareAddresses(_ count: Int) throws {
        let bytes = (0..<count).map { UInt8(0xf0 ^ $0) }
        var neighbor = Neighbor("10.0.0.1", on: 3)
        neighbor.hardwareAddress = HardwareAddress(bytes: bytes)
        #expect(neighbor.hardwareAddress?.bytes == bytes)
        #expect((neighbor.rare == nil) == (count <= 8))
        let read = try Self.reading(neighbor)
        #expect(read == neighbor && read.hashValue == neighbor.hashValue)
        neighbor.hardwareAddress = nil
        #expect(neighbor == Neighbor("10.0.0.1", on: 3))
    }

    @Test("setting a property to nil leaves no trace of it") func clearing() throws {
        let empty = Neighbor("10.0.0.1", on: 3)
        var neighbor = empty
        neighbor.vlan = 7
        neighbor.origin = .bgp
        neighbor.master = 9
        neighbor.nextHopID = 4
        neighbor.probes = 2
        neighbor.cache = NeighborCacheInformation(used: 5)
        neighbor.port = 99
        neighbor.activity = ForwardingActivity(.active)
        #expect(neighbor != empty)
        neighbor.vlan = nil
        neighbor.origin = nil
        neighbor.master = nil
        neighbor.nextHopID = nil
        neighbor.probes = nil
        neighbor.cache = nil
        neighbor.port = nil
        neighbor.activity = nil
        #expect(neighbor == empty && neighbor.hashValue == empty.hashValue)
        neighbor.destination = nil
        #expect(neighbor.destination == nil && neighbor != empty)
    }

    @Test("unknown attributes, odd addresses and overlong ones are kept and go back") func unknown() throws {
        let strange = UnknownAttribute(rawType: 99, payload: [1, 2, 3, 4, 5])
        let odd = UnknownAttribute(rawType: 1, payload: [7, 7])
        let overlong = UnknownAttribute(rawType: 2, payload: [UInt8](repeating: 5, count: 33))
        var bytes = captured(NeighborTests.proxy)
        for attribute in [strange, overlong] { bytes = appending(attribute, to: bytes) }
        let neighbor = try NeighborTests.neighbor(bytes)
        #expect(neighbor.unknown.elements == [strange, overlong])
        for mode in [AddNeighbor.Mode.add, .replace, .append] {
            #expect(try NeighborTests.message(AddNeighbor(neighbor, mode: mode)).attributes.contains(strange))
        }
        #expect(try !NeighborTests.message(AddNeighbor(neighbor, mode: .change)).attributes.contains(strange))
        #expect(try NeighborTests.neighbor(appending(odd, to: captured(NeighborTests.proxy))).unknown.elements == [odd])
    }

    @Test(
        "every truncation is read or refused, never more",
        arguments: [NeighborTests.stale, NeighborTests.managed, NeighborTests.tunnelled, NeighborTests.sourced])
    func truncation(_ digits: String) {
        for bytes in truncations(of: captured(digits)) {
            do { _ = try NeighborTests.neighbor(bytes) } catch { #expect(error is DecodeError) }
        }
    }

    @Test("what the kernel would refuse is refused here, and nothing is sent") func validation() {
        func refusal(_ neighbor: Neighbor) -> String? {
            let error = #expect(throws: NetlinkError.self) { try AddNeighbor(neighbor).messageBytes() }
            #expect(error?.isInvalid == true)
            return error?.explanation
        }
        #expect(refusal(Neighbor("10.0.0.1", on: 0)) == "a link is missing")
        // Unchecked it is for the kernel to judge.
        var unchecked = AddNeighbor(Neighbor("10.0.0.1", on: 0))
        unchecked.isChecked = false
        #expect((try? unchecked.messageBytes()) != nil)
        var wrong = Neighbor("10.0.0.1", on: 1)
        wrong.destination = "::1"
        #expect(refusal(wrong) == "the address is not of the family")
        wrong.destination = nil
        #expect(refusal(wrong) == "an address is missing")
        var entry = Neighbor(forwarding: "02:00:00:00:00:01", on: 1, flags: .linkTable)
        entry.vlan = 4095
        #expect(refusal(entry) == "a VLAN is 1 to 4094")
        entry.hardwareAddress = nil
        #expect(refusal(entry) == "a hardware address is missing; a VLAN is 1 to 4094")
        var host = Neighbor("10.0.0.1", on: 1)
        host.flags = .masterTable
        #expect(refusal(host)?.contains("forwarding") == true)
    }

    @Test("a list sends its filter, and checks it again") func listing() throws {
        let dump = NeighborDump.neighbors(family: .ipv4, on: 19, master: 20)
        let message = try CapturedMessage(try dump.messageBytes(), headerByteCount: 12)
        #expect(message.header == [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        // ip neighbor show dev d0 and ip neighbor show master br0
        #expect(message.attributes.map(\.number) == [8, 9])
        #expect(message.attributes.map(\.payload) == [[19, 0, 0, 0], [20, 0, 0, 0]])
        let proxies = try CapturedMessage(try NeighborDump.proxies().messageBytes(), headerByteCount: 12)
        #expect(proxies.header[10] == 8 && proxies.attributes.isEmpty)

        let answers = [NeighborTests.stale, NeighborTests.managed, NeighborTests.proxy, NeighborTests.bridged]
        let kernel = FakeKernel { request in
            request.dump(
                answers.map { FakeMessage(type: 28, payload: Array(captured($0).dropFirst(16))) }
                    + [FakeMessage(type: 16, payload: [UInt8](repeating: 0, count: 16))])
        }
        let connection = try BlockingRouteConnection(opening: kernel.source)
        #expect(try connection.dump(.neighbors).count == 3)
        #expect(try connection.dump(.neighbors(family: .ipv4)).count == 2)
        #expect(try connection.dump(.neighbors(on: 20)).isEmpty)
        #expect(try connection.dump(.neighbors(states: .stale)).map { $0.destination?.description } == ["10.0.0.6"])
        #expect(try connection.dump(.proxies()).map { $0.destination?.description } == ["2001:db8::10"])
        #expect(try connection.dump(.forwardingEntries(of: 20)).count == 1)
        #expect(try connection.dump(.forwardingEntries(of: 21)).isEmpty)
        #expect(try connection.dump(.neighbors(states: [])).isEmpty)
    }

    @Test("ensuring adds, leaves alone or replaces") func ensuring() throws {
        let wanted = Neighbor("10.0.0.6", at: "02:00:00:00:00:07", on: 19)
        func outcome(_ present: Neighbor?) throws -> EnsureOutcome {
            let kernel = FakeKernel { request in
                guard let present else { return request.acknowledge() }
                if request.type == RouteMessageType.getNeighbor.rawValue {
                    return request.object(FakeMessage(type: 28) { present.encode(into: &$0) })
                }
                return request.flags.contains(.exclusive) ? request.error(.exists) : request.acknowledge()
            }
            return try BlockingRouteConnection(opening: kernel.source).ensure(wanted)
        }
        #expect(try outcome(nil) == .added)
        #expect(try outcome(wanted) == .unchanged)
        #expect(try outcome(try NeighborTests.neighbor(captured(NeighborTests.stale))) == .changed)
    }
}
