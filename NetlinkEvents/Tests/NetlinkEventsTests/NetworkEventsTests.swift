// SPDX-License-Identifier: Apache-2.0

import NetlinkCore
import NetlinkRoute
import NetlinkTC
import NetlinkTestSupport
import Testing

@testable import NetlinkEvents

@Suite("Merged streams") struct NetworkEventsTests {
    private let kernel = FakeKernel { _ in .silence }

    private static let rule = FakeMessage(type: RouteMessageType.newRule.rawValue) { writer in
        AddRule(Rule(.ipv4, lookup: 100, priority: 5)).encode(into: &writer)
    }

    private static func queue(on link: InterfaceIndex) -> FakeMessage {
        FakeMessage(type: RouteMessageType.newQdisc.rawValue) { writer in
            SetQdisc(Qdisc(PFIFOQdisc(), on: link, handle: TCHandle(1))).encode(into: &writer)
        }
    }

    private func read(_ events: BlockingNetworkEvents) throws -> [NetworkEvent.Kind] {
        var told: [NetworkEvent.Kind] = []
        while let event = try events.next(timeout: .milliseconds(20)) {
            #expect(event.namespace == .current)
            told.append(event.kind)
        }
        return told
    }

    @Test("each message is read by the layer that knows it, in the order of the datagram") func layers() throws {
        let events = try BlockingNetworkEvents(opening: kernel.source)
        kernel.notify(
            Self.rule, Self.queue(on: 3), FakeMessage(type: 4000) { $0.append(UInt32(7)) }, Self.queue(on: 4))
        let told = try read(events)
        guard told.count == 5, case .opened = told[0], case .route(let rule) = told[1],
            case .trafficControl(let first) = told[2], case .route(let other) = told[3],
            case .trafficControl(let second) = told[4]
        else {
            Issue.record("\(told)")
            return
        }
        guard case .rule = rule.event, case .other(RouteMessageType(rawValue: 4000), _) = other.event else {
            Issue.record("\(told)")
            return
        }
        #expect(first.event.link == 3 && second.event.link == 4)
    }

    @Test("what cannot be read is told and the rest goes on; losses are told") func malformed() throws {
        let events = try BlockingNetworkEvents(opening: kernel.source)
        kernel.notify(FakeMessage(type: RouteMessageType.newQdisc.rawValue) { $0.append(UInt32(0)) }, Self.rule)
        kernel.send(.receiveFailure(.noBufferSpace))
        kernel.notify(Self.rule)
        let told = try read(events)
        guard told.count == 5, case .malformed(_, let bytes) = told[1], case .route = told[2],
            case .overflow = told[3], case .route = told[4]
        else {
            Issue.record("\(told)")
            return
        }
        #expect(bytes.count == 20)
    }

    @Test("a filter holds for both layers") func filtered() throws {
        let events = try BlockingNetworkEvents(
            RouteSubscription(RouteGroup.merged, filter: RouteFilter(tables: [7], links: [4])),
            opening: kernel.source)
        kernel.notify(Self.rule, Self.queue(on: 3), Self.queue(on: 4))
        let told = try read(events)
        guard told.count == 2, case .trafficControl(let found) = told[1] else {
            Issue.record("\(told)")
            return
        }
        #expect(found.event.link == 4)
    }

    @Test("a socket that fails is told, and is the end where there is no other") func failing() async throws {
        let events = try BlockingNetworkEvents(opening: kernel.source)
        kernel.notify(Self.rule)
        kernel.send(.receiveFailure(.noDevice))
        var told: [NetworkEvent.Kind] = []
        let error = #expect(throws: NetlinkError.self) {
            while let event = try events.next(timeout: .seconds(5)) { told.append(event.kind) }
        }
        #expect(error?.code == .noDevice && told.count == 3 && told.last == .failed(.noDevice))

        let stream = try NetworkEvents(opening: kernel.source)
        kernel.send(.receiveFailure(.noDevice))
        #expect(try await stream.next()?.kind == .opened)
        #expect(try await stream.next()?.kind == .failed(.noDevice))
        let end = await #expect(throws: NetlinkError.self) { _ = try await stream.next() }
        #expect(end?.code == .noDevice)
    }

    @Test("the groups are those of both layers") func groups() {
        #expect(Set(RouteGroup.merged).isSuperset(of: [.link, .ipv6Rule, .namespaceID, .trafficControl]))
    }
}
