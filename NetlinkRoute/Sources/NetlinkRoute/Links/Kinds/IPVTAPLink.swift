// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A ``IPVLANLink`` whose packets a program reads and writes at a character device, `/dev/tap` and the link's number.
///
/// It has every option of ``IPVLANLink``.
///
/// Kernel: kind `ipvtap`.
@dynamicMemberLookup
public struct IPVTAPLink: LinkKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "ipvtap" }

    /// The options.
    public var options: IPVLANLink

    /// A link with a mode, or with the kernel's.
    public init(mode: IPVLANLink.Mode? = nil) { options = IPVLANLink(mode: mode) }

    /// An option of ``IPVLANLink``.
    public subscript<Value>(dynamicMember path: WritableKeyPath<IPVLANLink, Value>) -> Value {
        get { options[keyPath: path] }
        set { options[keyPath: path] = newValue }
    }

    /// The names of the options.
    public static var schema: AttributeSchema? { IPVLANLink.schema }

    /// Reads the options.
    public init(decoding data: RawSpan) throws(DecodeError) { options = try IPVLANLink(decoding: data) }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: IPVTAPLink?) {
        options.encode(into: &writer, changing: base?.options)
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) { try options.validate() }

    /// The same without what the kernel only reports.
    public var settings: IPVTAPLink {
        var copy = self
        copy.options = options.settings
        return copy
    }
}
