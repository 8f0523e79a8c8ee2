// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A link with IP addresses of its own, and the hardware address of its ``Link/parent``.
///
/// All links on one parent have the same mode. It must not be given a hardware address.
///
/// Kernel: kind `ipvlan`.
public struct IPVLANLink: LinkKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "ipvlan" }

    /// How packets pass between the links on one parent; ``Mode/l3`` unless set.
    ///
    /// Kernel: `IFLA_IPVLAN_MODE`, `u16`.
    public var mode: Mode?
    /// With whom the link can talk; with all on its parent unless set.
    ///
    /// Kernel: `IFLA_IPVLAN_FLAGS`, `u16`.
    public var flags: Flags?
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A link with a mode, or with the kernel's.
    public init(mode: Mode? = nil) { self.mode = mode }

    /// How packets pass between the links on one parent.
    ///
    /// Kernel: `enum ipvlan_mode`, `u16`.
    public struct Mode: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt16
        /// Takes any number.
        public init(rawValue: UInt16) { self.rawValue = rawValue }

        /// Switched, with broadcasts.
        public static var l2: Self { Self(rawValue: 0) }  // IPVLAN_MODE_L2
        /// Routed by the parent's namespace, without broadcasts.
        public static var l3: Self { Self(rawValue: 1) }  // IPVLAN_MODE_L3
        /// Routed likewise, and seen by the parent's netfilter.
        public static var l3s: Self { Self(rawValue: 2) }  // IPVLAN_MODE_L3S
    }

    /// With whom a link can talk; an empty set says with all on its parent.
    ///
    /// Kernel: `IPVLAN_F_*`, `u16`.
    public struct Flags: OptionSet, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt16
        /// Takes any number.
        public init(rawValue: UInt16) { self.rawValue = rawValue }

        /// With no other link on the parent.
        public static var isolated: Self { Self(rawValue: 1) }  // IPVLAN_F_PRIVATE
        /// With others on the parent by way of a switch outside.
        public static var vepa: Self { Self(rawValue: 2) }  // IPVLAN_F_VEPA
    }

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(IPVLANAttribute.self) }

    /// Reads the options.
    public init(decoding data: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<IPVLANAttribute>(data)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .mode: mode = Mode(rawValue: try attribute.integer())
            case .flags: flags = Flags(rawValue: try attribute.integer())
            default: unknown.keep(attribute)
            }
        }
    }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: IPVLANLink?) {
        writer.put(IPVLANAttribute.mode, mode, changing: base?.mode)
        writer.put(IPVLANAttribute.flags, flags, changing: base?.flags)
        if base == nil { writer.put(unknown) }
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        if let flags, flags.contains([.isolated, .vepa]) { validation.add("flags", "isolated and vepa at once") }
        try validation.finish(operation: "ipvlan link")
    }
}

/// Attributes of a link with IP addresses of its own.
struct IPVLANAttribute: AttributeID {
    let rawValue: UInt16

    static var mode: Self { Self(rawValue: 1) }  // IFLA_IPVLAN_MODE
    static var flags: Self { Self(rawValue: 2) }  // IFLA_IPVLAN_FLAGS
}
