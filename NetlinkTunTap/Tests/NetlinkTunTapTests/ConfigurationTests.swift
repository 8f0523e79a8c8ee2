// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkTunTap

@Suite("Configurations") struct ConfigurationTests {
    // What `ip tuntap add` gives TUNSETIFF, seen with strace (iproute2 6.15).
    @Test("each option has its flag")
    func flags() {
        // ip tuntap add dev t0 mode tun
        #expect(TunTapConfiguration(.tun).flags.rawValue == 0x1001)
        // ip tuntap add dev t1 mode tap pi vnet_hdr multi_queue
        var all = TunTapConfiguration(.tap)
        all.hasPacketInformation = true
        all.hasOffloadHeader = true
        all.isMultiQueue = true
        #expect(all.flags.rawValue == 0x4102)
        all.setsOneQueueFlag = true
        #expect(all.flags.rawValue == 0x6102)
        all.setsOneQueueFlag = false
        all.isExclusive = true
        all.usesBatchedReceive = true
        all.usesFragments = true
        all.beginsWithoutCarrier = true
        #expect(all.flags.rawValue == 0xc172)
    }

    @Test("headers stand in front of packets as told") func layout() {
        var configuration = TunTapConfiguration()
        #expect(configuration.layout == PacketLayout() && configuration.layout.headerByteCount == 0)
        configuration.offloadHeaderByteCount = 12
        #expect(configuration.layout.headerByteCount == 0)
        configuration.hasOffloadHeader = true
        configuration.hasPacketInformation = true
        #expect(configuration.layout.headerByteCount == 16)
    }

    @Test("names are names, or patterns with one %d", arguments: ["tun0", "tun%d", "%d", "a%db"])
    func names(_ name: String) throws {
        try TunTapConfiguration(.tun, name: InterfaceName(name)).validate()
    }

    @Test("what the kernel would refuse is refused before anything is opened") func validation() {
        func problem(_ change: (inout TunTapConfiguration) -> Void) -> String? {
            var configuration = TunTapConfiguration(.tun, name: "t0")
            change(&configuration)
            let error = #expect(throws: NetlinkError.self) { try configuration.validate() }
            #expect(error?.isInvalid == true && error?.operation == "open device")
            // Opening says the same, without a kernel being asked.
            let opening = #expect(throws: NetlinkError.self) { _ = try TunTapDevice(configuration) }
            #expect(opening == error)
            return error?.explanation
        }
        #expect(problem { $0.mode = .init(rawValue: 3) }?.contains("either") == true)
        for name in ["a%", "%s", "%d%d", "%%d"] as [InterfaceName] {
            #expect(problem { $0.name = name }?.contains("%d") == true)
        }
        #expect(problem { $0.offloads = .checksum } == "offloads need the offload header")
        #expect(
            problem {
                $0.hasOffloadHeader = true
                $0.offloads = .tcp4
            }?.contains("checksums") == true)
        for count in [9, 65, -1] {
            #expect(
                problem {
                    $0.hasOffloadHeader = true
                    $0.offloadHeaderByteCount = count
                }?.contains("10 to 64") == true)
        }
        #expect(problem { $0.usesFragments = true }?.contains("tap") == true)
        #expect(
            problem {
                $0.mode = .tap
                $0.usesFragments = true
            }?.contains("batched") == true)
        #expect(problem { $0.index = 0 }?.contains("link number") == true)
    }
}
