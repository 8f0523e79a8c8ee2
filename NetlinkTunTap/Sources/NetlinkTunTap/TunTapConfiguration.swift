// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What kind of device is opened, and what stands in front of its packets.
///
/// ```swift
/// var configuration = TunTapConfiguration(.tun, name: "vpn%d")
/// configuration.isMultiQueue = true
/// let device = try TunTapDevice(configuration)
/// ```
///
/// Kernel: the flags of `TUNSETIFF`.
public struct TunTapConfiguration: Hashable, Sendable {
    /// What a program reads and writes.
    public struct Mode: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt16
        /// Takes any number.
        public init(rawValue: UInt16) { self.rawValue = rawValue }

        /// IP packets.
        public static var tun: Self { Self(rawValue: 1) }  // IFF_TUN
        /// Ethernet frames.
        public static var tap: Self { Self(rawValue: 2) }  // IFF_TAP
    }

    /// IP packets or Ethernet frames.
    public var mode: Mode
    /// The device's name, or a pattern such as `vpn%d` that the kernel completes with the first free number; nil leaves
    /// the whole name to the kernel.
    public var name: InterfaceName?
    /// The link number that a new device is to have.
    ///
    /// Kernel: `TUNSETIFINDEX`.
    public var index: InterfaceIndex?
    /// Whether the device can be opened several times, for a queue each; all of its queues must agree.
    ///
    /// Kernel: `IFF_MULTI_QUEUE`.
    public var isMultiQueue = false
    /// Whether ``PacketInformation`` stands in front of each packet.
    ///
    /// Kernel: the absence of `IFF_NO_PI`.
    public var hasPacketInformation = false
    /// Whether an ``OffloadHeader`` stands in front of each packet, without which there are no ``offloads``.
    ///
    /// Kernel: `IFF_VNET_HDR`.
    public var hasOffloadHeader = false
    /// How many bytes of offload header there are: 10 unless told otherwise, 12 with the count of buffers, more for what
    /// newer kernels add, which is passed over.
    ///
    /// Kernel: `TUNSETVNETHDRSZ`.
    public var offloadHeaderByteCount = OffloadHeader.byteCount
    /// Which unfinished packets the program takes; they may be of 64 KiB.
    ///
    /// Kernel: `TUNSETOFFLOAD`.
    public var offloads: TunTapOffloads = []
    /// Whether opening a device that exists is an error.
    ///
    /// Kernel: `IFF_TUN_EXCL`.
    public var isExclusive = false
    /// Whether written packets go through the kernel's batching receive path, which merges them; since Linux 4.15.
    ///
    /// Kernel: `IFF_NAPI`.
    public var usesBatchedReceive = false
    /// Whether written frames may come in fragments of a size that the program chooses; tap, for tests of the kernel.
    ///
    /// Kernel: `IFF_NAPI_FRAGS`.
    public var usesFragments = false
    /// Whether a new device begins without a carrier; since Linux 6.3.
    ///
    /// Kernel: `IFF_NO_CARRIER`.
    public var beginsWithoutCarrier = false
    /// Whether a flag is set that means nothing since Linux 3.8, but is shown by other programs.
    ///
    /// Kernel: `IFF_ONE_QUEUE`.
    public var setsOneQueueFlag = false
    /// Whether the device outlives its descriptors; nil leaves it as it is, which is no for a new one.
    ///
    /// Kernel: `TUNSETPERSIST`.
    public var isPersistent: Bool?
    /// The user who may open the device without the right to make one.
    ///
    /// Kernel: `TUNSETOWNER`.
    public var owner: UInt32?
    /// The group that may open the device without the right to make one.
    ///
    /// Kernel: `TUNSETGROUP`.
    public var group: UInt32?

    /// A device for packets or frames, of a name, a pattern, or any name.
    public init(_ mode: Mode = .tun, name: InterfaceName? = nil) {
        self.mode = mode
        self.name = name
    }

    /// The flags with which it is opened.
    var flags: TunTapFlags {
        var flags = TunTapFlags(bits: mode.rawValue)
        if isMultiQueue { flags.insert(.multiQueue) }
        if !hasPacketInformation { flags.insert(.noPacketInformation) }
        if hasOffloadHeader { flags.insert(.offloadHeader) }
        if setsOneQueueFlag { flags.insert(.oneQueue) }
        if isExclusive { flags.insert(.exclusive) }
        if usesBatchedReceive { flags.insert(.batchedReceive) }
        if usesFragments { flags.insert(.fragments) }
        if beginsWithoutCarrier { flags.insert(.noCarrier) }
        return flags
    }

    /// What stands in front of packets.
    public var layout: PacketLayout {
        PacketLayout(
            hasInformation: hasPacketInformation, offloadHeaderByteCount: hasOffloadHeader ? offloadHeaderByteCount : 0)
    }

    /// Says what the kernel would refuse, before anything is opened.
    ///
    /// - Throws: `NetlinkError` with `NetlinkError.Code.invalidArgument`.
    public func validate() throws(NetlinkError) {
        guard let problem else { return }
        throw NetlinkError(
            .invalidArgument, operation: "open device", object: name?.description, explanation: problem)
    }

    private var problem: String? {
        if mode != .tun, mode != .tap { return "a device is either tun or tap" }
        if let name, !Self.isPattern(name) { return "a name has at most one %d and no other %" }
        if !offloads.isEmpty, !hasOffloadHeader { return "offloads need the offload header" }
        if !offloads.isEmpty, !offloads.contains(.checksum) { return "segmentation offloads need the one of checksums" }
        if hasOffloadHeader,
            !(OffloadHeader.byteCount...PacketLayout.maximumHeaderByteCount).contains(
                offloadHeaderByteCount)
        {
            return "an offload header has 10 to 64 bytes"
        }
        if usesFragments, mode != .tap { return "fragments are for tap devices" }
        if usesFragments, !usesBatchedReceive { return "fragments need the batched receive path" }
        if let index, !index.isValid { return "a link number is at least 1" }
        return nil
    }

    private static func isPattern(_ name: InterfaceName) -> Bool {
        let bytes = name.bytes
        let places = bytes.indices.filter { bytes[$0] == UInt8(ascii: "%") }
        guard let place = places.first else { return true }
        return places.count == 1 && bytes.dropFirst(place + 1).first == UInt8(ascii: "d")
    }
}

/// Flags of a device.
///
/// Kernel: `ifr_flags` of `TUNSETIFF`, `TUNGETIFF` and `TUNGETFEATURES`.
public struct TunTapFlags: OptionSet, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt32
    /// Takes any number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    init(bits: UInt16) { rawValue = UInt32(bits) }

    /// IP packets.
    public static var tun: Self { Self(rawValue: 1) }  // IFF_TUN
    /// Ethernet frames.
    public static var tap: Self { Self(rawValue: 2) }  // IFF_TAP
    /// Written packets go through the batching receive path.
    public static var batchedReceive: Self { Self(rawValue: 0x10) }  // IFF_NAPI
    /// Written frames may come in fragments.
    public static var fragments: Self { Self(rawValue: 0x20) }  // IFF_NAPI_FRAGS
    /// A new device begins without a carrier.
    public static var noCarrier: Self { Self(rawValue: 0x40) }  // IFF_NO_CARRIER
    /// The device can be opened several times.
    public static var multiQueue: Self { Self(rawValue: 0x100) }  // IFF_MULTI_QUEUE
    /// The queue gets packets.
    public static var attachedQueue: Self { Self(rawValue: 0x200) }  // IFF_ATTACH_QUEUE
    /// The queue gets no packets.
    public static var detachedQueue: Self { Self(rawValue: 0x400) }  // IFF_DETACH_QUEUE
    /// The device outlives its descriptors.
    public static var persistent: Self { Self(rawValue: 0x800) }  // IFF_PERSIST
    /// No packet information stands in front of packets.
    public static var noPacketInformation: Self { Self(rawValue: 0x1000) }  // IFF_NO_PI
    /// Without meaning since Linux 3.8.
    public static var oneQueue: Self { Self(rawValue: 0x2000) }  // IFF_ONE_QUEUE
    /// An offload header stands in front of packets.
    public static var offloadHeader: Self { Self(rawValue: 0x4000) }  // IFF_VNET_HDR
    /// Opening a device that exists is an error.
    public static var exclusive: Self { Self(rawValue: 0x8000) }  // IFF_TUN_EXCL
}

/// Which unfinished packets a program takes.
///
/// Kernel: `TUN_F_*` of `TUNSETOFFLOAD`.
public struct TunTapOffloads: OptionSet, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt32
    /// Takes any number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Packets whose checksum is left to the program.
    public static var checksum: Self { Self(rawValue: 0x01) }  // TUN_F_CSUM
    /// TCP over IPv4 in long segments.
    public static var tcp4: Self { Self(rawValue: 0x02) }  // TUN_F_TSO4
    /// TCP over IPv6 in long segments.
    public static var tcp6: Self { Self(rawValue: 0x04) }  // TUN_F_TSO6
    /// Long TCP segments that carry congestion notifications.
    public static var congestionNotification: Self { Self(rawValue: 0x08) }  // TUN_F_TSO_ECN
    /// UDP in fragments; gone from the kernel, which pretends.
    public static var udpFragments: Self { Self(rawValue: 0x10) }  // TUN_F_UFO
    /// UDP over IPv4 in trains of datagrams; since Linux 6.2.
    public static var udp4: Self { Self(rawValue: 0x20) }  // TUN_F_USO4
    /// UDP over IPv6 in trains of datagrams; since Linux 6.2.
    public static var udp6: Self { Self(rawValue: 0x40) }  // TUN_F_USO6
    /// The same inside UDP tunnels; since Linux 6.17.
    public static var udpTunnel: Self { Self(rawValue: 0x080) }  // TUN_F_UDP_TUNNEL_GSO
    /// The same inside UDP tunnels whose outer checksum is left to the program; since Linux 6.17.
    public static var udpTunnelChecksum: Self { Self(rawValue: 0x100) }  // TUN_F_UDP_TUNNEL_GSO_CSUM
}
