// SPDX-License-Identifier: Apache-2.0

@_spi(System) public import NetlinkCore

/// Plays a `Recording` back: each request that was recorded gets the answer that was recorded with it.
///
/// Requests are compared without sequence number and port id, which are put into the answers. They may come in another
/// order than they were recorded in; each recorded exchange is played once. A request that was not recorded, or more often
/// than recorded, makes the sending fail with `connectionRefused`.
public final class Replayer: Sendable {
    struct Exchange: Sendable {
        var request: [FakeRequest]
        var port: UInt32
        var answer: [[UInt8]] = []
        var isPlayed = false
    }

    private let exchanges: Lock<[Exchange]>

    /// Makes ready to play.
    public init(_ recording: Recording) { exchanges = Lock(Self.exchanges(of: recording)) }

    /// Opens sockets over which the recording plays.
    public var source: TransportSource {
        FakeKernel(datagramAnswer: { [self] requests in answer(requests) }, ()).source
    }

    /// How many recorded exchanges were not asked for yet.
    public var remainingCount: Int { exchanges.withLock { exchanges in exchanges.count { !$0.isPlayed } } }

    private static func exchanges(of recording: Recording) -> [Exchange] {
        var exchanges: [Exchange] = []
        for datagram in recording.datagrams {
            if datagram.isRequest {
                exchanges.append(
                    Exchange(request: requests(in: datagram.bytes, port: datagram.port), port: datagram.port))
            } else if let last = exchanges.lastIndex(where: { $0.port == datagram.port }) {
                exchanges[last].answer.append(datagram.bytes)
            }
        }
        return exchanges
    }

    private static func requests(in datagram: [UInt8], port: UInt32) -> [FakeRequest] {
        var requests: [FakeRequest] = []
        var reader = MessageReader(datagram.rawSpan)
        while let message = try? reader.next() {
            requests.append(
                FakeRequest(header: message.header, payload: message.payload.array, port: port, socket: 0))
        }
        return requests
    }

    private func answer(_ requests: [FakeRequest]) -> FakeAnswer {
        let played: Exchange? = exchanges.withLock { exchanges in
            let index = exchanges.firstIndex { exchange in
                !exchange.isPlayed
                    && exchange.request.elementsEqual(requests) {
                        $0.type == $1.type && $0.flags == $1.flags && $0.payload == $1.payload
                    }
            }
            guard let index else { return nil }
            exchanges[index].isPlayed = true
            return exchanges[index]
        }
        guard let played, let old = played.request.first, let new = requests.first else {
            return .sendFailure(.connectionRefused)
        }
        return FakeAnswer(played.answer.map { .datagram(Self.readdressed($0, from: old, to: new)) })
    }

    /// The datagram with the new request's numbers in its headers; messages to others stay as they were.
    private static func readdressed(
        _ datagram: [UInt8], from old: FakeRequest, to new: FakeRequest
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        var reader = MessageReader(datagram.rawSpan)
        do throws(DecodeError) {
            while let message = try reader.next() {
                let header = message.header
                // Stale numbers stay as far from the request's as they were.
                let isOwn = header.port == old.port && header.sequence != 0
                let object = FakeMessage(type: header.type, flags: header.flags, payload: message.payload.array)
                bytes += object.bytes(
                    sequence: isOwn ? header.sequence &- old.sequence &+ new.sequence : header.sequence,
                    port: isOwn ? new.port : header.port)
            }
        } catch {
            // What cannot be read is played as it was recorded.
            return datagram
        }
        return bytes
    }
}
