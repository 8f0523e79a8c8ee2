// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import Testing

@testable import NetlinkRoute

@Suite("Route events") struct RouteEventTests {
    private static func event(_ type: UInt16, _ bytes: [UInt8]) throws -> RouteEvent {
        var writer = MessageWriter()
        writer.append(UInt32(bytes.count))
        writer.append(type)
        writer.append(bytes.rawSpan.bytes(from: 6))
        return try CapturedMessage.reading(writer.bytes.array) { (message: borrowing Message) throws(DecodeError) in
            try RouteEvent(decoding: message)
        }
    }

    @Test("the type says what happened to what") func types() throws {
        let address = captured(AddressTests.plain)
        guard case .address(let added) = try Self.event(20, address) else {
            Issue.record("no address")
            return
        }
        #expect(added.prefix == "127.0.0.1/8")
        #expect(try Self.event(21, address) == .addressRemoved(added))

        let neighbor = captured(NeighborTests.stale)
        guard case .neighbor(let host) = try Self.event(28, neighbor) else {
            Issue.record("no neighbor")
            return
        }
        #expect(try Self.event(29, neighbor) == .neighborRemoved(host))
        #expect(try Self.event(30, neighbor) == .neighborWanted(host))

        let bytes = captured(RuleTests.examples[0].bytes)
        guard case .rule(let rule) = try Self.event(32, bytes) else {
            Issue.record("no rule")
            return
        }
        #expect(rule.source == "10.0.0.0/8")
        #expect(try Self.event(33, bytes) == .ruleRemoved(rule))

        let link = FakeEvents.link(name: "d0")
        guard case .link(let made) = try Self.event(16, link) else {
            Issue.record("no link")
            return
        }
        #expect(made.name == "d0")
        #expect(try Self.event(17, link) == .linkRemoved(made))

        let route = FakeEvents.route(to: "10.0.0.0/8")
        guard case .route(let path) = try Self.event(24, route) else {
            Issue.record("no route")
            return
        }
        #expect(path.destination == "10.0.0.0/8")
        #expect(try Self.event(25, route) == .routeRemoved(path))

        #expect(try Self.event(88, FakeEvents.namespaceID(7)) == .namespaceID(7))
        #expect(try Self.event(89, FakeEvents.namespaceID(7)) == .namespaceIDRemoved(7))
    }

    @Test("a message of another type is given as it is") func other() throws {
        let bytes = captured(AddressTests.plain)
        #expect(
            try Self.event(104, bytes) == .other(RouteMessageType(rawValue: 104), Array(bytes.dropFirst(16))))
    }

    @Test("an id message without an id is malformed") func missingID() {
        #expect(throws: DecodeError.self) { try Self.event(88, Array(FakeEvents.namespaceID(7).prefix(20)).resized) }
    }

    @Test("a malformed message is an element of its own, with its bytes; the ones around it are read") func malformed()
    {
        let good = captured(AddressTests.plain)
        let bad = Array(good.prefix(20)).resized
        let elements = RouteNotification.elements(of: (good + bad + good).rawSpan, from: 3)
        #expect(elements.count == 3)
        guard case .notification(let first) = elements.first, case .malformed(let error, let bytes) = elements[1] else {
            Issue.record("unexpected elements")
            return
        }
        #expect(first.namespaceID == 3 && first.sequence == 0x6b01_4e0a && first.flags == .multipart)
        #expect(error.reason == .truncated)
        #expect(bytes == bad)
        #expect(elements[2] == elements[0])
    }

    @Test("after a header that cannot be one the rest is given up, and said") func brokenHeader() {
        let good = captured(AddressTests.plain)
        var broken = good
        broken[0] = 3
        let elements = RouteNotification.elements(of: (good + broken).rawSpan, from: nil)
        #expect(elements.count == 2)
        guard case .malformed(let error, let bytes) = elements.last else {
            Issue.record("not malformed")
            return
        }
        #expect(error.reason == .invalidLength && bytes == good + broken)
    }

    @Test("control messages are no events, but an overrun is one") func control() {
        func message(_ type: UInt16) -> [UInt8] {
            var writer = MessageWriter()
            writer.beginMessage(type: type, flags: [], sequence: 0)
            writer.append(UInt32(0))
            writer.endMessage()
            return writer.bytes.array
        }
        let bytes = message(1) + message(2) + message(3) + message(4)
        #expect(RouteNotification.elements(of: bytes.rawSpan, from: nil) == [.overflow])
    }

    @Test("every truncation of a datagram is read or said to be malformed")
    func truncation() {
        for digits in [AddressTests.linkLocal, NeighborTests.tunnelled, RuleTests.examples[3].bytes] {
            let whole = captured(digits)
            for count in 0..<whole.count {
                let elements = RouteNotification.elements(of: Array(whole.prefix(count)).rawSpan, from: nil)
                #expect(elements.count == (count == 0 ? 0 : 1))
            }
            for cut in truncations(of: whole) {
                #expect(RouteNotification.elements(of: cut.rawSpan, from: nil).count == 1)
            }
        }
    }
}

enum FakeEvents {
    static func link(name: InterfaceName) -> [UInt8] {
        message { Link(name: name).encode(into: &$0, changing: nil) }
    }

    static func route(to destination: IPPrefix) -> [UInt8] {
        message { Route(to: destination, on: 3).encode(into: &$0) }
    }

    static func namespaceID(_ id: Int32) -> [UInt8] {
        message { writer in
            writer.append(UInt32(0))
            // NETNSA_NSID
            writer.put(RawAttributeID(rawValue: 1), id)
        }
    }

    private static func message(_ body: (inout MessageWriter) -> Void) -> [UInt8] {
        var writer = MessageWriter()
        writer.beginMessage(type: 16, flags: [], sequence: 0)
        body(&writer)
        writer.endMessage()
        return writer.bytes.array
    }
}

extension [UInt8] {
    /// A message cut short, with its length field right.
    fileprivate var resized: [UInt8] {
        var writer = MessageWriter()
        writer.append(UInt32(count))
        writer.append(rawSpan.bytes(from: 4))
        return writer.bytes.array
    }
}
