// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// Where packets to a destination go.
///
/// ```swift
/// var route = Route(to: "10.0.0.0/8", via: "192.0.2.1")
/// route.metric = 100
/// try connection.add(route)
/// ```
///
/// What makes two routes the same to the kernel: IPv4 table, destination, type of service and metric; IPv6 table,
/// destination, metric and next hop.
///
/// Kernel: `RTM_NEWROUTE`, `struct rtmsg` and `RTA_*`. A route takes 88 bytes: what most routes have is inside, the rest
/// in one shared box.
public struct Route: Hashable, Sendable {
    /// The address family.
    ///
    /// Kernel: `rtm_family`.
    public var family: AddressFamily
    var destinationLength: UInt8 = 0
    /// The type of service for which the route is meant; 0 for any.
    ///
    /// Kernel: `rtm_tos`.
    public var typeOfService: UInt8 = 0
    /// Who put it there.
    ///
    /// Kernel: `rtm_protocol`.
    public var origin = RoutingProtocol.unspecified
    var scopeNumber: UInt8 = 0
    /// What it does with packets.
    ///
    /// Kernel: `rtm_type`.
    public var type = RouteType.unicast
    var routerPreference: UInt8 = 0
    var present = Presence()
    /// Flags of the route and of its only next hop.
    ///
    /// Kernel: `rtm_flags`.
    public var flags: RouteFlags = []
    /// The table that holds it.
    ///
    /// Kernel: `RTA_TABLE`, `u32`.
    public var table = RoutingTable.main
    var outputIndex: UInt32 = 0
    var priority: UInt32 = 0
    var packedDestination = PackedAddress()
    var packedGateway = PackedAddress()
    var packedSource = PackedAddress()
    var rare: RareRouteFields?

    /// Which of the packed fields are there.
    struct Presence: OptionSet, Hashable, Sendable {
        let rawValue: UInt16
        static var output: Self { Self(rawValue: 1) }
        static var priority: Self { Self(rawValue: 2) }
        static var gateway: Self { Self(rawValue: 4) }
        static var gatewayIsV6: Self { Self(rawValue: 8) }
        static var preferredSource: Self { Self(rawValue: 16) }
        static var preference: Self { Self(rawValue: 32) }
        static var zeroCache: Self { Self(rawValue: 64) }
        static var destination: Self { Self(rawValue: 128) }
        static var sourceIsV6: Self { Self(rawValue: 256) }
        static var scope: Self { Self(rawValue: 512) }
    }

    /// A route of a family, to everywhere until told otherwise.
    public init(family: AddressFamily) { self.family = family }

    /// A route to a destination by way of a gateway, which may be of the other family.
    public init(to destination: IPPrefix, via gateway: IPAddress? = nil, on output: InterfaceIndex? = nil) {
        self.init(family: destination.family)
        self.destination = destination
        self.gateway = gateway
        self.output = output
    }

    /// Where it leads, to everywhere with length 0.
    ///
    /// Nil for families that have no IP destinations.
    ///
    /// Kernel: `RTA_DST` and `rtm_dst_len`; the default route has no `RTA_DST`.
    public var destination: IPPrefix? {
        get {
            guard family == .ipv4 || family == .ipv6 else { return nil }
            return IPPrefix(packedDestination.address(isV6: family == .ipv6), length: Int(destinationLength))
        }
        set {
            guard let newValue else { return setDestination(nil, 0) }
            family = newValue.family
            setDestination(newValue.address, newValue.length)
        }
    }

    private mutating func setDestination(_ address: IPAddress?, _ length: UInt8) {
        packedDestination = address.map { PackedAddress($0) } ?? PackedAddress()
        destinationLength = length
        present.set(.destination, length > 0)
    }

    /// Whether it leads everywhere.
    public var isDefault: Bool { destinationLength == 0 }

    /// How far away the destinations are.
    ///
    /// Unless set it follows from the rest, as with `ip route`: of IPv4 routes, local ones have ``RouteScope/host``, those
    /// to neighbours without a gateway, broadcast and multicast ones ``RouteScope/link``, all others
    /// ``RouteScope/universe``. IPv6 knows no scopes. When a route is removed, one that is not set matches any.
    ///
    /// Kernel: `rtm_scope`.
    public var scope: RouteScope {
        get { present.contains(.scope) ? RouteScope(rawValue: scopeNumber) : scopeByType }
        set {
            scopeNumber = newValue.rawValue
            present.insert(.scope)
        }
    }

    private var scopeByType: RouteScope {
        guard family == .ipv4 else { return .universe }
        switch type {
        case .local, .nat: return .host
        case .broadcast, .multicast, .anycast: return .link
        case .unicast: break
        default: return .universe
        }
        // A route to neighbours is one by which the kernel finds gateways.
        let isDirect =
            !present.contains(.gateway) && (rare == nil || nextHops.isEmpty && nextHopID == nil && via == nil)
        return isDirect ? .link : .universe
    }

    /// The router on the way, of either family.
    ///
    /// Kernel: `RTA_GATEWAY`, or `RTA_VIA` for the other family; since Linux 5.2 for IPv4 routes.
    public var gateway: IPAddress? {
        get { present.contains(.gateway) ? packedGateway.address(isV6: present.contains(.gatewayIsV6)) : nil }
        set {
            packedGateway = newValue.map { PackedAddress($0) } ?? PackedAddress()
            present.set(.gateway, newValue != nil)
            present.set(.gatewayIsV6, newValue?.family == .ipv6)
        }
    }

    /// The source address that packets get when they have none yet.
    ///
    /// Kernel: `RTA_PREFSRC`.
    public var preferredSource: IPAddress? {
        get { present.contains(.preferredSource) ? packedSource.address(isV6: present.contains(.sourceIsV6)) : nil }
        set {
            packedSource = newValue.map { PackedAddress($0) } ?? PackedAddress()
            present.set(.preferredSource, newValue != nil)
            present.set(.sourceIsV6, newValue?.family == .ipv6)
        }
    }

    /// The link that packets leave by.
    ///
    /// Kernel: `RTA_OIF`, `u32`.
    public var output: InterfaceIndex? {
        get { present.contains(.output) ? InterfaceIndex(rawValue: Int32(bitPattern: outputIndex)) : nil }
        set {
            outputIndex = newValue.map { UInt32(bitPattern: $0.rawValue) } ?? 0
            present.set(.output, newValue != nil)
        }
    }

    /// Of routes to the same destination the one with the least metric is taken.
    ///
    /// Kernel: `RTA_PRIORITY`, `u32`.
    public var metric: UInt32? {
        get { present.contains(.priority) ? priority : nil }
        set {
            priority = newValue ?? 0
            present.set(.priority, newValue != nil)
        }
    }

    /// How the router is preferred; IPv6.
    ///
    /// Kernel: `RTA_PREF`, `u8`.
    public var preference: RouterPreference? {
        get { present.contains(.preference) ? RouterPreference(rawValue: routerPreference) : nil }
        set {
            routerPreference = newValue?.rawValue ?? 0
            present.set(.preference, newValue != nil)
        }
    }
}

extension OptionSet {
    /// Inserts or removes an option.
    mutating func set(_ option: Element, _ isOn: Bool) {
        if isOn { insert(option) } else { remove(option) }
    }
}
