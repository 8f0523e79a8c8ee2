// SPDX-License-Identifier: Apache-2.0

// Steps that suspend, for connections and streams of tasks.
extension Channel {
    /// Runs a query.
    func ask<Q: Query>(
        _ query: Q, timeout: Duration?, isClosed: @Sendable () -> Bool,
        sending send: (Channel) async throws(NetlinkError) -> Void
    ) async throws(NetlinkError) -> Q.Reply {
        try prepare(query, .query)
        try await send(self)
        var limit: Instant?
        var reply: Q.Reply?
        while true {
            switch try step(query, into: &reply) {
            case .more: continue
            case .finished: return try query.answered(by: reply)
            case .others: try await passOver(&limit, timeout, isClosed: isClosed)
            case .wait:
                if limit == nil { limit = timeout.map { Instant.now + $0 } }
                try await waitReadable(until: limit, isClosed: isClosed)
            }
        }
    }

    /// Asks for the kernel's number of the protocol's messages.
    func assignType(_ query: some MessageTypeQuery, timeout: Duration?) async throws(NetlinkError) {
        assignedType = try await ask(
            query, timeout: timeout, isClosed: { false },
            sending: { (channel: Channel) throws(NetlinkError) in try channel.send() })
    }

    /// Goes on after a datagram that others asked for, of which there may be no end.
    func passOver(
        _ deadline: inout Instant?, _ timeout: Duration?, isClosed: @Sendable () -> Bool
    ) async throws(NetlinkError) {
        try checkDeadline(&deadline, timeout)
        if isClosed() { throw abandoned(.closed) }
        if Task.isCancelled { throw abandoned(.cancelled) }
        // A few stale replies are no reason to give up the thread.
        if datagramCount % 16 == 0 { await Task.yield() }
    }

    /// Suspends until a datagram is there; ends the exchange on the deadline, on cancellation and when closed.
    func waitReadable(
        until deadline: Instant?, isClosed: @Sendable () -> Bool
    ) async throws(NetlinkError) {
        let outcome: Poller.Outcome
        do throws(SystemError) {
            outcome = try await Poller.shared.wait(transport.descriptor, until: deadline, unless: isClosed)
        } catch {
            throw abandoned(.init(rawValue: error.number))
        }
        switch outcome {
        case .ready: return
        case .timedOut: throw abandoned(.timedOut)
        case .cancelled: throw abandoned(isClosed() ? .closed : .cancelled)
        }
    }
}
