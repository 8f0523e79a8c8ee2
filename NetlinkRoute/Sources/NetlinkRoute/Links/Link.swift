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
    private var box = LinkBox()

    // What is large is read and changed in its place: a getter would copy it.
    var fields: LinkFields {
        _read { yield box.fields }
        _modify {
            if !isKnownUniquelyReferenced(&box) { box = LinkBox(box.fields) }
            yield &box.fields
        }
    }

    /// The number; 0 when the kernel is to choose one.
    ///
    /// Kernel: `ifi_index`.
    public var index: InterfaceIndex {
        get { fields.index }
        set { fields.index = newValue }
    }
    /// The name.
    ///
    /// Kernel: `IFLA_IFNAME`, 1 to 15 bytes.
    public var name: InterfaceName? {
        get { fields.name }
        set { fields.name = newValue }
    }
    /// The hardware type, such as 1 for Ethernet.
    ///
    /// Kernel: `ifi_type`, `ARPHRD_*`.
    public var type: HardwareType {
        get { fields.type }
        set { fields.type = newValue }
    }
    /// Administrative and volatile flags.
    ///
    /// Kernel: `ifi_flags`.
    public var flags: LinkFlags {
        get { fields.flags }
        set { fields.flags = newValue }
    }
    /// Which flags are meant, when making or changing; ``setFlag(_:_:)`` keeps both.
    ///
    /// Kernel: `ifi_change`.
    public var changedFlags: LinkFlags {
        get { fields.changedFlags }
        set { fields.changedFlags = newValue }
    }

    /// The largest packet in bytes.
    ///
    /// Kernel: `IFLA_MTU`, `u32`.
    public var mtu: UInt32? {
        get { fields.mtu }
        set { fields.mtu = newValue }
    }
    /// The hardware address; for tunnels the local address.
    ///
    /// Kernel: `IFLA_ADDRESS`.
    public var address: HardwareAddress? {
        get { fields.address }
        set { fields.address = newValue }
    }
    /// The broadcast address; for point-to-point links the peer's.
    ///
    /// Kernel: `IFLA_BROADCAST`.
    public var broadcast: HardwareAddress? {
        get { fields.broadcast }
        set { fields.broadcast = newValue }
    }
    /// How many packets the default queue holds.
    ///
    /// Kernel: `IFLA_TXQLEN`, `u32`.
    public var transmitQueueLength: UInt32? {
        get { fields.transmitQueueLength }
        set { fields.transmitQueueLength = newValue }
    }
    /// The link below: a VLAN's or a tunnel's underlay, a veth's peer.
    ///
    /// Kernel: `IFLA_LINK`, `u32`; in another namespace when ``parentNamespaceID`` is set.
    public var parent: InterfaceIndex? {
        get { fields.parent }
        set { fields.parent = newValue }
    }
    /// The namespace in which ``parent`` is.
    ///
    /// Kernel: `IFLA_LINK_NETNSID`, `s32`.
    public var parentNamespaceID: Int32? {
        get { fields.parentNamespaceID }
        set { fields.parentNamespaceID = newValue }
    }
    /// The bridge, bond or VRF of which this link is a port; index 0 takes it out.
    ///
    /// A bond takes only links that are down.
    ///
    /// Kernel: `IFLA_MASTER`, `u32`.
    public var master: InterfaceIndex? {
        get { fields.master }
        set { fields.master = newValue }
    }
    /// The kind with its options, for links that are not hardware.
    ///
    /// Kernel: `IFLA_LINKINFO`.
    public var kind: AnyLinkKind? {
        _read { yield fields.kind }
        _modify { yield &fields.kind }
    }
    /// The options that this link has as a port of its master.
    ///
    /// Kernel: `IFLA_INFO_SLAVE_KIND`, `IFLA_INFO_SLAVE_DATA`.
    public var portKind: AnyLinkKind? {
        _read { yield fields.portKind }
        _modify { yield &fields.portKind }
    }
    /// A text for people.
    ///
    /// Kernel: `IFLA_IFALIAS`, up to 255 bytes; empty removes it.
    public var alias: String? {
        get { fields.alias }
        set { fields.alias = newValue }
    }
    /// The group to which the link belongs; 0 is the default group.
    ///
    /// Kernel: `IFLA_GROUP`, `u32`.
    public var group: UInt32? {
        get { fields.group }
        set { fields.group = newValue }
    }
    /// How many transmit queues there are; only settable when made.
    ///
    /// Kernel: `IFLA_NUM_TX_QUEUES`, `u32`.
    public var transmitQueueCount: UInt32? {
        get { fields.transmitQueueCount }
        set { fields.transmitQueueCount = newValue }
    }
    /// How many receive queues there are; only settable when made.
    ///
    /// Kernel: `IFLA_NUM_RX_QUEUES`, `u32`.
    public var receiveQueueCount: UInt32? {
        get { fields.receiveQueueCount }
        set { fields.receiveQueueCount = newValue }
    }
    /// The largest packet that segmentation offload takes, in bytes.
    ///
    /// Kernel: `IFLA_GSO_MAX_SIZE`, `u32`.
    public var gsoMaxSize: UInt32? {
        get { fields.gsoMaxSize }
        set { fields.gsoMaxSize = newValue }
    }
    /// The most segments that segmentation offload makes.
    ///
    /// Kernel: `IFLA_GSO_MAX_SEGS`, `u32`.
    public var gsoMaxSegments: UInt32? {
        get { fields.gsoMaxSegments }
        set { fields.gsoMaxSegments = newValue }
    }
    /// The largest packet that receive offload builds, in bytes; since Linux 5.19.
    ///
    /// Kernel: `IFLA_GRO_MAX_SIZE`, `u32`.
    public var groMaxSize: UInt32? {
        get { fields.groMaxSize }
        set { fields.groMaxSize = newValue }
    }
    /// ``gsoMaxSize`` for IPv4; since Linux 6.3.
    ///
    /// Kernel: `IFLA_GSO_IPV4_MAX_SIZE`, `u32`.
    public var gsoIPv4MaxSize: UInt32? {
        get { fields.gsoIPv4MaxSize }
        set { fields.gsoIPv4MaxSize = newValue }
    }
    /// ``groMaxSize`` for IPv4; since Linux 6.3.
    ///
    /// Kernel: `IFLA_GRO_IPV4_MAX_SIZE`, `u32`.
    public var groIPv4MaxSize: UInt32? {
        get { fields.groIPv4MaxSize }
        set { fields.groIPv4MaxSize = newValue }
    }
    /// How the operational state follows the carrier.
    ///
    /// Kernel: `IFLA_LINKMODE`, `u8`.
    public var mode: LinkMode? {
        get { fields.mode }
        set { fields.mode = newValue }
    }
    /// The operational state; settable by user-space daemons.
    ///
    /// Kernel: `IFLA_OPERSTATE`, `u8`.
    public var operationalState: OperationalState? {
        get { fields.operationalState }
        set { fields.operationalState = newValue }
    }
    /// Whether there is a carrier; settable on some links.
    ///
    /// Kernel: `IFLA_CARRIER`, `u8`.
    public var carrier: Bool? {
        get { fields.carrier }
        set { fields.carrier = newValue }
    }
    /// Whether a protocol holds the link down.
    ///
    /// Kernel: `IFLA_PROTO_DOWN`, `u8`.
    public var protocolDown: Bool? {
        get { fields.protocolDown }
        set { fields.protocolDown = newValue }
    }
    /// Why a protocol holds the link down, a bit for each reason; since Linux 5.10.
    ///
    /// Kernel: `IFLA_PROTO_DOWN_REASON`, `u32`.
    public var protocolDownReasons: ProtocolDownReasons? {
        get { fields.protocolDownReasons }
        set { fields.protocolDownReasons = newValue }
    }
    /// Per-family settings.
    ///
    /// Kernel: `IFLA_AF_SPEC`.
    public var families: LinkFamilies? {
        _read { yield fields.families }
        _modify { yield &fields.families }
    }
    /// Settings of virtual functions, to be sent; what they are now is in ``LinkState/virtualFunctions``.
    ///
    /// Kernel: `IFLA_VFINFO_LIST`.
    public var virtualFunctionSettings: [VirtualFunctionSettings] {
        _read { yield fields.virtualFunctionSettings }
        _modify { yield &fields.virtualFunctionSettings }
    }
    /// The XDP program to be attached or detached; what is attached now is in ``LinkState/xdp``.
    ///
    /// Kernel: `IFLA_XDP`.
    public var xdp: XDPAttachment? {
        get { fields.xdp }
        set { fields.xdp = newValue }
    }

    /// What the kernel only reports; never sent.
    public var state: LinkState {
        _read { yield fields.state }
        _modify { yield &fields.state }
    }
    /// What this library does not model; goes back on add, never on change.
    public var unknown: UnknownAttributes {
        _read { yield fields.unknown }
        _modify { yield &fields.unknown }
    }

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

    /// Whether both say the same.
    public static func == (a: Link, b: Link) -> Bool { a.box === b.box || a.fields == b.fields }
    /// Feeds all that is set.
    public func hash(into hasher: inout Hasher) { hasher.combine(fields) }

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
