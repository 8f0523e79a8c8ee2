// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A socket of any family as a filter sees it.
public protocol FilterableSocket {
    /// Whether the socket's own address is like a pattern; false for a pattern of another family.
    func isLocalAddress(like pattern: SocketAddressPattern) -> Bool
    /// Whether the other side's address is like a pattern; false for a pattern of another family.
    func isRemoteAddress(like pattern: SocketAddressPattern) -> Bool
    /// What conditions on the socket's own port compare.
    var comparedLocalPort: Int64 { get }
    /// What conditions on the other side's port compare.
    var comparedRemotePort: Int64 { get }
    /// The link to which it is bound.
    var boundInterface: InterfaceIndex? { get }
    /// The mark of its packets; nil where the kernel did not say.
    var comparedMark: UInt32? { get }
    /// The control group of its maker; nil where the kernel did not say.
    var comparedCgroupID: UInt64? { get }
    /// Whether the kernel chose its port or name; nil where that cannot be seen.
    var isAutobound: Bool? { get }
    /// The user whom it belongs to; nil where the kernel did not say.
    var comparedUser: UInt32? { get }
}

extension FilterableSocket {
    // Only internet sockets tell of these; to a filter the others have none, as with `ss`.
    /// The mark that expressions compare.
    public var comparedMark: UInt32? { 0 }
    /// The control group that expressions compare.
    public var comparedCgroupID: UInt64? { 0 }
    /// The user that expressions compare.
    public var comparedUser: UInt32? { nil }
}

extension SocketExpression {
    /// Whether a socket is meant; nil where what was told of it does not decide that.
    ///
    /// Only the kernel knows whether an internet socket is bound by itself.
    public func matches(_ socket: some FilterableSocket) -> Bool? {
        switch self {
        case .all(let filters):
            var isSure = true
            for filter in filters {
                switch filter.matches(socket) {
                case true: break
                case false: return false
                case nil: isSure = false
                }
            }
            return isSure ? true : nil
        case .any(let filters):
            var isSure = true
            for filter in filters {
                switch filter.matches(socket) {
                case true: return true
                case false: break
                case nil: isSure = false
                }
            }
            return isSure ? false : nil
        case .not(let filter): return filter.matches(socket).map { !$0 }
        case .local(let pattern): return socket.isLocalAddress(like: pattern)
        case .remote(let pattern): return socket.isRemoteAddress(like: pattern)
        case .localPort(let comparison, let port): return comparison.holds(socket.comparedLocalPort, Int64(port))
        case .remotePort(let comparison, let port): return comparison.holds(socket.comparedRemotePort, Int64(port))
        case .interface(let index): return socket.boundInterface?.rawValue ?? 0 == index.rawValue
        case .mark(let mark, let mask): return socket.comparedMark.map { $0 & mask == mark }
        case .cgroup(let id): return socket.comparedCgroupID.map { $0 == id }
        case .isAutobound: return socket.isAutobound
        case .user(let user): return socket.comparedUser.map { $0 == user }
        }
    }

    /// Whether one of the conditions that it is made of, at whatever depth, satisfies a test.
    func hasCondition(where test: (Self) -> Bool) -> Bool {
        switch self {
        case .all(let filters), .any(let filters): filters.contains { $0.hasCondition(where: test) }
        case .not(let filter): filter.hasCondition(where: test)
        default: test(self)
        }
    }

    /// Whether it has a condition that nothing in a message about an internet socket decides.
    var onlyKernelKnows: Bool {
        hasCondition { condition in
            if case .isAutobound = condition { true } else { false }
        }
    }
}

extension InetSocket: FilterableSocket {
    /// Whether the local address is like a pattern.
    public func isLocalAddress(like pattern: SocketAddressPattern) -> Bool {
        guard case .internet(let prefix, let port) = pattern else { return false }
        return (port == nil || port == sourcePort) && (prefix == nil || prefix.map(source.hasPrefix(family)) == true)
    }
    /// Whether the remote address is like a pattern.
    public func isRemoteAddress(like pattern: SocketAddressPattern) -> Bool {
        guard case .internet(let prefix, let port) = pattern else { return false }
        return (port == nil || port == destinationPort)
            && (prefix == nil || prefix.map(destination.hasPrefix(family)) == true)
    }
    /// The local port that expressions compare.
    public var comparedLocalPort: Int64 { Int64(sourcePort) }
    /// The remote port that expressions compare.
    public var comparedRemotePort: Int64 { Int64(destinationPort) }
    /// The link to which it is bound.
    public var boundInterface: InterfaceIndex? { interface }
    /// The mark that expressions compare.
    public var comparedMark: UInt32? { mark }
    /// The control group that expressions compare.
    public var comparedCgroupID: UInt64? { cgroupID }
    /// The user that expressions compare.
    public var comparedUser: UInt32? { user }
    // The kernel keeps it in a lock of the socket that no attribute tells of. A raw socket has no port.
    /// Whether the kernel chose its port.
    public var isAutobound: Bool? { isRaw ? false : nil }
}

extension PackedAddress {
    /// Says of a prefix whether this address, of a family, has it, as the kernel's own filter judges.
    func hasPrefix(_ family: AddressFamily) -> (IPPrefix) -> Bool {
        { prefix in
            switch (prefix.address, address(isV6: family == .ipv6)) {
            case (.v4, .v6(let address)):
                guard let mapped = address.mappedIPv4 else { return false }
                return prefix.contains(.v4(mapped))
            case (_, let address): return prefix.contains(address)
            }
        }
    }
}
