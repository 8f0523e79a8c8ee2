// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import Testing

@testable import NetlinkTC

@Suite("Events of traffic control") struct TrafficControlEventTests {
    /// A captured message as if it had another type.
    private func retyped(_ bytes: [UInt8], _ type: RouteMessageType, root: Bool = false) -> [UInt8] {
        var bytes = bytes
        bytes[4] = UInt8(truncatingIfNeeded: type.rawValue)
        bytes[5] = UInt8(type.rawValue >> 8)
        // NLM_F_ROOT
        bytes[7] = root ? 1 : 0
        return bytes
    }

    private func event(_ bytes: [UInt8]) throws -> TrafficControlEvent {
        try CapturedBytes.reading(bytes) { (message: borrowing Message) throws(DecodeError) in
            try TrafficControlEvent(decoding: message)
        }
    }

    private static let queue: [UInt8] = {
        var writer = MessageWriter()
        writer.beginMessage(type: RouteMessageType.newQdisc.rawValue, flags: [], sequence: 0)
        SetQdisc(Qdisc(PFIFOQdisc(limit: 7), on: 3, handle: TCHandle(1))).encode(into: &writer)
        writer.endMessage()
        return writer.bytes.array
    }()

    @Test("each type of message is read as the object it tells of") func types() throws {
        let filter = try #require(FilterFixtures.matchallListReplies.last)
        let chain = try #require(ChainFixtures.chainListReplies.first)
        let actions = try #require(ActionFixtures.actionGetReplies.first)
        guard case .qdisc(let qdisc) = try event(Self.queue),
            case .qdiscRemoved(qdisc) = try event(retyped(Self.queue, .deleteQdisc)),
            case .trafficClass(let found) = try event(retyped(Self.queue, .newClass)),
            case .trafficClassRemoved(found) = try event(retyped(Self.queue, .deleteClass)),
            case .filter(let matched) = try event(retyped(filter, .newFilter)),
            case .filterRemoved(matched) = try event(retyped(filter, .deleteFilter)),
            case .chain(let list) = try event(retyped(chain, .newChain)),
            case .chainRemoved(list) = try event(retyped(chain, .deleteChain)),
            case .actions(let made) = try event(retyped(actions, .newAction)),
            case .actionsRemoved(made) = try event(retyped(actions, .deleteAction))
        else {
            Issue.record("an event is not what its type says")
            return
        }
        #expect(qdisc.kind?.as(PFIFOQdisc.self)?.limit == 7 && found.handle == TCHandle(1))
        #expect(matched.kind?.as(MatchAllFilter.self) != nil && made.map(\.index) == [6])
        #expect(TrafficControlEvent.qdisc(qdisc).link == 3)
        #expect(TrafficControlEvent.filterRemoved(matched).link == 19 && TrafficControlEvent.actions(made).link == nil)
    }

    @Test("what is of no type that is known is kept as bytes") func other() throws {
        let type = RouteMessageType(rawValue: 4000)
        #expect(try event(retyped(Self.queue, type)) == .other(type, Array(Self.queue[16...])))
        #expect(try event(retyped(Self.queue, .getQdisc)) == .other(.getQdisc, Array(Self.queue[16...])))
    }

    @Test("a flush names the kind, and in the place of a cookie how many are gone") func flush() throws {
        func flushed(_ body: (inout MessageWriter) -> Void) throws -> TrafficControlEvent {
            var writer = MessageWriter()
            writer.beginMessage(type: RouteMessageType.deleteAction.rawValue, flags: .root, sequence: 0)
            ActionHeader.encode(into: &writer)
            body(&writer)
            writer.endMessage()
            return try event(writer.bytes.array)
        }
        let told = try flushed { writer in
            writer.nest(ActionMessageAttribute.table) { table in
                table.nest(rawType: 0) { action in
                    action.put(ActionAttribute.kind, "police")
                    action.put(ActionAttribute.cookie, UInt32(9))
                }
            }
        }
        #expect(told == .actionsFlushed(kind: "police", count: 9))
        #expect(try flushed { _ in } == .actionsFlushed(kind: "", count: 0))
        #expect(throws: DecodeError.self) {
            try flushed { writer in
                writer.nest(ActionMessageAttribute.table) { table in
                    table.nest(rawType: 0) { $0.put(ActionAttribute.cookie, UInt16(9)) }
                }
            }
        }
    }

    @Test("every truncation is read or told as malformed, and what follows is read") func truncation() throws {
        let filter = retyped(try #require(FilterFixtures.matchallListReplies.last), .newFilter)
        let actions = retyped(try #require(ActionFixtures.actionGetReplies.first), .newAction)
        let whole = try event(Self.queue)
        for cut in [Self.queue, filter, actions].flatMap(CapturedBytes.truncations) {
            // Messages stand at multiples of four.
            let padded = cut + [UInt8](repeating: 0, count: -cut.count & 3)
            let elements = TrafficControlNotification.elements(of: (padded + Self.queue).rawSpan)
            #expect(elements.count == 2)
            guard case .notification(let notification) = elements.last else {
                Issue.record("\(elements)")
                continue
            }
            #expect(notification.event == whole)
        }
    }

    @Test("a notification says who caused it, and where") func notification() throws {
        var bytes = Self.queue
        for (index, byte) in [7, 0, 0, 0, 9, 0, 0, 0].enumerated() { bytes[8 + index] = UInt8(byte) }
        guard case .notification(let found) = TrafficControlNotification.elements(of: bytes.rawSpan, from: 4).first
        else {
            Issue.record("no notification")
            return
        }
        #expect(found.sequence == 7 && found.port == 9 && found.namespaceID == 4)
    }
}
