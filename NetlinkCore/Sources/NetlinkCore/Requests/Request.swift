// SPDX-License-Identifier: Apache-2.0

/// An operation as a value: what it sends, and how its replies are read.
///
/// The same value is run by both kinds of connection, a batch and a fake kernel, and prints itself decoded. Conform to
/// ``Command``, ``Query`` or ``Dump``.
public protocol Request<Family>: Sendable, CustomStringConvertible {
    /// The protocol over which it is sent.
    associatedtype Family: NetlinkProtocol
    /// The message's type.
    var messageType: UInt16 { get }
    /// Flags beside those that follow from the kind of request.
    var flags: MessageFlags { get }
    /// What is done, for errors: `list routes`.
    var operation: StaticString { get }
    /// What it is done to, for errors: `eth0`.
    var object: String? { get }
    /// Writes what follows the message's header.
    func encode(into writer: inout MessageWriter)
}

extension Request {
    /// Flags beside those that follow from the kind of request.
    public var flags: MessageFlags { [] }
    /// What it is done to, for errors.
    public var object: String? { nil }
}

/// A request that the kernel acknowledges and that returns nothing.
public protocol Command<Family>: Request {}

/// A request with one reply.
public protocol Query<Family>: Request {
    /// What it is answered with.
    associatedtype Reply: Sendable
    /// Reads the reply.
    func decode(_ message: borrowing Message) throws(DecodeError) -> Reply
}

/// A request that lists many objects.
public protocol Dump<Family>: Request {
    /// What it lists.
    associatedtype Element: Sendable
    /// Reads one message; nil leaves it out, as when the kernel did not apply a filter.
    func decode(_ message: borrowing Message) throws(DecodeError) -> Element?
    /// How many received bytes an array may be made from; nil for no limit.
    var byteLimit: Int? { get }
    /// Reads the messages of a datagram that belong to the exchange.
    func decode(
        datagram: RawSpan, in exchange: inout Exchange, into elements: inout [Element]
    ) throws(NetlinkError)
}

extension Dump {
    /// No limit unless the dump has one.
    public var byteLimit: Int? { nil }

    // Inlinable so that the loop is specialised in the module that declares the request.
    /// Reads each message as ``decode(_:)`` does.
    @inlinable
    public func decode(
        datagram: RawSpan, in exchange: inout Exchange, into elements: inout [Element]
    ) throws(NetlinkError) {
        var reader = MessageReader(datagram)
        while let message = try exchange.next(in: &reader) {
            do throws(DecodeError) {
                if let element = try decode(message) { elements.append(element) }
            } catch {
                throw NetlinkError(error)
            }
        }
    }
}

/// What kind of exchange a request asks for.
public enum RequestKind: Sendable {
    /// Acknowledged, returns nothing.
    case command
    /// Acknowledged, returns one object.
    case query
    /// Returns objects until a done message.
    case dump

    /// The header flags that go with it.
    var flags: MessageFlags {
        switch self {
        // A query asks for the acknowledgement too: one that finds nothing then ends.
        case .command, .query: [.request, .acknowledge]
        case .dump: [.request, .dump]
        }
    }
}

extension Request {
    /// Refuses what the kernel would ignore and yet acknowledge as done: the types of control messages, and 0 where no
    /// number takes its place.
    func checkType(assigned: Bool = Family.messageTypeQuery != nil) throws(NetlinkError) {
        if messageType >= ControlMessageType.firstProtocolType || messageType == 0 && assigned { return }
        throw NetlinkError(
            .invalidArgument,
            explanation: messageType == 0
                ? "the message type is not known" : "message type \(messageType) is no request's")
    }

    /// Writes the whole message.
    func encodeMessage(
        _ kind: RequestKind, type: UInt16? = nil, sequence: UInt32, port: UInt32 = 0, into writer: inout MessageWriter
    ) {
        writer.beginMessage(
            type: type ?? messageType, flags: kind.flags.union(flags), sequence: sequence, port: port)
        encode(into: &writer)
        writer.endMessage()
    }

    /// Gives the message's bytes, as they would be sent with sequence number 0, to the closure.
    @_spi(System) public func withEncodedMessage<T>(_ kind: RequestKind, _ body: (RawSpan) -> T) throws(NetlinkError)
        -> T
    {
        var writer = MessageWriter(isSecret: Family.carriesSecrets)
        encodeMessage(kind, sequence: 0, into: &writer)
        try writer.finish()
        return body(writer.bytes)
    }

    func encodedMessage(_ kind: RequestKind) throws(NetlinkError) -> [UInt8] {
        try withEncodedMessage(kind) { $0.array }
    }

    func describe(_ kind: RequestKind) -> String {
        do throws(NetlinkError) {
            return try withEncodedMessage(kind) { MessageDescription.describe($0, schema: Family.schema) }
        } catch {
            return "\(operation): \(error)"
        }
    }
}

extension Command {
    /// The message in words: type, flags, attributes by kernel name and value.
    public var description: String { describe(.command) }
    /// The message's bytes with sequence number 0.
    public func messageBytes() throws(NetlinkError) -> [UInt8] { try encodedMessage(.command) }
}
extension Query {
    /// The message in words: type, flags, attributes by kernel name and value.
    public var description: String { describe(.query) }
    /// The message's bytes with sequence number 0.
    public func messageBytes() throws(NetlinkError) -> [UInt8] { try encodedMessage(.query) }
}
extension Dump {
    /// The message in words: type, flags, attributes by kernel name and value.
    public var description: String { describe(.dump) }
    /// The message's bytes with sequence number 0.
    public func messageBytes() throws(NetlinkError) -> [UInt8] { try encodedMessage(.dump) }
}
