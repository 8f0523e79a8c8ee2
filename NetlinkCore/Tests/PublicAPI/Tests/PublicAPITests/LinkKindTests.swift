// SPDX-License-Identifier: Apache-2.0

import ClientKind
import NetlinkCore
import NetlinkRoute
import NetlinkTestSupport
import Testing

/// Captures of kind `bareudp`, whose name is replaced by one of the same length.
@Suite("A link kind defined with public API only", .serialized) struct LinkKindTests {
    /// `ip link add b0 type bareudp dstport 6635 ethertype ipv4 srcportmin 1000 multiproto`, iproute2 6.15.
    static let request = hex(
        """
        58 00 00 00 10 00 05 06 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
        07 00 03 00 62 30 00 00 30 00 12 00 0b 00 01 00 62 61 72 65 6f 77 6e 00 20 00 02 00 06 00 01 00
        19 eb 00 00 06 00 02 00 08 00 00 00 06 00 03 00 e8 03 00 00 04 00 04 00
        """)

    /// The part of Linux 7.2's RTM_NEWLINK for that link which concerns name and kind, behind the message's header.
    static let reply = hex(
        """
        00 00 fe ff 13 00 00 00 90 10 00 00 00 00 00 00 07 00 03 00 62 30 00 00 30 00 12 00 0c 00 01 00
        62 61 72 65 6f 77 6e 00 20 00 02 00 06 00 01 00 19 eb 00 00 06 00 02 00 08 00 00 00
        06 00 03 00 e8 03 00 00 04 00 04 00
        """)

    static var tunnel: OwnTunnel {
        var tunnel = OwnTunnel(port: 6635, etherType: 0x0800)
        tunnel.leastSourcePort = 1000
        tunnel.isMultiprotocol = true
        return tunnel
    }

    @Test("is sent as the reference tool sends it") func encoded() throws {
        #expect(try AddLink(Link(name: "b0", kind: Self.tunnel)).messageBytes() == Self.request)
    }

    @Test("comes back typed once it is registered, and raw bytes before") func decoded() async throws {
        let kernel = FakeKernel { request in
            request.isDump
                ? request.dump([FakeMessage(type: 16, payload: Self.reply)])
                : request.object(FakeMessage(type: 16, payload: Self.reply))
        }
        let connection = try RouteConnection(opening: kernel.source)
        let raw = try #require(try await connection.dump(.links).first)
        #expect(raw.kind?.name == OwnTunnel.kindName)
        #expect(raw.kind?.as(OwnTunnel.self) == nil)
        #expect(raw.kind?.data?.count == 28)

        LinkKinds.register(OwnTunnel.self)
        let link = try #require(try await connection.dump(.links).first)
        #expect(link.name == "b0")
        #expect(link.kind?.as(OwnTunnel.self) == Self.tunnel)
        #expect(AddLink(link).description.contains("IFLA_BAREUDP_PORT"))
        let blocking = try BlockingRouteConnection(opening: kernel.source)
        #expect(try blocking.query(LinkQuery("b0")).kind?.as(OwnTunnel.self) == Self.tunnel)
    }

    @Test("only what differs is sent in a change") func changed() throws {
        var base = Link(name: "b0", kind: Self.tunnel)
        base.index = 19
        var changed = Self.tunnel
        changed.leastSourcePort = 2000
        var link = base
        link.kind = AnyLinkKind(changed)
        // The kind again, and in its data the one option.
        let end = hex("1c 00 12 00 0b 00 01 00 62 61 72 65 6f 77 6e 00 0c 00 02 00 06 00 03 00 d0 07 00 00")
        #expect(try UpdateLink(link, from: base).messageBytes().suffix(end.count).elementsEqual(end))
    }

    @Test("is checked before anything is sent, and errors name its attributes") func errors() async throws {
        LinkKinds.register(OwnTunnel.self)
        let kernel = FakeKernel { $0.error(.outOfRange, message: "integer out of range", offset: 60) }
        let connection = try RouteConnection(opening: kernel.source)
        do throws(NetlinkError) {
            try await connection.perform(AddLink(Link(name: "b0", kind: OwnTunnel(port: 0, etherType: 1))))
            Issue.record("no error")
        } catch {
            #expect(error.explanation == "port 0 is no port")
            #expect(kernel.requests.isEmpty)
        }
        do throws(NetlinkError) {
            try await connection.perform(AddLink(Link(name: "b0", kind: Self.tunnel)))
            Issue.record("no error")
        } catch {
            #expect(error.path?.description == "IFLA_LINKINFO/IFLA_INFO_DATA/IFLA_BAREUDP_PORT")
        }
    }
}
