// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// The source and destination realm of a route.
///
/// Kernel: `RTA_FLOW`: the source in the upper half.
public struct RouteRealms: Hashable, Sendable {
    /// The realm of sources; 0 for none.
    public var source: UInt16
    /// The realm of destinations.
    public var destination: UInt16

    /// Names both realms.
    public init(source: UInt16 = 0, destination: UInt16) {
        self.source = source
        self.destination = destination
    }

    init(rawValue: UInt32) {
        source = UInt16(truncatingIfNeeded: rawValue >> 16)
        destination = UInt16(truncatingIfNeeded: rawValue)
    }

    var rawValue: UInt32 { UInt32(source) << 16 | UInt32(destination) }
}

/// How packets are wrapped, as the kernel's bytes.
///
/// Kernel: `RTA_ENCAP_TYPE`, `u16`, and `RTA_ENCAP`.
public struct RawEncapsulation: Hashable, Sendable {
    /// The kind, `LWTUNNEL_ENCAP_*`.
    public var type: UInt16
    /// The contents of the nest.
    public var data: [UInt8]

    /// Names a kind with its bytes.
    public init(type: UInt16, data: [UInt8]) {
        self.type = type
        self.data = data
    }
}

/// A gateway of any family, as the kernel's bytes.
///
/// Kernel: `struct rtvia`.
public struct RawVia: Hashable, Sendable {
    /// The family.
    public var family: AddressFamily
    /// The address.
    public var address: [UInt8]

    /// Names a gateway.
    public init(family: AddressFamily, address: [UInt8]) {
        self.family = family
        self.address = address
    }

    /// A gateway as IP address where it is one.
    var ipAddress: IPAddress? {
        get throws(DecodeError) {
            guard family == .ipv4 && address.count == 4 || family == .ipv6 && address.count == 16 else { return nil }
            return try address.rawSpan.ipAddress()
        }
    }

    init(_ span: RawSpan) throws(DecodeError) {
        let number = try span.load(at: 0, as: UInt16.self)  // struct rtvia.rtvia_family
        family = AddressFamily(rawValue: UInt8(truncatingIfNeeded: number))
        address = span.bytes(from: 2).array
    }

    func encode<ID: AttributeID>(_ id: ID, into writer: inout MessageWriter) {
        var family = UInt16(family.rawValue)
        var bytes: [UInt8] = []
        for _ in 0..<2 {
            #if _endian(little)
            bytes.append(UInt8(truncatingIfNeeded: family))
            family >>= 8
            #else
            bytes.append(UInt8(truncatingIfNeeded: family >> 8))
            family <<= 8
            #endif
        }
        writer.put(id, bytes + address)
    }
}

/// How a route was used and how long it lives.
///
/// Kernel: `RTA_CACHEINFO`, `struct rta_cacheinfo`; times in clock ticks of a hundredth of a second.
public struct RouteCacheInformation: Hashable, Sendable {
    /// How many use it.
    public var references: UInt32 = 0
    /// Ticks since it was used.
    public var lastUse: UInt32 = 0
    /// Ticks until it goes away; negative when it has, 0 for never.
    public var expires: Int32 = 0
    /// The error that packets get, as a positive number.
    public var error: UInt32 = 0
    /// How often it was used.
    public var used: UInt32 = 0
    /// Identification of the peer.
    public var id: UInt32 = 0
    /// Time stamp of the peer.
    public var timestamp: UInt32 = 0
    /// Age of that time stamp.
    public var timestampAge: UInt32 = 0

    /// Never used.
    public init() {}

    init(_ span: RawSpan) throws(DecodeError) {
        references = try span.load(at: 0, as: UInt32.self)  // struct rta_cacheinfo.rta_clntref
        lastUse = try span.load(at: 4, as: UInt32.self)  // struct rta_cacheinfo.rta_lastuse
        expires = try span.load(at: 8, as: Int32.self)  // struct rta_cacheinfo.rta_expires
        error = try span.load(at: 12, as: UInt32.self)  // struct rta_cacheinfo.rta_error
        used = try span.load(at: 16, as: UInt32.self)  // struct rta_cacheinfo.rta_used
        guard span.byteCount >= 32 else { return }
        id = try span.load(at: 20, as: UInt32.self)  // struct rta_cacheinfo.rta_id
        timestamp = try span.load(at: 24, as: UInt32.self)  // struct rta_cacheinfo.rta_ts
        timestampAge = try span.load(at: 28, as: UInt32.self)  // struct rta_cacheinfo.rta_tsage
    }
}

/// Counters of a multicast route.
///
/// Kernel: `RTA_MFC_STATS`, `struct rta_mfc_stats`.
public struct MulticastRouteStatistics: Hashable, Sendable {
    /// Packets forwarded.
    public var packets: UInt64
    /// Bytes forwarded.
    public var bytes: UInt64
    /// Packets that came in by a wrong link.
    public var wrongInterface: UInt64

    init(_ span: RawSpan) throws(DecodeError) {
        packets = try span.load(at: 0, as: UInt64.self)  // struct rta_mfc_stats.mfcs_packets
        bytes = try span.load(at: 8, as: UInt64.self)  // struct rta_mfc_stats.mfcs_bytes
        wrongInterface = try span.load(at: 16, as: UInt64.self)  // struct rta_mfc_stats.mfcs_wrong_if
    }
}
