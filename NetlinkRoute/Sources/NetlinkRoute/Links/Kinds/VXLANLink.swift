// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A VXLAN tunnel: Ethernet over UDP, to one host, to a multicast group, or to whom the forwarding database says.
///
/// ```swift
/// var tunnel = VXLANLink(id: 42)
/// tunnel.remote = "2001:db8::2"
/// tunnel.port = 4789
/// try connection.add(Link(name: "vx42", kind: tunnel))
/// ```
///
/// Few options can be changed later: the remote address among them, not the identifier.
///
/// Kernel: kind `vxlan`.
public struct VXLANLink: LinkKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "vxlan" }

    /// The other end, or a multicast group of other ends; nil with a forwarding database.
    ///
    /// Kernel: `IFLA_VXLAN_GROUP` or `IFLA_VXLAN_GROUP6`.
    public var remote: IPAddress?
    /// The address from which tunnel packets go; the route's unless set.
    ///
    /// Kernel: `IFLA_VXLAN_LOCAL` or `IFLA_VXLAN_LOCAL6`.
    public var local: IPAddress?
    /// The outer packet's type of service, 1 to take the inner one's; 0 unless set.
    ///
    /// Kernel: `IFLA_VXLAN_TOS`, `u8`.
    public var tos: UInt8?
    /// The outer packet's time to live; 0, for the kernel's choice, unless set.
    ///
    /// Kernel: `IFLA_VXLAN_TTL`, `u8`.
    public var ttl: UInt8?
    /// Whether the outer IPv4 packet may be fragmented; it may unless set.
    ///
    /// Kernel: `IFLA_VXLAN_DF`, `u8`.
    public var fragmentation: Fragmentation?
    /// The outer IPv6 packet's flow label, 0 to 0xfffff; 0 unless set.
    ///
    /// Kernel: `IFLA_VXLAN_LABEL`, `u32`, big-endian.
    public var flowLabel: UInt32?
    /// Where the outer IPv6 packet's flow label comes from; from ``flowLabel`` unless set.
    ///
    /// Since Linux 6.7.
    ///
    /// Kernel: `IFLA_VXLAN_LABEL_POLICY`, `u32`.
    public var flowLabelPolicy: FlowLabelPolicy?
    /// The link over which tunnel packets go, needed for a multicast group; any unless set.
    ///
    /// Kernel: `IFLA_VXLAN_LINK`, `u32`.
    public var device: InterfaceIndex?
    /// Whether the link answers ARP and neighbour solicitations by its own neighbours; off unless set.
    ///
    /// Kernel: `IFLA_VXLAN_PROXY`, `u8`.
    public var isProxy: Bool?
    /// Whether packets to a router are sent to their next hop at once; off unless set.
    ///
    /// Kernel: `IFLA_VXLAN_RSC`, `u8`.
    public var shortCircuitsRoutes: Bool?
    /// Whether unknown hardware addresses are notified; off unless set.
    ///
    /// Kernel: `IFLA_VXLAN_L2MISS`, `u8`.
    public var notifiesAddressMisses: Bool?
    /// Whether unknown addresses are notified; off unless set.
    ///
    /// Kernel: `IFLA_VXLAN_L3MISS`, `u8`.
    public var notifiesRouteMisses: Bool?
    /// How long an address stays in the forwarding database after its last packet; 300 s unless set.
    ///
    /// Kernel: `IFLA_VXLAN_AGEING`, `u32` in seconds.
    public var ageingTime: Duration?
    /// How many addresses the forwarding database holds, 0 for any number; 0 unless set.
    ///
    /// Kernel: `IFLA_VXLAN_LIMIT`, `u32`.
    public var addressLimit: UInt32?
    /// Whether outer IPv4 packets have a UDP checksum; on unless set.
    ///
    /// Kernel: `IFLA_VXLAN_UDP_CSUM`, `u8`.
    public var checksums: Bool?
    /// Whether outer IPv6 packets have no UDP checksum; off unless set.
    ///
    /// Kernel: `IFLA_VXLAN_UDP_ZERO_CSUM6_TX`, `u8`.
    public var omitsIPv6ChecksumsSending: Bool?
    /// Whether outer IPv6 packets without UDP checksum are taken; off unless set.
    ///
    /// Kernel: `IFLA_VXLAN_UDP_ZERO_CSUM6_RX`, `u8`.
    public var allowsIPv6ChecksumsMissing: Bool?
    /// Whether the inner checksum is left to the receiver; off unless set.
    ///
    /// Kernel: `IFLA_VXLAN_REMCSUM_TX`, `u8`.
    public var offloadsChecksumsSending: Bool?
    /// Whether inner checksums that a sender left to us are made; off unless set.
    ///
    /// Kernel: `IFLA_VXLAN_REMCSUM_RX`, `u8`.
    public var offloadsChecksumsReceiving: Bool?
    /// Whether each packet brings its tunnel's parameters, from a route or a filter; off unless set.
    ///
    /// Kernel: `IFLA_VXLAN_COLLECT_METADATA`, `u8`.
    public var isExternal: Bool?
    /// Whether only VNIs of a list are taken, with ``isExternal``; reported only when on.
    ///
    /// Since Linux 5.18.
    ///
    /// Kernel: `IFLA_VXLAN_VNIFILTER`, `u8`.
    public var filtersVNIs: Bool?
    /// Whether packets to this host's own tunnels are handed over at once; on unless set.
    ///
    /// Since Linux 6.5.
    ///
    /// Kernel: `IFLA_VXLAN_LOCALBYPASS`, `u8`.
    public var bypassesLocally: Bool?
    /// The bits of the tunnel header that make a packet be dropped when set; by the other options unless set.
    ///
    /// Since Linux 6.14.
    ///
    /// Kernel: `IFLA_VXLAN_RESERVED_BITS`, `u64`, big-endian.
    public var reservedBits: UInt64?
    /// Whether outer multicast packets are routed by this host as by a multicast router; not reported.
    ///
    /// Since Linux 6.16.
    ///
    /// Kernel: `IFLA_VXLAN_MC_ROUTE`, `u8`.
    public var routesMulticast: Bool?
    /// The network identifier, 0 to 16777215.
    ///
    /// Kernel: `IFLA_VXLAN_ID`, `u32`.
    public var id: UInt32?
    /// Whether addresses are learned from packets that come in; on unless set.
    ///
    /// Kernel: `IFLA_VXLAN_LEARNING`, `u8`.
    public var learns: Bool?
    /// The UDP port of tunnel packets; 8472 unless set, and 4789 is the standard's.
    ///
    /// Kernel: `IFLA_VXLAN_PORT`, `u16`, big-endian.
    public var port: UInt16?
    /// Whether the outer packet's time to live is the inner one's; it can be turned on, not off.
    ///
    /// Kernel: `IFLA_VXLAN_TTL_INHERIT`, sent as a flag, reported as `u8`; since Linux 4.18.
    public var inheritsTTL: Bool?
    /// The UDP ports from which tunnel packets go; by the kernel's range of local ports unless set.
    ///
    /// Kernel: `IFLA_VXLAN_PORT_RANGE`, `struct ifla_vxlan_port_range`, big-endian.
    public var sourcePorts: PortRange?
    /// Whether checksums that a sender left to us are made in place of the outer one; only settable when made.
    ///
    /// Kernel: `IFLA_VXLAN_REMCSUM_NOPARTIAL`, flag.
    public var offloadsChecksumsFully = false
    /// Whether packets carry a group policy; only settable when made.
    ///
    /// Kernel: `IFLA_VXLAN_GBP`, flag.
    public var hasGroupPolicy = false
    /// Whether packets carry the generic protocol extension, which needs ``isExternal``; only settable when made.
    ///
    /// Kernel: `IFLA_VXLAN_GPE`, flag.
    public var hasProtocolExtension = false
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A tunnel with an identifier, or with none where ``isExternal`` is to be set.
    public init(id: UInt32? = nil) { self.id = id }

    /// A range of UDP ports.
    public struct PortRange: Hashable, Sendable {
        /// The first.
        public var low: UInt16
        /// The last.
        public var high: UInt16

        /// Ports from one to another.
        public init(low: UInt16, high: UInt16) {
            self.low = low
            self.high = high
        }
    }

    /// Whether the outer IPv4 packet may be fragmented.
    ///
    /// Kernel: `enum ifla_vxlan_df`, `u8`.
    public struct Fragmentation: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt8
        /// Takes any number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// It may.
        public static var allowed: Self { Self(rawValue: 0) }  // VXLAN_DF_UNSET
        /// It may not.
        public static var forbidden: Self { Self(rawValue: 1) }  // VXLAN_DF_SET
        /// As the inner packet says.
        public static var inherited: Self { Self(rawValue: 2) }  // VXLAN_DF_INHERIT
    }

    /// Where the outer IPv6 packet's flow label comes from.
    ///
    /// Kernel: `enum ifla_vxlan_label_policy`, `u32`.
    public struct FlowLabelPolicy: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt32
        /// Takes any number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// It is always the same.
        public static var fixed: Self { Self(rawValue: 0) }  // VXLAN_LABEL_FIXED
        /// It is the inner packet's.
        public static var inherited: Self { Self(rawValue: 1) }  // VXLAN_LABEL_INHERIT
    }

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(VXLANAttribute.self) }

    /// The same without the receiving checksum offload that is off where ``reservedBits`` are given.
    ///
    /// The kernel takes the bits of that option as used as soon as it is there, on or off, and refuses to reserve them.
    public var settings: VXLANLink {
        var copy = self
        if reservedBits != nil, offloadsChecksumsReceiving == false { copy.offloadsChecksumsReceiving = nil }
        return copy
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        if let id, id > 0xff_ffff { validation.add("id", "id \(id) is above 16777215") }
        if let flowLabel, flowLabel > 0xf_ffff {
            validation.add("flowLabel", "flow label \(flowLabel) is above 1048575")
        }
        if let remote, let local, remote.family != local.family {
            validation.add("remote", "\(remote) and \(local) are of different families")
        }
        if let local, local.isMulticast {
            validation.add("local", "the local address \(local) is a multicast group")
        }
        if let sourcePorts, sourcePorts.low > sourcePorts.high {
            validation.add("sourcePorts", "source ports from \(sourcePorts.low) down to \(sourcePorts.high)")
        }
        try validation.finish(operation: "vxlan link")
    }
}
