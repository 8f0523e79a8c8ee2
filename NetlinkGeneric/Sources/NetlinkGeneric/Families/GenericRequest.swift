// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A request to a family of generic netlink: conform to it beside `Command`, `Query` or `Dump`.
///
/// It says which command is meant and writes the attributes; the headers and the family's number follow from the family.
public protocol GenericRequest<Family>: Request where Family: GenericFamily {
    /// The command's number.
    var command: UInt8 { get }
    /// Writes what follows the generic header: the family's own header, where it has one, and the attributes.
    func encodeAttributes(into writer: inout MessageWriter)
}

extension GenericRequest {
    /// The number that the kernel assigned to the family, which the connection finds out.
    public var messageType: UInt16 { Family.assignedMessageType }

    /// Writes what follows the message's header.
    public func encode(into writer: inout MessageWriter) {
        GenericHeader(command: command, version: Family.version).encode(into: &writer)
        encodeAttributes(into: &writer)
    }

    /// Nothing.
    public func encodeAttributes(into writer: inout MessageWriter) {}
}

extension Message {
    /// The command of a message of generic netlink.
    ///
    /// - Throws: `DecodeError` when the message is shorter than its header.
    public var genericCommand: UInt8 {
        get throws(DecodeError) { try GenericHeader(decoding: self).command }
    }

    /// The attributes of a message of a family.
    ///
    /// - Throws: `DecodeError` when the message is shorter than its headers.
    @_lifetime(copy self)
    public func attributes<Family: GenericFamily, ID: AttributeID>(
        in family: Family.Type, of type: ID.Type = ID.self
    ) throws(DecodeError) -> AttributeReader<ID> {
        try attributes(of: ID.self, after: Family.headerByteCount)
    }
}
