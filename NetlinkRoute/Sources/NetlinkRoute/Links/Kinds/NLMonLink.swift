// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A link at which the machine's netlink messages can be recorded.
///
/// A packet socket bound to it gets a copy of every netlink message of its namespace.
///
/// Kernel: kind `nlmon`, without options.
public struct NLMonLink: LinkKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "nlmon" }

    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A link at which netlink messages can be recorded.
    public init() {}

    /// Reads the options.
    public init(decoding data: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<RawAttributeID>(data)
        while let attribute = try reader.next() { unknown.keep(attribute) }
    }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: NLMonLink?) {
        if base == nil { writer.put(unknown) }
    }
}
