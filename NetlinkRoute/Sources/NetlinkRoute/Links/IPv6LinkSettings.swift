// SPDX-License-Identifier: Apache-2.0

public import NetlinkCore

/// What is set on a link for IPv6.
///
/// Kernel: `AF_INET6` inside `IFLA_AF_SPEC`.
public struct IPv6LinkSettings: Hashable, Sendable {
    /// How link-local addresses are made.
    ///
    /// Kernel: `IFLA_INET6_ADDR_GEN_MODE`, `u8`; since Linux 3.17.
    public var addressGenerationMode: AddressGenerationMode?
    /// The lower half of addresses made from advertised prefixes, in place of the hardware address; `::` takes it away.
    ///
    /// Kernel: `IFLA_INET6_TOKEN`, 16 bytes; `::` is reported for none, and then nil here.
    public var token: IPv6Address?
    /// What this library does not model.
    public var unknown = UnknownAttributes()
    /// What the kernel only reports; never sent.
    public var state = State()

    /// Nothing set.
    public init() {}

    /// How link-local addresses are made.
    ///
    /// Kernel: `enum in6_addr_gen_mode`, `u8`.
    public struct AddressGenerationMode: RawRepresentable, Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt8
        /// Takes any number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// From the hardware address.
        public static var eui64: Self { Self(rawValue: 0) }  // IN6_ADDR_GEN_MODE_EUI64
        /// None are made.
        public static var none: Self { Self(rawValue: 1) }  // IN6_ADDR_GEN_MODE_NONE
        /// From the secret that was set.
        public static var stablePrivacy: Self { Self(rawValue: 2) }  // IN6_ADDR_GEN_MODE_STABLE_PRIVACY
        /// From a secret that the kernel makes when none was set.
        public static var random: Self { Self(rawValue: 3) }  // IN6_ADDR_GEN_MODE_RANDOM
    }

    /// What the kernel reports about IPv6 on a link and nobody can set this way.
    public struct State: Hashable, Sendable {
        /// What router discovery has done, as the kernel's bits.
        ///
        /// Kernel: `IFLA_INET6_FLAGS`, `u32`.
        public var flags: UInt32?
        /// The options, which are also files below `/proc/sys/net/ipv6/conf` and set there.
        ///
        /// Kernel: `IFLA_INET6_CONF`, an array of `s32`.
        public var options = LinkOptions<IPv6LinkOption>()
        /// Limits and times.
        ///
        /// Kernel: `IFLA_INET6_CACHEINFO`.
        public var cache: Cache?
        /// The MTU in the last router advertisement; since Linux 5.15.
        ///
        /// Kernel: `IFLA_INET6_RA_MTU`, `u32`.
        public var advertisedMTU: UInt32?
        /// Counters of packets, the first of which is their number; absent when statistics were left out.
        ///
        /// Kernel: `IFLA_INET6_STATS`, an array of `u64` in the order of `IPSTATS_MIB_*`.
        public var counters: [UInt64] = []
        /// Counters of ICMP messages, the first of which is their number; absent when statistics were left out.
        ///
        /// Kernel: `IFLA_INET6_ICMP6STATS`, an array of `u64` in the order of `ICMP6_MIB_*`.
        public var icmpCounters: [UInt64] = []

        /// Nothing reported.
        public init() {}
    }

    /// Limits and times of IPv6 on a link.
    ///
    /// Kernel: `struct ifla_cacheinfo`.
    public struct Cache: Hashable, Sendable {
        /// The longest packet that is put together, in bytes.
        public var maximumReassembly: UInt32
        /// When the settings were last changed, counted from the start of the machine; within 497 days.
        public var changed: Duration
        /// How long a neighbour counts as reachable.
        public var reachableTime: Duration
        /// How long to wait before soliciting a neighbour again.
        public var retransmissionTime: Duration

        init(_ span: RawSpan) throws(DecodeError) {
            maximumReassembly = try span.load(at: 0, as: UInt32.self)  // struct ifla_cacheinfo.max_reasm_len
            let stamp = try span.load(at: 4, as: UInt32.self)  // struct ifla_cacheinfo.tstamp
            let reachable = try span.load(at: 8, as: UInt32.self)  // struct ifla_cacheinfo.reachable_time
            let retransmission = try span.load(at: 12, as: UInt32.self)  // struct ifla_cacheinfo.retrans_time
            changed = .centiseconds(stamp)
            reachableTime = .milliseconds(reachable)
            retransmissionTime = .milliseconds(retransmission)
        }
    }

    init(_ reader: consuming AttributeReader<IPv6FamilyAttribute>) throws(DecodeError) {
        while let attribute = try reader.next() {
            switch attribute.id {
            case .addressGenerationMode:
                addressGenerationMode = AddressGenerationMode(rawValue: try attribute.integer())
            case .token:
                let address = try attribute.ipv6()
                token = address.isUnspecified ? nil : address
            default: if try !state.decode(attribute) { unknown.keep(attribute) }
            }
        }
    }

    func encode(into writer: inout MessageWriter, changing base: IPv6LinkSettings?) {
        writer.put(IPv6FamilyAttribute.token, token, changing: base?.token)
        writer.put(
            IPv6FamilyAttribute.addressGenerationMode, addressGenerationMode, changing: base?.addressGenerationMode)
        if base == nil { writer.put(unknown) }
    }
}

extension IPv6LinkSettings.State {
    fileprivate mutating func decode(
        _ attribute: borrowing Attribute<IPv6FamilyAttribute>
    ) throws(DecodeError) -> Bool {
        switch attribute.id {
        case .flags: flags = try attribute.integer()
        case .options: options = LinkOptions(attribute.payload, first: 0)
        case .cache: cache = try IPv6LinkSettings.Cache(attribute.payload)
        case .advertisedMTU: advertisedMTU = try attribute.integer()
        case .counters: counters = Self.counters(attribute.payload)
        case .icmpCounters: icmpCounters = Self.counters(attribute.payload)
        default: return false
        }
        return true
    }

    private static func counters(_ span: RawSpan) -> [UInt64] {
        var counters: [UInt64] = []
        counters.append(integersOf: span)
        return counters
    }
}

/// Attributes of a link for IPv6.
struct IPv6FamilyAttribute: AttributeID {
    let rawValue: UInt16

    static var flags: Self { Self(rawValue: 1) }  // IFLA_INET6_FLAGS
    static var options: Self { Self(rawValue: 2) }  // IFLA_INET6_CONF
    static var counters: Self { Self(rawValue: 3) }  // IFLA_INET6_STATS
    static var multicast: Self { Self(rawValue: 4) }  // IFLA_INET6_MCAST
    static var cache: Self { Self(rawValue: 5) }  // IFLA_INET6_CACHEINFO
    static var icmpCounters: Self { Self(rawValue: 6) }  // IFLA_INET6_ICMP6STATS
    static var token: Self { Self(rawValue: 7) }  // IFLA_INET6_TOKEN
    static var addressGenerationMode: Self { Self(rawValue: 8) }  // IFLA_INET6_ADDR_GEN_MODE
    static var advertisedMTU: Self { Self(rawValue: 9) }  // IFLA_INET6_RA_MTU
}
