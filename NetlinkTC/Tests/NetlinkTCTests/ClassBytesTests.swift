// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import Testing

@testable import NetlinkTC

@Suite("Classes beside tc's bytes") struct ClassBytesTests {
    static let simple = "class add dev d0 parent 1: classid 1:1 htb rate 1mbit"
    static let full = """
        class add dev d0 parent 1: classid 1:2 htb rate 1gbit ceil 30gbit burst 10k/8 cburst 1m prio 3 quantum 3000 \
        mtu 9000 mpu 64 overhead 24 linklayer atm
        """

    static var fullClass: HTBClass {
        var htb = HTBClass(rate: .gigabits(1), ceiling: .gigabits(30))
        htb.rate = RateSpecification(.gigabits(1), linkLayer: .atm, overhead: 24, minimumPacketSize: 64)
        htb.ceiling = RateSpecification(.gigabits(30), linkLayer: .atm, overhead: 24, minimumPacketSize: 64)
        htb.burst = .bytes(10_240)
        htb.ceilingBurst = .bytes(1_048_576)
        htb.rateCellLog = 3
        htb.priority = 3
        htb.quantum = 3000
        htb.maximumPacketSize = 9000
        return htb
    }

    @Test("a class of htb is sent as tc sends it, tables and bursts included") func encodes() throws {
        let parent = TCHandle(1)
        let small = TrafficClass(HTBClass(rate: .megabits(1)), on: 19, handle: TCHandle(1, 1), parent: parent)
        #expect(try RequestBytes(SetClass(small).messageBytes()) == RequestBytes(CapturedRequests.bytes(Self.simple)))
        let large = TrafficClass(Self.fullClass, on: 19, handle: TCHandle(1, 2), parent: parent)
        #expect(try RequestBytes(SetClass(large).messageBytes()) == RequestBytes(CapturedRequests.bytes(Self.full)))
        let removed = TrafficClass(on: 19, handle: TCHandle(1, 1))
        let wanted = CapturedRequests.bytes("class del dev d0 classid 1:1")
        #expect(try RequestBytes(RemoveClass(removed).messageBytes()) == RequestBytes(wanted))
    }

    @Test("what tc sends is read, with bursts as the kernel keeps them") func decodes() throws {
        let read = try #require(try CapturedRequests.bytes(Self.full).trafficClass()?.kind?.as(HTBClass.self))
        #expect(read.rate.rate == .gigabits(1) && read.ceiling.rate == .gigabits(30))
        #expect(read.rate.linkLayer == .atm && read.rate.overhead == 24 && read.rate.minimumPacketSize == 64)
        #expect(read.burst?.bytes(at: read.rate.rate, clock: .usual) == 10_240)
        #expect(read.ceilingBurst?.bytes(at: read.ceiling.rate, clock: .usual) == 1_048_800)
        #expect(read.priority == 3 && read.quantum == 3000)
    }

    @Test("what was read goes back unchanged") func roundTrip() throws {
        for words in [Self.simple, Self.full] {
            let first = try #require(try CapturedRequests.bytes(words).trafficClass())
            let second = try #require(try SetClass(first.settings).messageBytes().trafficClass())
            let (a, b) = (first.settings.kind?.as(HTBClass.self), second.settings.kind?.as(HTBClass.self))
            #expect(a?.burst == b?.burst && a?.ceilingBurst == b?.ceilingBurst && a?.rate.rate == b?.rate.rate)
        }
    }

    @Test("a message cut anywhere is an error or another value, never a trap") func truncations() {
        for words in [Self.simple, Self.full] {
            let whole = CapturedRequests.bytes(words)
            var errors = 0
            for count in stride(from: 16, to: whole.count, by: 3) {
                do { _ = try whole.cut(to: count).trafficClass() } catch { errors += 1 }
            }
            #expect(errors > 0)
        }
    }

    @Test("a class without a rate is refused before anything is sent") func validation() {
        #expect(throws: NetlinkError.self) {
            let none = HTBClass(rate: Rate(bytesPerSecond: 0))
            _ = try SetClass(TrafficClass(none, on: 3, handle: TCHandle(1, 1), parent: TCHandle(1))).messageBytes()
        }
    }

    @Test("classes of kinds without options of their own are kept by name") func unknownKind() throws {
        let value = TrafficClass(AnyClassKind(name: "prio"), on: 3, handle: TCHandle(1, 1), parent: TCHandle(1))
        #expect(try SetClass(value).messageBytes().trafficClass()?.settings == value)
    }
}
