// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore
internal import NetlinkSockDiag

/// A socket as a filter judges it beside the kernel: bound by itself is only one whose port the kernel chooses from.
///
/// To the kernel a connection that was accepted is bound by itself too, whatever the port of its listener.
struct JudgedSocket: FilterableSocket {
    let base: InetSocket
    let chosen: ClosedRange<UInt16>

    var isAutobound: Bool? { chosen.contains(base.local.port) }

    func isLocalAddress(like pattern: SocketAddressPattern) -> Bool { base.isLocalAddress(like: pattern) }
    func isRemoteAddress(like pattern: SocketAddressPattern) -> Bool { base.isRemoteAddress(like: pattern) }
    var comparedLocalPort: Int64 { base.comparedLocalPort }
    var comparedRemotePort: Int64 { base.comparedRemotePort }
    var boundInterface: InterfaceIndex? { base.boundInterface }
    // What the kernel did not tell is none, as to iproute2.
    var comparedMark: UInt32? { base.comparedMark ?? 0 }
    var comparedCgroupID: UInt64? { base.comparedCgroupID ?? 0 }
    var comparedUser: UInt32? { base.comparedUser }
}

extension SocketExpression {
    /// Whether one of its conditions is who is bound by itself.
    var asksWhoIsAutobound: Bool {
        switch self {
        case .all(let filters), .any(let filters): filters.contains(where: \.asksWhoIsAutobound)
        case .not(let filter): filter.asksWhoIsAutobound
        case .isAutobound: true
        default: false
        }
    }
}
