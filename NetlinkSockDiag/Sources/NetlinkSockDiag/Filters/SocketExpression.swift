// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Which sockets are meant, as an expression of conditions.
///
/// ```swift
/// let filter = SocketExpression.all([.localPort(.equal, 443), .not(.remote("10.0.0.0/8"))])
/// let sockets = try await connection.sockets(.tcp, filter: filter)
/// ```
///
/// `ss` text becomes one by ``SocketExpressionParser``. The kernel applies it to internet sockets; what comes is checked again
/// here, as it is for sockets of other families, whose kernel code knows no filter. Conditions on states are not part of it:
/// they are a ``SocketStates``.
public indirect enum SocketExpression: Hashable, Sendable {
    /// All of them hold; with none, always.
    case all([SocketExpression])
    /// One of them holds; with none, never.
    case any([SocketExpression])
    /// It does not hold.
    case not(SocketExpression)
    /// The socket's own address is like this.
    case local(SocketAddressPattern)
    /// The other side's address is like this.
    case remote(SocketAddressPattern)
    /// The socket's own port compares so.
    case localPort(PortComparison, UInt16)
    /// The other side's port compares so.
    case remotePort(PortComparison, UInt16)
    /// The socket is bound to this link; with 0 to none.
    case interface(InterfaceIndex)
    /// The mark of its packets has these bits of the mask, and none of the mask's others; takes CAP_NET_ADMIN.
    ///
    /// No socket has a mark with bits outside the mask.
    case mark(UInt32, mask: UInt32)
    /// The process that made it was in this control group of version 2; since Linux 5.9.
    case cgroup(UInt64)
    /// The kernel chose the port, or the name of a Unix socket.
    case isAutobound
    /// It belongs to this user; sorted out here alone, as the kernel's filter knows no users. Of netlink and vsock sockets
    /// the kernel does not tell the user, so that neither this nor its opposite means them.
    case user(UInt32)

    /// The socket's own address begins so.
    public static func local(_ prefix: IPPrefix) -> Self { .local(.internet(prefix, port: nil)) }
    /// The other side's address begins so.
    public static func remote(_ prefix: IPPrefix) -> Self { .remote(.internet(prefix, port: nil)) }
}

/// How two ports compare.
public enum PortComparison: Hashable, Sendable, CaseIterable {
    /// They are the same.
    case equal
    /// They are not the same.
    case notEqual
    /// The socket's is the lesser.
    case less
    /// The socket's is the lesser, or they are the same.
    case atMost
    /// The socket's is the greater.
    case greater
    /// The socket's is the greater, or they are the same.
    case atLeast

    /// Whether the socket's port compares so to another.
    @inlinable public func holds(_ port: Int64, _ other: Int64) -> Bool {
        switch self {
        case .equal: port == other
        case .notEqual: port != other
        case .less: port < other
        case .atMost: port <= other
        case .greater: port > other
        case .atLeast: port >= other
        }
    }
}

/// What an address of a socket is like, in one family; sockets of other families have no such address.
@nonexhaustive
public enum SocketAddressPattern: Hashable, Sendable {
    /// An address with this prefix and this port; nil for any, with both any address of whatever family. An IPv4 prefix takes IPv4 addresses mapped into IPv6 too.
    case internet(IPPrefix?, port: UInt16?)
    /// A path, or an abstract name with `@` before it, that the pattern matches.
    case unix(GlobPattern)
    /// Packets of this protocol, an Ethernet type, on this link; nil for any.
    case packet(ethernetType: UInt16?, interface: InterfaceIndex?)
    /// Netlink of this protocol and this port id; nil for any.
    case netlink(protocol: UInt8?, port: UInt32?)
    /// A machine and its port; nil for any.
    case vsock(context: UInt32?, port: UInt32?)
}

extension SocketAddressPattern {
    /// Whether it takes any address and port, of whatever family.
    var isAny: Bool {
        guard case .internet(let prefix, port: nil) = self else { return false }
        return prefix?.length ?? 0 == 0
    }
}
