// SPDX-License-Identifier: Apache-2.0

import NetlinkTestSupport
import Testing

@testable import NetlinkCore

/// A notification of a family of the tests' own: a number.
private struct Note: EventNotification, Hashable {
    enum Family: NetlinkProtocol {
        static var number: Int32 { 0 }
    }
    let number: UInt32
    let namespaceID: NamespaceID?

    init(decoding message: borrowing Message, from namespaceID: NamespaceID?) throws(DecodeError) {
        number = try message.field(0)
        self.namespaceID = namespaceID
    }

    static func message(_ number: UInt32) -> FakeMessage { FakeMessage(type: 40) { $0.append(number) } }
}

private func number(_ element: EventElement<Note>?) -> UInt32? {
    if case .notification(let note) = element { note.number } else { nil }
}

@Suite("Event streams") struct EventStreamTests {
    let kernel = FakeKernel { _ in .silence }
    let subscription = EventSubscription([1])

    @Test("messages of one datagram come one after the other") func several() throws {
        let events = try BlockingEventStream<Note>(subscription, over: kernel.source)
        kernel.notify(Note.message(1), Note.message(2))
        kernel.notify(Note.message(3))
        #expect(try (0..<3).map { _ in number(try events.next(timeout: .seconds(5))) } == [1, 2, 3])
        #expect(try events.next(timeout: .zero) == nil)
    }

    @Test("lost notifications are an element, and the stream goes on") func overflow() throws {
        let events = try BlockingEventStream<Note>(subscription, over: kernel.source)
        kernel.send(.receiveFailure(.noBufferSpace))
        kernel.notify(Note.message(1))
        #expect(try events.next(timeout: .seconds(5)) == .overflow)
        #expect(number(try events.next(timeout: .seconds(5))) == 1)
    }

    @Test("a datagram that was cut, and an overrun message, count as lost") func cut() throws {
        let events = try BlockingEventStream<Note>(subscription, over: kernel.source)
        kernel.send(.truncated([1, 2, 3], length: 1 << 24))
        kernel.notify(FakeMessage(type: ControlMessageType.overrun.rawValue))
        #expect(try events.next(timeout: .seconds(5)) == .overflow)
        #expect(try events.next(timeout: .seconds(5)) == .overflow)
    }

    @Test("a malformed message is an element, and those around it are read") func malformed() throws {
        let events = try BlockingEventStream<Note>(subscription, over: kernel.source)
        kernel.notify(Note.message(1), FakeMessage(type: 40, payload: [1, 2]), Note.message(2))
        #expect(number(try events.next(timeout: .seconds(5))) == 1)
        guard case .malformed(let error, let bytes) = try events.next(timeout: .seconds(5)) else {
            Issue.record("not malformed")
            return
        }
        #expect(error.reason == .truncated && bytes.count == 18)
        #expect(number(try events.next(timeout: .seconds(5))) == 2)
    }

    @Test("another failure of the socket is thrown") func failure() throws {
        let events = try BlockingEventStream<Note>(subscription, over: kernel.source)
        kernel.send(.receiveFailure(.noDevice))
        let error = #expect(throws: NetlinkError.self) { try events.next(timeout: .seconds(5)) }
        #expect(error?.code == .noDevice && error?.operation == "receive events")
    }

    @Test("the condition leaves notifications out, and nothing else") func condition() throws {
        let events = try BlockingEventStream<Note>(subscription, over: kernel.source) { $0.number % 2 == 0 }
        kernel.notify(Note.message(1), Note.message(2), Note.message(3))
        kernel.send(.receiveFailure(.noBufferSpace))
        #expect(number(try events.next(timeout: .seconds(5))) == 2)
        #expect(try events.next(timeout: .seconds(5)) == .overflow)
    }

    @Test("a task gets what comes before and after it waits") func tasks() async throws {
        let events = try EventStream<Note>(subscription, over: kernel.source)
        kernel.notify(Note.message(1))
        let reader = Task {
            var numbers: [UInt32] = []
            for try await element in events {
                numbers.append(number(element) ?? 0)
                if numbers.count == 3 { break }
            }
            return numbers
        }
        try await Task.sleep(for: .milliseconds(20))
        kernel.notify(Note.message(2), Note.message(3))
        #expect(try await reader.value == [1, 2, 3])
    }

    @Test("closing ends the stream of a task that waits, and every later one") func close() async throws {
        let events = try EventStream<Note>(subscription, over: kernel.source)
        let reader = Task { try await events.reduce(0) { count, _ in count + 1 } }
        try await Task.sleep(for: .milliseconds(20))
        events.close()
        #expect(try await reader.value == 0)
        kernel.notify(Note.message(1))
        var iterator = events.makeAsyncIterator()
        #expect(try await iterator.next() == nil)
        events.close()
    }

    @Test("cancelling ends the wait with an error that says so") func cancel() async throws {
        let events = try EventStream<Note>(subscription, over: kernel.source)
        let reader = Task { () async -> NetlinkError.Code? in
            var iterator = events.makeAsyncIterator()
            do throws(NetlinkError) {
                _ = try await iterator.next()
                return nil
            } catch {
                return error.code
            }
        }
        try await Task.sleep(for: .milliseconds(20))
        reader.cancel()
        #expect(await reader.value == .cancelled)
        // And the stream is still there for the next task.
        kernel.notify(Note.message(7))
        var iterator = events.makeAsyncIterator()
        #expect(number(try await iterator.next()) == 7)
    }

    @Test("a subscription that fails is an error that names it") func refused() {
        kernel.failOpening(.notPermitted)
        let error = #expect(throws: NetlinkError.self) {
            try BlockingEventStream<Note>(subscription, over: kernel.source)
        }
        #expect(error?.isPermission == true)
    }
}
