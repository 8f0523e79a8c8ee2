// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What a request to a family that is known only when the program runs consists of.
///
/// A family that is known beforehand is better a ``GenericFamily`` with requests of its own: see <doc:AddingAFamily>.
public struct RawGenericContents: Hashable, Sendable {
    /// The family's number, from its ``FamilyDescription``.
    public var familyID: UInt16
    /// The command's number.
    public var command: UInt8
    /// The version of the family's interface, which most families do not look at.
    public var version: UInt8
    /// What the family has in front of the attributes.
    public var userHeader: [UInt8] = []
    /// The attributes.
    public var attributes: [UnknownAttribute]

    /// A command of a family with its attributes.
    public init(_ familyID: UInt16, command: UInt8, version: UInt8 = 1, attributes: [UnknownAttribute] = []) {
        self.familyID = familyID
        self.command = command
        self.version = version
        self.attributes = attributes
    }

    func encode(into writer: inout MessageWriter) {
        GenericHeader(command: command, version: version).encode(into: &writer)
        if !userHeader.isEmpty {
            var padded = userHeader
            while padded.count % 4 != 0 { padded.append(0) }
            writer.append(padded.rawSpan)
        }
        for attribute in attributes { writer.put(RawAttributeID(rawValue: attribute.rawType), attribute.payload) }
    }
}

/// A message of a family as it came.
public struct RawGenericMessage: Hashable, Sendable {
    /// The family's number.
    public var familyID: UInt16
    /// The command's number.
    public var command: UInt8
    /// The version of the family's interface.
    public var version: UInt8
    /// What follows the generic header: the family's own header, where it has one, and the attributes.
    public var bytes: [UInt8]

    /// Reads a message.
    ///
    /// - Throws: `DecodeError` when it is shorter than its header.
    public init(decoding message: borrowing Message) throws(DecodeError) {
        let header = try GenericHeader(decoding: message)
        familyID = message.header.type
        command = header.command
        version = header.version
        bytes = message.payload.bytes(from: GenericHeader.byteCount).array
    }

    /// The attributes behind a header of the family's own.
    ///
    /// - Throws: `DecodeError` when they are malformed.
    public func attributes(after userHeaderByteCount: Int = 0) throws(DecodeError) -> [UnknownAttribute] {
        let start = (Swift.max(0, userHeaderByteCount) + 3) & ~3
        guard start <= bytes.count else { throw DecodeError(.truncated, expected: start, actual: bytes.count) }
        var found: [UnknownAttribute] = []
        var reader = AttributeReader<RawAttributeID>(bytes.rawSpan.bytes(from: start))
        while let attribute = try reader.next() {
            found.append(UnknownAttribute(rawType: attribute.rawType, payload: attribute.payload.array))
        }
        return found
    }
}

/// Sends a command to a family that is known only when the program runs; it runs on the connections of every family.
public struct RawGenericCommand<Family: GenericFamily>: Command {
    /// What it consists of.
    public var contents: RawGenericContents
    /// Makes one.
    public init(_ contents: RawGenericContents) { self.contents = contents }
    /// The message's type.
    public var messageType: UInt16 { contents.familyID }
    /// What is done, for errors.
    public var operation: StaticString { "perform command" }
    /// What it is done to, for errors.
    public var object: String? { "\(contents.command) of family \(contents.familyID)" }
    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) { contents.encode(into: &writer) }
}

/// Asks a family that is known only when the program runs for one object; it runs on the connections of every family.
public struct RawGenericQuery<Family: GenericFamily>: Query {
    /// What it consists of.
    public var contents: RawGenericContents
    /// Makes one.
    public init(_ contents: RawGenericContents) { self.contents = contents }
    /// The message's type.
    public var messageType: UInt16 { contents.familyID }
    /// What is done, for errors.
    public var operation: StaticString { "perform query" }
    /// What it is done to, for errors.
    public var object: String? { "\(contents.command) of family \(contents.familyID)" }
    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) { contents.encode(into: &writer) }
    /// Reads the reply.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> RawGenericMessage {
        try RawGenericMessage(decoding: message)
    }
}

/// Lists objects of a family that is known only when the program runs; it runs on the connections of every family.
public struct RawGenericDump<Family: GenericFamily>: Dump {
    /// What it consists of.
    public var contents: RawGenericContents
    /// Makes one.
    public init(_ contents: RawGenericContents) { self.contents = contents }
    /// The message's type.
    public var messageType: UInt16 { contents.familyID }
    /// What is done, for errors.
    public var operation: StaticString { "perform dump" }
    /// What it is done to, for errors.
    public var object: String? { "\(contents.command) of family \(contents.familyID)" }
    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) { contents.encode(into: &writer) }
    /// Reads one message.
    public func decode(_ message: borrowing Message) throws(DecodeError) -> RawGenericMessage? {
        try RawGenericMessage(decoding: message)
    }
}
