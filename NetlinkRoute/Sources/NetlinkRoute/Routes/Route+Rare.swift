// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What few routes have, in one box that copies of a route share.
struct RareRouteFields: Hashable, Sendable {
    /// The fields; the box is never changed while shared.
    struct Fields: Hashable, Sendable {
        var source: IPPrefix?
        var input: InterfaceIndex?
        var mark: UInt32?
        var realms: RouteRealms?
        var metrics: RouteMetrics?
        var nextHops: [NextHop] = []
        var nextHopID: UInt32?
        var encapsulation: RawEncapsulation?
        var via: RawVia?
        var expires: UInt32?
        var user: UInt32?
        var ttlPropagation: Bool?
        var newDestination: [UInt8]?
        var ipProtocol: UInt8?
        var sourcePort: UInt16?
        var destinationPort: UInt16?
        var flowLabel: UInt32?
        var rawDestination: [UInt8]?
        var cache: RouteCacheInformation?
        var multicastStatistics: MulticastRouteStatistics?
        var unknown = UnknownAttributes()
    }

    private final class Box: Sendable {
        let fields: Fields
        init(_ fields: Fields) { self.fields = fields }
    }

    private var box: Box

    init(_ fields: Fields) { box = Box(fields) }

    var fields: Fields { box.fields }
    // One field without a copy of all.
    subscript<T>(_ path: KeyPath<Fields, T>) -> T { box.fields[keyPath: path] }

    static func == (a: Self, b: Self) -> Bool { a.box === b.box || a.fields == b.fields }
    func hash(into hasher: inout Hasher) { hasher.combine(fields) }
}

extension Route {
    private static let noFields = RareRouteFields.Fields()

    func rareValue<T>(_ path: KeyPath<RareRouteFields.Fields, T>) -> T {
        rare?[path] ?? Self.noFields[keyPath: path]
    }

    mutating func setRare<T: Equatable>(_ path: WritableKeyPath<RareRouteFields.Fields, T>, _ value: T) {
        var fields = rare?.fields ?? Self.noFields
        guard fields[keyPath: path] != value else { return }
        fields[keyPath: path] = value
        rare = fields == Self.noFields ? nil : RareRouteFields(fields)
    }

    /// The source prefix for which the route is meant; IPv6 with subtrees, and lookups.
    ///
    /// Kernel: `RTA_SRC`, `rtm_src_len`.
    public var source: IPPrefix? {
        get { rareValue(\.source) }
        set { setRare(\.source, newValue) }
    }
    /// The link by which packets come in; lookups and multicast.
    ///
    /// Kernel: `RTA_IIF`, `u32`.
    public var input: InterfaceIndex? {
        get { rareValue(\.input) }
        set { setRare(\.input, newValue) }
    }
    /// The mark with which a lookup was made.
    ///
    /// Kernel: `RTA_MARK`, `u32`.
    public var mark: UInt32? {
        get { rareValue(\.mark) }
        set { setRare(\.mark, newValue) }
    }
    /// The realms that traffic control's route filter sees.
    ///
    /// Kernel: `RTA_FLOW`, `u32`.
    public var realms: RouteRealms? {
        get { rareValue(\.realms) }
        set { setRare(\.realms, newValue) }
    }
    /// Transport settings for connections over this route.
    ///
    /// Kernel: `RTA_METRICS`.
    public var metrics: RouteMetrics? {
        get { rareValue(\.metrics) }
        set { setRare(\.metrics, newValue) }
    }
    /// The next hops among which traffic is shared; empty when there is only one, described by ``gateway`` and ``output``.
    ///
    /// Kernel: `RTA_MULTIPATH`.
    public var nextHops: [NextHop] {
        get { rareValue(\.nextHops) }
        set { setRare(\.nextHops, newValue) }
    }
    /// The next hop object or group that is used; since Linux 5.3.
    ///
    /// Kernel: `RTA_NH_ID`, `u32`.
    public var nextHopID: UInt32? {
        get { rareValue(\.nextHopID) }
        set { setRare(\.nextHopID, newValue) }
    }
    /// What packets are wrapped into.
    ///
    /// Kernel: `RTA_ENCAP_TYPE`, `RTA_ENCAP`.
    public var encapsulation: RawEncapsulation? {
        get { rareValue(\.encapsulation) }
        set { setRare(\.encapsulation, newValue) }
    }
    /// A gateway of a family other than IPv4 and IPv6.
    ///
    /// Kernel: `RTA_VIA`, `struct rtvia`.
    public var via: RawVia? {
        get { rareValue(\.via) }
        set { setRare(\.via, newValue) }
    }
    /// After how many seconds the route goes away; IPv6.
    ///
    /// Kernel: `RTA_EXPIRES`, `u32`, only in requests; the time left is in ``cache``.
    public var expires: UInt32? {
        get { rareValue(\.expires) }
        set { setRare(\.expires, newValue) }
    }
    /// The user for whom a lookup was made.
    ///
    /// Kernel: `RTA_UID`, `u32`.
    public var user: UInt32? {
        get { rareValue(\.user) }
        set { setRare(\.user, newValue) }
    }
    /// Whether MPLS copies the hop count of packets.
    ///
    /// Kernel: `RTA_TTL_PROPAGATE`, `u8`.
    public var ttlPropagation: Bool? {
        get { rareValue(\.ttlPropagation) }
        set { setRare(\.ttlPropagation, newValue) }
    }
    /// The labels that replace the destination's; MPLS, as the kernel's bytes.
    ///
    /// Kernel: `RTA_NEWDST`.
    public var newDestination: [UInt8]? {
        get { rareValue(\.newDestination) }
        set { setRare(\.newDestination, newValue) }
    }
    /// The transport protocol for which a lookup was made.
    ///
    /// Kernel: `RTA_IP_PROTO`, `u8`.
    public var ipProtocol: UInt8? {
        get { rareValue(\.ipProtocol) }
        set { setRare(\.ipProtocol, newValue) }
    }
    /// The source port for which a lookup was made.
    ///
    /// Kernel: `RTA_SPORT`, `u16`, big-endian.
    public var sourcePort: UInt16? {
        get { rareValue(\.sourcePort) }
        set { setRare(\.sourcePort, newValue) }
    }
    /// The destination port for which a lookup was made.
    ///
    /// Kernel: `RTA_DPORT`, `u16`, big-endian.
    public var destinationPort: UInt16? {
        get { rareValue(\.destinationPort) }
        set { setRare(\.destinationPort, newValue) }
    }
    /// The IPv6 flow label for which a lookup was made; since Linux 6.14.
    ///
    /// Kernel: `RTA_FLOWLABEL`, `u32`, big-endian.
    public var flowLabel: UInt32? {
        get { rareValue(\.flowLabel) }
        set { setRare(\.flowLabel, newValue) }
    }
    /// The destination in a family without IP addresses, as the kernel's bytes.
    ///
    /// Setting an MPLS label sets the length of the destination, which is always 20 bits.
    ///
    /// Kernel: `RTA_DST`.
    public var rawDestination: [UInt8]? {
        get { rareValue(\.rawDestination) }
        set {
            setRare(\.rawDestination, newValue)
            if family == .mpls { destinationLength = newValue == nil ? 0 : 20 }
        }
    }
    /// How the route was used, and how long it lives; never sent.
    ///
    /// Kernel: `RTA_CACHEINFO`.
    public var cache: RouteCacheInformation? {
        get { rareValue(\.cache) ?? (present.contains(.zeroCache) ? RouteCacheInformation() : nil) }
        set {
            let isZero = newValue == RouteCacheInformation()
            present.set(.zeroCache, isZero)
            setRare(\.cache, isZero ? nil : newValue)
        }
    }
    /// Counters of a multicast route; never sent.
    ///
    /// Kernel: `RTA_MFC_STATS`.
    public var multicastStatistics: MulticastRouteStatistics? {
        get { rareValue(\.multicastStatistics) }
        set { setRare(\.multicastStatistics, newValue) }
    }
    /// What this library does not model.
    public var unknown: UnknownAttributes {
        get { rareValue(\.unknown) }
        set { setRare(\.unknown, newValue) }
    }
}
