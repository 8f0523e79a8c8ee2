// SPDX-License-Identifier: Apache-2.0

/// The one reply loop: which messages of a datagram answer a request, and when the answer is whole.
///
/// It does no input or output. ``next(in:)`` gives the objects that belong to the request, swallows all else (foreign and
/// stale sequence numbers, notifications, overruns), and throws the kernel's error.
public struct Exchange: Sendable {
    /// What the request asked for.
    public let kind: RequestKind
    /// The request's sequence number.
    public let sequence: UInt32
    /// The port id that replies carry.
    public let port: UInt32
    /// Whether the answer is whole; nothing more comes.
    public var isFinished: Bool { finished }
    @usableFromInline var finished = false
    /// Whether the objects changed while they were dumped.
    public internal(set) var isInterrupted = false
    /// Whether the kernel said that it applied the request's filter.
    public internal(set) var isFiltered = false
    /// What the kernel said with a successful acknowledgement, such as a warning.
    public internal(set) var acknowledgement: ExtendedAcknowledgement?

    /// Expects replies to a request.
    public init(_ kind: RequestKind, sequence: UInt32, port: UInt32) {
        self.kind = kind
        self.sequence = sequence
        self.port = port
    }

    /// The next object that belongs to the request, or nil when the datagram is used up or the exchange is over.
    ///
    /// - Throws: the kernel's error, or ``NetlinkError/Code/malformedReply`` where the bytes are this request's; the exchange
    ///   is over then.
    @inlinable @inline(__always) @_lifetime(copy reader)
    public mutating func next(in reader: inout MessageReader) throws(NetlinkError) -> Message? {
        while true {
            // Before the reader is asked: what stands behind the end is nobody's concern.
            if finished { return nil }
            let message: Message?
            do throws(DecodeError) {
                message = try reader.next()
            } catch {
                // A malformed datagram of others, such as a notification, is not this request's concern.
                guard concerns(reader.datagram) else { return nil }
                finished = true
                throw NetlinkError(error)
            }
            guard let message else { return nil }
            let header = message.header
            if header.sequence == sequence, header.port == port {
                if header.type >= ControlMessageType.firstProtocolType {
                    if header.flags.rawValue & 0x30 != 0 { noteDumpFlags(header.flags) }
                    return message
                }
                try control(message)
            }
        }
    }

    @usableFromInline func concerns(_ datagram: RawSpan) -> Bool {
        MessageHeader.any(in: datagram) { $0.sequence == sequence && $0.port == port }
    }

    @usableFromInline mutating func noteDumpFlags(_ flags: MessageFlags) {
        if flags.contains(.dumpInterrupted) { isInterrupted = true }
        if flags.contains(.dumpFiltered) { isFiltered = true }
    }

    @usableFromInline mutating func control(_ message: borrowing Message) throws(NetlinkError) {
        noteDumpFlags(message.header.flags)
        switch ControlMessageType(rawValue: message.header.type) {
        case .error:
            finished = true
            try acknowledged(message)
        case .done:
            finished = true
            try done(message)
        default:
            // NOOP and OVERRUN say nothing about this request.
            break
        }
    }

    private mutating func acknowledged(_ message: borrowing Message) throws(NetlinkError) {
        let number = try errorNumber(message)
        guard message.payload.byteCount >= 4 + MessageHeader.byteCount else {
            throw NetlinkError(DecodeError(.truncated, expected: 20, actual: message.payload.byteCount))
        }
        // Behind the number comes the request: its header alone when capped or on success, else all of it.
        let echoed = MessageHeader(checked: message.payload.slice(4, 4 + MessageHeader.byteCount))
        let isCapped = number == 0 || message.header.flags.contains(.capped)
        let length = isCapped ? MessageHeader.byteCount : Swift.max(MessageHeader.byteCount, Int(echoed.length))
        try finish(number, message, attributesAt: 4 + Swift.min(length, message.payload.byteCount))
    }

    private mutating func done(_ message: borrowing Message) throws(NetlinkError) {
        // Some families end a dump without a number.
        guard message.payload.byteCount > 0 else { return }
        try finish(try errorNumber(message), message, attributesAt: 4)
    }

    private func errorNumber(_ message: borrowing Message) throws(NetlinkError) -> Int32 {
        do throws(DecodeError) { return try message.field(0) } catch { throw NetlinkError(error) }
    }

    private mutating func finish(
        _ number: Int32, _ message: borrowing Message, attributesAt offset: Int
    ) throws(NetlinkError) {
        var said: ExtendedAcknowledgement?
        if message.header.flags.contains(.acknowledgementAttributes) {
            said = ExtendedAcknowledgement(attributes: message.payload.bytes(from: aligned(offset)))
        }
        if number < 0 {
            let positive = number == .min ? Int32.max : -number
            throw NetlinkError(NetlinkError.Code(rawValue: positive), acknowledgement: said)
        }
        acknowledgement = said
    }
}
