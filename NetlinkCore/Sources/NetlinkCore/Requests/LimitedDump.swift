// SPDX-License-Identifier: Apache-2.0

/// A dump whose array ends with ``NetlinkError/Code/limitExceeded`` when the kernel sends more than a number of bytes.
public struct LimitedDump<Base: Dump>: Dump {
    /// The protocol that it belongs to.
    public typealias Family = Base.Family
    /// What it gives.
    public typealias Element = Base.Element

    /// The dump.
    public let base: Base
    /// How many received bytes an array is made from at most.
    public let byteLimit: Int?

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
    /// Reads one message as the dump does.
    @inlinable public func decode(_ message: borrowing Message) throws(DecodeError) -> Base.Element? {
        try base.decode(message)
    }
    /// Reads the messages of a datagram as the dump does.
    @inlinable public func decode(
        datagram: RawSpan, in exchange: inout Exchange, into elements: inout [Base.Element]
    ) throws(NetlinkError) {
        try base.decode(datagram: datagram, in: &exchange, into: &elements)
    }

    init(_ base: Base, bytes: Int) {
        self.base = base
        byteLimit = bytes
    }
}

extension Dump {
    /// The same dump, bounded: an array of it is made from at most this many received bytes.
    public func limited(bytes: Int) -> LimitedDump<Self> { LimitedDump(self, bytes: bytes) }
}
