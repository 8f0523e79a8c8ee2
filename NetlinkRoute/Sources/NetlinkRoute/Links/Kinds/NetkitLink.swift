// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// One end of a virtual cable whose packets programs decide about.
///
/// ```swift
/// try connection.add(Link(name: "nk0", kind: NetkitLink(peer: Link(name: "nk1"))))
/// ```
///
/// Both ends are made and removed together. The kernel names the other end where ``peer`` is nil, and later reports it
/// as ``Link/parent`` only, so that a link that was read has no peer here. Since Linux 6.7.
///
/// Kernel: kind `netkit`.
public struct NetkitLink: LinkKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "netkit" }

    /// Whether packets are IP packets or Ethernet frames; IP packets unless set.
    ///
    /// Only settable when made.
    ///
    /// Kernel: `IFLA_NETKIT_MODE`, `u32`.
    public var mode: Mode?
    /// What becomes of packets at this end where no program is attached; they pass unless set.
    ///
    /// Kernel: `IFLA_NETKIT_POLICY`, `u32`.
    public var policy: Policy?
    /// What is cleared from packets that leave this end; only settable when made.
    ///
    /// Since Linux 6.13.
    ///
    /// Kernel: `IFLA_NETKIT_SCRUB`, `u32`.
    public var scrub: Scrub?
    /// The bytes kept free in front of packets; only settable when made.
    ///
    /// Since Linux 6.14.
    ///
    /// Kernel: `IFLA_NETKIT_HEADROOM`, `u16`.
    public var headroom: UInt16?
    /// The bytes kept free behind packets; only settable when made.
    ///
    /// Since Linux 6.14.
    ///
    /// Kernel: `IFLA_NETKIT_TAILROOM`, `u16`.
    public var tailroom: UInt16?
    /// Whether there is another end; only settable when made.
    ///
    /// Kernel: `IFLA_NETKIT_PAIRING`, `u32`.
    public var pairing: Pairing?
    /// ``policy-swift.property`` at the other end.
    ///
    /// Kernel: `IFLA_NETKIT_PEER_POLICY`, `u32`.
    public var peerPolicy: Policy?
    /// ``scrub-swift.property`` at the other end; only settable when made.
    ///
    /// Since Linux 6.13.
    ///
    /// Kernel: `IFLA_NETKIT_PEER_SCRUB`, `u32`.
    public var peerScrub: Scrub?
    /// The other end, to be made with this one: its name, addresses, MTU and the like; never reported.
    ///
    /// Kernel: `IFLA_NETKIT_PEER_INFO`, `struct ifinfomsg` and `IFLA_*`.
    public var peer: Link?
    /// The namespace in which the other end is made; where this end is unless set.
    ///
    /// Kernel: `IFLA_NET_NS_FD` or `IFLA_NET_NS_PID` inside `IFLA_NETKIT_PEER_INFO`.
    public var peerTarget: LinkTarget

    /// What the kernel only reports; never sent.
    public var state = State()
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A cable, of whose other end something may be said.
    public init(peer: Link? = nil, in peerTarget: LinkTarget = LinkTarget()) {
        self.peer = peer
        self.peerTarget = peerTarget
    }

    /// What the kernel reports about an end and nobody can set.
    public struct State: Hashable, Sendable {
        /// Whether this is the end that was made first; only there can options be changed.
        ///
        /// Kernel: `IFLA_NETKIT_PRIMARY`, `u8`.
        public var isPrimary: Bool?

        /// Nothing reported.
        public init() {}
    }

    /// What a cable carries.
    ///
    /// Kernel: `enum netkit_mode`, `u32`.
    public struct Mode: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt32
        /// Takes any number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Ethernet frames.
        public static var l2: Self { Self(rawValue: 0) }  // NETKIT_L2
        /// IP packets.
        public static var l3: Self { Self(rawValue: 1) }  // NETKIT_L3
    }

    /// What becomes of packets where no program is attached.
    ///
    /// Kernel: `enum netkit_action`, `u32`.
    public struct Policy: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt32
        /// Takes any number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// They pass.
        public static var forward: Self { Self(rawValue: 0) }  // NETKIT_PASS
        /// They are dropped.
        public static var blackhole: Self { Self(rawValue: 2) }  // NETKIT_DROP
    }

    /// What is cleared from packets that leave for another namespace.
    ///
    /// Kernel: `enum netkit_scrub`, `u32`.
    public struct Scrub: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt32
        /// Takes any number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Nothing; programs may clear mark and priority.
        public static var none: Self { Self(rawValue: 0) }  // NETKIT_SCRUB_NONE
        /// Mark and priority.
        public static var normal: Self { Self(rawValue: 1) }  // NETKIT_SCRUB_DEFAULT
    }

    /// Whether a cable has another end.
    ///
    /// Kernel: `enum netkit_pairing`, `u32`.
    public struct Pairing: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt32
        /// Takes any number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// It has.
        public static var pair: Self { Self(rawValue: 0) }  // NETKIT_DEVICE_PAIR
        /// It has none.
        public static var single: Self { Self(rawValue: 1) }  // NETKIT_DEVICE_SINGLE
    }

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(NetkitAttribute.self) }

    /// The same without what the kernel only reports.
    public var settings: NetkitLink {
        var copy = self
        copy.state = State()
        return copy
    }

    /// Reads the options.
    public init(decoding data: RawSpan) throws(DecodeError) {
        peerTarget = LinkTarget()
        var reader = AttributeReader<NetkitAttribute>(data)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .mode: mode = Mode(rawValue: try attribute.integer())
            case .policy: policy = Policy(rawValue: try attribute.integer())
            case .scrub: scrub = Scrub(rawValue: try attribute.integer())
            case .headroom: headroom = try attribute.integer()
            case .tailroom: tailroom = try attribute.integer()
            case .pairing: pairing = Pairing(rawValue: try attribute.integer())
            case .peerPolicy: peerPolicy = Policy(rawValue: try attribute.integer())
            case .peerScrub: peerScrub = Scrub(rawValue: try attribute.integer())
            case .isPrimary: state.isPrimary = try attribute.integer(UInt8.self) != 0
            default: unknown.keep(attribute)
            }
        }
    }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: NetkitLink?) {
        writer.put(NetkitAttribute.mode, mode, changing: base?.mode)
        writer.put(NetkitAttribute.policy, policy, changing: base?.policy)
        writer.put(NetkitAttribute.scrub, scrub, changing: base?.scrub)
        writer.put(NetkitAttribute.headroom, headroom, changing: base?.headroom)
        writer.put(NetkitAttribute.tailroom, tailroom, changing: base?.tailroom)
        writer.put(NetkitAttribute.pairing, pairing, changing: base?.pairing)
        writer.put(NetkitAttribute.peerPolicy, peerPolicy, changing: base?.peerPolicy)
        writer.put(NetkitAttribute.peerScrub, peerScrub, changing: base?.peerScrub)
        if peer != base?.peer || peerTarget != base?.peerTarget ?? LinkTarget() {
            encodePeer(NetkitAttribute.peer, peer, in: peerTarget, into: &writer)
        }
        if base == nil { writer.put(unknown) }
    }

    /// What the kernel gives back: without the peer.
    public var reported: NetkitLink {
        var copy = self
        copy.peer = nil
        copy.peerTarget = LinkTarget()
        return copy
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        if let peer { validation.include("peer") { () throws(NetlinkError) in try peer.validate() } }
        try validation.finish(operation: "netkit link")
    }
}

/// Attributes of one end of a cable whose packets programs decide about.
struct NetkitAttribute: AttributeID {
    let rawValue: UInt16

    static var mode: Self { Self(rawValue: 5) }  // IFLA_NETKIT_MODE
    static var policy: Self { Self(rawValue: 3) }  // IFLA_NETKIT_POLICY
    static var scrub: Self { Self(rawValue: 6) }  // IFLA_NETKIT_SCRUB
    static var headroom: Self { Self(rawValue: 8) }  // IFLA_NETKIT_HEADROOM
    static var tailroom: Self { Self(rawValue: 9) }  // IFLA_NETKIT_TAILROOM
    static var pairing: Self { Self(rawValue: 10) }  // IFLA_NETKIT_PAIRING
    static var peerPolicy: Self { Self(rawValue: 4) }  // IFLA_NETKIT_PEER_POLICY
    static var peerScrub: Self { Self(rawValue: 7) }  // IFLA_NETKIT_PEER_SCRUB
    static var peer: Self { Self(rawValue: 1) }  // IFLA_NETKIT_PEER_INFO
    static var isPrimary: Self { Self(rawValue: 2) }  // IFLA_NETKIT_PRIMARY
}
