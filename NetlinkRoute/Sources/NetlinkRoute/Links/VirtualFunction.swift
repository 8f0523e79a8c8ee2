// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// One virtual function of a physical link.
///
/// Kernel: `IFLA_VF_INFO`.
public struct VirtualFunction: Hashable, Sendable {
    static func list(_ span: RawSpan) throws(DecodeError) -> [VirtualFunction] { [] }
}
