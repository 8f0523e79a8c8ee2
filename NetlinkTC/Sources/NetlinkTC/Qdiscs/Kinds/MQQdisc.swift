// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// One queueing discipline for each of a link's transmit queues, which are its classes; only as ``TCHandle/root``.
///
/// Kernel: kind `mq`.
public struct MQQdisc: QdiscKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "mq" }
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// It has no options.
    public init() {}

    /// Reads the kernel's bytes.
    public init(decoding options: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<RawAttributeID>(options)
        while let attribute = try reader.next() { unknown.keep(attribute) }
    }

    /// Writes what is set and differs from the base, where there is one.
    public func encode(into writer: inout MessageWriter, changing base: MQQdisc?) { writer.put(unknown) }
}

/// No queue: packets are sent at once or dropped, as virtual links do.
///
/// Kernel: kind `noqueue`.
public struct NoQueueQdisc: QdiscKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "noqueue" }
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// It has no options.
    public init() {}

    /// Reads the kernel's bytes.
    public init(decoding options: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<RawAttributeID>(options)
        while let attribute = try reader.next() { unknown.keep(attribute) }
    }

    /// Writes what is set and differs from the base, where there is one.
    public func encode(into writer: inout MessageWriter, changing base: NoQueueQdisc?) { writer.put(unknown) }
}
