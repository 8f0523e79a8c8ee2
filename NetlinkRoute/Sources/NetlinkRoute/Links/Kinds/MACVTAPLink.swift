// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A ``MACVLANLink`` whose packets a program reads and writes at a character device, `/dev/tap` and the link's number.
///
/// It has every option of ``MACVLANLink``.
///
/// Kernel: kind `macvtap`.
@dynamicMemberLookup
public struct MACVTAPLink: LinkKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "macvtap" }

    /// The options.
    public var options: MACVLANLink

    /// A link with a mode, or with the kernel's.
    public init(mode: MACVLANLink.Mode? = nil) { options = MACVLANLink(mode: mode) }

    /// An option of ``MACVLANLink``.
    public subscript<Value>(dynamicMember path: WritableKeyPath<MACVLANLink, Value>) -> Value {
        get { options[keyPath: path] }
        set { options[keyPath: path] = newValue }
    }

    /// The names of the options.
    public static var schema: AttributeSchema? { MACVLANLink.schema }

    /// Reads the options.
    public init(decoding data: RawSpan) throws(DecodeError) { options = try MACVLANLink(decoding: data) }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: MACVTAPLink?) {
        options.encode(into: &writer, changing: base?.options)
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) { try options.validate() }

    /// The same without what the kernel only reports.
    public var settings: MACVTAPLink {
        var copy = self
        copy.options = options.settings
        return copy
    }
}
