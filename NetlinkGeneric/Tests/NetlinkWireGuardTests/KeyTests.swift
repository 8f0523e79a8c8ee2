// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkTestSupport
import NetlinkWireGuard
import Testing

private final class Words: ConnectionObserver {
    func sent(_ datagram: [UInt8], on wire: ObservedWire) { check(wire.describe(datagram)) }
    func received(_ datagram: [UInt8], on wire: ObservedWire) { check(wire.describe(datagram)) }
    func finished(_ operation: String, after duration: Duration, error: NetlinkError?) {}
    private func check(_ text: String) { #expect(!text.contains("c809f3")) }
}

private func secret(_ bytes: [UInt8]) -> WireGuardKey? { WireGuardKey(bytes: bytes.rawSpan) }

extension WireGuardKey {
    fileprivate var array: [UInt8] { bytes.array }
}

@Suite("Keys") struct KeyTests {
    @Test("are read and written as base64, all 256 bytes at each place") func text() throws {
        for value in UInt8.min...UInt8.max {
            for position in [0, 1, 2, 29, 30, 31] {
                var bytes = [UInt8](repeating: 0, count: 32)
                bytes[position] = value
                let key = try #require(secret(bytes))
                let again = try #require(WireGuardKey(base64: key.base64))
                #expect(again == key)
                #expect(again.array == bytes)
                let publicKey = try #require(WireGuardPublicKey(bytes: bytes))
                #expect(publicKey.description == key.base64)
                #expect(publicKey.bytes == bytes)
                #expect(WireGuardPublicKey(publicKey.description) == publicKey)
            }
        }
        #expect(
            try Sample.key(Capture.privateKey).array.prefix(4) == [0xc8, 0x09, 0xf3, 0xe5])
        #expect(try Sample.key(Capture.privateKey).base64 == Capture.privateKey)
    }

    @Test(
        "of another form are refused",
        arguments: [
            "", "=", "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk", "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk==",
            "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBml=", "yAnz5TF+lXXJte14tji3zlMNq-hd2rYUIgJBgB3fBmk=",
            " yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBm=", "=Anz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=",
        ]) func refused(text: String)
    {
        #expect(WireGuardKey(base64: text) == nil)
        #expect(WireGuardPublicKey(text) == nil)
    }

    @Test("have no character but those of base64") func characters() {
        for character in UInt8.min...UInt8.max {
            var text = Array(Capture.privateKey.utf8)
            text[5] = character
            let isOne =
                switch character {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                    true
                default: false
                }
            #expect((WireGuardKey(ascii: text) != nil) == isOne)
        }
    }

    @Test("that are secret are printed by nothing") func hidden() throws {
        let key = try Sample.key(Capture.privateKey)
        var dumped = ""
        dump(key, to: &dumped)
        var peer = WireGuardPeer(Sample.peer1)
        peer.presharedKey = key
        var device = WireGuardDevice()
        device.privateKey = key
        device.peers = [peer]
        var whole = ""
        dump(device, to: &whole)
        let change = SetWireGuardDevice("wg0", WireGuardChange(replacingWith: device))
        let texts = [
            "\(key)", String(reflecting: key), dumped, whole, "\(device)", "\(peer)", change.description,
            String(reflecting: change),
        ]
        for text in texts {
            #expect(!text.contains("yAnz5TF"))
            #expect(!text.lowercased().contains("c809f3"))
            #expect(!text.contains("200, 9, 243"))
        }
        #expect(change.description.contains("WGDEVICE_A_PRIVATE_KEY (hidden)"))
        #expect(change.description.contains("WGPEER_A_PRESHARED_KEY (hidden)"))
        #expect(change.description.hasPrefix("WG_CMD_SET_DEVICE request|ack"))
    }

    @Test("are made at random, private ones as X25519 wants them") func random() {
        let keys = (0..<50).map { _ in WireGuardKey.makePrivate() }
        #expect(Set(keys).count == 50)
        for key in keys {
            let bytes = key.array
            #expect(bytes[0] & 7 == 0)
            #expect(bytes[31] & 0xc0 == 0x40)
        }
        #expect(WireGuardKey.makePreshared() != WireGuardKey.makePreshared())
        #expect(WireGuardKey.zero.isZero)
        #expect(!WireGuardKey.makePreshared().isZero)
    }

    @Test("have an order and a text form") func order() {
        #expect(Sample.peer2 < Sample.peer3)
        #expect(Sample.peer2 != Sample.peer1)
        #expect(Sample.peer1.hashValue == WireGuardPublicKey(Capture.peer1)?.hashValue)
    }

    @Test("of a trace are left out") func traces() throws {
        let kernel = Sample.kernel([Capture.show])
        let connection = try BlockingWireGuardConnection(opening: kernel.source, observer: Words())
        _ = try connection.device("wg0")
        try connection.update("wg0", try Sample.change())
    }
}

@Suite("Endpoints") struct EndpointTests {
    @Test("are written as addresses with ports") func text() {
        #expect("\(WireGuardEndpoint("192.0.2.1", port: 5))" == "192.0.2.1:5")
        #expect("\(WireGuardEndpoint("2001:db8::1", port: 5))" == "[2001:db8::1]:5")
        #expect("\(WireGuardEndpoint("fe80::1", port: 5, scope: 7))" == "[fe80::1%7]:5")
    }

    @Test("of other families are not read, and short ones are malformed") func decoding() throws {
        #expect(try WireGuardEndpoint(decoding: ([1, 0] as [UInt8]).rawSpan) == nil)
        for count in 0..<8 {
            #expect(throws: DecodeError.self) {
                _ = try WireGuardEndpoint(decoding: Array(hex("02 00 00 05 0a 00 00 01").prefix(count)).rawSpan)
            }
        }
        #expect(
            try WireGuardEndpoint(decoding: hex("02 00 00 05 0a 00 00 01").rawSpan)
                == WireGuardEndpoint("10.0.0.1", port: 5))
    }
}

@Suite("WireGuard's links") struct InterfaceTests {
    /// Of Linux 7.2's RTM_NEWLINK what concerns name and kind, behind the message's header.
    private func link(_ index: UInt8, _ kind: String) -> FakeMessage {
        FakeMessage(type: 16) { writer in
            writer.structure(16) { s in s.store(UInt32(index), at: 4) }
            writer.put(RawAttributeID(rawValue: 3), "wg\(index)")
            writer.nest(RawAttributeID(rawValue: 18)) { $0.put(RawAttributeID(rawValue: 1), kind) }
        }
    }

    @Test("are listed, filtered by kind, in the connection's namespace") func listed() async throws {
        let messages = [link(3, "wireguard"), link(4, "dummy"), link(5, "wireguard")]
        let kernel = FakeKernel { request in
            switch request.type {
            case 18: request.dump(messages)
            case 28 where request.payload[8] == 5: request.error(.noDevice)
            case 28: request.dump([FakeMessage(type: 28, payload: Capture.show)])
            default:
                request.object(
                    FakeMessage(
                        type: 16,
                        payload: hex("01 02 00 00 06 00 01 00 1c 00 00 00")))
            }
        }
        let connection = try WireGuardConnection(opening: kernel.source)
        #expect(try await connection.interfaces().map(\.name.description) == ["wg3", "wg5"])
        #expect(
            kernel.requests[0].payload.suffix(28)
                == hex("08 00 1d 00 08 00 00 00 14 00 12 80 0e 00 01 00 77 69 72 65 67 75 61 72 64 00 00 00"))
        // One of them is gone when it is read.
        #expect(try await connection.devices().count == 1)
        #expect(try BlockingWireGuardConnection(opening: kernel.source).devices().count == 1)
    }
}
