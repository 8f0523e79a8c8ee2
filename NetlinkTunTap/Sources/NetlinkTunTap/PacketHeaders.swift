// SPDX-License-Identifier: Apache-2.0

@_spi(System) internal import NetlinkCore

/// What stands in front of the packets of a device: packet information, then the offload header.
public struct PacketLayout: Hashable, Sendable {
    static let maximumHeaderByteCount = 64

    /// Whether ``PacketInformation`` stands there.
    public var hasInformation: Bool
    /// How many bytes of ``OffloadHeader`` stand there, at most 64; 0 for none.
    public let offloadHeaderByteCount: Int

    /// Nothing, unless told.
    public init(hasInformation: Bool = false, offloadHeaderByteCount: Int = 0) {
        self.hasInformation = hasInformation
        self.offloadHeaderByteCount = min(max(0, offloadHeaderByteCount), Self.maximumHeaderByteCount)
    }

    /// How many bytes stand in front of a packet.
    public var headerByteCount: Int { informationByteCount + offloadHeaderByteCount }
    var informationByteCount: Int { hasInformation ? PacketInformation.byteCount : 0 }
}

/// The protocol of a packet, in front of it.
///
/// Kernel: `struct tun_pi`.
public struct PacketInformation: Hashable, Sendable {
    static let byteCount = 4  // sizeof(struct tun_pi)

    /// Whether the packet was cut because it had no room where it was read to; written it means nothing.
    ///
    /// Kernel: `TUN_PKT_STRIP`.
    public var isCut: Bool {
        get { flags & Self.cut != 0 }
        set { flags = newValue ? flags | Self.cut : flags & ~Self.cut }
    }
    private static let cut: UInt16 = 0x0001  // TUN_PKT_STRIP
    /// All flags.
    ///
    /// Kernel: `flags`, host byte order.
    public var flags: UInt16
    /// The Ethernet protocol number, such as 0x0800 for IPv4.
    ///
    /// Kernel: `proto`, big-endian.
    public var protocolNumber: UInt16

    /// Names a protocol.
    public init(protocolNumber: UInt16) {
        flags = 0
        self.protocolNumber = protocolNumber
    }

    init(_ span: RawSpan) throws(DecodeError) {
        flags = try span.load(at: 0, as: UInt16.self)  // struct tun_pi.flags
        protocolNumber = UInt16(bigEndian: try span.load(at: 2, as: UInt16.self))  // struct tun_pi.proto
    }

    func encode(into bytes: inout HeaderBuffer) {
        bytes.store(flags, at: 0)  // struct tun_pi.flags
        bytes.store(protocolNumber.bigEndian, at: 2)  // struct tun_pi.proto
    }

    /// What an IP packet needs; IPv4 where it is none.
    init(describing packet: RawSpan) {
        let isV6 = ((try? packet.load(at: 0, as: UInt8.self)) ?? 0) >> 4 == 6
        self.init(protocolNumber: isV6 ? Self.ipv6 : Self.ipv4)
    }

    private static let ipv4: UInt16 = 0x0800  // ETH_P_IP
    private static let ipv6: UInt16 = 0x86DD  // ETH_P_IPV6
}

/// What is left to do to a packet, in front of it: a checksum to compute, segments to cut.
///
/// All zeros say that the packet is finished. Offsets count from the packet's first byte.
///
/// Kernel: `struct virtio_net_hdr_v1`, of which the first ten bytes always stand there; host byte order.
public struct OffloadHeader: Hashable, Sendable {
    /// How many bytes it has unless the device was told otherwise.
    public static let byteCount = 10  // sizeof(struct virtio_net_hdr)
    static let countedByteCount = 12  // sizeof(struct virtio_net_hdr_v1)

    /// What is known of the checksum.
    ///
    /// Kernel: `flags`.
    public var flags: Flags = []
    /// Into what the packet is to be cut.
    ///
    /// Kernel: `gso_type`.
    public var segmentation = Segmentation.none
    /// How many bytes of headers every segment gets.
    ///
    /// Kernel: `hdr_len`.
    public var headerByteCount: UInt16 = 0
    /// How many bytes of payload every segment gets.
    ///
    /// Kernel: `gso_size`.
    public var segmentByteCount: UInt16 = 0
    /// From where on the checksum is computed.
    ///
    /// Kernel: `csum_start`.
    public var checksumStart: UInt16 = 0
    /// Where behind ``checksumStart`` the checksum goes.
    ///
    /// Kernel: `csum_offset`.
    public var checksumOffset: UInt16 = 0
    /// Over how many buffers the packet is spread; where the header has 12 bytes, and not used here.
    ///
    /// Kernel: `num_buffers`.
    public var bufferCount: UInt16 = 0

    /// A finished packet.
    public init() {}

    /// What is known of a checksum.
    public struct Flags: OptionSet, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt8
        /// Takes any number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// It must be computed.
        public static var needsChecksum: Self { Self(rawValue: 1) }  // VIRTIO_NET_HDR_F_NEEDS_CSUM
        /// It was checked and is right.
        public static var isValid: Self { Self(rawValue: 2) }  // VIRTIO_NET_HDR_F_DATA_VALID
        /// The fields of the checksum count merged segments instead.
        public static var countsSegments: Self { Self(rawValue: 4) }  // VIRTIO_NET_HDR_F_RSC_INFO
        /// That of the outer header of a UDP tunnel must be computed too.
        public static var needsOuterChecksum: Self { Self(rawValue: 8) }  // VIRTIO_NET_HDR_F_UDP_TUNNEL_CSUM
    }

    /// Into what a long packet is to be cut.
    public struct Segmentation: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt8
        /// Takes any number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Nothing.
        public static var none: Self { Self(rawValue: 0) }  // VIRTIO_NET_HDR_GSO_NONE
        /// TCP segments over IPv4.
        public static var tcp4: Self { Self(rawValue: 1) }  // VIRTIO_NET_HDR_GSO_TCPV4
        /// Fragments of a UDP datagram.
        public static var udpFragments: Self { Self(rawValue: 3) }  // VIRTIO_NET_HDR_GSO_UDP
        /// TCP segments over IPv6.
        public static var tcp6: Self { Self(rawValue: 4) }  // VIRTIO_NET_HDR_GSO_TCPV6
        /// UDP datagrams.
        public static var udp: Self { Self(rawValue: 5) }  // VIRTIO_NET_HDR_GSO_UDP_L4

        /// The same with congestion notification in the first segment only.
        public var notifyingCongestion: Self { Self(rawValue: rawValue | Self.congestion) }
        private static let congestion: UInt8 = 0x80  // VIRTIO_NET_HDR_GSO_ECN
    }

    init(_ span: RawSpan) throws(DecodeError) {
        flags = Flags(rawValue: try span.load(at: 0, as: UInt8.self))  // struct virtio_net_hdr_v1.flags
        let type = try span.load(at: 1, as: UInt8.self)  // struct virtio_net_hdr_v1.gso_type
        segmentation = Segmentation(rawValue: type)
        headerByteCount = try span.load(at: 2, as: UInt16.self)  // struct virtio_net_hdr_v1.hdr_len
        segmentByteCount = try span.load(at: 4, as: UInt16.self)  // struct virtio_net_hdr_v1.gso_size
        checksumStart = try span.load(at: 6, as: UInt16.self)  // struct virtio_net_hdr_v1.csum_start
        checksumOffset = try span.load(at: 8, as: UInt16.self)  // struct virtio_net_hdr_v1.csum_offset
        guard span.byteCount >= Self.countedByteCount else { return }
        bufferCount = try span.load(at: 10, as: UInt16.self)  // struct virtio_net_hdr_v1.num_buffers
    }

    func encode(into bytes: inout HeaderBuffer, _ layout: PacketLayout) {
        bytes.store(flags.rawValue, at: 0)  // struct virtio_net_hdr_v1.flags
        bytes.store(segmentation.rawValue, at: 1)  // struct virtio_net_hdr_v1.gso_type
        bytes.store(headerByteCount, at: 2)  // struct virtio_net_hdr_v1.hdr_len
        bytes.store(segmentByteCount, at: 4)  // struct virtio_net_hdr_v1.gso_size
        bytes.store(checksumStart, at: 6)  // struct virtio_net_hdr_v1.csum_start
        bytes.store(checksumOffset, at: 8)  // struct virtio_net_hdr_v1.csum_offset
        guard layout.offloadHeaderByteCount >= Self.countedByteCount else { return }
        bytes.store(bufferCount, at: 10)  // struct virtio_net_hdr_v1.num_buffers
    }
}

extension HeaderBuffer {
    /// The bytes in front of a packet, made up for one that is written.
    init(_ layout: PacketLayout, _ information: PacketInformation?, _ offload: OffloadHeader?, of packet: RawSpan) {
        self.init()
        if layout.hasInformation { (information ?? PacketInformation(describing: packet)).encode(into: &self) }
        guard let offload, layout.offloadHeaderByteCount > 0 else { return }
        base = layout.informationByteCount
        offload.encode(into: &self, layout)
    }
}
