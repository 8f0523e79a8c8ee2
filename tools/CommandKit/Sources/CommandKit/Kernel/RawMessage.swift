// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A message as the kernel sent it.
public struct RawMessage: Sendable {
    /// Its type, such as `RTM_NEWROUTE`.
    public var type: UInt16
    /// Its flags.
    public var flags: MessageFlags
    /// Its sequence number.
    public var sequence: UInt32
    /// The port in its header.
    public var port: UInt32
    /// What follows the header.
    public var payload: [UInt8]

    /// Copies a message.
    public init(_ message: borrowing Message) {
        type = message.header.type
        flags = message.header.flags
        sequence = message.header.sequence
        port = message.header.port
        payload = message.payload.array
    }

    /// A message of these parts.
    public init(type: UInt16, flags: MessageFlags, sequence: UInt32, port: UInt32, payload: [UInt8]) {
        self.type = type
        self.flags = flags
        self.sequence = sequence
        self.port = port
        self.payload = payload
    }

    /// Appends the message as it was.
    public func write(to writer: inout MessageWriter) {
        writer.beginMessage(type: type, flags: flags, sequence: sequence, port: port)
        writer.append(payload.rawSpan)
        writer.endMessage()
    }

    /// Decodes the message as a type; nil when it is none of it.
    public func decoded<T>(_ decode: (borrowing Message) throws(DecodeError) -> T) -> T? {
        var writer = MessageWriter()
        write(to: &writer)
        var reader = MessageReader(writer.bytes)
        do throws(DecodeError) {
            guard let message = try reader.next() else { return nil }
            return try decode(message)
        } catch {
            return nil
        }
    }
}

/// A dump whose elements are the messages themselves, of objects that a closure accepts.
public struct RawDump<Base: Dump>: Dump {
    /// The protocol that it belongs to.
    public typealias Family = Base.Family
    private let base: Base
    private let accepts: @Sendable (Base.Element) -> Bool

    /// Keeps the messages of the objects that the closure accepts.
    public init(_ base: Base, _ accepts: @escaping @Sendable (Base.Element) -> Bool) {
        self.base = base
        self.accepts = accepts
    }

    /// The message's type.
    public var messageType: UInt16 { base.messageType }
    /// Flags beside those that follow from the kind of request.
    public var flags: MessageFlags { base.flags }
    /// What is done, for errors.
    public var operation: StaticString { base.operation }
    /// What it is done to, for errors.
    public var object: String? { base.object }
    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) { base.encode(into: &writer) }
    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> RawMessage? {
        guard let element = try base.decode(message), accepts(element) else { return nil }
        return RawMessage(message)
    }
}

/// Sends a message that was read before.
public struct RawCommand<Family: NetlinkProtocol>: Command {
    private let message: RawMessage
    /// Flags beside those that follow from the kind of request.
    public let flags: MessageFlags

    /// Sends a message's payload under its type, with flags of its own.
    public init(_ message: RawMessage, flags: MessageFlags) {
        self.message = message
        self.flags = flags
    }

    /// The message's type.
    public var messageType: UInt16 { message.type }
    /// What is done, for errors.
    public var operation: StaticString { "restore" }
    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) { writer.append(message.payload.rawSpan) }
}

/// A command that asks for the notification that it causes.
public struct EchoedCommand<Base: Command>: Query {
    /// The protocol that it belongs to.
    public typealias Family = Base.Family
    private let base: Base

    /// Asks for the notification of a command.
    public init(_ base: Base) { self.base = base }

    /// The message's type.
    public var messageType: UInt16 { base.messageType }
    /// Flags beside those that follow from the kind of request.
    public var flags: MessageFlags { base.flags.union(.echo) }
    /// What is done, for errors.
    public var operation: StaticString { base.operation }
    /// What it is done to, for errors.
    public var object: String? { base.object }
    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) { base.encode(into: &writer) }
    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> RawMessage { RawMessage(message) }
}
