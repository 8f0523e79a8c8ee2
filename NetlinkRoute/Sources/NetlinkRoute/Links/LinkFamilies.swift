// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// The settings of a link for each address family.
///
/// Kernel: `IFLA_AF_SPEC`.
public struct LinkFamilies: Hashable, Sendable {
    /// The attribute as the kernel's bytes.
    public var data: [UInt8]

    init(_ span: RawSpan, family: AddressFamily) throws(DecodeError) { data = span.array }
    func encode(into writer: inout MessageWriter, changing base: LinkFamilies?) {}
    var settings: LinkFamilies { self }
}
