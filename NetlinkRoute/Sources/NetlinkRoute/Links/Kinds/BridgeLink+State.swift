// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

extension BridgeLink {
    /// What the kernel reports about a bridge and nobody can set.
    public struct State: Hashable, Sendable {
        /// The root of the spanning tree.
        ///
        /// Kernel: `IFLA_BR_ROOT_ID`.
        public var root: BridgeIdentifier?
        /// This bridge in the spanning tree.
        ///
        /// Kernel: `IFLA_BR_BRIDGE_ID`.
        public var identifier: BridgeIdentifier?
        /// The port that leads to the root; 0 on the root itself.
        ///
        /// Kernel: `IFLA_BR_ROOT_PORT`, `u16`.
        public var rootPort: UInt16?
        /// What the path to the root costs.
        ///
        /// Kernel: `IFLA_BR_ROOT_PATH_COST`, `u32`.
        public var rootPathCost: UInt32?
        /// Whether the topology is changing.
        ///
        /// Kernel: `IFLA_BR_TOPOLOGY_CHANGE`, `u8`.
        public var isTopologyChanging: Bool?
        /// Whether this bridge found that the topology changed.
        ///
        /// Kernel: `IFLA_BR_TOPOLOGY_CHANGE_DETECTED`, `u8`.
        public var isTopologyChangeDetected: Bool?
        /// What is left until the next hello.
        ///
        /// Kernel: `IFLA_BR_HELLO_TIMER`, `u64` in hundredths of a second.
        public var helloTimer: Duration?
        /// What is left until a topology change is told again.
        ///
        /// Kernel: `IFLA_BR_TCN_TIMER`, `u64` in hundredths of a second.
        public var topologyChangeNotificationTimer: Duration?
        /// What is left of a topology change.
        ///
        /// Kernel: `IFLA_BR_TOPOLOGY_CHANGE_TIMER`, `u64` in hundredths of a second.
        public var topologyChangeTimer: Duration?
        /// What is left until old addresses are removed.
        ///
        /// Kernel: `IFLA_BR_GC_TIMER`, `u64` in hundredths of a second.
        public var garbageCollectionTimer: Duration?
        /// How many addresses are learned.
        ///
        /// Kernel: `IFLA_BR_FDB_N_LEARNED`, `u32`.
        public var learnedAddressCount: UInt32?
        /// The multicast querier that was heard over IPv4.
        ///
        /// Kernel: `IFLA_BR_MCAST_QUERIER_STATE`; since Linux 5.15.
        public var ipv4Querier: Querier?
        /// The multicast querier that was heard over IPv6.
        ///
        /// Kernel: `IFLA_BR_MCAST_QUERIER_STATE`; since Linux 5.15.
        public var ipv6Querier: Querier?

        /// Nothing reported.
        public init() {}
    }

    /// A multicast querier that a bridge heard.
    public struct Querier: Hashable, Sendable {
        /// Its address.
        public var address: IPAddress?
        /// The port at which it was heard; nil for the bridge itself.
        public var port: InterfaceIndex?
        /// What is left until it is taken to be gone.
        public var remaining: Duration?
    }
}

/// A bridge in a spanning tree.
///
/// Kernel: `struct ifla_bridge_id`.
public struct BridgeIdentifier: Hashable, Sendable {
    /// The priority; the least wins.
    public var priority: UInt16
    /// The address, which decides between equal priorities.
    public var address: HardwareAddress

    init(_ span: RawSpan) throws(DecodeError) {
        priority = UInt16(bigEndian: try span.load(at: 0, as: UInt16.self))  // struct ifla_bridge_id.prio
        guard span.byteCount >= 8, let address = HardwareAddress(bytes: span.bytes(from: 2, count: 6)) else {
            throw DecodeError(.truncated, expected: 8, actual: span.byteCount)
        }
        self.address = address
    }
}

extension BridgeLink.State {
    mutating func decode(_ attribute: borrowing Attribute<BridgeAttribute>) throws(DecodeError) -> Bool {
        switch attribute.id {
        case .root: root = try BridgeIdentifier(attribute.payload)
        case .identifier: identifier = try BridgeIdentifier(attribute.payload)
        case .rootPort: rootPort = try attribute.integer()
        case .rootPathCost: rootPathCost = try attribute.integer()
        case .isTopologyChanging: isTopologyChanging = try attribute.integer(UInt8.self) != 0
        case .isTopologyChangeDetected: isTopologyChangeDetected = try attribute.integer(UInt8.self) != 0
        case .helloTimer: helloTimer = try attribute.duration(UInt64.self, in: .centiseconds(1))
        case .topologyChangeNotificationTimer:
            topologyChangeNotificationTimer = try attribute.duration(UInt64.self, in: .centiseconds(1))
        case .topologyChangeTimer: topologyChangeTimer = try attribute.duration(UInt64.self, in: .centiseconds(1))
        case .garbageCollectionTimer: garbageCollectionTimer = try attribute.duration(UInt64.self, in: .centiseconds(1))
        case .learnedAddressCount: learnedAddressCount = try attribute.integer()
        case .querierState: try decodeQueriers(attribute.nested())
        case .padding: break
        default: return false
        }
        return true
    }

    private mutating func decodeQueriers(
        _ reader: consuming AttributeReader<BridgeQuerierAttribute>
    ) throws(DecodeError) {
        var four = BridgeLink.Querier()
        var six = BridgeLink.Querier()
        while let attribute = try reader.next() {
            switch attribute.id {
            case .ipv4Address: four.address = .v4(try attribute.ipv4())
            case .ipv4Port: four.port = InterfaceIndex(rawValue: try attribute.integer())
            case .ipv4Timer: four.remaining = try attribute.duration(UInt64.self, in: .centiseconds(1))
            case .ipv6Address: six.address = .v6(try attribute.ipv6())
            case .ipv6Port: six.port = InterfaceIndex(rawValue: try attribute.integer())
            case .ipv6Timer: six.remaining = try attribute.duration(UInt64.self, in: .centiseconds(1))
            default: break
            }
        }
        ipv4Querier = four == BridgeLink.Querier() ? nil : four
        ipv6Querier = six == BridgeLink.Querier() ? nil : six
    }
}

/// Attributes inside `IFLA_BR_MCAST_QUERIER_STATE`.
struct BridgeQuerierAttribute: AttributeID {
    let rawValue: UInt16

    static var ipv4Address: Self { Self(rawValue: 1) }  // BRIDGE_QUERIER_IP_ADDRESS
    static var ipv4Port: Self { Self(rawValue: 2) }  // BRIDGE_QUERIER_IP_PORT
    static var ipv4Timer: Self { Self(rawValue: 3) }  // BRIDGE_QUERIER_IP_OTHER_TIMER
    static var padding: Self { Self(rawValue: 4) }  // BRIDGE_QUERIER_PAD
    static var ipv6Address: Self { Self(rawValue: 5) }  // BRIDGE_QUERIER_IPV6_ADDRESS
    static var ipv6Port: Self { Self(rawValue: 6) }  // BRIDGE_QUERIER_IPV6_PORT
    static var ipv6Timer: Self { Self(rawValue: 7) }  // BRIDGE_QUERIER_IPV6_OTHER_TIMER
}
