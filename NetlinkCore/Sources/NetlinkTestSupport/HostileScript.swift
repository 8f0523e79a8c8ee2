// SPDX-License-Identifier: Apache-2.0

import NetlinkCore

/// A way in which a kernel could misbehave: nothing that a connection does under it may trap, hang or end without an error
/// of its own type.
///
/// ``all`` is meant as the argument of a parameterised test of each connection and of each layer's decoders.
public struct HostileScript: Sendable, CustomStringConvertible {
    /// What is wrong with the answers.
    public let name: String
    /// The answer to any request.
    public let answer: @Sendable (FakeRequest) -> FakeAnswer

    /// Makes a script.
    public init(_ name: String, _ answer: @escaping @Sendable (FakeRequest) -> FakeAnswer) {
        self.name = name
        self.answer = answer
    }

    /// The value as text.
    public var description: String { name }

    /// A kernel that misbehaves this way in its first `count` answers and is honest afterwards.
    public func kernel(
        count: Int = .max, then honest: @escaping @Sendable (FakeRequest) -> FakeAnswer = { $0.acknowledge() }
    ) -> FakeKernel {
        let answered = AnswerCounter()
        let answer = answer
        return FakeKernel { request in answered.next() < count ? answer(request) : honest(request) }
    }

    /// Every script that does not depend on the protocol: of raw bytes, of message headers and of control messages.
    ///
    /// ``objects(of:after:)`` gives those of objects.
    public static let all: [HostileScript] = bytes + headers + controls

    /// Datagrams that are no messages.
    static let bytes: [HostileScript] = [
        HostileScript("an empty datagram, then silence") { _ in .datagram([]) },
        HostileScript("a single byte") { _ in .datagram([0x10]) },
        HostileScript("fifteen bytes") { _ in .datagram(Array(repeating: 0x10, count: 15)) },
        HostileScript("zeros") { _ in .datagram(Array(repeating: 0, count: 4096)) },
        HostileScript("ones") { _ in .datagram(Array(repeating: 0xff, count: 4096)) },
        HostileScript("a counting pattern") { _ in .datagram((0..<8192).map { UInt8(truncatingIfNeeded: $0) }) },
        HostileScript("a datagram that did not fit") { request in
            .truncated(request.done().bytes(sequence: request.sequence, port: request.port), length: 1 << 24)
        },
        HostileScript("an overrun") { _ in .receiveFailure(.noBufferSpace) },
        HostileScript("failure to receive") { _ in .receiveFailure(.inputOutput) },
        HostileScript("failure to send") { _ in .sendFailure(.notPermitted) },
        HostileScript("silence") { _ in .silence },
        HostileScript("readiness without data, then silence") { _ in .nothing(times: 5) },
        HostileScript("empty datagrams without end") { _ in .endless([]) },
    ]

    /// Messages whose headers lie.
    static let headers: [HostileScript] = [
        HostileScript("length zero") { $0.lying(length: 0) },
        HostileScript("length shorter than a header") { $0.lying(length: 15) },
        HostileScript("length beyond the datagram") { $0.lying(length: 4096) },
        HostileScript("the greatest length") { $0.lying(length: .max) },
        HostileScript("a length whose rounding overflows") { $0.lying(length: .max - 2) },
        HostileScript("an object, then a cut header") { request in
            .datagram(request.objectBytes + Array(request.objectBytes.prefix(9)))
        },
        HostileScript("the end, then garbage in the same datagram") { request in
            .datagram(request.end.bytes(sequence: request.sequence, port: request.port) + [1, 2, 3])
        },
        HostileScript("foreign sequence numbers without end") { request in
            .endless(request.end.bytes(sequence: request.sequence &+ 1, port: request.port))
        },
        HostileScript("foreign port ids without end") { request in
            .endless(request.end.bytes(sequence: request.sequence, port: request.port &+ 1))
        },
        HostileScript("foreign objects without end") { request in
            .endless(
                FakeMessage(type: 16, payload: [0, 0, 0, 0]).bytes(sequence: request.sequence, port: request.port &+ 1))
        },
        HostileScript("notifications without end") { request in
            .endless(FakeMessage(type: 16, payload: [0, 0, 0, 0]).bytes(sequence: 0, port: 0))
        },
        HostileScript("idle messages without end") { request in
            .endless(FakeMessage(type: 1).bytes(sequence: request.sequence, port: request.port))
        },
        HostileScript("own notifications without end") { request in
            request.isDump
                ? request.ending : .endless(request.objectBytes)
        },
    ]

    /// Control messages that are short, lie or contradict the request.
    static let controls: [HostileScript] = [
        HostileScript("an error without payload") { $0.message(FakeMessage(type: 2)) },
        HostileScript("an error with half a number") { $0.message(FakeMessage(type: 2, payload: [0xff, 0xff])) },
        HostileScript("an error without the request's header") {
            $0.message(FakeMessage(type: 2, payload: [0xef, 0xff, 0xff, 0xff]))
        },
        HostileScript("the least error number") { $0.failing(.min) },
        HostileScript("a positive error number") { $0.failing(17) },
        HostileScript("an error number that no kernel has") { $0.failing(-70_000) },
        HostileScript("an error that echoes more than there is") {
            $0.echoing(length: .max, flags: .acknowledgementAttributes)
        },
        HostileScript("an error that echoes less than a header") {
            $0.echoing(length: 0, flags: .acknowledgementAttributes)
        },
        HostileScript("an extended acknowledgement of zeros") { $0.explaining(Array(repeating: 0, count: 64)) },
        HostileScript("an extended acknowledgement of ones") { $0.explaining(Array(repeating: 0xff, count: 64)) },
        HostileScript("an extended acknowledgement with offsets beyond the request") { request in
            request.error(.invalidArgument, message: "x", offset: .max, missing: .max, missingNest: .max)
        },
        HostileScript("an extended acknowledgement with offsets into the header") { request in
            request.error(.invalidArgument, offset: 1, missing: 1, missingNest: 3)
        },
        HostileScript("an extended acknowledgement whose policy is cut") { request in
            request.explaining([0x0c, 0, 0x04, 0x80, 0x09, 0, 0x01, 0, 1, 2, 3, 4])
        },
        HostileScript("done without payload") { $0.message(FakeMessage(type: 3, flags: .multipart)) },
        HostileScript("done with a cut number") { $0.message(FakeMessage(type: 3, flags: .multipart, payload: [1])) },
        HostileScript("done with an error") { $0.dump([], code: .noBufferSpace) },
        HostileScript("done with garbage behind its number") { request in
            request.message(
                FakeMessage(
                    type: 3, flags: [.multipart, .acknowledgementAttributes],
                    payload: [0xea, 0xff, 0xff, 0xff, 3, 0, 1, 0, 0xff]))
        },
        HostileScript("an interrupted dump, every time") { $0.dump([], interruptedAt: 0) },
        HostileScript("an acknowledgement instead of anything else") { request in
            request.message(FaultReport(.init(rawValue: 0)).message(about: request))
        },
        HostileScript("control types that do not exist") { request in
            (4...15).reduce(.silence) { $0 + request.message(FakeMessage(type: $1, payload: [1, 2, 3])) }
                + request.ending
        },
    ]

    /// Objects of a message type whose fixed header, of `fixed` bytes, or attributes are malformed.
    public static func objects(of type: UInt16, after fixed: Int) -> [HostileScript] {
        let header = [UInt8](repeating: 0, count: fixed)
        let payloads: [(String, [UInt8])] = [
            ("no payload", []),
            ("one byte", [0]),
            ("zeros", Array(repeating: 0, count: 256)),
            ("ones", Array(repeating: 0xff, count: 256)),
            ("attributes of length zero", header + [0, 0, 1, 0]),
            ("attributes longer than the message", header + [0xff, 0xff, 1, 0, 1, 2, 3, 4]),
            ("sixty thousand empty attributes", header + Self.empty(count: 60_000)),
            ("a nest sixteen thousand deep", header + Self.bomb(depth: 16_000)),
        ]
        return payloads.map { name, payload in
            HostileScript("objects with \(name)") { request in
                let object = FakeMessage(type: type, flags: .multipart, payload: payload)
                return request.message(object) + request.message(object) + request.ending
            }
        }
    }

    private static func empty(count: Int) -> [UInt8] {
        (0..<count).flatMap { [4, 0, UInt8(truncatingIfNeeded: $0), 0] as [UInt8] }
    }

    /// Attributes inside each other, as deep as sixteen bits of length allow.
    public static func bomb(depth: Int) -> [UInt8] {
        (0..<depth).flatMap { level in
            let length = UInt16(clamping: (depth - level) * 4)
            return [UInt8(truncatingIfNeeded: length), UInt8(length >> 8), UInt8(1 + level % 8), 0x80]
        }
    }
}

extension FakeRequest {
    /// What ends the request's exchange.
    fileprivate var end: FakeMessage {
        isDump ? done() : FaultReport(.init(rawValue: 0)).message(about: self)
    }
    fileprivate var ending: FakeAnswer { message(end) }

    fileprivate var objectBytes: [UInt8] {
        FakeMessage(type: 16, flags: .multipart, payload: Array(repeating: 0, count: 16)).bytes(
            sequence: sequence, port: port)
    }

    fileprivate func lying(length: UInt32) -> FakeAnswer {
        var writer = MessageWriter()
        writer.append(length)
        writer.append(objectBytes.rawSpan.bytes(from: 4))
        return .datagram(writer.bytes.array) + ending
    }

    fileprivate func failing(_ number: Int32) -> FakeAnswer {
        message(
            FakeMessage(type: ControlMessageType.error.rawValue, flags: .capped) { writer in
                writer.append(number)
                writer.append(bytes.rawSpan.bytes(from: 0, count: MessageHeader.byteCount))
            })
    }

    fileprivate func echoing(length: UInt32, flags: MessageFlags) -> FakeAnswer {
        message(
            FakeMessage(type: ControlMessageType.error.rawValue, flags: flags) { writer in
                writer.append(-NetlinkError.Code.invalidArgument.rawValue)
                writer.append(length)
                writer.append(bytes.rawSpan.bytes(from: 4, count: MessageHeader.byteCount - 4))
            })
    }

    fileprivate func explaining(_ attributes: [UInt8]) -> FakeAnswer {
        message(
            FakeMessage(
                type: ControlMessageType.error.rawValue, flags: [.capped, .acknowledgementAttributes]
            ) { writer in
                writer.append(-NetlinkError.Code.invalidArgument.rawValue)
                writer.append(bytes.rawSpan.bytes(from: 0, count: MessageHeader.byteCount))
                writer.append(attributes.rawSpan)
            })
    }
}
