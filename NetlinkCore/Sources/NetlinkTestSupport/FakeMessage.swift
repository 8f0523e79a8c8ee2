// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A message that a fake kernel sends, without the sequence number and port id, which follow from the request.
public struct FakeMessage: Hashable, Sendable {
    /// The message's type.
    public var type: UInt16
    /// Flags beside those that follow from where the message stands.
    public var flags: MessageFlags
    /// What follows the message's header: fixed header and attributes.
    public var payload: [UInt8]

    /// Makes a message of bytes.
    public init(type: UInt16, flags: MessageFlags = [], payload: [UInt8] = []) {
        self.type = type
        self.flags = flags
        self.payload = payload
    }

    /// Makes a message whose payload the closure writes.
    public init(type: UInt16, flags: MessageFlags = [], _ body: (inout MessageWriter) -> Void) {
        var writer = MessageWriter()
        body(&writer)
        self.init(type: type, flags: flags, payload: writer.bytes.array)
    }

    /// The message as it stands in a datagram, padded.
    public func bytes(sequence: UInt32, port: UInt32, adding more: MessageFlags = []) -> [UInt8] {
        var writer = MessageWriter(limit: .max / 2)
        writer.beginMessage(type: type, flags: flags.union(more), sequence: sequence, port: port)
        writer.append(payload.rawSpan)
        writer.endMessage()
        return writer.bytes.array
    }
}
