// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkRoute

// Messages of iproute2 6.15 and of Linux 7.2, captured at the C library's sendmsg and recvmsg.
@Suite("Addresses") struct AddressTests {
    private static let link: InterfaceIndex = 19
    private static let headerByteCount = 8

    private static func message(_ digits: String) throws -> CapturedMessage {
        try CapturedMessage(captured(digits), headerByteCount: headerByteCount)
    }

    private static func message(_ command: some Command<RouteProtocol>) throws -> CapturedMessage {
        try CapturedMessage(try command.messageBytes(), headerByteCount: headerByteCount)
    }

    private static func address(_ digits: String) throws -> Address {
        try CapturedMessage.reading(captured(digits)) { (message: borrowing Message) throws(DecodeError) in
            try Address(decoding: message)
        }
    }

    static let plain =
        "4c000000140002000a4e016b91000000020880fe01000000080001007f000001080002007f000001070003006c6f00"
        + "00080008008000000014000600ffffffffffffffff3500000035000000"
    static let linkLocal =
        "50000000140002000a4e016b910000000a4080fd1300000014000100fe80000000000000fc2c66fffe80028f"
        + "14000600ffffffffffffffff3d0000003d000000080008008000000005000b0003000000"

    @Test("`ip address add` in its forms is sent byte by byte") func adding() throws {
        // ip address add 10.0.0.1/24 dev d0
        #expect(
            try Self.message(AddAddress(Address("10.0.0.1/24", on: Self.link)))
                == Self.message(
                    "2800000014000506084e016b000000000218000013000000080002000a000001080001000a000001"))
        // ip address add 10.0.2.1 peer 10.0.2.2/32 dev d0
        #expect(
            try Self.message(AddAddress(Address("10.0.2.1", peer: "10.0.2.2/32", on: Self.link)))
                == Self.message(
                    "2800000014000506084e016b000000000220000013000000080002000a000201080001000a000202"))
        // ip address add 127.0.0.5/8 dev lo
        #expect(
            try Self.message(AddAddress(Address("127.0.0.5/8", on: 1)))
                == Self.message(
                    "2800000014000506084e016b00000000020800fe01000000080002007f000005080001007f000005"))
        // ip address add 2001:db8::5 peer 2001:db8::6/128 dev d0 metric 5
        var peer = Address("2001:db8::5", peer: "2001:db8::6/128", on: Self.link)
        peer.metric = 5
        #expect(
            try Self.message(AddAddress(peer))
                == Self.message(
                    """
                    4800000014000506084e016b000000000a800000130000001400020020010db800000000000000000000000514000100
                    20010db80000000000000000000000060800090005000000
                    """))
    }

    @Test("every option of an IPv4 address is sent as `ip` does") func options() throws {
        // ip address add 10.0.1.1/24 broadcast 10.0.1.255 label d0:x scope link metric 77 proto 9 noprefixroute dev d0
        var address = Address("10.0.1.1/24", on: Self.link)
        address.broadcast = "10.0.1.255"
        address.label = "d0:x"
        address.scope = .link
        address.metric = 77
        address.origin = AddressProtocol(rawValue: 9)
        address.flags = .noPrefixRoute
        #expect(
            try Self.message(AddAddress(address))
                == Self.message(
                    """
                    5400000014000506084e016b00000000021800fd13000000080002000a000101080004000a0001ff0900030064303a78
                    00000000080009004d00000005000b00090000000800080000020000080001000a000101
                    """))
        // ip address add 10.0.3.1/24 valid_lft 1000 preferred_lft 500 dev d0
        var limited = Address("10.0.3.1/24", on: Self.link)
        limited.validLifetime = .seconds(1000)
        limited.preferredLifetime = .seconds(500)
        #expect(
            try Self.message(AddAddress(limited))
                == Self.message(
                    """
                    3c00000014000506084e016b000000000218000013000000080002000a000301080001000a00030114000600f4010000
                    e80300000000000000000000
                    """))
        // ip address add 10.0.4.1/24 anycast 10.0.4.9 dev d0
        var anycast = Address("10.0.4.1/24", on: Self.link)
        anycast.anycast = "10.0.4.9"
        #expect(
            try Self.message(AddAddress(anycast))
                == Self.message(
                    """
                    3000000014000506084e016b000000000218000013000000080002000a000401080005000a000409080001000a000401
                    """))
        // ip address add 239.1.1.1/32 dev d0 autojoin
        var group = Address("239.1.1.1/32", on: Self.link)
        group.flags = .multicastAutojoin
        #expect(
            try Self.message(AddAddress(group))
                == Self.message(
                    """
                    3000000014000506084e016b00000000022000001300000008000200ef010101080008000004000008000100ef010101
                    """))
    }

    @Test("every flag of an IPv6 address is sent as `ip` does, and none that the kernel reports") func flags() throws {
        // ip address add 2001:db8::1/64 dev d0 nodad home mngtmpaddr optimistic noprefixroute
        var address = Address("2001:db8::1/64", on: Self.link)
        address.flags = [.noDuplicateDetection, .home, .manageTemporary, .optimistic, .noPrefixRoute]
        let wanted = try Self.message(
            """
            4800000014000506084e016b000000000a400000130000001400020020010db80000000000000000000000010800080016030000
            1400010020010db8000000000000000000000001
            """)
        #expect(try Self.message(AddAddress(address)) == wanted)
        address.flags.formUnion(.reported)
        #expect(try Self.message(AddAddress(address)) == wanted)
        // Flags of eight bits stand in the header, which older kernels read.
        address.flags = .noDuplicateDetection
        let message = try Self.message(AddAddress(address))
        #expect(message.header[2] == 2)
        #expect(!message.attributes.contains { $0.number == 8 })
    }

    @Test("replacing and changing differ from adding by their flags alone") func modes() throws {
        // ip address replace 10.0.0.1/24 dev d0 metric 9
        var address = Address("10.0.0.1/24", on: Self.link)
        address.metric = 9
        #expect(
            try Self.message(AddAddress(address, mode: .replace))
                == Self.message(
                    "3000000014000505094e016b000000000218000013000000080002000a0000010800090009000000080001000a000001"))
        // ip address change 10.0.0.1/24 dev d0 valid_lft forever
        var forever = Address("10.0.0.1/24", on: Self.link)
        forever.validLifetime = .forever
        #expect(
            try Self.message(AddAddress(forever, mode: .change))
                == Self.message(
                    """
                    3c00000014000501094e016b000000000218000013000000080002000a000001080001000a00000114000600ffffffff
                    ffffffff0000000000000000
                    """))
    }

    @Test("`ip address delete` in its forms is sent byte by byte") func removing() throws {
        // ip address delete 10.0.1.1/24 dev d0 label d0:x
        var labelled = Address("10.0.1.1/24", on: Self.link)
        labelled.label = "d0:x"
        labelled.metric = 5
        labelled.flags = [.permanent, .noPrefixRoute]
        #expect(
            try Self.message(RemoveAddress(labelled))
                == Self.message(
                    """
                    3400000015000500094e016b000000000218000013000000080002000a0001010900030064303a780000000008000100
                    0a000101
                    """))
        // ip address delete 2001:db8::5 peer 2001:db8::6/128 dev d0
        #expect(
            try Self.message(RemoveAddress(Address("2001:db8::5", peer: "2001:db8::6/128", on: Self.link)))
                == Self.message(
                    """
                    4000000015000500094e016b000000000a800000130000001400020020010db800000000000000000000000514000100
                    20010db8000000000000000000000006
                    """))
        // ip address delete 10.0.3.1 dev d0
        #expect(
            try Self.message(RemoveAddress(Address("10.0.3.1/24", on: Self.link), ignoresPrefix: true))
                == Self.message("2000000015000500094e016b000000000220000013000000080002000a000301"))
    }

    @Test("a list asks for what `ip` asks for") func listing() throws {
        // ip -4 address show dev d0; ip sends 128 bytes of zeros more.
        let bytes = try AddressDump.addresses(on: Self.link, family: .ipv4).messageBytes()
        #expect(
            try CapturedMessage(bytes, headerByteCount: Self.headerByteCount)
                == Self.message("18000000160001030a4e016b000000000200000013000000"))
        var other = AddressDump.addresses
        other.namespaceID = 3
        let message = try CapturedMessage(try other.messageBytes(), headerByteCount: Self.headerByteCount)
        #expect(message.attributes == [UnknownAttribute(rawType: 10, payload: [3, 0, 0, 0])])
        var query = AddressQuery("2001:db8::1", on: 3)
        query.namespaceID = 4
        let asked = try CapturedMessage(try query.messageBytes(), headerByteCount: Self.headerByteCount)
        #expect(asked.header == [10, 0, 0, 0, 3, 0, 0, 0])
        #expect(asked.attributes.map(\.number) == [1, 10])
    }

    @Test("what the kernel sends is read whole") func decoding() throws {
        let plain = try Self.address(Self.plain)
        #expect(plain.family == .ipv4 && plain.prefix == "127.0.0.1/8" && plain.index == 1)
        #expect(plain.local == "127.0.0.1" && plain.peer == nil && plain.scope == .host && plain.label == "lo")
        #expect(plain.flags == .permanent && plain.flags.contains(.permanent))
        #expect(plain.validLifetime == .forever && plain.preferredLifetime?.duration == nil)
        #expect(plain.state.created == 0x35 && plain.state.updated == 0x35)
        #expect(plain.metric == nil && plain.origin == nil && plain.broadcast == nil && plain.unknown.isEmpty)

        let linkLocal = try Self.address(Self.linkLocal)
        #expect(linkLocal.prefix == "fe80::fc2c:66ff:fe80:28f/64" && linkLocal.peer == nil)
        #expect(linkLocal.scope == .link && linkLocal.origin == .kernelLinkLocal && linkLocal.label == nil)
        #expect(linkLocal.settings.flags.isEmpty && linkLocal.settings.state == AddressState())
    }

    @Test("own address and peer are told apart by which attribute differs") func peers() throws {
        func read(_ family: AddressFamily, _ body: (inout MessageWriter) -> Void) throws -> Address {
            var writer = MessageWriter()
            writer.beginMessage(type: RouteMessageType.newAddress.rawValue, flags: [], sequence: 0)
            var header = AddressHeader()
            header.family = family
            header.encode(into: &writer)
            body(&writer)
            writer.endMessage()
            return try CapturedMessage.reading(writer.bytes.array) { (message: borrowing Message) throws(DecodeError) in
                try Address(decoding: message)
            }
        }
        let both = try read(.ipv6) { writer in
            writer.put(AddressAttribute.address, "2001:db8::6" as IPAddress?)
            writer.put(AddressAttribute.local, "2001:db8::5" as IPAddress?)
        }
        #expect(both.local == "2001:db8::5" && both.peer == "2001:db8::6")
        let own = try read(.ipv6) { $0.put(AddressAttribute.address, "2001:db8::6" as IPAddress?) }
        #expect(own.local == "2001:db8::6" && own.peer == nil)
        let alone = try read(.ipv4) { $0.put(AddressAttribute.local, "10.0.0.1" as IPAddress?) }
        #expect(alone.local == "10.0.0.1" && alone.peer == "0.0.0.0")
        let group = try read(.ipv4) { $0.put(AddressAttribute.multicast, "224.0.0.1" as IPAddress?) }
        #expect(group.local == nil && group.state.multicast == "224.0.0.1")
        let elsewhere = try read(.ipv4) { writer in
            writer.put(AddressAttribute.targetNamespaceID, Int32(5))
            writer.put(AddressAttribute.anycast, "10.0.0.9" as IPAddress?)
        }
        #expect(elsewhere.state.namespaceID == 5 && elsewhere.anycast == "10.0.0.9")
    }

    @Test("unknown attributes and addresses of other families are kept and go back, but not when changing")
    func unknown() throws {
        let strange = UnknownAttribute(rawType: 0x4123, payload: [1, 2, 3])
        let odd = UnknownAttribute(rawType: 1, payload: [9])
        let bytes = appending(odd, to: appending(strange, to: captured(Self.linkLocal)))
        let address = try CapturedMessage.reading(bytes) { (message: borrowing Message) throws(DecodeError) in
            try Address(decoding: message)
        }
        #expect(address.unknown.elements == [strange, odd])
        let sent = try Self.message(AddAddress(address))
        #expect(sent.attributes.contains(strange))
        #expect(try Self.message(AddAddress(address, mode: .replace)).attributes.contains(strange))
        #expect(try !Self.message(AddAddress(address, mode: .change)).attributes.contains(strange))
        #expect(address.settings.unknown == address.unknown)
        #expect(try !Self.message(RemoveAddress(address)).attributes.contains(strange))
    }

    @Test("every truncation is read or refused, never more", arguments: [plain, linkLocal])
    func truncation(_ digits: String) throws {
        for bytes in truncations(of: captured(digits)) {
            do {
                _ = try CapturedMessage.reading(bytes) { (message: borrowing Message) throws(DecodeError) in
                    try Address(decoding: message)
                }
            } catch {
                #expect(error is DecodeError)
            }
        }
    }

    @Test("what the kernel would refuse is refused here, and nothing is sent") func validation() throws {
        func refusal(_ prefix: IPPrefix, _ change: (inout Address) -> Void) -> String? {
            var address = Address(prefix, on: 1)
            change(&address)
            let error = #expect(throws: NetlinkError.self) { try AddAddress(address).messageBytes() }
            #expect(error?.isInvalid == true)
            return error?.explanation
        }
        #expect(refusal("10.0.0.1/24") { $0.peer = "::1" }?.contains("family") == true)
        #expect(refusal("10.0.0.1/24") { $0.broadcast = "::1" }?.contains("family") == true)
        #expect(refusal("10.0.0.1/24") { $0.prefixLength = 33 } == "prefix length above 32")
        #expect(refusal("10.0.0.1/24") { $0.local = nil } == "an address is missing")
        #expect(refusal("10.0.0.1/24") { $0.label = "sixteen-letters!" }?.contains("label") == true)
        #expect(refusal("10.0.0.1/24") { $0.validLifetime = .seconds(0) }?.contains("valid lifetime") == true)
        #expect(refusal("10.0.0.1/24") { $0.flags = .multicastAutojoin }?.contains("group") == true)
        #expect(refusal("2001:db8::1/63") { $0.flags = .manageTemporary }?.contains("64") == true)
        let longer = refusal("10.0.0.1/24") { address in
            address.validLifetime = .seconds(5)
            address.preferredLifetime = .seconds(6)
        }
        #expect(longer?.contains("preferred") == true)
        var wrong = Address("10.0.0.1/24", on: 1)
        wrong.prefixLength = 33
        wrong.broadcast = "::1"
        wrong.label = "sixteen-letters!"
        let error = #expect(throws: NetlinkError.self) { try wrong.validate() }
        #expect(error?.problems.map(\.field) == ["prefixLength", "broadcast", "label"])
        // Unchecked it is for the kernel to judge.
        var unchecked = AddAddress(Address("10.0.0.1/24", on: 1))
        unchecked.address.prefixLength = 33
        unchecked.isChecked = false
        #expect(try Self.message(unchecked).header[1] == 33)
        // A label of 15 bytes and a preferred lifetime left out are fine.
        var fine = Address("10.0.0.1/24", on: 1)
        fine.label = "fifteen-letters"
        fine.validLifetime = .seconds(5)
        #expect(try Self.message(AddAddress(fine)).attributes.last?.payload.prefix(8) == [5, 0, 0, 0, 5, 0, 0, 0])
    }
}
