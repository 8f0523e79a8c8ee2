// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A WireGuard tunnel.
///
/// Made and removed here; its keys and peers are set over generic netlink, which is the NetlinkWireGuard library's.
///
/// Kernel: kind `wireguard`, without options.
public struct WireGuardLink: LinkKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "wireguard" }

    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A WireGuard tunnel without keys and peers.
    public init() {}

    /// Reads the options.
    public init(decoding data: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<RawAttributeID>(data)
        while let attribute = try reader.next() { unknown.keep(attribute) }
    }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: WireGuardLink?) {
        if base == nil { writer.put(unknown) }
    }
}
