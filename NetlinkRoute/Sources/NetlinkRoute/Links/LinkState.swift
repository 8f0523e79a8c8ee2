// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What the kernel reports about a link and nobody can set this way.
public struct LinkState: Hashable, Sendable {
    /// Names beside the name, up to 127 bytes each.
    ///
    /// Kernel: `IFLA_PROP_LIST`, `IFLA_ALT_IFNAME`. Changed by ``AlternativeNames``.
    public var alternativeNames: [String] = []
    /// The root queueing discipline's kind.
    ///
    /// Kernel: `IFLA_QDISC`.
    public var qdisc: String?
    /// The counters since the link was made.
    ///
    /// Kernel: `IFLA_STATS64`.
    public var statistics: LinkStatistics?
    /// The address that the hardware was made with.
    ///
    /// Kernel: `IFLA_PERM_ADDRESS`.
    public var permanentAddress: HardwareAddress?
    /// How many wanted the link promiscuous.
    ///
    /// Kernel: `IFLA_PROMISCUITY`, `u32`.
    public var promiscuity: UInt32?
    /// How many wanted all multicast packets; since Linux 6.0.
    ///
    /// Kernel: `IFLA_ALLMULTI`, `u32`.
    public var allMulticastCount: UInt32?
    /// The least settable MTU.
    ///
    /// Kernel: `IFLA_MIN_MTU`, `u32`.
    public var minimumMTU: UInt32?
    /// The greatest settable MTU; 0 for none.
    ///
    /// Kernel: `IFLA_MAX_MTU`, `u32`.
    public var maximumMTU: UInt32?
    /// The most that the hardware's segmentation takes, in bytes.
    ///
    /// Kernel: `IFLA_TSO_MAX_SIZE`, `u32`.
    public var tsoMaxSize: UInt32?
    /// The most segments that the hardware makes.
    ///
    /// Kernel: `IFLA_TSO_MAX_SEGS`, `u32`.
    public var tsoMaxSegments: UInt32?
    /// How often the carrier changed.
    ///
    /// Kernel: `IFLA_CARRIER_CHANGES`, `u32`.
    public var carrierChanges: UInt32?
    /// How often the carrier came.
    ///
    /// Kernel: `IFLA_CARRIER_UP_COUNT`, `u32`.
    public var carrierUpCount: UInt32?
    /// How often the carrier went.
    ///
    /// Kernel: `IFLA_CARRIER_DOWN_COUNT`, `u32`.
    public var carrierDownCount: UInt32?
    /// The device that carries the link, such as a PCI address.
    ///
    /// Kernel: `IFLA_PARENT_DEV_NAME`.
    public var parentDeviceName: String?
    /// The bus on which that device is.
    ///
    /// Kernel: `IFLA_PARENT_DEV_BUS_NAME`.
    public var parentDeviceBus: String?
    /// Identifies the physical port.
    ///
    /// Kernel: `IFLA_PHYS_PORT_ID`.
    public var physicalPortID: [UInt8]?
    /// The physical port's name.
    ///
    /// Kernel: `IFLA_PHYS_PORT_NAME`.
    public var physicalPortName: String?
    /// Identifies the switch to which the port belongs.
    ///
    /// Kernel: `IFLA_PHYS_SWITCH_ID`.
    public var physicalSwitchID: [UInt8]?
    /// The namespace in which the link is, when another one was asked about.
    ///
    /// Kernel: `IFLA_TARGET_NETNSID`, `s32`.
    public var targetNamespaceID: Int32?
    /// The number of the namespace to which the link moved, in a notification.
    ///
    /// Kernel: `IFLA_NEW_NETNSID`, `s32`.
    public var newNamespaceID: Int32?
    /// The number that the link has in the namespace to which it moved, in a notification.
    ///
    /// Kernel: `IFLA_NEW_IFINDEX`, `s32`.
    public var newIndex: InterfaceIndex?
    /// Why the notification was sent.
    ///
    /// Kernel: `IFLA_EVENT`, `u32`.
    public var event: UInt32?
    /// The XDP programs attached.
    ///
    /// Kernel: `IFLA_XDP`.
    public var xdp: XDPState?
    /// Device memory and interrupt.
    ///
    /// Kernel: `IFLA_MAP`.
    public var map: LinkMap?
    /// How many virtual functions there are; set when they were asked for.
    ///
    /// Kernel: `IFLA_NUM_VF`, `u32`.
    public var virtualFunctionCount: UInt32?
    /// The virtual functions; set when they were asked for.
    ///
    /// Kernel: `IFLA_VFINFO_LIST`.
    public var virtualFunctions: [VirtualFunction] = []
    /// Port profiles of the virtual functions, as the kernel's bytes.
    ///
    /// Kernel: `IFLA_VF_PORTS`.
    public var virtualFunctionPorts: [UInt8]?
    /// The port profile of the link itself, as the kernel's bytes.
    ///
    /// Kernel: `IFLA_PORT_SELF`.
    public var ownPort: [UInt8]?
    /// Whether the link may move to another namespace; since Linux 6.15.
    ///
    /// Kernel: `IFLA_NETNS_IMMUTABLE`, `u8`.
    public var isNamespaceImmutable: Bool?
    /// The farthest that packets may be scheduled ahead in hardware, in nanoseconds; since Linux 6.13.
    ///
    /// Kernel: `IFLA_MAX_PACING_OFFLOAD_HORIZON`, `uint`.
    public var maximumPacingOffloadHorizon: UInt64?
    /// The bytes that the room in front of packets needs.
    ///
    /// Kernel: `IFLA_HEADROOM`, `u16`.
    public var headroom: UInt16?
    /// The bytes that the room behind packets needs.
    ///
    /// Kernel: `IFLA_TAILROOM`, `u16`.
    public var tailroom: UInt16?
    /// The devlink port behind the link, as the kernel's bytes.
    ///
    /// Kernel: `IFLA_DEVLINK_PORT`.
    public var devlinkPort: [UInt8]?
    /// The pin of a phase-locked loop that the link's clock feeds, as the kernel's bytes; empty where there is none.
    ///
    /// Kernel: `IFLA_DPLL_PIN`.
    public var dpllPin: [UInt8]?
    /// Statistics of the kind, as the kernel's bytes.
    ///
    /// Kernel: `IFLA_INFO_XSTATS`.
    public var kindStatistics: [UInt8]?
    /// Bridge port state in the older form that bridge notifications carry, as the kernel's bytes.
    ///
    /// Kernel: `IFLA_PROTINFO`.
    public var protocolInformation: [UInt8]?

    /// The address family of the message: `AddressFamily.bridge` in bridge notifications.
    ///
    /// Kernel: `ifi_family`.
    public var family = AddressFamily.unspecified
    /// Which flags changed, in a notification.
    ///
    /// Kernel: `ifi_change`.
    public var changed: LinkFlags = []

    /// Nothing reported.
    public init() {}
}

/// The memory and interrupt of a device.
///
/// Kernel: `struct rtnl_link_ifmap`.
public struct LinkMap: Hashable, Sendable {
    /// First address of shared memory.
    public var memoryStart: UInt64
    /// Last address of shared memory.
    public var memoryEnd: UInt64
    /// Input and output base address.
    public var baseAddress: UInt64
    /// Interrupt number.
    public var interrupt: UInt16
    /// DMA channel.
    public var dma: UInt8
    /// Port type.
    public var port: UInt8

    init(_ span: RawSpan) throws(DecodeError) {
        memoryStart = try span.load(at: 0, as: UInt64.self)  // struct rtnl_link_ifmap.mem_start
        memoryEnd = try span.load(at: 8, as: UInt64.self)  // struct rtnl_link_ifmap.mem_end
        baseAddress = try span.load(at: 16, as: UInt64.self)  // struct rtnl_link_ifmap.base_addr
        interrupt = try span.load(at: 24, as: UInt16.self)  // struct rtnl_link_ifmap.irq
        dma = try span.load(at: 26, as: UInt8.self)  // struct rtnl_link_ifmap.dma
        port = try span.load(at: 27, as: UInt8.self)  // struct rtnl_link_ifmap.port
    }
}

/// The XDP programs of a link.
///
/// Kernel: `IFLA_XDP`.
public struct XDPState: Hashable, Sendable {
    /// Where programs are attached.
    public struct Attachment: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt8
        /// Takes any number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// None.
        public static var none: Self { Self(rawValue: 0) }  // XDP_ATTACHED_NONE
        /// In the driver.
        public static var driver: Self { Self(rawValue: 1) }  // XDP_ATTACHED_DRV
        /// In the kernel's generic path.
        public static var generic: Self { Self(rawValue: 2) }  // XDP_ATTACHED_SKB
        /// In the hardware.
        public static var hardware: Self { Self(rawValue: 3) }  // XDP_ATTACHED_HW
        /// In more than one place.
        public static var multiple: Self { Self(rawValue: 4) }  // XDP_ATTACHED_MULTI
    }
    /// Where programs are attached.
    public var attachment = Attachment.none
    /// The program's id, when there is one.
    public var programID: UInt32?
    /// The id of the driver's program.
    public var driverProgramID: UInt32?
    /// The id of the generic program.
    public var genericProgramID: UInt32?
    /// The id of the hardware's program.
    public var hardwareProgramID: UInt32?

    init(_ reader: consuming AttributeReader<XDPAttribute>) throws(DecodeError) {
        while let attribute = try reader.next() {
            switch attribute.id {
            case .attached: attachment = Attachment(rawValue: try attribute.integer())
            case .programID: programID = try attribute.integer()
            case .driverProgramID: driverProgramID = try attribute.integer()
            case .genericProgramID: genericProgramID = try attribute.integer()
            case .hardwareProgramID: hardwareProgramID = try attribute.integer()
            default: break
            }
        }
    }
}
