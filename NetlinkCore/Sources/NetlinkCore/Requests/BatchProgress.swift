// SPDX-License-Identifier: Apache-2.0

/// The sending of a batch in windows, and what came back, without input or output of its own.
///
/// Only the last command of a window asks for an acknowledgement: the kernel answers each failure unasked, in order, so
/// what has no answer before that acknowledgement succeeded. A lost answer shows as an overrun of the socket.
struct BatchProgress {
    /// How many answers may be outstanding: fewer than the smallest receive buffer holds.
    static let windowCount = 128
    /// How many bytes go into one datagram, well below the smallest send buffer.
    static let windowByteCount = 32 * 1024

    private(set) var window = 0..<0
    private var firstSequence: UInt32 = 0
    private(set) var isWindowFinished = true
    var results: [Result<Void, NetlinkError>] = []

    /// Marks out the next window, numbers its messages and returns its bytes' range; nil when all were sent.
    mutating func nextWindow<Family>(
        of batch: inout Batch<Family>, firstSequence: UInt32, assignedType: UInt16? = nil
    ) -> Range<Int>? {
        let start = window.upperBound
        guard start < batch.count else { return nil }
        let from = batch.entries[start].start
        var end = start
        while end < batch.count, end - start < Self.windowCount,
            end == start || batch.end(of: end) - from <= Self.windowByteCount
        {
            let offset = batch.entries[end].start
            batch.writer.patch(
                sequence: firstSequence &+ UInt32(end - start), flags: nil, assignedType: assignedType, at: offset)
            end += 1
        }
        batch.writer.patch(sequence: nil, flags: .acknowledge, at: batch.entries[end - 1].start)
        window = start..<end
        self.firstSequence = firstSequence
        isWindowFinished = false
        results.append(contentsOf: repeatElement(.success(()), count: end - start))
        return from..<batch.end(of: end - 1)
    }

    /// Takes in a datagram of answers.
    mutating func take<Family>(
        _ datagram: RawSpan, from transport: any Transport, of batch: borrowing Batch<Family>
    ) throws(NetlinkError) {
        let port = transport.port
        var reader = MessageReader(datagram)
        do throws(DecodeError) {
            while !isWindowFinished, let message = try reader.next() {
                let index = Int(message.header.sequence &- firstSequence)
                guard message.header.port == port, index < window.count,
                    ControlMessageType(rawValue: message.header.type) == .error
                else { continue }
                take(message, index, transport, batch)
            }
        } catch {
            let isOurs = MessageHeader.any(in: datagram) {
                $0.port == port && Int($0.sequence &- firstSequence) < window.count
            }
            if isOurs { throw NetlinkError(error) }
        }
    }

    private mutating func take<Family>(
        _ message: borrowing Message, _ index: Int, _ transport: any Transport,
        _ batch: borrowing Batch<Family>
    ) {
        var single = Exchange(.command, sequence: message.header.sequence, port: message.header.port)
        do throws(NetlinkError) {
            try single.control(message)
        } catch {
            let entry = window.lowerBound + index
            let start = batch.entries[entry].start
            results[entry] = .failure(
                error.resolved(
                    in: batch.writer.bytes.bytes(from: start, count: batch.end(of: entry) - start),
                    schema: Family.schema
                ).lacking(.ruling(Family.number, .command)) { transport.lacks($0) }.naming(
                    operation: "\(batch.entries[entry].command.operation)", object: batch.entries[entry].command.object)
            )
        }
        if index == window.count - 1 { isWindowFinished = true }
    }

    /// Gives the same error to every command of the window that has no answer yet, and to all after it.
    mutating func fail<Family>(_ error: NetlinkError, of batch: borrowing Batch<Family>) {
        // What a finished window holds stands.
        if !isWindowFinished {
            for index in window where (try? results[index].get()) != nil { results[index] = .failure(error) }
        }
        results.append(contentsOf: repeatElement(.failure(error), count: batch.count - results.count))
        window = batch.count..<batch.count
        isWindowFinished = true
    }
}
