// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkSockDiag

@Suite("Sockets from the kernel") struct DecodingTests {
    static func inet(_ bytes: [UInt8], _ ipProtocol: InetProtocol = .tcp) throws -> InetSocket {
        try reading(bytes) { (message: borrowing Message) throws(DecodeError) in
            try InetSocket(decoding: message, ipProtocol)
        }
    }
    static func unix(_ bytes: [UInt8]) throws -> UnixSocket {
        try reading(bytes) { (message: borrowing Message) throws(DecodeError) in try UnixSocket(decoding: message) }
    }
    static func packet(_ bytes: [UInt8]) throws -> PacketSocket {
        try reading(bytes) { (message: borrowing Message) throws(DecodeError) in try PacketSocket(decoding: message) }
    }
    static func netlink(_ bytes: [UInt8]) throws -> NetlinkProtocolSocket {
        try reading(bytes) { (message: borrowing Message) throws(DecodeError) in
            try NetlinkProtocolSocket(decoding: message)
        }
    }

    @Test("A socket takes 96 bytes") func isSmall() { #expect(MemoryLayout<InetSocket>.stride == 96) }

    @Test("TCP with everything asked for") func readsTCP() throws {
        let socket = try Self.inet(Replies.vegas)
        #expect(socket.family == .ipv4 && socket.state == .established && socket.timer == .off)
        #expect(socket.local == SocketEndpoint("127.0.0.1", port: 40002))
        #expect(socket.remote == SocketEndpoint("127.0.0.1", port: 8080))
        #expect(socket.cookie == 2 && socket.inode == 0x415 && socket.user == 0 && socket.interface == nil)
        #expect(socket.shutdown == [] && socket.mark == 0 && socket.cgroupID == 1 && socket.classID == 0)
        #expect(socket.typeOfService == 0 && socket.trafficClass == nil && socket.isIPv6Only == nil)
        #expect(socket.options == [.isConnectionOriented, .loopsMulticast, .receivesAllMulticast])
        #expect(socket.memory == InetSocketMemory())
        #expect(socket.socketMemory?.receiveBuffer == 131_072 && socket.socketMemory?.sendBuffer == 2_626_560)
        #expect(socket.socketMemory?.drops == 0 && socket.congestionControl == "vegas")
        guard case .vegas(let vegas) = socket.congestionDetails else {
            Issue.record("no Vegas")
            return
        }
        #expect(vegas.enabled == 1 && vegas.minimumRoundTripTime != 0)
        let tcp = try #require(socket.tcp)
        #expect(tcp.bytes.count == 280 && tcp.state == .established && tcp.congestionState == .open)
        #expect(tcp.options == [.timestamps, .selectiveAcknowledgements, .windowScaling])
        #expect(tcp.sendWindowScale == 8 && tcp.receiveWindowScale == 8 && tcp.isDeliveryRateLimitedByProgram == true)
        #expect(tcp.retransmissionTimeout == 210_000 && tcp.sendSegmentSize == 32741 && tcp.receiveSegmentSize == 536)
        #expect(tcp.pathMTU == 65535 && tcp.roundTripTime == 30 && tcp.roundTripTimeVariance == 15)
        #expect(tcp.congestionWindow == 10 && tcp.advertisedSegmentSize == 65483 && tcp.reordering == 3)
        #expect(tcp.segmentsSent == 2 && tcp.segmentsReceived == 1 && tcp.bytesAcknowledged == 1 && tcp.delivered == 1)
        #expect(tcp.sendWindow == 65483 && tcp.receiveWindow == 65536 && tcp.rehashed == 0)
        #expect(socket.mptcp == nil && socket.unknown.isEmpty)
    }

    @Test("TCP over IPv6, bound to a link, with a mark") func readsMark() throws {
        let socket = try Self.inet(Replies.marked)
        #expect(socket.local == SocketEndpoint("::1", port: 40001) && socket.remote == SocketEndpoint("::1", port: 22))
        #expect(socket.interface == 1 && socket.mark == 7 && socket.trafficClass == 0 && socket.isIPv6Only == nil)
        #expect(socket.id.description == "TCP socket [::1]:40001 to [::1]:22")
    }

    @Test("IPv4 addresses mapped into IPv6, and IPv6 alone") func readsIPv6() throws {
        let socket = try Self.inet(Replies.mapped)
        #expect(socket.local == SocketEndpoint("::ffff:127.0.0.1", port: 8080) && socket.tcp == nil)
        #expect(socket.memory == nil && socket.congestionControl == nil && socket.typeOfService == nil)
        let listening = try Self.inet(Replies.onlyIPv6)
        #expect(listening.state == .listening && listening.isIPv6Only == true && listening.sendQueue == 10)
    }

    @Test("Raw: the protocol is told and is the port too") func readsRaw() throws {
        let socket = try Self.inet(Replies.rawICMP, .raw)
        #expect(socket.ipProtocol == InetProtocol(rawValue: 1) && socket.local.port == 1 && socket.state == .closed)
        #expect(socket.isRaw && socket.tcp == nil)
        // Which raw socket is meant takes both: that it is one, and of which protocol.
        let request = digits(try DestroyInetSocket(socket.id).messageBytes().dropFirst(16).prefix(8))
        #expect(request == "02ff0001ff3f0000")
        #expect(try Self.inet(Replies.mapped).isRaw == false)
    }

    @Test("Unix sockets") func readsUnix() throws {
        let listening = try Self.unix(Replies.unixListening)
        #expect(
            listening.type == .stream && listening.state == .listening && listening.name?.description == "/run/sock")
        #expect(listening.name?.isAbstract == false && listening.file?.inode == 4 && listening.file?.device == 21)
        #expect(listening.queues?.send == 4 && listening.pendingConnections == [] && listening.peer == nil)
        #expect(listening.memory?.receiveBuffer == 212_992 && listening.shutdown == [] && listening.user == nil)
        let connected = try Self.unix(Replies.unixConnected)
        #expect(connected.peer == 0x41f && connected.name == nil && connected.memory?.sendAllocated == 960)
        let abstract = try Self.unix(Replies.unixAbstract)
        #expect(abstract.name?.isAbstract == true && abstract.name?.description == "@abstract")
        #expect(abstract.type == .datagram && abstract.isAutobound == false)
    }

    @Test("Packet and netlink sockets") func readsOthers() throws {
        let packet = try Self.packet(Replies.packet)
        #expect(packet.type == .raw && packet.ethernetType == 3 && packet.information?.interface == 1)
        #expect(packet.information?.flags == .isRunning && packet.user == 0 && packet.fanout == nil)
        #expect(packet.memory?.receiveBuffer == 212_992 && packet.receiveRing == nil && packet.unknown.isEmpty)
        let netlink = try Self.netlink(Replies.netlink)
        #expect(netlink.netlinkProtocol == 0 && netlink.port == 777 && netlink.state == .closed)
        #expect(netlink.isMember(of: 1) && !netlink.isMember(of: 2) && !netlink.isMember(of: 0))
        #expect(!netlink.isMember(of: 100_000) && netlink.memory?.sendBuffer == 212_992)
    }

    @Test("An older kernel's shorter structures are read as far as they go") func readsShortStructures() throws {
        let whole = try #require(try Self.inet(Replies.vegas).tcp)
        let old = TCPInformation(bytes: Array(whole.bytes.prefix(104)))
        #expect(old.totalRetransmitted == 0 && old.pacingRate == nil && old.bytesSent == nil && old.sendWindow == nil)
        #expect(old.congestionNotificationMode == nil && whole.congestionNotificationMode == .disabled)
        // The last word is a row of bit fields: the mode 2, the option seen 1, the failure 5, and 24 more bits.
        var marked = whole.bytes
        let word: UInt32 =
            UInt32(1).littleEndian == 1
            ? 0xabcdef_00 | 5 << 4 | 1 << 2 | 2 : 2 << 30 | 1 << 28 | 5 << 24 | 0xabcdef
        for index in 0..<4 { marked[276 + index] = UInt8(truncatingIfNeeded: word.littleEndian >> UInt32(8 * index)) }
        let accurate = TCPInformation(bytes: marked + [1, 2, 3])
        #expect(accurate.congestionNotificationMode == .accurate && accurate.accurateNotificationOptionSeen == 1)
        #expect(accurate.accurateNotificationFailure == 5 && accurate.moreOptions == 0xabcdef)
        #expect(accurate.bytes.count == 283 && accurate.receiveWindow == 65536)
        // Of every length each field is there or not, and none reads beyond it.
        for count in 0...whole.bytes.count {
            let cut = TCPInformation(bytes: Array(whole.bytes.prefix(count)))
            #expect((cut.receiveWindow != nil) == (count >= 236) && (cut.bytesSent != nil) == (count >= 208))
            #expect((cut.pacingRate != nil) == (count >= 112) && (cut.options != nil) == (count >= 6))
            #expect((cut.moreOptions != nil) == (count >= 280) && (cut.totalTimeouts != nil) == (count >= 242))
        }
        #expect(TCPInformation(bytes: []).state == nil && TCPInformation(bytes: []).sendWindowScale == nil)
        #expect(MPTCPInformation(bytes: []).token == nil)
    }

    @Test("Every truncation throws or is a socket, and none traps") func survivesTruncation() throws {
        for bytes in [Replies.vegas, Replies.marked, Replies.mapped, Replies.rawICMP] {
            for count in 0..<(bytes.count - 16) {
                let short = cut(bytes, to: count)
                if count < 72 {
                    #expect(throws: DecodeError.self) { try Self.inet(short) }
                } else {
                    _ = try? Self.inet(short)
                }
            }
        }
        for count in 0..<(Replies.unixListening.count - 16) {
            let short = cut(Replies.unixListening, to: count)
            if count < 16 {
                #expect(throws: DecodeError.self) { try Self.unix(short) }
            } else {
                _ = try? Self.unix(short)
            }
        }
        for count in 0..<(Replies.packet.count - 16) { _ = try? Self.packet(cut(Replies.packet, to: count)) }
        for count in 0..<(Replies.netlink.count - 16) { _ = try? Self.netlink(cut(Replies.netlink, to: count)) }
    }

    @Test("Attributes that are too short are refused") func refusesShortAttributes() {
        for type: UInt16 in [1, 3, 5, 6, 7, 8, 9, 11, 15, 16, 17, 21, 22] {
            #expect(throws: DecodeError.self) { try Self.inet(adding(attribute: type, [], to: Replies.mapped)) }
        }
        for type: UInt16 in [1, 2, 4, 5, 6, 7] {
            #expect(throws: DecodeError.self) { try Self.unix(adding(attribute: type, [], to: Replies.unixAbstract)) }
        }
    }

    @Test("An unknown attribute is kept") func keepsUnknown() throws {
        #expect(
            try Self.inet(adding(attribute: 200, [1, 2, 3, 4], to: Replies.mapped)).unknown.elements.map(\.number) == [
                200
            ])
        #expect(try Self.unix(adding(attribute: 200, [1], to: Replies.unixAbstract)).unknown.elements.count == 1)
        #expect(try Self.packet(adding(attribute: 200, [1], to: Replies.packet)).unknown.elements.count == 1)
        #expect(try Self.netlink(adding(attribute: 200, [1], to: Replies.netlink)).unknown.elements.count == 1)
    }

    @Test("A control group's number of more than 32 bits is whole") func readsLongCgroups() throws {
        let id: [UInt8] = [1, 2, 3, 4, 5, 0, 0, 0]
        var socket = try Self.inet(adding(attribute: 21, id, to: Replies.onlyIPv6))
        #expect(socket.cgroupID == 0x5_0403_0201 && socket.state == .listening)
        socket.cgroupID = 3
        #expect(socket.cgroupID == 3)
        socket.cgroupID = nil
        #expect(socket.cgroupID == nil)
    }

    @Test("What sits between TCP and the program") func readsUpperLayers() throws {
        // INET_ULP_INFO_NAME "tls", INET_ULP_INFO_TLS { version 1.3, AES-GCM-256, kernel both ways, no padding }.
        let tls = captured(
            "08000100746c7300 30000280 0600010004030000 0600020034000000 0600030002000000 0600040002000000 04000600 06000700ff3f0000"
        )
        let socket = try Self.inet(adding(attribute: 19, tls, to: Replies.mapped))
        let layer = try #require(socket.upperLayer)
        #expect(layer.name == "tls" && layer.tls?.version == 0x304 && layer.tls?.cipher == 52)
        #expect(layer.tls?.sending == .kernel && layer.tls?.receiving == .kernel && layer.tls?.expectsNoPadding == true)
        #expect(layer.tls?.sendsWithoutCopy == false && layer.mptcp == nil)
        let subflow = captured(
            "0a0001006d70746370000000 24000380 0800010011111111 0800020022222222 08000800c3000000 05000a0001000000")
        let mptcp = try #require(try Self.inet(adding(attribute: 19, subflow, to: Replies.mapped)).upperLayer?.mptcp)
        #expect(mptcp.remoteToken == 0x1111_1111 && mptcp.localToken == 0x2222_2222 && mptcp.localID == 1)
        #expect(
            mptcp.flags == [.remoteCapable, .localCapable, .fullyEstablished, .connected] && mptcp.mapSequence == nil)
    }

    @Test("Keys of signatures, of which the kernel tells one after the other") func readsSignatures() throws {
        func key(_ start: String, _ key: String) -> [UInt8] {
            captured(start) + key.utf8 + [UInt8](repeating: 0, count: 80 - key.utf8.count)
        }
        let first = key("02200600 0a000001 000000000000000000000000", "secret")
        let second = key("0a401000 20010db8000000000000000000000000", "another one here")
        let socket = try Self.inet(adding(attribute: 18, first + second, to: Replies.mapped))
        let signatures = try #require(socket.signatures)
        #expect(signatures.map(\.peers) == ["10.0.0.1/32", "2001:db8::/64"])
        #expect(signatures.map(\.key) == [Array("secret".utf8), Array("another one here".utf8)])
        #expect(!"\(signatures)".contains("secret"))
        // A prefix or a key that is longer than there is room for; a piece of one at the end.
        var wrong = first
        wrong[1] = 200
        wrong += second
        wrong[102] = 255
        let rest = try Self.inet(adding(attribute: 18, wrong + first.prefix(99), to: Replies.mapped)).signatures
        #expect(rest?.map(\.key.count) == [80])
        #expect(try Self.inet(Replies.mapped).signatures == nil)
    }

    @Test("Congestion control's own words") func readsCongestion() throws {
        let bbr = captured("00e1f505 01000000 0a000000 26020000 00020000")
        guard case .bbr(let details) = try Self.inet(adding(attribute: 16, bbr, to: Replies.mapped)).congestionDetails
        else {
            Issue.record("no BBR")
            return
        }
        #expect(details.bandwidth == 0x1_05f5_e100 && details.minimumRoundTripTime == 10 && details.pacingGain == 550)
        let dctcp = captured("0100 0000 00040000 05000000 06000000")
        guard case .dctcp(let more) = try Self.inet(adding(attribute: 9, dctcp, to: Replies.mapped)).congestionDetails
        else {
            Issue.record("no DCTCP")
            return
        }
        #expect(more.enabled == 1 && more.alpha == 1024 && more.markedBytes == 5 && more.totalBytes == 6)
    }

    @Test("Random bytes neither trap nor loop") func survivesNoise() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var bytes = [Replies.vegas, Replies.unixListening, Replies.packet, Replies.netlink].randomElement() ?? []
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                bytes[Int.random(in: 16..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if let socket = try? Self.inet(bytes) { _ = (socket.hashValue, socket.upperLayer, socket.tcp?.pacingRate) }
            _ = try? Self.unix(bytes).hashValue
            _ = try? Self.packet(bytes).hashValue
            _ = try? Self.netlink(bytes).hashValue
        }
    }
}
