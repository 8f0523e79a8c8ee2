// SPDX-License-Identifier: Apache-2.0

/// A transport with its buffers and sequence numbers: what both kinds of connection step through an exchange.
///
/// Nothing here waits. One task at a time uses a channel.
@usableFromInline final class Channel: @unchecked Sendable {
    /// What a step came to.
    @usableFromInline enum Step: Sendable {
        /// A datagram was read that brings the exchange on; more may be there.
        case more
        /// A datagram was read that others asked for; there may be no end of them, so the deadline is to be looked at.
        case others
        /// Nothing is there now.
        case wait
        /// The exchange is over.
        case finished
    }

    let transport: any Transport
    let observer: (any ConnectionObserver)?
    private let wire: ObservedWire
    private var buffer: ReceiveBuffer
    private var writer: MessageWriter
    private let carriesSecrets: Bool
    /// The number that the kernel assigned to the protocol's messages, where it assigns one.
    var assignedType: UInt16?
    private var sequence: UInt32
    @usableFromInline var exchange: Exchange
    private var operation: StaticString = ""
    private var object: String?
    private var began = Instant(nanoseconds: 0)
    private var receivedByteCount = 0
    private(set) var datagramCount = 0
    // So many datagrams may answer a command or query before the deadline is looked at between them.
    private static let datagramLimit = 16
    /// Whether the kernel dropped replies; until its queue is empty it drops those of later requests too.
    private(set) var isOverrun = false
    /// Whether the kernel ended the exchange, so that nothing of it is still to come.
    @usableFromInline private(set) var sawEnd = true

    init<Family: NetlinkProtocol>(
        _ transport: any Transport, of family: Family.Type, limits: ConnectionLimits = ConnectionLimits(),
        observer: (any ConnectionObserver)?, firstSequence: UInt32 = 1
    ) {
        buffer = ReceiveBuffer(byteCount: limits.receiveByteCount)
        writer = MessageWriter(limit: limits.messageByteCount, isSecret: Family.carriesSecrets)
        self.transport = transport
        self.observer = observer
        carriesSecrets = Family.carriesSecrets
        wire = ObservedWire(protocolNumber: Family.number, port: transport.port, schema: Family.schema)
        sequence = firstSequence
        exchange = Exchange(.command, sequence: 0, port: 0)
        exchange.finished = true
    }

    /// Numbers of requests skip 0, which notifications carry.
    func nextSequence() -> UInt32 {
        let number = sequence
        sequence = sequence &+ 1 == 0 ? 1 : sequence &+ 1
        return number
    }

    /// Encodes a request and makes ready for its replies.
    func prepare(_ request: some Request, _ kind: RequestKind) throws(NetlinkError) {
        writer.removeAll()
        receivedByteCount = 0
        datagramCount = 0
        sawEnd = true
        exchange = Exchange(kind, sequence: nextSequence(), port: transport.port)
        operation = request.operation
        object = request.object
        do throws(NetlinkError) {
            try request.checkType(assigned: assignedType != nil)
            let type = request.messageType == 0 ? assignedType ?? 0 : request.messageType
            request.encodeMessage(kind, type: type, sequence: exchange.sequence, into: &writer)
            try writer.finish()
        } catch {
            exchange.finished = true
            throw error.naming(operation: "\(operation)", object: object)
        }
    }

    /// Sends what was prepared.
    ///
    /// The kernel executes most requests inside this call.
    func send() throws(NetlinkError) {
        sawEnd = false
        if let observer {
            began = .now
            observer.sent(writer.bytes.array, on: wire)
        }
        do throws(SystemError) {
            try writer.send(on: transport)
        } catch {
            exchange.finished = true
            sawEnd = true
            throw finished(NetlinkError(error))
        }
    }

    /// Receives one datagram and runs the closure over it.
    private func receive(_ read: (RawSpan) throws(NetlinkError) -> Void) throws(NetlinkError) -> Step {
        if exchange.isFinished { return .finished }
        var isProgress = false
        do throws(NetlinkError) {
            guard let count = try receiveDatagram() else { return .wait }
            defer { if carriesSecrets { buffer.wipe(count) } }
            receivedByteCount += count
            datagramCount &+= 1
            try buffer.withReceived(count) { (bytes: RawSpan) throws(NetlinkError) in
                if let observer, bytes.byteCount > 0 { observer.received(bytes.array, on: wire) }
                isProgress = bringsOn(bytes)
                try read(bytes)
            }
        } catch {
            // The kernel's own error ends its side too; a malformed message or a throwing consumer does not.
            if exchange.isFinished, error.code.errorNumber != nil { sawEnd = true }
            exchange.finished = true
            throw finished(error)
        }
        guard exchange.isFinished else { return isProgress ? .more : .others }
        sawEnd = true
        if observer != nil || carriesSecrets { _ = finished(nil) }
        return .finished
    }

    // Datagrams that others asked for must not put off the deadline, nor may idle messages, however many there are.
    private func bringsOn(_ datagram: RawSpan) -> Bool {
        guard datagram.byteCount >= MessageHeader.byteCount else { return false }
        let first = MessageHeader(checked: datagram)
        guard first.sequence == exchange.sequence, first.port == exchange.port,
            first.type >= ControlMessageType.firstProtocolType
        else { return false }
        return exchange.kind == .dump || datagramCount < Self.datagramLimit
    }

    private func receiveDatagram() throws(NetlinkError) -> Int? {
        do throws(SystemError) {
            guard let count = try transport.receive(into: &buffer) else { return nil }
            guard count <= buffer.count else {
                throw SystemError(NetlinkError.Code.messageTooLong.rawValue, call: "recvmsg")
            }
            return count
        } catch {
            // Replies may have been among what was lost, so the exchange cannot go on.
            let code = NetlinkError.Code(rawValue: error.number)
            isOverrun = code == .noBufferSpace
            throw NetlinkError(isOverrun ? .overrun : code, explanation: "\(error.call) failed")
        }
    }

    /// Steps a command or query; the reply goes to the closure.
    func step(reply: (borrowing Message) throws(DecodeError) -> Void) throws(NetlinkError) -> Step {
        try receive { (datagram: RawSpan) throws(NetlinkError) in
            var reader = MessageReader(datagram)
            while let message = try exchange.next(in: &reader) {
                do throws(DecodeError) { try reply(message) } catch { throw NetlinkError(error) }
            }
        }
    }

    /// Steps a query; the first message that answers it is decoded.
    func step<Q: Query>(_ query: Q, into reply: inout Q.Reply?) throws(NetlinkError) -> Step {
        try step(reply: { (message: borrowing Message) throws(DecodeError) in
            if reply == nil { reply = try query.decode(message) }
        })
    }

    /// Steps a dump; decoded elements are appended.
    func step<D: Dump>(_ dump: D, into elements: inout [D.Element]) throws(NetlinkError) -> Step {
        try receive { (datagram: RawSpan) throws(NetlinkError) in
            try dump.decode(datagram: datagram, in: &exchange, into: &elements)
        }
    }

    /// Steps a dump whose elements go to the closure.
    @usableFromInline
    func stepThrough(_ messages: (RawSpan, inout Exchange) throws(NetlinkError) -> Void) throws(NetlinkError) -> Step {
        try receive { (datagram: RawSpan) throws(NetlinkError) in try messages(datagram, &exchange) }
    }

    /// Completes an error with the operation, the object and the attribute path, and tells the observer.
    func finished(_ error: NetlinkError?) -> NetlinkError {
        var complete = error ?? NetlinkError(.closed)
        if let error {
            complete = error.resolved(in: writer.bytes, schema: wire.schema)
                .lacking(.ruling(wire.protocolNumber, exchange.kind)) { transport.lacks($0) }
                .naming(operation: "\(operation)", object: object)
        }
        if carriesSecrets { writer.removeAll() }
        observer?.finished("\(operation)", after: Instant.now.since(began), error: error == nil ? nil : complete)
        return complete
    }

    /// The error of an exchange given up here: deadline, cancellation, closing.
    func abandoned(_ code: NetlinkError.Code) -> NetlinkError {
        exchange.finished = true
        return finished(NetlinkError(code))
    }

    /// Sets the deadline where it is not set yet, and ends the exchange when it has passed.
    func checkDeadline(_ deadline: inout Instant?, _ timeout: Duration?) throws(NetlinkError) {
        if deadline == nil { deadline = timeout.map { Instant.now + $0 } }
        if let deadline, deadline <= .now { throw abandoned(.timedOut) }
    }

    /// Ends a dump that is larger than its limit.
    @usableFromInline func checkLimit(_ limit: Int?) throws(NetlinkError) {
        if let limit, receivedByteCount > limit { throw abandoned(.limitExceeded) }
    }
}

extension MessageWriter {
    func send(on transport: any Transport) throws(SystemError) { try transport.send(bytes) }
    func send(_ range: Range<Int>, on transport: any Transport) throws(SystemError) {
        try transport.send(bytes.bytes(from: range.lowerBound, count: range.count))
    }
}

extension Channel {
    /// Sends the next window of a batch; false when all was sent.
    func sendWindow<Family>(
        of batch: inout Batch<Family>, _ progress: inout BatchProgress
    ) throws(NetlinkError) -> Bool {
        // The numbers of a window follow each other, which they would not where the counter passes over 0.
        if sequence > .max - UInt32(BatchProgress.windowCount) { sequence = 1 }
        guard let range = progress.nextWindow(of: &batch, firstSequence: sequence, assignedType: assignedType) else {
            return false
        }
        for _ in progress.window { _ = nextSequence() }
        exchange = Exchange(.command, sequence: 0, port: 0)
        operation = "batch"
        object = nil
        began = .now
        datagramCount = 0
        observer?.sent(batch.writer.bytes.bytes(from: range.lowerBound, count: range.count).array, on: wire)
        do throws(SystemError) {
            try batch.writer.send(range, on: transport)
        } catch {
            throw finished(NetlinkError(error))
        }
        return true
    }

    /// Takes in one datagram of answers.
    func step<Family>(_ batch: borrowing Batch<Family>, _ progress: inout BatchProgress) throws(NetlinkError) -> Step {
        if progress.isWindowFinished { return .finished }
        do throws(NetlinkError) {
            guard let count = try receiveDatagram() else { return .wait }
            defer { if carriesSecrets { buffer.wipe(count) } }
            datagramCount &+= 1
            try buffer.withReceived(count) { (bytes: RawSpan) throws(NetlinkError) in
                if let observer, bytes.byteCount > 0 { observer.received(bytes.array, on: wire) }
                try progress.take(bytes, from: transport, of: batch)
            }
        } catch {
            throw finished(error)
        }
        if progress.isWindowFinished {
            if observer != nil { _ = finished(nil) }
            return .finished
        }
        // More answers than commands: others', perhaps without end.
        return datagramCount <= BatchProgress.windowCount ? .more : .others
    }
}

extension Query {
    /// The reply with which the query finished; one that was acknowledged without is an error.
    func answered(by reply: Reply?) throws(NetlinkError) -> Reply {
        guard let reply else { throw NetlinkError(.noReply, operation: "\(operation)", object: object) }
        return reply
    }
}
