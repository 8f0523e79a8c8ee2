// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// A file of the kernel's messages behind a number that says of which kind.
struct DumpFile {
    private let bytes: [UInt8]

    /// Takes the contents of a file, which may be anything.
    init(_ bytes: [UInt8], magic: UInt32, status: Int32) throws(CommandError) {
        let found = try? bytes.rawSpan.load(at: 0, as: UInt32.self)
        guard let found, found == magic else {
            let count = bytes.count >= 4 ? 1 : 0
            throw CommandError(
                "Magic mismatch (\(count) elems, \(String(found ?? 0, radix: 16)) magic)", status: status)
        }
        self.bytes = Array(bytes.dropFirst(4))
    }

    /// Gives each message to the closure.
    func forEach(_ body: (RawMessage) throws(CommandError) -> Void) throws(CommandError) {
        var reader = MessageReader(bytes.rawSpan)
        while true {
            let raw: RawMessage?
            do throws(DecodeError) {
                guard let message = try reader.next() else { return }
                raw = RawMessage(message)
            } catch {
                throw CommandError("Malformed dump file: \(error)", status: 1)
            }
            if let raw { try body(raw) }
        }
    }

    /// Puts such a file together.
    struct Writer: ~Copyable {
        private var writer = MessageWriter(capacity: 1 << 16, limit: .max / 4)

        init(magic: UInt32) { writer.append(magic) }

        mutating func append(_ message: RawMessage) { message.write(to: &writer) }

        /// The file's contents.
        var bytes: [UInt8] { writer.bytes.array }
    }
}

/// A message as the kernel sent it.
struct RawMessage: Sendable {
    var type: UInt16
    var flags: MessageFlags
    var sequence: UInt32
    var port: UInt32
    var payload: [UInt8]

    init(_ message: borrowing Message) {
        type = message.header.type
        flags = message.header.flags
        sequence = message.header.sequence
        port = message.header.port
        payload = message.payload.array
    }

    func write(to writer: inout MessageWriter) {
        writer.beginMessage(type: type, flags: flags, sequence: sequence, port: port)
        writer.append(payload.rawSpan)
        writer.endMessage()
    }

    /// Decodes the message as a type.
    func decoded<T>(_ decode: (borrowing Message) throws(DecodeError) -> T) -> T? {
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

    /// The message as a route.
    var route: Route? {
        guard [RouteMessageType.newRoute.rawValue, RouteMessageType.deleteRoute.rawValue].contains(type) else {
            return nil
        }
        return decoded { (message: borrowing Message) throws(DecodeError) in try Route(decoding: message) }
    }
}

/// A dump whose elements are the messages themselves, of objects that a closure accepts.
struct RawDump<Base: Dump<RouteProtocol>>: Dump {
    typealias Family = RouteProtocol
    let base: Base
    let accepts: @Sendable (Base.Element) -> Bool

    init(_ base: Base, _ accepts: @escaping @Sendable (Base.Element) -> Bool) {
        self.base = base
        self.accepts = accepts
    }

    var messageType: UInt16 { base.messageType }
    var flags: MessageFlags { base.flags }
    var operation: StaticString { base.operation }
    func encode(into writer: inout MessageWriter) { base.encode(into: &writer) }
    func decode(_ message: borrowing Message) throws(DecodeError) -> RawMessage? {
        guard let element = try base.decode(message), accepts(element) else { return nil }
        return RawMessage(message)
    }
}

/// Sends a message that was read before.
struct RawCommand: Command {
    typealias Family = RouteProtocol
    let message: RawMessage
    let flags: MessageFlags

    init(_ message: RawMessage, flags: MessageFlags) {
        self.message = message
        self.flags = flags
    }

    var messageType: UInt16 { message.type }
    var operation: StaticString { "restore" }
    func encode(into writer: inout MessageWriter) { writer.append(message.payload.rawSpan) }
}
