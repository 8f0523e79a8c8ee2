// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A link that drops what is sent over it.
///
/// Carries addresses that are to be up whatever the hardware does.
///
/// Kernel: kind `dummy`, without options.
public struct DummyLink: LinkKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "dummy" }

    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A link that drops what is sent over it.
    public init() {}

    /// Reads the options.
    public init(decoding data: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<RawAttributeID>(data)
        while let attribute = try reader.next() { unknown.keep(attribute) }
    }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: DummyLink?) {
        if base == nil { writer.put(unknown) }
    }
}
