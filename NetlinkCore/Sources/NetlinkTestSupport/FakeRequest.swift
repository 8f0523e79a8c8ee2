// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A request that a fake kernel received, and the answers that a kernel could give to it.
public struct FakeRequest: Sendable {
    /// Its header; the port id is the one that was sent, nearly always 0.
    public let header: MessageHeader
    /// What follows the header.
    public let payload: [UInt8]
    /// The port id of the socket it came over.
    public let port: UInt32
    /// Which socket it came over, counted from 0 in the order of opening.
    public let socket: Int

    /// Its type.
    public var type: UInt16 { header.type }
    /// Its flags.
    public var flags: MessageFlags { header.flags }
    /// Its sequence number.
    public var sequence: UInt32 { header.sequence }
    /// Whether it asks for all objects.
    public var isDump: Bool { flags.contains(.dump) }
    /// The whole message, padded, as it was sent.
    public var bytes: [UInt8] {
        FakeMessage(type: type, flags: flags, payload: payload).bytes(sequence: sequence, port: header.port)
    }

    /// The attributes behind a fixed header of `fixed` bytes; none when the payload is shorter.
    @_lifetime(borrow self)
    public func attributes<ID: AttributeID>(of type: ID.Type = ID.self, after fixed: Int) -> AttributeReader<ID> {
        AttributeReader(payload.rawSpan.bytes(from: (fixed + 3) & ~3))
    }

    /// One message of the answer, in a datagram of its own, with the request's sequence number and port id.
    public func message(_ message: FakeMessage, adding flags: MessageFlags = []) -> FakeAnswer {
        .datagram(message.bytes(sequence: sequence, port: port, adding: flags))
    }
}

// Commands and queries.
extension FakeRequest {
    /// The acknowledgement of success, when the request asks for one; `warning` is what the kernel says with it.
    public func acknowledge(warning: String? = nil, cookie: [UInt8]? = nil) -> FakeAnswer {
        guard flags.contains(.acknowledge) else { return .silence }
        var report = FaultReport(.init(rawValue: 0))
        report.message = warning
        report.cookie = cookie
        return self.report(report)
    }

    /// An object and the acknowledgement, as a query is answered.
    public func object(_ object: FakeMessage) -> FakeAnswer { objects([object]) }

    /// Objects, each in a datagram, and the acknowledgement.
    public func objects(_ objects: [FakeMessage]) -> FakeAnswer {
        objects.reduce(.silence) { $0 + message($1) } + acknowledge()
    }

    /// The kernel's refusal, with what it says in its extended acknowledgement.
    public func error(
        _ code: NetlinkError.Code, message: String? = nil, offset: UInt32? = nil, missing: UInt16? = nil,
        missingNest: UInt32? = nil, policy: AttributePolicy? = nil
    ) -> FakeAnswer {
        var report = FaultReport(code)
        report.message = message
        report.offset = offset
        report.missing = missing
        report.missingNest = missingNest
        report.policy = policy
        return self.report(report)
    }

    /// The kernel's refusal, or its acknowledgement, in every form it can take.
    public func report(_ report: FaultReport) -> FakeAnswer {
        message(report.message(about: self))
    }

    /// The notification that a change causes; when `own`, as a subscribed socket gets that of its own change.
    public func notification(_ notification: FakeMessage, own: Bool = false) -> FakeAnswer {
        .datagram(notification.bytes(sequence: own ? sequence : 0, port: own ? port : 0))
    }
}

// Dumps.
extension FakeRequest {
    /// Objects, `perDatagram` of them in a datagram, and the done message, alone or behind the last object.
    ///
    /// The done message carries the error number of `code`, and `message` in words. The message whose index is
    /// `interruptedAt` has the interruption flag; the number of objects stands for the done message.
    public func dump(
        _ objects: [FakeMessage], perDatagram: Int = 2, code: NetlinkError.Code? = nil, message: String? = nil,
        interruptedAt: Int? = nil, isDoneApart: Bool = true
    ) -> FakeAnswer {
        var datagrams: [[UInt8]] = []
        for (index, object) in objects.enumerated() {
            let flags: MessageFlags = index == interruptedAt ? [.multipart, .dumpInterrupted] : .multipart
            let bytes = object.bytes(sequence: sequence, port: port, adding: flags)
            if index % Swift.max(1, perDatagram) == 0 {
                datagrams.append(bytes)
            } else {
                datagrams[datagrams.count - 1] += bytes
            }
        }
        let done = done(code, message: message, interrupted: interruptedAt == objects.count)
            .bytes(sequence: sequence, port: port)
        if isDoneApart || datagrams.isEmpty { datagrams.append(done) } else { datagrams[datagrams.count - 1] += done }
        return FakeAnswer(datagrams.map { .datagram($0) })
    }

    /// The message that ends a dump.
    public func done(
        _ code: NetlinkError.Code? = nil, message: String? = nil, interrupted: Bool = false
    ) -> FakeMessage {
        var flags: MessageFlags = interrupted ? [.multipart, .dumpInterrupted] : .multipart
        if message != nil { flags.insert(.acknowledgementAttributes) }
        return FakeMessage(type: ControlMessageType.done.rawValue, flags: flags) { writer in
            writer.append(-(code?.rawValue ?? 0))
            writer.put(ReportAttribute.message, message)
        }
    }

    /// What a busy socket receives beside answers: stale and foreign replies, a notification, idle messages.
    public func noise(_ object: FakeMessage) -> FakeAnswer {
        let done = done().bytes(sequence: sequence &- 1, port: port)
        let idle = FakeMessage(type: ControlMessageType.noOperation.rawValue)
        let lost = FakeMessage(type: ControlMessageType.overrun.rawValue)
        let refused = FaultReport(.exists).message(about: self)
        return .datagram(object.bytes(sequence: sequence &- 1, port: port)) + .datagram(done)
            + .datagram(object.bytes(sequence: sequence, port: port &+ 1))
            + .datagram(refused.bytes(sequence: sequence, port: port &+ 1))
            + .datagram(refused.bytes(sequence: sequence &+ 7, port: port))
            + notification(object) + message(idle) + message(lost)
    }
}
