// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// A virtual router: its ports are routed by a table of their own.
///
/// A link becomes a port by having it as ``Link/master``.
///
/// Kernel: kind `vrf`.
public struct VRFLink: LinkKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "vrf" }

    /// The routing table, from 1 on; only settable when made.
    ///
    /// Kernel: `IFLA_VRF_TABLE`, `u32`.
    public var table: UInt32?
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A virtual router with its table.
    public init(table: UInt32) { self.table = table }

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(VRFAttribute.self) }

    /// Reads the options.
    public init(decoding data: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<VRFAttribute>(data)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .table: table = try attribute.integer()
            default: unknown.keep(attribute)
            }
        }
    }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: VRFLink?) {
        writer.put(VRFAttribute.table, table, changing: base?.table)
        if base == nil { writer.put(unknown) }
    }

    /// Says what the kernel would refuse, before anything is sent.
    public func validate() throws(NetlinkError) {
        var validation = Validation()
        if table == 0 { validation.add("table", "table 0 is no table") }
        try validation.finish(operation: "vrf link")
    }
}

/// What a link has as a port of a virtual router; it is ``Link/portKind``.
///
/// Kernel: `IFLA_INFO_SLAVE_KIND` `vrf`, `IFLA_INFO_SLAVE_DATA`.
public struct VRFPort: LinkKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "vrf" }

    /// What the kernel only reports; never sent.
    public var state = State()
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// What the kernel reports about a port and nobody can set.
    public struct State: Hashable, Sendable {
        /// The master's routing table.
        ///
        /// Kernel: `IFLA_VRF_PORT_TABLE`, `u32`.
        public var table: UInt32?

        /// Nothing reported.
        public init() {}
    }

    /// A port of which nothing is known.
    public init() {}

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(VRFPortAttribute.self) }

    /// Reads the options.
    public init(decoding data: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<VRFPortAttribute>(data)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .table: state.table = try attribute.integer()
            default: unknown.keep(attribute)
            }
        }
    }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: VRFPort?) {
        if base == nil { writer.put(unknown) }
    }

    /// The same without what the kernel only reports.
    public var settings: VRFPort {
        var copy = self
        copy.state = State()
        return copy
    }
}

/// Attributes of a virtual router.
struct VRFAttribute: AttributeID {
    let rawValue: UInt16

    static var table: Self { Self(rawValue: 1) }  // IFLA_VRF_TABLE
}

/// Attributes of a virtual router's port.
struct VRFPortAttribute: AttributeID {
    let rawValue: UInt16

    static var table: Self { Self(rawValue: 1) }  // IFLA_VRF_PORT_TABLE
}
