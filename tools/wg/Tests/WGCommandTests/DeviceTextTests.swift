// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkWireGuard
import Testing

@testable import WGCommand

/// What `show` and `showconf` print of states that no test kernel comes into.
struct DeviceTextTests {
    private func device(_ body: (inout WireGuardPeer) -> Void) throws -> WireGuardDevice {
        var device = WireGuardDevice()
        device.name = "wg0"
        var peer = WireGuardPeer(try Sample.publicKey(Sample.peer1))
        peer.state = WireGuardPeer.State()
        body(&peer)
        device.peers = [peer]
        return device
    }

    private func pretty(
        _ device: WireGuardDevice, now: Int64 = 0, isColored: Bool = false, hidesKeys: Bool = true
    ) -> [String] {
        var text = DeviceText(nil, isColored: isColored, hidesKeys: hidesKeys)
        text.writePretty(device, now: now)
        return String(decoding: text.bytes, as: UTF8.self).split(separator: "\n").map { String($0) }
    }

    private static let ages: [(Int64, String)] = [
        (1, "Now"), (2, "1 second ago"), (62, "1 minute, 1 second ago"), (121, "2 minutes ago"),
        (3601, "1 hour ago"), (90_062, "1 day, 1 hour, 1 minute, 1 second ago"),
        (31_536_001, "1 year ago"), (31_536_002, "1 year, 1 second ago"),
        (63_331_201, "2 years, 3 days ago"),
        (0, "(System clock wound backward; connection problems may ensue.)"),
    ]

    @Test(arguments: ages) func aHandshakeWasSoLongAgo(now: Int64, words: String) throws {
        let device = try device { $0.state?.lastHandshake = .seconds(1) }
        #expect(pretty(device, now: now).contains("  latest handshake: \(words)"))
    }

    private static let transfers: [(UInt64, UInt64, String?)] = [
        (0, 0, nil), (1, 0, "1 B received, 0 B sent"), (1023, 1024, "1023 B received, 1.00 KiB sent"),
        (1536, 1_048_576, "1.50 KiB received, 1.00 MiB sent"),
        (1_073_741_823, 1_073_741_824, "1024.00 MiB received, 1.00 GiB sent"),
        (5_497_558_138_880, .max, "5.00 TiB received, 16777216.00 TiB sent"),
        // 1.005 and 1.015 KiB have no exact half: 1.00048828125 does not either, and rounds down.
        (1029, 1039, "1.00 KiB received, 1.01 KiB sent"),
    ]

    @Test(arguments: transfers) func soMuchWasTransferred(received: UInt64, sent: UInt64, words: String?) throws {
        let device = try device {
            $0.state?.receivedByteCount = received
            $0.state?.sentByteCount = sent
        }
        let line = pretty(device).first { $0.hasPrefix("  transfer") }
        #expect(line == words.map { "  transfer: \($0)" })
    }

    @Test func keysAreHiddenUnlessAskedFor() throws {
        var device = try device { $0.presharedKey = try? Sample.key(Sample.presharedKey) }
        device.privateKey = try Sample.key(Sample.privateKey)
        let hidden = pretty(device)
        #expect(hidden.contains("  private key: (hidden)") && hidden.contains("  preshared key: (hidden)"))
        #expect(!hidden.joined().contains("yAnz5TF") && !hidden.joined().contains("FpCyhws"))
        let shown = pretty(device, hidesKeys: false)
        #expect(shown.contains("  private key: \(Sample.privateKey)"))
        #expect(shown.contains("  preshared key: \(Sample.presharedKey)"))
    }

    @Test func thePeerOfTheLatestHandshakeComesFirst() throws {
        var device = WireGuardDevice()
        for (key, time) in [(Sample.peer1, 5), (Sample.peer2, 9), (Sample.privateKey, 5)] {
            var peer = WireGuardPeer(try Sample.publicKey(key))
            peer.state = WireGuardPeer.State()
            peer.state?.lastHandshake = .seconds(time)
            device.peers.append(peer)
        }
        let order = pretty(device, now: 10).filter { $0.hasPrefix("peer") }
        #expect(order == [Sample.peer2, Sample.peer1, Sample.privateKey].map { "peer: \($0)" })
    }

    @Test func scriptsGetNumbers() throws {
        let device = try device {
            $0.state?.lastHandshake = .seconds(1_700_000_000) + .nanoseconds(999_999_999)
            $0.state?.receivedByteCount = .max
            $0.keepalive = .seconds(65535)
        }
        func field(_ field: ShowField, withName: Bool = false) -> String {
            var text = DeviceText(nil, isColored: true)
            text.write(field, of: device, withName: withName)
            return String(decoding: text.bytes, as: UTF8.self)
        }
        #expect(field(.latestHandshakes) == "\(Sample.peer1)\t1700000000\n")
        #expect(field(.transfer, withName: true) == "wg0\t\(Sample.peer1)\t18446744073709551615\t0\n")
        #expect(
            field(.dump) == "(none)\t(none)\t0\toff\n"
                + "\(Sample.peer1)\t(none)\t(none)\t(none)\t1700000000\t18446744073709551615\t0\t65535\n")
    }

    @Test func aConfigurationThatIsWrittenIsReadAgain() throws {
        var device = try device {
            $0.presharedKey = try? Sample.key(Sample.presharedKey)
            $0.allowedAddresses = ["10.0.0.0/8", "::/0", "fd00::1/128"]
            $0.endpoint = WireGuardEndpoint("2001:db8::1", port: 65535)
            $0.keepalive = .seconds(1)
        }
        device.privateKey = try Sample.key(Sample.privateKey)
        device.listenPort = 7
        device.mark = 0xffff_ffff
        var text = DeviceText(nil)
        text.writeConfiguration(device)
        var reader = ConfigurationReader(isWhole: true)
        try reader.read(lines: text.bytes)
        #expect(reader.problem == nil)
        var expected = WireGuardChange(replacingWith: device.settings)
        expected.replacesPeers = false
        #expect(reader.change == expected)
    }
}
