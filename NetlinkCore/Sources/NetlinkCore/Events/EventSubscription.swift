// SPDX-License-Identifier: Apache-2.0

/// Which notifications of a protocol to be told of, and how much of them may wait.
public struct EventSubscription: Hashable, Sendable {
    /// The numbers of the multicast groups to join.
    public var groups: [UInt32]
    /// Whether changes in all namespaces that have an id in this one are told too; takes `CAP_NET_BROADCAST`.
    ///
    /// Kernel: `NETLINK_LISTEN_ALL_NSID`.
    public var includesAllNamespaces: Bool
    /// How many bytes may wait to be read before changes are lost; nil for what the system gives.
    ///
    /// Kernel: `SO_RCVBUFFORCE`, else `SO_RCVBUF`, which the system bounds.
    public var receiveBufferByteCount: Int?
    /// What the kernel is to keep from the socket; nil for nothing.
    public var filter: SocketFilter?

    /// Asks for groups.
    public init(
        _ groups: [UInt32], includesAllNamespaces: Bool = false, receiveBufferByteCount: Int? = 1 << 20,
        filter: SocketFilter? = nil
    ) {
        self.groups = groups
        self.includesAllNamespaces = includesAllNamespaces
        self.receiveBufferByteCount = receiveBufferByteCount
        self.filter = filter
    }

    func open(over source: TransportSource) throws(NetlinkError) -> any Transport {
        let transport = try source.open()
        do throws(SystemError) { try transport.subscribe(self) } catch {
            throw NetlinkError(error, operation: "subscribe to events")
        }
        return transport
    }
}

extension NetlinkSocket {
    /// Joins the groups of a subscription, with its buffer and filter in place before the first notification.
    public func subscribe(_ subscription: EventSubscription) throws(SystemError) {
        if let byteCount = subscription.receiveBufferByteCount { try setReceiveBuffer(byteCount) }
        if let filter = subscription.filter { try attach(filter) }
        if subscription.includesAllNamespaces { try listenToAllNamespaces() }
        for group in subscription.groups { try join(group: group) }
    }
}
