// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// The options that a link has as a port of a bond; they are ``Link/portKind``.
///
/// The kernel takes them from links that are ports already: make the link a port first, then change them.
///
/// Kernel: `IFLA_INFO_SLAVE_KIND` `bond`, `IFLA_INFO_SLAVE_DATA`.
public struct BondPort: LinkKind {
    /// The kernel's name of the kind.
    public static var kindName: String { "bond" }

    /// The queue that leads to this port; 0 for none.
    ///
    /// No two ports have the same.
    ///
    /// Kernel: `IFLA_BOND_SLAVE_QUEUE_ID`, `u16`.
    public var queueID: UInt16?
    /// The priority when another port is chosen, the greatest wins; 0 unless set.
    ///
    /// In modes that use one port. Since Linux 6.0.
    ///
    /// Kernel: `IFLA_BOND_SLAVE_PRIO`, `s32`.
    public var priority: Int32?
    /// The port's priority in 802.3ad; 255 unless set.
    ///
    /// Since Linux 6.18.
    ///
    /// Kernel: `IFLA_BOND_SLAVE_ACTOR_PORT_PRIO`, `u16`.
    public var actorPortPriority: UInt16?

    /// What the kernel only reports; never sent.
    public var state = State()
    /// What this library does not model.
    public var unknown = UnknownAttributes()

    /// A port of which nothing is set.
    public init() {}

    /// What the kernel reports about a port and nobody can set.
    public struct State: Hashable, Sendable {
        /// Whether the port is in use.
        ///
        /// Kernel: `IFLA_BOND_SLAVE_STATE`, `u8`.
        public var role: BondPort.Role?
        /// What monitoring says about the link.
        ///
        /// Kernel: `IFLA_BOND_SLAVE_MII_STATUS`, `u8`.
        public var linkStatus: BondPort.LinkStatus?
        /// How often the link failed.
        ///
        /// Kernel: `IFLA_BOND_SLAVE_LINK_FAILURE_COUNT`, `u32`.
        public var linkFailureCount: UInt32?
        /// The hardware address that the link had before it became a port.
        ///
        /// Kernel: `IFLA_BOND_SLAVE_PERM_HWADDR`, bytes.
        public var permanentAddress: HardwareAddress?
        /// The aggregator to which the port belongs in 802.3ad.
        ///
        /// Kernel: `IFLA_BOND_SLAVE_AD_AGGREGATOR_ID`, `u16`.
        public var aggregatorID: UInt16?
        /// This end's state in 802.3ad, a bit for each part of it.
        ///
        /// Kernel: `IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE`, `u8`.
        public var actorPortState: UInt8?
        /// The partner's state in 802.3ad, a bit for each part of it.
        ///
        /// Kernel: `IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE`, `u16`.
        public var partnerPortState: UInt16?
        /// Whether this end cannot agree with its partner in 802.3ad.
        ///
        /// Kernel: `IFLA_BOND_SLAVE_AD_CHURN_ACTOR_STATE`, `u8`.
        public var actorChurn: BondPort.ChurnState?
        /// Whether the partner cannot agree with this end in 802.3ad.
        ///
        /// Kernel: `IFLA_BOND_SLAVE_AD_CHURN_PARTNER_STATE`, `u8`.
        public var partnerChurn: BondPort.ChurnState?

        /// Nothing reported.
        public init() {}
    }

    /// Whether a bond's port is in use.
    ///
    /// Kernel: `BOND_STATE_*`, `u8`.
    public struct Role: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt8
        /// Takes any number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// In use.
        public static var active: Self { Self(rawValue: 0) }  // BOND_STATE_ACTIVE
        /// In wait.
        public static var backup: Self { Self(rawValue: 1) }  // BOND_STATE_BACKUP
    }

    /// What monitoring says about a port's link.
    ///
    /// Kernel: `BOND_LINK_*`, `u8`.
    public struct LinkStatus: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt8
        /// Takes any number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Up.
        public static var up: Self { Self(rawValue: 0) }  // BOND_LINK_UP
        /// Just gone down.
        public static var goingDown: Self { Self(rawValue: 1) }  // BOND_LINK_FAIL
        /// Down.
        public static var down: Self { Self(rawValue: 2) }  // BOND_LINK_DOWN
        /// Just come back.
        public static var goingUp: Self { Self(rawValue: 3) }  // BOND_LINK_BACK
    }

    /// Whether one end of a port's link cannot agree with the other in 802.3ad.
    ///
    /// Kernel: `IFLA_BOND_SLAVE_AD_CHURN_ACTOR_STATE`, `IFLA_BOND_SLAVE_AD_CHURN_PARTNER_STATE`, `u8`.
    public struct ChurnState: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt8
        /// Takes any number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Not known yet.
        public static var monitoring: Self { Self(rawValue: 0) }
        /// Cannot agree.
        public static var churning: Self { Self(rawValue: 1) }
        /// Agrees.
        public static var none: Self { Self(rawValue: 2) }
    }

    /// The names of the options.
    public static var schema: AttributeSchema? { AttributeSchema(BondPortAttribute.self) }

    /// The same without what the kernel only reports.
    public var settings: BondPort {
        var copy = self
        copy.state = State()
        return copy
    }

    /// Reads the options.
    public init(decoding data: RawSpan) throws(DecodeError) {
        var reader = AttributeReader<BondPortAttribute>(data)
        while let attribute = try reader.next() {
            switch attribute.id {
            case .queueID: queueID = try attribute.integer()
            case .priority: priority = try attribute.integer()
            case .actorPortPriority: actorPortPriority = try attribute.integer()
            default: if try !state.decode(attribute) { unknown.keep(attribute) }
            }
        }
    }

    /// Writes what is set and differs from the base.
    public func encode(into writer: inout MessageWriter, changing base: BondPort?) {
        writer.put(BondPortAttribute.queueID, queueID, changing: base?.queueID)
        writer.put(BondPortAttribute.priority, priority, changing: base?.priority)
        writer.put(BondPortAttribute.actorPortPriority, actorPortPriority, changing: base?.actorPortPriority)
        if base == nil { writer.put(unknown) }
    }
}

extension BondPort.State {
    mutating func decode(_ attribute: borrowing Attribute<BondPortAttribute>) throws(DecodeError) -> Bool {
        switch attribute.id {
        case .role: role = BondPort.Role(rawValue: try attribute.integer())
        case .linkStatus: linkStatus = BondPort.LinkStatus(rawValue: try attribute.integer())
        case .linkFailureCount: linkFailureCount = try attribute.integer()
        case .permanentAddress: permanentAddress = HardwareAddress(bytes: attribute.payload)
        case .aggregatorID: aggregatorID = try attribute.integer()
        case .actorPortState: actorPortState = try attribute.integer()
        case .partnerPortState: partnerPortState = try attribute.integer()
        case .actorChurn: actorChurn = BondPort.ChurnState(rawValue: try attribute.integer())
        case .partnerChurn: partnerChurn = BondPort.ChurnState(rawValue: try attribute.integer())
        default: return false
        }
        return true
    }
}

/// Attributes of a bond's port.
struct BondPortAttribute: AttributeID {
    let rawValue: UInt16

    static var role: Self { Self(rawValue: 1) }  // IFLA_BOND_SLAVE_STATE
    static var linkStatus: Self { Self(rawValue: 2) }  // IFLA_BOND_SLAVE_MII_STATUS
    static var linkFailureCount: Self { Self(rawValue: 3) }  // IFLA_BOND_SLAVE_LINK_FAILURE_COUNT
    static var permanentAddress: Self { Self(rawValue: 4) }  // IFLA_BOND_SLAVE_PERM_HWADDR
    static var queueID: Self { Self(rawValue: 5) }  // IFLA_BOND_SLAVE_QUEUE_ID
    static var aggregatorID: Self { Self(rawValue: 6) }  // IFLA_BOND_SLAVE_AD_AGGREGATOR_ID
    static var actorPortState: Self { Self(rawValue: 7) }  // IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE
    static var partnerPortState: Self { Self(rawValue: 8) }  // IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE
    static var priority: Self { Self(rawValue: 9) }  // IFLA_BOND_SLAVE_PRIO
    static var actorPortPriority: Self { Self(rawValue: 10) }  // IFLA_BOND_SLAVE_ACTOR_PORT_PRIO
    static var actorChurn: Self { Self(rawValue: 11) }  // IFLA_BOND_SLAVE_AD_CHURN_ACTOR_STATE
    static var partnerChurn: Self { Self(rawValue: 12) }  // IFLA_BOND_SLAVE_AD_CHURN_PARTNER_STATE
}
