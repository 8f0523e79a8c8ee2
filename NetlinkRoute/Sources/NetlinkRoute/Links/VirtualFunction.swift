// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// One virtual function of a physical link, as the kernel reports it.
///
/// Links have them when they were asked for with ``LinkDetail/virtualFunctions``.
///
/// Kernel: `IFLA_VF_INFO`.
public struct VirtualFunction: Hashable, Sendable {
    /// Its number, from 0 on.
    public var index: UInt32 = 0
    /// Its hardware address.
    ///
    /// Kernel: `IFLA_VF_MAC`, 32 bytes of which those in use do not say how many they are: the zeros behind an
    /// Ethernet or InfiniBand address are left out.
    public var address: HardwareAddress?
    /// The broadcast address; since Linux 5.3.
    ///
    /// Kernel: `IFLA_VF_BROADCAST`, as ``address``.
    public var broadcast: HardwareAddress?
    /// Its VLANs; one with id 0 for none.
    ///
    /// Kernel: `IFLA_VF_VLAN_LIST`, or `IFLA_VF_VLAN` before Linux 4.9.
    public var vlans: [VLAN] = []
    /// The most that it sends, in Mbit/s; 0 for no limit.
    ///
    /// Kernel: `IFLA_VF_TX_RATE`.
    public var transmitRate: UInt32?
    /// The least that it is sure to send, and the most.
    ///
    /// Kernel: `IFLA_VF_RATE`.
    public var rate: Rate?
    /// Whether its source addresses are checked; nil where the driver does not say.
    ///
    /// Kernel: `IFLA_VF_SPOOFCHK`.
    public var checksSpoofing: Bool?
    /// What its carrier follows.
    ///
    /// Kernel: `IFLA_VF_LINK_STATE`.
    public var linkState: LinkState?
    /// Whether it may ask for the hash key and table of receive scaling; nil where the driver does not say.
    ///
    /// Kernel: `IFLA_VF_RSS_QUERY_EN`.
    public var allowsScalingQuery: Bool?
    /// Whether it is trusted; nil where the driver does not say.
    ///
    /// Kernel: `IFLA_VF_TRUST`.
    public var isTrusted: Bool?
    /// The InfiniBand node's identifier.
    ///
    /// Kernel: `IFLA_VF_IB_NODE_GUID`.
    public var nodeGUID: UInt64?
    /// The InfiniBand port's identifier.
    ///
    /// Kernel: `IFLA_VF_IB_PORT_GUID`.
    public var portGUID: UInt64?
    /// Its counters; absent when statistics were left out.
    ///
    /// Kernel: `IFLA_VF_STATS`.
    public var statistics: Statistics?
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A virtual function of which nothing is known but its number.
    public init(index: UInt32) { self.index = index }

    /// A VLAN of a virtual function.
    public struct VLAN: Hashable, Sendable {
        /// The tag, 1 to 4095; 0 for none.
        public var id: UInt32
        /// The priority, 0 to 7.
        public var priority: UInt32
        /// The tag protocol; nil where the kernel did not say, 802.1Q then.
        public var protocolType: VLANProtocol?

        /// A VLAN with its tag.
        public init(id: UInt32, priority: UInt32 = 0, protocolType: VLANProtocol? = nil) {
            self.id = id
            self.priority = priority
            self.protocolType = protocolType
        }
    }

    /// How much a virtual function sends.
    public struct Rate: Hashable, Sendable {
        /// The least that it is sure to send, in Mbit/s; 0 for nothing.
        public var minimum: UInt32
        /// The most that it sends, in Mbit/s; 0 for no limit.
        public var maximum: UInt32

        /// A least and a most, in Mbit/s.
        public init(minimum: UInt32, maximum: UInt32) {
            self.minimum = minimum
            self.maximum = maximum
        }
    }

    /// What a virtual function's carrier follows.
    ///
    /// Kernel: `IFLA_VF_LINK_STATE_*`, `u32`.
    public struct LinkState: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt32
        /// Takes any number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// The physical link's.
        public static var automatic: Self { Self(rawValue: 0) }  // IFLA_VF_LINK_STATE_AUTO
        /// Always up.
        public static var up: Self { Self(rawValue: 1) }  // IFLA_VF_LINK_STATE_ENABLE
        /// Always down.
        public static var down: Self { Self(rawValue: 2) }  // IFLA_VF_LINK_STATE_DISABLE
    }

    /// The counters of a virtual function.
    ///
    /// Kernel: `IFLA_VF_STATS_*`, `u64` each.
    public struct Statistics: Hashable, Sendable {
        /// Packets received.
        public var receivedPackets: UInt64 = 0
        /// Packets sent.
        public var sentPackets: UInt64 = 0
        /// Bytes received.
        public var receivedBytes: UInt64 = 0
        /// Bytes sent.
        public var sentBytes: UInt64 = 0
        /// Broadcast packets received.
        public var broadcast: UInt64 = 0
        /// Multicast packets received.
        public var multicast: UInt64 = 0
        /// Packets received and dropped.
        public var receiveDropped: UInt64 = 0
        /// Packets dropped on their way out.
        public var sendDropped: UInt64 = 0

        /// All zero.
        public init() {}
    }

    /// What can be set, as it is now.
    public var settings: VirtualFunctionSettings {
        var settings = VirtualFunctionSettings(index: index)
        settings.address = address
        settings.vlan = vlans.first
        settings.transmitRate = rate == nil ? transmitRate : nil
        settings.rate = rate
        settings.checksSpoofing = checksSpoofing
        settings.linkState = linkState
        settings.allowsScalingQuery = allowsScalingQuery
        settings.isTrusted = isTrusted
        settings.nodeGUID = nodeGUID
        settings.portGUID = portGUID
        return settings
    }
}
