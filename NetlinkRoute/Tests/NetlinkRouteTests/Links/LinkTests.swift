// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkRoute

@Suite("Links") struct LinkTests {
    static let headerByteCount = 16

    static func message(_ bytes: [UInt8]) throws -> CapturedMessage {
        try CapturedMessage(bytes, headerByteCount: headerByteCount)
    }

    static func message(_ digits: String) throws -> CapturedMessage { try message(captured(digits)) }

    static func message(_ command: some Command<RouteProtocol>) throws -> CapturedMessage {
        try message(try command.messageBytes())
    }

    static func message(_ query: some Query<RouteProtocol>) throws -> CapturedMessage {
        try message(try query.messageBytes())
    }

    static func message(_ dump: some Dump<RouteProtocol>) throws -> CapturedMessage {
        try message(try dump.messageBytes())
    }

    static func link(_ bytes: [UInt8]) throws -> Link {
        try CapturedMessage.reading(bytes) { (message: borrowing Message) throws(DecodeError) in
            try Link(decoding: message)
        }
    }

    /// The whole request of `ip link set`.
    private static func whole(_ example: LinkExample) -> [UInt8] {
        let rest = captured("0000000013000000" + example.bytes)
        return [UInt8(16 + rest.count), 0, 0, 0, 16, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0] + rest
    }

    @Test("every option of `ip link set` is sent byte by byte", arguments: LinkExample.set)
    func setting(_ example: LinkExample) throws {
        var link = Link(index: LinkExample.index)
        example.change(&link)
        let bytes = try UpdateLink(link).messageBytes()
        let wanted = Self.whole(example)
        #expect(bytes.count == wanted.count)
        #expect(try Self.message(bytes) == Self.message(wanted))
        #expect(try AddLink(link).messageBytes().dropFirst(16).elementsEqual(bytes.dropFirst(16)))
    }

    @Test("options of `ip link add` are sent byte by byte", arguments: LinkExample.added)
    func adding(_ example: LinkExample) throws {
        var link = Link()
        example.change(&link)
        #expect(try Self.message(AddLink(link)) == Self.message(example.bytes))
    }

    @Test("each option is sent alone where it alone differs from what was read, and not where nothing does")
    func differences() throws {
        let base = try Self.link(captured(LinkDecodingTests.rich))
        #expect(try UpdateLink(base, from: base).messageBytes().count == 32)
        var all: [String] = []
        for example in LinkExample.set {
            var link = base
            link.changedFlags = []
            example.change(&link)
            // A renewal of the same value is no difference; of the families only what was changed is one.
            if link == base { continue }
            link.index = LinkExample.index
            var read = base
            read.index = LinkExample.index
            var lone = Link(index: LinkExample.index)
            example.change(&lone)
            let sent = try UpdateLink(link, from: read).messageBytes()
            #expect(
                try Self.message(sent).attributes == Self.message(UpdateLink(lone)).attributes,
                "\(example.command)")
            #expect(sent.count == Self.whole(example).count, "\(example.command)")
            all.append(example.command)
        }
        #expect(all.count >= 28, "\(all)")
    }

    @Test("a flag is found by comparing, also where it was not marked as meant") func flags() throws {
        let base = try Self.link(captured(LinkDecodingTests.rich))
        var link = base
        link.flags.remove(.promiscuous)
        link.flags.insert(.dynamic)
        let sent = try Self.message(UpdateLink(link, from: base))
        #expect(sent.header[8...] == [0, 0x80, 0, 0, 0, 0x81, 0, 0])
        #expect(sent.attributes.isEmpty)
    }

    @Test("namespaces and numbers in them go with a link") func targets() throws {
        // ip link set dev d0 netns 1, where that name was opened as descriptor 4.
        let moved = UpdateLink(Link(index: LinkExample.index), to: LinkTarget(.descriptor(4)))
        #expect(
            try Self.message(moved)
                == Self.message("280000001000050000000000000000000000000013000000000000000000000008001c0004000000"))
        // ip link add name e1 netns n1 type dummy
        let added = AddLink(Link(name: "e1", kind: DummyLink()), in: LinkTarget(.descriptor(4)))
        #expect(
            try Self.message(added)
                == Self.message(
                    "40000000100005060000000000000000000000000000000000000000000000000800"
                        + "1c00040000000700030065310000100012000900010064756d6d79000000"))
        var target = LinkTarget(.pid(77))
        target.newIndex = 5
        target.requestNamespaceID = 9
        // IFLA_NET_NS_PID, IFLA_TARGET_NETNSID, IFLA_NEW_IFINDEX
        #expect(
            try Self.message(UpdateLink(Link(index: 19), to: target)).attributes == [
                UnknownAttribute(rawType: 19, payload: [77, 0, 0, 0]),
                UnknownAttribute(rawType: 46, payload: [9, 0, 0, 0]),
                UnknownAttribute(rawType: 49, payload: [5, 0, 0, 0]),
            ])
    }

    @Test("all links of a group are changed where neither number nor name is given") func groups() throws {
        // ip link set group 9 down
        var change = Link()
        change.group = 9
        change.isUp = false
        #expect(
            try Self.message(UpdateLink(change))
                == Self.message("280000001000050000000000000000000000000000000000000000000100000008001b0009000000"))
    }

    @Test("`ip link delete` in its forms is sent byte by byte") func removing() throws {
        // ip link delete dev d0
        #expect(
            try Self.message(RemoveLink(.index(19)))
                == Self.message("2000000011000500000000000000000000000000130000000000000000000000"))
        // ip link delete group 42
        #expect(
            try Self.message(RemoveLink(group: 42))
                == Self.message("280000001100050000000000000000000000000000000000000000000000000008001b002a000000"))
        // ip link delete dev e0 type dummy
        var typed = RemoveLink(.index(77))
        typed.kind = "dummy"
        #expect(
            try Self.message(typed)
                == Self.message(
                    "30000000110005000000000000000000000000004d000000000000000000000010"
                        + "0012000900010064756d6d79000000"))
    }

    @Test("`ip link property` is sent byte by byte") func alternativeNames() throws {
        // ip link property add dev d0 altname one altname quite-a-long-alternative-name
        #expect(
            try Self.message(AlternativeNames.adding(["one", "quite-a-long-alternative-name"], to: 19))
                == Self.message(
                    "500000006c00050e00000000000000000000000013000000000000000000000030003480080035006f6e6500"
                        + "2200350071756974652d612d6c6f6e672d616c7465726e61746976652d6e616d65000000"))
        // ip link property del dev d0 altname one
        #expect(
            try Self.message(AlternativeNames.removing(["one"], from: 19))
                == Self.message(
                    "2c0000006d0005000000000000000000000000001300000000000000000000000c003480080035006f6e6500"))
    }

    @Test("a name that no link could have is refused before anything is sent, unless told otherwise")
    func badNames() throws {
        let wrong = ["", "with space", "sl/ash", String(repeating: "x", count: 128), "nul\0"]
        for name in wrong {
            let command = AlternativeNames.adding(["fine", name], to: "d0")
            let error = #expect(throws: NetlinkError.self) { try command.messageBytes() }
            #expect(error?.isInvalid == true, "\(name)")
        }
        for name in wrong.dropLast() {
            var command = AlternativeNames.adding(["fine", name], to: "d0")
            command.isChecked = false
            let bytes = try command.messageBytes()
            #expect(bytes.count > 48)
            #expect(throws: Never.self) { try AlternativeNames.removing([name], from: "d0").messageBytes() }
        }
        #expect(throws: Never.self) {
            try AlternativeNames.adding([String(repeating: "x", count: 127)], to: "d0").messageBytes()
        }
        var link = Link(name: "d0")
        link.alias = String(repeating: "x", count: 255)
        #expect(throws: Never.self) { try UpdateLink(link).messageBytes() }
        link.alias = String(repeating: "x", count: 256)
        #expect(throws: NetlinkError.self) { try UpdateLink(link).messageBytes() }
        #expect(throws: NetlinkError.self) { try AddLink(link).messageBytes() }
    }

    @Test("lists and queries ask the kernel for what is meant") func asking() throws {
        // ip link show type bridge; iproute2 names a family, which the kernel does not look at.
        var bridges = try Self.message(LinkDump.links(kind: "bridge", detail: [.virtualFunctions, .withoutStatistics]))
        let kinds = try Self.message(
            "3800000012000103000000000000000011000000000000000000000000000000"
                + "08001d0009000000100012000a0001006272696467650000")
        for index in bridges.attributes.indices {
            let attribute = bridges.attributes[index]
            bridges.attributes[index] = UnknownAttribute(rawType: attribute.number, payload: attribute.payload)
        }
        #expect(bridges.attributes.sorted { $0.number < $1.number } == kinds.attributes)
        #expect(bridges.flags == kinds.flags && bridges.type == kinds.type)
        // ip link show master br0
        let ports = try Self.message(LinkDump.links(master: 20, detail: [.virtualFunctions, .withoutStatistics]))
        #expect(
            ports.attributes
                == (try Self.message(
                    "3000000012000103000000000000000011000000000000000000000000000000"
                        + "08001d000900000008000a0014000000")).attributes)
        // ip link show dev d0, and by a long alternative name
        for (name, digits) in [
            (
                "d0",
                "3000000012000100000000000000000000000000000000000000000000000000"
                    + "08001d00090000000700030064300000"
            ),
            (
                "quite-a-long-alternative-name",
                "4c00000012000100000000000000000000000000000000000000000000000000"
                    + "08001d00090000002200350071756974652d612d6c6f6e672d616c7465726e61746976652d6e616d65000000"
            ),
        ] {
            var sent = try Self.message(LinkQuery(.name(name), detail: [.virtualFunctions, .withoutStatistics]))
            // Our queries ask for the acknowledgement too.
            sent.flags.remove(.acknowledge)
            #expect(try sent == Self.message(digits))
        }
        var elsewhere = LinkDump.links
        elsewhere.namespaceID = 5
        let target = UnknownAttribute(rawType: 46, payload: [5, 0, 0, 0])
        #expect(try Self.message(elsewhere).attributes == [target])
        var query = LinkQuery(7)
        query.namespaceID = 5
        let asked = try Self.message(query)
        #expect(asked.attributes == [target] && asked.header[4] == 7)
    }
}
