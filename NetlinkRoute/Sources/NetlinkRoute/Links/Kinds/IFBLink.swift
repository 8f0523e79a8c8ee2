// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// An intermediate functional block: a link whose queueing discipline others borrow.
///
/// Packets redirected to it pass its queueing discipline and go on where they came from, so that what comes in can be
/// shaped.
///
/// Kernel: kind `ifb`, without options.
public struct IFBLink: LinkKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "ifb" }

    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// An intermediate functional block.
    public init() {}

    /// Reads the options.
    public init(decoding data: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<RawAttributeID>(data)
        while let attribute = try reader.next() { unknown.keep(attribute) }
    }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: IFBLink?) {
        if base == nil { writer.put(unknown) }
    }
}
