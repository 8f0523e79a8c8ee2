// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A link whose packets a program reads and writes, seen over rtnetlink.
///
/// It is made and changed through `/dev/net/tun`, not here; the kernel refuses a request to add one.
///
/// Kernel: kind `tun`.
public struct TunLink: LinkKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "tun" }

    /// What the kernel reports; never sent.
    public var state = State()
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A link of which nothing is known.
    public init() {}

    /// What the kernel reports about a link whose packets a program reads and writes.
    public struct State: Hashable, Sendable {
        /// The user who may open the link; nil for anybody with the right to make one.
        ///
        /// Kernel: `IFLA_TUN_OWNER`, `u32`.
        public var owner: UInt32?
        /// The group that may open the link.
        ///
        /// Kernel: `IFLA_TUN_GROUP`, `u32`.
        public var group: UInt32?
        /// Whether packets are IP packets or Ethernet frames.
        ///
        /// Kernel: `IFLA_TUN_TYPE`, `u8`.
        public var type: TunLink.LinkType?
        /// Whether a header with flags and protocol stands in front of each packet.
        ///
        /// Kernel: `IFLA_TUN_PI`, `u8`.
        public var hasPacketInformation: Bool?
        /// Whether a header about checksums and segmentation stands in front of each packet.
        ///
        /// Kernel: `IFLA_TUN_VNET_HDR`, `u8`.
        public var hasOffloadHeader: Bool?
        /// Whether the link outlives the program that opened it.
        ///
        /// Kernel: `IFLA_TUN_PERSIST`, `u8`.
        public var isPersistent: Bool?
        /// Whether it can be opened several times, for a queue each.
        ///
        /// Kernel: `IFLA_TUN_MULTI_QUEUE`, `u8`.
        public var isMultiQueue: Bool?
        /// How many queues are open.
        ///
        /// Kernel: `IFLA_TUN_NUM_QUEUES`, `u32`.
        public var queueCount: UInt32?
        /// How many queues are open and disabled.
        ///
        /// Kernel: `IFLA_TUN_NUM_DISABLED_QUEUES`, `u32`.
        public var disabledQueueCount: UInt32?

        /// Nothing reported.
        public init() {}
    }

    /// What a program reads and writes.
    ///
    /// Kernel: `IFF_TUN` or `IFF_TAP`, `u8`.
    public struct LinkType: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt8
        /// Takes any number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// IP packets.
        public static var tun: Self { Self(rawValue: 1) }  // IFF_TUN
        /// Ethernet frames.
        public static var tap: Self { Self(rawValue: 2) }  // IFF_TAP
    }

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(TunAttribute.self) }

    /// The same without what the kernel only reports.
    public var settings: TunLink {
        var copy = self
        copy.state = State()
        return copy
    }

    /// Reads the options.
    public init(decoding data: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<TunAttribute>(data)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .owner: state.owner = try attribute.integer()
            case .group: state.group = try attribute.integer()
            case .type: state.type = TunLink.LinkType(rawValue: try attribute.integer())
            case .hasPacketInformation: state.hasPacketInformation = try attribute.integer(UInt8.self) != 0
            case .hasOffloadHeader: state.hasOffloadHeader = try attribute.integer(UInt8.self) != 0
            case .isPersistent: state.isPersistent = try attribute.integer(UInt8.self) != 0
            case .isMultiQueue: state.isMultiQueue = try attribute.integer(UInt8.self) != 0
            case .queueCount: state.queueCount = try attribute.integer()
            case .disabledQueueCount: state.disabledQueueCount = try attribute.integer()
            default: unknown.keep(attribute)
            }
        }
    }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: TunLink?) {
        if base == nil { writer.put(unknown) }
    }
}

/// Attributes of a link whose packets a program reads and writes.
struct TunAttribute: AttributeID {
    let rawValue: UInt16

    static var owner: Self { Self(rawValue: 1) }  // IFLA_TUN_OWNER
    static var group: Self { Self(rawValue: 2) }  // IFLA_TUN_GROUP
    static var type: Self { Self(rawValue: 3) }  // IFLA_TUN_TYPE
    static var hasPacketInformation: Self { Self(rawValue: 4) }  // IFLA_TUN_PI
    static var hasOffloadHeader: Self { Self(rawValue: 5) }  // IFLA_TUN_VNET_HDR
    static var isPersistent: Self { Self(rawValue: 6) }  // IFLA_TUN_PERSIST
    static var isMultiQueue: Self { Self(rawValue: 7) }  // IFLA_TUN_MULTI_QUEUE
    static var queueCount: Self { Self(rawValue: 8) }  // IFLA_TUN_NUM_QUEUES
    static var disabledQueueCount: Self { Self(rawValue: 9) }  // IFLA_TUN_NUM_DISABLED_QUEUES
}
