// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkTestSupport
import Testing

@testable import NetlinkRoute

@Suite("Links by one line") struct ConnectionLinksTests {
    private static func reply(_ link: Link) -> FakeMessage {
        FakeMessage(type: RouteMessageType.newLink.rawValue) { link.encode(into: &$0, changing: nil) }
    }

    private static func present(_ change: (inout Link) -> Void = { _ in }) -> Link {
        var link = Link(name: "br0", kind: BridgeLink())
        link.index = 7
        link.mtu = 1500
        link.flags = [.up, .broadcast]
        change(&link)
        return link
    }

    /// A kernel whose answers with virtual functions do not fit into a message.
    private static let crowded = FakeKernel { request in
        var asked: UInt32 = 0
        var reader = request.attributes(of: LinkAttribute.self, after: 16)
        while let attribute = try? reader.next() {
            if attribute.id == .extensionMask { asked = (try? attribute.integer()) ?? 0 }
        }
        if LinkDetail(rawValue: asked).contains(.virtualFunctions) { return request.error(.messageTooLong) }
        let answer = reply(present { $0.group = asked })
        return request.isDump ? request.dump([answer]) : request.object(answer)
    }

    @Test("an answer too long for its virtual functions is asked for again without them, the rest kept")
    func retry() async throws {
        let detail: LinkDetail = [.virtualFunctions, .withoutStatistics]
        let blocking = try BlockingRouteConnection(opening: Self.crowded.source)
        #expect(try blocking.link("br0", detail: detail).group == 8)
        #expect(try blocking.links(detail: detail).map(\.group) == [8])
        let connection = try RouteConnection(opening: Self.crowded.source)
        #expect(try await connection.link("br0", detail: detail).group == 8)
        #expect(try await connection.links(detail: detail).map(\.group) == [8])
        // Nothing is left to leave out.
        let small = FakeKernel { $0.error(.messageTooLong) }
        let error = #expect(throws: NetlinkError.self) {
            try BlockingRouteConnection(opening: small.source).link("br0", detail: detail)
        }
        #expect(error?.code == .messageTooLong && small.requests.count == 2)
    }

    @Test("a list of virtual functions that wrapped is asked for again without them") func wrapped() throws {
        let kernel = FakeKernel { request in
            let isAskedForThem = request.payload.count > 16 && request.payload[20] == 1
            return request.object(
                FakeMessage(type: 16) { writer in
                    Self.present().encode(into: &writer, changing: nil)
                    if isAskedForThem {
                        writer.put(LinkAttribute.virtualFunctionCount, UInt32(400))
                        writer.put(LinkAttribute.address, [9, 9])
                    }
                })
        }
        let link = try BlockingRouteConnection(opening: kernel.source).link(7, detail: .virtualFunctions)
        #expect(link.address == nil && kernel.requests.count == 2)
    }

    private static func outcome(
        _ wanted: Link, having present: Link?
    ) throws -> (outcome: EnsureOutcome, requests: [FakeRequest]) {
        let kernel = FakeKernel { request in
            if request.type == RouteMessageType.getLink.rawValue {
                return present.map { request.object(reply($0)) } ?? request.error(.noDevice)
            }
            return request.flags.contains(.exclusive) && present != nil
                ? request.error(.exists) : request.acknowledge()
        }
        let connection = try BlockingRouteConnection(opening: kernel.source)
        return (try connection.ensure(wanted), kernel.requests)
    }

    @Test("ensuring adds what is missing, and leaves alone what is as wanted") func ensuring() throws {
        var wanted = Link(name: "br0", kind: BridgeLink())
        wanted.mtu = 1500
        wanted.isUp = true
        wanted.master = InterfaceIndex.none
        #expect(try Self.outcome(wanted, having: nil) == (.added, 1))
        #expect(try Self.outcome(wanted, having: Self.present()) == (.unchanged, 2))
        // The other end of a cable counts only where the cable is made.
        let cable = Link(name: "v0", kind: VethLink(peer: Link(name: "v1")))
        let there = Self.present {
            $0.name = "v0"
            $0.kind = AnyLinkKind(VethLink())
        }
        #expect(try Self.outcome(cable, having: there) == (.unchanged, 2))
    }

    @Test("ensuring sends only what differs") func changing() throws {
        var wanted = Link(name: "br0", kind: BridgeLink())
        wanted.mtu = 1400
        let change = try Self.outcome(wanted, having: Self.present())
        #expect(change.outcome == .changed)
        let sent = try CapturedMessage(try #require(change.requests.last).bytes, headerByteCount: 16)
        #expect(sent.attributes == [UnknownAttribute(rawType: 4, payload: [0x78, 5, 0, 0])])
        #expect(sent.header == [0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])

        var down = Link(name: "br0")
        down.isUp = false
        let flags = try Self.outcome(down, having: Self.present())
        #expect(flags.outcome == .changed)
        let header = try CapturedMessage(try #require(flags.requests.last).bytes, headerByteCount: 16)
        #expect(header.attributes.isEmpty && header.header[8] == 0 && header.header[12] == 1)

        var bridge = BridgeLink()
        bridge.isVLANFiltering = true
        #expect(try Self.outcome(Link(name: "br0", kind: bridge), having: Self.present()).outcome == .changed)
    }

    @Test("what only links that exist take goes by a second request, which names the link and nothing else")
    func adding() async throws {
        func requests(_ link: Link, having present: Link) async throws -> [FakeRequest] {
            let kernel = FakeKernel { request in
                request.type == RouteMessageType.getLink.rawValue
                    ? request.object(Self.reply(present)) : request.acknowledge()
            }
            try BlockingRouteConnection(opening: kernel.source).add(link)
            let first = kernel.requests
            try await RouteConnection(opening: kernel.source).add(link)
            let both = kernel.requests
            #expect(both.count == 2 * first.count)
            #expect(
                zip(first, both.dropFirst(first.count)).allSatisfy { $0.type == $1.type && $0.payload == $1.payload })
            return first
        }
        var link = Link(name: "br0", kind: BridgeLink())
        link.mtu = 1400
        #expect(try await requests(link, having: Self.present()).count == 1)
        link.alias = "text"
        link.master = 3
        link.isUp = true
        let sent = try await requests(link, having: Self.present { $0.flags = [] })
        #expect(sent.map(\.type) == [16, 18, 16])
        let made = try CapturedMessage(try #require(sent.first).bytes, headerByteCount: 16)
        #expect(made.attributes.map(\.number) == [3, 4, 10, 18] && made.header[8] == 0)
        let rest = try CapturedMessage(try #require(sent.last).bytes, headerByteCount: 16)
        #expect(rest.attributes == [UnknownAttribute(rawType: 20, payload: Array("text".utf8))])
        #expect(rest.header[4] == 7 && rest.header[8] == 1 && rest.header[12] == 1)
        // The kernel gave it all of that at once.
        let done = Self.present {
            $0.alias = "text"
            $0.isUp = true
        }
        #expect(try await requests(link, having: done).map(\.type) == [16, 18])
        // The error of the second request says what it was.
        let refusing = FakeKernel { request in
            switch request.type {
            case RouteMessageType.getLink.rawValue: request.object(Self.reply(Self.present()))
            default: request.flags.contains(.exclusive) ? request.acknowledge() : request.error(.notSupported)
            }
        }
        let error = #expect(throws: NetlinkError.self) {
            try BlockingRouteConnection(opening: refusing.source).add(link)
        }
        #expect(error?.isNotSupported == true && error?.operation == "change link")
    }

    @Test("ensuring says what stands in the way") func refusing() throws {
        let kind = #expect(throws: NetlinkError.self) {
            try Self.outcome(Link(name: "br0", kind: DummyLink()), having: Self.present())
        }
        #expect(kind?.isExisting == true && kind?.explanation == "it is of kind bridge, not dummy")
        let name = #expect(throws: NetlinkError.self) { try Self.outcome(Link(), having: Self.present()) }
        #expect(name?.isInvalid == true)
    }
}

private func == (
    a: (outcome: EnsureOutcome, requests: [FakeRequest]), b: (EnsureOutcome, Int)
) -> Bool { a.outcome == b.0 && a.requests.count == b.1 }
