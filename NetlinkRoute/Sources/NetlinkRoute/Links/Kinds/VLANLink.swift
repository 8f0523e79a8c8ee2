// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A virtual LAN on another link, told apart by the tag in each frame.
///
/// The link below is ``Link/parent``.
///
/// ```swift
/// try connection.add(Link(name: "eth0.7", kind: VLANLink(id: 7)), on: "eth0")
/// ```
///
/// Kernel: kind `vlan`.
public struct VLANLink: LinkKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "vlan" }

    /// The tag, 0...4094.
    ///
    /// Kernel: `IFLA_VLAN_ID`, `u16`.
    public var id: UInt16?
    /// The tag protocol; 802.1Q unless set.
    ///
    /// Kernel: `IFLA_VLAN_PROTOCOL`, `u16`, big-endian.
    public var protocolType: VLANProtocol?
    /// Flags and which of them are meant.
    ///
    /// Kernel: `IFLA_VLAN_FLAGS`, `struct ifla_vlan_flags`.
    public var flags: Flags?
    /// Which priority of a received tag becomes which priority of the packet.
    ///
    /// Kernel: `IFLA_VLAN_INGRESS_QOS`.
    public var ingressPriorities: [PriorityMapping] = []
    /// Which priority of a packet becomes which priority in the tag.
    ///
    /// Kernel: `IFLA_VLAN_EGRESS_QOS`.
    public var egressPriorities: [PriorityMapping] = []
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A VLAN with a tag.
    public init(id: UInt16) { self.id = id }

    /// Flags of a VLAN link and which of them are meant.
    public struct Flags: Hashable, Sendable {
        /// The flags that are set.
        public var value: FlagSet
        /// The flags that are meant.
        public var mask: FlagSet

        /// Flags among those meant.
        public init(value: FlagSet, mask: FlagSet) {
            self.value = value
            self.mask = mask
        }
    }

    /// What a VLAN link can be told to do.
    public struct FlagSet: OptionSet, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt32
        /// Takes any number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Move the Ethernet header so that the tag is gone.
        public static var reorderHeader: Self { Self(rawValue: 1) }  // VLAN_FLAG_REORDER_HDR
        /// Register the tag by GVRP.
        public static var gvrp: Self { Self(rawValue: 2) }  // VLAN_FLAG_GVRP
        /// Do not follow the state of the link below.
        public static var looseBinding: Self { Self(rawValue: 4) }  // VLAN_FLAG_LOOSE_BINDING
        /// Register the tag by MVRP.
        public static var mvrp: Self { Self(rawValue: 8) }  // VLAN_FLAG_MVRP
        /// Follow the state of the bridge ports that are members.
        public static var bridgeBinding: Self { Self(rawValue: 16) }  // VLAN_FLAG_BRIDGE_BINDING

        /// All of these.
        static var all: Self { [.reorderHeader, .gvrp, .looseBinding, .mvrp, .bridgeBinding] }
    }

    /// One entry of a priority map.
    public struct PriorityMapping: Hashable, Sendable {
        /// The priority looked for.
        public var from: UInt32
        /// The priority it becomes.
        public var to: UInt32

        /// Maps one priority to another.
        public init(from: UInt32, to: UInt32) {
            self.from = from
            self.to = to
        }
    }

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(VLANAttribute.self) }

    /// Reads the options.
    public init(decoding data: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<VLANAttribute>(data)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .id: id = try attribute.integer()
            case .protocolType: protocolType = VLANProtocol(rawValue: try attribute.bigEndian())
            case .flags:
                let value = try attribute.payload.load(at: 0, as: UInt32.self)  // struct ifla_vlan_flags.flags
                let mask = try attribute.payload.load(at: 4, as: UInt32.self)  // struct ifla_vlan_flags.mask
                // The kernel reports a mask of all bits, and refuses one with bits that it does not know.
                let known = FlagSet.all.union(FlagSet(rawValue: value))
                flags = Flags(value: FlagSet(rawValue: value), mask: FlagSet(rawValue: mask).intersection(known))
            case .ingressPriorities: ingressPriorities = try Self.mappings(attribute.nested())
            case .egressPriorities: egressPriorities = try Self.mappings(attribute.nested())
            default: unknown.keep(attribute)
            }
        }
    }

    private static func mappings(
        _ reader: consuming AttributeReader<VLANPriorityAttribute>
    ) throws(DecodeError) -> [PriorityMapping] {
        var mappings: [PriorityMapping] = []
        while let attribute = try reader.next() {
            guard attribute.id == .mapping else { continue }
            let from = try attribute.payload.load(at: 0, as: UInt32.self)  // struct ifla_vlan_qos_mapping.from
            let to = try attribute.payload.load(at: 4, as: UInt32.self)  // struct ifla_vlan_qos_mapping.to
            mappings.append(PriorityMapping(from: from, to: to))
        }
        return mappings
    }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: VLANLink?) {
        writer.put(
            VLANAttribute.protocolType, bigEndian: protocolType?.rawValue, changing: base?.protocolType?.rawValue)
        writer.put(VLANAttribute.id, id, changing: base?.id)
        encode(ingressPriorities, .ingressPriorities, changing: base?.ingressPriorities, into: &writer)
        encode(egressPriorities, .egressPriorities, changing: base?.egressPriorities, into: &writer)
        encodeFlags(into: &writer, changing: base?.flags)
        if base == nil { writer.put(unknown) }
    }

    private func encodeFlags(into writer: inout MessageWriter, changing base: Flags?) {
        guard let flags else { return }
        var mask = flags.mask
        // Only what differs is meant, so that a change of another flag by somebody else stays.
        if let base { mask.subtract(base.mask.subtracting(flags.value.symmetricDifference(base.value))) }
        guard !mask.isEmpty else { return }
        writer.put(VLANAttribute.flags, structure: 8) { structure in
            structure.store(flags.value.intersection(mask).rawValue, at: 0)  // struct ifla_vlan_flags.flags
            structure.store(mask.rawValue, at: 4)  // struct ifla_vlan_flags.mask
        }
    }

    private func encode(
        _ mappings: [PriorityMapping], _ id: VLANAttribute, changing base: [PriorityMapping]?,
        into writer: inout MessageWriter
    ) {
        guard !mappings.isEmpty, mappings != base else { return }
        writer.nest(id, marked: false) { writer in
            for mapping in mappings {
                writer.put(VLANPriorityAttribute.mapping, structure: 8) { structure in
                    structure.store(mapping.from, at: 0)  // struct ifla_vlan_qos_mapping.from
                    structure.store(mapping.to, at: 4)  // struct ifla_vlan_qos_mapping.to
                }
            }
        }
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        if let id, id > 4094 { validation.add("id", "id \(id) is above 4094") }
        try validation.finish(operation: "vlan link")
    }
}

/// The protocol that marks a VLAN tag.
///
/// Kernel: an Ethernet protocol number.
public struct VLANProtocol: RawRepresentable, Hashable, Sendable {
    /// The kernel's number.
    public let rawValue: UInt16
    /// Takes any number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Customer tags.
    public static var dot1Q: Self { Self(rawValue: 0x8100) }  // ETH_P_8021Q
    /// Service tags.
    public static var dot1AD: Self { Self(rawValue: 0x88a8) }  // ETH_P_8021AD
}

/// Attributes of a VLAN link.
struct VLANAttribute: AttributeID {
    let rawValue: UInt16
    static var id: Self { Self(rawValue: 1) }  // IFLA_VLAN_ID
    static var flags: Self { Self(rawValue: 2) }  // IFLA_VLAN_FLAGS
    // Nest: VLANPriorityAttribute
    static var egressPriorities: Self { Self(rawValue: 3) }  // IFLA_VLAN_EGRESS_QOS
    // Nest: VLANPriorityAttribute
    static var ingressPriorities: Self { Self(rawValue: 4) }  // IFLA_VLAN_INGRESS_QOS
    static var protocolType: Self { Self(rawValue: 5) }  // IFLA_VLAN_PROTOCOL
}

struct VLANPriorityAttribute: AttributeID {
    let rawValue: UInt16
    static var mapping: Self { Self(rawValue: 1) }  // IFLA_VLAN_QOS_MAPPING
}
