// SPDX-License-Identifier: Apache-2.0

/// A dump whose array ends with ``NetlinkError/Code/limitExceeded`` when the kernel sends more than a number of bytes.
public struct LimitedDump<Base: Dump>: Dump {
    public typealias Family = Base.Family
    public typealias Element = Base.Element

    /// The dump.
    public let base: Base
    public let byteLimit: Int?

    public var messageType: UInt16 { base.messageType }
    public var flags: MessageFlags { base.flags }
    public var operation: StaticString { base.operation }
    public var object: String? { base.object }
    public func encode(into writer: inout MessageWriter) { base.encode(into: &writer) }
    @inlinable public func decode(_ message: borrowing Message) throws(DecodeError) -> Base.Element? {
        try base.decode(message)
    }
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
