// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A network interface.
///
/// Read, every property that the kernel gave is set. To make or change one, set what is meant; nil stays as it is.
///
/// ```swift
/// try connection.add(Link(name: "br0", kind: BridgeLink()))
/// ```
///
/// Kernel: `RTM_NEWLINK`, `struct ifinfomsg` and `IFLA_*`.
public struct Link: Hashable, Sendable {
    /// The number; 0 when the kernel is to choose one.
    ///
    /// Kernel: `ifi_index`.
    public var index = InterfaceIndex(rawValue: 0)
    /// The name.
    ///
    /// Kernel: `IFLA_IFNAME`, 1 to 15 bytes.
    public var name: InterfaceName?
    /// The hardware type, such as 1 for Ethernet.
    ///
    /// Kernel: `ifi_type`, `ARPHRD_*`.
    public var type = HardwareType(rawValue: 0)
    /// Administrative and volatile flags.
    ///
    /// Kernel: `ifi_flags`.
    public var flags: LinkFlags = []
    /// Which flags are meant, when making or changing; ``setFlag(_:_:)`` keeps both.
    ///
    /// Kernel: `ifi_change`.
    public var changedFlags: LinkFlags = []

    /// The largest packet in bytes.
    ///
    /// Kernel: `IFLA_MTU`, `u32`.
    public var mtu: UInt32?
    /// The hardware address; for tunnels the local address.
    ///
    /// Kernel: `IFLA_ADDRESS`.
    public var address: HardwareAddress?
    /// The broadcast address; for point-to-point links the peer's.
    ///
    /// Kernel: `IFLA_BROADCAST`.
    public var broadcast: HardwareAddress?
    /// How many packets the default queue holds.
    ///
    /// Kernel: `IFLA_TXQLEN`, `u32`.
    public var transmitQueueLength: UInt32?
    /// The link below: a VLAN's or a tunnel's underlay, a veth's peer.
    ///
    /// Kernel: `IFLA_LINK`, `u32`; in another namespace when ``parentNamespaceID`` is set.
    public var parent: InterfaceIndex?
    /// The namespace in which ``parent`` is.
    ///
    /// Kernel: `IFLA_LINK_NETNSID`, `s32`.
    public var parentNamespaceID: Int32?
    /// The bridge, bond or VRF of which this link is a port; index 0 takes it out.
    ///
    /// Kernel: `IFLA_MASTER`, `u32`.
    public var master: InterfaceIndex?
    /// The kind with its options, for links that are not hardware.
    ///
    /// Kernel: `IFLA_LINKINFO`.
    public var kind: AnyLinkKind?
    /// The options that this link has as a port of its master.
    ///
    /// Kernel: `IFLA_INFO_SLAVE_KIND`, `IFLA_INFO_SLAVE_DATA`.
    public var portKind: AnyLinkKind?
    /// A text for people.
    ///
    /// Kernel: `IFLA_IFALIAS`, up to 255 bytes; empty removes it.
    public var alias: String?
    /// The group to which the link belongs; 0 is the default group.
    ///
    /// Kernel: `IFLA_GROUP`, `u32`.
    public var group: UInt32?
    /// How many transmit queues there are; only settable when made.
    ///
    /// Kernel: `IFLA_NUM_TX_QUEUES`, `u32`.
    public var transmitQueueCount: UInt32?
    /// How many receive queues there are; only settable when made.
    ///
    /// Kernel: `IFLA_NUM_RX_QUEUES`, `u32`.
    public var receiveQueueCount: UInt32?
    /// The largest packet that segmentation offload takes, in bytes.
    ///
    /// Kernel: `IFLA_GSO_MAX_SIZE`, `u32`.
    public var gsoMaxSize: UInt32?
    /// The most segments that segmentation offload makes.
    ///
    /// Kernel: `IFLA_GSO_MAX_SEGS`, `u32`.
    public var gsoMaxSegments: UInt32?
    /// The largest packet that receive offload builds, in bytes; since Linux 5.19.
    ///
    /// Kernel: `IFLA_GRO_MAX_SIZE`, `u32`.
    public var groMaxSize: UInt32?
    /// ``gsoMaxSize`` for IPv4; since Linux 6.3.
    ///
    /// Kernel: `IFLA_GSO_IPV4_MAX_SIZE`, `u32`.
    public var gsoIPv4MaxSize: UInt32?
    /// ``groMaxSize`` for IPv4; since Linux 6.3.
    ///
    /// Kernel: `IFLA_GRO_IPV4_MAX_SIZE`, `u32`.
    public var groIPv4MaxSize: UInt32?
    /// How the operational state follows the carrier.
    ///
    /// Kernel: `IFLA_LINKMODE`, `u8`.
    public var mode: LinkMode?
    /// The operational state; settable by user-space daemons.
    ///
    /// Kernel: `IFLA_OPERSTATE`, `u8`.
    public var operationalState: OperationalState?
    /// Whether there is a carrier; settable on some links.
    ///
    /// Kernel: `IFLA_CARRIER`, `u8`.
    public var carrier: Bool?
    /// Whether a protocol holds the link down.
    ///
    /// Kernel: `IFLA_PROTO_DOWN`, `u8`.
    public var protocolDown: Bool?
    /// Why a protocol holds the link down, a bit for each reason; since Linux 5.10.
    ///
    /// Kernel: `IFLA_PROTO_DOWN_REASON`, `u32`.
    public var protocolDownReasons: ProtocolDownReasons?
    /// Per-family settings.
    ///
    /// Kernel: `IFLA_AF_SPEC`.
    public var families: LinkFamilies?
    /// Settings of virtual functions, to be sent; what they are now is in ``LinkState/virtualFunctions``.
    ///
    /// Kernel: `IFLA_VFINFO_LIST`.
    public var virtualFunctionSettings: [VirtualFunctionSettings] = []
    /// The XDP program to be attached or detached; what is attached now is in ``LinkState/xdp``.
    ///
    /// Kernel: `IFLA_XDP`.
    public var xdp: XDPAttachment?

    /// What the kernel only reports; never sent.
    public var state = LinkState()
    /// What this library does not model; goes back on add, never on change.
    public var unknown = UnknownAttributes()

    /// A link of which nothing is set but its name.
    public init(name: InterfaceName? = nil) { self.name = name }

    /// A link of a kind, to be made.
    public init(name: InterfaceName?, kind: some LinkKind) {
        self.name = name
        self.kind = AnyLinkKind(kind)
    }

    /// A change of the link with this number; set what is to change.
    public init(index: InterfaceIndex) { self.index = index }

    /// Whether the link is administratively up.
    public var isUp: Bool {
        get { flags.contains(.up) }
        set { setFlag(.up, newValue) }
    }

    /// Sets or clears flags, and marks them as meant.
    public mutating func setFlag(_ flag: LinkFlags, _ isOn: Bool) {
        if isOn { flags.insert(flag) } else { flags.remove(flag) }
        changedFlags.insert(flag)
    }
}

/// Why a protocol holds a link down, and which reasons are meant.
public struct ProtocolDownReasons: Hashable, Sendable {
    /// The reasons, a bit each.
    public var value: UInt32
    /// Which bits are meant when changing; nil for all of them.
    public var mask: UInt32?

    /// Reasons among those meant.
    public init(value: UInt32, mask: UInt32? = nil) {
        self.value = value
        self.mask = mask
    }
}
